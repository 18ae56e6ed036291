"""Stories that readers saw change, for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from articles.editorial import transitions
from articles.editorial.revisions import record, working_data
from articles.models import Article, Transition
from tests.factories import Status, make_article

MOMENT = datetime(2026, 5, 1, 8, tzinfo=UTC)


def publish(headline: str = "Pilots vote on Thursday", **values: Any) -> Article:
    """Return a story that was published by its verb at MOMENT."""
    article = make_article(headline, status=Status.DRAFT, **values)
    transitions.publish(article, at=MOMENT)
    return article


def save(article: Article, **values: Any) -> None:
    """Change the working copy; readers see nothing of it."""
    record(article, {**working_data(article), **values})


def change(
    article: Article,
    kind: str,
    note: str = "",
    *,
    hours: float = 1,
    hides: bool = False,
    **values: Any,
) -> Transition:
    """Publish a change, so many hours after MOMENT."""
    save(article, **values)
    return transitions.correct(
        article, kind=kind, note=note, at=MOMENT + timedelta(hours=hours), hides_change=hides
    )


def come_back(article: Article, *, hours: float = 1, **values: Any) -> Transition:
    """Withdraw a story and publish it again, with changes if any are given."""
    transitions.withdraw(article, at=MOMENT + timedelta(hours=hours))
    if values:
        save(article, **values)
    return transitions.publish(article, at=MOMENT + timedelta(hours=hours + 0.5))
