"""An article's history at the admin's door: its revisions, their differences, and restoring."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles.admin.comparison import compare
from articles.admin.history import verb_label
from articles.admin.sheets import sheet
from articles.conf import conf
from articles.editorial import revisions, schedule
from articles.editorial.roles import may
from articles.models import Article, Revision, Transition

#: Revisions on one page of the history.
PAGE_SIZE = 50
#: Lines of the timeline beside them; the export holds all.
TIMELINE_LINES = 100


def shown_article(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int) -> Article:
    """Return the article of an address below its form.

    Raises PermissionDenied for people who see no articles, Http404 for an article that is not
    there or that an embargo hides from this person.
    """
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    article = Article.objects.filter(pk=pk).first()
    if article is None or not model_admin.has_view_permission(request, article):
        raise Http404
    return article


class HistoryMixin(admin.ModelAdmin):
    """For the admin of articles."""

    def get_urls(self) -> list[URLPattern]:
        def at(route: str, view: Callable, name: str) -> URLPattern:
            view = self.admin_site.admin_view(view)
            return path(f"<int:object_id>/{route}", view, name=f"articles_article_{name}")

        return [
            at("revisions/", self.revisions_view, "revisions"),
            at("compare/", self.compare_view, "compare"),
            at("restore/", self.restore_view, "restore"),
            at("timeline.<slug:kind>", self.timeline_view, "timeline"),
            *super().get_urls(),
        ]

    # --- the history ---------------------------------------------------------------------------

    @method_decorator(require_safe)
    def revisions_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Revisions, newest first, and the timeline beside them."""
        article = shown_article(self, request, object_id)
        page = Paginator(lines_of(article), PAGE_SIZE).get_page(request.GET.get("p"))
        waiting = {step.revision_id for step in schedule.waiting(article)}
        earlier, later = _first_choice(article)
        rows = [
            {
                "revision": revision,
                "badges": badges(article, revision, waiting),
                "is_from": str(revision.number) == earlier,
                "is_to": str(revision.number) == later,
            }
            for revision in page.object_list
        ]
        timeline = list(timeline_of(article).order_by("-number")[: TIMELINE_LINES + 1])
        context = {
            **self._history_context(request, article, _("History")),
            "page": page,
            "rows": rows,
            "timeline": [shown_line(line) for line in timeline[:TIMELINE_LINES]],
            "timeline_goes_on": len(timeline) > TIMELINE_LINES,
        }
        return TemplateResponse(request, "admin/articles/article/history.html", context)

    @method_decorator(require_safe)
    def timeline_view(self, request: HttpRequest, object_id: int, kind: str) -> HttpResponse:
        """The whole timeline as a file: `timeline.csv` or `timeline.json`."""
        if kind not in {"csv", "json"}:
            raise Http404
        article = shown_article(self, request, object_id)
        rows = [_exported(line) for line in timeline_of(article).order_by("number")]
        name = f"timeline-{article.pk}.{kind}"
        if kind == "json":
            data = {"article": str(article.uid), "headline": str(article), "timeline": rows}
            return HttpResponse(
                json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1),
                content_type="application/json",
                headers={"Content-Disposition": f'attachment; filename="{name}"'},
            )
        return sheet(name, _COLUMNS, ([row[one] for one in _COLUMNS] for row in rows))

    # --- comparing and restoring ---------------------------------------------------------------

    @method_decorator(require_safe)
    def compare_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Two revisions, field by field: `?from=` and `?to=` are numbers, "live" or "working"."""
        article = shown_article(self, request, object_id)
        names = _first_choice(article)
        before = self._revision_named(article, request.GET.get("from") or names[0])
        after = self._revision_named(article, request.GET.get("to") or names[1])
        choices = list(lines_of(article))
        context = {
            **self._history_context(request, article, _("Compare")),
            "before": before,
            "after": after,
            "choices": choices,
        }
        if before is not None and after is not None:
            waiting = {step.revision_id for step in schedule.waiting(article)}
            numbers = [line.number for line in reversed(choices)]
            context |= {
                "comparison": compare(request.user, before.snapshot, after.snapshot),
                "before_badges": badges(article, before, waiting),
                "after_badges": badges(article, after, waiting),
                "previous": _pair(numbers, after.number, -1),
                "next": _pair(numbers, after.number, 1),
            }
        return TemplateResponse(request, "admin/articles/article/compare.html", context)

    @method_decorator(require_POST)
    def restore_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Make an older revision the working copy again; readers see nothing of it."""
        article = shown_article(self, request, object_id)
        if not may(request.user, "change_article", article):
            raise PermissionDenied(_("Your role does not allow this."))
        old = self._revision_named(article, request.POST.get("number", ""))
        if old is None:
            raise Http404
        newest = article.working_number
        made = revisions.restore(article, old.number, by=request.user)
        said = {"number": old.number, "made": made.number}
        if made.number == newest:
            text = _("Revision %(number)d says what the working copy says: nothing to restore.")
            self.message_user(request, text % said, messages.INFO)
        else:
            text = _("Revision %(number)d is the working copy again, as revision %(made)d.") % said
            if article.was_public:
                text = " ".join((text, _("Readers see it once its changes are published.")))
            self.log_change(request, article, _("Restored revision %(number)d.") % said)
            self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_revisions", args=[article.pk]))

    def _revision_named(self, article: Article, name: str) -> Revision | None:
        """The revision of a name; None where there is none yet, Http404 for a wrong name."""
        if not name:
            return None
        try:
            found = revisions.revision_of(article, name)
        except ValidationError:
            raise Http404 from None
        if found is None:
            raise Http404
        return found

    def _history_context(
        self, request: HttpRequest, article: Article, title: str
    ) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(article),
            "opts": self.opts,
            "article": article,
            "may_restore": may(request.user, "change_article", article),
        }


def lines_of(article: Article) -> QuerySet[Revision]:
    """Return the article's revisions, newest first, without what they hold."""
    # Two hundred snapshots are megabytes, and a list shows none of them.
    return article.revisions.order_by("-number").defer("snapshot")


def timeline_of(article: Article) -> QuerySet[Transition]:
    """Return the article's timeline, each line with the number of its revision."""
    return article.transitions.annotate(revision_number=F("revision__number"))


def badges(article: Article, revision: Revision, waiting: set[int | None]) -> list[dict[str, str]]:
    """Return what a revision is besides old: `name` and `label` of each badge.

    waiting: ids of revisions that are on the schedule.
    """
    found = []
    if revision.number == article.live_number and article.status == Article.Status.PUBLISHED:
        found.append({"name": "live", "label": _("live")})
    elif revision.number == article.live_number:
        found.append({"name": "was-live", "label": _("last live")})
    if revision.number == article.working_number:
        found.append({"name": "working", "label": _("working copy")})
    if revision.pk in waiting:
        found.append({"name": "scheduled", "label": _("scheduled")})
    return found


def _first_choice(article: Article) -> tuple[str, str]:
    """What is compared before anybody chose: what is live with what editors have, or the last two.

    "" stands for a revision that is not there.
    """
    newest, live = article.working_number, article.live_number
    if not newest:
        return "", ""
    if live and live != newest:
        return str(live), str(newest)
    return (str(newest - 1) if newest > 1 else ""), str(newest)


def _pair(numbers: list[int], later: int, way: int) -> tuple[int, int] | None:
    """The neighbouring pair of revisions before (-1) or after (1) the one that ends at `later`."""
    place = numbers.index(later) + way
    return (numbers[place - 1], numbers[place]) if 1 <= place < len(numbers) else None


# --- the timeline --------------------------------------------------------------------------------

_COLUMNS = (
    "number", "made_at", "made_by", "verb", "what", "from_status", "to_status", "kind",
    "revision", "due_at", "late_seconds", "note", "overridden", "override_reason",
)  # fmt: skip


def shown_line(line: Transition) -> dict[str, Any]:
    """Return what `_timeline_line.html` takes: `line`, its `label`, and `late` if it was."""
    late = line.lateness
    is_late = late is not None and late.total_seconds() >= conf("LATE_SECONDS")
    return {"line": line, "label": verb_label(line.verb), "late": late if is_late else None}


def _exported(line: Transition) -> dict[str, Any]:
    late = line.lateness
    return {
        "number": line.number,
        "made_at": line.made_at.isoformat(),
        "made_by": line.made_by_name,
        "verb": line.verb,
        "what": verb_label(line.verb),
        "from_status": line.from_status,
        "to_status": line.to_status,
        "kind": line.kind,
        "revision": line.revision_number,
        "due_at": line.due_at.isoformat() if line.due_at else None,
        "late_seconds": round(late.total_seconds()) if late is not None else None,
        "note": line.note,
        "overridden": line.overridden,
        "override_reason": line.override_reason,
    }
