"""What the writing screen looks up: own articles, other sites' pages, topics."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import Resolver404, URLPattern, path, resolve
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from articles.conf import conf
from articles.editorial.addresses import article_at, place_of, where_now
from articles.editorial.roles import may, visible_to
from articles.fetching.web import NotFetched, fetch
from articles.models import Article, FormerTagName, Tag
from articles.models.translations import own_name
from articles.search.headlines import by_headline
from articles.text.links import Leads, target
from articles.text.pages import read_page
from articles.text.slugs import slugify

#: Lines of one answer.
MOST = 10
_ADDRESS = re.compile(r"https?://|/\S", re.IGNORECASE)


def card(article: Article) -> dict[str, Any]:
    """Return what a list of choices shows of an article that came from `for_listing()`.

    `address` is where readers find it, "" where they cannot; `date` is for programs, `day` is
    for people.
    """
    moment = timezone.localtime(article.published_at) if article.published_at else None
    return {
        "id": article.pk,
        "uid": str(article.uid),
        "headline": str(article),
        "address": article.get_absolute_url() if article.is_public else "",
        "status": article.status,
        "state": article.get_status_display(),
        "date": moment.date().isoformat() if moment else "",
        "day": date_format(moment, "DATE_FORMAT") if moment else "",
        "byline": ", ".join(article.writers),
        "section": article.section.name if article.section else "",
        "language": own_name(article.language),
    }


def own_article(address: str, here: str = "") -> Article | None:
    """Return the article behind an address of this site, whole or from its first slash.

    Former addresses lead to it as they lead readers, and so does its place in the admin.
    here: the site's address as the person's browser has it, if not that of its settings.
    """
    found = target(address, settings.SITE_URL)
    if found.leads is not Leads.HERE and here:
        found = target(address, here)
    if found.leads is not Leads.HERE:
        return None
    try:
        match = resolve(found.path)
    except Resolver404:
        match = None
    if match is not None and match.view_name.startswith("admin:articles_article_"):
        keys = keys_in(str(match.kwargs.get("object_id", "")))
        return Article.objects.filter(pk__in=keys).first()
    if article := article_at(found.path):
        return article
    leads = where_now(found.path)
    return article_at(place_of(leads) or "") if leads else None


class LookupsMixin(admin.ModelAdmin):
    """For the admin of articles."""

    def get_urls(self) -> list[URLPattern]:
        def at(name: str, view: Callable) -> URLPattern:
            return path(
                f"lookup/{name}/",
                self.admin_site.admin_view(view),
                name=f"articles_article_lookup_{name}",
            )

        return [
            at("articles", self.lookup_articles),
            at("page", self.lookup_page),
            at("tags", self.lookup_tags),
            *super().get_urls(),
        ]

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        # A class made for this request, so it may say whose it is.
        form = super().get_form(request, *args, **kwargs)
        form.may_create_tags = request.user.has_perm("articles.add_tag")
        return form

    # --- articles and pages --------------------------------------------------------------------

    @method_decorator(require_GET)
    def lookup_articles(self, request: HttpRequest) -> JsonResponse:
        """Answer with articles by words of their headline (`q`), by one's address, or by `ids`.

        `not`: the id of an article to leave out. Only what the person may see is found.
        """
        seen = seen_by(request)
        query = request.GET.get("q", "").replace("\x00", " ").strip()
        seen = seen.exclude(pk__in=keys_in(request.GET.get("not", "")))
        if ids := keys_in(request.GET.get("ids", "")):
            found = list(seen.filter(pk__in=ids).for_listing())
        elif _ADDRESS.match(query):
            article = own_article(query, _here(request))
            found = list(seen.filter(pk=article.pk).for_listing()) if article else []
        else:
            found = _cards(list(by_headline(query, seen).values_list("pk", flat=True)[:MOST]))
        return JsonResponse({"results": [card(one) for one in found]})

    @method_decorator(require_POST)
    def lookup_page(self, request: HttpRequest) -> JsonResponse:
        """Answer with what the page at a pasted address (`url`) says about itself.

        An address of this site answers with its article. 422 and a sentence where nothing can
        be read, 429 for somebody who asks too often.
        """
        seen = seen_by(request)
        address = request.POST.get("url", "").strip()
        if re.match(r"[\w-]+(\.[\w-]+)+(/|$)", address):
            address = f"https://{address}"
        if article := own_article(address, _here(request)):
            for one in seen.filter(pk=article.pk).for_listing():
                shown = card(one)
                return JsonResponse(
                    {
                        "title": shown["headline"],
                        "source": settings.SITE_NAME,
                        "author": shown["byline"],
                        "date": shown["date"],
                        "address": shown["address"],
                        "id": shown["id"],
                        "uid": shown["uid"],
                    }
                )
        if not _in_time(request.user.pk):
            text = _("That were many pages in a minute. Wait a little, or write the title.")
            return JsonResponse({"error": text}, status=429)
        try:
            page = fetch(address)
        except NotFetched as problem:
            return JsonResponse({"error": str(problem)}, status=422)
        facts = read_page(page.data, page.address, page.charset)
        return JsonResponse(
            {
                "title": facts.title,
                "source": facts.source,
                "author": facts.author,
                "date": facts.date,
                "address": facts.address,
                "id": None,
                "uid": "",
            }
        )

    # --- tags ----------------------------------------------------------------------------------

    @method_decorator(require_GET)
    def lookup_tags(self, request: HttpRequest) -> JsonResponse:
        """Answer with tags by a part of their name, former names included (`q`).

        `former` is the former name by which one was found; `count` is the number of its articles.
        """
        if not request.user.has_perm("articles.view_tag"):
            raise PermissionDenied
        results = _tags_like(request.GET.get("q", "").replace("\x00", " ").strip()[:100])
        may_create = request.user.has_perm("articles.add_tag")
        return JsonResponse({"results": results, "may_create": may_create})


def seen_by(request: HttpRequest) -> QuerySet[Article]:
    """Return the articles that whoever asks may see. Raises PermissionDenied."""
    if not may(request.user, "view_article"):
        raise PermissionDenied
    return visible_to(request.user, Article.objects.all())


def _here(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def keys_in(text: str) -> set[int]:
    """Return row numbers out of "12,15"; what is none is left out."""
    parts = text.split(",")[:100]
    return {int(one) for one in parts if one.isascii() and one.isdecimal() and len(one) < 19}


def _cards(ids: list[int]) -> list[Article]:
    """The articles of these ids in their order.

    Asked after it is known which they are: byline and views of ten rows, not of all that match.
    """
    found = {one.pk: one for one in Article.objects.filter(pk__in=ids).for_listing()}
    return [found[pk] for pk in ids if pk in found]


def _in_time(person: int) -> bool:
    """Whether a person may have one more page read in this minute."""
    key = f"pages-read:{person}:{timezone.now():%H%M}"
    cache.add(key, 0, 120)
    try:
        return cache.incr(key) <= conf("PAGES_A_MINUTE")
    except ValueError:
        # A full cache dropped the number at once: better one page more than none.
        return True


def _tags_like(query: str) -> list[dict[str, Any]]:
    if not query:
        return []
    # Addresses are transliterated, so that case counts in no script.
    slug = slugify(query, fallback="")
    like = Q(name__icontains=query) | (Q(slug__contains=slug) if slug else Q())
    former = {
        line.tag_id: line.name
        for line in FormerTagName.objects.filter(like).order_by("-name")[:MOST]
    }
    tags = Tag.objects.filter(like | Q(pk__in=former)).annotate(count=Count("tagged_articles"))
    low = query.casefold()

    def place(tag: Tag) -> tuple[bool, bool, int, str]:
        name = tag.name.casefold()
        return name != low, not name.startswith(low), -tag.count, name

    return [
        _choice(tag, "" if _is_like(tag, low, slug) else former.get(tag.pk, ""))
        for tag in sorted(tags.order_by("-count", "name")[: MOST * 5], key=place)[:MOST]
    ]


def _is_like(tag: Tag, low: str, slug: str) -> bool:
    return low in tag.name.casefold() or bool(slug and slug in tag.slug)


def _choice(tag: Tag, former: str = "") -> dict[str, Any]:
    return {"name": tag.name, "count": tag.count, "former": former}
