"""Merging: saves of people who write in one article at once become one working copy.

Each screen (client) names the clock of the state it was last given. What it sends is compared
with what it had, word by word, and only that change goes into the working copy; see
articles/text/weave. Where nobody else saved, what was sent is kept to the letter.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.conf import in_site_language
from articles.editorial.collisions import whole
from articles.editorial.revisions import lock, name_of, newest, record
from articles.editorial.snapshots import FIELDS, Snapshot, normal, snapshot
from articles.models import Article, Conflict, Revision, Weave
from articles.text.html import clean_body
from articles.text.slugs import slugify
from articles.text.weave.saves import Dispute, Save
from articles.text.weave.woven import TEXTS, View, Woven

#: Letters of a weave from which it is begun anew, when nobody has written for a month.
_HEAVY = 400_000
#: Words on each side of disputed ones that tell which sentence they belong to.
_WORDS_AROUND = 12
_QUIET_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True)
class Merged:
    """What a save came to.

    revision: the working copy now; clock: its number for the screen; data: the whole snapshot;
    foreign: keys in which `data` differs from what was sent; conflicts: open ones, all of them.
    """

    revision: Revision
    clock: int
    data: Snapshot
    foreign: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


@whole
def clock_of(article: Article) -> int:
    """Return the clock of the working copy, for a screen that opens it now."""
    row = Weave.objects.filter(article=article).first()
    last = newest(article)
    if row is not None and _is_of(row, last):
        return row.clock
    if last is None and not article.pk:
        return 0
    return _weave_of(lock(article)).woven.clock


@whole
def save(
    article: Article,
    mine: Snapshot,
    *,
    by: Any,
    client: str,
    base: int,
    is_autosave: bool = False,
) -> Merged:
    """Merge what a screen sent into the working copy.

    mine: the fields that the screen holds (not only changed ones), as in a snapshot; client: the
    screen's own name, at most 36 characters; base: the clock of the last answer that the screen
    has taken in. Sending the same again, or more of it after an answer that was lost, is safe.
    """
    locked = lock(article)
    state = _weave_of(locked)
    if base < state.floor:
        _bring_up_to_date(locked, state, base)
    woven, head = state.woven, state.data
    mine = _normal(locked, head, mine)
    view = View(max(base, state.floor), client)
    raced = {name for name in woven.fields if woven.has_news(name, view)}
    saves = woven.save(mine, client=client, base=max(base, state.floor))
    data, foreign = dict(head), []
    for name, value in mine.items():
        # Where the screen had what there was, what it sends is kept to the letter.
        data[name] = _merged(name, woven.value(name)) if name in raced else value
        if name in raced and name in saves and _is_too_long(name, data[name]):
            # Both do not fit: what stood there stands until somebody chose.
            data[name] = head[name]
            saves[name].disputes = [woven.put_back(name, head[name], value, saves[name])]
        if data[name] != value:
            foreign.append(name)
    disputes = [(name, one) for name, save in saves.items() for one in save.disputes]
    if disputes:
        # Both versions stay in the history, whatever is chosen.
        with in_site_language():
            note = _("As %(name)s had it, before merging") % {"name": name_of(by)}
        record(article, {**head, **mine}, by=by, is_autosave=is_autosave, note=note[:200])
    state.names[client] = name_of(by)
    revision = record(article, data, by=by, is_autosave=is_autosave)
    _note_disputes(locked, state, disputes, client)
    _settle_touched(locked, saves, base, by)
    _store(state, revision)
    foreign += [name for name in data if name not in mine and name in raced]
    return Merged(revision, woven.clock, revision.snapshot, foreign, open_conflicts(article))


def open_conflicts(article: Article) -> list[Conflict]:
    """Return the places where somebody has to choose between two versions."""
    return list(article.conflicts.filter(settled_at=None).order_by("number"))


@whole
def settle(article: Article, number: int, value: Any, *, by: Any) -> Merged:
    """Put `value` in the place of a conflict: one of its versions, or other words.

    value: text without markup for words, else as in a snapshot. Raises Conflict.DoesNotExist, and
    ValidationError for words that the field does not hold.
    """
    locked = lock(article)
    conflict = Conflict.objects.get(article=article, number=number, settled_at=None)
    state = _weave_of(locked)
    woven, data = state.woven, dict(state.data)
    name = conflict.field
    if name == "body" or name in TEXTS:
        if value != conflict.base or value:
            woven.settle(number, str(value), client="")
        data[name] = _merged(name, woven.value(name))
        if _is_too_long(name, data[name]):
            raise ValidationError(_("This is too long."))
    else:
        woven.save({name: value}, client="", base=woven.clock)
        data[name] = value
    revision = record(article, data, by=by)
    conflict.settled_at, conflict.settled_by_name = timezone.now(), name_of(by)
    conflict.save(update_fields=["settled_at", "settled_by_name"])
    _store(state, revision)
    return Merged(revision, woven.clock, revision.snapshot, [name], open_conflicts(article))


# --- the weave of an article ---------------------------------------------------------------------


@dataclass
class _State:
    """A weave beside what it stands for.

    data: the newest revision; floor: the first clock that it knows; names: client -> person;
    marks: clock -> number of its revision.
    """

    row: Weave
    woven: Woven
    data: Snapshot
    floor: int = 1
    names: dict[str, str] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)


def _weave_of(article: Article) -> _State:
    """Return the article's weave, brought up to what was saved past it. The article is locked."""
    last = newest(article)
    data = last.snapshot if last else snapshot(article)
    if missing := set(FIELDS) - set(data):
        # An older revision may lack a field.
        rows = snapshot(article)
        data = {**data, **{name: rows[name] for name in missing}}
    row = Weave.objects.filter(article=article).first()
    if row is None:
        row = Weave(article=article)
        state = _State(row, Woven.begin(data), data)
        _store(state, last)
    else:
        held = row.data
        woven = Woven.from_json(held["weave"])
        state = _State(row, woven, data, held["floor"], dict(held["names"]), dict(held["marks"]))
        if not _is_of(row, last):
            # Restored, imported, renamed: a save by nobody at a screen.
            woven.save(data, client="", base=woven.clock)
            _store(state, last)
        elif _may_begin_anew(row):
            state.woven = Woven.begin(data, clock=woven.clock)
            state.floor = woven.clock
    return state


def _may_begin_anew(row: Weave) -> bool:
    quiet = (timezone.now() - row.saved_at).total_seconds() > _QUIET_SECONDS
    return quiet and len(json.dumps(row.data)) > _HEAVY


def _is_of(row: Weave, last: Revision | None) -> bool:
    return row.data.get("digest") == _digest(last.snapshot if last else None)


def _digest(data: Snapshot | None) -> str:
    text = json.dumps(data, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _store(state: _State, revision: Revision | None) -> None:
    state.marks[str(state.woven.clock)] = revision.number if revision else 0
    # A screen may have been away for long, but not for thousands of saves.
    newest_marks = sorted(state.marks, key=int)[-2_000:]
    state.row.clock = state.woven.clock
    state.row.saved_at = timezone.now()
    state.row.data = {
        "weave": state.woven.to_json(),
        "digest": _digest(revision.snapshot if revision else None),
        "floor": state.floor,
        "names": state.names,
        "marks": {clock: state.marks[clock] for clock in newest_marks},
    }
    state.row.save()


def _bring_up_to_date(article: Article, state: _State, base: int) -> None:
    """Give a screen that was away for long the state it had, woven with what came since.

    The weave was begun anew meanwhile; the revision of that time says what stood there.
    """
    clocks = [int(clock) for clock in state.marks if int(clock) <= base]
    # 0: it had no revision then; what stood in its rows became number 1.
    number = (state.marks[str(max(clocks))] or 1) if clocks else None
    old = article.revisions.filter(number=number).first()
    if old is None:
        return
    clock = state.woven.clock
    state.woven = Woven.begin({**state.data, **old.snapshot}, clock=clock)
    state.floor = clock
    state.woven.save(state.data, client="", base=clock)


def _normal(article: Article, head: Snapshot, mine: Snapshot) -> Snapshot:
    """What was sent as a save would leave it, so that the weave and the revision agree."""
    automatic = slugify(head.get("headline") or "", fallback="")
    if not article.published_on and automatic and mine.get("slug") == head["slug"] == automatic:
        # Made of the headline while that was being typed: it goes on following the headline.
        mine = {**mine, "slug": ""}
    full = normal(article, {**head, **mine})
    return {name: full[name] for name in mine}


def _merged(name: str, value: Any) -> Any:
    """A merged value as it may be stored."""
    if name == "body":
        return clean_body(value)
    return " ".join(value.split()) if name in TEXTS and name != "standfirst" else value


def _is_too_long(name: str, value: Any) -> bool:
    limit = Article._meta.get_field(name).max_length if name in TEXTS else None
    return limit is not None and len(value) > limit


# --- conflicts -----------------------------------------------------------------------------------


def _note_disputes(
    article: Article, state: _State, disputes: list[tuple[str, Dispute]], client: str
) -> None:
    if not disputes:
        return
    last = article.conflicts.aggregate(last=Max("number"))["last"] or 0
    for number, (name, one) in enumerate(disputes, start=last + 1):
        others = ", ".join(sorted({state.names.get(c, "") for c in one.clients} - {""}))
        for atom in one.atoms:
            atom.dispute = number
        Conflict.objects.create(
            article=article,
            number=number,
            field=name,
            base=_shown(name, one.base),
            versions=[
                {
                    "name": state.names.get(client, ""),
                    "client": client,
                    "value": _value(name, one.mine),
                },
                {
                    "name": others or _("Somebody"),
                    "client": sorted(one.clients)[0] if one.clients else "",
                    "value": _value(name, one.theirs),
                },
            ],
            # As the line stood when it happened: others go on writing around it.
            place={"clock": state.woven.clock, "around": one.around(_WORDS_AROUND)},
        )


def _value(name: str, text: str) -> Any:
    is_text = name == "body" or name in TEXTS
    return text if is_text else json.loads(text or "null")


def _shown(name: str, text: str) -> str:
    value = _value(name, text)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _settle_touched(article: Article, saves: Mapping[str, Save], base: int, by: Any) -> None:
    """Whoever has seen a conflict and rewrites its words has chosen."""
    touched = {number for save in saves.values() for number in save.touched}
    for conflict in article.conflicts.filter(number__in=touched, settled_at=None):
        if base >= conflict.place.get("clock", 0):
            conflict.settled_at, conflict.settled_by_name = timezone.now(), name_of(by)
            conflict.save(update_fields=["settled_at", "settled_by_name"])


__all__ = ["Merged", "clock_of", "open_conflicts", "save", "settle"]
