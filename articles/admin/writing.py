"""The writing screen: what stands around the text."""

from collections.abc import Iterable
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django import forms
from django.contrib import admin
from django.contrib.messages.storage import default_storage
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe
from js_asset import Media

from articles.admin.article_history import badges, lines_of, shown_article, shown_line, timeline_of
from articles.admin.article_list import state_badge
from articles.admin.translations import translations_context
from articles.admin.verbs import NOTICED_BY_READERS
from articles.editorial import planning, schedule
from articles.editorial.checks import Issue, findings
from articles.editorial.collisions import whole
from articles.editorial.offers import may_take_back, possible_verbs
from articles.editorial.revisions import working_copy
from articles.editorial.roles import may
from articles.editorial.workflow import Verb
from articles.models import Article, ScheduledStep
from articles.models.translations import own_name

#: Revisions and steps that the drawer shows; the history has all of them.
DRAWER_LINES = 30
#: State -> the steps of which the first one that a person may take is the next.
NEXT_STEPS: dict[str, tuple[str, ...]] = {
    Article.Status.DRAFT: ("publish", "submit"),
    Article.Status.IN_REVIEW: ("approve", "publish"),
    Article.Status.APPROVED: ("publish",),
    # What is on the schedule needs nobody; its time may still be moved.
    Article.Status.SCHEDULED: ("schedule",),
    Article.Status.PUBLISHED: ("correct",),
    Article.Status.WITHDRAWN: ("publish",),
}
#: Group of the side panel -> the form's fields in it. Fields in none of them come last.
GROUPS: dict[str, tuple[str, ...]] = {
    "section": ("section",),
    "tags": ("tags",),
    "picture": ("picture_preview", "picture"),
    "plan": planning.FIELDS,
    "address": ("slug", "seo_title", "seo_description"),
}
WORDS = ("headline", "standfirst", "body", "body_as_read")
#: Groups that stand open for somebody who never closed one: a picture is seen, not read, and
#: what every story needs asks for it until it is there. The others say in a line what they hold.
ALWAYS_OPEN = frozenset({"picture"})
OPEN_WHEN_EMPTY = frozenset({"section", "tags"})
#: Pictures that the plain list offers; the library's window, which needs JavaScript, has all.
PICTURES_LISTED = 100
#: What the stock form brings that nothing on this page uses: a third of its weight.
UNUSED = tuple(
    f"admin/{name}"
    for name in (
        "js/vendor/select2/", "js/vendor/xregexp/", "js/autocomplete", "js/inlines", "js/actions",
        "js/urlify", "js/prepopulate", "css/vendor/select2/", "css/autocomplete",
    )
)  # fmt: skip
#: Field of an issue -> the id at which the form shows it, where that is not `id_<field>`.
PLACES = {"byline": "bylines-group", "related": "related_links-group"}


class PictureSelect(forms.Select):
    """The newest pictures and the chosen one: a list of all would be longer than the page."""

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        every = self.choices.queryset
        newest = every.order_by("-created_at", "-pk").values_list("pk", flat=True)
        keys = [*newest[:PICTURES_LISTED], *(key for key in value if str(key).isdecimal())]
        self.choices.queryset = every.filter(pk__in=keys).order_by("-created_at", "-pk")
        return super().optgroups(name, value, attrs)


class WritingMixin(admin.ModelAdmin):
    """For the admin of articles."""

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Lists of the browser's own: the stock searching ones weigh 20 KB of script."""
        nothing = {
            "section": _("No section yet"),
            "picture": _("No picture"),
            "assignee": _("Nobody"),
        }
        if db_field.name in nothing:
            is_picture = db_field.name == "picture"
            kwargs["widget"] = PictureSelect if is_picture else forms.Select
            kwargs["empty_label"] = nothing[db_field.name]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        drawer = path(
            "<int:object_id>/drawer/",
            self.admin_site.admin_view(self.drawer_view),
            name="articles_article_drawer",
        )
        return [drawer, *super().get_urls()]

    # The preview stands in a frame of this page, and of no other.
    @method_decorator(csp_replace({"frame-src": [SELF]}))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            return self._save_form(request, *args, **kwargs)
        return super().changeform_view(request, *args, **kwargs)

    @whole
    def _save_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Done again where another verb ended it: all of it is made of what was sent, each time."""
        # What a try said that was taken back did not happen.
        request._messages = default_storage(request)
        return super().changeform_view(request, *args, **kwargs)

    @method_decorator(require_safe)
    def drawer_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Part of a page: the last steps and revisions, with ways to compare and restore."""
        article = shown_article(self, request, object_id)
        waiting = {step.revision_id for step in schedule.waiting(article)}
        revisions = list(lines_of(article)[: DRAWER_LINES + 1])
        lines = list(timeline_of(article).order_by("-number")[: DRAWER_LINES + 1])
        context = {
            "article": article,
            "rows": [
                {"revision": revision, "badges": badges(article, revision, waiting)}
                for revision in revisions[:DRAWER_LINES]
            ],
            "timeline": [shown_line(line) for line in lines[:DRAWER_LINES]],
            "goes_on": len(revisions) > DRAWER_LINES or len(lines) > DRAWER_LINES,
            "may_restore": may(request.user, "change_article", article),
        }
        return TemplateResponse(request, "admin/articles/article/_drawer.html", context)

    # --- what stands beside the text -----------------------------------------------------------

    def beside(self, request: HttpRequest, article: Article | None) -> dict[str, Any]:
        """Context of what stands around the text: state, next steps, gate, schedule, warnings."""
        if article is None:
            return {"desk_state": None, "desk_values": {}}
        last = timeline_of(article).order_by("-number").first()
        copy = working_copy(article)
        verbs = possible_verbs(request.user, article)
        waiting = schedule.waiting(article)
        following = next_step(article, verbs)
        return {
            "desk_state": state_badge(article),
            "desk_copy": copy,
            "desk_working_number": article.working_number or 0,
            "desk_next": _button(following) if following else None,
            "desk_verbs": [_button(verb) for verb in verbs if verb is not following],
            "desk_may_schedule": any(verb.name == "schedule" for verb in verbs),
            "desk_may_undo": may_take_back(request.user, article),
            "desk_schedule": waiting,
            **self.gate(copy),
            "desk_last": shown_line(last) if last else None,
            "desk_warnings": article.import_warnings,
            "desk_revisions": article.working_number,
            "desk_may_change": self.has_change_permission(request, article),
            **(linked := translations_context(request, article)),
            "desk_values": _values(article, copy, waiting)
            | {"translations": ", ".join(own_name(one.language) for one in linked["translations"])},
        }

    def gate(self, copy: Article) -> dict[str, Any]:
        """Context of `_gate.html`: what the gate finds in a working copy, and whether it is shut.

        The rows have the `issue`, its `sentence`, and the id of its `place` in the form.
        """
        found = findings(copy, "publish")
        stops = sum(issue.blocks for issue in found)
        return {
            "desk_gate": [
                {"issue": issue, "sentence": self.issue_sentence(issue), "place": _place(issue)}
                for issue in found
            ],
            "desk_gate_is_shut": bool(stops),
            "desk_gate_value": _counted(stops, len(found) - stops),
        }

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Hand the form's lines to the groups of the panel, whatever the fieldsets say."""
        lines = {
            line.fields[0]: line
            for fieldset in context["adminform"]
            for line in fieldset
        }  # fmt: skip
        placed = {name for names in (*GROUPS.values(), WORDS) for name in names}
        groups = {**GROUPS, "more": tuple(name for name in lines if name not in placed)}
        # Labels stand above their fields here: nothing follows them on the line.
        form = context["adminform"].form
        form.label_suffix = ""
        if "body" in form.fields:
            form.fields["body"].widget.attrs.setdefault("placeholder", _("Begin to write…"))
        context["desk_lines"] = lines
        values = context.get("desk_values", {})
        context["desk_groups"] = {
            name: {
                "lines": [lines[field] for field in fields if field in lines],
                "is_open": name in ALWAYS_OPEN
                or (name in OPEN_WHEN_EMPTY and not values.get(name))
                or any(lines[field].errors() for field in fields if field in lines),
            }
            for name, fields in groups.items()
        }
        context["media"] = _used(context["media"])
        return super().render_change_form(request, context, *args, **kwargs)


def next_step(article: Article, verbs: Iterable[Verb]) -> Verb | None:
    """Return which of the verbs that somebody may use now is the one that comes next."""
    offered = {verb.name: verb for verb in verbs}
    names = NEXT_STEPS.get(article.status, ())
    return next((offered[name] for name in names if name in offered), None)


def _used(media: forms.Media) -> Media:
    """Leave out what nothing on the page uses."""

    def is_used(asset: Any) -> bool:
        return not str(getattr(asset, "path", asset)).startswith(UNUSED)

    used = Media.from_media(media)
    used._js_lists = [[asset for asset in media._js if is_used(asset)]]
    used._css_lists = [
        {medium: [asset for asset in assets if is_used(asset)]}
        for medium, assets in media._css.items()
    ]
    return used


def _button(verb: Verb) -> dict[str, Any]:
    asks = verb.name in NOTICED_BY_READERS
    return {"name": verb.name, "label": verb.label, "asks": asks}


def _place(issue: Issue) -> str:
    return PLACES.get(issue.field, f"id_{issue.field}")


def _counted(stops: int, advice: int) -> str:
    """What the gate says in a line: what keeps it shut, else what there is to look at."""
    if stops:
        return ngettext("%(n)d to mend", "%(n)d to mend", stops) % {"n": stops}
    if advice:
        return ngettext("%(n)d to look at", "%(n)d to look at", advice) % {"n": advice}
    return ""


def _values(article: Article, copy: Article, waiting: list[ScheduledStep]) -> dict[str, str]:
    """Group of the panel -> what a line says of it while it is closed."""
    related = len(copy.curated)
    return {
        "byline": ", ".join(line["name"] for line in copy.credits),
        "section": str(copy.section or ""),
        "tags": ", ".join(row["name"] for row in getattr(copy, "tag_rows", ())),
        "picture": str(copy.picture or ""),
        "related": (
            ngettext("%(n)d story", "%(n)d stories", related) % {"n": related} if related else ""
        ),
        "plan": _plan(article),
        "address": copy.slug,
        "schedule": ", ".join(
            f"{step.get_verb_display()} {_moment(step.due_at)}" for step in waiting
        ),
        "more": _moment(copy.published_at) if copy.published_at else copy.language,
    }


def _plan(article: Article) -> str:
    parts = [str(article.assignee or "")]
    if article.due_on:
        parts.append(
            _("due %(day)s") % {"day": date_format(article.due_on, pgettext("date format", "j M"))}
        )
    if article.is_embargoed:
        parts.append(_("embargo until %(when)s") % {"when": _moment(article.embargo_until)})
    return " · ".join(part for part in parts if part)


def _moment(moment: Any) -> str:
    return date_format(timezone.localtime(moment), pgettext("date format", "j M, H:i"))
