"""What others wrote, as the screen that asks needs it."""

import copy
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from articles.admin.article_form import TagsWidget
from articles.admin.desk import BROWSER_DATES
from articles.editorial.snapshots import Snapshot
from articles.models import Article, Tag

#: Keys of a snapshot that the screen shows as rows.
ROWS = ("byline", "related")


def shown(
    model_admin: Any, request: HttpRequest, laid: Article, data: Snapshot, names: list[str]
) -> dict[str, dict[str, Any]]:
    """Return for each key its value, and `shown`: what goes into the field of the form.

    laid: the article with `data` laid over it. Rows come as `html`; a choice of another row as
    {"pk", "label"}, with `address` of a picture.
    """
    answer: dict[str, dict[str, Any]] = {name: {"value": data[name]} for name in names}
    for name in names:
        if name not in ROWS:
            answer[name]["shown"] = _as_in_field(name, laid, data[name])
    if any(name in answer for name in ROWS):
        for key, html in _rows(model_admin, request, laid).items():
            if key in answer:
                answer[key]["html"] = html
    return answer


def _as_in_field(name: str, laid: Article, value: Any) -> Any:
    if name in {"section", "picture"}:
        row = getattr(laid, name)
        found = {"pk": row.pk, "label": str(row)} if row else None
        if name == "picture" and row and row.file:
            found["address"] = row.permanent_address
        return found
    if name == "tags":
        return TagsWidget().format_value([Tag(name=one) for one in value])
    if name == "published_at":
        widget = BROWSER_DATES[models.DateTimeField]["widget"]
        moment = laid.published_at
        return widget.format_value(timezone.localtime(moment)) if moment else ""
    return value


def _rows(model_admin: Any, request: HttpRequest, laid: Article) -> dict[str, str]:
    """Return the HTML of each inline as a page that is opened now would hold it."""
    asking = copy.copy(request)
    asking.method = "GET"
    formsets, inlines = model_admin._create_formsets(asking, laid, change=True)
    admin_formsets = model_admin.get_inline_formsets(asking, formsets, inlines, laid)
    return {
        one.formset.key: render_to_string(
            one.opts.template, {"inline_admin_formset": one}, request=request
        )
        for one in admin_formsets
    }
