"""A cache in front is told what was dropped, and knows its pages by the same words."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.exceptions import ImproperlyConfigured

from articles.pagecache import dropping, purging
from articles.pagecache.slots import EVERYTHING, slot
from tests.factories import make_article
from tests.workers import Worker


@pytest.fixture
def front(settings, monkeypatch):
    """A cache in front that writes down what it is told, and fails as often as it is asked to."""
    told, failures = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if failures:
                self.send_response(failures.pop())
            else:
                told.append((self.command, self.path, dict(self.headers), body))
                self.send_response(200)
            self.end_headers()

        do_PURGE = do_POST  # noqa: N815

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(purging, "GATHERS_FOR", 0.01)
    monkeypatch.setattr(purging, "TRIES_AFTER", (0.01, 0.01, 0.01))
    settings.CDN_TOKEN = "open sesame"

    def of_kind(kind):
        settings.CDN_PURGE = f"{kind}+http://127.0.0.1:{server.server_port}/purge"
        purging.of_site.cache_clear()
        return purging.Purges(purging.of_site()), told, failures

    yield of_kind
    server.shutdown()
    server.server_close()
    purging.of_site.cache_clear()


def ended(purges):
    end = time.monotonic() + 20
    while purges._thread is not None:
        assert time.monotonic() < end
        time.sleep(0.01)


SEVEN = f"{slot('article', 7):x}"


@pytest.mark.once
@pytest.mark.parametrize(
    ("kind", "method", "names_of"),
    [
        ("webhook", "POST", lambda headers, body: json.loads(body)["keys"]),
        ("cloudflare", "POST", lambda headers, body: json.loads(body)["tags"]),
        ("fastly", "POST", lambda headers, body: headers["Surrogate-Key"].split()),
        ("varnish", "PURGE", lambda headers, body: headers["xkey-purge"].split()),
    ],
)
def test_each_kind_is_told_in_its_own_words(front, kind, method, names_of):
    purges, told, _failures = front(kind)
    purges.changed({slot("article", 7)})
    ended(purges)
    purges.changed({EVERYTHING, slot("article", 7)})
    ended(purges)
    assert [names_of(headers, body) for _m, _p, headers, body in told] == [["any", SEVEN], ["all"]]
    command, path, headers, _body = told[0]
    assert (command, path) == (method, "/purge")
    assert "open sesame" in headers.get("Fastly-Key", headers.get("Authorization", ""))


@pytest.mark.once
def test_no_request_names_more_than_a_cache_takes(front):
    purges, told, _failures = front("cloudflare")
    purges.changed({slot("article", number) for number in range(100)})
    ended(purges)
    parts = [json.loads(body)["tags"] for *_rest, body in told]
    assert [len(part) for part in parts] == [30, 30, 30, 11]
    assert len({name for part in parts for name in part}) == 101


@pytest.mark.once
def test_a_cache_that_fails_is_told_again_and_then_given_up(front, caplog):
    purges, told, failures = front("webhook")
    failures += [500, 429]
    purges.changed({slot("article", 7)})
    ended(purges)
    assert len(told) == 1
    failures += [500] * 4
    purges.changed({slot("article", 7)})
    ended(purges)
    assert len(told) == 1
    assert "was not told" in caplog.text
    assert "open sesame" not in caplog.text


@pytest.mark.once
def test_a_cache_that_is_not_there_harms_nobody(front, settings, caplog):
    front("webhook")
    settings.CDN_PURGE = "webhook+http://127.0.0.1:9/purge"
    purging.of_site.cache_clear()
    purges = purging.Purges(purging.of_site())
    purges.changed({EVERYTHING})
    ended(purges)
    assert "was not told" in caplog.text


@pytest.mark.once
@pytest.mark.parametrize("value", ["https://cdn.example/", "squid+https://x/", "fastly+ftp://x/"])
def test_an_address_that_says_no_kind_is_refused(settings, value):
    settings.CDN_PURGE = value
    purging.of_site.cache_clear()
    with pytest.raises(ImproperlyConfigured):
        purging.of_site()
    purging.of_site.cache_clear()


@pytest.mark.django_db
def test_a_page_is_purged_by_the_words_it_carries(
    front, own_pages, monkeypatch, django_capture_on_commit_callbacks
):
    purges, told, _failures = front("webhook")
    monkeypatch.setattr(dropping, "listeners", [purges.changed])
    with django_capture_on_commit_callbacks(execute=True):
        article, other = make_article("One"), make_article("Another")
    ended(purges)
    told.clear()
    worker = Worker()
    pages = {
        one: worker.get(f"{one.get_absolute_url().rstrip('/')}.md") for one in (article, other)
    }
    names = {one: set(page.headers["Surrogate-Key"].split()) for one, page in pages.items()}
    assert "max-age" in pages[article].headers["Surrogate-Control"]
    with django_capture_on_commit_callbacks(execute=True):
        article.corrections.create(kind="update", note="More is known.")
    ended(purges)
    purged = {name for *_rest, body in told for name in json.loads(body)["keys"]}
    assert purged & names[article]
    assert not purged & names[other]


@pytest.mark.django_db
def test_without_a_cache_in_front_no_page_carries_such_words(own_pages):
    page = Worker().get(make_article().get_absolute_url())
    assert not {"Surrogate-Key", "Cache-Tag", "xkey", "Surrogate-Control"} & set(page.headers)
