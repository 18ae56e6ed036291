"""The page behind a preview link."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    raise Http404
