"""An invented newsroom of any size, to try out and to measure how a site of that size behaves.

Stories are made of words that are none, drawn as words of real texts are: a few all the time,
most of them hardly ever (Zipf's law), and some only in stories about one topic. So that searching,
finding related news and listing have the work that real stories give them.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from articles.models import (
    Article,
    Author,
    Byline,
    DailyViews,
    Revision,
    Section,
    Tag,
    TaggedArticle,
    Tally,
    Transition,
)
from articles.text.slugs import slugify, title_key

#: What such articles name as their source: by this they are known when a run goes on.
SOURCE = "make_world"
#: Articles that are written in one transaction.
BATCH = 1000
SECTIONS = ("World", "Politics", "Business", "Science", "Culture", "Sport", "Health", "Local")
VOCABULARY, WORDS_OF_A_TOPIC, PARAGRAPHS_OF_A_TOPIC = 12_000, 40, 24
WORDS_OF_A_PARAGRAPH = 40
#: Of every so many articles one is not published, in these states by turns.
UNPUBLISHED_EVERY = 40
UNPUBLISHED = ("draft", "in_review", "draft", "approved", "withdrawn")
#: Stories come this far apart, or closer when there are too many for the years.
APART, YEARS = timedelta(minutes=25), timedelta(days=20 * 365)
#: Days before today from which there are views.
READ_DAYS = 30
_SYLLABLES = (
    "ba den for gul han ir jo kel lum mar nor os pel qua rin sta tor un vel wick "
    "ash bry cor dra eth fen gri hol isk jar"
).split()


@dataclass(frozen=True)
class Plan:
    """What is asked for: how many articles, by which seed, about how many words each."""

    articles: int
    seed: int = 1
    words: int = 400

    @property
    def topics(self) -> int:
        """How many tags: more stories have more topics, though fewer than in proportion."""
        return max(20, min(5_000, round(self.articles**0.5 * 3)))

    @property
    def authors(self) -> int:
        return max(8, min(2_000, round(self.articles**0.5)))


class Wording:
    """The words of one plan: the same seed gives the same words."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        chance = _chance(f"words {plan.seed}")
        made: dict[str, None] = {}
        while len(made) < VOCABULARY:
            made["".join(chance.choices(_SYLLABLES, k=chance.choice((1, 2, 2, 3))))] = None
        self.vocabulary = list(made)
        self._often = list(accumulate(1 / (rank + 2) for rank in range(VOCABULARY)))
        self._topics: dict[int, tuple[str, list[str], list[str]]] = {}

    def draw(self, chance: Random, number: int) -> list[str]:
        return chance.choices(self.vocabulary, cum_weights=self._often, k=number)

    def topic(self, number: int) -> tuple[str, list[str], list[str]]:
        """Return a topic's name, its own words, and paragraphs about it."""
        if number not in self._topics:
            chance = _chance(f"topic {self.plan.seed} {number}")
            own = chance.sample(self.vocabulary[200:], WORDS_OF_A_TOPIC)
            texts = []
            for _ in range(PARAGRAPHS_OF_A_TOPIC):
                words = self.draw(chance, WORDS_OF_A_PARAGRAPH)
                for place in chance.sample(range(WORDS_OF_A_PARAGRAPH), WORDS_OF_A_PARAGRAPH // 5):
                    words[place] = chance.choice(own)
                texts.append(f"{' '.join(words).capitalize()}.")
            name = f"{' '.join(chance.sample(own, 2)).title()} {number}"
            self._topics[number] = (name, own, texts)
        return self._topics[number]


class World:
    """Writes what a plan asks for, straight to the tables, and goes on where it was stopped."""

    def __init__(self, plan: Plan, until: datetime | None = None) -> None:
        self.plan, self.until = plan, until or timezone.now()
        self.wording = Wording(plan)

    @staticmethod
    def has_other_stories() -> bool:
        """Whether there are articles that no such run made."""
        return Article.objects.exclude(source=SOURCE).exists()

    def build(self) -> Iterator[int]:
        """Write what is not there yet; yield, after each batch, how many articles are there.

        Each batch is there as a whole or not at all.
        """
        done = self._made()
        while done < self.plan.articles:
            with transaction.atomic():
                done += self._write(done, min(BATCH, self.plan.articles - done))
            Tally.objects.fold()
            yield done

    def _made(self) -> int:
        own = Article.objects.filter(source=SOURCE, external_id__startswith=f"{self.plan.seed}-")
        last = own.aggregate(last=Max("external_id"))["last"]
        return int(last.partition("-")[2]) + 1 if last else 0

    def _write(self, first: int, number: int) -> int:
        chance = _chance(f"stories {self.plan.seed} {first}")
        sections, authors, tags = self._sections, self._authors, self._tags
        stories, about = [], []
        for place in range(first, first + number):
            topics = self._some_topics(chance)
            stories.append(self._story(chance, place, topics[0], chance.choice(sections)))
            about.append((chance.sample(authors, 1 + (chance.random() < 0.2)), topics))
        Article.objects.bulk_create(stories)
        bylines, tagged, revisions, steps = [], [], [], []
        for article, (people, topics) in zip(stories, about, strict=True):
            bylines += [
                Byline(article=article, author=author, position=position)
                for position, author in enumerate(people, 1)
            ]
            subjects = [tags[topic] for topic in topics]
            tagged += [TaggedArticle(content_object=article, tag=tag) for tag in subjects]
            data = _snapshot(article, people, subjects)
            revisions.append(
                Revision(article=article, number=1, snapshot=data, made_at=article.saved_at)
            )
            if article.live_number:
                steps.append(_published(article))
        Byline.objects.bulk_create(bylines)
        TaggedArticle.objects.bulk_create(tagged)
        Revision.objects.bulk_create(revisions)
        Transition.objects.bulk_create(steps)
        self._read(chance, stories)
        return number

    def _some_topics(self, chance: Random) -> list[int]:
        """Two or three, the first ones of all far more often than the last."""
        some = {int(self.plan.topics * chance.random() ** 2) for _ in range(3)}
        return sorted(some, key=lambda _: chance.random())

    def _story(self, chance: Random, place: int, topic: int, section: Section) -> Article:
        name, own, texts = self.wording.topic(topic)
        headline = " ".join(
            [name.rpartition(" ")[0], *self.wording.draw(chance, 4), chance.choice(own), str(place)]
        )
        size = max(1, round(self.plan.words * chance.uniform(0.5, 1.5) / WORDS_OF_A_PARAGRAPH))
        parts = [chance.choice(texts) for _ in range(size)]
        turn, rest = divmod(place, UNPUBLISHED_EVERY)
        status = UNPUBLISHED[turn % len(UNPUBLISHED)] if rest == 0 else "published"
        moment = self.until - min(APART, YEARS / self.plan.articles) * (self.plan.articles - place)
        article = Article(
            uid=uuid.UUID(int=chance.getrandbits(128), version=4),
            source=SOURCE,
            # Digits of one length, so that the last of them is the largest.
            external_id=f"{self.plan.seed}-{place:09}",
            headline=headline[:1].upper() + headline[1:],
            standfirst=f"{' '.join(self.wording.draw(chance, 16)).capitalize()}.",
            body="".join(f"<p>{part}</p>" for part in parts),
            # As derive() would have it: cleaning a million bodies would take hours.
            body_text="\n".join(parts),
            words=sum(len(part.split()) for part in parts),
            language=settings.LANGUAGE_CODE.lower(),
            section=section,
            status=status,
            created_at=moment,
            saved_at=moment,
            working_number=1,
        )
        article.headline_key = title_key(article.headline)
        article.slug = slugify(article.headline, fallback=f"story-{place}")
        if article.was_public:
            article.published_at, article.live_number = moment, 1
            article.published_on = timezone.localdate(moment)
        return article

    def _read(self, chance: Random, stories: list[Article]) -> None:
        """Views as readers leave them: many for few stories, none for most."""
        today, rows = timezone.localdate(self.until), []
        for article in stories:
            if not article.live_number:
                continue
            age = (today - article.published_on).days
            wanted = chance.paretovariate(1.1) * 20
            for day in range(min(age, READ_DAYS) + 1):
                count = int(wanted / (1 + age - day) ** 1.2)
                if count:
                    date = today - timedelta(days=day)
                    rows.append(DailyViews(article=article, day=date, count=count))
        DailyViews.objects.bulk_create(rows)

    @cached_property
    def _sections(self) -> list[Section]:
        for position, name in enumerate(SECTIONS):
            Section.objects.get_or_create(
                slug=slugify(name, fallback="desk"), defaults={"name": name, "position": position}
            )
        return list(Section.objects.order_by("pk"))

    @cached_property
    def _authors(self) -> list[Author]:
        chance = _chance(f"people {self.plan.seed}")
        names = {
            f"writer-{self.plan.seed}-{number}": " ".join(
                "".join(chance.choices(_SYLLABLES, k=2)).capitalize() for _ in range(2)
            )
            for number in range(self.plan.authors)
        }
        made = [Author(name=name, slug=slug) for slug, name in names.items()]
        Author.objects.bulk_create(made, ignore_conflicts=True)
        return list(Author.objects.filter(slug__in=names).order_by("pk"))

    @cached_property
    def _tags(self) -> list[Tag]:
        names = [self.wording.topic(number)[0] for number in range(self.plan.topics)]
        made = [Tag(name=name, slug=slugify(name, fallback="tag")) for name in names]
        Tag.objects.bulk_create(made, ignore_conflicts=True)
        found = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
        return [found[name] for name in names]


def _chance(name: str) -> Random:
    """Chance that is the same for the same name; nothing here is a secret."""
    return Random(name)  # noqa: S311  # nosec B311


def _published(article: Article) -> Transition:
    return Transition(
        article=article,
        number=1,
        verb="publish",
        from_status="draft",
        to_status="published",
        made_at=article.published_at,
    )


def _snapshot(article: Article, people: list[Author], tags: list[Tag]) -> dict[str, Any]:
    """What `editorial.snapshots.snapshot()` says, without asking the tables for each article."""
    return {
        "headline": article.headline,
        "standfirst": article.standfirst,
        "body": article.body,
        "language": article.language,
        "slug": article.slug,
        "seo_title": "",
        "seo_description": "",
        "starting_views": 0,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "section": article.section.slug,
        "picture": None,
        "tags": [tag.name for tag in tags],
        "byline": [{"author": author.slug, "role": "writer"} for author in people],
        "related": [],
    }
