"""One article's readership, for the desk: its days, where readers come from, where they go."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from articles.admin.article_history import shown_article
from articles.admin.charts import bars, shares
from articles.models import Article
from articles.readership import figures

#: Days of the chart beside the text.
FORM_DAYS = 14


class ReadersMixin(admin.ModelAdmin):
    """For the admin of articles: each one's own readership."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.readers_view)
        own = path("<int:object_id>/readers/", view, name="articles_article_readers")
        return [own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With a chart of the last days beside the text, once readers have seen it."""
        article = context.get("original")
        if article is not None and article.was_public:
            days = figures.days_of(article.daily_views.all(), FORM_DAYS)
            context["chart"] = bars([(day.day, day.count) for day in days])
        return super().render_change_form(request, context, *args, **kwargs)

    @method_decorator(require_safe)
    def readers_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """One article's readership: its days, where readers come from, and where they go."""
        article = shown_article(self, request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Readers"),
            "opts": self.opts,
            "article": article,
            "article_id": article.pk,
            **portrait_context(article),
        }
        return TemplateResponse(request, "admin/articles/article/readers.html", context)


def portrait_context(article: Article, days: int = 30) -> dict[str, Any]:
    """Return what the page and the panel of an article's readership show."""
    portrait = figures.portrait(article, days)
    return {
        "portrait": portrait,
        "chart": bars([(day.day, day.count) for day in portrait.days], portrait.usual),
        "hosts": shares(portrait.hosts, sum(day.count for day in portrait.days)),
        "usual": _against_the_usual(portrait.line.today, portrait.usual),
    }


def _against_the_usual(today: int, usual: float | None) -> str:
    """Return a sentence: how today compares with a usual day of this story."""
    if usual is None:
        return ""
    number = round(usual)
    if not number:
        return _("On a usual day it is hardly read any more.")
    day = ngettext("%(number)s view", "%(number)s views", number) % {"number": f"{number:,}"}
    if today > usual * 1.5:
        return _("More than usual: on a usual day it has %(day)s.") % {"day": day}
    return _("On a usual day it has %(day)s.") % {"day": day}
