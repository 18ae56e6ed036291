"""Where sentences end, and the working title of a text that has none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.sentences import ends_sentence, split_sentences, working_title


@pytest.mark.parametrize(
    "sentence",
    [
        "He met U.S. President Donald Trump.",
        "Dr. Ren spoke in St. Petersburg.",
        "J. R. Smith of the U.N. Council came at 5 p.m. on Monday.",
        "Prices rose by 3.5 percent vs. the year before.",
        "Das ist z.B. Herr Dr. Meier aus Köln.",
        "В 2024 г. Москва и др. города выросли.",
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(sentence):
    assert split_sentences(f"{sentence} Then they left.") == [sentence, "Then they left."]


def test_sentences_end_in_every_script():
    assert split_sentences("议会开会。市长辞职！为什么？") == [
        "议会开会。",
        "市长辞职！",
        "为什么？",
    ]
    assert split_sentences("“Yes.” He left… Why?") == ["“Yes.”", "He left…", "Why?"]
    assert ends_sentence("यह सच है।")
    assert ends_sentence("He said “yes.”")
    assert not ends_sentence("A title, no more")


def test_a_working_title_is_the_first_sentence_without_its_stop():
    text = "The council approved the harbour plan. It will cost 40 million."
    assert working_title(text) == "The council approved the harbour plan"


def test_a_long_first_sentence_is_cut_where_a_clause_ends():
    text = (
        "The council approved the harbour plan after ten years, "
        + "and people cheered and sang and danced " * 6
        + "."
    )
    assert working_title(text) == "The council approved the harbour plan after ten years"


def test_a_long_first_sentence_is_cut_where_a_name_ends():
    text = (
        "The order of the letters between the old mayor of the town and his friends in Paris and "
        "New York signals a change of mind among nearly everybody who has lived there for long."
    )
    assert working_title(text).endswith("New York")


@given(st.lists(st.text("abcdeABC .,“”", min_size=1, max_size=12), min_size=8, max_size=60))
def test_a_working_title_is_always_a_prefix_of_twenty_to_a_hundred_and_forty_characters(words):
    text = " ".join(" ".join(words).split())
    title = working_title(text)
    assert text.lstrip(" ,").startswith(title) or text.startswith(title) or title in text
    assert len(title) <= 141
