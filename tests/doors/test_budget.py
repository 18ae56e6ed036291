"""What an article costs a reader's line: requests and bytes, counted in what would be sent."""

import json
import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles.finders import FileSystemFinder
from lxml import html

from newsroom.storage import ModuleStaticFilesStorage
from tests.factories import make_article, make_byline, make_image, make_related
from tests.feature import feature_body

pytestmark = pytest.mark.django_db

KB = 1024
#: Requests that a page's script and its browser make without an element that asks for them: the
#: beacon, the counts, the rules of what to fetch ahead.
UNSEEN = 3


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The reader's own static files as a site serves them: joined, hashed, compressed."""
    folder = tmp_path_factory.mktemp("static")
    storage = ModuleStaticFilesStorage(location=str(folder), base_url="/static/")
    found = {}
    for name, source in FileSystemFinder().list([]):
        if re.match(r"articles/(css|js|fonts|icons)/|articles/next\.", name):
            with source.open(name) as file:
                storage._save(name, file)
            found[name] = (source, name)
    for _name, _hashed, done in storage.post_process(found):
        assert done is not None
    return folder


@pytest.fixture
def page(client, settings, collected):
    """A long story with all that a body can hold, as its HTML."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {
            "BACKEND": "newsroom.storage.ModuleStaticFilesStorage",
            "OPTIONS": {"location": str(collected)},
        }
    }
    picture = make_image()
    article = make_article(
        picture=picture,
        body=feature_body(picture) + "<p>And so it went on, for a long time.</p>" * 40,
        tags=("Bats", "Boats", "Harbours"),
    )
    article.bylines.update(role="translator")
    make_byline(article, article.bylines.get().author)
    article.corrections.create(note="It was Friday.")
    for number in range(5):
        other = make_article(f"Another story, number {number}", picture=picture)
        make_related(article, target=other, title=other.headline)
    return client.get(article.get_absolute_url())


def sent(folder, address):
    """Bytes of a static file on the line."""
    path = Path(folder) / address.removeprefix("/static/")
    smaller = path.with_name(path.name + ".br")
    return (smaller if smaller.exists() else path).stat().st_size


def test_an_article_is_small_and_asks_for_little(page, collected):
    tree = html.fromstring(page.text)
    scripts = tree.xpath("//script/@src")
    sheets = tree.xpath("//link[@rel='stylesheet']/@href")
    fonts = tree.xpath("//link[@rel='preload']/@href")
    # Of the icons a browser takes the one that it likes best.
    icons = tree.xpath("//link[@rel='icon' and @type='image/svg+xml']/@href")
    pictures = tree.xpath("//img[not(@loading='lazy') and not(ancestor::noscript)]")
    asked = [*scripts, *sheets, *fonts, *icons]
    assert all(address.startswith("/static/") for address in asked)
    assert 1 + len(asked) + len(pictures) + UNSEEN <= 10, asked

    # As the first readers get it: later ones get fewer bytes.
    document = len(brotli.compress(page.content, quality=2))
    assert document <= 14 * KB
    assert sum(sent(collected, address) for address in scripts) <= 10 * KB
    assert document + sum(sent(collected, address) for address in asked) <= 60 * KB


def test_a_sheet_and_a_script_are_served_whole(page, collected):
    tree = html.fromstring(page.text)
    for address in tree.xpath("//script/@src | //link[@rel='stylesheet']/@href"):
        text = (Path(collected) / address.removeprefix("/static/")).read_text()
        # What a script fetches when it is needed belongs to no page.
        text = re.sub(r"!important|import\(document\.", "", text)
        assert "import" not in text, address
        for part in re.findall(r'url\("([^"]+)"\)', text):
            assert (Path(collected) / "articles/css" / part).exists(), part
    sheet = Path(collected) / tree.xpath("//link[@rel='stylesheet']/@href")[0][8:]
    rules = [".progress", ".key-dates", ".card--lead", ".ranking", ".index__letter", "--accent:"]
    assert [rule for rule in rules if rule not in sheet.read_text()] == []


def test_the_next_page_may_be_fetched_ahead_but_no_desk_and_no_preview(page, client, collected):
    address = re.fullmatch(r'"(/static/[^"]+\.speculationrules)"', page["Speculation-Rules"])[1]
    rules = json.loads((Path(collected) / address.removeprefix("/static/")).read_text())
    wanted, *refused = rules["prerender"][0]["where"]["and"]
    assert wanted == {"href_matches": "/*"}
    assert "/admin/*" in refused[0]["not"]["href_matches"]
    assert "/preview/*" in refused[0]["not"]["href_matches"]


def test_no_desk_no_error_and_no_feed_says_what_to_fetch_ahead(client):
    assert "Speculation-Rules" in client.get("/")
    for other in ("/nothing/", "/rss.xml", "/admin/login/"):
        assert "Speculation-Rules" not in client.get(other)
