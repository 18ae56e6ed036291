"""The writing screen: what stands beside the text."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles.admin.article_list import state_badge
from articles.admin.history import verb_label
from articles.admin.verbs import NOTICED_BY_READERS
from articles.editorial import schedule
from articles.editorial.checks import findings
from articles.editorial.offers import may_take_back, possible_verbs
from articles.editorial.revisions import working_copy
from articles.models import Article

#: Lines of the timeline beside an article; the whole of it is one click away.
TIMELINE_LINES = 8


class WritingMixin(admin.ModelAdmin):
    """For the admin of articles."""

    def beside(self, request: HttpRequest, article: Article | None) -> dict[str, Any]:
        """Context of what stands beside the text: state, next steps, timeline, warnings."""
        if article is None:
            return {"desk_state": None}
        lines = article.transitions.order_by("-number")[: TIMELINE_LINES + 1]
        copy = working_copy(article)
        found = findings(copy, "publish")
        return {
            "desk_state": state_badge(article),
            "desk_copy": copy,
            "desk_based_on": article.working_number or 0,
            "desk_verbs": [
                {
                    "name": verb.name,
                    "label": verb.label,
                    "asks": verb.name in NOTICED_BY_READERS,
                }
                for verb in possible_verbs(request.user, article)
            ],
            "desk_may_undo": may_take_back(request.user, article),
            "desk_schedule": schedule.waiting(article),
            "desk_gate": [(issue, self.issue_sentence(issue)) for issue in found],
            "desk_gate_is_shut": any(issue.blocks for issue in found),
            "desk_timeline": [
                {"line": line, "label": verb_label(line.verb)} for line in lines[:TIMELINE_LINES]
            ],
            "desk_timeline_goes_on": len(lines) > TIMELINE_LINES,
            "desk_warnings": article.import_warnings,
            "desk_revisions": article.working_number,
            "desk_may_change": self.has_change_permission(request, article),
        }
