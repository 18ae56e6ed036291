"""Error pages in the site's own look."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def gone(request: HttpRequest) -> HttpResponse:
    """The answer at the address of a withdrawn story."""
    return render(request, "errors/410.html", status=410)


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without database or context: whatever failed, this must not fail again."""
    return HttpResponse(loader.get_template("errors/500.html").render({}), status=500)
