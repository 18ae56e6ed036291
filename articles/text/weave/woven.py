"""A whole article as a weave: each field of its snapshot, and what a save makes of them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from articles.text.weave.changes import Item, items_of, put, put_body, shape_of
from articles.text.weave.lines import Line, Token, read_lines, tokens, write_lines
from articles.text.weave.packing import pack, unpack
from articles.text.weave.runs import Run
from articles.text.weave.saves import Dispute, Save
from articles.text.weave.strands import (
    FIRST,
    HEAD,
    Atom,
    Event,
    Sequence,
    Shown,
    Slot,
    Strand,
    View,
    Write,
)
from articles.text.words import UNSPACED

#: Fields of plain words, merged word by word.
TEXTS = ("headline", "standfirst", "seo_title", "seo_description")
#: Fields that are lists -> what tells their items apart.
LISTS = {
    "tags": lambda tag: tag.casefold(),
    "byline": lambda line: line["author"],
    "related": lambda link: link["target"] or link["url"] or (link["title"] or "").casefold(),
}


@dataclass
class Woven:
    """An article's fields, woven. clock: number of the last save; 1: as it was begun."""

    fields: dict[str, Sequence] = field(default_factory=dict)
    clock: int = 1
    names: int = 0

    @classmethod
    def begin(cls, data: Mapping[str, Any], clock: int = 1) -> "Woven":
        """A weave of which nothing is known but its state."""
        woven = cls(clock=clock)
        for name, value in data.items():
            woven.fields[name] = woven._new(name, value)
        return woven

    def data(self, view: View = HEAD) -> dict[str, Any]:
        """Return the snapshot that a view shows."""
        return {name: self.value(name, view) for name in self.fields}

    def value(self, name: str, view: View = HEAD) -> Any:
        """Return one field of the snapshot that a view shows."""
        if name == "body":
            return write_lines(_line(line, view) for line in self.fields[name].shown_in(view))
        found = [strand for _slot, strand in self.fields[name].lines_in(view)]
        if name in TEXTS:
            return "".join(t.text for strand in found for t in _apart(strand.atoms_in(view), view))
        if name in LISTS:
            unique = {strand.key: strand for strand in reversed(found)}
            return [json.loads(s.value_in(view)) for s in found if unique[s.key] is s]
        return json.loads(found[0].value_in(view)) if found else None

    def has_news(self, name: str, view: View) -> bool:
        """Whether somebody changed a field unseen by a view."""
        return name in self.fields and self.fields[name].has_news_for(view)

    def save(self, mine: Mapping[str, Any], *, client: str, base: int) -> dict[str, Save]:
        """Bring in what `client`, who has the state `base`, sends; return the saves that changed.

        A new clock is given whenever something changed.
        """
        done: dict[str, Save] = {}
        clock = self.clock + 1
        for name, value in mine.items():
            if name not in self.fields:
                self.fields[name] = self._new(name, _EMPTY.get(name))
            sequence = self.fields[name]
            save = Save.on(sequence, clock=clock, client=client, base=base)
            if name == "body":
                put_body(sequence, save, read_lines(value or ""), self._fresh())
            else:
                put(sequence, save, self._items(name, value), values_dispute=True)
            if save.changed:
                done[name] = save
        if done:
            self.clock = clock
        return done

    def put_back(self, name: str, text: str, mine: str, save: Save) -> Dispute:
        """Let a field of plain words be `text` again, and dispute all of it.

        For what `save` merged and cannot stay; mine: the field as that screen sent it.
        """
        sequence = self.fields[name]
        clients = {
            who for who, clock in sequence.changes.items() if not save.view.sees(Event(clock, who))
        }
        base = self.value(name, View(save.view.clock))
        self.save({name: text}, client="", base=self.clock)
        strand = next(strand for _slot, strand in sequence.lines_in(HEAD))
        return Dispute(strand, strand.atoms_in(HEAD), base, mine, text, clients)

    def settle(self, dispute: int, text: str, *, client: str) -> bool:
        """Put `text` where the words of a dispute stand; return whether they were found."""
        for name, sequence in self.fields.items():
            for strand in sequence.strands():
                atoms = [atom for atom in strand.atoms if atom.dispute == dispute]
                if not atoms:
                    continue
                self._rewrite(name, strand, atoms, text, client)
                return True
        return False

    def _rewrite(
        self, name: str, strand: Strand, atoms: list[Atom], text: str, client: str
    ) -> None:
        alive = strand.atoms_in(HEAD)
        inside = {id(atom) for atom in atoms}
        order = {id(atom): at for at, atom in enumerate(strand.atoms)}
        last = max(order[one] for one in inside)
        disputed = [atom for atom in alive if id(atom) in inside]
        # A word that stood there keeps how it was dressed.
        dress = {atom.text: atom.marks_in(HEAD) for atom in disputed}
        around = disputed[0].marks_in(HEAD) if disputed else ()
        words = [Token(one, dress.get(one, around)) for one in tokens(text)]
        before = [a.token_in(HEAD) for a in alive if id(a) not in inside and order[id(a)] <= last]
        after = [a.token_in(HEAD) for a in alive if order[id(a)] > last]
        # One space where the versions had one each.
        while len(before) > 1 and before[-1].text.isspace() and before[-2].text.isspace():
            before.pop()
        while after and after[0].text.isspace() and _ends_in_space([*before, *words]):
            after.pop(0)
        wanted = [*before, *words, *after]
        save = Save.on(self.fields[name], clock=self.clock + 1, client=client, base=self.clock)
        Run(alive, {id(atom): strand for atom in strand.atoms}, (strand, None)).put(
            tuple(wanted), save
        )
        if save.changed:
            self.clock += 1
            self.fields[name].changes[client] = self.clock

    # --- in and out ------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """Return plain data of which `from_json` makes the same weave."""
        return {"clock": self.clock, "names": self.names, "fields": pack(self.fields)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Woven":
        return cls(unpack(data["fields"]), data["clock"], data["names"])

    def _new(self, name: str, value: Any) -> Sequence:
        sequence = Sequence()
        origin = (Event(self.clock, ""),)
        if name == "body":
            items, _known = items_of(read_lines(value or ""), [], self._fresh())
        else:
            items = self._items(name, value)
        for item in items:
            strand = Strand(item.key)
            strand.writes.append(Write(FIRST, origin[0], item.value))
            strand.atoms = [Atom(token.text, token.marks, FIRST, origin) for token in item.tokens]
            sequence.slots.append(Slot(FIRST, list(origin), strand))
        return sequence

    @staticmethod
    def _items(name: str, value: Any) -> list[Item]:
        if name in TEXTS:
            return [Item("=", "", "", tuple(Token(one) for one in tokens(value or "")))]
        if name in LISTS:
            key = LISTS[name]
            return [Item(f"={key(one)}", "", _written(one)) for one in value or ()]
        return [Item("=", "", _written(value))]

    def _fresh(self) -> Iterator[int]:
        while True:
            self.names += 1
            yield self.names


_EMPTY: dict[str, Any] = {"tags": [], "byline": [], "related": [], "body": ""}


def _written(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _line(line: Shown, view: View) -> Line:
    sort, path = shape_of(line.value)
    return Line(sort, tuple(_apart(line.atoms, view)), path)


def _apart(atoms: list[Atom], view: View) -> Iterator[Token]:
    """The words of a line; two that only a merge put side by side get a space between them."""
    last = Token("")
    for atom in atoms:
        token = Token(atom.text, atom.marks_in(view) if atom.dresses else atom.marks)
        # Cut from one text, two words without a space between them are dressed differently.
        if last.marks == token.marks and _run_together(last.text, token.text):
            yield Token(" ")
        yield token
        last = token


def _ends_in_space(tokens: list[Token]) -> bool:
    return not tokens or tokens[-1].text.isspace()


def _run_together(one: str, other: str) -> bool:
    if not (one[-1:].isalnum() and other[:1].isalnum()):
        return False
    return not (UNSPACED.match(one) or UNSPACED.match(other))


__all__ = ["TEXTS", "View", "Woven"]
