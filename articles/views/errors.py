"""Error pages in the site's own look; whoever is signed in at the desk keeps its frame."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils.translation import gettext as _


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if _is_at_the_desk(request):
        return _desk_page(request, 404, _("This page is not here"))
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if _is_at_the_desk(request):
        return _desk_page(request, 403, _("This is not yours to open"), reason=str(exception))
    return render(request, "403.html", status=403)


def gone(request: HttpRequest) -> HttpResponse:
    """The answer at the address of a withdrawn story."""
    return render(request, "errors/410.html", status=410)


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without database or context: whatever failed, this must not fail again."""
    return HttpResponse(loader.get_template("errors/500.html").render({}), status=500)


def _is_at_the_desk(request: HttpRequest) -> bool:
    if not request.path.startswith(reverse("admin:index")):
        return False
    person = getattr(request, "user", None)
    return person is not None and person.is_staff


def _desk_page(request: HttpRequest, status: int, title: str, reason: str = "") -> HttpResponse:
    context = {**admin.site.each_context(request), "status": status, "title": title}
    return render(request, "admin/not_here.html", {**context, "reason": reason}, status=status)
