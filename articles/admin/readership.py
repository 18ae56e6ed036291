"""Readership for the desk: who reads now, what is read most, when, and from where."""

from datetime import time

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from articles.admin.charts import bars, best_hours, shades, shares
from articles.admin.sheets import sheet
from articles.editorial.roles import visible_to
from articles.models import Article, DailyViews, Referrals
from articles.readership import figures

#: Kind -> what its table is called.
KINDS = {
    "stories": gettext_lazy("Stories"),
    "sections": gettext_lazy("Sections"),
    "authors": gettext_lazy("Authors"),
    "tags": gettext_lazy("Topics"),
}
#: Days -> what the period is called.
PERIODS = {
    1: gettext_lazy("Today"),
    7: gettext_lazy("7 days"),
    30: gettext_lazy("30 days"),
    365: gettext_lazy("365 days"),
}
#: The period that the page opens with.
OPENS_WITH = 7
#: Days of the chart at least.
CHART_DAYS = 30
CLICKS = 6
LINES, EXPORTED = 15, 10_000


class FiguresMixin(admin.ModelAdmin):
    """For the admin of views by day: the page of all readership, and its tables as a file."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("figures/", view(self.figures_view), name="articles_dailyviews_figures"),
            path("figures/now/", view(self.now_view), name="articles_dailyviews_now"),
            path("figures.csv", view(self.export_view), name="articles_dailyviews_export"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def figures_view(self, request: HttpRequest) -> HttpResponse:
        """`?days=` the period, `?kind=` what is ranked; what makes no sense is ignored."""
        articles = self._articles(request)
        days, kind = _days(request), _kind(request)
        rows = DailyViews.objects.filter(article__in=articles.values("pk"))
        every = figures.days_of(rows, max(days, 365))
        shown = every[-max(days, CHART_DAYS) :]
        # Today is not over, and is no usual day yet.
        past = [day.count for day in every[-1 - figures.USUAL_DAYS : -1]]
        times = figures.best_times(articles)
        within = sum(day.count for day in every[-days:])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Readership"),
            "opts": self.opts,
            "now": figures.reading_now(articles),
            "minutes": figures.NOW_MINUTES,
            "chart": bars([(day.day, day.count) for day in shown], sum(past) / len(past)),
            "sums": [
                (name, sum(day.count for day in every[-number:]))
                for number, name in PERIODS.items()
            ],
            "pace": figures.pace_of_today(articles),
            "days": days,
            "kind": kind,
            "kind_name": KINDS[kind],
            "periods": list(PERIODS.items()),
            "kinds": list(KINDS.items()),
            "lines": figures.ranked(kind, days, articles, LINES),
            "hosts": shares(
                figures.hosts_of(Referrals.objects.filter(article__in=articles.values("pk")), days),
                within,
            ),
            "clicks": figures.clicks_between(articles.values("pk"), days, CLICKS),
            "times": list(zip(WEEKDAYS_ABBR.values(), shades(times), strict=True)),
            "best": [
                (WEEKDAYS[weekday], date_format(time(hour), "TIME_FORMAT"))
                for weekday, hour in best_hours(times)
            ],
        }
        return TemplateResponse(request, "admin/articles/dailyviews/figures.html", context)

    @method_decorator(require_safe)
    def now_view(self, request: HttpRequest) -> HttpResponse:
        """Part of the page: who reads now, asked for anew every few seconds."""
        context = {
            "now": figures.reading_now(self._articles(request)),
            "minutes": figures.NOW_MINUTES,
        }
        return TemplateResponse(request, "admin/articles/dailyviews/_now.html", context)

    @method_decorator(require_safe)
    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The table of `?kind=` and `?days=`, whole, as a file."""
        days, kind = _days(request), _kind(request)
        lines = figures.ranked(kind, days, self._articles(request), EXPORTED)
        head = (kind, "today", "7_days", "30_days", "365_days", "all", f"period_{days}", "before")
        rows = (
            (one.name, one.today, one.week, one.month, one.year, one.ever, one.period, one.before)
            for one in lines
        )
        return sheet(f"readership-{kind}-{days}-days.csv", head, rows)

    def _articles(self, request: HttpRequest) -> QuerySet[Article]:
        """Articles whose readership this person may see."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return visible_to(request.user, Article.objects.all()).order_by()


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return next((days for days in PERIODS if str(days) == asked), OPENS_WITH)


def _kind(request: HttpRequest) -> str:
    asked = request.GET.get("kind", "")
    return asked if asked in KINDS else next(iter(KINDS))
