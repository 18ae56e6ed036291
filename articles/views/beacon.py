"""The beacon: by this small request a reader's page reports one view."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from articles.readership.counting import count_view, is_person


@never_cache
@csrf_exempt  # Cached pages hold no token, and a forged view changes nothing but a number.
@require_POST
def view(request: HttpRequest, pk: int) -> HttpResponse:
    """204 for a counted view and for one that is none (bot, signed-in staff); 404 if unknown."""
    if not is_person(request.headers.get("User-Agent", "")) or request.user.is_staff:
        return HttpResponse(status=204)
    return HttpResponse(status=204 if count_view(pk) else 404)
