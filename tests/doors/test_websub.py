"""A hub is told which feeds changed: after the commit, at once, at nobody's cost."""

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from articles import websub
from articles.editorial import transitions
from tests.desk.changes import change, publish
from tests.factories import make_article, make_author

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


class Asked(BaseHTTPRequestHandler):
    """A hub that keeps what it is told, and answers as its server says."""

    def do_POST(self):
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.told.append(parse_qs(form))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def hub(settings, monkeypatch):
    monkeypatch.setattr(websub, "GATHERS_FOR", 0.05)
    server = HTTPServer(("127.0.0.1", 0), Asked)
    server.told, server.status = [], 204
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    settings.WEBSUB_HUB = f"http://127.0.0.1:{server.server_port}/hub?a=b"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def finish():
    """Wait until everything that was to be told is told."""
    for thread in threading.enumerate():
        if thread.name == "websub":
            thread.join(10)


def test_the_hub_hears_of_every_feed_of_a_story(hub, django_capture_on_commit_callbacks):
    article = make_article("Pilots vote", status="approved", tags=("Ports",))
    with django_capture_on_commit_callbacks(execute=True):
        transitions.publish(article)
    finish()
    (told,) = hub.told
    assert told["hub.mode"] == ["publish"]
    assert (
        set(told["hub.url"])
        == set(told["hub.topic"])
        == {
            f"{SITE}/{owner}{file}"
            for owner in ("", "section/world/", "tag/ports/", "author/mara-lind/")
            for file in ("rss.xml", "atom.xml", "feed.json")
        }
    )


def test_a_correction_is_in_the_feed_of_corrections(hub, django_capture_on_commit_callbacks):
    article = publish()
    with django_capture_on_commit_callbacks(execute=True):
        change(article, "correction", "It was Friday.", headline="On Friday")
    finish()
    assert f"{SITE}/corrections/atom.xml" in hub.told[-1]["hub.url"]


def test_many_steps_are_told_together(hub, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(websub, "GATHERS_FOR", 0.7)
    articles = [make_article(f"Story {n}", status="approved") for n in range(5)]
    with django_capture_on_commit_callbacks(execute=True):
        for article in articles:
            transitions.publish(article)
    finish()
    (told,) = hub.told
    assert len(told["hub.url"]) == 9


def test_a_step_that_readers_do_not_see_is_not_told(hub, django_capture_on_commit_callbacks):
    article = make_article(status="draft", author=make_author())
    with django_capture_on_commit_callbacks(execute=True):
        transitions.submit(article)
    finish()
    assert hub.told == []


@pytest.mark.parametrize("trouble", ["refuses", "is down", "hangs"])
def test_a_hub_in_trouble_costs_the_desk_nothing(
    hub, settings, monkeypatch, caplog, django_capture_on_commit_callbacks, trouble
):
    monkeypatch.setattr(websub, "PATIENCE", 0.2)
    hub.status = 500
    if trouble == "is down":
        settings.WEBSUB_HUB = "http://127.0.0.1:1/"
    if trouble == "hangs":
        monkeypatch.setattr(Asked, "do_POST", lambda self: time.sleep(0.5))
    article = make_article(status="approved")
    with django_capture_on_commit_callbacks(execute=True):
        transitions.publish(article)
    article.refresh_from_db()
    assert article.status == "published"
    finish()
    assert "hub" in caplog.text.lower()


def test_feeds_name_the_hub_only_when_there_is_one(client, settings):
    make_article()
    settings.WEBSUB_HUB = ""
    for address in ("/rss.xml", "/atom.xml", "/feed.json"):
        response = client.get(address)
        assert "hub" not in response.headers["Link"]
        assert "hub" not in response.content.decode()
    settings.WEBSUB_HUB = "https://hub.example/"
    for address in ("/rss.xml", "/atom.xml", "/feed.json"):
        response = client.get(address)
        assert '<https://hub.example/>; rel="hub"' in response.headers["Link"]
        assert f'<{SITE}{address}>; rel="self"' in response.headers["Link"]
        assert "https://hub.example/" in response.content.decode()
