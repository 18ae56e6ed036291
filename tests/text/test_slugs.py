"""Addresses from titles in any script."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.slugs import MAX_LENGTH, slugify, title_key


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Xi Jinping's Strategic Dance with Russia", "xi-jinpings-strategic-dance-with-russia"),
        ("Putin’s Visit: “A Closer Look”", "putins-visit-a-closer-look"),
        ("Łódź café — très chère", "lodz-cafe-tres-chere"),
        ("Москва и мост", "moskva-i-most"),
        ("北京的桥", "bei-jing-de-qiao"),
        ("3 % of 1,000", "3-of-1-000"),
        ("— !!!", "story"),
        ("", "story"),
    ],
)
def test_a_title_gives_a_readable_address(title, slug):
    assert slugify(title) == slug


@pytest.mark.parametrize(
    "title", ["מגדלור חדש", "جسر جديد", "नया पुल", "새 다리", "Νέα γέφυρα", "新しい橋"]
)
def test_every_script_gives_letters(title):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slugify(title))
    assert slugify(title) != "story"


def test_a_long_title_is_cut_at_a_word():
    slug = slugify("harbour pilots " * 40)
    assert len(slug) <= MAX_LENGTH
    assert slug.endswith(("harbour", "pilots"))


@given(st.text(max_size=400))
def test_any_title_gives_an_address(title):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slugify(title))
    assert len(slugify(title)) <= MAX_LENGTH


def test_titles_that_differ_in_dress_only_have_one_key():
    assert title_key("Xi’s “Dance” — again") == title_key("xi's 'dance' - AGAIN!")
    assert title_key("Dance") != title_key("Dances")
    assert title_key("—!?") == ""
