"""The views of some articles as they are now: pages that are kept refresh theirs from here."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.models import Article

#: What one request may ask for: more than any page shows. static/articles/js/counts.js knows it.
MOST_ARTICLES = 30
#: Digits of the largest key that a database holds.
_LONGEST = 18


@require_safe
@cache_control(public=True, max_age=60)
def counts(request: HttpRequest) -> HttpResponse:
    """`?ids=3,8` gives `{"3": "1,204 views", …}` in the page's words; public articles only.

    400 for anything that is not a short list of numbers. One query.
    """
    ids = request.GET.get("ids", "").split(",")
    if len(ids) > MOST_ARTICLES or not all(
        one.isascii() and one.isdecimal() and len(one) <= _LONGEST for one in ids
    ):
        return HttpResponseBadRequest()
    found = Article.objects.published().filter(pk__in=ids).for_counts()
    return JsonResponse(
        {
            article.pk: render_to_string("_views.html", {"number": article.views}).strip()
            for article in found
        }
    )
