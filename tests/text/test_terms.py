"""Words become terms: the same word in two spellings is one term, in any script."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.terms import exact_terms, fold, pairs, spellings, stem, terms, words
from tests.chance import examples

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sørby", "sorby"),
        ("Łódź", "LODZ"),
        ("Straße", "STRASSE"),
        ("cafe\u0301", "café"),
        ("ＡＢＣ", "abc"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
        ("أحمد", "احمد"),
        ("می‌خواهم", "ميخواهم"),
        ("ёлка", "елка"),
        ("ΑΘΉΝΑ", "αθηνα"),
        ("so\u00adft", "soft"),
    ],
)
def test_two_spellings_of_a_word_fold_to_one(one, other):
    assert fold(one) == fold(other)


def test_marks_that_make_another_letter_stay():
    assert fold("が") != fold("か")
    assert fold("की") != fold("क")


@given(st.text())
@settings(max_examples=examples(200), deadline=None)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.sampled_from(["en", "de-CH", "zh", "he", "ar", "xx", ""]))
@settings(max_examples=examples(200), deadline=None)
def test_any_text_has_words_in_their_places_and_terms_without_spaces(text, language):
    found = list(words(text))
    assert all(text[word.start : word.end] == word.written for word in found)
    assert [word.start for word in found] == sorted(word.start for word in found)
    for term in [*terms(text, language), *exact_terms(text)]:
        assert term
        assert not any(char.isspace() or char == "\0" for char in term)


def test_words_are_stemmed_by_their_language():
    assert stem("sanctions", "en") == stem("Sanction", "en-GB")
    assert stem("Häuser", "de") == stem("Haus", "de") == stem("Haeuser", "de")
    assert stem("новости", "ru") == stem("новость", "ru")
    assert stem("sanctions", "xx") == "sanctions"


def test_possessives_elisions_and_initials_hide_no_word():
    assert exact_terms("Xi’s visit to the U.S. and l’État") == (
        "xi visit to the us and l etat".split()
    )


def test_a_word_of_a_script_without_spaces_is_a_row_of_pairs():
    text = terms("习近平访问北京大学", "zh")
    query = pairs("北京大")[:-1]
    start = text.index(query[0])
    assert text[start : start + len(query)] == query
    assert terms("iPhone手机", "zh") == ["iphone", "手机", "机"]


def test_hebrew_words_are_found_with_the_small_words_that_are_written_with_them():
    assert "בירושלים" in spellings("ירושלים", ["he"])
    assert "ירושלים" in spellings("בירושלים", ["he"])


def test_a_word_without_its_accents_reaches_the_stem_of_the_accented_word():
    for language, plain, accented in (
        ("fr", "cafes", "cafés"),
        ("de", "hauser", "Häuser"),
        ("es", "canciones", "canciónes"),
        ("sv", "sorby", "Sørby"),
    ):
        assert set(spellings(plain, [language])) & set(terms(accented, language)), accented
