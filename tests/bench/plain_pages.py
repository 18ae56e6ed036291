"""What `python -m tests.bench.pages` measures kept pages against.

`empty`: a WSGI application that does nothing but answer 12 KB. `application`: the site without its
page cache, with an empty view behind the same middleware, and with Django's own cache of the whole
site where `PER_SITE_CACHE` says so.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.plain_settings")
BODY = b"x" * 12_288


def empty(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(BODY)))])
    return [BODY]


class WithoutCacheControl:
    """Django's cache of a site keeps no page that browsers are to ask for each time."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        del response.headers["Cache-Control"]
        return response


def empty_view(request):
    from django.http import HttpResponse

    return HttpResponse(BODY)


def __getattr__(name):
    if name != "application":
        raise AttributeError(name)
    from newsroom.wsgi import application

    return application
