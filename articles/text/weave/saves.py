"""One save: the state it was made on, its place among the others, and what it met."""

from dataclasses import dataclass, field

from articles.text.weave.lines import Token
from articles.text.weave.strands import (
    BREAK,
    HEAD,
    Atom,
    Event,
    Sequence,
    Stamp,
    Strand,
    View,
    Write,
)


@dataclass
class Dispute:
    """The same words, or the same choice, changed by two people: its place, and each version.

    atoms: the words; none of a choice. clients: the screens of the others.
    """

    strand: Strand
    atoms: list[Atom]
    base: str
    mine: str
    theirs: str
    clients: set[str]

    def around(self, most: int) -> tuple[str, str]:
        """Return the text before and behind the words on their line: `most` words each at most,
        with an ellipsis where there are more. Of a choice, two empty texts."""
        order = {id(atom): at for at, atom in enumerate(self.strand.atoms)}
        places = [order[id(atom)] for atom in self.atoms if id(atom) in order]
        if not places:
            return "", ""
        alive = [(order[id(atom)], atom.text) for atom in self.strand.atoms_in(HEAD)]
        before = [text for at, text in reversed(alive) if at < min(places)]
        after = [text for at, text in alive if at > max(places)]
        return "".join(reversed(_nearest(before, most))), "".join(_nearest(after, most))


def _nearest(texts: list[str], most: int) -> list[str]:
    """Return the first of them up to `most` words, or to where the line was cut."""
    found: list[str] = []
    words = 0
    for text in texts:
        if text == BREAK:
            break
        if text[:1].isalnum():
            words += 1
        if words > most:
            return [*found, "…"]
        # A picture or the like stands for no words.
        found.append(" " if Token(text).is_markup else text)
    return found


@dataclass
class Save:
    """One save. changed: whether it brought anything; touched: disputes whose words it changed."""

    view: View
    event: Event
    stamp: Stamp
    disputes: list[Dispute] = field(default_factory=list)
    changed: bool = False
    touched: set[int] = field(default_factory=set)

    @classmethod
    def on(cls, sequence: Sequence, *, clock: int, client: str, base: int) -> "Save":
        """A save by `client` on the state `base`, as number `clock`."""
        view = View(base, client)
        stamp = Stamp(sequence.rank(view) + 1, client)
        return cls(view, Event(clock, client, base), stamp)

    @property
    def others(self) -> View:
        """Everything but what this screen did."""
        return View(self.event.clock - 1, without=self.event.client)

    def take_away(self, atom: Atom) -> None:
        """Mark a word as gone."""
        self.changed = True
        atom.deaths = (*atom.deaths, self.event)
        # A space is no choice: browsers fold them unasked.
        if atom.dispute and not atom.text.isspace():
            self.touched.add(atom.dispute)

    def set_value(self, strand: Strand, value: str, *, disputes: bool = False) -> None:
        """Set what a line is; with `disputes`, note that somebody else set another value."""
        before = strand.value_in(self.view)
        if before == value:
            return
        self.changed = True
        unseen = {
            write.event.client for write in strand.writes if not self.view.sees(write.event)
        } - {self.event.client}
        theirs = strand.value_in(self.others)
        if disputes and unseen and theirs not in (value, before):
            self.disputes.append(Dispute(strand, [], before, value, theirs, unseen))
        strand.writes.append(Write(self.stamp, self.event, value))
