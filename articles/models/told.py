"""What pages tell of an article: of its columns, and of what querysets read beside it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Sum
from django.utils.functional import cached_property

from articles.conf import conf
from articles.models.renditions import SocialCard
from articles.models.rows import moment
from articles.text.direction import direction

if TYPE_CHECKING:
    from articles.models.related_links import RelatedLink


class Told:
    """For the model of articles. What a queryset did not bring along is asked for."""

    @property
    def direction(self) -> str:
        """ "rtl" for text that runs from right to left, else "ltr"."""
        return direction(self.language)

    @property
    def minutes(self) -> int:
        """Reading time in minutes, at least one."""
        return max(1, round(self.words / conf("WORDS_PER_MINUTE")))

    @property
    def modified_at(self) -> datetime | None:
        """When what readers see last changed."""
        return self.updated_at or self.published_at

    @property
    def description(self) -> str:
        """The sentence for search engines, feeds and cards."""
        return self.seo_description or self.standfirst

    @property
    def card(self) -> SocialCard:
        """The picture that stands for it where it is shared."""
        return SocialCard(self)

    @cached_property
    def credits(self) -> list[dict[str, Any]]:
        """The byline: `name`, `slug` and `role` of each author in order."""
        if "byline_rows" in self.__dict__:
            return self.__dict__["byline_rows"]
        return [
            {"name": line.author.name, "slug": line.author.slug, "role": line.role}
            for line in self.bylines.select_related("author")
        ]

    @cached_property
    def translations(self) -> list[dict[str, Any]]:
        """What `with_translations()` found: `language`, `headline` and `address` of each."""
        rows = self.__dict__.get("translation_rows", ())
        return [
            {
                "language": row["language"],
                "headline": row["headline"],
                "address": self.address(date.fromisoformat(row["day"]), row["slug"]),
                "published_at": moment(row["published_at"]),
            }
            for row in rows
        ]

    @property
    def alternates(self) -> list[dict[str, str]]:
        """Its own address and those of its translations by language, "x-default" last; or [].

        The default is the one in the site's language, else the one that came out first: the same
        on every page of the group.
        """
        if not self.translations:
            return []
        own = {
            "language": self.language,
            "address": self.get_absolute_url(),
            "published_at": self.published_at,
        }
        group = sorted([own, *self.translations], key=lambda row: row["language"])
        first = min(
            group, key=lambda row: (row["language"] != settings.LANGUAGE_CODE, row["published_at"])
        )
        return [*group, first | {"language": "x-default"}]

    @cached_property
    def curated(self) -> list["RelatedLink"]:
        """The desk's own related links, in order."""
        return list(self.related_links.all())

    @property
    def writers(self) -> list[str]:
        """The names that follow "By": writers, or everybody where no writer is named."""
        named = [line["name"] for line in self.credits if line["role"] == "writer"]
        return named or [line["name"] for line in self.credits]

    @cached_property
    def views(self) -> int:
        """All views, those before this site included."""
        if "counted_views" in self.__dict__:
            return self.starting_views + (self.__dict__["counted_views"] or 0)
        total = self.daily_views.aggregate(total=Sum("count"))["total"]
        return self.starting_views + (total or 0)
