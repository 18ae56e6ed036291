"""What a weave is made of: atoms (words) in strands (lines), and how a screen saw them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from articles.text.weave.lines import Token, in_order


class Stamp(NamedTuple):
    """The rank of what a save brought: one more than anything its author had seen, and who."""

    rank: int
    client: str


class Event(NamedTuple):
    """Something that a save did. clock: the save's number; seen: the clock that its base had."""

    clock: int
    client: str
    seen: int = 0

    def follows(self, other: "Event") -> bool:
        """Whether its author had seen the other event."""
        own = other.client == self.client and other.clock < self.clock
        return own or other.clock <= self.seen


@dataclass(frozen=True)
class View:
    """The state that a screen has: all saves up to `clock`, and its own.

    without: nobody sees what this client did.
    """

    clock: int
    client: str | None = None
    without: str | None = None

    def sees(self, event: Event) -> bool:
        if event.client == self.without:
            return False
        return event.clock <= self.clock or event.client == self.client

    def sees_any(self, events: Iterable[Event]) -> bool:
        # Asked for every word of a text: a loop is half as slow as `any`.
        for event in events:  # noqa: SIM110
            if self.sees(event):
                return True
        return False


#: Sign of an atom at which a line was cut in two; its mark is the value of the line behind it.
BREAK = "\x1e"
#: Value of a line that was joined to the line before it.
GLUED = '["+", []]'
_PLAIN = '["p", []]'

#: Everything there is.
HEAD = View(2**62)
FIRST = Stamp(0, "")


class Write(NamedTuple):
    """A value that a save set."""

    stamp: Stamp
    event: Event
    value: str


class Dress(NamedTuple):
    """Marks that a save put on a word and took from it."""

    stamp: Stamp
    event: Event
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Atom:
    """One word, space or sign. dispute: number of the conflict it is part of, or 0.

    Its events are tuples, which neighbours of one origin share.
    """

    text: str
    marks: tuple[str, ...]
    stamp: Stamp
    births: tuple[Event, ...]
    deaths: tuple[Event, ...] = ()
    dresses: tuple[Dress, ...] = ()
    dispute: int = 0

    def is_in(self, view: View) -> bool:
        if self.deaths and view.sees_any(self.deaths):
            return False
        return view.sees_any(self.births)

    def marks_in(self, view: View) -> tuple[str, ...]:
        if not self.dresses:
            return self.marks
        if self.text == BREAK:
            seen = [dress for dress in self.dresses if view.sees(dress.event)]
            return max(seen).added if seen else self.marks
        marks = set(self.marks)
        for dress in sorted(self.dresses):
            if view.sees(dress.event):
                marks = (marks - set(dress.removed)) | set(dress.added)
                if any(mark.startswith("a ") for mark in dress.added):
                    # A word leads to one place: the one that was chosen last.
                    marks -= {m for m in marks if m.startswith("a ") and m not in dress.added}
        return in_order(marks)

    def token_in(self, view: View) -> Token:
        return Token(self.text, self.marks_in(view))


@dataclass(slots=True, eq=False)
class Slot:
    """A place among the lines, and the strand that was put there."""

    stamp: Stamp
    births: list[Event]
    strand: "Strand"


@dataclass(slots=True, eq=False)
class Strand:
    """One line: its words, and the values that were set for what it is.

    key: what tells an item of a list from others; "" for a line of text. lives: saves that kept
    the line though they had seen it taken away, because it had come back.
    """

    key: str = ""
    atoms: list[Atom] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    deaths: list[Event] = field(default_factory=list)
    lives: list[Event] = field(default_factory=list)

    def value_in(self, view: View) -> str:
        seen = [write for write in self.writes if view.sees(write.event)]
        return max(seen).value if seen else ""

    def atoms_in(self, view: View) -> list[Atom]:
        """The words of the line; what two people put for one word alike is there once."""
        alive: list[Atom] = []
        stamp = births = deaths = None
        origins, is_seen = 0, False
        for atom in self.atoms:
            # Neighbours share their events: looked at once for all of them.
            if atom.births is not births or atom.deaths is not deaths:
                births, deaths = atom.births, atom.deaths
                is_seen = atom.is_in(view)
            if atom.stamp is not stamp:
                stamp, origins = atom.stamp, origins + 1
            if is_seen:
                alive.append(atom)
        twins = self._twins_in(view) if origins > 2 else None
        return [atom for atom in alive if id(atom) not in twins] if twins else alive

    def _twins_in(self, view: View) -> set[int]:
        twins: set[int] = set()
        if len({atom.stamp for atom in self.atoms}) < 3:
            return twins
        born = (atom for atom in self.atoms if view.sees_any(atom.births))
        runs = [list(run) for _stamp, run in groupby(born, key=lambda atom: atom.stamp)]
        for origin, one, other in zip(runs, runs[1:], runs[2:], strict=False):
            if _are_twins(one, other, origin[-1], view):
                twins |= {id(atom) for atom in other}
        return twins

    def is_dead_in(self, view: View) -> bool:
        """Whether somebody took the line away who had seen every word that is in it now."""
        lives = [life for life in self.lives if view.sees(life)]
        deaths = [
            death
            for death in self.deaths
            if view.sees(death) and not any(life.follows(death) for life in lives)
        ]
        if not deaths or self.key:
            return bool(deaths)
        alive = [atom for atom in self.atoms_in(view) if atom.text.strip()]
        return any(
            all(any(death.follows(birth) for birth in atom.births) for atom in alive)
            for death in deaths
        )


def _are_twins(one: list[Atom], other: list[Atom], origin: Atom, view: View) -> bool:
    """Whether two neighbours, unseen by each other, put the same words for the word before."""
    first, second = one[0].births[0], other[0].births[0]
    if not (one[0].stamp.rank and other[0].stamp.rank):
        return False
    if first.client == second.client or [a.text for a in one] != [a.text for a in other]:
        return False
    if first.follows(second) or second.follows(first):
        return False
    killers = {death.client for death in origin.deaths if view.sees(death)}
    return {first.client, second.client} <= killers


@dataclass(slots=True, eq=False)
class Shown:
    """A line as a view shows it: words of one strand, or of several that were joined.

    slot: where its strand stands, if the line begins it; head: else the break behind which it
    stands. is_whole: it is all of its strand, and nothing else.
    """

    strand: Strand
    slot: Slot | None
    head: Atom | None
    value: str
    atoms: list[Atom] = field(default_factory=list)
    is_whole: bool = True


@dataclass(eq=False)
class Sequence:
    """The lines of a field, in order; a line that was moved has several slots."""

    slots: list[Slot] = field(default_factory=list)
    #: The last save of each client that changed anything here.
    changes: dict[str, int] = field(default_factory=dict)

    def has_news_for(self, view: View) -> bool:
        """Whether somebody changed something that a view does not see."""
        return any(not view.sees(Event(clock, who)) for who, clock in self.changes.items())

    def lines_in(self, view: View) -> Iterator[tuple[Slot, Strand]]:
        """Yield the lines that a view shows, each with the slot in which it shows it."""
        places: dict[int, Slot] = {}
        for slot in self.slots:
            if view.sees_any(slot.births):
                known = places.get(id(slot.strand))
                if known is None or slot.stamp > known.stamp:
                    places[id(slot.strand)] = slot
        for slot in self.slots:
            if places.get(id(slot.strand)) is slot and not slot.strand.is_dead_in(view):
                yield slot, slot.strand

    def shown_in(self, view: View) -> list[Shown]:
        """Return the lines as a view shows them: cut at breaks, and joined where they were."""
        lines: list[Shown] = []
        for slot, strand in self.lines_in(view):
            value = strand.value_in(view)
            if value == GLUED and lines:
                lines[-1].is_whole = False
            else:
                lines.append(Shown(strand, slot, None, _PLAIN if value == GLUED else value))
            for atom in strand.atoms_in(view):
                if atom.text == BREAK:
                    lines[-1].is_whole = False
                    value = atom.marks_in(view)[0]
                    lines.append(Shown(strand, None, atom, value, is_whole=False))
                else:
                    lines[-1].atoms.append(atom)
        return lines

    def strands(self) -> list[Strand]:
        return list({id(slot.strand): slot.strand for slot in self.slots}.values())

    def insert(self, slot: Slot, after: Slot | None) -> None:
        place = self.slots.index(after) + 1 if after is not None else 0
        while place < len(self.slots) and self.slots[place].stamp > slot.stamp:
            place += 1
        self.slots.insert(place, slot)

    def rank(self, view: View) -> int:
        """The highest rank of anything in a view."""
        ranks = [0]
        for slot in self.slots:
            if view.sees_any(slot.births):
                ranks.append(slot.stamp.rank)
        for strand in self.strands():
            ranks += [write.stamp.rank for write in strand.writes if view.sees(write.event)]
            births = dresses = None
            for atom in strand.atoms:
                if atom.births is not births:
                    births = atom.births
                    if atom.stamp.rank and view.sees_any(births):
                        ranks.append(atom.stamp.rank)
                if atom.dresses is not dresses:
                    dresses = atom.dresses
                    ranks += [one.stamp.rank for one in dresses if view.sees(one.event)]
        return max(ranks)
