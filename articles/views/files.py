"""Pictures: originals, their renditions (made when first asked for), and the cards of articles.

Only what a picture or an article of today would be shown by is ever made. An address of an earlier
state leads to today's, so that cached pages and other people's copies go on working.
"""

import re
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from articles.models import Article, Image
from articles.models.renditions import KINDS, parse, parse_card
from articles.renditions.making import make_for_reader
from articles.views.freshness import FOREVER

_TYPES = {kind: media_type for kind, (media_type, _name) in KINDS.items()} | {"png": "image/png"}
#: Names that the site itself gives to files; no other one is looked for.
_OWN_NAME = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)*", re.ASCII)
#: A card shows a headline, which may have to go.
_FOR_A_DAY = "public, max-age=86400"
#: Where an address leads today.
_FOR_A_WHILE = "public, max-age=300"
#: A network asks once and keeps what it got: a card is worth waiting for.
_CARD_PATIENCE = 10.0


@require_safe
def picture(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The permanent address of a picture, which texts hold: leads to it as it is now."""
    image = get_object_or_404(Image, uid=uid)
    return _leads_to(image.whole.nearest(1080, "jpg").url)


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of the picture store; a rendition or a card that is not there yet is made."""
    if not _OWN_NAME.fullmatch(name):
        raise Http404
    if parts := parse_card(name):
        return _card(request, name, parts)
    if (parts := parse(name)) and not default_storage.exists(name):
        return _first_time(request, name, parts)
    return _file(request, name, FOREVER.cache_control)


def _first_time(request: HttpRequest, name: str, parts: dict[str, Any]) -> HttpResponseBase:
    image = get_object_or_404(Image, uid=parts["uid"])
    wanted = image.rendition(parts["shape"], int(parts["width"]), parts["kind"])
    if wanted is None:
        raise Http404
    if wanted.name != name:
        if image.version == parts["version"]:
            # A width that this picture is not shown in: nobody was given that address.
            raise Http404
        return _leads_to(wanted.url)
    if make_for_reader(wanted):
        return _file(request, name, FOREVER.cache_control)
    return _leads_to(image.original_address, "no-store")


def _card(request: HttpRequest, name: str, parts: dict[str, Any]) -> HttpResponseBase:
    """The card of a public article; asked every time, since an article may be withdrawn."""
    public = Article.objects.published().select_related("section", "picture")
    card = get_object_or_404(public, uid=parts["uid"]).card
    if card.name != name:
        return _leads_to(card.url)
    if default_storage.exists(name) or make_for_reader(card, _CARD_PATIENCE):
        return _file(request, name, _FOR_A_DAY)
    return _leads_to(static("articles/icons/social.png"), "no-store")


def _leads_to(where: str, keep: str = _FOR_A_WHILE) -> HttpResponseBase:
    response = HttpResponseRedirect(where)
    response.headers["Cache-Control"] = keep
    return response


def _file(request: HttpRequest, name: str, keep: str) -> HttpResponseBase:
    try:
        written_at = int(default_storage.get_modified_time(name).timestamp())
        # Names are content: whoever has the name has the file.
        mark = f'"{name}"'
        response = get_conditional_response(request, mark, written_at) or _whole(name)
    except OSError:
        raise Http404 from None
    response.headers["Cache-Control"] = keep
    response.headers["ETag"] = mark
    response.headers["Last-Modified"] = http_date(written_at)
    return response


def _whole(name: str) -> FileResponse:
    kind = name.rpartition(".")[2]
    file = default_storage.open(name, "rb")
    return FileResponse(file, content_type=_TYPES.get(kind, "application/octet-stream"))
