"""Words of a line, or of a few lines that were cut or joined: what changed goes in."""

from collections.abc import Iterable
from dataclasses import dataclass

from articles.text.matching import matches
from articles.text.weave.lines import Token
from articles.text.weave.saves import Dispute, Save
from articles.text.weave.strands import BREAK, GLUED, Atom, Dress, Strand, View

#: Signs that end a sentence: two people who add sentences there do not dispute.
_ENDS = frozenset('.!?…:;"”»’。！？।؟') | {BREAK}
#: Words and spaces between two disputes that are one.
_NEAR = 4
#: Letters of a word that stays by chance amid a stretch that was rewritten.
_ISLAND = 3


@dataclass(eq=False)
class Bound:
    """The end of a line where the next one is a strand of its own."""

    strand: Strand
    text: str = BREAK


Cell = Atom | Bound


@dataclass
class _Hunk:
    """A place where words were changed: [i, j) of what was there, [p, q) of what is sent."""

    i: int
    j: int
    p: int
    q: int


class Run:
    """The words that a screen had, in order, and the strands that they belong to.

    start: the strand in which the first word stands, and the break before it if there is one.
    """

    def __init__(
        self, cells: list[Cell], owners: dict[int, Strand], start: tuple[Strand, Atom | None]
    ) -> None:
        self.cells, self.owners, self.start = cells, owners, start
        self._places: dict[int, dict[int, int]] = {}

    def put(self, tokens: tuple[Token, ...], save: Save) -> tuple[Strand, Atom | None]:
        """Bring the change to `tokens` in; return where the last word stands now."""
        if self._is(tokens, save.view):
            last = self.cells[-1] if self.cells else None
            return (self.owners[id(last)], last) if last else self.start
        old = [cell.text for cell in self.cells]
        runs = settled(matches(old, [token.text for token in tokens]), old, tokens)
        tail: Cell | None = None
        for a, b, size in runs:
            for step in range(size):
                self._dress(self.cells[a + step], tokens[b + step], save)
            if size and b + size == len(tokens):
                tail = self.cells[a + size - 1]
        spans: list[tuple[Strand, list[Atom]]] = []
        # From the end, so that the places before stay what they are.
        for hunk in reversed(self._hunks(runs, tokens)):
            new = self._change(hunk, tokens, save, spans)
            tail = new[-1] if new and hunk.q == len(tokens) else tail
        for strand in {id(strand): strand for strand, _span in spans}.values():
            _report(strand, [span for one, span in spans if one is strand], save)
        if isinstance(tail, Atom):
            return self.owners[id(tail)], tail
        return (tail.strand, None) if tail is not None else self.start

    def _is(self, tokens: tuple[Token, ...], view: View) -> bool:
        """Whether nothing changed, as in most lines of a save."""
        if len(self.cells) != len(tokens):
            return False
        for cell, token in zip(self.cells, tokens, strict=True):
            if not isinstance(cell, Atom) or cell.text != token.text:
                return False
            if (cell.marks_in(view) if cell.dresses else cell.marks) != token.marks:
                return False
        return True

    def _dress(self, cell: Cell, token: Token, save: Save) -> None:
        if isinstance(cell, Bound):
            save.set_value(cell.strand, token.marks[0])
            return
        before = cell.marks_in(save.view)
        added = tuple(mark for mark in token.marks if mark not in before)
        removed = tuple(mark for mark in before if mark not in token.marks)
        if added or removed:
            dress = Dress(save.stamp, save.event, added, removed)
            cell.dresses = (*cell.dresses, dress)
            save.changed = True

    def _hunks(self, runs: list[tuple[int, int, int]], tokens: tuple[Token, ...]) -> list[_Hunk]:
        """The changed places; two rewritten ones with hardly a word between them are one."""
        hunks: list[_Hunk] = []
        i = p = 0
        for a, b, size in [*runs, (len(self.cells), len(tokens), 0)]:
            if a > i or b > p:
                last = hunks[-1] if hunks else None
                between = "".join(cell.text for cell in self.cells[last.j : i]) if last else BREAK
                both_write = last is not None and last.q > last.p and b > p
                both_rewrite = both_write and last.j > last.i and a > i
                if (both_write and between.isspace()) or (
                    both_rewrite and BREAK not in between and len(between.strip()) <= _ISLAND
                ):
                    last.j, last.q = a, b
                else:
                    hunks.append(_Hunk(i, a, p, b))
            i, p = a + size, b + size
        return hunks

    def _change(
        self,
        hunk: _Hunk,
        tokens: tuple[Token, ...],
        save: Save,
        spans: list[tuple[Strand, list[Atom]]],
    ) -> list[Atom]:
        """Take away the words of one place and put the new ones behind them; return these."""
        save.changed = True
        gone = self.cells[hunk.i : hunk.j]
        strand, origin = self._behind(hunk)
        born = (save.event,)
        new = [Atom(t.text, t.marks, save.stamp, born) for t in tokens[hunk.p : hunk.q]]
        self.owners.update((id(atom), strand) for atom in new)
        owners = {id(strand): strand} | {
            id(self.owners[id(cell)]): self.owners[id(cell)]
            for cell in gone
            if isinstance(cell, Atom)
        }
        for owner in owners.values():
            mine = [cell for cell in gone if self.owners.get(id(cell)) is owner]
            fresh = new if owner is strand else []
            span = self._disputed(owner, hunk, mine, fresh, origin, save)
            if span:
                spans.append((owner, [*span, *fresh]))
        for cell in gone:
            if isinstance(cell, Atom):
                save.take_away(cell)
            else:
                save.set_value(cell.strand, GLUED)
        at = self._place(strand, origin) + 1 if origin is not None else 0
        while at < len(strand.atoms) and strand.atoms[at].stamp > save.stamp:
            at += 1
        strand.atoms[at:at] = new
        return new

    def _behind(self, hunk: _Hunk) -> tuple[Strand, Atom | None]:
        """The strand in which new words go, and the word that they stand behind."""
        if hunk.j == 0:
            return self.start
        last = self.cells[hunk.j - 1]
        if isinstance(last, Atom):
            return self.owners[id(last)], last
        return last.strand, None

    def _place(self, strand: Strand, atom: Atom) -> int:
        known = self._places.setdefault(id(strand), {})
        if id(atom) not in known:
            known.update((id(one), at) for at, one in enumerate(strand.atoms))
        return known[id(atom)]

    # --- disputes ------------------------------------------------------------------------------

    def _disputed(
        self,
        strand: Strand,
        hunk: _Hunk,
        gone: list[Atom],
        new: list[Atom],
        origin: Atom | None,
        save: Save,
    ) -> list[Atom]:
        """The words around a change that somebody else changed unseen; none: no dispute."""
        if gone:
            first, right = self._place(strand, gone[0]), self._place(strand, gone[-1]) + 1
        else:
            first = right = self._place(strand, origin) + 1 if origin is not None else 0
        while right < len(strand.atoms) and not strand.atoms[right].is_in(save.view):
            right += 1
        came = [
            atom
            for atom in strand.atoms[first:right]
            if not save.view.sees_any(atom.births) and atom.is_in(save.others)
        ]
        words_came, words_new = _has_words(came), _has_words(new)
        if gone:
            if [atom.text for atom in came] == [atom.text for atom in new]:
                # Both mended it alike.
                return []
            went = [atom for atom in gone if save.others.sees_any(atom.deaths)]
            if not words_came and not (_has_words(went) and words_new):
                return []
        elif words_came and words_new:
            if _ends_a_sentence([cell.text for cell in self.cells[: hunk.i]]):
                return []
        elif not (words_new and self._both_went(hunk, save)):
            return []
        return _stretch(strand.atoms, first, right, save)

    def _both_went(self, hunk: _Hunk, save: Save) -> bool:
        """Whether somebody took away the words on both sides in one save."""
        before = self.cells[hunk.i - 1] if hunk.i else None
        after = self.cells[hunk.j] if hunk.j < len(self.cells) else None
        if not isinstance(before, Atom) or not isinstance(after, Atom):
            return False
        unseen = {death for death in before.deaths if save.others.sees(death)}
        return any(save.others.sees(death) and death in unseen for death in after.deaths)


def settled(
    runs: list[tuple[int, int, int]], old: list[str], tokens: tuple[Token, ...]
) -> list[tuple[int, int, int]]:
    """Return the runs with each insertion behind the end of a sentence, where that is the same.

    Of a sentence that was added behind another, the point at its end is the new one, and not
    that of the sentence before: what becomes of that one must not take it along.
    """
    done: list[tuple[int, int, int]] = []
    i = p = 0
    for index, (a, b, size) in enumerate(runs):
        step = 0
        if a == i and b > p and not _ends_a_sentence(old[:i]):
            # It must not meet the next change: two changes are better than one large one.
            most = size - 1 if index + 1 < len(runs) else size
            before = done[-1][2] - 1 if done else 0
            step = _later(old, tokens, i, p, most) or -_earlier(old, tokens, i, b, before)
        if step > 0:
            done.append((a, p, step))
        elif step < 0:
            done[-1] = (*done[-1][:2], done[-1][2] + step)
        done.append((a + step, b + step, size - step))
        i, p = a + size, b + size
    return done


def _later(old: list[str], tokens: tuple[Token, ...], i: int, p: int, most: int) -> int:
    """How many words later an insertion may stand, to stand behind a sentence; 0: it may not."""
    for step in range(1, most + 1):
        if tokens[p + step - 1].text != old[i + step - 1]:
            return 0
        if _ends_a_sentence(old[: i + step]):
            return step
    return 0


def _earlier(old: list[str], tokens: tuple[Token, ...], i: int, b: int, most: int) -> int:
    for step in range(1, most + 1):
        if tokens[b - step].text != old[i - step]:
            return 0
        if _ends_a_sentence(old[: i - step]):
            return step
    return 0


def _has_words(atoms: Iterable[Atom]) -> bool:
    return any(char.isalnum() for atom in atoms for char in atom.text)


def _ends_a_sentence(before: list[str]) -> bool:
    for text in reversed(before):
        if text.strip(" \n\t"):
            return text in _ENDS
    return True


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
    """Note the disputes of a strand; places that touch are one."""
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
        texts = [_text(atom for atom in atoms if atom.is_in(view)) for view in views]
        save.disputes.append(Dispute(strand, atoms, *texts, clients))


def _text(atoms: Iterable[Atom]) -> str:
    return "".join(atom.text for atom in atoms).replace(BREAK, " ").strip()
