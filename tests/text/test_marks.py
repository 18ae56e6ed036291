"""Marks left for later are seen; names, flights, sums and numbers are left in peace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.marks import find_marks, is_named
from tests.text.clean_prose import CLEAN


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The mayor, TK, said no."),
        ("en", "About TK people came."),
        ("en", "It closes on TK."),
        ("en", "It closes on tk, the office said."),
        ("de", "Etwa TKTK Menschen kamen."),
        ("ru", "Пришли TKTKTK человек."),
        ("de", "Etwa [TK] Menschen kamen."),
        ("fr", "Le maire [nom TK] a dit non."),
        ("en", "The mayor (TK) said no."),
        ("en", "TK TK, the office said."),
        ("en", "XXX people came, the office said."),
        ("en", "The rota costs $XX million."),
        ("en", "Prices rose by XX percent."),
        ("de", "Am XX.XX.2026 und am XX.XX.XXXX wird gewählt."),
        ("en", "Lorem ipsum dolor sit amet, the office said."),
        ("en", "The office [insert name of spokesman] said no."),
        ("en", "The office said no [citation needed]."),
        ("en", "The office [???] said no."),
        ("en", "Dear {{ first_name }}, the vote is on Friday."),
        ("en", "TODO: ask the office. FIXME"),
    ],
)
def test_what_was_left_for_later_is_a_mark(language, text):
    assert find_marks(text, language)


@pytest.mark.parametrize(("language", "text"), CLEAN)
def test_clean_prose_has_no_marks(language, text):
    assert find_marks(text, language, tk_is_a_name=is_named([text])) == []


def test_a_text_that_explains_its_tk_may_use_it_everywhere():
    opening, later = "The Tampere Kaupunki (TK) voted.", "In the end TK agreed."
    assert is_named([opening, later])
    assert find_marks(later, "en")
    assert find_marks(later, "en", tk_is_a_name=True) == []


def test_a_mark_is_named_by_the_words_around_it():
    [mark] = find_marks("The vote of the harbour pilots closes on TK, the harbour office said.")
    assert "closes on TK, the harbour" in mark.excerpt


@given(st.text(alphabet="TKXx [](){}$tk.,?“”\u00a0ab1", max_size=3000))
def test_no_text_makes_it_fail_or_wait(text):
    for mark in find_marks(text, "en"):
        assert 0 <= mark.offset < len(text)
