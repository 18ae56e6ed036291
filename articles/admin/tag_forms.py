"""The forms of tags: one tag, which of several stays, and which articles a split takes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.admin.desk import AddressedForm
from articles.editorial.roles import visible_to
from articles.editorial.tag_names import NameTaken, checked_name, checked_slug
from articles.models import Article, FormerTagName, Tag

#: Tags offered while typing a name; others are found by their whole name.
OFFERED = 1_000
#: Articles on one page of a split.
PAGE = 25


class TagForm(AddressedForm):
    """Name, address and description; a name that is taken leads to merging the two."""

    def _tag(self) -> Tag | None:
        return self.instance if self.instance.pk else None

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        try:
            return checked_name(name, self._tag())
        except NameTaken as error:
            if self._tag() is None:
                raise
            query = urlencode({"ids": self.instance.pk, "into": error.tag.name})
            raise ValidationError(
                format_html(
                    '{} <a href="{}?{}">{}</a>',
                    error.messages[0],
                    reverse("admin:articles_tag_merge"),
                    query,
                    _("Merge the two"),
                )
            ) from error

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        return checked_slug(slug, "", self._tag()) if slug else ""

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "slug" in data and not data["slug"] and data.get("name"):
            data["slug"] = checked_slug(None, data["name"], self._tag())
        return super().clean()


class OtherNameForm(AddressedForm):
    """A name that the tag is known by as well; never one that another tag has."""

    class Meta:
        model = FormerTagName
        fields = ("name", "slug")

    def clean_name(self) -> str:
        return checked_name(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("slug"):
            try:
                checked_slug(data["slug"], "")
            except ValidationError as error:
                self.add_error("slug", error)
        return data


class MergeForm(forms.Form):
    """Which tag stays: one of several, or for a single one, another that is named."""

    def __init__(self, *args: Any, chosen: list[Tag], into: str = "", **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.chosen = chosen
        if len(chosen) > 1:
            self.fields["into"] = forms.ModelChoiceField(
                Tag.objects.filter(pk__in=[tag.pk for tag in chosen]),
                label=_("Which one stays?"),
                widget=forms.RadioSelect,
                empty_label=None,
                initial=max(chosen, key=lambda tag: tag.number).pk,
            )
            numbers = {tag.pk: tag.number for tag in chosen}
            self.fields["into"].label_from_instance = lambda tag: (
                f"{tag.name} · {articles_line(numbers[tag.pk])}"
            )
        else:
            self.fields["into"] = forms.CharField(
                label=_("Merge into"),
                initial=into,
                max_length=100,
                widget=forms.TextInput(attrs={"list": "known-tags", "autocomplete": "off"}),
                help_text=_("The name of the tag that stays."),
            )

    @cached_property
    def offered(self) -> list[str]:
        """Names to choose from while typing: the most used tags."""
        if len(self.chosen) > 1:
            return []
        others = Tag.objects.exclude(pk=self.chosen[0].pk).annotate(number=Count("tagged_articles"))
        return sorted(others.order_by("-number").values_list("name", flat=True)[:OFFERED])

    def clean_into(self) -> Tag:
        into = self.cleaned_data["into"]
        if isinstance(into, Tag):
            return into
        try:
            checked_name(into)
        except NameTaken as error:
            if error.tag.pk == self.chosen[0].pk:
                raise ValidationError(_("Choose another tag to merge into.")) from error
            return error.tag
        except ValidationError:
            former = FormerTagName.objects.filter(name__iexact=into.strip()).first()
            if former is not None and former.tag_id != self.chosen[0].pk:
                return former.tag
        raise ValidationError(_("There is no tag of that name."))


class SplitForm(forms.Form):
    """The new tag's name, and its articles: chosen on several pages, found by several searches.

    The buttons that search, turn pages and split all send the form; `chosen` holds what earlier
    pages chose, `shown` what this one showed.
    """

    name = forms.CharField(label=_("Name of the new tag"), max_length=100, required=False)
    q = forms.CharField(label=_("Find articles by headline"), max_length=200, required=False)

    def __init__(self, data: Any, *, tag: Tag, person: Any) -> None:
        super().__init__(data, label_suffix="")
        self.tag = tag
        self.person = person
        self.step = data.get("step", "") if data is not None else ""

    @property
    def is_asked_to_split(self) -> bool:
        return self.step == "split"

    def clean_name(self) -> str:
        return checked_name(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        if not self.chosen:
            raise ValidationError(_("Choose at least one article."))
        return self.cleaned_data

    @cached_property
    def all_articles(self) -> QuerySet:
        found = Article.objects.filter(tagged__tag=self.tag)
        return visible_to(self.person, found).order_by("-published_at", "-pk")

    @cached_property
    def matching(self) -> QuerySet:
        words = (self.data.get("q") or "").strip()[:200] if self.is_bound else ""
        return self.all_articles.filter(headline__icontains=words) if words else self.all_articles

    @cached_property
    def page(self) -> Page:
        number = self.step.removeprefix("page-") if self.step.startswith("page-") else ""
        if not number and self.step != "search" and self.is_bound:
            number = self.data.get("page", "")
        found = self.matching.select_related("section").only(
            "headline", "status", "published_at", "section__name"
        )
        return Paginator(found, PAGE).get_page(number)

    @cached_property
    def chosen(self) -> set[int]:
        """Row numbers of the articles chosen so far."""
        if not self.is_bound:
            return set()
        before = _numbers((self.data.get("chosen") or "").split(","))
        shown = _numbers((self.data.get("shown") or "").split(","))
        chosen = (before - shown) | _numbers(self.data.getlist("article"))
        if self.step == "all":
            chosen |= set(self.matching.order_by().values_list("pk", flat=True))
        return set() if self.step == "none" else chosen

    @property
    def chosen_text(self) -> str:
        return ",".join(map(str, sorted(self.chosen)))

    @property
    def shown_text(self) -> str:
        return ",".join(str(article.pk) for article in self.page)

    def chosen_articles(self) -> list[Article]:
        """Return the chosen ones among those that the person may see."""
        found = self.all_articles.only("pk").order_by()
        return [article for article in found if article.pk in self.chosen]


def articles_line(number: int) -> str:
    """Return how many articles, in words."""
    return ngettext("%(number)d article", "%(number)d articles", number) % {"number": number}


def _numbers(texts: list[str]) -> set[int]:
    return {int(text) for text in texts if text.isdecimal() and len(text) < 19}
