"""What the writing screen looks up: own articles, other sites' pages, topics."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import Resolver404, URLPattern, path, resolve
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from articles.conf import conf
from articles.editorial.addresses import article_at, place_of, where_now
from articles.editorial.revisions import working_copy
from articles.editorial.roles import may, visible_to
from articles.fetching.web import NotFetched, fetch
from articles.models import Article, FormerTagName, Tag, TaggedArticle
from articles.models.translations import own_name
from articles.related.neighbours import related_news
from articles.search.headlines import by_headline
from articles.text.html import plain_text
from articles.text.links import Leads, target
from articles.text.pages import read_page
from articles.text.slugs import slugify
from articles.text.topics import known_topics

#: Lines of one answer.
MOST = 10
SUGGESTED_STORIES = 3
SUGGESTED_TAGS = 5
#: More text than this is not searched for topics.
_LONGEST_TEXT = 60_000
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
        keys = _keys(str(match.kwargs.get("object_id", "")))
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
            at("related", self.lookup_related),
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
        seen = _seen_by(request)
        query = request.GET.get("q", "").replace("\x00", " ").strip()
        seen = seen.exclude(pk__in=_keys(request.GET.get("not", "")))
        if ids := _keys(request.GET.get("ids", "")):
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
        seen = _seen_by(request)
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

    @method_decorator(require_GET)
    def lookup_related(self, request: HttpRequest) -> JsonResponse:
        """Answer with public stories that share the most tags with an article.

        `id`: the article; `tags`: the tags on the screen, if they are not the saved ones;
        `not`: ids of stories that it links to already. `because` names the shared tags.
        """
        seen = _seen_by(request)
        article = Article()
        if keys := _keys(request.GET.get("id", "")):
            saved = seen.filter(pk__in=keys).first()
            if saved is None:
                raise Http404
            article = working_copy(saved)
        if "tags" in request.GET:
            names = request.GET["tags"].replace("\x00", "").split(",")
            slugs = {slugify(name.strip(' "'), fallback="") for name in names} - {""}
            article.tag_rows = list(Tag.objects.filter(slug__in=slugs).values("id", "name"))
        tags = {row["id"]: row["name"] for row in getattr(article, "tag_rows", ()) if row["id"]}
        article.tag_rows = [{"id": key} for key in tags]
        article.curated = []
        linked = _keys(request.GET.get("not", ""))
        near = related_news(article, SUGGESTED_STORIES + len(linked)) if tags else []
        cards = [one.article for one in near if one.article and one.article.pk not in linked]
        shared: dict[int, list[str]] = {}
        for pk, tag in TaggedArticle.objects.filter(
            content_object__in=[one.pk for one in cards], tag__in=tags
        ).values_list("content_object", "tag"):
            shared.setdefault(pk, []).append(tags[tag])
        results = [card(one) | {"because": shared[one.pk]} for one in cards[:SUGGESTED_STORIES]]
        return JsonResponse({"results": results})

    # --- tags ----------------------------------------------------------------------------------

    @method_decorator(require_http_methods(["GET", "POST"]))
    def lookup_tags(self, request: HttpRequest) -> JsonResponse:
        """Answer with tags by a part of their name, former names included (`q`).

        POST: with tags that a text names (`text`, `body` as HTML). `former` is the former name
        by which one was found; `count` is the number of its articles.
        """
        if not request.user.has_perm("articles.view_tag"):
            raise PermissionDenied
        if request.method == "POST":
            results = _named_in(
                f"{request.POST.get('text', '')}\n{plain_text(request.POST.get('body', ''))}"
            )
        else:
            results = _tags_like(request.GET.get("q", "").replace("\x00", " ").strip()[:100])
        may_create = request.user.has_perm("articles.add_tag")
        return JsonResponse({"results": results, "may_create": may_create})


def _seen_by(request: HttpRequest) -> QuerySet[Article]:
    if not may(request.user, "view_article"):
        raise PermissionDenied
    return visible_to(request.user, Article.objects.all())


def _here(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _keys(text: str) -> set[int]:
    """Row numbers out of "12,15"; what is none is left out."""
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


def _named_in(text: str) -> list[dict[str, Any]]:
    named = known_topics(text[:_LONGEST_TEXT], Tag.objects.values_list("name", flat=True))
    tags = Tag.objects.filter(name__in=named).annotate(count=Count("tagged_articles"))
    found = {tag.name: tag for tag in tags}
    return [_choice(found[name]) for name in named if name in found][:SUGGESTED_TAGS]
