"""What the archive says to an article on the writing screen: near stories, names, doubles."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from articles.admin.lookups import card, keys_in, seen_by
from articles.conf import conf
from articles.editorial.revisions import working_copy
from articles.models import Article, DroppedNeighbour, Section, Tag
from articles.related import choices
from articles.related.neighbours import ranked
from articles.related.suggestions import LONGEST_TEXT, Desk
from articles.text.html import plain_text
from articles.text.slugs import slugify

#: Near stories that the screen shows: those that readers get, and some to choose from.
SHOWN = 8
SUGGESTED_TAGS = 6


class SuggestionsMixin(admin.ModelAdmin):
    """For the admin of articles."""

    def get_urls(self) -> list[URLPattern]:
        def at(name: str, view: Callable) -> URLPattern:
            return path(
                f"lookup/{name}/",
                self.admin_site.admin_view(view),
                name=f"articles_article_lookup_{name}",
            )

        return [
            at("related", self.lookup_related),
            at("hints", self.lookup_hints),
            *super().get_urls(),
        ]

    # --- near stories ----------------------------------------------------------------------------

    @method_decorator(require_http_methods(["GET", "POST"]))
    def lookup_related(self, request: HttpRequest) -> HttpResponse:
        """Part of a page: the stories near to an article, each with its reason.

        `id`: the article; `tags`: the tags on the screen, if they are not the saved ones; `not`:
        ids of stories that it links to already. POST: `drop` or `restore`, the id of a story.
        """
        seen = seen_by(request)
        article = None
        if keys := keys_in(request.GET.get("id", "") or request.POST.get("id", "")):
            article = seen.filter(pk__in=keys).first()
            if article is None:
                raise Http404
        if request.method == "POST":
            if article is None:
                raise Http404
            self.choose(request, article)
        names = request.GET.get("tags")
        context = self.near_context(
            request,
            article,
            working_copy(article) if article else None,
            tags=None if names is None else _tags_named(names.split(",")),
            linked=keys_in(request.GET.get("not", "") or request.POST.get("not", "")),
            is_asked=True,
        )
        return TemplateResponse(request, "admin/articles/article/_near.html", context)

    def near_context(
        self,
        request: HttpRequest,
        article: Article | None,
        copy: Article | None,
        *,
        tags: set[int] | None = None,
        linked: Iterable[int] | None = None,
        is_asked: bool = False,
    ) -> dict[str, Any]:
        """Context of `_near.html`: what stands under an article by itself, or would.

        tags: those of the screen, if other than saved; linked: stories that it points to already;
        is_asked: compute what a text that is not public would get, which takes a moment.
        """
        known = {row["id"] for row in getattr(copy, "tag_rows", ()) if row["id"]}
        if linked is None:
            linked = [link.target_id for link in copy.curated if link.target_id] if copy else []
        linked = set(linked)
        is_live = bool(article and article.is_public and tags in (None, known))
        is_asked = is_asked or "near" in request.GET
        rows: list[tuple[int, dict[str, Any]]] = []
        if is_live:
            found = ranked(article.pk).exclude(neighbour__in=linked)
            rows = [(row.neighbour_id, row.reasons) for row in found]
        elif is_asked:
            near = Desk(
                copy or Article(language=settings.LANGUAGE_CODE), known if tags is None else tags
            ).near()
            rows = [(one.pk, one.reasons) for one in near if one.pk not in linked]
        return {
            "near_is_asked": is_live or is_asked,
            "near_article": article,
            "near_is_live": is_live,
            "near": _shown(rows),
            "near_free": max(conf("RELATED_SIZE") - len(linked), 0),
            "near_dropped": _dropped(request, article),
            "near_may_choose": bool(article) and choices.may_choose(request.user, article),
            "near_may_change": self.has_change_permission(request, article)
            if article
            else self.has_add_permission(request),
        }

    def choose(self, request: HttpRequest, article: Article) -> bool:
        """Drop a story from under an article, or take it back; whether anything was asked."""
        for name, do in (("drop", choices.drop), ("restore", choices.take_back)):
            wanted = keys_in(request.POST.get(name, "") or request.POST.get(f"_{name}", ""))
            for neighbour in Article.objects.filter(pk__in=wanted).exclude(pk=article.pk):
                do(article, neighbour, by=request.user)
                return True
        return False

    def pinned(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Return the related link that a button of a page without scripts asks for, as a row of a
        snapshot."""
        found = seen_by(request).filter(pk__in=keys_in(request.POST.get("_pin", "")))
        return [
            {
                "target": str(one.uid), "url": "", "title": "", "author": "", "date": None,
                "views": None,
            }
            for one in found[:1]
        ]  # fmt: skip

    # --- while somebody writes -------------------------------------------------------------------

    @method_decorator(require_POST)
    def lookup_hints(self, request: HttpRequest) -> JsonResponse:
        """Answer with what the archive knows of a text: `tags`, `links` and `doubles`.

        `headline`, `standfirst`, `body` (HTML), `language`, `section` and `tags` are the screen's;
        `id` is the article, if it has one. Only what the person may see is named.
        """
        seen = seen_by(request)
        said = {name: request.POST.get(name, "")[: 4 * LONGEST_TEXT] for name in request.POST}
        pk = next(iter(keys_in(said.get("id", ""))), None)
        own = seen.filter(pk=pk).first() if pk else None
        if pk and own is None:
            raise Http404
        copy = Article(
            pk=pk,
            headline=said.get("headline", "")[:300],
            standfirst=said.get("standfirst", "")[:2_000],
            body_text=plain_text(said.get("body", ""))[:LONGEST_TEXT],
            language=said.get("language", "")[:12]
            or (own.language if own else settings.LANGUAGE_CODE),
            section=Section.objects.filter(pk__in=keys_in(said.get("section", ""))).first(),
            published_at=own.published_at if own else None,
        )
        desk = Desk(copy, _tags_named(said.get("tags", "").split(",")))
        doubles = desk.doubles(seen)
        cards = {one.pk: one for one in seen.filter(
            pk__in=[double.article for double in doubles]
        ).for_listing()}  # fmt: skip
        may_tag = request.user.has_perm("articles.view_tag")
        return JsonResponse(
            {
                "tags": desk.tags(SUGGESTED_TAGS) if may_tag else [],
                "links": [vars(link) for link in desk.links(said.get("body", ""))],
                "doubles": [
                    card(cards[double.article])
                    | {"same": double.is_same, "page": _page(cards[double.article])}
                    for double in doubles
                    if double.article in cards
                ],
            }
        )


def _page(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def _tags_named(names: Iterable[str]) -> set[int]:
    slugs = {slugify(name.replace("\x00", "").strip(' "'), fallback="") for name in names} - {""}
    return set(Tag.objects.filter(slug__in=slugs).values_list("pk", flat=True))


def _shown(rows: list[tuple[int, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Near stories for the page, each with its reason in words; the public ones alone."""
    public = Article.objects.published(found=True).filter(pk__in=[pk for pk, _reasons in rows])
    cards = {one.pk: one for one in public.for_listing()}
    rows = [(pk, reasons) for pk, reasons in rows if pk in cards][:SHOWN]
    tags = {tag for _pk, reasons in rows for tag in reasons.get("tags", ())}
    names = dict(Tag.objects.filter(pk__in=tags).values_list("pk", "name"))
    return [
        {"article": cards[pk], "reason": reason_of(reasons, names), "page": _page(cards[pk])}
        for pk, reasons in rows
    ]


def reason_of(reasons: dict[str, Any], names: dict[int, str]) -> str:
    """Return in words why two stories are near: "shares Xi Jinping, Russia · on: Beijing"."""
    tags = [names[tag] for tag in reasons.get("tags", ()) if tag in names]
    parts = []
    if tags:
        parts.append(_("shares %(tags)s") % {"tags": ", ".join(tags)})
    # A tag has said it.
    said = {word for name in tags for word in name.casefold().split()}
    if words := [word for word in reasons.get("words", ()) if word.casefold() not in said]:
        parts.append(_("both tell of %(words)s") % {"words": ", ".join(words)})
    if not parts and reasons.get("section"):
        parts.append(_("same section"))
    return " · ".join(parts) or _("much the same words")


def _dropped(request: HttpRequest, article: Article | None) -> list[Article]:
    if article is None:
        return []
    rows = DroppedNeighbour.objects.filter(article=article).values("neighbour")
    return list(seen_by(request).filter(pk__in=rows).only("headline").order_by("-pk"))
