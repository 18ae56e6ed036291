"""The list of articles: what a row shows, how it is filtered, and what each person may see."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.admin.desk import bounded
from articles.admin.images import thumbnail
from articles.admin.presence import SECONDS
from articles.admin.trend import DAYS, Trend
from articles.editorial.roles import own, visible_to
from articles.models import Article, DailyViews, Presence, ScheduledStep, Section
from articles.search.headlines import by_words

#: A screen that said nothing for so long is taken for closed, as on the writing screen.
PRESENT_FOR = timedelta(seconds=SECONDS)


#: Columns that no index holds in their order: by these, what the list leads to is sorted.
UNINDEXED = {"story", "section", "state", "read"}


class ArticleChangeList(ChangeList):
    """Everything a row shows comes with the query of the page, and three more for all its rows."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet:
        # Cards leave out the warnings, which this list has a mark for.
        self.root_queryset = visible_to(request.user, self.root_queryset)
        self.root_queryset = self.root_queryset.for_listing().defer(None).defer("body", "body_text")
        self.root_queryset = self.root_queryset.select_related("section", "picture", "assignee")
        found = super().get_queryset(request, *args, **kwargs)
        if self.get_ordering_field_columns().keys() & self._unindexed:
            found = bounded(found, self.model_admin.ordering)
        return found

    @cached_property
    def _unindexed(self) -> set[int]:
        """Places of such columns, as the query string counts them."""
        return {place for place, name in enumerate(self.list_display) if name in UNINDEXED}

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        keys = [article.pk for article in rows]
        trends, steps, people = _trends(keys), _steps(keys), _present(keys)
        for article in rows:
            article.trend = Trend(trends[article.pk]) if article.was_public else None
            article.waiting_steps = steps[article.pk]
            article.present = list(dict.fromkeys(people[article.pk]))
            article.due = _due(article)
            article.marks = (
                article.waiting_steps
                or article.is_embargoed
                or article.due
                or article.assignee
                or article.present
                or article.import_warnings
            )
        self.result_list = rows


def _due(article: Article) -> str:
    """Return "late", "soon" or "later" for work that is due on a day, else ""."""
    if article.due_on is None or article.was_public:
        return ""
    days = (article.due_on - timezone.localdate()).days
    return "late" if days < 0 else "soon" if days <= 1 else "later"


def _trends(keys: list[int]) -> dict[int, list[int]]:
    """Key of an article -> views of each of the last days, today last."""
    today = timezone.localdate()
    found: dict[int, list[int]] = defaultdict(lambda: [0] * DAYS)
    rows = DailyViews.objects.filter(
        article__in=keys, day__gt=today - timedelta(days=DAYS), day__lte=today
    )
    for key, day, count in rows.order_by().values_list("article", "day", "count"):
        found[key][DAYS - 1 - (today - day).days] = count
    return found


def _steps(keys: list[int]) -> dict[int, list[ScheduledStep]]:
    """Key of an article -> what waits for its time, the soonest first."""
    found = defaultdict(list)
    waiting = ScheduledStep.objects.filter(
        article__in=keys, outcome=ScheduledStep.Outcome.WAITING
    ).only("article_id", "verb", "due_at")
    for step in waiting.order_by("due_at", "id"):
        found[step.article_id].append(step)
    return found


def _present(keys: list[int]) -> dict[int, list[str]]:
    """Key of an article -> who has it open."""
    found = defaultdict(list)
    since = timezone.now() - PRESENT_FOR
    for screen in Presence.objects.filter(article__in=keys, seen_at__gte=since).select_related(
        "user"
    ):
        found[screen.article_id].append(screen.user.get_full_name() or screen.user.get_username())
    return found


class SectionFilter(admin.RelatedFieldListFilter):
    """Sections that have articles: each is asked for its first, and not all articles for theirs."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        any_of_it = Article.objects.filter(section=OuterRef("pk")).order_by()
        found = Section.objects.filter(Exists(any_of_it))
        return [(section.pk, str(section)) for section in found]


class WarningsFilter(admin.SimpleListFilter):
    title = _("import")
    parameter_name = "warnings"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("With warnings")), ("no", _("Without warnings"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "yes":
            return queryset.exclude(import_warnings=[])
        if self.value() == "no":
            return queryset.filter(import_warnings=[])
        return queryset


class MineFilter(admin.SimpleListFilter):
    title = _("whose")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("My articles"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(own(request.user)) if self.value() == "mine" else queryset


class ChangesFilter(admin.SimpleListFilter):
    title = _("changes")
    parameter_name = "changes"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("Live, with changes waiting"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.with_changes_waiting() if self.value() == "waiting" else queryset


class ArticleListMixin(admin.ModelAdmin):
    """For the admin of articles."""

    list_display = ("thumbnail", "story", "section", "state", "date", "read")
    list_display_links = ("story",)
    list_filter = (
        "status",
        ("section", SectionFilter),
        MineFilter,
        ChangesFilter,
        # Not Django's bar of years: it looks at the date of every article there is.
        ("published_at", admin.DateFieldListFilter),
        WarningsFilter,
    )
    # What turns the field on; where it looks is up to `get_search_results`.
    search_fields = ("headline",)
    search_help_text = _("Words, author or topic")
    ordering = (F("published_at").desc(nulls_first=True), "-id")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ArticleChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Articles in every state by all their words, as readers search; or by a part of one."""
        return by_words(search_term, queryset), False

    @admin.display(description=_("picture"))
    def thumbnail(self, article: Article) -> str:
        return thumbnail(article.picture)

    @admin.display(description=_("headline"), ordering="headline")
    def story(self, article: Article) -> str:
        return _part("story", article=article)

    @admin.display(description=_("state"), ordering="status")
    def state(self, article: Article) -> str:
        return _part("state", article=article, badge=state_badge(article))

    @admin.display(description=_("published"), ordering="published_at")
    def date(self, article: Article) -> Any:
        return _part("date", article=article)

    @admin.display(
        description=_("views"), ordering=Coalesce("counted_views", 0) + F("starting_views")
    )
    def read(self, article: Article) -> str:
        return _part("views", article=article)


def _part(name: str, **context: Any) -> str:
    return render_to_string(f"admin/articles/article/_row_{name}.html", context)


def state_badge(article: Article) -> str:
    """Return the state as a word on a colour; the colour is never the only sign."""
    return format_html(
        '<span class="state state-{}">{}</span>', article.status, article.get_status_display()
    )
