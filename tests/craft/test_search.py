"""Plain search: every word, any input."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.search.plain import search
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_every_word_must_stand_in_the_story():
    both = make_article("Bats counted", body="<p>In an attic above the harbour.</p>")
    make_article("Harbour pilots vote")
    assert list(search("HARBOUR bats")) == [both]
    assert list(search("harbour")) == list(search("harbour "))
    assert search("harbour").count() == 2


def test_nothing_asked_is_nothing_found(client):
    make_article()
    assert not search("").exists()
    assert client.get("/search/").status_code == 200


class AnyInput(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(
        st.one_of(
            st.text(max_size=80),
            st.sampled_from(
                ['"', "%", "_", "\\", "' OR 1=1 --", "😀", "\x00", "a" * 10_000, "* AND ("]
            ),
        )
    )
    def test_any_input_is_answered(self, query):
        response = self.client.get("/search/", {"q": query})
        assert response.status_code == 200
