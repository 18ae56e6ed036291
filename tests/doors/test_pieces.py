"""Pieces that are written without a template: nothing in them can become HTML, or be left out."""

import pytest
from lxml import html

from articles.models import Article
from articles.related.neighbours import RelatedStory
from articles.views.pieces import card_of, headline_of, names_of, picture_of, related_of, views_of
from tests.factories import make_article, make_author, make_byline, make_image, make_section

pytestmark = pytest.mark.django_db
EVIL = "<b>&\"'</b>"
EVERYTHING = "kicker standfirst byline date minutes views"


def evil_story():
    """A card of a story whose every word would be HTML."""
    picture = make_image(alt=EVIL)
    story = make_article(
        "Evil",
        section=make_section(EVIL, slug="evil"),
        author=make_author(EVIL, slug="evil"),
        picture=picture,
        starting_views=1204,
    )
    Article.objects.update(headline=EVIL, standfirst=EVIL)
    return Article.objects.for_listing().get(pk=story.pk)


def tree_of(text):
    return html.fragment_fromstring(str(text), create_parent="main")


def test_a_card_shows_its_words_as_they_are():
    card = tree_of(card_of(evil_story(), "row", EVERYTHING, "100vw", "h2", eager=True))
    assert card.xpath("//b") == []
    for place in ("p[@class='kicker']/a", "h2/a", "p[@class='card__standfirst']", "span/a/bdi"):
        assert card.xpath(f"string(//{place})") == EVIL, place
    assert card.xpath("//img/@alt") == [EVIL]
    assert card.xpath("//img/@fetchpriority") == ["high"]
    facts = [one.text_content() for one in card.xpath("//p[@class='meta']/span")]
    assert facts[0] == EVIL
    assert facts[2:] == ["1 min read", "1,204 views"]


def test_a_card_shows_what_it_is_asked_for_and_no_more():
    card = tree_of(card_of(evil_story(), "text", "", ""))
    assert card.xpath("//article/@class") == ["card card--text card--plain"]
    assert card.xpath("//h3/a/text()") == [EVIL]
    assert card.xpath("//img | //p[@class!='meta'] | //p/span") == []


def test_related_news_and_headlines_show_their_words_as_they_are():
    story = evil_story()
    line = RelatedStory(EVIL, f"/?{EVIL}", EVIL, story.published_at.date(), 5, story)
    for text in (related_of(line), headline_of(story)):
        tree = tree_of(text)
        assert tree.xpath("//b") == []
        assert tree.xpath("string(//h3/a)") == EVIL
    bare = tree_of(related_of(RelatedStory(EVIL, "", "", None, None)))
    assert bare.xpath("//a | //img | //p/span") == []
    assert bare.xpath("string(//h3)") == EVIL


def test_names_are_joined_as_people_say_them():
    story = make_article(author=make_author("Ada"))
    lines = [{"slug": "ada", "name": name} for name in ("Ada", "Ben", "Cy")]
    texts = [tree_of(names_of(lines[:number])).text_content() for number in range(4)]
    assert texts == ["", "Ada", "Ada and Ben", "Ada, Ben and Cy"]
    make_byline(story, make_author("Ben"), role="translator")
    assert tree_of(names_of(lines[:1], rel=True)).xpath("//a/@rel") == ["author"]


def test_numbers_of_views_are_words():
    assert [views_of(number) for number in (0, 1, 1204)] == ["0 views", "1 view", "1,204 views"]


def test_a_picture_in_a_text_is_whole_and_has_the_alt_of_its_place():
    text = tree_of(picture_of(make_image(), "100vw", alt_of_whole=""))
    assert text.xpath("//img/@alt") == [""]
    assert "picture--whole" in text.xpath("//img/@class")[0]
    assert len(text.xpath("//source")) == 2
