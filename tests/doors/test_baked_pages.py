"""Baked pages: files that are what the application answers, and gone when they are not."""

import errno
import gzip
import io
import os
import random
import re
import shutil
import time
from datetime import timedelta
from types import SimpleNamespace

import brotli
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.editorial import transitions
from articles.pagecache import baker, baking, cache, dropping, kinds, shelves, walking
from articles.pagecache.baker import Baker
from tests.chance import examples
from tests.doors.test_dropped_pages import Desk, correct
from tests.factories import make_article, make_author, make_section
from tests.workers import Worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_pages")]


@pytest.fixture
def folder(settings, tmp_path, monkeypatch):
    """BAKE_DIR; a second passes in no time."""
    settings.BAKE_DIR = str(tmp_path / "baked")
    baking.of_site.cache_clear()
    monkeypatch.setattr(baking, "time", SimpleNamespace(time=lambda: time.time() + 1.1))
    monkeypatch.setattr(baker, "RESTS", 0)
    yield tmp_path / "baked"
    baking.of_site.cache_clear()


@pytest.fixture
def then(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def site_of_stories(then):
    with then():
        return [
            make_article(f"Harbour {n}", section=make_section("News"), author=make_author("Nia"),
                         tags=("Harbour",), body="<p>The vote closes.</p>" * 40)
            for n in range(3)
        ]  # fmt: skip


@pytest.fixture
def stories(site_of_stories, monkeypatch):
    """The same, of which half is baked: without the feeds of lists, which are pages like others."""
    every = walking.addresses
    feeds = ("rss.xml", "atom.xml", "feed.json")
    monkeypatch.setattr(
        walking,
        "addresses",
        lambda: (one for one in every() if one == "/rss.xml" or not one.endswith(feeds)),
    )
    return site_of_stories


def bake(*words):
    said = io.StringIO()
    call_command("bake", *words, stdout=said)
    return said.getvalue()


def kept(path):
    """Return the page that is kept for a path, made if need be."""
    Worker().make(path)
    return cache.of_site().find(path, time.time())


def baked(folder):
    """Return address -> plain file."""
    found = {}
    for shelf in (one for name in kinds.SHELVES for one in folder.glob(f"{name}/www/*")):
        for file in shelf.rglob("*"):
            if file.is_file() and file.suffix not in {".gz", ".br"}:
                path = f"/{file.relative_to(shelf)}".removesuffix("index.html")
                found[path] = file
    return found


def old_ones(folder, client):
    """Return the addresses whose files are another page than the application would make."""
    found = []
    for path, file in baked(folder).items():
        fresh = client.get(path)
        if path.endswith(("rss.xml", "atom.xml")) and not re.search(b"<item|<entry", fresh.content):
            # Without entries it says when the site changed last, kept or baked.
            continue
        if fresh.status_code != 200 or file.read_bytes() != fresh.content:
            found.append(path)
        for ending, decode in ((".gz", gzip.decompress), (".br", brotli.decompress)):
            small = file.with_name(file.name + ending)
            if small.exists() and decode(small.read_bytes()) != fresh.content:
                found.append(f"{path}{ending}")
    return found


def led_to(client):
    """Every address of the site that a sitemap, or a link on a page found so, leads to."""
    found, waiting = set(), ["/", "/llms.txt", "/robots.txt", "/sitemap.xml", "/news-sitemap.xml"]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        answer = client.get(path)
        if answer.status_code != 200 or not hasattr(answer, "content"):
            continue
        found.add(path)
        text = answer.content.decode("utf-8", "replace")
        links = re.findall(r'(?:href|src)="([^"#?]+)(?:#[^"]*)?"', text)
        links += re.findall(r"(?:\]\(|<loc>|Sitemap: )(http[^)<\s]+)", text)
        waiting += [link.removeprefix("http://127.0.0.1:8000") for link in links]
        waiting = [one for one in waiting if one.startswith("/") and not one.startswith("//")]
        waiting = [one for one in waiting if not one.startswith(("/static/", "/media/", "/admin/"))]
    return found


def test_all_that_the_site_leads_to_is_baked_as_it_is_answered(
    folder, client, site_of_stories, then
):
    with then():
        correct(site_of_stories[0], "correction", "It was Friday.", headline="Harbour zero")
    said = bake()
    files = baked(folder)
    assert f"{len(files)} pages written" in said
    # Searches and forms are not kept; pictures have addresses of their own.
    others = ("/search/", "/contact/", "/beacon/")
    left = {path for path in led_to(client) if not path.startswith(others)}
    assert left - set(files) == set()
    assert f"{site_of_stories[0].get_absolute_url()}changes/" in files
    assert not old_ones(folder, client)
    worker = Worker()
    for path, file in files.items():
        for coding, ending in (("identity", ""), ("gzip", ".gz"), ("br", ".br")):
            answer = worker.get(path, HTTP_ACCEPT_ENCODING=coding)
            if answer.headers.get("Content-Encoding", "identity") == coding:
                there, said = file.with_name(file.name + ending).read_bytes(), answer.body
                if coding == "br":
                    # A file is as small as br makes it; a page only once many asked for it.
                    assert len(there) <= len(said), path
                    there, said = brotli.decompress(there), brotli.decompress(said)
                assert there == said, path


def test_only_what_changed_is_written_again(folder, stories, then):
    bake()
    before = {path: file.stat() for path, file in baked(folder).items()}
    assert "0 pages written (0.0 MB), " in bake()
    with then():
        correct(stories[1], headline="Harbour told again")
    bake()
    files = baked(folder)
    page = stories[1].get_absolute_url()
    # Not by its number: a removed file's may be given to the next.
    written = {p for p, file in files.items() if file.stat().st_ctime_ns != before[p].st_ctime_ns}
    assert {"/", page, f"{page[:-1]}.md", "/sitemap.xml", "/rss.xml"} <= written
    assert not {"/robots.txt", "/tags/", "/archive/", "/corrections/"} & written


def test_files_go_before_the_verb_returns_and_others_stay(folder, stories, then):
    bake()
    before = set(baked(folder))
    page = stories[1].get_absolute_url()
    with then():
        transitions.withdraw(stories[1])
    after = set(baked(folder))
    gone = before - after
    assert {page, f"{page[:-1]}.md", "/", "/latest/", "/rss.xml", "/tag/harbour/"} <= gone
    assert {"/robots.txt", "/manifest.webmanifest", "/corrections/"} <= after
    bake()
    assert page not in baked(folder)


@pytest.mark.once
@pytest.mark.parametrize("seed", range(examples(1)))
def test_no_step_in_any_order_leaves_an_old_file(folder, client, then, seed, monkeypatch):
    # Sometimes one by one, sometimes all at once.
    monkeypatch.setattr(shelves, "MOST_REMOVED", (4, 200)[seed % 2])
    monkeypatch.setattr(baking, "MOST_REMOVED", (4, 200)[seed % 2])
    desk = Desk(random.Random(seed))
    with then():
        desk.begin()
    for step in range(examples(4, proof=60)):
        bake()
        with then():
            what = desk.do()
        assert not old_ones(folder, client), f"step {step}: {what}"


def test_much_goes_by_one_rename(folder, stories, then, monkeypatch):
    bake()
    index = (folder / "stories" / "index.sqlite3").stat().st_ctime_ns
    removed = []
    monkeypatch.setattr(shelves, "MOST_REMOVED", 2)
    monkeypatch.setattr(shelves.Shelf, "remove", lambda *args: removed.append(args))
    with then():
        transitions.publish(make_article("News of all pages", status="draft"))
    assert not (folder / "stories").exists()
    assert not any(shelf.name == "stories" for shelf, _index, _row in removed)
    bake()
    assert (folder / "stories" / "index.sqlite3").stat().st_ctime_ns != index
    assert not list(folder.glob("gone-*"))


def test_all_go_with_everything_and_with_an_index_that_is_broken(folder, stories, then):
    bake()
    dropping.drop_everything()
    assert not baked(folder)
    bake()
    (folder / "stories" / "index.sqlite3").write_bytes(b"no index" * 2000)
    with then():
        correct(stories[0], headline="Harbour after the fire")
    assert not [path for path in baked(folder) if path.startswith("/20") and path.count("/") == 5]
    assert "/robots.txt" in baked(folder)


def test_a_change_of_everything_reaches_files_though_the_edition_cannot_be_raised(
    folder, stories, then, monkeypatch
):
    bake()

    def fail():
        raise RuntimeError

    monkeypatch.setattr(dropping.edition, "raise_now", fail)
    change = dropping.Change()
    change.touch("everything")
    with pytest.raises(RuntimeError):
        change()
    assert not baked(folder)


def test_what_time_changes_goes_a_little_before(folder, stories, monkeypatch):
    bake()
    site = baking.of_site()
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    midnight = (midnight + timedelta(days=1)).timestamp()
    assert site.next_end() == midnight - baking.LEAVES_EARLY
    monkeypatch.setattr(baking.time, "time", lambda: midnight - baking.LEAVES_EARLY - 0.1)
    site.expire()
    assert "/" in baked(folder)
    monkeypatch.setattr(baking.time, "time", lambda: midnight - baking.LEAVES_EARLY + 0.1)
    site.expire()
    assert "/" not in baked(folder)
    assert "/robots.txt" in baked(folder)
    assert site.place("/latest/", kept("/latest/"))[0] is baking.Placed.LEFT


def test_a_page_waits_until_the_second_of_its_date_is_over(folder, stories, monkeypatch):
    bake()
    page, site = kept("/latest/"), baking.of_site()
    monkeypatch.setattr(baking.time, "time", lambda: page.changed + 0.9)
    assert site.place("/latest/", page)[0] is baking.Placed.TOO_FRESH
    monkeypatch.setattr(baking.time, "time", lambda: page.changed + 1.0)
    assert site.place("/latest/", page)[0] in {baking.Placed.WRITTEN, baking.Placed.UNCHANGED}


def the_baker():
    """A worker, and the baker of its process without its thread."""
    worker = Worker()
    aside = Worker(cache.of_site().aside())
    one = Baker(baking.of_site(), cache.of_site(), worker.make, aside.make)
    worker.edge._pages._baker = one
    return worker, one


def turns(one, number=0):
    """Let the baker take some turns, or all that it has to take."""
    for _ in range(number):
        one.turn()
    while not number and (one._walk or one._walked != one._cache.numbers.current()):
        one.turn()


def test_what_readers_ask_for_is_baked_at_once_and_all_else_soon(folder, stories, client, then):
    bake()
    worker, one = the_baker()
    turns(one, 2)
    page = stories[2].get_absolute_url()
    with then():
        correct(stories[2], headline="Harbour after all")
    assert page not in baked(folder)
    one._walks_from = time.monotonic() + 60
    worker.get(page)
    turns(one, 1)
    files = baked(folder)
    assert b"Harbour after all" in files[page].read_bytes()
    assert "/" not in files
    one._walks_from = 0
    turns(one)
    assert {"/", "/rss.xml", f"{page[:-1]}.md"} <= set(baked(folder))
    assert not old_ones(folder, client)
    assert "0 pages written (0.0 MB), " in bake()


def test_all_else_leaves_the_processor_to_readers(folder, stories, monkeypatch):
    monkeypatch.setattr(baker, "RESTS", 4)
    monkeypatch.setattr(baker, "WORKS_FOR", 0)
    bake()
    dropping.drop_everything()
    worker, one = the_baker()
    rest = one._all_else()
    assert rest > 0
    there = len(baked(folder))
    # Woken by a reader, it bakes what that one asked for, and rests on.
    worker.get("/tags/")
    one._rests_until += 60
    turns(one, 3)
    assert len(baked(folder)) == there + ("/tags/" in baked(folder))


def test_what_grew_old_is_baked_anew(folder, stories, client, monkeypatch):
    bake()
    file = baked(folder)["/"]
    before = file.stat().st_ctime_ns
    site = baking.of_site()
    with site.shelves["pages"].index() as index:
        index.execute("UPDATE page SET stale_from = 1, tag = 'old' WHERE path = '/'")
    assert site.aging() == ["/"]
    _worker, one = the_baker()
    turns(one, 2)
    assert site.aging() == []
    assert baked(folder)["/"].stat().st_ctime_ns != before


def test_what_a_killed_process_left_is_found(folder, stories, client, then):
    """It wrote its numbers, and was killed before it removed anything."""
    bake()
    baking.of_site.cache_clear()
    real, baking.of_site = baking.of_site, lambda: None
    try:
        with then():
            correct(stories[0], headline="Harbour nobody removed")
    finally:
        baking.of_site = real
    assert old_ones(folder, client)
    _worker, one = the_baker()
    one._walks_from = time.monotonic() + 60
    turns(one, 1)
    assert not old_ones(folder, client)


def test_another_release_and_another_start_of_the_machine_begin_anew(folder, stories, monkeypatch):
    bake()
    for name in ("release", "boot"):
        if name == "release":
            monkeypatch.setattr(baking.site_release, "of_site", lambda: "another")
        else:
            monkeypatch.setattr(baking, "boot", lambda: "another")
        other = baking.at(folder)
        found = kept("/robots.txt")
        assert other.place("/robots.txt", found)[0] is baking.Placed.LEFT
        assert baked(folder)
        other.adopt()
        assert not baked(folder)
        assert other.place("/robots.txt", found)[0] is baking.Placed.WRITTEN


def test_a_folder_that_holds_anything_else_is_left_alone(settings, stories, tmp_path, folder):
    other = tmp_path / "photographs"
    other.mkdir()
    (other / "wedding.jpg").write_bytes(b"!")
    with pytest.raises(CommandError, match="holds other things"):
        bake(str(other))
    with pytest.raises(CommandError, match="cannot be written"):
        bake(str(other / "wedding.jpg" / "below"))
    assert [one.name for one in other.iterdir()] == ["wedding.jpg"]
    settings.PAGE_CACHE = False
    with pytest.raises(CommandError, match="PAGE_CACHE"):
        bake(str(tmp_path / "new"))


def test_a_full_disk_stops_the_command_and_leaves_no_half(folder, stories, client, monkeypatch):
    real, calls = os.fchmod, []

    def full(*args):
        calls.append(args)
        if len(calls) > 20:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(*args)

    monkeypatch.setattr(baking.os, "fchmod", full)
    with pytest.raises(CommandError, match="No space left"):
        bake()
    assert not list((folder / "new").iterdir())
    assert not old_ones(folder, client)
    monkeypatch.setattr(baking.os, "fchmod", real)
    bake()
    assert "/" in baked(folder)


def test_what_is_no_file_of_the_bake_is_removed(folder, stories):
    bake()
    www = next(folder.glob("pages/www/*"))
    (www / "old" / "deep").mkdir(parents=True)
    (www / "old" / "deep" / "index.html").write_text("Who is this?")
    (baked(folder)["/tags/"]).unlink()
    said = bake()
    assert not (www / "old").exists()
    assert "1 pages written" in said
    assert " 2 removed" in said
    assert "/tags/" in baked(folder)


def test_a_bake_that_nobody_keeps_current_says_so(folder, stories, tmp_path):
    assert "BAKE_DIR=" in bake(str(tmp_path / "copy"))
    assert "Nobody" not in bake()


@pytest.mark.parametrize(
    "path",
    ["/../x/", "/a/../b/", "/a//b/", "//", "/a.b/", "/.git/", "/a/.well-known/security.txt",
     "/2026/01/02/a.md.gz", "/2026/01/02/.md", "/rss.xml\n", "/a/\n", "/ä/", "/a b/", "/a%2e/",
     "/latest/?x=1", "/2026/01/02/" + "a" * 300 + "/", "/x.txt", "rss.xml", ""],
)  # fmt: skip
def test_no_file_is_made_of_a_strange_address(path):
    assert kinds.kind_of(path) is None


def test_every_address_that_is_walked_has_a_kind_and_is_walked_once(site_of_stories):
    found = list(walking.addresses())
    assert len(found) == len(set(found))
    assert all(map(kinds.kind_of, found))


@pytest.mark.skipif(not shutil.which("nginx"), reason="left out: no nginx")
def test_nginx_sends_what_the_application_would(folder, site_of_stories, then, tmp_path):
    from tests.fronts import Front

    with then():
        # Its Markdown has another language in its headers.
        make_article("Hafen", language="de", body="<p>Am Freitag wird abgestimmt.</p>" * 40)
    bake()
    front = Front("nginx", tmp_path / "nginx", bake("--nginx"))
    try:
        worker = Worker()
        for path in baked(folder):
            for coding in ("identity", "gzip"):
                theirs = front.ask(path, Accept_Encoding=coding)
                ours = worker.get(path, HTTP_ACCEPT_ENCODING=coding)
                assert (theirs.status, theirs.body) == (200, ours.body), path
                assert len(theirs.headers["etag"]) < 30, path
                for name in set(map(str.lower, ours.headers)) - {"etag", "last-modified"}:
                    said = {n.lower(): v for n, v in ours.headers.items()}[name]
                    # The directives of a policy have no order.
                    assert sorted(theirs.headers[name].split("; ")) == sorted(said.split("; "))
        page = site_of_stories[0].get_absolute_url()
        # Nobody answers behind it.
        assert front.ask(f"{page}?x=1").status == 502
        with then():
            transitions.withdraw(site_of_stories[0])
        assert front.ask(page).status == 502
        assert front.ask("/robots.txt").status == 200
    finally:
        front.end()


def test_the_configuration_is_a_site_s_own(folder, site_of_stories, settings, client):
    with pytest.raises(CommandError, match="Bake first"):
        bake("--nginx")
    bake()
    before = bake("--nginx")
    assert 'add_header X-Frame-Options "DENY";' in before
    assert "listen 80;" in before
    assert "open_file_cache" not in re.sub(r"#.*", "", before)
    settings.X_FRAME_OPTIONS = "SAMEORIGIN"
    dropping.drop_everything()
    assert "configuration anew" in bake()
    # Where the old configuration looks, there is nothing.
    roots = re.findall(r"root (\S+);", before)
    assert roots
    assert not any(list(os.walk(root)) for root in roots)
