"""What one view is, whatever the order in which reports arrive."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from articles.readership.windows import WINDOW, Report, Stay, tally

MINUTE = 60_000


def stored(stays, change):
    """Do to a list of stays what the tables would do."""
    kept = [stay for stay in stays if stay.pk not in change.removed]
    for place, stay in enumerate(change.new, start=1 + max((s.pk for s in stays), default=0)):
        stay.pk = place
        kept.append(stay)
    return [Stay(s.visitor, s.article, s.counted_at, s.first, s.last, s.pk) for s in kept]


def count(batches):
    """The views of an article whose reports are added in these batches."""
    stays, views = [], 0
    for batch in batches:
        change = tally(batch, stays)
        views += sum(change.views.values())
        stays = stored(stays, change)
    return views


def truth(reports):
    """By the definition: reports of a visitor in order, with no half hour between them."""
    views, last = 0, {}
    for report in sorted(reports):
        before = last.get(report.visitor)
        views += before is None or report.at - before >= WINDOW
        last[report.visitor] = report.at
    return views


def test_a_reload_within_half_an_hour_is_no_view():
    reports = [Report(minute * MINUTE, 1, 7) for minute in (0, 10, 29, 59, 88)]
    assert count([reports]) == 2
    assert count([[report] for report in reports]) == 2


def test_two_stories_and_two_visitors_are_apart():
    assert count([[Report(0, 1, 7), Report(1, 2, 7), Report(2, 1, 8)]]) == 3


def test_a_late_report_between_two_views_makes_them_one():
    assert count([[Report(0, 1, 7), Report(40 * MINUTE, 1, 7)], [Report(20 * MINUTE, 1, 7)]]) == 1


def test_a_hash_that_midnight_does_not_change_is_one_visitor():
    assert count([[Report(0, 1, 7), Report(MINUTE, 1, 7, former=7)]]) == 1


def test_midnight_makes_no_second_view_of_a_reload():
    before = Report(0, 1, visitor=7)
    after = Report(5 * MINUTE, 1, visitor=9, former=7)
    later = Report(34 * MINUTE, 1, visitor=9)
    assert count([[before, after, later]]) == 1
    assert count([[before], [after], [later]]) == 1


reports = st.lists(
    st.builds(
        Report,
        at=st.integers(0, 240).map(lambda minute: minute * MINUTE),
        article=st.just(1),
        visitor=st.integers(1, 3),
        former=st.just(0),
        referrer=st.just(""),
    ),
    max_size=30,
)


@given(reports, st.lists(st.integers(0, 29)), st.randoms(use_true_random=False))
def test_any_order_and_any_batches_give_the_count_of_the_definition(reports, cuts, chance):
    expected = truth(reports)
    chance.shuffle(reports)
    edges = [0, *sorted({cut for cut in cuts if cut < len(reports)}), len(reports)]
    batches = [reports[start:end] for start, end in pairwise(edges)]
    assert count(batches) == expected
