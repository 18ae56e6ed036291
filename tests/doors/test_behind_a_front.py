"""Baked pages behind a real nginx and a real Caddy: what the application would answer, at once."""

import shutil
import subprocess
import sys
import time

import brotli
import pytest

from tests.fronts import Front, ask, has_brotli
from tests.servers import ROOT, site_on_the_engine_of_this_run

pytestmark = pytest.mark.proof

FRONTS = [
    pytest.param(
        name, marks=pytest.mark.skipif(not shutil.which(name), reason=f"left out: no {name}")
    )
    for name in ("nginx", "caddy")
]
#: What each server writes its own way.
OWN = {"date", "server", "connection", "etag", "last-modified", "accept-ranges",
       "transfer-encoding", "keep-alive", "x-request-id"}  # fmt: skip
WORLD = """
from tests.factories import make_author, make_image, make_section
picture = make_image()
for number in range(4):
    make_article(f"Harbour {number}", body="<p>" + "The vote closes. " * 60 + "</p>",
                 section=make_section("News"), author=make_author("Nia"), tags=("Harbour",),
                 picture=picture)
answer = [one.get_absolute_url() for one in Article.objects.order_by("pk")]
"""
LISTS = ["/", "/latest/", "/tags/", "/archive/", "/section/news/", "/tag/harbour/", "/author/nia/"]
FILES = ["/rss.xml", "/atom.xml", "/feed.json", "/section/news/rss.xml", "/corrections/feed.json",
         "/sitemap.xml", "/sitemap-pages-1.xml", "/sitemap-articles-1.xml", "/news-sitemap.xml",
         "/robots.txt", "/llms.txt", "/opensearch.xml", "/manifest.webmanifest",
         "/favicon.ico"]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with site_on_the_engine_of_this_run(folder) as site:
        site.environ |= {"BAKE_DIR": str(folder / "baked"), "BEHIND_PROXY": "1"}
        site.environ["SITE_URL"] = "http://127.0.0.1"
        site.stories = site.run(WORLD)
        site.server = site.start()
        yield site


def manage(site, *words):
    environ = {**site.environ, "PORT": str(site.server.port)}
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def files_of(site, path):
    name = f"{path}index.html" if path.endswith("/") else path
    return list((site.folder / "baked").glob(f"*/www/*{name}*"))


def same(value):
    """A header, with what has no order in one."""
    return sorted(part.strip() for part in value.split(";"))


def plain(answer):
    """A body as br was made of it: a file is smaller than a page that few asked for."""
    is_br = answer.body and answer.headers.get("content-encoding") == "br"
    return brotli.decompress(answer.body) if is_br else answer.body


def compare(front, site, path, method="GET", **headers):
    ours, theirs = (
        ask(site.server.port, path, method, **headers),
        front.ask(path, method, **headers),
    )
    assert theirs.status == ours.status, path
    assert plain(theirs) == plain(ours), path
    left, right = ({n: same(v) for n, v in one.headers.items() if n not in OWN}
                   for one in (ours, theirs))  # fmt: skip
    if theirs.headers.get("server") == "Caddy" and "content-length" not in right:
        # It does not say how long what is compressed is.
        left.pop("content-length", None)
    if right.get("content-encoding") == ["br"]:
        for headers in (left, right):
            headers.pop("content-length", None)
    assert right == left, path
    return theirs


@pytest.mark.parametrize("name", FRONTS)
def test_a_front_answers_what_the_application_would(site, name, tmp_path):
    manage(site, "bake")
    front = Front(name, tmp_path / name, manage(site, "bake", f"--{name}"))
    try:
        look(front, site, name)
        change(front, site, name)
    finally:
        front.end()


def look(front, site, name):
    story = site.stories[1]
    encodings = ["identity", "gzip"] + (["gzip, deflate, br"] if has_brotli() else [])
    for path in [*LISTS, *FILES, *site.stories, f"{story[:-1]}.md"]:
        assert files_of(site, path), path
        for encoding in encodings:
            found = compare(front, site, path, Accept_Encoding=encoding)
            assert is_from_file(found), path
            compare(front, site, path, "HEAD", Accept_Encoding=encoding)
            tag = found.headers["etag"]
            again = front.ask(path, Accept_Encoding=encoding, If_None_Match=tag)
            assert (again.status, again.body) == (304, b""), path
        part = front.ask(path, Range="bytes=10-19")
        ours = ask(site.server.port, path, Range="bytes=10-19")
        assert (part.status, part.body, part.headers["content-range"]) == (
            206, ours.body, ours.headers["content-range"],
        )  # fmt: skip
    assert front.ask(story, Range="bytes=999999-").status == 416
    assert front.ask(story, If_None_Match='"another"').status == 200
    # What is no file is the application's: other spellings, queries, forms, and what is not there.
    others = [
        "/latest/?before=x",
        "/latest/?utm_source=x",
        "/search/?q=vote",
        "/latest",
        story.upper(),
        f"{story}index.html",
        "/robots.txt/",
        "/latest/index.html",
        "/nothing/",
        "/index.sqlite3",
        "/rss.xml?x=1",
        "/rss.xml.gz",
        "/index.html.br",
    ]
    if name == "nginx":
        # Caddy takes two slashes for one, and sends the page.
        others += ["//latest/", f"/{story}"]
    for path in others:
        found = front.ask(path)
        assert not is_from_file(found), path
        assert found.status == ask(site.server.port, path).status, path
    for path in ("/latest/%2e%2e/%2e%2e/lock", "/%00/"):
        assert front.ask(path).status in {400, 404}
    for method in ("POST", "OPTIONS", "DELETE"):
        assert front.ask(story, method).status == ask(site.server.port, story, method).status


def is_from_file(answer):
    """The application's own tags are longer."""
    return 0 < len(answer.headers.get("etag", "")) < 30


def change(front, site, name):
    """From the moment a verb has returned, nobody gets the page from before."""
    headline = f"Told again for {name}"
    gone, changed = site.stories.pop(), site.stories[1]
    before = front.ask(changed)
    seen = site.run(f"""
import http.client
def get(path):
    line = http.client.HTTPConnection("127.0.0.1", {front.port}, timeout=30)
    line.request("GET", path)
    answer = line.getresponse()
    return answer.status, answer.read().decode()
story = Article.objects.get(slug={changed.strip("/").rpartition("/")[2]!r})
record(story, {{**working_data(story), "headline": {headline!r}}})
transitions.correct(story, kind="typo")
told = get({changed!r}), get("/")
transitions.withdraw(Article.objects.get(slug={gone.strip("/").rpartition("/")[2]!r}))
answer = [*told, get({gone!r}), get({gone[:-1] + ".md"!r}), get("/latest/")]
""")
    page, first, withdrawn, text, latest = seen
    assert headline in page[1]
    assert headline in first[1]
    assert (withdrawn[0], text[0]) == (410, 410)
    assert gone not in latest[1]
    end = time.monotonic() + 30
    while not (is_from_file(front.ask(changed)) and is_from_file(front.ask("/latest/"))):
        assert time.monotonic() < end, "not baked anew"
        time.sleep(0.1)
    assert headline.encode() in compare(front, site, changed).body
    assert front.ask(changed, If_None_Match=before.headers["etag"]).status == 200
    assert not files_of(site, gone)
