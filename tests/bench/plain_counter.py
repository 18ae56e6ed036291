"""What views are measured against: one `F("views") + 1` update of the article's row per request.

A whole site without any middleware and with nothing else to do; granian serves `application`.
Each request has a connection of its own, as Django does by itself; with `KEPT_CONNECTIONS`, they
are kept as Newsroom keeps its own.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

import django

django.setup()

# After the line above: tables are known only now.
from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db.models import F  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

from articles.models import Article  # noqa: E402


def view(request: HttpRequest, pk: int) -> HttpResponse:
    found = Article.objects.filter(pk=pk).update(starting_views=F("starting_views") + 1)
    return HttpResponse(status=204 if found else 404)


urlpatterns = [path("beacon/<int:pk>/", view)]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []
if "KEPT_CONNECTIONS" not in os.environ:
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
    settings.DATABASES["default"]["OPTIONS"].pop("pool", None)
application = WSGIHandler()
