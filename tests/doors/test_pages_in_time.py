"""What time alone changes, what is made ahead of readers, and who waits for whom."""

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles.editorial import transitions
from articles.models import Edition, Promo
from articles.pagecache.refilling import Refiller
from articles.pagecache.turns import Turns
from articles.readership import rankings
from tests.factories import make_article, make_section
from tests.workers import Worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_pages")]


@pytest.fixture
def then(django_capture_on_commit_callbacks):
    """What comes after a commit happens when the block ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands, and is set forward by seconds."""
    start, passed = timezone.now().replace(hour=10, microsecond=0), [0.0]
    monkeypatch.setattr(time, "time", lambda: start.timestamp() + passed[0])
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(seconds=passed[0]))

    def forward(seconds):
        passed[0] += seconds

    return forward


def test_an_embargo_that_ends_by_itself_ends_the_pages_before(client, then, clock):
    worker = Worker()
    with then():
        make_article("Out already")
    worker.get("/")
    worker.get("/robots.txt")
    with then():
        make_article("Under embargo", embargo_until=timezone.now() + timedelta(minutes=30))
    for address in ("/", "/latest/", "/section/world/", "/rss.xml"):
        assert "Under embargo" not in worker.get(address).text
    clock(29 * 60)
    assert not worker.get("/rss.xml").was_made
    before = Edition.objects.get().number
    clock(2 * 60)
    for address in ("/", "/latest/", "/section/world/", "/rss.xml"):
        assert "Under embargo" in worker.get(address).text
    assert Edition.objects.get().number == before + 1
    assert not worker.get("/latest/").was_made


def test_a_story_dated_ahead_comes_at_its_moment(then, clock):
    worker = Worker()
    with then():
        make_article("From tomorrow's desk", published_at=timezone.now() + timedelta(hours=1))
    assert "tomorrow" not in worker.get("/latest/").text
    clock(3601)
    assert "tomorrow" in worker.get("/latest/").text


def test_a_promo_comes_and_goes_in_time(then, clock):
    worker = Worker()
    with then():
        page = make_article().get_absolute_url()
        Promo.objects.create(
            slug="boats", title="Boats for hire", position="under", url="/boats/",
            starts_at=timezone.now() + timedelta(hours=1),
            ends_at=timezone.now() + timedelta(hours=2),
        )  # fmt: skip
    shown = []
    for _ in range(3):
        shown.append("Boats for hire" in worker.get(page).text)
        clock(3601)
    assert shown == [False, True, False]


def test_a_story_leaves_the_news_sitemap_after_two_days(then, clock):
    worker = Worker()
    with then():
        page = make_article(published_at=timezone.now() - timedelta(hours=47)).get_absolute_url()
    assert page in worker.get("/news-sitemap.xml").text
    clock(1800)
    assert not worker.get("/news-sitemap.xml").was_made
    clock(1801)
    assert page not in worker.get("/news-sitemap.xml").text


def test_the_front_page_is_made_anew_for_what_is_read_and_nothing_else_is(then, clock):
    worker = Worker()
    with then():
        make_article()
    worker.get("/")
    worker.get("/latest/")
    clock(301)
    assert worker.get("/").was_made
    assert not worker.get("/latest/").was_made


def test_readers_get_a_page_that_only_grew_old_while_it_is_made_anew(then, clock):
    worker = Worker()
    with then():
        make_article()
    pages = worker.edge._pages
    pages._refiller = Refiller(worker.make)
    worker.get("/")
    clock(301)
    assert not worker.get("/").was_made
    pages._refiller.make_all()
    made = len(worker.asked)
    assert not worker.get("/").was_made
    clock(200)
    assert not worker.get("/").was_made
    assert len(worker.asked) == made


def test_what_many_ask_for_is_made_again_at_once(then):
    worker = Worker()
    with then():
        read = make_article("Read by many")
        read.daily_views.create(day=timezone.localdate(), count=90)
        rankings.rank()
        article = make_article("Harbour", status="draft", section=make_section("Ports"))
    refiller = Refiller(worker.make)
    with then():
        transitions.publish(article)
    refiller.changed(set(), [article.pk])
    refiller.make_all()
    for address in ("/", "/section/ports/", article.get_absolute_url(), read.get_absolute_url()):
        assert not worker.get(address).was_made


def test_the_command_drops_every_page(then, capsys):
    worker = Worker()
    worker.get("/robots.txt")
    call_command("drop_pages")
    assert worker.get("/robots.txt").was_made


class TestTurns:
    def test_one_makes_a_page_and_the_others_wait(self, tmp_path: Path):
        among, inside, most = Turns(tmp_path), [], []

        def make():
            # Another process has files of its own.
            with Turns(tmp_path).turn("/a/") as mine, among.turn("/b/"):
                assert mine
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.01)
                inside.pop()

        threads = [threading.Thread(target=make) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert most == [1] * 8

    def test_nobody_waits_for_ever_for_another(self, tmp_path: Path):
        one = Turns(tmp_path)
        with one.turn("/a/"):
            with one.turn("/a/", patience=0.02) as mine:
                assert not mine
            with Turns(tmp_path).turn("/a/", patience=0.02) as mine:
                assert not mine
        with one.turn("/a/", patience=0.02) as mine:
            assert mine

    def test_where_no_lock_can_be_had_nobody_waits(self, tmp_path: Path):
        (tmp_path / "file").write_text("in the way")
        with Turns(tmp_path / "file").turn("/a/") as mine:
            assert mine
