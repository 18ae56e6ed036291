"""A clock whose hand the tests turn, and articles on both sides of it."""

from datetime import UTC, datetime, timedelta

from articles.editorial import transitions
from articles.editorial.revisions import record, working_data
from articles.editorial.schedule import publish_due
from tests.factories import Status, make_article

NINE = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
NOON = NINE + timedelta(hours=3)
EVENING = NINE + timedelta(hours=9)


class Hand:
    """The hand of the clock: where it stands is what everybody takes for now."""

    def __init__(self):
        self.moment = NINE

    def __call__(self):
        return self.moment

    def turn_to(self, moment):
        self.moment = moment
        return publish_due()


def make_draft(headline="Pilots vote", **values):
    return make_article(headline, status=Status.DRAFT, **values)


def make_live(headline="Pilots vote", **values):
    article = make_draft(headline, **values)
    transitions.publish(article, at=NINE - timedelta(days=1))
    return article


def edit(article, by=None, **changes):
    return record(article, {**working_data(article), **changes}, by=by)


def verbs_of(article):
    return [line.verb for line in article.transitions.order_by("number")]


def outcomes_of(article):
    return list(article.scheduled_steps.order_by("id").values_list("verb", "outcome"))
