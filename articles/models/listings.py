"""Which articles, in which order, with what beside them: the vocabulary of every list."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db.models import F, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.models.keys import NaturalKeyQuerySet
from articles.models.rows import JSONRows

#: What the name and size of a portrait's renditions are made of, beside its file.
PORTRAIT = ("uid", "focal_x", "focal_y", "width", "height", "credit", "copyright")
#: What a headline with its address and time is made of; a picture; a card.
_HEADLINE = ("headline", "language", "slug", "published_at", "published_on", "status")
_PICTURE = tuple(
    f"picture__{name}" for name in ("file", *PORTRAIT, "colour", "alt", "is_decorative")
)
_CARD = (
    *(*_HEADLINE, "standfirst", "words", "starting_views", *_PICTURE),
    *("section__name", "section__slug", "section__description"),
)
#: A headline of another story, carried by a query as a row (rows.py).
_HEADLINE_ROW = {
    **{name: name for name in ("id", "headline", "language", "slug", "published_at")},
    "day": "published_on",
}


class ArticleQuerySet(NaturalKeyQuerySet):
    """Scopes of articles. `published()` is the one spelling of "readers may see it"."""

    def published(self, now: Any = None, *, found: bool = False) -> Self:
        """Articles that readers may see at this moment, newest first.

        The id breaks ties, so that pages of a list never repeat or skip a story. now: the place of
        the moment in a question that is prepared (prepared.py). found: other conditions say which
        few articles these are (by keys, by a list); this one is asked of them.
        """
        now = now or timezone.now()
        status = {"status__aside" if found else "status": self.model.Status.PUBLISHED}
        return self.filter(
            # No bound to begin from, either: a page deep in a list brings its own.
            Q(embargo_until=None) | Q(embargo_until__aside__lte=now),
            published_at__aside__lte=now,
            **status,
        ).order_by("-published_at", "-id")

    def next_moment(self) -> datetime | None:
        """When time alone makes one of these public next; None if nothing waits for it.

        A story that was published under an embargo, or dated ahead by a fixture.
        """
        now = timezone.now()
        waiting = self.filter(status__aside=self.model.Status.PUBLISHED).order_by()
        moments = [
            waiting.filter(**{f"{name}__gt": now}).aggregate(first=Min(name))["first"]
            for name in ("published_at", "embargo_until")
        ]
        return min(filter(None, moments), default=None)

    def public_later(self) -> Self:
        """Articles that readers will see without anybody writing: their moment is to come."""
        now = timezone.now()
        return self.filter(
            Q(embargo_until__gt=now) | Q(published_at__gt=now),
            status__aside=self.model.Status.PUBLISHED,
        )

    def with_changes_waiting(self) -> Self:
        """Live articles whose working copy is ahead of what readers see."""
        # By the partial index: only what was public has a live number at all.
        ahead = self.filter(working_number__gt=F("live_number"))
        return ahead.exclude(status=self.model.Status.WITHDRAWN)

    # --- presentations: what each kind of page needs, in one query --------------------------

    def for_listing(self) -> Self:
        """Cards: headline, standfirst, section, picture, byline and views, without the body."""
        return (
            self.select_related("section", "picture")
            .defer("body", "body_text", "import_warnings")
            .annotate(byline_rows=self._byline_rows(), counted_views=self._counted_views())
        )

    def for_related(self) -> Self:
        """Related news: headline, picture, byline and views."""
        return (
            self.select_related("picture")
            .only(*_HEADLINE, "starting_views", *_PICTURE)
            .annotate(byline_rows=self._byline_rows(), counted_views=self._counted_views())
        )

    def for_front(self) -> Self:
        """Cards of the front page, which has dozens: no column that they do not show."""
        return (
            self.select_related("section", "picture")
            .only(*_CARD)
            .annotate(byline_rows=self._byline_rows())
        )

    def for_headlines(self) -> Self:
        """Headlines alone, with their addresses and times."""
        return self.only(*_HEADLINE)

    def for_feed(self) -> Self:
        """Feed entries: a card with its text and tags."""
        return (
            self.select_related("section", "picture")
            .defer("body_text", "import_warnings")
            .annotate(byline_rows=self._byline_rows(), tag_rows=self._tag_rows())
        )

    def for_page(self, now: Any = None) -> Self:
        """The article's own page: everything on it but its neighbours. now: see `published`."""
        corrections = self._related("corrections").order_by("-made_at", "-id")
        return (
            self.select_related("section", "picture")
            .defer("body_text", "import_warnings")
            .annotate(
                byline_rows=self._byline_rows(),
                author_rows=self._author_rows(),
                tag_rows=self._tag_rows(),
                correction_rows=JSONRows(
                    corrections, kind="kind", note="note", made_at="made_at", id="id"
                ),
                counted_views=self._counted_views(),
            )
            .with_translations(now)
        )

    def with_translations(self, now: Any = None) -> Self:
        """With `translation_rows`: the public articles that tell the same in other languages."""
        place = self._related("translation", OuterRef(OuterRef("pk")))
        group = self.model.objects.published(now, found=True)
        group = group.filter(translation__group__in=place.values("group"))
        return self.annotate(
            translation_rows=JSONRows(
                group.exclude(pk=OuterRef("pk")).order_by("language"),
                keys={"article": "id"},
                **_HEADLINE_ROW,
            )
        )

    def with_next(self, first: int, end: int, now: Any = None) -> Self:
        """With `next_headlines` on every row: the public stories from the `first` newest on up to
        `end`, as `shared_rows` reads them and `pieces.headline_of_row` shows them.

        A second question would cost more, and some story might come in between. now: see
        `published`.
        """
        stories = self.model.objects.published(now)[first:end]
        return self.annotate(
            next_headlines=JSONRows(
                stories,
                are_shared=True,
                **_HEADLINE_ROW,
            )
        )

    def for_counts(self) -> Self:
        """Views alone."""
        return self.only("starting_views").annotate(counted_views=self._counted_views())

    # --- slices ------------------------------------------------------------------------------

    def last_changed_first(self) -> Self:
        """By the moment at which readers last got something new: published, or really changed."""
        changed = Coalesce("updated_at", "published_at")
        return self.order_by(changed.desc(), "-id")

    def listed(self, owner: Any, *, by_change: bool = False) -> Self:
        """The public stories of a tag's or an author's list, newest first, each once.

        by_change: those first of which readers last got something new. `listed_at` and
        `listed_key` are what they are ordered by.
        """
        moment = "changed_at" if by_change else "published_at"
        found = self.published(found=True).filter(
            listings__kind=owner._meta.model_name, listings__owner=owner.pk
        )
        return found.annotate(
            listed_at=F(f"listings__{moment}"), listed_key=F("listings__article")
        ).order_by("-listed_at", "-listed_key")

    def newest_per_section(
        self, sections: Iterable[Any], number: int, now: Any = None, *, but: Iterable[Any] = ()
    ) -> Self:
        """At most `number` newest stories of each of these sections, newest first.

        Each section's by its own index: numbering the stories of all would cost the more the
        more there are. now: see `published`. but: keys of stories that are left out.
        """
        public, every = self.model.objects.published(now), self.model.objects.order_by()
        public = public.exclude(pk__in=list(but))
        # Not every engine takes a limit inside a union, but each takes one further in.
        parts = [
            every.filter(pk__in=public.filter(section=section).values("pk")[:number]).values("pk")
            for section in sections
        ]
        found = self.filter(pk__in=parts[0].union(*parts[1:], all=True)) if parts else self.none()
        return found.order_by("-published_at", "-id")

    def ranked(self, scope: str) -> Self:
        """What stands in the lists of a section's address, or of the whole site (""), in order:
        with `list_kind` and the list's own number, `list_count`. Headlines alone."""
        return (
            self.filter(rankings__scope=scope)
            .annotate(list_kind=F("rankings__kind"), list_count=F("rankings__count"))
            .order_by("rankings__kind", "rankings__place")
            .for_headlines()
        )

    # --- columns of other tables ---------------------------------------------------------------

    def _related(self, name: str, article: Any = None) -> Any:
        """Rows of the relation `name` that belong to the article of the outer query.

        article: that article's key as a query further in sees it.
        """
        relation = self.model._meta.get_field(name)
        key = article or OuterRef("pk")
        return relation.related_model.objects.filter(**{relation.field.name: key})

    def _byline_rows(self) -> JSONRows:
        return JSONRows(
            self._related("bylines").order_by("position", "id"),
            keys={"author": "id"},
            id="author_id",
            name="author__name",
            slug="author__slug",
            role="role",
        )

    def _author_rows(self) -> JSONRows:
        """What a page says of each author under the text."""
        return JSONRows(
            self._related("bylines").order_by("position", "id"),
            keys={"image": "portrait_id"},
            portrait_id="author__portrait_id",
            name="author__name",
            slug="author__slug",
            bio="author__bio",
            portrait="author__portrait__file",
            **{name: f"author__portrait__{name}" for name in PORTRAIT},
        )

    def _tag_rows(self) -> JSONRows:
        return JSONRows(
            self._related("tagged").order_by("id"),
            keys={"tag": "id"},
            id="tag_id",
            name="tag__name",
            slug="tag__slug",
        )

    def _counted_views(self) -> Subquery:
        days = self._related("daily_views").order_by().values("article")
        return Subquery(days.annotate(total=Sum("count")).values("total"))
