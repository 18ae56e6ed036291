"""Dropped values are seen; clean text is left in peace."""

import pytest

from articles.text.gaps import find_gaps


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "He spoke with President Roe on , a sequence seen as close."),
        ("en", "From to , he worked at the embassy."),
        ("en", "The talks lasted between and , according to them."),
        ("en", "The war cost of million was paid, with a total of people hurt."),
        ("en", "He was born in , when the town was small."),
        ("en", "Prices rose by percent last year."),
        ("en", "The bridge opened in ."),
        ("en", "The mayor () spoke first."),
        ("fr", "Le , les travaux ont commencé."),
        ("de", "Er kam am , als es regnete."),
        ("es", "Nació el , en la ciudad."),
        ("ru", "Он приехал в , когда шёл дождь."),
        ("zh", "他于年月日出生在北京。"),
    ],
)
def test_a_dropped_value_is_a_gap(language, text):
    assert find_gaps(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "They log on, a habit of years, and depended on, among others, the bus."),
        ("en", "From, to, by and large: the light went on and off, in and out, from A to B."),
        ("en", "A number of people came from the village to the town, and to and fro."),
        ("en", "The place he came from to find work was dear. It goes on at length."),
        ("en", "It cost 40 million, of which 3 percent was paid. Which party are you in?"),
        ("en", "A total of 40 people and the cost of a million lamps."),
        ("fr", "Le maire, les élus et le public ont voté de 8 h à 10 h."),
        ("de", "Er kam am Montag, um zu reden, von Berlin bis Köln."),
        ("ru", "Он приехал в Москву, и это было с утра до вечера."),
    ],
)
def test_clean_text_raises_no_alarm(language, text):
    assert find_gaps(text, language, text) == []


def test_a_gap_is_named_by_the_words_around_it():
    [gap] = find_gaps("The mayor of Bristol spoke with President Roe on , a sequence seen.", "en")
    assert "President Roe on , a sequence" in gap.excerpt


def test_two_blanks_betray_a_dropped_word():
    raw = "The song was written by  and left unfinished."
    assert find_gaps("The song was written by and left unfinished.", "en", raw)
    assert not find_gaps("The song stood by and waited.", "en", "The song stood by and waited.")
