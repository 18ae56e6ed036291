"""What the archive has to say to a text that is being written: nothing of it is kept."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from articles.models import Article, Author, DroppedNeighbour, FormerTagName, Tag, Translation
from articles.related.pool import pool
from articles.related.scoring import Near, Story, nearest, nearness
from articles.related.stories import (
    Counts,
    counts_in_force,
    stories_of,
    tags_of,
    weigh,
    whole_text,
)
from articles.text.language import small_words
from articles.text.likeness import resemblance, sketch
from articles.text.terms import fold, primary, words
from articles.text.topics import known_topics
from articles.text.weights import cosine

#: Share of common runs, or nearness of words, from which a story may be here already.
_NEARLY_SAME, _VERY_LIKE = 0.3, 0.6
_DOUBLES = 3
_LINKS = 6
#: Near stories whose tags are offered, and how many of them have to have one.
_ASKED, _AGREE = 8, 2
#: More text than this is not searched for names.
LONGEST_TEXT = 60_000


@dataclass(frozen=True)
class Double:
    """A story that may be the one that is being written. is_same: told in nearly the same words."""

    article: int
    is_same: bool


@dataclass(frozen=True)
class Link:
    """Words of a text that could lead somewhere. kind: "article", "tag" or "author"."""

    words: str
    kind: str
    title: str
    address: str


class Desk:
    """A text as it stands on a screen, beside the archive: each question is asked once.

    copy: headline, standfirst, `body_text`, language and section of the text, and its row's
    number if it has one; tags: numbers of its tags.
    """

    def __init__(self, copy: Article, tags: Iterable[int]) -> None:
        self.copy = copy
        self.counts: Counts = counts_in_force()
        weights = self.counts.tag_weights(tags)
        ((_copy, terms),) = weigh([copy], self.counts)
        group = Translation.objects.filter(article=copy.pk).values_list("group", flat=True).first()
        self.story = Story(
            pk=copy.pk or 0,
            language=primary(copy.language),
            weights={term: weight for term, weight, _written in terms},
            written={term: written for term, _weight, written in terms},
            sketch=frozenset(sketch(whole_text(copy))),
            tags=weights,
            section=copy.section_id,
            moment=copy.published_at,
            group=str(group) if group else None,
        )
        # Of any state: whoever shows them asks whether the person may see them.
        self.others = stories_of(pool(self.story, self.counts), self.counts, listed=False)

    def near(self) -> list[Near]:
        """Return the stories that would be its neighbours, the nearest first."""
        dropped = set(
            DroppedNeighbour.objects.filter(article=self.copy.pk).values_list(
                "neighbour_id", flat=True
            )
        )
        found = (nearness(self.story, one) for one in self.others.values())
        kept = [one for one in found if one and one.pk not in dropped]
        public = Article.objects.published(found=True).filter(pk__in=[one.pk for one in kept])
        listed = set(public.values_list("pk", flat=True))
        return nearest([one for one in kept if one.pk in listed])

    def doubles(self, seen: QuerySet[Article]) -> list[Double]:
        """Return stories among `seen` that tell this one already, the likest first."""
        found = []
        for other in self.others.values():
            if other.pk == self.story.pk or (
                self.story.group is not None and other.group == self.story.group
            ):
                continue
            same = resemblance(self.story.sketch, other.sketch)
            like = cosine(self.story.weights, other.weights)
            if other.language == self.story.language and (
                same >= _NEARLY_SAME or like >= _VERY_LIKE
            ):
                found.append((-max(same, like), -other.pk, same >= _NEARLY_SAME))
        allowed = set(
            seen.filter(pk__in=[-pk for _like, pk, _same in found]).values_list("pk", flat=True)
        )
        kept = [Double(-pk, same) for _like, pk, same in sorted(found) if -pk in allowed]
        return kept[:_DOUBLES]

    def tags(self, most: int) -> list[str]:
        """Return names of tags that the text names, by any name they have or had, and of tags
        that several near stories have."""
        names = {name: name for name in Tag.objects.values_list("name", flat=True)}
        former = FormerTagName.objects.values_list("name", "tag__name")
        known = {**dict(former), **names}
        named = known_topics(self._text(), known, most)
        found = dict.fromkeys(known[name] for name in named)
        of_near = tags_of([one.pk for one in self.near()[:_ASKED]])
        votes = Counter(tag for tags in of_near.values() for tag in tags)
        agreed = [
            tag for tag, number in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
            if number >= _AGREE and tag not in self.story.tags
        ]  # fmt: skip
        by_number = dict(Tag.objects.filter(pk__in=agreed).values_list("pk", "name"))
        found |= dict.fromkeys(by_number[tag] for tag in agreed if tag in by_number)
        return list(found)[:most]

    def links(self, body: str) -> list[Link]:
        """Return words of the body that name a story, a person or a topic of the archive.

        body: its HTML, which says what leads somewhere already.
        """
        text = self.copy.body_text[:LONGEST_TEXT]
        linked = set(re.findall(r'href="([^"]+)"', body))
        found: dict[str, Link] = {}

        def offer(link: Link | None) -> None:
            if link and link.address and link.address not in linked:
                key = fold(link.words)
                if not any(key in known or known in key for known in found):
                    found[key] = link

        near = [one.pk for one in self.near()]
        cards = Article.objects.published(found=True).filter(pk__in=near).in_bulk()
        for pk in near:
            if (card := cards.get(pk)) and (run := _run_of(card.headline, text, card.language)):
                offer(Link(run, "article", card.headline, card.get_absolute_url()))
        people = {one.name: one for one in Author.objects.only("name", "slug") if " " in one.name}
        for name in known_topics(text, people, _LINKS):
            offer(_named(name, text, "author", people[name].get_absolute_url()))
        topics = {tag.name: tag for tag in Tag.objects.only("name", "slug")}
        for name in known_topics(text, topics, _LINKS):
            offer(_named(name, text, "tag", topics[name].get_absolute_url()))
        return list(found.values())[:_LINKS]

    def _text(self) -> str:
        return whole_text(self.copy)[:LONGEST_TEXT]


def _named(name: str, text: str, kind: str, address: str) -> Link | None:
    """The name as the text writes it first; None where it is written across two lines."""
    parts = re.findall(r"\w+", name)
    found = re.search(
        r"(?<!\w)" + r"[^\w\n]{1,3}".join(map(re.escape, parts)) + r"(?!\w)", text, re.IGNORECASE
    )
    return Link(found.group(), kind, name, address) if found else None


def _run_of(headline: str, text: str, language: str) -> str:
    """Return the longest run of words of `headline` that stands in `text`, as it stands there.

    It begins and ends with words that have a subject, and has at least two of them; "" without.
    """
    small = small_words(primary(language))
    ours = list(words(headline))
    plain = [fold(word.written) for word in ours]
    theirs = list(words(text))
    places: dict[str, list[int]] = {}
    for at, word in enumerate(theirs):
        places.setdefault(fold(word.written), []).append(at)
    best, chosen = 1, ""
    for start, first in enumerate(plain):
        if first in small or len(first) < 2:
            continue
        for at in places.get(first, ()):
            length = 0
            while (
                start + length < len(plain)
                and at + length < len(theirs)
                and plain[start + length] == fold(theirs[at + length].written)
            ):
                length += 1
            while length and plain[start + length - 1] in small:
                length -= 1
            subjects = sum(one not in small for one in plain[start : start + length])
            written = text[theirs[at].start : theirs[at + length - 1].end] if length else ""
            if subjects > best and "\n" not in written:
                best, chosen = subjects, written
    return chosen
