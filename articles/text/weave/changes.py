"""A save goes into a weave: the lines that a screen had, compared with those that it sends."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from articles.text.compare import alike_pairs
from articles.text.matching import matches
from articles.text.weave.lines import Holder, Line, Token
from articles.text.weave.runs import Bound, Cell, Run
from articles.text.weave.saves import Save
from articles.text.weave.strands import BREAK, Atom, Sequence, Shown, Slot, Strand, Write

#: Share of a line's words that came from another, from which it was cut from it or joined to it.
_MOSTLY = 0.6


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


@dataclass
class _Group:
    """Lines that were there and what became of them: one of each, but for cut and joined ones."""

    olds: list[int]
    news: list[int]


def put(sequence: Sequence, save: Save, items: list[Item], *, values_dispute: bool) -> None:
    """Bring the change from what the screen had to `items` into `sequence`."""
    shown = sequence.shown_in(save.view)
    old = [_item_of(line) for line in shown]
    _put(sequence, save, shown, old, items, _aligned(old, items), values_dispute)


def put_body(sequence: Sequence, save: Save, lines: list[Line], names: Iterable[int]) -> None:
    """Bring the change from what the screen had to `lines` into the sequence of a body."""
    shown = sequence.shown_in(save.view)
    old = [_item_of(line) for line in shown]
    items, known = items_of(lines, old, names)
    _put(sequence, save, shown, old, items, known, values_dispute=False)


def _put(
    sequence: Sequence,
    save: Save,
    shown: list[Shown],
    old: list[Item],
    items: list[Item],
    known: dict[int, int],
    values_dispute: bool,
) -> None:
    groups = _grouped(old, items, known)
    pass_over = _Pass(sequence, shown, items, save, values_dispute)
    pass_over.take_away({old for group in groups for old in group.olds})
    pass_over.go(groups)
    if save.changed:
        sequence.changes[save.event.client] = save.event.clock


class _Pass:
    """One way through the lines of a save, from the first to the last."""

    def __init__(
        self,
        sequence: Sequence,
        shown: list[Shown],
        items: list[Item],
        save: Save,
        values_dispute: bool,
    ) -> None:
        self.sequence, self.shown, self.items, self.save = sequence, shown, items, save
        self.values_dispute = values_dispute
        self.owners = {id(atom): strand for strand in sequence.strands() for atom in strand.atoms}
        #: The slot of the line before, and its last word.
        self.cursor: Slot | None = None
        self.tail: tuple[Strand, Atom | None] | None = None
        #: The last of the old lines that the line before is, unless it was put elsewhere.
        self.reached: int | None = None
        self.removed: set[int] = set()

    def take_away(self, kept: set[int]) -> None:
        """Take away the lines that are not there any more."""
        for place, line in enumerate(self.shown):
            if place not in kept:
                self.removed.add(place)
                self._remove(line)
            elif any(self.save.view.sees(death) for death in line.strand.deaths):
                line.strand.lives.append(self.save.event)

    def _remove(self, line: Shown) -> None:
        self.save.changed = True
        if line.slot is not None:
            line.strand.deaths.append(self.save.event)
        if line.is_whole:
            words = (atom for atom in line.atoms if not atom.text.isspace())
            self.save.touched |= {atom.dispute for atom in words if atom.dispute}
            return
        for atom in [*([line.head] if line.head else []), *line.atoms]:
            self.save.take_away(atom)

    def go(self, groups: list[_Group]) -> None:
        """Put every line in its place."""
        still = _longest_in_order([group.olds[0] for group in groups])
        stays = {group.news[0]: index in still for index, group in enumerate(groups)}
        begins = {group.news[0]: group for group in groups}
        inside = {new for group in groups for new in group.news[1:]}
        fresh: list[int] = []
        for j in range(len(self.items)):
            group = begins.get(j)
            if group is None:
                if j not in inside:
                    fresh.append(j)
                continue
            if self.shown[group.olds[0]].slot is None:
                self._go_on(group, fresh)
            else:
                self._bring_all(fresh)
                self._place(group, stays[j])
            fresh = []
        self._bring_all(fresh)

    def _bring_all(self, places: Iterable[int]) -> None:
        for j in places:
            self.cursor = _bring(self.sequence, self.items[j], self.cursor, self.save)
            self.tail, self.reached = None, None

    def _place(self, group: _Group, stays: bool) -> None:
        """A line that begins a strand: where it was, or moved behind the line before."""
        first = self.shown[group.olds[0]]
        slot = first.slot
        if not stays:
            slot = Slot(self.save.stamp, [self.save.event], first.strand)
            self.sequence.insert(slot, self.cursor)
            self.save.changed = True
        self.cursor = slot
        value = self.items[group.news[0]].value
        self.save.set_value(first.strand, value, disputes=self.values_dispute)
        self._weave(group)

    def _go_on(self, group: _Group, fresh: list[int]) -> None:
        """A line behind a break: it goes on behind the line before, or it was put elsewhere."""
        place = group.olds[0]
        if not self._goes_on_at(place):
            for old in group.olds:
                self._remove(self.shown[old])
            self._bring_all([*fresh, *group.news])
            return
        for j in fresh:
            self._insert_behind(self.items[j])
        head = self.shown[place].head
        value = Token(BREAK, (self.items[group.news[0]].value,))
        Run([head], self.owners, (self.shown[place].strand, None)).put((value,), self.save)
        self._weave(group)

    def _goes_on_at(self, place: int) -> bool:
        """Whether the line before is the one that stood before this one, of the same strand."""
        if self.reached is None or self.reached >= place:
            return False
        return all(
            at in self.removed and self.shown[at].slot is None
            for at in range(self.reached + 1, place)
        )

    def _insert_behind(self, item: Item) -> None:
        """A new line amid the lines of one strand: behind a break of its own."""
        strand, origin = self.tail
        tokens = (Token(BREAK, (item.value,)), *item.tokens)
        born = (self.save.event,)
        new = [Atom(t.text, t.marks, self.save.stamp, born) for t in tokens]
        self.owners.update((id(atom), strand) for atom in new)
        at = strand.atoms.index(origin) + 1 if origin is not None else 0
        while at < len(strand.atoms) and strand.atoms[at].stamp > self.save.stamp:
            at += 1
        strand.atoms[at:at] = new
        self.tail = (strand, new[-1])
        self.save.changed = True

    def _weave(self, group: _Group) -> None:
        cells: list[Cell] = []
        for place in group.olds:
            line = self.shown[place]
            if cells or place != group.olds[0]:
                cells.append(line.head or Bound(line.strand))
            cells += line.atoms
        tokens: list[Token] = []
        for j in group.news:
            if j != group.news[0]:
                tokens.append(Token(BREAK, (self.items[j].value,)))
            tokens += self.items[j].tokens
        first = self.shown[group.olds[0]]
        run = Run(cells, self.owners, (first.strand, first.head))
        self.tail = run.put(tuple(tokens), self.save)
        self.reached = group.olds[-1]


def _grouped(old: list[Item], new: list[Item], known: dict[int, int]) -> list[_Group]:
    """Return which lines became which: lines cut in two and lines joined go together."""
    kept, used = set(known.values()), set(known)
    groups = []
    for j, i in sorted(known.items()):
        group = _Group([i], [j])
        groups.append(group)
        if old[i].key or old[i].text == new[j].text:
            continue
        ours, theirs = Counter(old[i].text.split()), Counter(new[j].text.split())
        for step in (1, -1):
            at = j + step
            if 0 <= at < len(new) and at not in used and _came_from(new[at], ours - theirs):
                group.news.append(at)
                used.add(at)
            at = i + step
            if 0 <= at < len(old) and at not in kept and _came_from(old[at], theirs - ours):
                group.olds.append(at)
                kept.add(at)
        group.olds.sort()
        group.news.sort()
    return sorted(groups, key=lambda group: group.news[0])


def _came_from(item: Item, words: Counter[str]) -> bool:
    mine = Counter(item.text.split())
    return bool(mine) and (mine & words).total() >= _MOSTLY * mine.total()


def _item_of(line: Shown) -> Item:
    texts = [atom.text for atom in line.atoms]
    words = "".join([" " if len(text) > 1 and text[0] == "<" else text for text in texts])
    text = " ".join(words.split()) or "".join(texts)
    key = line.strand.key
    inside = "" if key else "/".join(holder.tag for holder in shape_of(line.value)[1])
    return Item(key, text, line.value, inside=inside)


def _aligned(old: list[Item], new: list[Item]) -> dict[int, int]:
    """Return which of the new lines is which of the old: place in new -> place in old."""
    known: dict[int, int] = {}
    ours, theirs = [_mark(item) for item in old], [_mark(item) for item in new]
    i = j = 0
    for a, b, size in [*matches(ours, theirs), (len(old), len(new), 0)]:
        known |= _alike(old, new, range(i, a), range(j, b))
        known |= _grown(old, new, range(i, a), range(j, b), known)
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


def _grown(
    old: list[Item], new: list[Item], places: range, others: range, known: dict[int, int]
) -> dict[int, int]:
    """Which lines of a stretch hold most words of one that was there: much was added to it."""
    found: dict[int, int] = {}
    left = [place for place in places if place not in set(known.values())]
    for j in others:
        words = Counter(new[j].text.split())
        for i in left if j not in known and not new[j].key else ():
            if old[i].inside == new[j].inside and _came_from(old[i], words):
                found[j] = i
                left.remove(i)
                break
    return found


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


def _longest_in_order(places: list[int]) -> set[int]:
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
        Atom(token.text, token.marks, save.stamp, (save.event,)) for token in item.tokens
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


# --- the sort of a line ------------------------------------------------------------------------


def items_of(
    lines: list[Line], old: list[Item], names: Iterable[int]
) -> tuple[list[Item], dict[int, int]]:
    """Return body lines as items, and which of them is which of the old lines.

    Their lists and tables get the names that the weave has for them, or new ones from `names`.
    """
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
    known = _aligned(old, items)
    theirs: dict[str, str] = {}
    used: set[str] = set()
    for j, place in sorted(known.items()):
        path = shape_of(old[place].value)[1]
        for mine, other in zip(lines[j].path, path, strict=False):
            if mine.tag != other.tag:
                break
            if mine.name not in theirs and other.name not in used:
                theirs[mine.name] = other.name
                used.add(other.name)
    fresh = iter(names)
    done = []
    for line, item in zip(lines, items, strict=True):
        path = []
        for holder in line.path:
            if holder.name not in theirs:
                theirs[holder.name] = f"n{next(fresh)}"
            path.append([holder.tag, holder.attributes, theirs[holder.name]])
        done.append(replace(item, value=json.dumps([line.sort, path])))
    return done, known


# Most lines of a text are of one sort.
@lru_cache(maxsize=1_000)
def shape_of(value: str) -> tuple[str, tuple[Holder, ...]]:
    """Return the sort of a body line and what it stands in."""
    if not value:
        return "p", ()
    sort, path = json.loads(value)
    return sort, tuple(Holder(*holder) for holder in path)
