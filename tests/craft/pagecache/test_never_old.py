"""Real servers under load while the desk works: no reader is shown what was changed before."""

import http.client
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from articles.pagecache import numbers
from tests.chance import examples
from tests.servers import PRELUDE, ROOT, free_port, site_on_the_engine_of_this_run

pytestmark = pytest.mark.proof

STORIES, READERS, WORKERS, STEPS = 12, 4, 2, 30 * examples(1)
#: The desk: takes steps at random, and says of each when it began, when it was done, and what is
#: true since. The clock that all processes of a machine share.
DESK = """
import random, sys, time
from django.core.exceptions import ValidationError
from django.db import OperationalError
from articles.editorial import tags as tag_verbs
from articles.models import Tag
chance = random.Random({seed} * 10 + {part})
# Two desks, each with its own half of the stories, so that each knows what is true of them.
stories = list(Article.objects.filter(headline__startswith="Story ").order_by("pk"))[{part}::2]
states = {{one.pk: 0 for one in stories}}
made = 0
def say(**line):
    print(json.dumps(line), flush=True)
def topics():
    return Tag.objects.filter(name__startswith="Topic ")
for step in range({steps}):
    article = Article.objects.get(pk=chance.choice(stories).pk)
    number, state = article.pk, states[article.pk] + 1
    what = chance.random()
    began = time.monotonic()
    if what < 0.08:
        tags = list(topics())
        made += 1
        if len(tags) > 4:
            one, other = chance.sample(tags, 2)
            try:
                tag_verbs.merge([one], other)
            except (ValidationError, OperationalError):
                # The other desk was first, or in the way.
                continue
            say(gone=one.name, began=began, done=time.monotonic())
        else:
            name = f"Topic {seed}{part}x{{made}}"
            Tag.objects.create(name=name, slug=name.lower().replace(" ", "-"))
        continue
    try:
        if article.status == "published" and what < 0.3:
            transitions.withdraw(article)
            is_public = False
        else:
            words = {{**working_data(article), "headline": f"Story {{number}} state {{state}}.",
                     "tags": [t.name for t in topics().order_by("?")[:2]]}}
            record(article, words)
            if article.status == "published":
                transitions.correct(article, kind=chance.choice(["typo", "update"]), note="More.")
            else:
                transitions.publish(article)
            is_public = True
    except OperationalError:
        # It met the other desk's merger: the database ends one of them, and nothing is changed.
        continue
    done = time.monotonic()
    states[number] = state
    say(story=number, state=state, is_public=is_public, began=began, done=done)
"""
WORLD = """
from articles.models import Tag
from tests.factories import make_author, make_section
call_command("migrate", verbosity=0)
for n in range(6):
    Tag.objects.create(name=f"Topic {n}", slug=f"topic-{n}")
quiet = make_article("A quiet matter", section=make_section("Quiet"), author=make_author("Quentin"),
                     tags=("Stillness",), published_at=timezone.now() - timedelta(days=90))
from django.utils import timezone as tz
answer = {"quiet": quiet.get_absolute_url(), "stories": {}}
for n in range(STORIES):
    article = make_article("Story", status="draft", slug=f"story-{n}", tags=(f"Topic {n % 6}",))
    record(article, {**working_data(article), "headline": f"Story {article.pk} state 0."})
    transitions.publish(article)
    answer["stories"][article.pk] = article.get_absolute_url()
"""
BUSY = (
    "/", "/latest/", "/section/world/", "/feed.json", "/rss.xml", "/author/mara-lind/",
    "/tag/topic-1/", "/tag/topic-2/", "/llms.txt",
)  # fmt: skip
QUIET = ("/section/quiet/", "/tag/stillness/", "/author/quentin/", "/section/quiet/feed.json")


class Reader(threading.Thread):
    """Asks for pages at random, and writes down when, and which state of which story was there."""

    def __init__(self, port, addresses, quiet, seed):
        super().__init__(daemon=True)
        self.port, self.addresses, self.quiet = port, addresses, quiet
        self.chance = random.Random(seed)
        self.answers, self.quiet_dates, self.problems = [], {}, []
        self.ended = threading.Event()

    def run(self):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while not self.ended.is_set():
            address = self.chance.choice(self.addresses + self.quiet)
            asked = time.monotonic()
            line.request("GET", address)
            answer = line.getresponse()
            text = answer.read().decode()
            if answer.status >= 500:
                self.problems.append((address, answer.status))
            if address in self.quiet:
                self.quiet_dates.setdefault(address, set()).add(answer.headers["Last-Modified"])
            main = text.partition("<main")[2] or text
            shown = dict.fromkeys(re.findall(r"Story (\d+) state (\d+)\.", main))
            topics = set(re.findall(r"Topic \d+(?:x\d+)?\b", main))
            self.answers.append((asked, time.monotonic(), address, list(shown), topics))
        line.close()


def old_answers(answers, steps, first):
    """Return the answers that show what was over before they were asked for."""
    wrong = []
    by_story = {}
    for step in steps:
        if "story" in step:
            by_story.setdefault(step["story"], []).append(step)
    gone = {step["gone"]: step["done"] for step in steps if "gone" in step}
    for asked, got, address, shown, topics in answers:
        for number, state in ((int(one), int(two)) for one, two in shown):
            over = [step for step in by_story.get(number, ()) if step["done"] < asked]
            last = over[-1]["state"] if over else 0
            is_public = over[-1]["is_public"] if over else True
            comes = any(s["began"] < got and s["done"] > asked for s in by_story.get(number, ()))
            if state < last or (not is_public and not comes):
                wrong.append((address, number, state, last, is_public))
        wrong += [(address, one) for one in topics if gone.get(one, got) < asked]
        if (number := first.get(address)) is not None and not shown:
            over = [step for step in by_story.get(number, ()) if step["done"] < asked]
            comes = any(s["began"] < got and s["done"] > asked for s in by_story.get(number, ()))
            if not comes and (not over or over[-1]["is_public"]):
                wrong.append((address, number, "not there"))
    return wrong


@pytest.mark.parametrize("store", ["files", "redis"])
@pytest.mark.parametrize("seed", [1])
def test_no_answer_shows_what_was_over_and_no_quiet_page_is_dropped(tmp_path, store, seed):
    with site_on_the_engine_of_this_run(tmp_path) as site:
        port = free_port()
        site.environ |= {"PORT": str(port), "CLOCK": "off"}
        if store == "redis":
            if not numbers.redis_address():
                pytest.skip("left out: no Redis in this run")
            site.environ["CACHE_URL"] = numbers.redis_address()
        world = site.run(WORLD.replace("STORIES", str(STORIES)))
        site.run("call_command('collectstatic', verbosity=0, interactive=False)")
        time.sleep(1.1)  # until pages have a date
        granian = str(Path(sys.executable).with_name("granian"))
        command = [granian, "--interface", "wsgi", "--port", str(port), "--workers", str(WORKERS)]
        command += [
            "--blocking-threads",
            "3",
            "--workers-kill-timeout",
            "3",
            "--log-level",
            "error",
        ]
        server = subprocess.Popen(
            [*command, "newsroom.wsgi:application"], cwd=ROOT, env=site.environ
        )
        site.started.append(server)
        wait_for(port)
        first = {address: int(number) for number, address in world["stories"].items()}
        addresses, quiet = [*first, *BUSY], [*QUIET, f"{world['quiet'].rstrip('/')}.md"]
        readers = [Reader(port, addresses, quiet, seed * 100 + n) for n in range(READERS)]
        for reader in readers:
            reader.start()
        steps = []
        desks = [
            subprocess.Popen(
                [sys.executable, "-c", PRELUDE + DESK.format(seed=seed, steps=STEPS, part=part)],
                cwd=ROOT, env=site.environ, stdout=subprocess.PIPE, text=True,
            )
            for part in (0, 1)
        ]  # fmt: skip
        for desk in desks:
            out, _none = desk.communicate(timeout=1200)
            assert desk.returncode == 0
            steps += [json.loads(line) for line in out.splitlines()]
        time.sleep(0.5)
        for reader in readers:
            reader.ended.set()
            reader.join(40)
        answers = [one for reader in readers for one in reader.answers]
        assert not [one for reader in readers for one in reader.problems]
        wrong = old_answers(answers, steps, first)
        print(f"{store}: {len(steps)} steps, {len(answers)} answers, {len(wrong)} old ones")
        assert not wrong, wrong[:10]
        assert len(answers) > 5 * len(steps)
        # A page that is made anew has the date of the newest change.
        for address in quiet:
            dates = set().union(*(reader.quiet_dates.get(address, set()) for reader in readers))
            assert len(dates) == 1, address


def wait_for(port):
    for _ in range(600):
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            line.request("GET", "/robots.txt")
            line.getresponse().read()
            line.close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(os.environ.get("PORT", "the server did not answer"))
