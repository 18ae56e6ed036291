"""Authors who write in one text at once, at random: what a merge has to bear."""

import itertools
import random
from dataclasses import dataclass, field

from articles.text.html import clean_body, plain_text
from articles.text.weave.lines import (
    HOLE,
    WHOLE,
    Line,
    Token,
    read_lines,
    tokens,
    write_lines,
)
from articles.text.weave.woven import Woven

WORDS = (
    "the council the mayor of the town said that on Monday a new bridge and the old road will be "
    "closed for the repair until June , while buses go by the river"
).split()
START = (
    "<p>The council met on Monday. The mayor said that the bridge is old, and the road is long.</p>"
    "<h2>What was said</h2>"
    "<p>Nobody of the council spoke. The mayor spoke for an hour. Then the council voted.</p>"
    "<ul><li><p>The road is closed.</p></li><li><p>The bridge is open.</p></li></ul>"
    "<blockquote><p>We go by the river, the mayor said.</p></blockquote>"
    "<p>The old road will be closed until June. Buses go by the river.</p>"
    "<table><tbody><tr><td><p>June</p></td><td><p>closed</p></td></tr></tbody></table>"
    "<p>The town has a new bridge.</p>"
)


@dataclass
class Author:
    """One person at a screen. mine: sentences that they wrote, by their one-of-a-kind word."""

    name: str
    body: str
    base: int


@dataclass
class Story:
    """Several authors in one article; `typed` must be found again at the end."""

    seed: int
    authors: int = 2
    phases: int = 2
    weave: Woven = field(init=False)
    typed: dict[str, str] = field(default_factory=dict)
    disputed: list[str] = field(default_factory=list)
    orders: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.weave = Woven.begin({"body": START})
        names = [f"{self.dice.randrange(10**6)}-{letter}" for letter in "abc"]
        self.people = [Author(name, START, 1) for name in names[: self.authors]]
        self.counter = itertools.count()

    def play(self) -> None:
        """Let everybody write unseen by the others, then see it all, some times over."""
        for _phase in range(self.phases):
            saves = [(one, self._saves(one)) for one in self.people]
            results = {}
            for order in self._orders(saves):
                weave = Woven.from_json(self.weave.to_json())
                found = []
                for author, body in order:
                    done = weave.save({"body": body}, client=author.name, base=author.base)
                    for save in done.values():
                        for one in save.disputes:
                            found += [one.mine, one.theirs]
                value = weave.value("body")
                results.setdefault(value, (weave, found))
                self.orders += 1
            assert len(results) == 1, (self.seed, *results)
            (value, (self.weave, found)) = next(iter(results.items()))
            assert clean_body(value) == value, (self.seed, value)
            self.disputed += found
            for author in self.people:
                author.body, author.base = value, self.weave.clock

    def lost(self) -> list[str]:
        """Sentences that stand neither in the text nor in a dispute."""
        text = plain_text(self.people[0].body)
        everything = " ".join(" ".join([text, *self.disputed]).split())
        return [sentence for sentence in self.typed.values() if sentence not in everything]

    def _orders(self, saves):
        queues = {author.name: [(author, body) for body in bodies] for author, bodies in saves}
        tickets = [name for name, queue in queues.items() for _ in queue]
        seen = set()
        for _try in range(6):
            order = tuple(self.dice.sample(tickets, len(tickets)))
            if order in seen:
                continue
            seen.add(order)
            places = {name: iter(queue) for name, queue in queues.items()}
            yield [next(places[name]) for name in order]

    def _saves(self, author: Author) -> list[str]:
        bodies = []
        for _save in range(self.dice.randint(1, 3)):
            lines = read_lines(author.body)
            for _edit in range(self.dice.randint(1, 3)):
                lines = self._edited(lines)
            author.body = clean_body(write_lines(lines))
            bodies.append(author.body)
        return bodies

    # --- what people do ------------------------------------------------------------------

    def _edited(self, lines: list[Line]) -> list[Line]:
        texts = [at for at, line in enumerate(lines) if line.sort not in {HOLE, WHOLE}]
        if not texts:
            return [Line("p", self._sentence())]
        at = self.dice.choice(texts)
        line = lines[at]
        act = self.dice.choice(
            (
                "write write write replace replace remove bold link add add "
                "drop move split join sort"
            ).split()
        )
        if act == "write":
            ends = [i for i, t in enumerate(line.tokens, 1) if t.text == "."] or [len(line.tokens)]
            place = self.dice.choice([0, *ends]) if line.tokens else 0
            new = self._sentence()
            new = (
                (*new, Token(" "))
                if place == 0 and line.tokens
                else (Token(" "), *new)
                if place
                else new
            )
            return self._with(lines, at, (*line.tokens[:place], *new, *line.tokens[place:]))
        if act in {"replace", "remove"}:
            words = [
                i
                for i, t in enumerate(line.tokens)
                if t.text.isalpha() and not self._is_typed(lines, at, i)
            ]
            if not words:
                return lines
            i = self.dice.choice(words)
            size = self.dice.randint(1, 4)
            size = next(
                (
                    n
                    for n in range(size)
                    if i + n >= len(line.tokens) or self._is_typed(lines, at, i + n)
                ),
                size,
            )
            new = (
                ()
                if act == "remove"
                else tuple(
                    Token(w)
                    for w in tokens(" ".join(self.dice.choices(WORDS, k=self.dice.randint(1, 3))))
                )
            )
            return self._with(lines, at, (*line.tokens[:i], *new, *line.tokens[i + size :]))
        if act in {"bold", "link"}:
            mark = (
                "strong"
                if act == "bold"
                else f'a href="https://example.org/{self.dice.randrange(9)}"'
            )
            if not line.tokens:
                return lines
            i = self.dice.randrange(len(line.tokens))
            j = i + self.dice.randint(1, 5)
            done = tuple(
                Token(t.text, tuple(sorted({*(m for m in t.marks if m[0] != mark[0]), mark})))
                if i <= k < j
                else t
                for k, t in enumerate(line.tokens)
            )
            return self._with(lines, at, done)
        if act == "add":
            if line.path:
                return lines
            return [*lines[: at + 1], Line("p", self._sentence()), *lines[at + 1 :]]
        if act == "drop":
            if line.path or len(texts) < 4:
                return lines
            for marker in [m for m in self.typed if any(t.text == m for t in line.tokens)]:
                del self.typed[marker]
            return [*lines[:at], *lines[at + 1 :]]
        if act == "move":
            free = [i for i, one in enumerate(lines) if not one.path]
            if line.path or len(free) < 2:
                return lines
            rest = [*lines[:at], *lines[at + 1 :]]
            place = self.dice.choice([i for i, one in enumerate(rest) if not one.path])
            return [*rest[:place], line, *rest[place:]]
        if act == "split":
            ends = [i for i, t in enumerate(line.tokens[:-1], 1) if t.text == "."]
            if not ends or line.path:
                return lines
            i = self.dice.choice(ends)
            rest = line.tokens[i + 1 :] if line.tokens[i].text == " " else line.tokens[i:]
            return [
                *lines[:at],
                Line(line.sort, line.tokens[:i]),
                Line("p", rest),
                *lines[at + 1 :],
            ]
        if act == "join":
            if (
                at + 1 >= len(lines)
                or line.path
                or lines[at + 1].path
                or lines[at + 1].sort in {HOLE, WHOLE}
            ):
                return lines
            both = (*line.tokens, Token(" "), *lines[at + 1].tokens)
            return [*lines[:at], Line(line.sort, both), *lines[at + 2 :]]
        sort = self.dice.choice(["p", "h2", "h3"])
        return [*lines[:at], Line(sort, line.tokens, line.path), *lines[at + 1 :]]

    def _with(self, lines: list[Line], at: int, run: tuple[Token, ...]) -> list[Line]:
        return [*lines[:at], Line(lines[at].sort, run, lines[at].path), *lines[at + 1 :]]

    def _sentence(self) -> tuple[Token, ...]:
        marker = f"zq{self.seed}n{next(self.counter)}"
        text = f"New {marker} {' '.join(self.dice.choices(WORDS[:-8], k=4))}."
        text = text.replace(" ,", "")
        self.typed[marker] = text
        return tuple(Token(one) for one in tokens(text))

    def _is_typed(self, lines: list[Line], at: int, place: int) -> bool:
        """Whether a word belongs to a sentence that somebody typed."""
        run = lines[at].tokens
        first = max((i for i in range(place) if run[i].text == "."), default=-1)
        last = next((i for i in range(place, len(run)) if run[i].text == "."), len(run) - 1)
        return any(t.text.startswith("zq") for t in run[first + 1 : last + 2])


__all__ = ["Story"]
