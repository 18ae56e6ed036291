"""Real servers under load while the desk works: no reader is shown what was changed before."""

import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path

import pytest

from articles.pagecache import numbers
from articles.views.rankings import GROWS_OLD
from tests.chance import examples
from tests.craft.pagecache.desk import PEOPLE, SECTIONS, ask
from tests.servers import ROOT, free_port, site_on_the_engine_of_this_run

pytestmark = pytest.mark.proof

READERS, WORKERS = 3, 2
#: Steps of each person at the desk; thousands, where somebody asks for them.
STEPS = int(os.environ.get("STEPS", 0)) or 15 * examples(1)
#: A reader takes a new line after so many answers: other workers answer it. And rests for a moment
#: after each, or all would wait for pages that nobody but readers changed anything for.
A_LINE, A_MOMENT = 30, 0.04
#: All public stories have to stand on these.
WHOLE = ("/latest/", "/rss.xml", "/feed.json")
BUSY = (
    *WHOLE, "/", "/section/world/", "/section/sport/", "/author/writer-0/", "/author/writer-1/",
    "/tag/topic-1/", "/tag/topic-2/", "/llms.txt", "/corrections/", "/archive/", "/sitemap.xml",
)  # fmt: skip
SECTION = "/section/quiet/"
QUIET = (SECTION, "/tag/stillness/", "/author/quentin/", "/section/quiet/feed.json")


class Reader(threading.Thread):
    """Asks for pages at random, and keeps what was there."""

    def __init__(self, port, addresses, seed):
        super().__init__(daemon=True)
        self.port, self.addresses = port, addresses
        self.chance = random.Random(seed)
        self.answers = []
        self.ended = threading.Event()

    def run(self):
        while not self.ended.is_set():
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            for _ in range(A_LINE):
                if not self.ended.wait(A_MOMENT):
                    self.answers.append(ask(line, self.chance.choice(self.addresses)))
            line.close()


class Truth:
    """What could be seen when, by all that the desk said."""

    def __init__(self, facts):
        self._steps = defaultdict(list)
        for one in sorted(facts, key=lambda one: one["began"]):
            self._steps[one["fact"]].append(one)
        self.stories = {
            name for name in self._steps if name.startswith("Story") and "in" not in name
        }

    def at(self, fact, answer, first=0):
        """Return the values of a fact that an answer may show: what was over, and what is on."""
        values = {first}
        for step in self._steps[fact]:
            if step["done"] <= answer["asked"]:
                values = {step["value"]}
            elif step["began"] < answer["got"]:
                values.add(step["value"])
        return values


def wrong_ones(answers, facts, addresses):
    """Return what answers show that was over before they were asked for, or lack that was there."""
    truth, wrong = Truth(facts), []
    imported = {one["fact"] for one in facts if "address" in one}
    page_of = {**addresses, **{one["fact"]: one["address"] for one in facts if "address" in one}}
    story_at = {address: fact for fact, address in page_of.items()}

    def may_be(fact, answer):
        return truth.at(fact, answer, None if fact in imported else 0)

    for answer in answers:
        address, stated = answer["address"], dict(answer["facts"])
        wrong += [(address, fact, value, may_be(fact, answer)) for fact, value in answer["facts"]
                  if value not in may_be(fact, answer)]  # fmt: skip
        wrong += [(address, topic, "gone") for topic in answer["topics"]
                  if truth.at(topic, answer) == {None}]  # fmt: skip
        public = [fact for fact in page_of if None not in may_be(fact, answer)]
        if story_at.get(address) in public and story_at[address] not in stated:
            wrong.append((address, "is not there", answer["status"]))
        if address in WHOLE:
            wrong += [(address, fact, "is missing") for fact in public if fact not in stated]
        for section in SECTIONS:
            if address == f"/section/{section.lower()}/":
                for fact in page_of:
                    stands = truth.at(f"{fact} in", answer, "world")
                    if fact in answer["listed"] and section.lower() not in stands:
                        wrong.append((address, fact, "moved away", stands))
                    if fact in public and stands == {section.lower()} and fact not in stated:
                        wrong.append((address, fact, "has not moved here"))
    return wrong


@contextmanager
def a_busy_site(folder, store):
    """Give a site with two workers, their port, and what is in it."""
    with site_on_the_engine_of_this_run(folder) as site:
        port = free_port()
        site.environ |= {"PORT": str(port), "CLOCK": "off", "PYTHONPATH": str(ROOT)}
        if store == "redis":
            if not numbers.redis_address():
                pytest.skip("left out: no Redis in this run")
            site.environ["CACHE_URL"] = numbers.redis_address()
        world = site.run("from tests.craft.pagecache import desk\nanswer = desk.world()")
        site.run("call_command('collectstatic', verbosity=0, interactive=False)")
        time.sleep(1.1)  # until pages have a date
        command = [str(Path(sys.executable).with_name("granian"))]
        command += ["--interface", "wsgi", "--port", str(port), "--workers", str(WORKERS)]
        command += ["--blocking-threads", "3", "--workers-kill-timeout", "3"]
        command += ["--log-level", "error", "newsroom.wsgi:application"]
        site.started.append(subprocess.Popen(command, cwd=ROOT, env=site.environ))
        wait_for(port)
        yield site, port, world


@contextmanager
def reading(port, addresses, seed):
    readers = [Reader(port, addresses, seed * 100 + n) for n in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        yield readers
    finally:
        for reader in readers:
            reader.ended.set()
            reader.join(60)


def somebody(site, seed, part):
    command = [sys.executable, "-m", "tests.craft.pagecache.desk", str(seed), str(part), str(STEPS)]
    # Into a file: a pipe that nobody reads would stop the clock.
    with (site.folder / f"said-{part}").open("w") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=site.environ, stdout=said)
    site.started.append(process)
    return process


@pytest.mark.parametrize("store", ["files", "redis"])
@pytest.mark.parametrize("seed", [1])
def test_no_answer_shows_what_was_over_and_no_quiet_page_is_dropped(tmp_path, store, seed):
    with a_busy_site(tmp_path, store) as (site, port, world):
        quiet = [*QUIET, f"{world['quiet'].rstrip('/')}.md"]
        addresses = [*world["stories"].values(), *BUSY, *quiet]
        begun = time.monotonic()
        with reading(port, addresses, seed) as readers:
            somebody(site, seed, "clock")
            for person in [somebody(site, seed, part) for part in range(PEOPLE)]:
                assert person.wait(120 + 5 * STEPS) == 0
            took = time.monotonic() - begun
            time.sleep(2)  # until the clock has taken what was left
        said = [json.loads(line) for part in (*range(PEOPLE), "clock")
                for line in (site.folder / f"said-{part}").read_text().splitlines()
                if line.endswith("}")]  # fmt: skip
        answers = [one for reader in readers for one in reader.answers]
        answers += [one for one in said if "asked" in one]
        facts = [one for one in said if "fact" in one]
        wrong = wrong_ones(answers, facts, world["stories"])
        by_clock = sum("by" in one for one in facts)
        print(f"{store}: {PEOPLE * STEPS} steps in {took:.0f} s, {len(facts)} changes ({by_clock} "
              f"by the clock), {len(answers)} answers, {len(wrong)} old ones")  # fmt: skip
        assert not wrong, wrong[:10]
        assert not [one for one in answers if one["status"] >= 500]
        assert by_clock, "the clock took nothing"
        assert len(answers) > 2 * PEOPLE * STEPS
        # A page that is made anew has the date of the newest change; within its first second, none.
        for address in quiet:
            dates = {one["date"] for one in answers if one["address"] == address} - {None}
            # A section's page is made anew in time, for its most read stories alone.
            often = 1 + int(took // GROWS_OLD) if address == SECTION else 0
            assert 1 <= len(dates) <= 1 + often, address


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
