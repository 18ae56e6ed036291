"""The palette: any article, person, topic, room or action by a few letters."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Case, IntegerField, Max, Q, QuerySet, Value, When
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.editorial.notices import ago
from articles.editorial.offers import may_import, possible_verbs
from articles.editorial.roles import may, visible_to
from articles.editorial.workflow import VERBS
from articles.models import Article, Author, Section, Tag
from articles.search.finding import for_desk
from articles.text.slugs import slugify, title_key

#: Lines of each group, and of articles when nothing is typed.
GROUP_SIZE = 5
ARTICLES = 8
LONGEST_QUERY = 100
MOST_WORDS = 6
#: How well a line fits what was typed; a worse one does not fit at all.
EXACT, PREFIX, WORD, INSIDE, NOT = range(5)


@dataclass(frozen=True)
class Line:
    """One thing to jump to. line: facts beside its title; state: an article's, for its sign."""

    title: str
    address: str
    line: str = ""
    state: str = ""
    state_title: str = ""


@dataclass(frozen=True)
class Group:
    name: str
    title: str
    items: list[Line]


@lru_cache(maxsize=1024)
def _keys(title: str) -> tuple[str, str]:
    """Return `title` as it is compared: as written, and without accents."""
    return title_key(title), slugify(title, fallback="").replace("-", " ")


def fit(title: str, words: list[str]) -> int:
    """Return how well `title` fits `words` (of `title_key`), in any order and as parts of words.

    Accents count for nothing: "sorby" finds Sørby.
    """
    best = NOT
    for key, typed in zip(_keys(title), (words, _plain(words)), strict=True):
        whole = " ".join(typed)
        if not typed or not all(word in key for word in typed):
            continue
        if key == whole:
            return EXACT
        if key.startswith(whole):
            best = min(best, PREFIX)
        elif all(f" {word}" in f" {key}" for word in typed):
            best = min(best, WORD)
        else:
            best = min(best, INSIDE)
    return best


def _plain(words: Iterable[str]) -> list[str]:
    return [plain for word in words if (plain := slugify(word, fallback="").replace("-", " "))]


class PaletteMixin(admin.ModelAdmin):
    """For the admin of articles."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.palette_view)
        return [path("palette/", view, name="articles_article_palette"), *super().get_urls()]

    @method_decorator((require_safe, never_cache))
    def palette_view(self, request: HttpRequest) -> JsonResponse:
        """Answer `?q=` with groups of lines, the best fitting group first.

        Without a query: what the person worked on last, and what they may do. `article=<pk>`
        adds the next steps of the article that is open.
        """
        words = title_key(request.GET.get("q", "")[:LONGEST_QUERY]).split()[:MOST_WORDS]
        person = request.user
        if words:
            found = self._found(request, words)
        else:
            recent = Group("articles", _("You worked on"), list(_recent(person)))
            actions = Group("actions", _("Actions"), list(self._actions(request, [])))
            found = [actions, recent] if request.GET.get("article") else [recent, actions]
        groups = [asdict(group) for group in found if group.items]
        return JsonResponse({"groups": groups})

    def _found(self, request: HttpRequest, words: list[str]) -> list[Group]:
        person = request.user
        tables = [table for app in self.admin_site.get_app_list(request) for table in app["models"]]
        groups = [
            Group("articles", _("Articles"), list(_articles(person, words))),
            Group("people", _("People"), list(_people(person, words))),
            Group("tags", _("Tags"), list(_named(person, Tag, words))),
            Group("sections", _("Sections"), list(_named(person, Section, words))),
            Group("rooms", _("Rooms"), _fitting(self._rooms(request, tables), words)),
            Group("actions", _("Actions"), _fitting(self._actions(request, words, tables), words)),
        ]
        filled = [group for group in groups if group.items]
        # A group that holds the very word comes first; else the order above stands.
        return sorted(filled, key=lambda group: min(fit(one.title, words) for one in group.items))

    # --- rooms and actions -----------------------------------------------------------------------

    def _rooms(self, request: HttpRequest, tables: list[dict[str, Any]]) -> Iterator[Line]:
        yield Line(_("Today"), reverse("admin:index"))
        if request.user.has_perm("articles.view_article"):
            yield Line(_("Calendar"), reverse("admin:articles_article_calendar"))
        yield Line(_("My notices"), reverse("admin:desk_profile"))
        for table in tables:
            if table["admin_url"]:
                yield Line(capfirst(str(table["name"])), table["admin_url"])
        if request.user.has_perm("articles.change_tag"):
            yield Line(_("Changes of tags"), reverse("admin:articles_tag_changes"))
        if request.user.has_usable_password():
            yield Line(_("Change password"), reverse("admin:password_change"))
        yield Line(_("View site"), self.admin_site.site_url or "/")

    def _actions(
        self, request: HttpRequest, words: list[str], tables: Iterable[dict[str, Any]] = ()
    ) -> Iterator[Line]:
        """Without words only the few that are wanted daily."""
        yield from self._steps(request, words)
        person = request.user
        if person.has_perm("articles.add_article"):
            yield Line(_("New article"), reverse("admin:articles_article_add"))
        if person.has_perm("articles.add_image"):
            yield Line(_("Upload picture"), reverse("admin:articles_image_add"))
        if not words:
            return
        if may_import(person):
            yield Line(_("Import texts"), reverse("admin:articles_article_import"))
        for table in tables:
            if table["add_url"] and table["object_name"] not in {"Article", "Image"}:
                name = table["model"]._meta.verbose_name
                yield Line(_("Add %(name)s") % {"name": name}, table["add_url"])

    def _steps(self, request: HttpRequest, words: list[str]) -> Iterator[Line]:
        """The next steps of the open article, and its other pages."""
        key = request.GET.get("article", "")
        if not (key.isascii() and key.isdecimal() and len(key) < 19):
            return
        pages = [(_("Preview"), "preview"), (_("History"), "revisions")]
        titles = [*(str(verb.label) for verb in VERBS.values()), *(title for title, _n in pages)]
        if words and all(fit(title, words) == NOT for title in titles):
            return  # None of them is meant: the article need not be asked for.
        article = Article.objects.filter(pk=int(key)).defer("body", "body_text").first()
        if article is None or not may(request.user, "view_article", article):
            return
        for verb in possible_verbs(request.user, article):
            address = reverse("admin:articles_article_verb", args=[article.pk, verb.name])
            yield Line(str(verb.label), address, line=str(article))
        for title, name in pages:
            address = reverse(f"admin:articles_article_{name}", args=[article.pk])
            yield Line(title, address, line=str(article))


def _fitting(lines: Iterable[Line], words: list[str]) -> list[Line]:
    found = sorted((fit(line.title, words), place, line) for place, line in enumerate(lines))
    return [line for fits, _place, line in found if fits < NOT][:GROUP_SIZE]


# --- articles ------------------------------------------------------------------------------------


def _cards(person: Any) -> QuerySet[Article]:
    return visible_to(person, Article.objects.select_related("section")).only(
        "headline", "status", "section__name", "published_at", "saved_at", "embargo_until"
    )


def _articles(person: Any, words: list[str]) -> Iterator[Line]:
    if not person.has_perm("articles.view_article"):
        return
    found: list[Article] = []
    # The table of texts is wide: what fits is found along the narrow index of headlines, and
    # only when nothing does by the addresses, which are headlines without their accents.
    for column, typed in (("headline_key", words), ("slug", _plain(words))):
        fits = Q(*(Q(**{f"{column}__contains": word.replace(" ", "-")}) for word in typed))
        if not typed:
            continue
        whole = " ".join(words)
        rank = Case(
            When(headline_key=whole, then=Value(EXACT)),
            When(headline_key__startswith=whole, then=Value(PREFIX)),
            When(headline_key__contains=f" {whole}", then=Value(WORD)),
            default=Value(INSIDE),
            output_field=IntegerField(),
        )
        inside = Article.objects.filter(fits).order_by().values("pk")
        rows = _cards(person).filter(pk__in=inside).order_by(rank, "-saved_at", "-id")
        found += [article for article in rows[:ARTICLES] if article not in found]
        if found:
            break
    # Then those that have the words elsewhere, as search finds them.
    if len(found) < ARTICLES:
        keys = for_desk(" ".join(words), _cards(person), most=2 * ARTICLES)
        order = {key: place for place, key in enumerate(keys)}
        others = _cards(person).filter(pk__in=keys).exclude(pk__in=[one.pk for one in found])
        found += sorted(others, key=lambda article: order[article.pk])
    yield from (_story(article) for article in found[:ARTICLES])


def _recent(person: Any) -> Iterator[Line]:
    if not person.has_perm("articles.view_article"):
        return
    mine = _cards(person).filter(revisions__made_by=person)
    rows = mine.annotate(worked_on=Max("revisions__made_at")).order_by("-worked_on", "-id")
    for article in rows[:GROUP_SIZE]:
        yield _story(article, ago(article.worked_on))


def _story(article: Article, when: str = "") -> Line:
    if not when:
        out = article.published_at if article.was_public else None
        since = _("saved %(when)s") % {"when": ago(article.saved_at)}
        when = (
            date_format(timezone.localtime(out), pgettext("date format", "j M Y")) if out else since
        )
    facts = [str(article.section)] if article.section else []
    return Line(
        str(article),
        reverse("admin:articles_article_change", args=[article.pk]),
        " · ".join([*facts, when]),
        article.status,
        article.get_status_display(),
    )


# --- people, tags, sections ----------------------------------------------------------------------


def _named(person: Any, model: Any, words: list[str]) -> Iterator[Line]:
    """Rows with a name and an address made from it, which has no accents."""
    opts = model._meta
    if not person.has_perm(f"articles.view_{opts.model_name}"):
        return
    by_name = Q(*(Q(name__icontains=word) for word in words))
    by_slug = Q(*(Q(slug__contains=word.replace(" ", "-")) for word in _plain(words)))
    whole = " ".join(words)
    rank = Case(
        When(name__iexact=whole, then=Value(EXACT)),
        When(name__istartswith=whole, then=Value(PREFIX)),
        When(name__icontains=f" {whole}", then=Value(WORD)),
        default=Value(INSIDE),
        output_field=IntegerField(),
    )
    rows = model.objects.filter((by_name | by_slug) if _plain(words) else by_name)
    for row in rows.only("name").order_by(rank, "name", "pk")[:GROUP_SIZE]:
        yield Line(row.name, reverse(f"admin:articles_{opts.model_name}_change", args=[row.pk]))


def _people(person: Any, words: list[str]) -> Iterator[Line]:
    """Authors; then accounts, for whoever looks after them."""
    for line in _named(person, Author, words):
        yield Line(line.title, line.address, line=_("Author"))
    if not person.has_perm("auth.view_user"):
        return
    fits = Q()
    for word in words:
        fits &= (
            Q(username__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
        )
    for account in User.objects.filter(fits).order_by("username")[:GROUP_SIZE]:
        title = account.get_full_name() or account.get_username()
        address = reverse("admin:auth_user_change", args=[account.pk])
        yield Line(title, address, line=_("Account"))
