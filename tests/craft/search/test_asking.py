"""Any query is read, and says what it was read as."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.search.asking import (
    LONGEST_QUERY,
    MOST_PARTS,
    Part,
    clause,
    parse,
    read_day,
)
from articles.search.spelling import SHORTEST, distance, fits, parts_of
from tests.chance import examples

pytestmark = pytest.mark.once

#: What means something in a query, so that chance meets it.
SIGNS = st.sampled_from(
    ['"', "“", "-", "–", ":", "author:", "tag:", "section:", "from:2026", "to:", "from:", " ",
     "AND", "OR", "NEAR(", ")", "*", "^", "\0", "😀", "北京", "שלום", "xi", "O'Brien", "a" * 60]
)  # fmt: skip
QUERIES = st.one_of(st.text(max_size=120), st.lists(SIGNS, max_size=20).map("".join))


@given(QUERIES)
@settings(max_examples=examples(300), deadline=None)
def test_any_query_is_read_and_reading_what_it_says_reads_the_same(text):
    asked = parse(text)
    assert len(asked.parts) <= MOST_PARTS
    if len(str(asked)) <= LONGEST_QUERY:
        assert parse(str(asked)) == asked
    for part in asked.parts:
        for way in clause(part, ["en", "de"]).ways:
            # What an engine gets has no sign of its language in it.
            assert all(term.replace("_", "").isprintable() for term in way)
            assert not set("".join(way)) & set("\"'\\():*&|!<>- ")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("xi jinping", [Part("xi"), Part("jinping")]),
        ('"xi jinping" putin', [Part("xi jinping", is_phrase=True), Part("putin")]),
        ("ferry -strike", [Part("ferry"), Part("strike", is_excluded=True)]),
        ('-"ferry strike"', [Part("ferry strike", is_phrase=True, is_excluded=True)]),
        ("well-known", [Part("well-known")]),
        ('author:"Mara Lind"', [Part("Mara Lind", "author", is_phrase=True)]),
        ("AUTHOR:lind -tag:boats", [Part("lind", "author"), Part("boats", "tag", False, True)]),
        ("„ferry strike“", [Part("ferry strike", is_phrase=True)]),
        ('say "no', [Part("say"), Part("no")]),
        ("from:never", [Part("from:never")]),
        ('* ^ "" - ()', []),
    ],
)
def test_a_query_has_parts(text, parts):
    assert list(parse(text).parts) == parts


def test_days_may_be_years_and_months():
    asked = parse("harbour from:2025 to:2026-02")
    assert (asked.since, asked.until) == (date(2025, 1, 1), date(2026, 2, 28))
    assert read_day("2026-12", last=True) == date(2026, 12, 31)
    assert read_day("2026-05-04") == read_day("2026-05-04", last=True) == date(2026, 5, 4)
    for wrong in ("2026-13", "2026-02-30", "0000", "9999", "26", "x"):
        assert read_day(wrong) is None


@given(st.text("abcdef", min_size=SHORTEST, max_size=12), st.data())
@settings(max_examples=examples(200), deadline=None)
def test_one_slip_of_the_hand_is_always_found(word, data):
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcdefg"))
    slips = [
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place:],
        word[:place] + letter + word[place + 1 :],
        word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
    ]
    for slip in slips:
        assert distance(slip, word) <= 1
        assert distance(word, slip) == distance(slip, word)
        if len(slip) >= SHORTEST:
            assert parts_of(slip, asked=True) & parts_of(word), slip
            assert fits(slip, word) is not None
