"""The clock: one runner among all processes, on time, and nothing twice whatever happens to it."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import clock
from articles.editorial import lease, schedule
from articles.models import ClockLease, ScheduledStep
from tests.desk.moments import NINE, TEN, Hand, make_draft
from tests.servers import ROOT, Site, site_on_the_engine_of_this_run

#: Two hosts that are not this machine.
HERE, ELSEWHERE = "one-host:1:abcdef", "another-host:1:abcdef"


@pytest.fixture
def hand(monkeypatch, db):
    hand = Hand()
    monkeypatch.setattr(timezone, "now", hand)
    return hand


def lease_row():
    return ClockLease.objects.get()


# --- one runner ----------------------------------------------------------------------------------


def test_it_takes_what_is_due_and_sleeps_until_the_next_moment(hand):
    article = make_draft()
    schedule.schedule(article, at=NINE + timedelta(seconds=1.5))
    ours = clock.Clock()
    assert ours.tick() == pytest.approx(1.5, abs=0.01)
    hand.moment += timedelta(seconds=1.5)
    assert ours.tick() == clock.LOOKS_EVERY
    article.refresh_from_db()
    assert article.is_public


def test_it_sleeps_a_moment_at_least_and_never_long(hand):
    schedule.schedule(make_draft(), at=TEN)
    assert clock.Clock().tick() == clock.LOOKS_EVERY


def test_only_one_process_runs_it(hand):
    ours, theirs = clock.Clock(HERE), clock.Clock(ELSEWHERE)
    theirs.tick()
    schedule.schedule(make_draft(), at=NINE + timedelta(seconds=1))
    hand.moment += timedelta(seconds=1)
    assert ours.tick() == clock.STANDS_BY
    assert ScheduledStep.objects.get().outcome == "waiting"
    theirs.tick()
    assert ScheduledStep.objects.get().outcome == "done"
    assert lease_row().holder == ELSEWHERE


def test_another_takes_over_when_the_runner_is_silent(hand):
    theirs, ours = clock.Clock(ELSEWHERE), clock.Clock(HERE)
    theirs.tick()
    hand.moment += lease.HELD_FOR - timedelta(seconds=1)
    ours.tick()
    assert not ours.is_runner
    hand.moment += timedelta(seconds=1)
    ours.tick()
    assert ours.is_runner
    assert theirs.tick() == clock.STANDS_BY


def test_a_runner_of_this_machine_that_has_ended_is_not_waited_for(hand):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    clock.Clock(f"{socket.gethostname()[:50]}:{ended.pid}:abcdef").tick()
    ours = clock.Clock()
    ours.tick()
    assert ours.is_runner


def test_of_two_that_want_to_take_over_one_does(hand, monkeypatch):
    clock.Clock(ELSEWHERE).tick()
    hand.moment += lease.HELD_FOR
    read = type(ClockLease.objects.all()).first

    def read_and_be_slow(rows):
        found = read(rows)
        monkeypatch.undo()
        lease.take("third:1:abcdef", hand.moment)
        return found

    monkeypatch.setattr(type(ClockLease.objects.all()), "first", read_and_be_slow)
    assert lease.take("second:1:abcdef", NINE + lease.HELD_FOR) is False
    assert lease_row().holder == "third:1:abcdef"


def test_a_runner_that_lost_the_lease_midway_leaves_the_rest(hand, monkeypatch):
    for number in range(3):
        schedule.schedule(make_draft(f"Story {number}"), at=TEN)
    hand.moment = TEN
    ours = clock.Clock()
    real, seen = clock.report, []

    def report(taken):
        seen.append(taken)
        real(taken)
        hand.moment += lease.RENEWED_EVERY
        ClockLease.objects.update(holder=ELSEWHERE)

    monkeypatch.setattr(clock, "report", report)
    ours.tick()
    assert len(seen) == 1
    assert ScheduledStep.objects.filter(outcome="waiting").count() == 2


def test_an_idle_runner_writes_one_row_every_few_seconds_and_a_bystander_none(hand):
    ours, theirs = clock.Clock(HERE), clock.Clock(ELSEWHERE)
    ours.tick()

    def writes_of(one):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            one.tick()
        return [query["sql"] for query in asked if not query["sql"].startswith("SELECT")]

    hand.moment += timedelta(seconds=2)
    assert writes_of(ours) == []
    assert writes_of(theirs) == []
    hand.moment += lease.RENEWED_EVERY
    assert len(writes_of(ours)) == 1
    assert lease_row().ticked_at == hand.moment


def test_only_the_runner_sends_mail(hand, monkeypatch):
    sent = []
    monkeypatch.setattr(clock.notices, "send_mail_notices", lambda: sent.append(1))
    ours, theirs = clock.Clock(HERE), clock.Clock(ELSEWHERE)
    ours.tick()
    theirs.tick()
    theirs.post()
    assert sent == []
    ours.post()
    assert sent == [1]


# --- it goes on ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_nothing_ends_it_and_trouble_is_logged_once(caplog):
    answers = [
        OperationalError("no server"),
        OperationalError("no server"),
        1.0,
        KeyError("x"),
        2.0,
    ]
    pauses = []

    def work():
        answer = answers[len(pauses)]
        if isinstance(answer, Exception):
            raise answer
        return answer

    clock.keep(work, pauses.append, rounds=5)
    assert pauses == [clock.STANDS_BY, clock.STANDS_BY, 1.0, clock.STANDS_BY, 2.0]
    assert caplog.text.count("no server") == 1
    assert caplog.text.count("The clock goes on.") == 2
    # Where the database is not to blame, the log says where it happened.
    assert caplog.text.count("Traceback") == 1


#: What a server does beside answering.
THREADS = [
    "clock",
    "clock-count",
    "clock-lists",
    "clock-pictures",
    "clock-post",
    "clock-rank",
    "clock-related",
    "clock-search",
]


@pytest.mark.parametrize(
    ("opens", "switch", "threads"),
    [
        ("newsroom.wsgi", "", THREADS),
        ("newsroom.asgi", "on", THREADS),
        ("newsroom.wsgi", "off", []),
    ],
)
def test_only_servers_have_a_clock_and_it_can_be_switched_off(opens, switch, threads, tmp_path):
    script = (
        "import os, threading; os.environ['DJANGO_SETTINGS_MODULE'] = 'newsroom.settings'\n"
        "import django; django.setup(); import newsroom.urls\n"
        "names = lambda: sorted(one.name for one in threading.enumerate() if 'clock' in one.name)\n"
        f"assert names() == []; import {opens}; print(names())"
    )
    environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    if switch:
        environ["CLOCK"] = switch
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environ, capture_output=True, text=True
    )
    assert done.stdout.strip() == str(threads), done.stderr


def test_no_test_runs_beside_a_clock():
    assert not [one for one in threading.enumerate() if one.name.startswith("clock")]


# --- real servers --------------------------------------------------------------------------------

#: `count` steps on as many articles, a third of each kind, the first in `first` seconds, each
#: `apart` seconds after the one before. All get their times at once, however slow the machine is.
PLAN = """
steps = []
for number in range({count}):
    verb = ("publish", "correct", "withdraw")[number % 3]
    article = make_article(f"Story {{number}}", status="draft", body="<p>Before.</p>")
    if verb != "publish":
        transitions.publish(article)
    if verb == "correct":
        record(article, {{**working_data(article), "body": "<p>After.</p>"}})
    later = timezone.now() + timedelta(hours=1)
    schedule.schedule(article, step=verb, kind="update", note="News.", at=later)
    steps += schedule.waiting(article)
begin = timezone.now() + timedelta(seconds={first})
for number, step in enumerate(steps):
    step.due_at = begin + timedelta(seconds=number * {apart})
ScheduledStep.objects.bulk_update(steps, ["due_at"])
answer = Article.objects.get(headline="Story 1").get_absolute_url()
"""
#: All steps and the lines that taking them left, in the order in which they were made.
RESULT = """
answer = {
    "steps": [
        [step.pk, step.article_id, step.verb, step.outcome, step.due_at.timestamp()]
        for step in ScheduledStep.objects.order_by("due_at", "id")
    ],
    "lines": [
        [line.article_id, line.verb, line.due_at.timestamp(), line.made_at.timestamp(),
         line.lateness.total_seconds()]
        for line in Transition.objects.exclude(due_at=None)
        .exclude(verb="schedule").order_by("made_at", "id")
    ],
}
"""


@pytest.fixture
def site(tmp_path, db):
    with site_on_the_engine_of_this_run(tmp_path) as site:
        yield site


def check_each_once_and_in_order(site: Site, count: int) -> list[tuple[float, float]]:
    """Return (moment made, lateness) of each step."""
    result = site.run(RESULT)
    assert [step[3] for step in result["steps"]] == ["done"] * count
    assert [(line[0], line[1], line[2]) for line in result["lines"]] == [
        (step[1], step[2], step[4]) for step in result["steps"]
    ]
    for _article, _verb, due_at, made_at, lateness in result["lines"]:
        assert lateness == pytest.approx(made_at - due_at, abs=0.001)
        assert made_at >= due_at
    return [(line[3], line[4]) for line in result["lines"]]


def sha_of(page: tuple[int, bytes]) -> str:
    status, content = page
    assert status == 200
    return hashlib.sha256(content).hexdigest()


def test_two_servers_on_one_database_do_everything_once(site):
    first, second = site.start(is_bare=True), site.start(is_bare=True)
    site.run(PLAN.format(count=12, first=1, apart=0.1))
    site.wait_until_nothing_waits()
    check_each_once_and_in_order(site, 12)
    for server in (first, second):
        assert "ERROR" not in server.log.read_text()
        server.stop()


@pytest.mark.proof
def test_many_steps_at_nearly_one_moment_on_two_servers(site):
    site.start()
    site.start()
    site.run(PLAN.format(count=120, first=1, apart=0.001))
    site.wait_until_nothing_waits(120)
    check_each_once_and_in_order(site, 120)


@pytest.mark.proof
def test_what_fell_due_while_the_server_stood_is_made_up_in_order(site):
    server = site.start()
    site.run(PLAN.format(count=20, first=6, apart=0.1))
    server.stop()
    time.sleep(10)
    assert site.waiting() == 20
    started = time.time()
    site.start()
    site.wait_until_nothing_waits()
    for made_at, lateness in check_each_once_and_in_order(site, 20):
        assert made_at >= started
        assert lateness > 0.5


@pytest.mark.proof
def test_a_runner_killed_midway_is_followed_by_the_other(site):
    servers = [site.start(), site.start()]
    site.run(PLAN.format(count=90, first=1, apart=0.01))
    site.wait_until_nothing_waits(left=60)
    holder = site.ask("SELECT holder FROM articles_clocklease")[0][0]
    os.kill(int(holder.split(":")[1]), signal.SIGKILL)
    assert site.waiting() > 0
    site.wait_until_nothing_waits(120)
    check_each_once_and_in_order(site, 90)
    assert site.ask("SELECT holder FROM articles_clocklease")[0][0] != holder
    assert len(servers) == 2


@pytest.mark.proof
def test_a_live_page_is_the_same_bytes_until_the_moment_of_its_update(site):
    server = site.start()
    address = site.run(PLAN.format(count=2, first=6, apart=0))
    due_at = site.run("answer = ScheduledStep.objects.get(verb='correct').due_at.timestamp()")
    before = set()
    while time.time() < due_at + 2:
        page = sha_of(server.get(address))
        # What was asked for before and answered after the moment may be either.
        if time.time() < due_at:
            before.add(page)
    page = server.get(address)
    assert len(before) == 1
    assert sha_of(page) not in before
    assert b"After." in page[1]
