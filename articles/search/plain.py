"""Plain search: every word must stand in the story, in any order."""

from django.db.models import Q

from articles.models import Article
from articles.models.listings import ArticleQuerySet

#: More words only make a query slower, never better.
MAX_WORDS = 8
MAX_LENGTH = 200


def search(query: str) -> ArticleQuerySet:
    """Return the public articles in which every word of `query` stands, newest first.

    Any input is answered; one without words finds nothing.
    """
    words = query.replace("\x00", " ")[:MAX_LENGTH].split()[:MAX_WORDS]
    found = Article.objects.published()
    if not words:
        return found.none()
    for word in words:
        found = found.filter(
            Q(headline__icontains=word)
            | Q(standfirst__icontains=word)
            | Q(body_text__icontains=word)
        )
    return found
