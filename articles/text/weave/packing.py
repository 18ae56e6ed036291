"""A weave as plain data: neighbours of one origin share it."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from articles.text.weave.strands import Atom, Dress, Event, Sequence, Slot, Stamp, Strand, Write


def pack(fields: Mapping[str, Sequence]) -> dict[str, Any]:
    """Return fields as lists and strings, ready for JSON."""
    return {name: _packed(sequence) for name, sequence in fields.items()}


def unpack(data: Mapping[str, Any]) -> dict[str, Sequence]:
    """Return the fields that `pack` was given."""
    return {name: _unpacked(value) for name, value in data.items()}


def _packed(sequence: Sequence) -> dict[str, Any]:
    strands = sequence.strands()
    numbers = {id(strand): number for number, strand in enumerate(strands)}
    return {
        "changes": sequence.changes,
        "slots": [[slot.stamp, slot.births, numbers[id(slot.strand)]] for slot in sequence.slots],
        "strands": [
            [
                strand.key,
                strand.writes,
                strand.deaths,
                strand.lives,
                [
                    [*origin, [atom.text for atom in atoms]]
                    for origin, atoms in groupby(strand.atoms, key=_origin)
                ],
            ]
            for strand in strands
        ],
    }


def _origin(atom: Atom) -> tuple[Any, ...]:
    # Named tuples are written as lists.
    return atom.marks, atom.stamp, atom.births, atom.deaths, atom.dresses, atom.dispute


def _unpacked(data: Mapping[str, Any]) -> Sequence:
    strands = []
    for key, writes, deaths, lives, runs in data["strands"]:
        strand = Strand(key)
        strand.writes = [
            Write(Stamp(*stamp), Event(*event), value) for stamp, event, value in writes
        ]
        strand.deaths = [Event(*death) for death in deaths]
        strand.lives = [Event(*life) for life in lives]
        for marks, stamp, births, gone, dresses, dispute, texts in runs:
            origin = (
                tuple(marks),
                Stamp(*stamp),
                tuple(Event(*one) for one in births),
                tuple(Event(*one) for one in gone),
                tuple(_dress(one) for one in dresses),
                dispute,
            )
            strand.atoms += [Atom(text, *origin) for text in texts]
        strands.append(strand)
    slots = [
        Slot(Stamp(*stamp), [Event(*one) for one in births], strands[number])
        for stamp, births, number in data["slots"]
    ]
    return Sequence(slots, dict(data["changes"]))


def _dress(data: list[Any]) -> Dress:
    stamp, event, added, removed = data
    return Dress(Stamp(*stamp), Event(*event), tuple(added), tuple(removed))
