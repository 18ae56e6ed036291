"""Addresses never die: whoever follows an old one arrives at today's, in one hop.

Two tables say where an address leads that no page answers: redirects, and the former names of
tags. A page always comes before its past: both are asked only where there is no page.
"""

import posixpath
from collections.abc import Iterable
from datetime import date
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.functions import Substr
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import gettext as _

from articles.models import Article, Author, FormerTagName, Redirect, Section, Tag

#: Nouns with a page and feeds under one address.
OWNERS = {"section": Section, "tag": Tag, "author": Author}
FEED_FILES = ("rss.xml", "atom.xml", "feed.json")
#: A browser strips control characters and takes a backslash for a slash: `/\\host` is a host.
_UNSAFE = frozenset({"\\", "\x7f", *map(chr, range(0x21))})
_MAX_LENGTH = Redirect._meta.get_field("new_path").max_length


# --- what is where -------------------------------------------------------------------------------


def where_now(path: str) -> str | None:
    """Return where an address leads that no page answers: "" is gone, None was never here.

    What lies under a page, such as its feeds, goes where the page went.
    """
    match = _match(path)
    page = _page_over(match) or path
    # Feeds lie below their page; a story's text in Markdown (`….md`) lies beside it.
    is_beside = not path.startswith(page)
    tail = path[len(page) - is_beside :]
    if _kind(match) == "tag":
        slug = match.kwargs["slug"]
        former = _former(slug)
        if former is not None and former.tag.slug != slug:
            return former.tag.get_absolute_url() + tail
    rows = Redirect.objects.filter(old_path__in={path, page})
    leads = {row.old_path: row.new_path for row in rows}
    if path in leads or not leads.get(page):
        return leads.get(path, leads.get(page))
    target = leads[page]
    if _kind(match) == "article" and not _is_at(target, rows, page):
        # A withdrawn story leads to another one: whose versions or text are not what was asked for.
        return target
    along = (target.rstrip("/") if is_beside else target) + tail
    # Led by hand to a page without feeds: the page itself is the next best.
    return along if _page_over(_match(along)) == target else target


def is_page(path: str) -> bool:
    """Whether a door of this site answers at `path`; no redirect may stand there."""
    match = _match(path)
    if match is None:
        # An address without its last slash is answered with the one that has it.
        return not path.endswith("/") and is_page(f"{path}/")
    if match.namespaces != ["articles"]:
        return True
    slug = match.kwargs.get("slug")
    if _kind(match) in OWNERS:
        return OWNERS[_kind(match)]._default_manager.filter(slug=slug).exists()
    if _kind(match) == "article":
        day = _day(match)
        live = Article.objects.filter(status=Article.Status.PUBLISHED, published_on=day)
        return day is not None and live.filter(slug=slug).exists()
    if match.url_name in {"year", "month", "day"}:
        return _day(match) is not None
    if match.url_name == "media":
        try:
            return default_storage.exists(match.kwargs["name"])
        except SuspiciousFileOperation:
            return False
    return True


def article_at(path: str) -> Article | None:
    """Return the article whose address today is `path`, withdrawn ones included."""
    match = _match(path)
    if match is None or match.view_name != "articles:article" or _day(match) is None:
        return None
    return Article.objects.filter(published_on=_day(match), slug=match.kwargs["slug"]).first()


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _kind(match: ResolverMatch | None) -> str:
    """Of which noun it is the page, or lies under it: "tag", "article" …; "" for anything else."""
    if match is None or match.namespaces != ["articles"] or "slug" not in match.kwargs:
        return ""
    return "article" if "day" in match.kwargs else (match.url_name or "").partition("_")[0]


def _page_over(match: ResolverMatch | None) -> str:
    """The address of the page itself; "" for what is not of one noun's."""
    kind = _kind(match)
    if match is None or kind not in {"article", *OWNERS}:
        return ""
    return reverse(f"articles:{kind}", kwargs=match.kwargs)


def _is_at(target: str, rows: Iterable[Redirect], page: str) -> bool:
    """Whether the article that left `page` is the one at `target` today."""
    moved = next(row.article_id for row in rows if row.old_path == page)
    there = article_at(target)
    return there is not None and there.pk == moved


def _former(slug: str) -> FormerTagName | None:
    return FormerTagName.objects.filter(slug=slug).select_related("tag").first()


def _day(match: ResolverMatch) -> date | None:
    parts = match.kwargs
    try:
        return date(parts["year"], parts.get("month", 1), parts.get("day", 1))
    except ValueError:
        return None


# --- addresses that move -------------------------------------------------------------------------


def leave_redirect(old_path: str, new_path: str, article: Article | None = None) -> Redirect | None:
    """Lead `old_path` to the page that moved to `new_path`; None when nothing moved.

    Older redirects to `old_path` lead straight to `new_path`, so that no reader goes through a
    chain; a redirect away from `new_path` is dropped, because a page lives there now.
    """
    if not old_path or not new_path or old_path == new_path:
        return None
    with transaction.atomic():
        drop_redirects(new_path)
        lead_on(old_path, new_path)
        redirect, _created = Redirect.objects.update_or_create(
            old_path=old_path,
            defaults={"new_path": new_path, "article": article, "is_automatic": True},
        )
    return redirect


@transaction.atomic
def leave_gone(*paths: str) -> None:
    """Let addresses whose page is deleted say so."""
    for path in filter(None, paths):
        Redirect.objects.update_or_create(
            old_path=path, defaults={"new_path": "", "article": None, "is_automatic": True}
        )


def drop_redirects(path: str) -> None:
    """A page lives at `path`: no redirect stands there, nor where its feeds are."""
    Redirect.objects.filter(old_path__in=[path, *(path + file for file in FEED_FILES)]).delete()


def lead_on(old_path: str, new_path: str) -> list[str]:
    """Let what leads to the page at `old_path`, or into it, lead to `new_path` instead.

    Returns the addresses that now lead elsewhere. A feed, a query or a fragment goes along to
    an address of this site.
    """
    # Not `startswith`: on SQLite it takes /tag/EU/ for /tag/eu/.
    head = Substr("new_path", 1, len(old_path))
    rows = list(Redirect.objects.annotate(head=head).filter(head=old_path))
    for row in rows:
        rest = row.new_path[len(old_path) :]
        keeps_rest = new_path.startswith("/") and len(new_path + rest) <= _MAX_LENGTH
        row.new_path = new_path + rest if keeps_rest else new_path
    Redirect.objects.bulk_update(rows, ["new_path"], batch_size=200)
    return [row.old_path for row in rows]


def close_address(article: Article, target: str = "") -> None:
    """Make the address of a withdrawn article say "gone", or lead to `target`.

    Older addresses of the article do the same. Raises ValidationError for a target that is the
    article's own page.
    """
    old_path = article.get_absolute_url()
    if place_of(target) == old_path:
        raise ValidationError(_("A withdrawn article cannot lead to itself."))
    if target:
        Redirect.objects.filter(old_path=old_path).delete()
        lead_on(old_path, target)
    article.redirects.update(new_path=target)
    Redirect.objects.update_or_create(
        old_path=old_path,
        defaults={"new_path": target, "article": article, "is_automatic": True},
    )


def open_address(article: Article) -> None:
    """A page lives at the article's address (again): no redirect stands in its way.

    Its older addresses, which a withdrawal may have closed or led elsewhere, lead to it.
    """
    path = article.get_absolute_url()
    Redirect.objects.filter(old_path=path).delete()
    article.redirects.update(new_path=path)


# --- addresses that people type ------------------------------------------------------------------


def place_of(target: str) -> str | None:
    """Return the address of this site that `target` arrives at, without query and fragment.

    None for an address of another site, and for none at all.
    """
    return unquote(urlsplit(target).path) if target.startswith("/") else None


def checked_target(path: str, *, origin: str = "") -> str:
    """Return where a redirect may lead, followed to its end; "" for nowhere.

    origin: the address that will lead there. Raises ValidationError for an address that is no
    page's, or that leads back to `origin`.
    """
    path = path.strip()
    if settings.SITE_URL and path.startswith(f"{settings.SITE_URL}/"):
        path = path.removeprefix(settings.SITE_URL)
    if not path:
        return ""
    if not path.startswith(("/", "https://")) or path.startswith("//") or _UNSAFE & set(path):
        raise ValidationError(_("An address of this site (/…) or https://…"))
    if path.startswith("/"):
        path = _tidy(path)
    if len(path) > _MAX_LENGTH:
        raise ValidationError(_("The address is too long."))
    return _followed(path, origin)


def checked_origin(path: str) -> str:
    """Return an address that may get a redirect. Raises ValidationError where a page lives."""
    path = unquote(path.strip())
    if not path.startswith("/") or path.startswith("//") or _UNSAFE & set(path):
        raise ValidationError(_("An address of this site: it starts with one slash."))
    if set(path) & set("?#") or {".", ".."} & set(path.split("/")):
        raise ValidationError(_("Only the path: without “?”, “#” or dots between slashes."))
    if is_page(path):
        raise ValidationError(_("A page answers at this address: a redirect would never be seen."))
    match = _match(path)
    if _kind(match) == "tag" and (former := _former(match.kwargs["slug"])):
        text = _("This is the former address of the tag “%(tag)s”, and leads there by itself.")
        raise ValidationError(text % {"tag": former.tag})
    return path


@transaction.atomic
def redirect_by_hand(redirect: Redirect) -> Redirect:
    """Keep a redirect that a person typed: checked, without chains, tied to where it leads.

    Led to an article, it follows that article from then on. Raises ValidationError.
    """
    redirect.old_path = checked_origin(redirect.old_path)
    redirect.new_path = checked_target(redirect.new_path, origin=redirect.old_path)
    redirect.article = article_at(place_of(redirect.new_path) or "")
    redirect.is_automatic = False
    if redirect.new_path:
        # Beside the row itself: it may have led into its own target until now.
        Redirect.objects.filter(pk=redirect.pk).update(new_path="")
        lead_on(redirect.old_path, redirect.new_path)
    redirect.save()
    return redirect


def _tidy(path: str) -> str:
    """One spelling for an address: "/a/../%78/" is "/x/"."""
    parts = urlsplit(path)
    place = unquote(parts.path)
    if place.startswith("//") or (_UNSAFE | set("?#%")) & set(place):
        raise ValidationError(_("An address of this site (/…) or https://…"))
    end = "/" if place.endswith(("/", "/.", "/..")) else ""
    place = f"{posixpath.normpath(place).rstrip('/')}{end}" or "/"
    return parts._replace(path=place).geturl()


def _followed(path: str, origin: str) -> str:
    seen = set()
    while (place := place_of(path)) is not None and place not in seen:
        if place == origin:
            raise ValidationError(_("This address leads back to the old one."))
        seen.add(place)
        further = None if is_page(place) else where_now(place)
        if not further:
            break
        path = further
    return path
