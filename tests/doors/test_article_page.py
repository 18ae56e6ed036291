"""An article's own page."""

import json
import re
from datetime import UTC, date, datetime

import pytest

from articles.models import Promo, Redirect
from tests.factories import (
    make_article,
    make_author,
    make_byline,
    make_image,
    make_related,
    make_section,
)

pytestmark = pytest.mark.django_db


def page(client, article):
    response = client.get(article.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_it_shows_what_readers_came_for(client):
    article = make_article(
        "Bats & boats",
        standfirst="Both come at dusk.",
        body="<p>Bats and boats.</p>",
        section=make_section("Science"),
        author=make_author("Ada Holm"),
        tags=("Bats",),
        picture=make_image(caption="A boat at dusk", credit="Pia Vasari"),
        starting_views=63,
        published_at=datetime(2026, 5, 1, 8, 30, tzinfo=UTC),
    )
    text = page(client, article)
    for part in ("Bats &amp; boats", "Both come at dusk.", "Bats and boats.", "Science", "Ada Holm",
                 "/tag/bats/", "A boat at dusk", "Pia Vasari", "63", "1 min"):  # fmt: skip
        assert part in text, part
    assert re.search(r'<time[^>]*datetime="2026-05-01T08:30:00', text)


def test_related_news_come_with_author_date_and_views(client):
    article = make_article()
    make_related(
        article, title="Decoding ledgers", author="Alex Brand", date=date(2025, 11, 15), views=63
    )
    other = make_article("Here already", author=make_author("Ada Holm"), starting_views=12)
    make_related(article, target=other, title="Here already")
    text = page(client, article)
    block = text[text.index('id="related"') :]
    assert block.index("Decoding ledgers") < block.index("Here already")
    for part in ("Alex Brand", "2025", "63", "Ada Holm", "12", other.get_absolute_url()):
        assert part in block, part


def test_a_long_article_has_a_table_of_contents_and_anchors(client):
    body = "".join(f"<h2>Part {n}</h2><p>Text.</p>" for n in (1, 2, 3)) + "<h2>Part 1</h2>"
    text = page(client, make_article(body=body))
    for anchor in ("part-1", "part-2", "part-3", "part-1-2"):
        assert f'id="{anchor}"' in text
        assert f'href="#{anchor}"' in text


def test_a_short_article_has_none(client):
    assert 'href="#part-1"' not in page(client, make_article(body="<h2>Part 1</h2><p>Text.</p>"))


def test_corrections_are_shown(client):
    article = make_article()
    article.corrections.create(note="It was <b>Friday</b>.")
    assert "It was &lt;b&gt;Friday&lt;/b&gt;." in page(client, article)


def test_writers_who_say_something_of_themselves_stand_under_the_text(client):
    portrait = make_image()
    ada = make_author("Ada Holm", bio="Ada listens to bats.", portrait=portrait)
    article = make_article(author=ada)
    make_byline(article, make_author("Bo Silent"))
    make_byline(article, make_author("Cy Lens", bio="Takes pictures."), role="photographer")
    text = page(client, article)
    assert text.count("Ada listens to bats.") == 1
    assert portrait.crops[0].url in text
    assert "More by Ada Holm" in text
    assert "More by Bo Silent" not in text
    assert "Takes pictures." not in text


def test_a_promo_of_the_section_stands_before_the_sites(client):
    section = make_section("Science")
    article = make_article(section=section)
    Promo.objects.create(slug="all", title="For everybody", priority=9)
    assert "For everybody" in page(client, article)
    Promo.objects.create(slug="own", title="For science readers", section=section)
    text = page(client, article)
    assert "For science readers" in text
    assert "For everybody" not in text


def test_hebrew_runs_from_right_to_left(client):
    text = page(
        client, make_article("מגדלור", body="<p>שלום</p>", language="he", slug="lighthouse")
    )
    assert re.search(r'lang="he"[^>]*dir="rtl"|dir="rtl"[^>]*lang="he"', text)


def test_structured_data_cannot_break_out_of_its_element(client):
    headline = "</script><script>alert(1)</script>"
    text = page(client, make_article(headline, slug="hostile"))
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert json.loads(data.group(1))["headline"] == headline
    assert "<script>alert" not in text


def test_a_wrong_date_or_slug_is_not_found(client):
    article = make_article(published_at=datetime(2026, 5, 1, tzinfo=UTC))
    for address in ("/2026/05/02/", "/2026/13/01/", "/2026/02/31/"):
        assert client.get(f"{address}{article.slug}/").status_code == 404
    assert client.get("/2026/05/01/another/").status_code == 404


def test_a_moved_address_leads_on_and_a_closed_one_says_so(client):
    Redirect.objects.create(old_path="/old/", new_path="/latest/")
    Redirect.objects.create(old_path="/closed/")
    response = client.get("/old/")
    assert (response.status_code, response.url) == (301, "/latest/")
    assert client.get("/closed/").status_code == 410
    assert client.get("/nothing/").status_code == 404


@pytest.mark.parametrize("address", ["/%00/", "/latest/%00", "/tag/%F0%9F%98%80/", "/search/?q=%00",
                                     "/2026/05/01/%00/", "/media/../newsroom/settings.py",
                                     "/media/%2e%2e/secret_key"])  # fmt: skip
def test_hostile_addresses_are_answered_without_an_error(client, address):
    assert client.get(address).status_code in {200, 400, 404}


def test_only_reading_methods_are_answered(client):
    article = make_article()
    for address in ("/", "/latest/", article.get_absolute_url(), "/search/"):
        assert client.post(address).status_code == 405
        assert client.head(address).status_code == 200
