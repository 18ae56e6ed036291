"""Published versions: which there are, what each changed, and which are closed."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.editorial.corrections import (
    address_of_change,
    live_lines,
    public_corrections,
    steps_of,
    versions_of,
)
from articles.editorial.differences import CONTEXT, Names, differences, shortened
from articles.editorial.revisions import record, working_data
from articles.editorial.transitions import correct
from articles.models import Article, Redirect
from articles.text.compare import Piece
from tests.chance import examples
from tests.desk.changes import MOMENT, change, come_back, publish, save
from tests.factories import make_article, make_author, make_image, make_person, make_section

pytestmark = pytest.mark.django_db


def versions(article):
    row = Article.objects.annotate(lines=live_lines()).get(pk=article.pk)
    return versions_of(row, row.lines)


def steps(article):
    found = versions(article)
    return steps_of(article, found, found)


def words(step, name):
    """The gone and new words of one field of a step."""
    (found,) = (one for one in step.differences if one.name == name)
    pieces = [piece for block in found.blocks for piece in block.pieces]
    return [(piece.kind, piece.text) for piece in pieces if piece.kind != "same"]


def test_a_version_is_what_went_live_and_never_what_was_saved_between():
    article = publish()
    save(article, headline="SECRET plan")
    save(article, headline="Pilots vote on Wednesday")
    change(article, "typo", headline="Pilots vote on Friday")
    save(article, headline="SECRET again")
    first, second = steps(article)
    assert (first.version.kind, second.version.kind) == ("first", "typo")
    assert words(second, "headline") == [("gone", "Thursday"), ("new", "Friday")]
    assert first.differences == []


def test_the_kinds_of_versions_in_the_order_in_which_readers_saw_them():
    article = publish()
    change(article, "typo", hours=1, standfirst="One.")
    change(article, "update", "News.", hours=2, standfirst="Two.")
    change(article, "correction", "Wrong.", hours=3, standfirst="Three.")
    come_back(article, hours=4)
    found = versions(article)
    assert [one.kind for one in found] == ["first", "typo", "update", "correction", "again"]
    assert [one.place for one in found] == [1, 2, 3, 4, 5]
    assert [one.made_at for one in found[:4]] == [MOMENT + timedelta(hours=n) for n in range(4)]


def test_every_field_that_readers_see_is_compared():
    article = publish(section=make_section("World"), author=make_author("Mara Lind"), tags=("A",))
    make_section("Science"), make_author("Ada Holm")
    change(
        article,
        "update",
        "All of it.",
        headline="Pilots vote on Friday",
        standfirst="Another standfirst.",
        body="<p>The vote closes on Saturday.</p>",
        byline=[
            {"author": "mara-lind", "role": "writer"},
            {"author": "ada-holm", "role": "photographer"},
        ],
        section="science",
        tags=["B"],
        picture=str(make_image().uid),
    )
    step = steps(article)[1]
    assert [one.name for one in step.differences] == [
        "headline", "standfirst", "byline", "section", "picture", "tags", "body",
    ]  # fmt: skip
    (line,) = words(step, "byline")
    assert line[0] == "new"
    assert line[1].startswith("Ada Holm (")
    assert words(step, "section") == [("gone", "World"), ("new", "Science")]
    assert words(step, "tags") == [("gone", "A"), ("new", "B")]
    assert words(step, "body") == [("gone", "Friday"), ("new", "Saturday")]
    assert [kind for kind, _text in words(step, "picture")] == ["new"]


def test_what_readers_do_not_see_is_no_difference():
    article = publish()
    change(article, "typo", seo_title="Another title", starting_views=9)
    (_first, second) = steps(article)
    assert second.is_known
    assert second.differences == []


def test_names_are_todays_also_where_an_address_has_moved():
    author = make_author("Mara Lind")
    article = publish(author=author)
    author.slug, author.name = "mara-holm", "Mara Holm"
    author.save()
    Redirect.objects.create(old_path="/author/mara-lind/", new_path="/author/mara-holm/")
    names = Names([{"byline": [{"author": "mara-lind", "role": "writer"}], "section": "world"}])
    assert names.author({"author": "mara-lind", "role": "writer"}) == "Mara Holm"
    assert names.section("world") == "World"
    assert article.bylines.get().author == author


def test_an_author_who_was_taken_out_is_not_named_by_their_address():
    names = Names([{"byline": [{"author": "jan-doe", "role": "writer"}]}])
    assert "doe" not in names.author({"author": "jan-doe", "role": "writer"}).lower()


@pytest.mark.parametrize("kind", ["typo", "update", "correction"])
def test_a_change_that_hides_what_it_changed_closes_everything_before_it(kind):
    article = publish()
    change(article, "typo", hours=1, headline="Pilot Jan Doe votes")
    change(article, "typo", hours=2, headline="Pilot Jan Doe votes again")
    change(article, kind, "A name.", hours=3, hides=True, headline="A pilot votes")
    change(article, "typo", hours=4, headline="A pilot votes on Friday")
    found = steps(article)
    assert [step.version.is_open for step in found] == [False, False, False, True, True]
    assert [bool(step.differences) for step in found] == [False] * 4 + [True]
    assert words(found[4], "headline") == [("new", "on Friday")]
    assert "Doe" not in str(found)


def test_of_two_hidden_changes_the_later_one_counts():
    article = publish()
    change(article, "typo", hours=1, hides=True, headline="Two")
    change(article, "typo", hours=2, headline="Three")
    change(article, "typo", hours=3, hides=True, headline="Four")
    assert [bool(step.differences) for step in steps(article)] == [False] * 4


def test_a_story_that_comes_back_changed_does_not_show_what_was_withdrawn():
    article = publish("Pilot Jan Doe votes")
    change(article, "typo", hours=1, standfirst="Jan Doe voted.")
    come_back(article, hours=2, headline="A pilot votes", standfirst="A pilot voted.")
    found = steps(article)
    assert found[-1].version.kind == "again"
    assert "Doe" not in str(found)


def test_a_story_that_comes_back_as_it_was_keeps_its_versions_open():
    article = publish()
    change(article, "typo", hours=1, headline="Pilots vote on Friday")
    come_back(article, hours=2)
    found = steps(article)
    assert words(found[1], "headline") == [("gone", "Thursday"), ("new", "Friday")]
    assert found[2].is_known
    assert found[2].differences == []


def test_a_story_that_was_public_before_it_had_a_timeline_begins_with_what_stood():
    article = make_article("Pilots vote on Thursday", published_at=MOMENT)
    assert [one.kind for one in versions(article)] == ["first"]
    change(article, "typo", headline="Pilots vote on Friday")
    first, second = steps(article)
    assert first.version.made_at == MOMENT
    assert words(second, "headline") == [("gone", "Thursday"), ("new", "Friday")]


def test_a_persons_first_revision_is_no_proof_that_readers_saw_it():
    article = make_article("SECRET plan", status="draft")
    record(article, by=make_person("editor"))
    article.status, article.published_at, article.live_number = "published", MOMENT, 1
    article.write()
    save(article, headline="Pilots vote on Friday")
    correct(article, kind="typo", at=MOMENT + timedelta(hours=1))
    second = steps(article)[1]
    assert not second.is_known
    assert "SECRET" not in str(second)


def test_a_change_is_found_by_its_moment():
    article = publish()
    line = change(article, "correction", "Wrong.", headline="Pilots vote on Friday")
    found = versions(article)
    address = article.get_absolute_url()
    assert address_of_change(article, found, line.made_at) == f"{address}changes/#version-2"
    assert address_of_change(article, found, MOMENT) == ""
    assert address_of_change(article, found, line.made_at + timedelta(seconds=1)) == ""


def test_only_notes_of_public_articles_are_public():
    article, other = publish(), publish("Another")
    change(article, "correction", "Wrong.", headline="Pilots vote on Friday")
    change(other, "update", "News.", headline="Another one")
    assert {row.article for row in public_corrections()} == {article, other}
    assert [row.article for row in public_corrections("update")] == [other]
    Article.objects.filter(pk=other.pk).update(status="withdrawn")
    assert [row.article for row in public_corrections()] == [article]


def test_a_long_stretch_that_stayed_is_cut_to_what_is_beside_the_change():
    long = " ".join(f"word{n}" for n in range(200))
    pieces = [Piece("same", long), Piece("gone", " x"), Piece("same", long), Piece("new", " y")]
    head, _gone, middle, _new = shortened(pieces)
    assert head.text.startswith(" … word")
    assert head.text.endswith("word199")
    assert middle.text.startswith("word0 word1")
    assert " … " in middle.text
    assert middle.text.endswith("word199")
    assert max(len(piece.text) for piece in shortened(pieces)) <= 2 * CONTEXT + 3


class TestAnyHistory(TestCase):
    """Whatever happens to a story, no word that was hidden or never live is shown."""

    @settings(max_examples=examples(6, proof=120), deadline=None)
    @given(
        st.lists(
            st.sampled_from(["save", "typo", "update", "hide", "back", "back changed"]), max_size=6
        )
    )
    def test_no_closed_or_unpublished_word_is_shown(self, events):
        article = publish("Word0")
        live, forbidden = "Word0", set()
        for number, event in enumerate(events, start=1):
            word = f"Word{number}"
            if event == "save":
                save(article, headline=word)
                forbidden.add(word)
                continue
            if event == "back":
                # The working copy goes out, whatever was saved in it.
                waiting = working_data(article)["headline"]
                come_back(article, hours=number)
                if waiting != live:
                    forbidden |= {f"Word{n}" for n in range(number)}
                    live = waiting
                forbidden.discard(live)
                continue
            if event == "back changed":
                come_back(article, hours=number, headline=word)
                forbidden |= {f"Word{n}" for n in range(number)}
            else:
                kind = "typo" if event == "hide" else event
                change(article, kind, "Note.", hours=number, hides=event == "hide", headline=word)
                if event == "hide":
                    forbidden |= {f"Word{n}" for n in range(number)}
            live = word
        shown = {
            piece.text.strip()
            for step in steps(article)
            for one in step.differences
            for block in one.blocks
            for piece in block.pieces
        }
        assert not shown & forbidden


@given(
    st.lists(
        st.builds(Piece, st.sampled_from(["same", "gone", "new"]), st.text(max_size=400)),
        max_size=6,
    )
)
def test_shortening_never_touches_a_change_and_never_adds_a_word(pieces):
    out = shortened(pieces)
    assert [p for p in out if p.kind != "same"] == [p for p in pieces if p.kind != "same"]
    for before, after in zip(pieces, out, strict=True):
        if before != after:
            head, _gap, tail = after.text.partition(" … ")
            assert before.text.startswith(head)
            assert before.text.endswith(tail)


def test_the_same_words_are_no_difference():
    data = working_data(publish(tags=("A",)))
    assert differences(data, {**data, "picture": None}, Names([data])) == []
