"""Baking while pages change, and being killed while baking: nothing old, and nothing half."""

import gzip
import os
import random
import re
import signal
import subprocess
import sys
import time

import brotli
import pytest

from articles.pagecache import shelves
from articles.pagecache.baking import Bake, Placed
from articles.pagecache.numbers import HostNumbers
from articles.pagecache.pages import Page
from articles.pagecache.slots import slot
from tests.chance import examples
from tests.servers import ROOT, site_on_the_engine_of_this_run

#: One of several processes that bake the page of a state as fast as they can. A page begins with
#: the number, as the edge has it.
PLACER = """
import gzip, os, pathlib, random, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from articles.pagecache.baking import Bake
from articles.pagecache.numbers import HostNumbers
from articles.pagecache.pages import Page, tag_of
from articles.pagecache.slots import slot
folder, table = pathlib.Path(sys.argv[1]), HostNumbers(pathlib.Path(sys.argv[1]) / "numbers")
bake = Bake(folder / "baked", table)
bake._makers = ("a release", "a start")
bake.adopt()
print("ready", flush=True)
while True:
    number = table.current()
    state = (folder / "state").read_bytes()
    time.sleep(random.choice([0, 0, 0.001, 0.004]))
    body = state + b" " * 40 * random.randrange(40)
    page = Page(status="200 OK", headers=[("Content-Type", "text/html")], tag=tag_of(body),
                bodies={"identity": body, "gzip": gzip.compress(body)},
                number=number, slots=[0, slot("article", 7)])
    bake.place(random.choice(["/latest/", "/2026/01/02/story/"]), page)
"""


def write(file, text):
    half = file.with_name("half")
    half.write_text(text)
    half.replace(file)


def read(file):
    """Return the state that a file shows; -1 for a file that is not there, and never half a one."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return -1
    return int(gzip.decompress(data) if file.suffix == ".gz" else data)


@pytest.mark.once
def test_whoever_bakes_beside_a_change_leaves_nothing_of_before(tmp_path):
    table = HostNumbers(tmp_path / "numbers")
    bake = Bake(tmp_path / "baked", table)
    write(tmp_path / "state", "0")
    command = [sys.executable, "-c", PLACER, str(tmp_path)]
    placers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(2)]
    try:
        for placer in placers:
            assert placer.stdout.readline() == b"ready\n"
        seen = 0
        for state in range(1, 40 * examples(2)):
            time.sleep(random.random() * 0.02)
            # Committed; then the numbers; then the files: then the verb returns.
            write(tmp_path / "state", str(state))
            slots = {slot("article", 7)} if state % 9 else {0}
            table.drop(slots)
            bake.drop(slots)
            for _ in range(3):
                for file in (tmp_path / "baked").glob("[ps]*/www/**/index.html*"):
                    found = read(file)
                    assert found in {-1, state}, file
                    seen += found == state
                time.sleep(0.003)
        assert seen
    finally:
        for placer in placers:
            placer.kill()
            placer.wait()
            placer.stdout.close()


def test_a_page_that_shows_much_hides_no_other(tmp_path, monkeypatch):
    """What is looked for is counted by pages, not by what they show."""
    monkeypatch.setattr(shelves, "MOST_REMOVED", 3)
    table = HostNumbers(tmp_path / "numbers")
    bake = Bake(tmp_path / "baked", table)
    bake.adopt()
    for path, shown in (("/a/", range(10, 30)), ("/b/", [40]), ("/c/", [50])):
        page = Page(status="200 OK", headers=[], bodies={"identity": b"1"}, tag='"1"',
                    number=table.current(), slots=[0, *shown])  # fmt: skip
        assert bake.place(path, page)[0] is Placed.WRITTEN
    table.drop(range(10, 45))
    bake.drop(range(10, 45))
    assert bake.known(["/a/", "/b/", "/c/"]) == {"/c/"}
    assert [file.parent.name for file in bake.folder.glob("pages/www/**/index.html")] == ["c"]


WORLD = """
from tests.factories import make_author, make_section
call_command("collectstatic", verbosity=0, interactive=False)
for number in range(30):
    make_article(f"Harbour {number}", body="<p>" + "The vote closes. " * 60 + "</p>",
                 section=make_section("News"), author=make_author("Nia"), tags=("Harbour",))
answer = Article.objects.published().first().get_absolute_url()
"""


def plain_files(folder):
    """Return name -> bytes, but for feeds without entries, which say when the site changed last."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.glob("[a-z]*/www/**/*")
        if file.is_file()
        and file.suffix not in {".gz", ".br"}
        and not re.search("gone-|/corrections/", str(file))
    }


@pytest.mark.proof
def test_a_bake_that_is_killed_again_and_again_goes_on_and_is_right(tmp_path):
    with site_on_the_engine_of_this_run(tmp_path / "site") as site:
        site.folder.mkdir(exist_ok=True)
        page = site.run(WORLD)
        baked, whole = tmp_path / "baked", tmp_path / "whole"
        site.environ["BAKE_DIR"] = str(baked)

        def begin(folder):
            command = [sys.executable, "manage.py", "bake", str(folder), "--processes", "2"]
            return subprocess.Popen(
                command, cwd=ROOT, env=site.environ, stdout=subprocess.PIPE, start_new_session=True
            )

        def end(process):
            said, _nothing = process.communicate()
            assert process.returncode == 0
            return said.decode()

        # By another program than manage.py, whose parts are processes as well.
        site.run(f"""
from io import StringIO
call_command("bake", {str(whole)!r}, processes=2, stdout=StringIO())
answer = None
""")
        right = plain_files(whole)
        pauses = [random.uniform(0.5, 6) for _ in range(4 * examples(1))]
        for pause in pauses:
            process = begin(baked)
            time.sleep(pause)
            # All of it: the parts are processes of their own.
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            for name, body in plain_files(baked).items():
                assert right[name] == body, name
                for ending, decode in ((".gz", gzip.decompress), (".br", brotli.decompress)):
                    small = baked / f"{name}{ending}"
                    assert not small.exists() or decode(small.read_bytes()) == body
        # Whatever is there by now is known: a verb of another process removes it.
        path = f"harbour-29{page.rpartition('harbour-29')[2]}"
        site.run("transitions.withdraw(Article.objects.get(headline='Harbour 29'))")
        assert not [name for name in plain_files(baked) if path.strip("/") in name]
        site.run("transitions.publish(Article.objects.get(headline='Harbour 29'))")
        end(begin(baked))
        end(begin(whole))
        assert plain_files(baked) == plain_files(whole)
        assert "0 pages written" in end(begin(baked))
        assert not list(baked.glob("gone-*"))
