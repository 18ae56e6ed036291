"""What follows the published stories: their places in lists of topics and authors, and counts.

Lists have to cost the same whatever a site has published, so what they are ordered and counted by
stands in rows of its own, which the database's triggers keep (listed_triggers.py): whatever writes
an article, a tag or a byline has them right in the same transaction.
"""

from collections import Counter
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Article
from articles.models.keys import NaturalKeyModel, NaturalKeyQuerySet

#: Row numbers of articles that share a part of the sitemap. The protocol allows 50,000 addresses;
#: a part is to be quick to make.
PART = 5000
#: Rows that are put together in one transaction: others write meanwhile.
FOLDED_AT_ONCE = 20_000


class _NoRows(models.Manager.from_queryset(NaturalKeyQuerySet)):
    """What a dump takes of a table that another site's triggers fill: nothing."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().none()


class Listing(NaturalKeyModel):
    """A published story's place in the list of one of its topics or authors.

    Published is not public yet: who shows a list asks the article itself (`published()`).
    """

    NATURAL_KEY = ("kind", "owner", "article__uid")

    class Kind(models.TextChoices):
        TAG = "tag", _("tag")
        AUTHOR = "author", _("author")

    kind = models.CharField(max_length=6, choices=Kind)
    # The key of the tag or author.
    owner = models.BigIntegerField()
    # Removed by a trigger, like all of these rows.
    article = models.ForeignKey(
        Article,
        on_delete=models.DO_NOTHING,
        related_name="listings",
        db_constraint=False,
        db_index=False,
    )
    published_at = models.DateTimeField()
    # When readers last got something new of it: the order of feeds.
    changed_at = models.DateTimeField()

    objects = NaturalKeyQuerySet.as_manager()
    dumped = _NoRows()

    class Meta:
        default_manager_name = "dumped"
        verbose_name = _("place in a list")
        verbose_name_plural = _("places in lists")
        constraints = [
            # A list shows a story once, however often somebody stands in its byline.
            models.UniqueConstraint(
                fields=["article", "kind", "owner"], name="list_shows_a_story_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "owner", "-published_at", "-article"], name="listing_newest"
            ),
            models.Index(
                fields=["kind", "owner", "-changed_at", "-article"], name="listing_last_changed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.owner}: {self.article_id}"


class TallyQuerySet(NaturalKeyQuerySet):
    def public(self, kind: str) -> dict[int, int]:
        """Return key -> how many stories that readers may see now, without those of none.

        Exact: what is published is counted when it is, and what waits for its moment (an
        embargo) is few, and taken off.
        """
        rows = self.filter(kind=kind).order_by().values_list("key")
        found = Counter(dict(rows.annotate(total=models.Sum("number"))))
        later = dict(Article.objects.public_later().order_by().values_list("pk", "published_on"))
        if kind == Tally.Kind.MONTH:
            found.subtract(day.year * 100 + day.month for day in later.values())
        elif later:
            places = Listing.objects.filter(kind=kind, article__in=later)
            found.subtract(places.values_list("owner", flat=True))
        return {key: number for key, number in found.items() if number > 0}

    def parts(self) -> dict[tuple[str, int], datetime | None]:
        """Return (kind, part of the sitemap from zero) -> when one of its stories last changed.

        Kinds are PART for the stories themselves, TAG and AUTHOR, whose parts have no moment.
        Only parts that hold something readers may see.
        """
        kinds = Tally.Kind.PART, Tally.Kind.TAG, Tally.Kind.AUTHOR
        own = models.When(kind=Tally.Kind.PART, then=models.F("key"))
        rows = self.filter(kind__in=kinds).annotate(
            part=models.Case(own, default=models.F("key") / PART)
        )
        rows = (
            rows.order_by("kind", "part")
            .values_list("kind", "part")
            .annotate(
                total=models.Sum("number"),
                last=models.Max("changed_at", filter=models.Q(changed_at__lte=timezone.now())),
            )
        )
        found: Counter[tuple[str, int]] = Counter()
        moments = {}
        for kind, part, total, last in rows:
            found[kind, part], moments[kind, part] = total, last
        if later := list(Article.objects.public_later().order_by().values_list("pk", flat=True)):
            found.subtract((Tally.Kind.PART.value, pk // PART) for pk in later)
            places = Listing.objects.filter(article__in=later).values_list("kind", "owner")
            found.subtract((kind, owner // PART) for kind, owner in places)
        return {key: moments[key] for key, number in found.items() if number > 0}

    @transaction.atomic
    def fold(self) -> None:
        """Put the rows of each count together to one; what is to come stays apart."""
        now = timezone.now()
        whole = self.filter(models.Q(changed_at=None) | models.Q(changed_at__lte=now)).order_by()
        whole = whole.exclude(kind=Tally.Kind.CHECK)
        others = whole.filter(kind=models.OuterRef("kind"), key=models.OuterRef("key"))
        rows = whole.filter(models.Exists(others.exclude(pk=models.OuterRef("pk"))))
        sums: dict[tuple[str, int], Tally] = {}
        taken = list(rows.select_for_update(skip_locked=True)[:FOLDED_AT_ONCE])
        for row in taken:
            one = sums.setdefault((row.kind, row.key), Tally(kind=row.kind, key=row.key))
            one.number += row.number
            one.changed_at = max(filter(None, (one.changed_at, row.changed_at)), default=None)
        keys = [row.pk for row in taken]
        for start in range(0, len(keys), PART):
            self.filter(pk__in=keys[start : start + PART]).delete()
        self.bulk_create(sums.values(), batch_size=1000)


class Tally(NaturalKeyModel):
    """A part of a count: all rows of a kind and key together say how many there are.

    A change adds a row and waits for nobody; the clock puts rows together (`fold`).
    """

    NATURAL_KEY = ("pk",)

    class Kind(models.TextChoices):
        TAG = Listing.Kind.TAG.value
        AUTHOR = Listing.Kind.AUTHOR.value
        # Year and month in one number, by the day in the address: 202605.
        MONTH = "month"
        # Of the sitemap, counted from zero; with the moment of the last change.
        PART = "part"
        # No count: an article that two transactions may have changed at once.
        CHECK = "check"

    kind = models.CharField(max_length=6, choices=Kind)
    key = models.BigIntegerField()
    number = models.IntegerField(default=0)
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = TallyQuerySet.as_manager()
    dumped = _NoRows()

    class Meta:
        default_manager_name = "dumped"
        # All that a count is made of, without a look at the rows.
        indexes = [
            models.Index(fields=["kind", "key", "number", "changed_at"], name="tally_by_key")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.number:+}"
