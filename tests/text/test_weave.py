"""Texts that several people change at once, unseen by each other: what comes out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.html import clean_body
from articles.text.weave.lines import read_lines, write_lines
from articles.text.weave.woven import View, Woven
from tests.text.writers import Story

BODY = (
    "<p>The mayor resigned on Monday. Ten people came.</p>"
    "<p>The second paragraph stands here.</p>"
    "<ul><li><p>One thing</p></li><li><p>Two things</p></li></ul>"
)


def woven(ann, bob, base=BODY, name="body"):
    """Weave two saves on one base, in both orders; return the value and the disputes."""
    found = []
    for first, second in ((("ann", ann), ("bob", bob)), (("bob", bob), ("ann", ann))):
        weave = Woven.begin({name: base})
        weave.save({name: first[1]}, client=first[0], base=1)
        done = weave.save({name: second[1]}, client=second[0], base=1)
        disputes = [one for save in done.values() for one in save.disputes]
        versions = {frozenset((one.mine, one.theirs)) for one in disputes}
        found.append((weave.value(name), versions))
    assert found[0] == found[1]
    return found[0]


def test_changes_of_different_paragraphs_are_both_there():
    ann = BODY.replace("Ten", "Eleven")
    bob = BODY.replace("second paragraph", "second, longer paragraph")
    value, disputes = woven(ann, bob)
    assert value == ann.replace("second paragraph", "second, longer paragraph")
    assert disputes == set()


def test_changes_of_different_words_of_a_sentence_are_both_there():
    value, disputes = woven(BODY.replace("mayor", "old mayor"), BODY.replace("Monday", "Sunday"))
    assert "The old mayor resigned on Sunday." in value
    assert disputes == set()


def test_sentences_added_at_one_place_both_stand_there_whole():
    ann = BODY.replace("came.", "came. Ann says so.")
    bob = BODY.replace("came.", "came. Bob says more.")
    value, disputes = woven(ann, bob)
    assert "came. Ann says so. Bob says more." in value or "Bob says more. Ann says so." in value
    assert disputes == set()


def test_the_same_words_changed_by_both_are_a_dispute_and_both_stand_there():
    value, disputes = woven(BODY.replace("Ten", "Eleven"), BODY.replace("Ten", "Twelve"))
    assert "Eleven" in value
    assert "Twelve" in value
    assert disputes == {frozenset(("Eleven", "Twelve"))}


def test_a_sentence_rewritten_by_both_is_one_dispute_of_whole_words():
    ann = BODY.replace("resigned on Monday", "quit")
    bob = BODY.replace("resigned on Monday", "stepped down late on Tuesday")
    value, disputes = woven(ann, bob)
    assert disputes == {frozenset(("quit", "stepped down late on Tuesday"))}
    assert "quit" in value
    assert "stepped down late on Tuesday" in value


def test_the_same_change_made_by_both_is_one_change():
    same = BODY.replace("Ten", "Eleven")
    assert woven(same, same) == (same, set())


def test_a_paragraph_taken_away_comes_back_when_somebody_wrote_in_it_meanwhile():
    ann = BODY.replace("<p>The second paragraph stands here.</p>", "")
    bob = BODY.replace("stands here", "stands here, and stays")
    value, _disputes = woven(ann, bob)
    assert "The second paragraph stands here, and stays." in value


def test_a_paragraph_that_was_moved_takes_the_changes_of_others_along():
    second = "<p>The second paragraph stands here.</p>"
    ann = second + BODY.replace(second, "")
    bob = BODY.replace("second paragraph", "second, longer paragraph")
    value, disputes = woven(ann, bob)
    assert value.startswith("<p>The second, longer paragraph stands here.</p><p>The mayor")
    assert value.count("paragraph") == 1
    assert disputes == set()


def test_a_paragraph_that_was_cut_in_two_takes_the_changes_of_others_along():
    ann = BODY.replace("Monday. Ten", "Monday.</p><p>Ten")
    bob = BODY.replace("Ten", "Eleven").replace("resigned", "quit")
    value, disputes = woven(ann, bob)
    assert value.startswith("<p>The mayor quit on Monday.</p><p>Eleven people came.</p><p>The")
    assert disputes == set()


def test_paragraphs_that_were_joined_take_the_changes_of_others_along():
    ann = BODY.replace("came.</p><p>The", "came. The")
    bob = BODY.replace("Ten", "Eleven").replace("second paragraph", "second, longer paragraph")
    value, disputes = woven(ann, bob)
    assert value.startswith(
        "<p>The mayor resigned on Monday. Eleven people came. "
        "The second, longer paragraph stands here.</p><ul>"
    )
    assert disputes == set()


def test_the_second_half_of_a_paragraph_outlives_the_first():
    weave = Woven.begin({"body": BODY})
    cut = BODY.replace("Monday. Ten", "Monday.</p><p>Ten")
    weave.save({"body": cut}, client="ann", base=1)
    first = "<p>The mayor resigned on Monday.</p>"
    last = "<p>The second paragraph stands here.</p>"
    moved = last + cut.replace(first, "").replace(last, "")
    weave.save({"body": moved}, client="ann", base=weave.clock)
    assert weave.value("body") == moved


def test_a_line_that_came_back_is_not_taken_away_by_those_who_had_not_seen_it():
    weave = Woven.begin({"body": BODY})
    without = BODY.replace("<p>The second paragraph stands here.</p>", "")
    longer = BODY.replace("stands here", "stands here, and stays")
    weave.save({"body": without}, client="ann", base=1)
    weave.save({"body": longer}, client="bob", base=1)
    again = weave.value("body").replace(", and stays", "")
    weave.save({"body": again}, client="bob", base=weave.clock)
    assert weave.value("body") == again
    weave.save({"body": without}, client="bob", base=weave.clock)
    assert weave.value("body") == without


def test_formatting_and_words_of_one_place_are_both_kept():
    ann = BODY.replace("One thing", "<strong>One</strong> thing")
    bob = BODY.replace("One thing", "One big thing")
    assert "<strong>One</strong> big thing" in woven(ann, bob)[0]


def test_two_kinds_of_formatting_on_one_word_are_both_kept_and_two_links_are_one():
    bold = BODY.replace("Ten", "<strong>Ten</strong>")
    slanted = BODY.replace("Ten", "<em>Ten</em>")
    assert "<strong><em>Ten</em></strong>" in woven(bold, slanted)[0]
    one = BODY.replace("Ten", '<a href="https://a.example/">Ten</a>')
    other = BODY.replace("Ten", '<a href="https://b.example/">Ten</a>')
    value = woven(one, other)[0]
    assert value.count("<a ") == 1
    assert clean_body(value) == value


def test_lists_stay_one_list_when_both_add_to_them():
    ann = BODY.replace("<li><p>Two", "<li><p>Ann's thing</p></li><li><p>Two")
    bob = BODY.replace("Two things</p></li>", "Two things</p></li><li><p>Bob's thing</p></li>")
    value, _disputes = woven(ann, bob)
    assert value.count("<ul>") == 1
    assert [line.text for line in read_lines(value)][2:] == [
        "One thing", "Ann's thing", "Two things", "Bob's thing",
    ]  # fmt: skip


def test_topics_added_and_taken_away_by_different_people_are_merged():
    value, _ = woven(["Ports", "Boats", "Law"], ["Boats"], ["Ports", "Boats"], "tags")
    assert value == ["Boats", "Law"]
    assert woven(["Law"], ["Law"], [], "tags")[0] == ["Law"]


def test_a_choice_that_both_made_differently_is_a_dispute():
    value, disputes = woven("world", "science", None, "section")
    assert value in ("world", "science")
    assert disputes == {frozenset(('"world"', '"science"'))}


def test_what_was_sent_twice_because_the_answer_was_lost_is_there_once():
    weave = Woven.begin({"body": BODY})
    first = BODY.replace("came.", "came. It was")
    more = BODY.replace("came.", "came. It was cold.")
    weave.save({"body": first}, client="ann", base=1)
    weave.save({"body": first}, client="ann", base=1)
    weave.save({"body": BODY.replace("Ten", "Twelve")}, client="bob", base=1)
    weave.save({"body": more}, client="ann", base=1)
    assert weave.value("body") == more.replace("Ten", "Twelve")


def test_a_screen_is_shown_its_own_words_until_it_takes_in_the_others():
    weave = Woven.begin({"headline": "Harbour opens"})
    weave.save({"headline": "Old harbour opens"}, client="ann", base=1)
    weave.save({"headline": "Harbour opens late"}, client="bob", base=1)
    assert weave.value("headline") == "Old harbour opens late"
    assert weave.value("headline", View(1, "ann")) == "Old harbour opens"
    assert weave.value("headline", View(1, "bob")) == "Harbour opens late"


def test_a_weave_comes_back_from_its_plain_data():
    weave = Woven.begin({"body": BODY, "tags": ["Law"], "section": None})
    weave.save({"body": BODY.replace("Ten", "<em>Ten</em> or so")}, client="ann", base=1)
    again = Woven.from_json(json.loads(json.dumps(weave.to_json())))
    assert again.data() == weave.data()
    assert again.to_json() == weave.to_json()


FRAGMENTS = st.recursive(
    st.sampled_from(["<p>one <strong>two</strong></p>", "<h2>x</h2>", "<hr>", "bare &amp; text"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"<ul><li>{''.join(parts)}</li></ul>"),
        st.lists(inner, max_size=3).map(lambda parts: f"<blockquote>{''.join(parts)}</blockquote>"),
        st.tuples(inner, inner).map(
            lambda two: f"<table><tbody><tr><td>{two[0]}</td><td></td></tr></tbody></table>{two[1]}"
        ),
    ),
    max_leaves=8,
)


@given(st.lists(FRAGMENTS, max_size=5))
def test_lines_give_back_the_body_that_they_were_read_from(parts):
    body = clean_body("".join(parts))
    assert write_lines(read_lines(body)) == body


@pytest.mark.parametrize("authors", [2, 3])
def test_whatever_several_people_do_nothing_is_lost_and_the_order_does_not_matter(authors):
    for seed in range(12):
        story = Story(seed, authors=authors)
        story.play()
        assert story.lost() == []


@pytest.mark.proof
@pytest.mark.once
@pytest.mark.parametrize(("authors", "stories"), [(2, 1_400), (3, 900)])
def test_ten_thousand_interleavings_lose_nothing_and_agree(authors, stories):
    orders = sentences = 0
    for seed in range(10_000, 10_000 + stories):
        story = Story(seed, authors=authors)
        story.play()
        assert story.lost() == [], seed
        orders += story.orders
        sentences += len(story.typed)
    print(f"{authors} authors: {stories} stories, {orders} interleavings, {sentences} sentences")
    assert orders > 5_000
