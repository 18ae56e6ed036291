"""What is trending: fresh and rising, not just big."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.readership.rising import LEAST_VIEWS, Pulse, expected, surprise, tide, trending
from tests.chance import examples

pytestmark = pytest.mark.once
OPENING, NOW, BEFORE = 20.0, 2.5, 72.0
pulses = st.builds(
    Pulse,
    st.integers(1, 50),
    st.integers(0, 5000),
    st.integers(0, 50_000),
    st.floats(0, 72),
    st.floats(0, 5000),
)
#: A site on which everything is as ever.
AS_EVER = [Pulse(100 + n, 25, 720, 72.0, 100.0) for n in range(20)]


def order(*special, site=AS_EVER):
    every = [*site, *special]
    level = tide([(one.now, one.before) for one in every], NOW, BEFORE)
    return [one.article for one in trending(every, OPENING, NOW, level)]


def test_where_all_is_as_ever_nothing_trends():
    assert order() == []


def test_a_small_story_that_rises_comes_before_a_big_one_that_is_read_as_ever():
    big, rising = Pulse(1, 2500, 72_000, 72.0, 80.0), Pulse(2, 150, 720, 72.0, 80.0)
    assert order(big, rising) == [2]


def test_of_two_that_rise_alike_the_fresh_one_comes_first():
    old, fresh = Pulse(1, 150, 720, 72.0, 110.0), Pulse(2, 150, 720, 72.0, 73.0)
    assert order(old, fresh) == [2, 1]


def test_an_old_story_has_to_rise_further():
    assert order(Pulse(1, 150, 720, 72.0, 400.0)) == []
    assert order(Pulse(1, 90_000, 720, 72.0, 400.0)) == [1]


def test_a_new_story_is_held_against_what_stories_get_at_first():
    usual, hit = Pulse(1, 45, 0, 0.0, 2.4), Pulse(2, 200, 0, 0.0, 2.4)
    assert order(usual, hit) == [2]


def test_a_few_views_are_no_trend_however_unusual():
    assert order(Pulse(1, LEAST_VIEWS - 1, 0, 30.0, 32.5)) == []
    assert order(Pulse(1, LEAST_VIEWS, 0, 30.0, 32.5)) == [1]


def test_a_morning_that_lifts_all_is_no_trend():
    assert order(site=[one._replace(now=75) for one in AS_EVER]) == []


def test_a_story_that_carries_everybody_along_does_not_hide_itself():
    assert order(Pulse(1, 100_000, 50, 5.0, 7.5))[0] == 1


def test_a_site_that_knows_no_usual_yet_has_no_trend():
    assert trending([Pulse(1, 900, 0, 0.0, 1.0)], 0.0, NOW) == []
    assert tide([], NOW, 0.0) == tide([(900, 0)], NOW, 0.0) == 1


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(pulses, max_size=12, unique_by=lambda one: one.article), st.floats(0, 500))
def test_any_numbers_give_each_story_once_and_none_that_is_hardly_read(some, opening):
    level = tide([(one.now, one.before) for one in some], NOW, BEFORE)
    assert 0.25 <= level <= 4
    found = trending(some, opening, NOW, level)
    assert len(set(found)) == len(found)
    assert set(found) <= set(some)
    assert all(one.now >= LEAST_VIEWS for one in found)
    assert found == trending(some[::-1], opening, NOW, level)


@settings(max_examples=examples(60), deadline=None)
@given(pulses, st.floats(0.1, 500), st.integers(1, 500))
def test_more_views_now_are_more_of_a_surprise_and_more_views_before_are_less(pulse, opening, more):
    usual = expected(pulse, opening, NOW)
    assert math.isfinite(surprise(pulse.now, usual))
    assert surprise(pulse.now + more, usual) > surprise(pulse.now, usual)
    assert expected(pulse._replace(before=pulse.before + more), opening, NOW) > usual
