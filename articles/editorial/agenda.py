"""The agenda: what happens on which day, and what is due."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from articles.editorial import inbox
from articles.editorial.revisions import name_of
from articles.editorial.roles import may, visible_to
from articles.models import Article, ScheduledStep, Section

#: Cards of one kind on one page, and published stories of one day; the lists show the rest.
CARDS = 300
OUT_PER_DAY = 6
#: What a card says it is.
LABELS = {
    ScheduledStep.Verb.PUBLISH: gettext_lazy("Publish"),
    ScheduledStep.Verb.CORRECT: gettext_lazy("Update"),
    ScheduledStep.Verb.WITHDRAW: gettext_lazy("Withdraw"),
    "due": gettext_lazy("Due"),
    "embargo": gettext_lazy("Embargo ends"),
    "out": gettext_lazy("Published"),
}


@dataclass(frozen=True)
class Card:
    """One thing on one day. `step`: the key of a scheduled step, "due", or "" for what stays put.

    value: what its form starts with, in the browser's own spelling.
    """

    kind: str
    article: Article
    at: datetime | None = None
    step: str = ""
    value: str = ""
    mark: str = ""
    person: str = ""

    @property
    def label(self) -> Any:
        return LABELS[self.kind]


@dataclass
class Day:
    """One day and its cards.

    more: published stories that are not shown; hidden: cards that a short form leaves out.
    """

    date: date
    today: date
    cards: list[Card] = field(default_factory=list)
    more: int = 0
    hidden: int = 0

    @property
    def is_today(self) -> bool:
        return self.date == self.today

    @property
    def is_past(self) -> bool:
        return self.date < self.today


def days_of(person: Any, start: date, length: int, section: Section | None = None) -> list[Day]:
    """Return `length` days from `start` with the cards that `person` may see.

    section: only its cards. One query for each kind of card.
    """
    today = timezone.localdate()
    days = [Day(start + timedelta(days=n), today) for n in range(length)]
    by_date = {day.date: day for day in days}
    end = start + timedelta(days=length)
    moments = _midnight(start), _midnight(end)
    of_articles = {"section": section} if section else {}
    of_steps = {"article__section": section} if section else {}

    for step in inbox.steps_between(person, *moments).filter(**of_steps)[:CARDS]:
        card = _step_card(step, may(person, "publish_article", step.article))
        by_date[timezone.localdate(step.due_at)].cards.append(card)
    for article in inbox.embargoes_between(person, *moments).filter(**of_articles)[:CARDS]:
        day = by_date[timezone.localdate(article.embargo_until)]
        day.cards.append(Card("embargo", article, article.embargo_until))
    out = Article.objects.published().filter(
        published_at__gte=moments[0], published_at__lt=moments[1], **of_articles
    )
    for article in _newest_of_each_day(visible_to(person, out)):
        day = by_date[article.out_on]
        day.cards.append(Card("out", article, article.published_at))
        day.more = article.out_that_day - OUT_PER_DAY
    for day in days:
        day.cards.sort(key=lambda card: card.at)
    for article in inbox.due_between(person, start, end).filter(**of_articles)[:CARDS]:
        card = _due_card(article, today, may(person, "approve_article", article))
        # A plan is for the day, not for a moment of it: it stands before what has a time.
        by_date[article.due_on].cards.insert(0, card)
    return days


def next_days(person: Any, length: int = 7, most: int = 5) -> list[Day]:
    """Return the days from today on in short form, `most` cards a day; [] if nothing is ahead."""
    days = days_of(person, timezone.localdate(), length)
    for day in days:
        ahead = [card for card in day.cards if card.kind != "out"]
        day.cards, day.hidden, day.more = ahead[:most], max(0, len(ahead) - most), 0
    return days if any(day.cards for day in days) else []


def _step_card(step: ScheduledStep, movable: bool) -> Card:
    return Card(
        step.verb,
        step.article,
        step.due_at,
        str(step.pk) if movable else "",
        local_value(step.due_at),
        person=step.made_by_name,
    )


def _due_card(article: Article, today: date, movable: bool) -> Card:
    late, mark = (today - article.due_on).days, ""
    if late > 0:
        mark = ngettext("%(count)d day late", "%(count)d days late", late) % {"count": late}
    return Card(
        "due",
        article,
        step="due" if movable else "",
        value=article.due_on.isoformat(),
        mark=mark,
        person=name_of(article.assignee),
    )


def _newest_of_each_day(articles: Any) -> Any:
    """At most `OUT_PER_DAY` articles a day, with `out_on` and `out_that_day`: how many it were."""
    day = TruncDate("published_at")
    newest = [F("published_at").desc(), F("pk").desc()]
    return (
        articles.select_related("section")
        .defer("body", "body_text")
        .annotate(
            out_on=day,
            place=Window(RowNumber(), partition_by=day, order_by=newest),
            out_that_day=Window(Count("pk"), partition_by=day),
        )
        .filter(place__lte=OUT_PER_DAY)
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def local_value(moment: datetime) -> str:
    """Return a moment as a browser's field for day and time spells it."""
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")
