"""The desk of test_never_old.py: it changes at random whatever readers see, and says when.

`python -m tests.craft.pagecache.desk SEED PART STEPS` is one of its people, in the environment of
a site that `world()` filled; PART "clock" takes what the others schedule, until it is ended. Each
line of output is a fact ("Story 5" is 3 from the moment `done` on; null: nobody may see it; between
`began` and `done` either may be seen), or an answer that the desk got at once after a step. Times
are of the clock that all processes of a machine share.
"""

import http.client
import json
import os
import random
import re
import sys
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
if __name__ == "__main__":
    import django

    django.setup()

#: Stories, and the people who share them: each knows what is true of their own.
STORIES, PEOPLE = 15, 3
SECTIONS = ("World", "Sport")
#: How often a person imports a story, so that all stand on one page.
IMPORTS = 1
PLACES = ("under", "beside", "list")
#: A moment ahead, for what waits for its time.
SOON = timedelta(seconds=1.2)
_FACT = re.compile(
    r"(Story \d+) state (\d+)\.|(Writer \d+) name (\d+)|(Picture \d+) alt (\d+)"
    r"|(Promo \d+) words (\d+)"
)
_TOPIC = re.compile(r"Topic \d+(?:x\d+)?\b")


def shown(text: str) -> tuple[list[tuple[str, int]], list[str]]:
    """Return the facts that a page states, and the topics that it names."""
    found = dict.fromkeys(_FACT.findall(text))
    facts = [tuple(part for part in one if part) for one in found]
    return [(name, int(value)) for name, value in facts], sorted(set(_TOPIC.findall(text)))


def ask(line: http.client.HTTPConnection, address: str) -> dict[str, Any]:
    """Return what a reader got, and when it was asked for and was there."""
    asked = time.monotonic()
    line.request("GET", address)
    answer = line.getresponse()
    text = answer.read().decode()
    got = time.monotonic()
    facts, topics = shown(text)
    _head, _mark, main = text.partition("<main")
    listed = sorted({name for name, _value in shown(main)[0] if name.startswith("Story")})
    return {
        "asked": asked, "got": got, "address": address, "status": answer.status, "facts": facts,
        "topics": topics, "listed": listed, "date": answer.headers["Last-Modified"],
    }  # fmt: skip


def world() -> dict[str, Any]:
    """Fill a site; return the addresses of its stories, and of one that nobody will touch."""
    from django.core.management import call_command
    from django.utils import timezone

    from articles.editorial import transitions
    from articles.editorial.revisions import record, working_data
    from articles.models import Promo, Tag
    from tests.factories import make_article, make_author, make_image, make_section

    call_command("migrate", verbosity=0)
    for n in range(6):
        Tag.objects.create(name=f"Topic {n}", slug=f"topic-{n}")
    quiet = make_article(
        "A quiet matter", section=make_section("Quiet"), author=make_author("Quentin"),
        tags=("Stillness",), published_at=timezone.now() - timedelta(days=90),
    )  # fmt: skip
    world_section, _sport = map(make_section, SECTIONS)
    answer: dict[str, Any] = {"quiet": quiet.get_absolute_url(), "stories": {}}
    for n in range(STORIES):
        part = n % PEOPLE
        article = make_article(
            "Story", status="draft", slug=f"story-{n}", tags=(f"Topic {n % 6}",),
            section=world_section,
            author=make_author(f"Writer {part} name 0", slug=f"writer-{part}"),
        )  # fmt: skip
        words = {**working_data(article), "headline": f"Story {article.pk} state 0."}
        if n < PEOPLE:
            picture = make_image(alt=f"Picture {part} alt 0")
            words["picture"] = str(picture.uid)
        record(article, words)
        transitions.publish(article)
        answer["stories"][f"Story {article.pk}"] = article.get_absolute_url()
    for part in range(PEOPLE):
        Promo.objects.create(
            slug=f"promo-{part}", title=f"Promo {part} words 0", position=PLACES[part],
            url="/about/", section=world_section,
        )  # fmt: skip
    return answer


def say(**line: Any) -> None:
    print(json.dumps(line), flush=True)


class Person:
    """One person of the desk, with stories, an author, a picture and a promo of their own."""

    #: Steps by how often they are taken.
    STEPS = {
        "tell": 30, "withdraw": 12, "topics": 10, "rename_author": 5, "move": 8, "describe": 5,
        "place_promo": 5, "pin": 6, "embargo": 5, "schedule": 8, "several": 3, "import_one": 3,
    }  # fmt: skip

    def __init__(self, seed: int, part: int) -> None:
        from articles.models import Article

        self.part, self.seed = part, seed
        self.chance = random.Random(seed * 10 + part)
        own = Article.objects.filter(headline__startswith="Story ").order_by("pk")
        self.states = {one.pk: 0 for one in list(own)[part::PEOPLE]}
        #: When what waits for a story by itself has happened.
        self.busy_until: dict[int, float] = {}
        self.numbers = {"author": 0, "picture": 0, "promo": 0, "topic": 0, "import": 0}
        self.began = 0.0

    def take_steps(self, number: int) -> None:
        names, weights = zip(*self.STEPS.items(), strict=True)
        for _step in range(number):
            (name,) = self.chance.choices(names, weights)
            self.began = time.monotonic()
            if address := getattr(self, name)():
                self.look(address)

    def look(self, *addresses: str) -> None:
        """Be the first reader after a step, by a line of one's own to whichever worker takes it."""
        line = http.client.HTTPConnection("127.0.0.1", int(os.environ["PORT"]), timeout=30)
        for address in (*addresses, self.chance.choice(["/", "/latest/", "/rss.xml"])):
            say(**ask(line, address))
        line.close()

    def tell(self) -> str | None:
        """Publish, correct or bring back a story, in other words and with other topics."""
        return self._put_out(self._story())

    def move(self) -> str | None:
        """Let a story belong to another section."""
        from articles.models import Section

        section = Section.objects.get(name=self.chance.choice(SECTIONS))
        return self._put_out(self._story(), section=section.slug)

    def pin(self) -> str | None:
        """Let a story lead to another."""
        from articles.models import Article

        article = self._story()
        other = self.chance.choice([pk for pk in self.states if pk != article.pk])
        target = str(Article.objects.get(pk=other).uid)
        return self._put_out(article, related=[{"target": target}])

    def several(self) -> str | None:
        """Do the same to a few stories, as the list of the desk does."""
        address = None
        for _ in range(3):
            self.began = time.monotonic()
            address = self._put_out(self._story())
        return address

    def withdraw(self) -> str | None:
        from articles.editorial import transitions

        article = self._story()
        if article.is_public:
            transitions.withdraw(article)
            self._said(f"Story {article.pk}", None)
        return article.get_absolute_url()

    def topics(self) -> str | None:
        """Merge two topics, or make one where few are left."""
        from django.core.exceptions import ValidationError

        from articles.editorial import tags
        from articles.models import Tag

        found = list(Tag.objects.filter(name__startswith="Topic "))
        if len(found) > 4:
            one, other = self.chance.sample(found, 2)
            try:
                tags.merge([one], other)
            except ValidationError:
                # The other person was first.
                return None
            self._said(one.name, None)
            return other.get_absolute_url()
        number = self._next("topic")
        name = f"Topic {self.seed}{self.part}x{number}"
        Tag.objects.create(name=name, slug=name.lower().replace(" ", "-"))
        return None

    def rename_author(self) -> str | None:
        from articles.models import Author

        author = Author.objects.get(slug=f"writer-{self.part}")
        number = self._next("author")
        author.name = f"Writer {self.part} name {number}"
        author.save()
        self._said(f"Writer {self.part}", number)
        return author.get_absolute_url()

    def describe(self) -> str | None:
        from articles.models import Image

        picture = Image.objects.get(alt__startswith=f"Picture {self.part} ")
        number = self._next("picture")
        picture.alt = f"Picture {self.part} alt {number}"
        picture.save()
        self._said(f"Picture {self.part}", number)
        return "/"

    def place_promo(self) -> str | None:
        from articles.models import Promo

        promo = Promo.objects.get(slug=f"promo-{self.part}")
        number = self._next("promo")
        promo.title = f"Promo {self.part} words {number}"
        promo.save()
        self._said(f"Promo {self.part}", number)
        return self._story().get_absolute_url()

    def embargo(self) -> str | None:
        """Publish a story that readers get a moment later, by the clock alone."""
        from django.utils import timezone

        from articles.editorial import transitions
        from articles.editorial.collisions import whole
        from articles.models import Article

        article = self._story()
        if article.is_public:
            return None
        state = self._reword(article)
        until = timezone.now() + SOON

        @whole
        def hold_back() -> None:
            # The gate would wait for the moment: such a row comes by an import or a fixture.
            story = Article.objects.get(pk=article.pk)
            transitions.publish(story)
            story.embargo_until = until
            story.write()

        hold_back()
        # This process may have to wait between one clock and the other.
        before, left = time.monotonic(), (until - timezone.now()).total_seconds()
        ahead = time.monotonic() + left
        self.began = before + left - 0.02
        self.busy_until[article.pk] = ahead + 0.1
        # On a busy machine the moment may have passed before the story was there.
        self._said(f"Story {article.pk}", state, done=max(ahead + 0.02, time.monotonic()))
        return article.get_absolute_url()

    def schedule(self) -> str | None:
        """Let a story be corrected, or go, at a time of its own: the clock will say when it did."""
        from django.core.exceptions import ValidationError
        from django.utils import timezone

        from articles.editorial import schedule

        article = self._story()
        if not article.is_public:
            return None
        step = self.chance.choice(["withdraw", "correct", "correct"])
        if step == "correct":
            self._reword(article)
        # On a busy machine the moment may have passed before it is written down.
        with suppress(ValidationError):
            schedule.schedule(article, at=timezone.now() + SOON, step=step, kind="typo")
        return None

    def import_one(self) -> str | None:
        """A story comes in from elsewhere, written and published in one transaction."""
        from articles.editorial import transitions
        from articles.editorial.collisions import whole
        from articles.models import Article, Author
        from tests.factories import make_article

        if self.numbers["import"] >= IMPORTS:
            return None
        author = Author.objects.get(slug=f"writer-{self.part}")
        slug = f"import-{self.part}-{self._next('import')}"

        @whole
        def come_in() -> Article:
            article = make_article("Story", status="draft", slug=slug, author=author)
            article.headline = f"Story {article.pk} state 0."
            article.save()
            transitions.publish(article)
            return article

        article = come_in()
        self.states[article.pk] = 0
        address = article.get_absolute_url()
        self._said(f"Story {article.pk}", 0, address=address)
        return address

    def _next(self, name: str) -> int:
        self.numbers[name] += 1
        return self.numbers[name]

    def _said(self, fact: str, value: Any, done: float = 0.0, **more: Any) -> None:
        say(fact=fact, value=value, began=self.began, done=done or time.monotonic(), **more)

    def _story(self) -> Any:
        """Return one of the own stories for which nothing waits."""
        from articles.models import Article

        while True:
            pk = self.chance.choice(list(self.states))
            article = Article.objects.get(pk=pk)
            waits = article.scheduled_steps.filter(outcome="waiting").exists()
            if not waits and self.busy_until.get(pk, 0) < time.monotonic():
                return article
            time.sleep(0.01)
            self.began = time.monotonic()

    def _reword(self, article: Any, **words: Any) -> int:
        """Save other words; return the number of the state that they say."""
        from articles.editorial.revisions import record, working_data
        from articles.models import Tag

        self.states[article.pk] += 1
        state = self.states[article.pk]
        topics = Tag.objects.filter(name__startswith="Topic ").order_by("?")[:2]
        words = {
            "headline": f"Story {article.pk} state {state}.", "tags": [one.name for one in topics],
            **words,
        }  # fmt: skip
        record(article, {**working_data(article), **words})
        return state

    def _put_out(self, article: Any, **words: Any) -> str:
        from articles.editorial import transitions

        state = self._reword(article, **words)
        if article.status == "published":
            kind = self.chance.choice(["typo", "update"])
            transitions.correct(article, kind=kind, note="More.")
        else:
            transitions.publish(article)
        self._said(f"Story {article.pk}", state)
        self._said(f"Story {article.pk} in", article.section.slug)
        return article.get_absolute_url()


def keep_the_clock() -> None:
    """Take what is due, again and again, and say what became of it."""
    from articles.editorial import schedule

    while True:
        steps = schedule.taking_due()
        while True:
            began = time.monotonic()
            taken = next(steps, None)
            if taken is None:
                break
            assert not taken.problem, taken.problem
            step, value = taken.step, None
            if step.revision:
                # Not the story's own words: somebody may have gone on already.
                ((_name, value),), _topics = shown(step.revision.snapshot["headline"])
            say(fact=f"Story {step.article_id}", value=value, began=began, done=time.monotonic(),
                by="clock")  # fmt: skip
        time.sleep(0.2)


if __name__ == "__main__":
    _seed, _part, _steps = sys.argv[1:]
    if _part == "clock":
        keep_the_clock()
    Person(int(_seed), int(_part)).take_steps(int(_steps))
