"""What is read how much now: pages that are kept refresh their numbers and lists from here."""

import re

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.views.pieces import views_of
from articles.views.rankings import ranked_lists

#: What one request may ask for: more than any page shows. static/articles/js/counts.js knows it.
MOST_ARTICLES = 30
#: Digits of the largest key that a database holds.
_LONGEST = 18
#: A section's address; none is the whole site.
_SCOPE = re.compile(r"[-\w]{0,80}", re.ASCII)


@require_safe
@cache_control(public=True, max_age=60)
def counts(request: HttpRequest) -> HttpResponse:
    """`?ids=3,8` gives `{"3": "1,204 views", …}` in the page's words; public articles only.

    With `lists=world` (or `lists=` for the whole site) also `{"lists": …}`: what is read most
    there and what is trending, as the page's own HTML; `ids` may be left out then. 400 for
    anything that is not a short list of numbers or no address. A query for each of both.
    """
    ids = request.GET["ids"].split(",") if "ids" in request.GET else []
    scope = request.GET.get("lists")
    if len(ids) > MOST_ARTICLES or not all(
        one.isascii() and one.isdecimal() and len(one) <= _LONGEST for one in ids
    ):
        return HttpResponseBadRequest()
    if (scope is None and not ids) or (scope is not None and not _SCOPE.fullmatch(scope)):
        return HttpResponseBadRequest()
    found = Article.objects.published(found=True).filter(pk__in=ids).for_counts()
    answer = {str(article.pk): views_of(article.views) for article in found}
    if scope is not None and (rankings := ranked_lists(scope)):
        answer["lists"] = render_to_string("_rankings.html", {"rankings": rankings})
    return JsonResponse(answer)
