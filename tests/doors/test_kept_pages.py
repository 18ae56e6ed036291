"""Kept pages, as readers and strangers ask for them."""

import re
import time
from datetime import timedelta

import brotli
import pytest
from django.utils import timezone
from django.utils.http import http_date
from hypothesis import given
from hypothesis import strategies as st

from articles.editorial import transitions
from articles.models import Edition
from articles.pagecache.cache import CONDENSED_AFTER
from articles.pagecache.turns import Turns
from articles.urls import urlpatterns
from tests.factories import make_article, make_section
from tests.workers import Worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_pages")]


@pytest.fixture
def story():
    article = make_article("Harbour pilots vote", tags=("Harbour",))
    # Long enough ago that pages carry a date.
    Edition.objects.update(changed_at=timezone.now() - timedelta(minutes=5))
    return article


@pytest.fixture
def page(story):
    return story.get_absolute_url()


@pytest.fixture
def then(django_capture_on_commit_callbacks):
    """What comes after a commit happens when the block ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_the_second_reader_gets_the_page_without_django(page):
    worker = Worker()
    first, second = worker.get(page), worker.get(page)
    assert first.was_made
    assert not second.was_made
    assert (first.status, first.headers, first.body) == (200, second.headers, second.body)
    assert "Harbour pilots vote" in second.text


def test_another_process_and_one_that_starts_anew_find_what_was_kept(page):
    first = Worker().get(page)
    again = Worker().get(page)
    assert not again.was_made
    assert again.body == first.body


def test_a_page_that_another_process_made_meanwhile_is_not_made_again(page, monkeypatch):
    late, other, turn = Worker(), Worker(), Turns.turn

    def after_the_other(self, key):
        monkeypatch.setattr(Turns, "turn", turn)
        assert other.get(page).was_made
        return turn(self, key)

    monkeypatch.setattr(Turns, "turn", after_the_other)
    assert not late.get(page).was_made


def test_the_page_is_the_one_that_django_makes(client, page):
    kept = Worker().get(page)
    plain = client.get(page)
    assert kept.body == plain.content
    own = {"ETag", "Vary", "Content-Length"}
    headers = {name: value for name, value in plain.headers.items() if name not in own}
    assert {name: value for name, value in kept.headers.items() if name not in own} == headers


class TestWhoAsks:
    """Nothing of who asks makes a difference, to this page or to the next reader's."""

    def test_a_cookie_is_not_looked_at(self, client, page, admin_user):
        client.force_login(admin_user)
        cookie = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
        worker = Worker()
        signed_in = worker.get(page, HTTP_COOKIE=cookie)
        assert "Set-Cookie" not in signed_in.names
        assert "Cookie" not in signed_in.headers.get("Vary", "")
        stranger = worker.get(page)
        assert not stranger.was_made
        assert stranger.body == signed_in.body

    def test_no_header_of_the_first_reader_reaches_the_page(self, page):
        names = "X_FORWARDED_HOST X_FORWARDED_SERVER X_HOST X_ORIGINAL_URL X_REWRITE_URL REFERER"
        names += " X_FORWARDED_FOR X_HTTP_METHOD_OVERRIDE ACCEPT_LANGUAGE USER_AGENT AUTHORIZATION"
        poison = {f"HTTP_{name}": "evil.example" for name in names.split()}
        worker = Worker()
        worker.get(page, **poison)
        kept = worker.get(page)
        assert not kept.was_made
        assert "evil.example" not in kept.text
        assert "evil.example" not in str(kept.headers)

    def test_another_host_gets_no_page_kept_or_not(self, page):
        worker = Worker()
        for _ in range(2):
            for host in ("evil.example", "", "testserver@evil.example", "a b", "[::1"):
                assert worker.get(page, HTTP_HOST=host).status == 400, host
            worker.get(page)

    def test_on_an_encrypted_site_nobody_is_answered_in_the_clear(self, page, settings):
        settings.SECURE_SSL_REDIRECT = True
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        worker = Worker()
        assert worker.get(page, HTTP_X_FORWARDED_PROTO="https").status == 200
        assert worker.get(page, HTTP_X_FORWARDED_PROTO="https").status == 200
        assert worker.get(page, HTTP_X_FORWARDED_PROTO="http").status == 301
        assert worker.get(page).status == 301


class TestAddresses:
    """One page, one place: strangers cannot fill the cache or hide a page in it."""

    def test_what_no_view_asks_for_makes_no_other_page(self, page):
        worker = Worker()
        worker.get(f"{page}?utm_source=letter&before=x&kind=y")
        kept = worker.get(f"{page}?fbclid=1&before=z")
        assert not kept.was_made
        assert not worker.get(page).was_made
        assert "utm_source" not in kept.text

    def test_the_place_in_a_list_makes_another_page(self, settings):
        settings.NEWSROOM = {"PAGE_SIZE": 1}
        make_article("The older one", published_at=timezone.now() - timedelta(days=2))
        make_article("The newer one")
        worker = Worker()
        first = worker.get("/latest/")
        older = first.text.partition('href="?before=')[2].partition('"')[0]
        second = worker.get(f"/latest/?x=1&before={older}")
        assert "The older one" in second.text.partition("<main")[2]
        assert not worker.get(f"/latest/?before={older}&before={older}").was_made
        assert not worker.get("/latest/").was_made
        assert worker.get("/latest/").body == first.body

    def test_what_anybody_could_think_up_is_answered_and_not_kept(self, story):
        worker = Worker()
        for target in (
            "/search/?q=harbour",
            "/latest/?before=" + "1" * 65,
            "/latest/?" + "&".join(f"a{n}=1" for n in range(21)),
            "/latest/?" + "a" * 600,
        ):
            answers = [worker.get(target) for _ in range(2)]
            assert all(one.was_made for one in answers), target
            assert answers[0].status == answers[1].status

    @given(st.data())
    def test_whatever_stands_in_an_address_has_one_spelling(self, data):
        kept = [one for one in urlpatterns if getattr(one.callback, "is_kept", False)]
        converters = {
            type(converter): converter
            for pattern in kept
            for converter in pattern.pattern.converters.values()
        }
        assert len(converters) > 3
        converter = data.draw(st.sampled_from(list(converters.values())))
        spelled = data.draw(st.from_regex(re.compile(converter.regex, re.ASCII), fullmatch=True))
        assert converter.to_url(converter.to_python(spelled)) == spelled

    def test_odd_addresses_get_what_django_says_and_are_not_kept(self, story):
        worker = Worker()
        worker.get("/latest/")
        worker.get("/")
        for target in (
            "//", "/./", "/%2e%2e/", "/latest", "/latest//", "/LATEST/", "/latest/%00", "/nowhere/",
            "/latest/%0a", "/tag/%C3%A9/", "/tag/%FF/", "/admin/", "/%2Flatest/", "/latest/;a=b",
            "/../etc/passwd", "/sitemap-pages-01.xml", "/sitemap-pages-٣.xml",
        ):  # fmt: skip
            for _ in range(2):
                answer = worker.get(target)
                assert answer.was_made, target
                assert answer.status != 200, target

    def test_what_is_not_there_is_not_kept(self, page):
        worker = Worker()
        absent = page.replace("harbour", "harbours")
        assert worker.get(absent).status == 404
        assert worker.get(absent).was_made

    def test_no_other_method_is_answered_from_what_is_kept(self, page):
        worker = Worker()
        worker.get(page)
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
            assert worker.get(page, method).was_made


class TestEncodings:
    def test_every_reader_gets_the_best_encoding_they_take(self, page):
        worker = Worker()
        plain = worker.get(page)
        for accepted, encoding in (
            ("gzip, deflate, br, zstd", "br"),
            ("gzip;q=1.0, br;q=0.5", "gzip"),
            ("br;q=0, gzip", "gzip"),
            ("x-gzip", "gzip"),
            ("*", "br"),
            ("*;q=0.1, br;q=0", "gzip"),
            ("identity, br;q=0.9", None),
            ("br;q=0", None),
            ("br;q=x", None),
            ("deflate", None),
            ("identity;q=0", None),
            ("", None),
            ("BR;Q=0.8", "br"),
        ):
            answer = worker.get(page, HTTP_ACCEPT_ENCODING=accepted)
            assert answer.headers.get("Content-Encoding") == encoding, accepted
            assert answer.text == plain.text
            assert int(answer.headers["Content-Length"]) == len(answer.body)
            assert answer.headers["Vary"] == "Accept-Encoding"

    def test_a_page_that_is_made_is_compressed_as_well(self, page):
        made = Worker().get(page, HTTP_ACCEPT_ENCODING="br")
        assert made.was_made
        assert made.headers["Content-Encoding"] == "br"
        found = Worker().get("/search/?q=harbour", HTTP_ACCEPT_ENCODING="gzip")
        assert found.headers["Content-Encoding"] == "gzip"
        assert 'value="harbour"' in found.text

    def test_each_encoding_has_a_tag_of_its_own(self, page):
        worker = Worker()
        tags = [
            worker.get(page, HTTP_ACCEPT_ENCODING=name).headers["ETag"]
            for name in ("br", "gzip", "identity")
        ]
        assert len(set(tags)) == 3
        # A page is compressed again when many ask for it: other bytes that say the same.
        assert [tag.startswith("W/") for tag in tags] == [True, False, False]

    def test_who_has_a_page_need_not_fetch_it_again_for_being_smaller(self, page):
        worker = Worker()
        first = worker.get(page, HTTP_ACCEPT_ENCODING="br")
        for _time in range(CONDENSED_AFTER):
            now = worker.get(page, HTTP_ACCEPT_ENCODING="br")
        assert len(now.body) < len(first.body)
        assert brotli.decompress(now.body) == brotli.decompress(first.body)
        again = worker.get(
            page, HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=first.headers["ETag"]
        )
        assert (again.status, again.body) == (304, b"")


class TestConditions:
    def test_who_has_the_page_is_told_so(self, page):
        worker = Worker()
        whole = worker.get(page, HTTP_ACCEPT_ENCODING="br")
        tag = whole.headers["ETag"]
        for condition in (tag, f'"x", {tag}', tag.removeprefix("W/"), "*"):
            answer = worker.get(page, HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=condition)
            assert (answer.status, answer.body) == (304, b"")
            for name in ("ETag", "Vary", "Cache-Control", "Last-Modified"):
                assert answer.headers[name] == whole.headers[name]
            assert "Content-Length" not in answer.headers

    def test_the_tag_of_another_encoding_is_not_this_ones(self, page):
        worker = Worker()
        tag = worker.get(page, HTTP_ACCEPT_ENCODING="br").headers["ETag"]
        assert worker.get(page, HTTP_IF_NONE_MATCH=tag).status == 200

    def test_a_date_counts_where_no_tag_is_given(self, page):
        worker = Worker()
        date = worker.get(page).headers["Last-Modified"]
        assert worker.get(page, HTTP_IF_MODIFIED_SINCE=date).status == 304
        assert worker.get(page, HTTP_IF_MODIFIED_SINCE=http_date(0)).status == 200
        assert worker.get(page, HTTP_IF_MODIFIED_SINCE="yesterday").status == 200
        other = {"HTTP_IF_MODIFIED_SINCE": date, "HTTP_IF_NONE_MATCH": '"other"'}
        assert worker.get(page, **other).status == 200

    def test_who_wants_another_state_is_refused(self, page):
        worker = Worker()
        whole = worker.get(page)
        assert worker.get(page, HTTP_IF_MATCH='"other"').status == 412
        assert worker.get(page, HTTP_IF_MATCH=whole.headers["ETag"]).status == 200
        # Nobody can rely on the bytes of a page that is compressed again.
        small = worker.get(page, HTTP_ACCEPT_ENCODING="br").headers["ETag"]
        for condition, status in ((small, 412), (f'"x", {small}', 412), ("*", 200)):
            answer = worker.get(page, HTTP_ACCEPT_ENCODING="br", HTTP_IF_MATCH=condition)
            assert answer.status == status
        assert worker.get(page, HTTP_IF_UNMODIFIED_SINCE=http_date(1)).status == 412

    def test_head_says_what_get_would(self, page):
        worker = Worker()
        for accepted in ("", "br"):
            made = worker.get(page, "HEAD", HTTP_ACCEPT_ENCODING=accepted)
            whole = worker.get(page, HTTP_ACCEPT_ENCODING=accepted)
            assert made.body == b""
            assert made.headers == whole.headers
            assert not whole.was_made

    def test_a_page_dates_itself_when_its_second_is_over(self, page, monkeypatch):
        # As if it had changed within the second in which the page is made, however long that takes.
        Edition.objects.update(changed_at=timezone.now() + timedelta(seconds=60))
        worker = Worker()
        assert "Last-Modified" not in worker.get(page).headers
        later = time.time() + 62
        monkeypatch.setattr(time, "time", lambda: later)
        dated = worker.get(page)
        assert not dated.was_made
        assert "Last-Modified" in dated.headers


class TestRanges:
    def test_a_part_is_a_part_of_the_plain_page(self, page):
        worker = Worker()
        whole = worker.get(page)
        size = len(whole.body)
        for asked, start, end in (
            ("bytes=0-9", 0, 10),
            ("bytes=5-", 5, size),
            ("bytes=-7", size - 7, size),
            (f"bytes=3-{size * 2}", 3, size),
            (f"bytes=-{size * 2}", 0, size),
        ):
            answer = worker.get(page, HTTP_RANGE=asked, HTTP_ACCEPT_ENCODING="br")
            assert answer.status == 206
            assert answer.body == whole.body[start:end]
            assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{size}"
            assert answer.headers["ETag"] == whole.headers["ETag"]
            assert "Content-Encoding" not in answer.headers

    def test_what_is_not_there_is_refused(self, page):
        worker = Worker()
        size = len(worker.get(page).body)
        for asked in (f"bytes={size}-", "bytes=-0"):
            answer = worker.get(page, HTTP_RANGE=asked)
            assert answer.status == 416
            assert answer.headers["Content-Range"] == f"bytes */{size}"

    def test_anything_else_gets_the_whole_page(self, page):
        worker = Worker()
        for asked in (
            "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b",
            "bytes=٣-٤", "bytes=" + "9" * 40 + "-",
        ):  # fmt: skip
            assert worker.get(page, HTTP_RANGE=asked).status == 200, asked

    def test_a_part_of_another_state_is_not_given(self, page):
        worker = Worker()
        whole = worker.get(page)
        asked = {"HTTP_RANGE": "bytes=0-9"}
        for condition, status in (
            (whole.headers["ETag"], 206),
            (whole.headers["Last-Modified"], 206),
            ('"other"', 200),
            (f"W/{whole.headers['ETag']}", 200),
            (http_date(0), 200),
        ):
            assert worker.get(page, HTTP_IF_RANGE=condition, **asked).status == status
        assert worker.get(page, "HEAD", **asked).status == 200


class TestChanges:
    def test_after_a_correction_nobody_is_shown_the_old_page(self, then):
        with then():
            article = make_article("Harbour pilots vote", status="draft")
            transitions.publish(article)
        workers = [Worker(), Worker()]
        page = article.get_absolute_url()
        for worker in workers:
            worker.get(page)
            worker.get("/")
        with then():
            from articles.editorial.revisions import record, working_data

            record(article, {**working_data(article), "headline": "Harbour pilots strike"})
            transitions.correct(article, kind="typo")
        for worker in workers:
            for address in (article.get_absolute_url(), "/"):
                assert "Harbour pilots strike" in worker.get(address).text

    def test_after_a_withdrawal_its_page_is_gone(self, then):
        with then():
            article = make_article("Harbour pilots vote", status="draft")
            transitions.publish(article)
        worker, page = Worker(), article.get_absolute_url()
        assert worker.get(page).status == 200
        with then():
            transitions.withdraw(article)
        assert worker.get(page).status == 410
        assert "Harbour pilots vote" not in worker.get("/").text

    def test_a_page_begun_before_a_change_and_ended_after_it_is_not_kept(self, page, then):
        worker = Worker()
        django = worker.edge._pages._application
        section = make_section("Ports")

        def slow(environ, start):
            result = django(environ, start)
            # The page is rendered; the change comes before it is kept.
            with then():
                section.name = "Harbours"
                section.save()
            return result

        worker.edge._pages._application = slow
        worker.get("/")
        worker.edge._pages._application = django
        again = worker.get("/")
        assert again.was_made
        assert "Harbours" in again.text

    def test_midnight_makes_another_page(self, page, monkeypatch):
        worker = Worker()
        worker.get(page)
        worker.get("/rss.xml")
        tomorrow = time.time() + 86400
        monkeypatch.setattr(time, "time", lambda: tomorrow)
        assert worker.get(page).was_made
        assert not worker.get("/rss.xml").was_made


def test_a_site_without_the_cache_hands_everything_on(page, settings):
    settings.PAGE_CACHE = False
    worker = Worker()
    assert worker.get(page).was_made
    assert worker.get(page).was_made
