"""The search page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.conf import conf
from articles.search.plain import search
from articles.views.freshness import PAGE, public


# There are as many pages as words.
@public(PAGE, is_kept=False)
def search_page(request: HttpRequest) -> HttpResponse:
    """Results for `?q=`; one page is enough until ranking exists to make a second worth it."""
    query = request.GET.get("q", "").replace("\x00", " ").strip()[:200]
    size = conf("PAGE_SIZE")
    found = list(search(query).for_listing()[: size + 1]) if query else []
    context = {"query": query, "articles": found[:size], "has_more": len(found) > size}
    return render(request, "search.html", context)
