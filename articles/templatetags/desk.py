"""What the admin's own pages show beyond Django's: today's lists and a menu in rooms."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from articles.editorial import agenda, inbox, notices, schedule
from articles.editorial.offers import may_import
from articles.models import Article, Notice

register = template.Library()
register.filter(notices.ago)

#: Stories in each list of the first page.
LIST_SIZE = 6
#: Kinds of notices that ask for something; the others are news.
NOTICE_TONES = {
    Notice.Kind.SENT_BACK: "soon",
    Notice.Kind.ASSIGNED: "soon",
    Notice.Kind.LATE: "urgent",
    Notice.Kind.MISSED: "urgent",
}

#: Rooms of the menu and the tables in each, in order; every other table goes into the last.
ROOMS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (_("Desk"), ("Article", "Image", "Correction")),
    (_("Site"), ("Section", "Tag", "Author", "Promo", "Message", "Redirect")),
    (_("History"), ("ScheduledStep", "Transition", "Revision", "DailyViews")),
    (_("People and system"), ()),
)


@dataclass(frozen=True)
class Item:
    """One line of a tray: an article, what is said of it, and a mark that catches the eye.

    tone: "urgent", "soon" or "" for a quiet mark. warnings: sentences of the import.
    """

    article: Any
    line: str = ""
    note: str = ""
    mark: str | Promise = ""
    tone: str = ""
    warnings: list[str] | None = None
    notice: int = 0


@dataclass(frozen=True)
class Tray:
    """One list of the first page. `see_all`: query of the list of articles that shows the rest."""

    name: str
    title: str | Promise
    items: list[Item]
    see_all: str = ""
    goes_on: bool = False

    @property
    def last_notice(self) -> int:
        """Up to which notice "all" goes: what came after the page was made stays."""
        return max((item.notice for item in self.items), default=0)


@register.filter
def isolated(facts: str) -> str:
    """Facts with dots between them, each kept apart, so that both directions read alike."""
    return format_html_join(" · ", "<bdi>{}</bdi>", ((fact,) for fact in facts.split(" · ")))


@register.simple_tag
def trays(person: AbstractBaseUser) -> dict[str, Any]:
    """Return the first page for `person`.

    `mine`: trays of the person's own work; `side`: of the schedule and the site; both without
    empty ones, whose titles are in `empty`. One query a tray, but for what the gate is asked.
    """
    edits = person.has_perm("articles.approve_article")
    mine, side = _mine(person, edits), _side(person, edits)
    return {
        "mine": [tray for tray in mine if tray.items],
        "side": [tray for tray in side if tray.items],
        "empty": [tray.title for tray in (*mine, *side) if not tray.items],
    }


def _mine(person: Any, edits: bool) -> list[Tray]:
    found = [
        _waiting(person, edits),
        _tray("sent-back", _("Sent back to me"), inbox.sent_back_to(person), _returned),
        _tray("told", _("Told to you"), notices.unseen(person), _notice),
    ]
    if edits:
        ready, imports = inbox.ready_to_publish(person), inbox.imports_with_warnings(person)
        found += [
            _tray("approved", _("Approved, no time yet"), ready, _saved, "status__exact=approved"),
            _tray("warnings", _("Imports to look at"), imports, _import, "warnings=yes"),
        ]
    else:
        found.append(_tray("handed-in", _("With the editors"), inbox.handed_in(person), _saved))
    drafts, stale = inbox.drafts_of(person), inbox.stale_drafts(person)
    return [
        *found,
        _tray("drafts", _("My drafts"), drafts, _saved, "status__exact=draft&whose=mine"),
        _tray("stale", _("Stale drafts"), stale, _saved, "status__exact=draft"),
    ]


def _side(person: Any, edits: bool) -> list[Tray]:
    changes, live = inbox.changes_waiting(person), inbox.recently_published()
    found = [
        _tray("today", _("Going live today"), inbox.going_live_today(person), _step),
        _tray("trouble", _("Missed or late"), inbox.schedule_trouble(person), _trouble),
    ]
    if edits:
        found.append(_tray("checks", _("Failed checks"), inbox.shut_gates(person), _shut_gate))
    title = _("Recently published, live now")
    return [
        *found,
        _tray("changes", _("Live, changes waiting"), changes, _change, "changes=waiting"),
        _tray("published", title, live, _live, "status__exact=published"),
    ]


def _tray(name: str, title: Any, found: Any, item: Callable[[Any], Item], query: str = "") -> Tray:
    rows = list(found[: LIST_SIZE + 1])
    items = [item(row) for row in rows[:LIST_SIZE]]
    return Tray(name, title, items, query, goes_on=len(rows) > LIST_SIZE)


# --- what a line says ----------------------------------------------------------------------------


def _notice(notice: Any) -> Item:
    return Item(
        notice.article,
        line=notices.ago(notice.made_at),
        note=notice.text,
        mark=notice.get_kind_display(),
        tone=NOTICE_TONES.get(notice.kind, ""),
        notice=notice.pk,
    )


def _waiting(person: Any, edits: bool) -> Tray:
    """What the person was asked to write, then what they are to review."""
    tray = _tray("waiting", _("Waiting for me"), inbox.assigned_to(person), _assigned)
    if not edits:
        return tray
    review = _tray("waiting", tray.title, inbox.for_review(person), _review)
    named = {item.article.pk for item in tray.items}
    theirs = [item for item in review.items if item.article.pk not in named]
    # Half of it for each, or a long list of assignments would hide what writers handed in.
    items = tray.items[: max(LIST_SIZE // 2, LIST_SIZE - len(theirs))] + theirs
    return replace(
        tray,
        items=items[:LIST_SIZE],
        see_all="status__exact=in_review",
        goes_on=tray.goes_on or review.goes_on or len(tray.items) + len(theirs) > LIST_SIZE,
    )


def _assigned(article: Any) -> Item:
    days = (article.due_on - timezone.localdate()).days if article.due_on else None
    if days is None:
        mark, tone = _("Assigned to you"), ""
    elif days < 0:
        late = ngettext("Overdue by %(count)d day", "Overdue by %(count)d days", -days)
        mark, tone = late % {"count": -days}, "urgent"
    elif days <= 1:
        mark, tone = (_("Due tomorrow") if days else _("Due today")), "soon"
    else:
        mark, tone = (
            gettext("Due %(day)s")
            % {"day": date_format(article.due_on, pgettext("date format", "D j M"))},
            "",
        )
    return Item(article, line=_facts(article, article.get_status_display()), mark=mark, tone=tone)


def _review(article: Any) -> Item:
    return Item(article, line=_facts(article, saved(article)), mark=_("To review"))


def _returned(article: Any) -> Item:
    who = article.sent_back_by or gettext("The desk")
    text = gettext("%(who)s, %(when)s") % {"who": who, "when": notices.ago(article.sent_back_at)}
    return Item(article, line=text, note=article.sent_back_note)


def _saved(article: Any) -> Item:
    return Item(article, line=_facts(article, saved(article)))


def _step(step: Any) -> Item:
    late = step.due_at < timezone.now()
    return Item(
        step.article,
        line=_facts(step.article, step.get_verb_display(), byline=False),
        mark=date_format(timezone.localtime(step.due_at), "H:i"),
        tone="urgent" if late else "",
    )


def _trouble(step: Any) -> Item:
    due = short(step.due_at)
    what = gettext("%(what)s, due %(when)s") % {"what": step.get_verb_display(), "when": due}
    if step.outcome == step.Outcome.STOPPED:
        return Item(
            step.article,
            line=what,
            note=step.problem,
            mark=_("Did not happen"),
            tone="urgent",
        )
    late = notices.how_long(step.settled_at - step.due_at)
    return Item(
        step.article, line=what, mark=gettext("%(time)s late") % {"time": late}, tone="soon"
    )


def _shut_gate(shut: Any) -> Item:
    count = ngettext("%(count)d issue", "%(count)d issues", shut.issues) % {"count": shut.issues}
    moment = getattr(shut.article, "publish_at", None) or getattr(shut.article, "update_at", None)
    state = shut.article.get_status_display()
    if moment is not None:
        when = short(moment)
        state = gettext("%(state)s, due %(when)s") % {"state": state, "when": when}
    tone = "urgent" if moment is not None else "soon"
    return Item(shut.article, line=_facts(shut.article, state), mark=count, tone=tone)


def _change(article: Any) -> Item:
    mark = ""
    if article.update_at is not None:
        when = short(article.update_at)
        mark = gettext("Update %(when)s") % {"when": when}
    return Item(article, line=_facts(article, saved(article)), mark=mark)


def _import(article: Any) -> Item:
    sentences = [warning["message"] for warning in article.import_warnings[:2]]
    return Item(article, line=_facts(article, saved(article)), warnings=sentences)


def _live(article: Any) -> Item:
    shown = {"number": intcomma(article.views)}
    views = ngettext("%(number)s view", "%(number)s views", article.views) % shown
    out = short(article.published_at)
    return Item(article, line=_facts(article, f"{out} · {views}"))


def _facts(article: Any, last: Any, *, byline: bool = True) -> str:
    """Section, byline and something more, with a dot between them."""
    facts = [str(article.section)] if article.section else []
    if byline:
        facts.append(", ".join(article.writers) or gettext("no byline"))
    return " · ".join([*facts, str(last)])


@register.filter
def saved(article: Any) -> str:
    """Return when somebody last saved it: "saved 3 hours ago"."""
    return gettext("saved %(when)s") % {"when": notices.ago(article.saved_at)}


def short(moment: datetime) -> str:
    """A day and a time in little room: 22 Nov, 05:36."""
    return date_format(timezone.localtime(moment), pgettext("date format", "j M, H:i"))


register.simple_tag(agenda.next_days)
register.filter(may_import)


@register.simple_tag
def tagline() -> str:
    """The line under the site's name; the login's own context has another `site`."""
    return settings.SITE_TAGLINE


@register.simple_tag
def newsroom_is_empty() -> bool:
    """Whether there is no article at all, whoever may see it."""
    return not Article.objects.exists()


@register.simple_tag
def silent_clock(person: AbstractBaseUser) -> dict[str, Any] | None:
    """`since`: the last look at the schedule, if steps wait and nobody looks; else None."""
    if not person.has_perm("articles.publish_article"):
        return None
    ticked_at, runs = schedule.clock_state(timezone.now())
    if runs or schedule.next_due() is None:
        return None
    return {"since": ticked_at}


@register.filter
def in_rooms(app_list: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the admin's list of apps as rooms: `name` and `models`; empty rooms are left out."""
    tables = {}
    others = []
    named = {name for _room, names in ROOMS for name in names}
    for app in app_list:
        for table in app["models"]:
            if app["app_label"] == "articles" and table["object_name"] in named:
                tables[table["object_name"]] = table
            else:
                others.append(table)
    rooms = []
    for title, names in ROOMS:
        models = [tables[name] for name in names if name in tables] if names else others
        if models:
            rooms.append({"name": title, "models": models})
    return rooms
