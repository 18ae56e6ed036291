"""Stories are found by their words, the best first, whatever is asked."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.models import Article
from articles.search import engine
from articles.search.finding import for_desk, for_readers
from articles.search.suggesting import suggest
from tests.chance import examples
from tests.craft.search.test_asking import QUERIES
from tests.factories import HIDDEN_STATES, make_article, make_author, make_hidden, make_section

pytestmark = pytest.mark.django_db


def found(text, **values):
    return [story.headline for story in for_readers(text, **values).stories]


@pytest.fixture
def world():
    """Stories in several scripts and fields, none of which has the standfirst of another."""
    old = timezone.now() - timedelta(days=700)
    rows = (
        ("Xi Jinping receives Putin in Beijing", "Sanctions and gas.", ("Russia",), "en"),
        ("Harbour pilots vote", "A new rota for the harbour.", ("Boats",), "en"),
        ("Bread prices", "What Xi Jinping never said.", (), "en"),
        ("Łódź opens its café museum", "Très chère.", ("Cafés",), "en"),
        ("Das Stadtarchiv zieht um", "Alte Häuser und Straßen.", (), "de"),
        ("ירושלים של זהב", "שִׁיר", (), "he"),
        ("习近平访问北京大学", "一次访问", (), "zh"),
        ("Новости Москвы", "Ёлка на площади", (), "ru"),
        ("محمد في القاهرة", "أَخْبَار", (), "ar"),
    )
    for headline, standfirst, tags, language in rows:
        make_article(headline, standfirst=standfirst, tags=tags, language=language)
    make_article(
        "An old harbour", standfirst="Of long ago.", published_at=old,
        section=make_section("Politics"), author=make_author("Jonas Weiß", slug="jonas-weiss"),
        body="<p>The well-known U.S. sanctions were 10,000 pages.</p>",
    )  # fmt: skip


def test_what_people_ask_finds_what_they_mean(world):
    table = {
        "XI": ["Xi Jinping receives Putin in Beijing", "Bread prices"],
        "sanction": ["Xi Jinping receives Putin in Beijing", "An old harbour"],
        '"vote pilots"': [],
        '"harbour pilots" vote': ["Harbour pilots vote"],
        "harbour -pilots": ["An old harbour"],
        "-harbour tag:boats": [],
        "author:weiss": ["An old harbour"],
        "author:jonas section:politics": ["An old harbour"],
        "section:world harbour": ["Harbour pilots vote"],
        "harbour to:2025": ["An old harbour"] if timezone.now().year > 2026 else None,
        f"harbour from:{timezone.now() - timedelta(days=30):%Y-%m-%d}": ["Harbour pilots vote"],
        "us": ["An old harbour"],
        "well-known": ["An old harbour"],
        '"10,000 pages"': ["An old harbour"],
        "lodz": ["Łódź opens its café museum"],
        "CAFÉ tres": ["Łódź opens its café museum"],
        "cafes": ["Łódź opens its café museum"],
        "Haus strasse": ["Das Stadtarchiv zieht um"],
        "haeuser": ["Das Stadtarchiv zieht um"],
        "בירושלים": ["ירושלים של זהב"],
        "שיר": ["ירושלים של זהב"],
        "北京": ["习近平访问北京大学"],
        "京": ["习近平访问北京大学"],
        "学": ["习近平访问北京大学"],
        "北京大学 访问": ["习近平访问北京大学"],
        "москва елка": ["Новости Москвы"],
        "اخبار القاهره": ["محمد في القاهرة"],
    }
    wrong = {
        query: found(query)
        for query, expected in table.items()
        if expected is not None and found(query) != expected
    }
    assert wrong == {}


def test_a_slip_of_the_hand_is_answered_with_what_was_meant(world):
    for typed, meant in (
        ("Jinpnig", "jinping"),
        ("sanctons", "sanctions"),
        ("piolts", "pilots"),
        ("vtoe", "vote"),
        ("bred", "bread"),
        ("Mosk­wy", ""),
        ("xi jinpnig puttin", "xi jinping putin"),
    ):
        answer = for_readers(typed)
        assert answer.corrected == meant, typed
        assert bool(answer.stories) == bool(meant), typed


def test_a_word_that_stands_somewhere_is_never_corrected_away(world):
    make_article("Vtoe", standfirst="A name.")
    assert found("vtoe") == ["Vtoe"]


def test_the_words_of_a_story_weigh_by_where_they_stand():
    places = {
        "body": make_article("One", body="<p>A quokka came.</p>" + "<p>It rained.</p>" * 60),
        "byline": make_article("Two", author=make_author("Quokka Lind")),
        "tags": make_article("Three", tags=("Quokka",)),
        "standfirst": make_article("Four", standfirst="The quokka, and what it costs you."),
        "headline": make_article("Quokka five"),
    }
    Article.objects.update(published_at=timezone.now() - timedelta(hours=1))
    order = {story: name for name, story in places.items()}
    ranked = [order[story] for story in for_readers("quokka").stories]
    assert ranked == ["headline", "standfirst", "tags", "byline", "body"]


def test_of_two_that_fit_alike_the_newer_comes_first_and_a_better_one_before_both():
    now = timezone.now()
    make_article("Otters return", published_at=now - timedelta(days=900), slug="a")
    make_article("Otters return", published_at=now - timedelta(days=1), slug="b")
    make_article("Otters, otters", published_at=now - timedelta(days=400), slug="c")
    stories = for_readers("otters return").stories
    assert [story.slug for story in stories] == ["b", "a"]
    assert [story.slug for story in for_readers("otters", newest=True).stories] == ["b", "c", "a"]


def test_a_topics_former_names_find_its_stories():
    story = make_article("A bridge", tags=("Kyiv",))
    story.tags.get().former_names.create(name="Kiev", slug="kiev")
    assert for_readers("kiev").stories == for_readers("tag:kiev").stories == [story]


def test_where_no_story_has_all_the_words_those_with_most_come(world):
    answer = for_readers("pilots vote zeppelin moscow")
    assert answer.is_relaxed
    assert answer.stories[0].headline == "Harbour pilots vote"
    assert found("zeppelin") == []


def test_a_sentence_finds_the_story_that_has_most_of_it_after_or_before_those_with_all(world):
    make_article("Notes", body="<p>Harbour pilots vote in Beijing, it is said.</p>")
    answer = for_readers("harbour pilots vote beijing")
    assert answer.is_mixed
    assert answer.total == 1
    assert {"Notes", "Harbour pilots vote"} <= {story.headline for story in answer.stories}


def test_what_was_found_is_counted_by_section_and_year(world):
    facets = for_readers("harbour").facets
    assert sorted(facets.sections.values()) == [1, 1]
    assert sum(facets.years.values()) == 2
    assert len(facets.years) == 2


def test_pages_go_on_where_the_one_before_ended():
    for number in range(7):
        make_article(f"Otters {number}")
    pages = [for_readers("otters", page=page, size=3) for page in (1, 2, 3, 4)]
    seen = [story.pk for page in pages for story in page.stories]
    assert len(seen) == len(set(seen)) == 7
    assert [page.has_more for page in pages] == [True, True, False, False]
    assert {page.total for page in pages} == {7}


def test_what_is_shown_is_marked_and_escaped():
    make_article(
        "Otters <b> & otters",
        standfirst="Plain.",
        body="<p>" + "Far away. " * 80 + "Here &lt;script&gt; an otter swam &amp; sang.</p>",
    )
    answer = for_readers("otter swam")
    (shown,) = answer.snippets.values()
    assert shown.headline == "<mark>Otters</mark> &lt;b&gt; &amp; <mark>otters</mark>"
    assert "&lt;script&gt; an <mark>otter swam</mark> &amp; sang." in shown.text
    assert shown.text.startswith("… ")
    assert len(shown.text) < 400


def test_marks_in_scripts_without_spaces_stand_at_their_letters():
    make_article("习近平访问北京大学", language="zh", standfirst="x")
    (shown,) = for_readers("北京").snippets.values()
    assert shown.headline == "习近平访问<mark>北京</mark>大学"


@pytest.mark.parametrize("state", HIDDEN_STATES)
def test_readers_find_no_trace_of_what_is_hidden_and_the_desk_finds_it(state):
    make_article("A quiet day")
    hidden = make_hidden(
        state, "Quokka shipment", body="<p>Zeppelins came.</p>", tags=("Marsupials",),
        section=make_section("Secrets"), author=make_author("Hidden Person"),
    )  # fmt: skip
    for query in (
        "quokka", "zeppelins", "tag:marsupials", "author:hidden", "section:secrets", "quokak",
        "zeppelin", "quiet -zeppelins", "-quiet", "from:2000", "quiet quokka", "section:world",
    ):  # fmt: skip
        answer = for_readers(query)
        told = repr((answer.snippets, answer.corrected, answer.meant, list(answer.stories)))
        for secret in ("quokka", "zeppelin", "marsupial", "secrets"):
            assert secret not in told.casefold(), query
        assert hidden.section_id not in answer.facets.sections, query
        assert answer.total <= 1
    for typed in ("quok", "zep", "quokak", "mars", "hid", "secr", "quiet q"):
        assert all(line.title == "A quiet day" for line in suggest(typed)), typed
    for query in ("quokka", "zeppelins", "tag:marsupials", "author:hidden", "quokak"):
        keys = for_desk(query, Article.objects.all())
        assert keys == ([] if query == "quokak" else [hidden.pk]), query


def test_what_was_withdrawn_takes_its_words_with_it(django_capture_on_commit_callbacks):
    story = make_article("Quokka shipment")
    assert for_readers("quokak").corrected == "quokka"
    Article.objects.filter(pk=story.pk).update(status=Article.Status.WITHDRAWN)
    answer = for_readers("quokak")
    assert (answer.corrected, answer.meant, answer.stories) == ("", "", [])


def test_suggestions_begin_with_what_is_typed(world):
    def titles(text):
        return [(line.kind, line.title) for line in suggest(text)]

    assert titles("rus") == [
        ("topic", "Russia"),
        ("story", "Xi Jinping receives Putin in Beijing"),
    ]
    assert ("author", "Jonas Weiß") in titles("weis")
    assert ("section", "Politics") in titles("poli")
    assert ("story", "Harbour pilots vote") in titles("harbour pil")
    assert ("story", "Harbour pilots vote") in titles("harbuor pil")
    assert ("story", "习近平访问北京大学") in titles("北京")
    assert ("story", "ירושלים של זהב") in titles("ירוש")
    assert titles("x") == titles("") == titles("😀") == []


def test_no_engine_finds_nothing_and_an_unknown_one_is_told(settings):
    make_article("Otters")
    settings.NEWSROOM = {"SEARCH": "null"}
    assert for_readers("otters").stories == []
    assert suggest("otters") == []
    assert engine().follow() == 0
    settings.NEWSROOM = {"SEARCH": "no.such.Engine"}
    with pytest.raises(ImproperlyConfigured):
        engine()


class AnyInput(TestCase):
    """One world for all of what chance asks."""

    @settings(max_examples=examples(20, proof=400), deadline=None)
    @given(
        st.one_of(
            QUERIES,
            st.sampled_from(
                ["%", "_", "\\", "' OR 1=1 --", "\x00", "a" * 10_000, "a " * 5_000, '" * AND ("',
                 "NEAR(a b)", "flags:_every", "_public", "_", "a_lind", "{headline} : x", "a:*"]
            ),
        )
    )  # fmt: skip
    def test_any_input_is_answered(self, query):
        if not Article.objects.exists():
            make_article("Xi and O'Brien in 北京", body="<p>AND OR NOT a aa 😀</p>")
        for address in ("/search/", "/search/suggestions.json"):
            response = self.client.get(address, {"q": query})
            assert response.status_code == 200
        assert not re.search(r"_every|_public", response.text)
        for_desk(query, Article.objects.all())
