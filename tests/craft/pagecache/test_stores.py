"""Where pages are kept: what a store gives back, and what it survives."""

import errno
import gzip
import math
import os
import random
import threading
import time
from contextlib import suppress

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.pagecache import numbers
from articles.pagecache.cache import CONDENSED_AFTER, Memory, PageCache
from articles.pagecache.numbers import HostNumbers, NoNumbers, SharedNumbers
from articles.pagecache.pages import (
    BROTLI,
    GZIP,
    IDENTITY,
    CorruptPage,
    Page,
    encoded,
    unpacked,
)
from articles.pagecache.slots import ALL, EVERYTHING, slot
from articles.pagecache.stores import FileStore, RedisStore
from articles.pagecache.turns import Turns
from tests.chance import examples

KEY, RELEASE = "/2026/11/18/story/", "r1"


def a_page(body=b"<p>A story</p>" * 50, **values):
    page = Page(
        status="200 OK",
        headers=[("Content-Type", "text/html"), ("Cache-Control", "public")],
        bodies=encoded(body, "text/html"),
        **{"tag": '"abc"', "number": 5, "slots": [EVERYTHING, slot("article", 7)], **values},
    )
    page.compose(0)
    return page


def cache_of(found, store, room=10**6):
    return PageCache(found, (store, store), room, RELEASE)


@pytest.fixture
def host(tmp_path):
    return HostNumbers(tmp_path / "numbers")


@pytest.fixture
def files(tmp_path):
    return FileStore(tmp_path / "plain", 10**6)


def kept(files):
    return [path for path in files.folder.glob("??/*") if path.is_file()]


@given(body=st.binary(max_size=2000), name=st.text(max_size=30), until=st.floats(0, 1e12))
@settings(max_examples=examples(30), deadline=None)
def test_a_page_comes_back_as_it_was(body, name, until):
    page = a_page(body, until=until, changed=17, stale_from=3.5)
    again = unpacked(page.packed(name, RELEASE), name, RELEASE, lambda *held: True)
    assert again.encodings == page.encodings
    assert again.body(IDENTITY) == body
    for encoding in page.encodings:
        assert again.variant(encoding).body == page.variant(encoding).body
        assert again.variant(encoding).headers == page.variant(encoding).headers
    for attribute in ("status", "headers", "tag", "changed", "number", "until", "stale_from"):
        assert getattr(again, attribute) == getattr(page, attribute)
    assert list(again.slots) == list(page.slots)


@given(data=st.data())
@settings(max_examples=examples(40), deadline=None)
def test_no_damaged_page_is_taken_for_one(data):
    packed = a_page().packed(KEY, RELEASE)
    place = data.draw(st.integers(0, len(packed) - 1))
    bit = data.draw(st.integers(0, 7))
    broken = bytearray(packed)
    broken[place] ^= 1 << bit
    cut = packed[: data.draw(st.integers(0, len(packed) - 1))]
    for wrong in (bytes(broken), cut, packed + b"x"):
        with pytest.raises(CorruptPage):
            unpacked(wrong, KEY, RELEASE, lambda *held: True)


def test_an_old_page_is_known_by_its_head(host, files):
    cache = cache_of(host, files)
    cache.keep(KEY, a_page(number=host.current()), 0)
    packed = files.get(KEY)
    host.drop([slot("article", 7)])
    # Its body is not looked at.
    assert unpacked(packed[:-9], KEY, RELEASE, lambda *held: False) is None
    assert cache_of(host, files).find(KEY, 0) is None


def test_a_corrupt_file_is_no_page_and_the_next_one_is_written_over_it(host, files):
    cache = cache_of(host, files)
    assert cache.keep(KEY, a_page(number=host.current()), 0)
    (path,) = kept(files)
    path.write_bytes(path.read_bytes()[:-1])
    assert cache_of(host, files).find(KEY, 0) is None
    for text in (b"<p>Much longer than it was</p>" * 90, b"<p>Short</p>"):
        assert cache.keep(KEY, a_page(text, number=host.current()), 0)
        assert cache_of(host, files).find(KEY, 0).body(IDENTITY) == text
    assert kept(files) == [path]


def test_who_reads_while_others_write_finds_a_whole_page_or_none(host, files):
    texts = [f"<p>{number}</p>".encode() * number for number in (1, 90, 900)]
    packed = [a_page(text, number=5).packed(KEY, RELEASE) for text in texts]
    is_over = threading.Event()

    def write(data):
        while not is_over.is_set():
            files.put(KEY, data)

    threads = [threading.Thread(target=write, args=(data,)) for data in packed]
    for thread in threads:
        thread.start()
    found = []
    try:
        for _time in range(300):
            with suppress(CorruptPage):
                data = files.get(KEY) or b""
                found.append(unpacked(data, KEY, RELEASE, lambda *held: True).body(IDENTITY))
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    # Whatever they left behind is written over by the next one.
    files.put(KEY, packed[1])
    last = unpacked(files.get(KEY), KEY, RELEASE, lambda *held: True)
    assert {*found, last.body(IDENTITY)} <= set(texts)


def test_a_page_is_held_compressed_and_all_else_is_made_of_it_when_asked_for(host, files):
    text = b"<p>A story</p>" * 500
    cache = cache_of(host, files)
    cache.keep(KEY, a_page(text, number=host.current()), 0)
    assert len(files.get(KEY)) < len(text) / 5
    for one in (cache, cache_of(host, files)):
        page = one.find(KEY, 0)
        assert list(page.bodies) == [BROTLI]
        assert gzip.decompress(page.variant(GZIP).body[0]) == text
        assert page.variant(IDENTITY).body == [text]
        assert page.variant(GZIP) is page.variant(GZIP)
        tags = {page.variant(name).tag for name in page.encodings}
        assert tags == {'"abc"', '"abc-gzip"', 'W/"abc-br"'}
        for name in page.encodings:
            headers = dict(page.variant(name).headers)
            assert headers["Vary"] == "Accept-Encoding"
            assert headers["Content-Length"] == str(len(page.variant(name).body[0]))


def test_a_page_that_is_read_often_gets_smaller_for_everybody(host, files):
    chance = random.Random(3)
    text = " ".join(f"<p>word{chance.randrange(600)}</p>" for _number in range(3000)).encode()
    cache = cache_of(host, files)
    cache.keep(KEY, a_page(text, number=host.current()), 0)
    first = cache.find(KEY, 0).variant(BROTLI)
    for _time in range(CONDENSED_AFTER - 2):
        assert cache.find(KEY, 0).variant(BROTLI) is first
    for one in (cache, cache_of(host, files)):
        page = one.find(KEY, 0)
        one.find(KEY, 0)
        now = page.variant(BROTLI)
        assert len(now.body[0]) < len(first.body[0])
        assert brotli.decompress(now.body[0]) == page.variant(IDENTITY).body[0] == text
        # It says the same as before: readers need not fetch it again.
        assert now.tag == first.tag
        assert dict(now.headers)["Content-Length"] == str(len(now.body[0]))
        memory = one._memories[0]
        assert memory._size == memory.get(KEY).size
    assert files.get(KEY) == page.packed(KEY, RELEASE)


def test_a_page_that_was_dropped_meanwhile_is_not_there_again_for_having_been_read(host, files):
    cache, another = cache_of(host, files), cache_of(host, files)
    cache.keep(KEY, a_page(number=host.current()), 0)
    for _time in range(CONDENSED_AFTER - 1):
        page = cache.find(KEY, 0)
    host.drop([slot("article", 7)])
    cache._condense(KEY, page)
    assert cache.find(KEY, 0) is None
    assert another.find(KEY, 0) is None


def test_memory_counts_what_is_made_of_a_page(host, files):
    cache = cache_of(host, files, room=150_000)
    text = random.Random(7).randbytes(9000).hex().encode()
    for place in range(6):
        cache.keep(f"/{place}/", a_page(text, number=host.current()), 0)
    memory = cache._memories[0]
    assert sum(memory.get(f"/{place}/") is not None for place in range(6)) == 6
    for place in range(6):
        cache.find(f"/{place}/", 0).variant(IDENTITY)
        cache.find(f"/{place}/", 0)
    pages = [page for place in range(6) if (page := memory.get(f"/{place}/"))]
    assert memory._size == sum(page.size for page in pages) <= 150_000 * 3 / 4
    assert len(pages) < 6


def test_a_page_gets_its_date_in_every_encoding_when_its_second_is_over(host, files):
    cache = cache_of(host, files)
    page = a_page(number=host.current(), changed=100)
    page.compose(100.5)
    cache.keep(KEY, page, 100.5)
    before = cache.find(KEY, 100.9)
    assert not any(before.variant(name).date for name in before.encodings)
    after = cache.find(KEY, 101)
    assert {after.variant(name).date for name in after.encodings} == {100}


def test_a_page_of_another_release_or_address_is_none(host, files):
    cache_of(host, files).keep(KEY, a_page(number=host.current()), 0)
    upgraded = PageCache(host, (files, files), 10**6, "r2")
    assert upgraded.find(KEY, 0) is None
    files.put(KEY, a_page(number=host.current()).packed("/another/", RELEASE))
    assert cache_of(host, files).find(KEY, 0) is None


def test_a_full_disk_costs_speed_alone(host, files, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("articles.pagecache.stores._write", full)
    cache = cache_of(host, files)
    assert cache.keep(KEY, a_page(number=host.current()), 0)
    assert cache.find(KEY, 0) is not None
    assert cache_of(host, files).find(KEY, 0) is None


def test_where_no_numbers_can_be_had_nothing_is_kept(own_pages, files, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    monkeypatch.setattr(numbers, "redis_address", lambda: "")
    found = numbers.of_site.__wrapped__()
    assert isinstance(found, NoNumbers)
    assert not cache_of(found, files).keep(KEY, a_page(), 0)
    assert cache_of(found, files).find(KEY, 0) is None


def test_a_folder_that_is_no_folder_costs_speed_alone(host, tmp_path):
    (tmp_path / "plain").write_text("in the way")
    cache = cache_of(host, FileStore(tmp_path / "plain", 10**6))
    assert cache.keep(KEY, a_page(number=host.current()), 0)


def test_files_stay_within_their_room_and_what_was_read_last_stays(host, tmp_path):
    store = FileStore(tmp_path / "plain", 200_000)
    cache = cache_of(host, store)
    noise = random.Random(7)
    for place in range(150):
        page = a_page(noise.randbytes(4000), number=host.current())
        cache.keep(f"/{place}/", page, 0)
        store.get("/0/")
    assert sum(path.stat().st_size for path in kept(store)) <= 230_000
    assert store.get("/0/")
    assert store.get("/149/")
    assert not store.get("/1/")


def test_what_is_written_over_needs_no_more_room(tmp_path, monkeypatch):
    store = FileStore(tmp_path / "plain", 100_000)
    looked = []
    monkeypatch.setattr(store, "_make_room", lambda: looked.append(1))
    for _time in range(50):
        store.put("/0/", b"x" * 5000)
    assert not looked


class TestTurns:
    def test_two_processes_take_turns_as_two_threads_do(self, tmp_path):
        # Each with files of its own, as processes have them.
        one, other = Turns(tmp_path / "turns"), Turns(tmp_path / "turns")
        with one.turn(KEY) as is_mine:
            assert is_mine
            for turns in (one, other):
                with turns.turn(KEY, patience=0.02) as is_mine:
                    assert not is_mine
            with other.turn("/another/", patience=0.02) as is_mine:
                assert is_mine
        for turns in (other, one):
            with turns.turn(KEY, patience=0.02) as is_mine:
                assert is_mine

    def test_a_fault_ends_a_turn(self, tmp_path):
        one, other = Turns(tmp_path / "turns"), Turns(tmp_path / "turns")
        with suppress(ZeroDivisionError), one.turn(KEY):
            raise ZeroDivisionError
        with other.turn(KEY, patience=0.02) as is_mine:
            assert is_mine

    def test_where_no_file_can_be_had_nobody_waits_for_other_processes(self, tmp_path):
        (tmp_path / "turns").write_text("in the way")
        one, other = Turns(tmp_path / "turns"), Turns(tmp_path / "turns")
        with one.turn(KEY), other.turn(KEY, patience=0.02) as is_mine:
            assert is_mine


def test_memory_stays_within_its_room_and_keeps_what_is_read():
    memory = Memory(100_000)
    for place in range(500):
        memory.put(f"/{place}/", a_page())
        memory.get("/0/").was_used = True
    pages = [memory.get(f"/{place}/") for place in range(500)]
    assert sum(page.size for page in pages if page) <= 100_000
    assert pages[0]
    assert pages[499]
    assert not pages[1]


def test_strange_addresses_crowd_out_no_plain_ones(host, tmp_path):
    stores = (FileStore(tmp_path / "plain", 10**6), FileStore(tmp_path / "asked", 10**6))
    cache = PageCache(host, stores, 100_000, RELEASE)
    cache.keep(KEY, a_page(number=host.current()), 0)
    for place in range(300):
        cache.keep(f"/latest/?before={place}", a_page(number=host.current()), 0)
    assert cache._memories[0].get(KEY)


class TestNumbers:
    """The table in a file, and the one in Redis, say the same."""

    @pytest.fixture(params=["file", "redis"])
    def table(self, request, tmp_path):
        if request.param == "file":
            yield lambda: HostNumbers(tmp_path / "numbers")
            return
        if not numbers.redis_address():
            pytest.skip("left out: no Redis in this run")
        client = numbers.redis_client.__wrapped__()
        client.flushdb()
        yield lambda: SharedNumbers(client, "test")
        client.flushdb()

    def test_a_change_of_one_thing_is_seen_by_all_and_drops_nothing_else(self, table):
        one, other = table(), table()
        before = one.current()
        seven, eight = slot("article", 7), slot("article", 8)
        other.drop([seven])
        assert one.current() == other.current() > before
        assert one.newest([EVERYTHING, seven]) > before
        assert one.newest([EVERYTHING, eight]) <= before

    def test_who_goes_by_a_recent_number_sees_a_change_once_it_is_made(self, table):
        one, other = table(), table()
        for _time in range(20):
            before = one.recent()
            assert one.recent() == before
            other.drop([slot("article", 7)])
            assert one.recent() > before
            assert one.recent() == other.recent() == other.current()

    def test_a_change_of_everything_drops_everything(self, table):
        one = table()
        before = one.current()
        one.drop([EVERYTHING])
        assert one.newest([EVERYTHING, slot("tag", 3)]) > before

    def test_the_moment_is_kept(self, table):
        one = table()
        assert one.moment() is None
        one.set_moment(1_700_000_000_000_000)
        assert table().moment() == 1_700_000_000_000_000

    def test_a_table_that_was_lost_makes_all_pages_old(self, table, files, tmp_path):
        one = table()
        cache = cache_of(one, files)
        page = a_page(number=one.current())
        assert cache.keep(KEY, page, 0)
        if isinstance(one, HostNumbers):
            (tmp_path / "numbers").unlink()
        else:
            one._client.flushdb()
        assert cache_of(table(), files).find(KEY, 0) is None

    @pytest.mark.parametrize("table", ["redis"], indirect=True)
    @pytest.mark.parametrize("lost", ["everything", "slots"])
    @pytest.mark.parametrize("by", ["the one before", "its own"])
    def test_a_page_in_memory_does_not_outlive_the_numbers_of_redis(self, table, files, lost, by):
        """A table that was emptied said of everything that it had never changed: whoever knew the
        number from before took each page in memory, however old, for one of now."""
        one = table()
        cache = cache_of(one, files)
        assert cache.keep(KEY, a_page(number=one.current()), 0)
        one.drop([EVERYTHING])
        number = one.current()
        if lost == "everything":
            one._client.flushdb()
        else:
            one._client.delete(one._slots)
        assert cache.find(KEY, 0, number if by == "the one before" else None) is None
        # From then on pages are kept again, and dropped.
        assert cache.keep(KEY, a_page(number=(begun := one.current())), 0)
        assert cache.find(KEY, 0)
        assert begun > number
        table().drop([EVERYTHING])
        assert cache.find(KEY, 0) is None


def test_of_many_answers_hardly_any_asks_redis():
    class Counted:
        asked = 0

        def get(self, name):
            self.asked += 1
            return b"8"

    table = SharedNumbers(client := Counted(), "test")
    started = time.monotonic()
    assert {table.recent() for _answer in range(20_000)} == {8}
    took = time.monotonic() - started
    assert client.asked <= 1 + took / numbers._LEASE
    # Whoever makes a page asks.
    before = client.asked
    assert [table.current() for _page in range(5)] == [8] * 5
    assert client.asked == before + 5


def test_every_kind_has_its_own_slots():
    assert slot("article", 0) != slot("author", 0)
    assert slot("promos", 63) < ALL
    assert slot("of period", "of tag 7 2026-11") < ALL


class Down:
    """A Redis that does not answer."""

    def __getattr__(self, name):
        from redis.exceptions import ConnectionError

        def fail(*args, **kwargs):
            raise ConnectionError("refused")

        return fail


def test_without_redis_nothing_is_kept_and_nothing_old_is_shown(files):
    table = SharedNumbers(Down(), "test")
    assert table.current() is None
    cache = cache_of(table, files)
    assert not cache.keep(KEY, a_page(), 0)
    assert cache.find(KEY, 0) is None
    store = RedisStore(Down(), "test")
    store.put(KEY, b"x", math.inf)
    assert store.get(KEY) is None


def test_a_change_that_redis_was_not_told_of_is_told_when_it_is_back(monkeypatch):
    class Back:
        def __init__(self):
            self.told = []

        def eval(self, script, number, *rest):
            self.told.append(rest[number + 1 :])
            return b"8"

        def get(self, name):
            return b"8"

    monkeypatch.setattr(SharedNumbers, "_go_on_paying", lambda self: None)
    table = SharedNumbers(Down(), "test")
    table.drop([3, 4])
    table._left_alone_until = 0
    assert table.current() is None
    table._client, table._left_alone_until = Back(), 0
    assert table.current() == 8
    assert set(table._client.told[0]) == {3, 4}
