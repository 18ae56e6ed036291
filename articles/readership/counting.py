"""Count views: first-party, without touching the article's row."""

from datetime import date

from crawlerdetect import CrawlerDetect
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from articles.models import Article, DailyViews

_crawlers = CrawlerDetect()


def is_person(user_agent: str) -> bool:
    """Whether a user agent names a browser; an empty one never does."""
    return bool(user_agent.strip()) and not _crawlers.isCrawler(user_agent[:512])


def count_view(article_id: int, *, day: date | None = None) -> bool:
    """Add one view of a public article; return False (and write nothing) for any other."""
    if not Article.objects.published().filter(pk=article_id).exists():
        return False
    day = day or timezone.localdate()
    row = DailyViews.objects.filter(article_id=article_id, day=day)
    if not row.update(count=F("count") + 1):
        try:
            with transaction.atomic():
                DailyViews.objects.create(article_id=article_id, day=day, count=1)
        except IntegrityError:
            # Another worker made the day's row in between.
            row.update(count=F("count") + 1)
    return True
