"""People of the desk and their articles, for the tests of what they are told."""

from typing import Any

from django.contrib.auth.models import User

from articles.editorial.revisions import record
from articles.models import Article, DeskProfile, Section
from tests.factories import Status, make_article, make_author, make_person


def person(role: str, username: str, *sections: Section, email: str = "") -> User:
    """Return an account that works in `sections` (in all with none), with an address for mail."""
    made = make_person(role, username=username)
    made.email = email
    made.save()
    if sections:
        DeskProfile.objects.create(user=made).sections.set(sections)
    return made


def draft_of(writer: User, headline: str = "Pilots vote", **values: Any) -> Article:
    """Return a draft that names `writer` in its byline and was begun by them."""
    author = make_author(f"By {writer.username}", user=writer)
    article = make_article(headline, status=Status.DRAFT, author=author, **values)
    record(article, by=writer)
    return article
