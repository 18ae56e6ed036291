"""A save goes into a weave: what a screen had, compared with what it sends."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count

from articles.text.compare import alike_pairs
from articles.text.matching import matches
from articles.text.weave.lines import Holder, Line, Token
from articles.text.weave.strands import (
    Atom,
    Dress,
    Event,
    Sequence,
    Slot,
    Stamp,
    Strand,
    View,
    Write,
)

#: Signs that end a sentence: two people who add sentences there do not dispute.
_ENDS = frozenset('.!?…:;"”»’。！？।؟')
#: Words and spaces between two disputes that are one.
_NEAR = 4
#: Letters of a word that stays by chance amid a stretch that was rewritten.
_ISLAND = 3


@dataclass
class Dispute:
    """The same words changed by two people: the words' place, and each version of it."""

    strand: Strand
    atoms: list[Atom]
    base: str
    mine: str
    theirs: str
    clients: set[str]
    write: bool = False


@dataclass
class Save:
    """One save: which state it was made on, its number, and what it found."""

    view: View
    event: Event
    stamp: Stamp
    names: Iterable[int]
    disputes: list[Dispute] = field(default_factory=list)
    changed: bool = False
    #: Disputes whose words the save changed, having seen them.
    touched: set[int] = field(default_factory=set)

    @classmethod
    def on(cls, sequence: Sequence, *, clock: int, client: str, base: int) -> "Save":
        """A save by `client` on the state `base`, as number `clock`."""
        view = View(base, client)
        return cls(
            view, Event(clock, client, base), Stamp(sequence.rank(view) + 1, client), count(1)
        )

    @property
    def others(self) -> View:
        return View(self.event.clock - 1, without=self.event.client)


@dataclass(frozen=True)
class Item:
    """What a field consists of, before it is a line of the weave.

    key: of an item of a list; text: by which lines are recognised; value: what it is; inside:
    the tags of the lists and tables that a line stands in.
    """

    key: str
    text: str
    value: str
    tokens: tuple[Token, ...] = ()
    inside: str = ""


# --- lines -------------------------------------------------------------------------------------


def put(sequence: Sequence, items: list[Item], save: Save, *, values_dispute: bool) -> None:
    """Bring the change from what the screen had to `items` into `sequence`."""
    shown = list(sequence.lines_in(save.view))
    known = _aligned([_item_of(strand, save.view) for _slot, strand in shown], items)
    kept = set(known.values())
    for place, (_slot, strand) in enumerate(shown):
        if place not in kept:
            strand.deaths.append(save.event)
            save.changed = True
            save.touched |= {a.dispute for a in strand.atoms_in(save.view) if a.dispute}
    still = _longest_in_order([known.get(j) for j in range(len(items))])
    cursor: Slot | None = None
    for j, item in enumerate(items):
        place = known.get(j)
        if place is None:
            cursor = _bring(sequence, item, cursor, save)
            continue
        slot, strand = shown[place]
        if j not in still:
            slot = Slot(save.stamp, [save.event], strand)
            sequence.insert(slot, cursor)
            save.changed = True
        cursor = slot
        _set_value(strand, item.value, save, values_dispute)
        weave_tokens(strand, item.tokens, save)


def _item_of(strand: Strand, view: View) -> Item:
    atoms = strand.atoms_in(view)
    words = "".join(" " if len(a.text) > 1 and a.text[0] == "<" else a.text for a in atoms)
    text = " ".join(words.split()) or "".join(a.text for a in atoms)
    value = strand.value_in(view)
    inside = "" if strand.key else "/".join(holder.tag for holder in shape_of(value)[1])
    return Item(strand.key, text, value, inside=inside)


def _aligned(old: list[Item], new: list[Item]) -> dict[int, int]:
    """Return which of the new lines is which of the old: place in new -> place in old."""
    known: dict[int, int] = {}
    ours, theirs = [_mark(item) for item in old], [_mark(item) for item in new]
    i = j = 0
    for a, b, size in [*matches(ours, theirs), (len(old), len(new), 0)]:
        known |= _alike(old, new, range(i, a), range(j, b))
        known |= {b + step: a + step for step in range(size)}
        i, j = a + size, b + size
    # What is left may have been moved, and changed on the way.
    left = [place for place in range(len(old)) if place not in set(known.values())]
    for j in range(len(new)):
        same = [i for i in left if ours[i] == theirs[j]] if j not in known else []
        if same:
            known[j] = same[0]
            left.remove(same[0])
    fresh = [j for j in range(len(new)) if j not in known]
    return known | _alike(old, new, left, fresh)


def _alike(
    old: list[Item], new: list[Item], places: Iterable[int], others: Iterable[int]
) -> dict[int, int]:
    """Which of the lines that nothing else told are changed ones: those of like words."""
    groups: dict[str, tuple[list[int], list[int]]] = {}
    for side, lines, at in ((0, old, places), (1, new, others)):
        for place in at:
            if not lines[place].key:
                groups.setdefault(lines[place].inside, ([], []))[side].append(place)
    return {
        theirs[b]: ours[a]
        for ours, theirs in groups.values()
        for a, b in alike_pairs([old[i].text for i in ours], [new[j].text for j in theirs])
    }


def _mark(item: Item) -> str:
    return item.key or item.text or f"\0{_sort(item.value)}"


def _sort(value: str) -> str:
    return value.partition(",")[0]


def _longest_in_order(places: list[int | None]) -> set[int]:
    """Return the indexes of a longest rising series in `places`: the lines that stayed."""
    best: list[tuple[int, int | None]] = []
    ends: list[int] = []
    for index, place in enumerate(places):
        before = None
        length = 0
        if place is not None:
            low, high = 0, len(ends)
            while low < high:
                middle = (low + high) // 2
                if places[ends[middle]] < place:
                    low = middle + 1
                else:
                    high = middle
            length, before = low, ends[low - 1] if low else None
            ends[low : low + 1] = [index]
        best.append((length, before))
    stays: set[int] = set()
    index = ends[-1] if ends else None
    while index is not None:
        stays.add(index)
        index = best[index][1]
    return stays


def _bring(sequence: Sequence, item: Item, cursor: Slot | None, save: Save) -> Slot:
    """Add a line that the screen did not have; an item that somebody else added is that item."""
    save.changed = True
    if item.key:
        for slot, strand in sequence.lines_in(save.others):
            if strand.key == item.key and not save.view.sees_any(slot.births):
                return _share(sequence, strand, item, cursor, save)
    strand = Strand(item.key)
    strand.writes.append(Write(save.stamp, save.event, item.value))
    strand.atoms = [
        Atom(token.text, token.marks, save.stamp, [save.event]) for token in item.tokens
    ]
    slot = Slot(save.stamp, [save.event], strand)
    sequence.insert(slot, cursor)
    return slot


def _share(sequence: Sequence, strand: Strand, item: Item, cursor: Slot | None, save: Save) -> Slot:
    """Make an item that somebody else brought this save's, too; the higher rank places it."""
    strand.writes.append(Write(save.stamp, save.event, item.value))
    slot = Slot(save.stamp, [save.event], strand)
    sequence.insert(slot, cursor)
    return slot


def _set_value(strand: Strand, value: str, save: Save, values_dispute: bool) -> None:
    before = strand.value_in(save.view)
    if before == value:
        return
    save.changed = True
    theirs = strand.value_in(save.others)
    unseen = [
        write
        for write in strand.writes
        if not save.view.sees(write.event) and write.event.client != save.event.client
    ]
    if values_dispute and unseen and theirs not in (value, before):
        clients = {write.event.client for write in unseen}
        save.disputes.append(Dispute(strand, [], before, value, theirs, clients, write=True))
    strand.writes.append(Write(save.stamp, save.event, value))


# --- words -------------------------------------------------------------------------------------


@dataclass
class _Hunk:
    """A place where words were changed: [i, j) of the screen's, [p, q) of what it sends."""

    i: int
    j: int
    p: int
    q: int


def weave_tokens(strand: Strand, tokens: tuple[Token, ...], save: Save) -> None:
    """Bring the change of a line's words into its strand."""
    view = save.view
    shown = strand.atoms_in(view)
    old, new = [atom.text for atom in shown], [token.text for token in tokens]
    runs = matches(old, new)
    for a, b, size in runs:
        for step in range(size):
            _dress(shown[a + step], tokens[b + step], save)
    place = {id(atom): at for at, atom in enumerate(strand.atoms)}
    # From the end, so that the places before stay what they are.
    spans = [
        _change(strand, shown, tokens, hunk, place, save)
        for hunk in reversed(_hunks(runs, old, new))
    ]
    _report(strand, [span for span in reversed(spans) if span], save)


def _dress(atom: Atom, token: Token, save: Save) -> None:
    before = atom.marks_in(save.view)
    if before == token.marks:
        return
    added = tuple(mark for mark in token.marks if mark not in before)
    removed = tuple(mark for mark in before if mark not in token.marks)
    if added or removed:
        atom.dresses.append(Dress(save.stamp, save.event, added, removed))
        save.changed = True


def _hunks(runs: list[tuple[int, int, int]], old: list[str], new: list[str]) -> list[_Hunk]:
    """The changed places; two rewritten ones with hardly a word between them are one."""
    hunks: list[_Hunk] = []
    i = p = 0
    for a, b, size in [*runs, (len(old), len(new), 0)]:
        if a > i or b > p:
            last = hunks[-1] if hunks else None
            rewritten = last and last.j > last.i and last.q > last.p and a > i and b > p
            if rewritten and len("".join(old[last.j : i]).strip()) <= _ISLAND:
                last.j, last.q = a, b
            else:
                hunks.append(_Hunk(i, a, p, b))
        i, p = a + size, b + size
    return hunks


def _has_words(texts: Iterable[str]) -> bool:
    return any(char.isalnum() for text in texts for char in text)


def _change(
    strand: Strand,
    shown: list[Atom],
    tokens: tuple[Token, ...],
    hunk: _Hunk,
    place: dict[int, int],
    save: Save,
) -> list[Atom]:
    """Take away the words of one place and put the new ones behind them.

    Returns the words around it that are in dispute, those that were put there included.
    """
    save.changed = True
    gone = shown[hunk.i : hunk.j]
    origin = gone[-1] if gone else shown[hunk.i - 1] if hunk.i else None
    at = place[id(origin)] + 1 if origin is not None else 0
    new = [Atom(t.text, t.marks, save.stamp, [save.event]) for t in tokens[hunk.p : hunk.q]]
    span = _disputed(strand, shown, hunk, place, new, save)
    for atom in gone:
        if atom.dispute:
            save.touched.add(atom.dispute)
        atom.deaths.append(save.event)
    while at < len(strand.atoms) and strand.atoms[at].stamp > save.stamp:
        at += 1
    strand.atoms[at:at] = new
    return [*span, *new] if span else []


def _disputed(
    strand: Strand,
    shown: list[Atom],
    hunk: _Hunk,
    place: dict[int, int],
    new: list[Atom],
    save: Save,
) -> list[Atom]:
    """The words around a change that somebody else changed unseen; none: no dispute."""
    gone = shown[hunk.i : hunk.j]
    left = place[id(shown[hunk.i - 1])] + 1 if hunk.i else 0
    first = place[id(gone[0])] if gone else left
    right = place[id(shown[hunk.j])] if hunk.j < len(shown) else len(strand.atoms)
    window = strand.atoms[first:right]
    came = [
        atom for atom in window if not save.view.sees_any(atom.births) and atom.is_in(save.others)
    ]
    words_came = _has_words(atom.text for atom in came)
    words_new = _has_words(atom.text for atom in new)
    if gone:
        if [atom.text for atom in came] == [atom.text for atom in new]:
            # Both mended it alike.
            return []
        went = [atom for atom in gone if save.others.sees_any(atom.deaths)]
        if not (words_came or (_has_words(a.text for a in went) and words_new)):
            return []
    else:
        before = shown[hunk.i - 1] if hunk.i else None
        after = shown[hunk.j] if hunk.j < len(shown) else None
        if words_came and words_new:
            if _ends_a_sentence(shown[: hunk.i]):
                return []
        elif not (words_new and _both_went(before, after, save)):
            return []
    return _stretch(strand.atoms, first, right, save)


def _ends_a_sentence(before: list[Atom]) -> bool:
    words = [atom.text for atom in before if atom.text.strip()]
    return not words or words[-1] in _ENDS


def _both_went(before: Atom | None, after: Atom | None, save: Save) -> bool:
    """Whether somebody took away the words on both sides in one save."""
    if before is None or after is None:
        return False
    unseen = {death for death in before.deaths if save.others.sees(death)}
    return any(save.others.sees(death) and death in unseen for death in after.deaths)


def _stretch(atoms: list[Atom], first: int, right: int, save: Save) -> list[Atom]:
    """The words from `first` to `right`, and what was changed unseen right beside them."""

    def is_changed(atom: Atom) -> bool:
        return not save.view.sees_any(atom.births) or any(
            not save.view.sees(death) for death in atom.deaths
        )

    while first and is_changed(atoms[first - 1]):
        first -= 1
    while right < len(atoms) and is_changed(atoms[right]):
        right += 1
    return atoms[first:right]


def _report(strand: Strand, spans: list[list[Atom]], save: Save) -> None:
    """Note the disputes of a line; places that touch are one."""
    if not spans:
        return
    order = {id(atom): at for at, atom in enumerate(strand.atoms)}
    stretches: list[list[int]] = []
    for first, last in sorted(
        (min(order[id(a)] for a in span), max(order[id(a)] for a in span)) for span in spans
    ):
        if stretches and first - stretches[-1][1] <= _NEAR:
            stretches[-1][1] = max(last, stretches[-1][1])
        else:
            stretches.append([first, last])
    for first, last in stretches:
        atoms = strand.atoms[first : last + 1]
        clients = {
            event.client
            for atom in atoms
            for event in (*atom.births, *atom.deaths)
            if not save.view.sees(event) and event.client != save.event.client
        }
        views = View(save.view.clock), save.view, save.others
        texts = ["".join(a.text for a in atoms if a.is_in(view)).strip() for view in views]
        save.disputes.append(Dispute(strand, atoms, *texts, clients))


# --- the sort of a line ------------------------------------------------------------------------


def items_of(lines: list[Line], sequence: Sequence, view: View, names: Iterable[int]) -> list[Item]:
    """Return body lines as items, their lists and tables under the names that the weave has."""
    items = [
        Item(
            "",
            line.text or "".join(token.text for token in line.tokens),
            "",
            line.tokens,
            "/".join(holder.tag for holder in line.path),
        )
        for line in lines
    ]
    shown = [strand for _slot, strand in sequence.lines_in(view)]
    known = _aligned([_item_of(strand, view) for strand in shown], items)
    theirs: dict[str, str] = {}
    used: set[str] = set()
    for j, place in sorted(known.items()):
        path = shape_of(shown[place].value_in(view))[1]
        for mine, old in zip(lines[j].path, path, strict=False):
            if mine.tag != old.tag:
                break
            if mine.name not in theirs and old.name not in used:
                theirs[mine.name] = old.name
                used.add(old.name)
    fresh = iter(names)
    done = []
    for line, item in zip(lines, items, strict=True):
        path = []
        for holder in line.path:
            if holder.name not in theirs:
                theirs[holder.name] = f"n{next(fresh)}"
            path.append([holder.tag, holder.attributes, theirs[holder.name]])
        done.append(replace(item, value=json.dumps([line.sort, path])))
    return done


def shape_of(value: str) -> tuple[str, tuple[Holder, ...]]:
    """Return the sort of a body line and what it stands in."""
    if not value:
        return "p", ()
    sort, path = json.loads(value)
    return sort, tuple(Holder(*holder) for holder in path)
