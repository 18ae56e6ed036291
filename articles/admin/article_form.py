"""The form of an article: its fields, its byline and its related links."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import ProseEditorWidget, prose_editor_base_media
from js_asset import Media, Script
from taggit.forms import TagWidget

from articles.admin.desk import BROWSER_DATES
from articles.admin.ordered import OrderedForm, PartFormSet
from articles.editorial import planning
from articles.editorial.revisions import revision_of
from articles.editorial.roles import may
from articles.editorial.snapshots import laid_over, snapshot
from articles.models import Article, Byline, RelatedLink, Tag
from articles.text.html import clean_line


class BodyWidget(ProseEditorWidget):
    """The rich text editor, started by a module of ours.

    The package's own starter lets the editor put a style element into the page, which the
    content security policy forbids; ours turns that off and gives the field its name.
    """

    @property
    def media(self) -> Media:
        return prose_editor_base_media + Media(
            css={"all": ["articles/admin/body.css"]},
            js=[Script("articles/admin/body.js", type="module")],
        )


class TagsWidget(TagWidget):
    """Topics separated by commas; with JavaScript, known topics are offered while typing."""

    def format_value(self, value: Any) -> Any:
        if value is not None and not isinstance(value, str):
            names = [tag.name for tag in value]
            return ", ".join(f'"{name}"' if "," in name else name for name in names)
        return value

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        # Without any comma the parser would split "climate change" at its space.
        return f"{value.rstrip().rstrip(',')}," if value and value.strip() else value

    def build_attrs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        source = reverse("admin:autocomplete")
        query = "app_label=articles&model_name=taggedarticle&field_name=tag"
        return super().build_attrs(*args, **kwargs) | {"data-tags": f"{source}?{query}"}

    @property
    def media(self) -> Media:
        return Media(js=[Script("articles/admin/tags.js", type="module")])


class LineTextarea(AdminTextareaWidget):
    """One paragraph that wraps: headlines and standfirsts are read in full while written."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 1, "class": "grows", **(attrs or {})})


class ArticleForm(forms.ModelForm):
    """The working copy of an article: shows it, and says what a person changed in it.

    Nothing is saved here: `changes()` is what goes into the next revision.
    """

    class Meta:
        model = Article
        fields = (
            "headline", "standfirst", "body", "language", "section", "tags", "picture", "slug",
            "seo_title", "seo_description", "published_at", "starting_views",
            *planning.FIELDS,
        )  # fmt: skip
        widgets = {
            "headline": LineTextarea(attrs={"placeholder": _("Headline")}),
            "standfirst": LineTextarea(attrs={"placeholder": _("Standfirst: the story in brief")}),
            "seo_description": LineTextarea(),
        }

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        self.row = kwargs.get("instance")
        self.base = None
        self.seen: dict[str, Any] = {}
        if self.row is not None and self.row.pk:
            # What the person had before them: their changes are what differs from that.
            number = (data or {}).get("_based_on", "")
            # 0: it had no revision then; what stood in its rows became number 1.
            number = "1" if number == "0" else number
            self.base = revision_of(self.row, number if number.isdecimal() else "working")
            self.seen = self.base.snapshot if self.base else snapshot(self.row)
            kwargs["instance"] = laid_over(self.row, self.seen)
        super().__init__(data, files, **kwargs)
        if self.row is not None and "tags" in self.fields:
            rows = getattr(self.instance, "tag_rows", ())
            self.initial["tags"] = [Tag(name=row["name"]) for row in rows]
        if self.instance._state.adding and "headline" in self.fields:
            self.fields["headline"].widget.attrs["autofocus"] = True

    def changes(self) -> dict[str, Any]:
        """Return the keys of a snapshot that the person changed, with their values."""
        data = self.cleaned_data
        changed = set(self.changed_data) - set(planning.FIELDS)
        if not self.seen:
            changed = set(data) - set(planning.FIELDS)
        found = {name: data[name] for name in changed if name in data}
        if "tags" in found:
            found["tags"] = list(found["tags"])
        if "section" in found:
            found["section"] = found["section"].slug if found["section"] else None
        if "picture" in found:
            found["picture"] = str(found["picture"].uid) if found["picture"] else None
        if "published_at" in found:
            moment = found["published_at"]
            found["published_at"] = moment.isoformat() if moment else None
        return found

    def plans(self) -> dict[str, Any]:
        """Return the plans that the person changed."""
        return {
            name: self.cleaned_data[name] for name in planning.FIELDS if name in self.changed_data
        }

    def clean_headline(self) -> str:
        # A textarea lets a line break through; a headline is one line.
        return " ".join(self.cleaned_data["headline"].split())

    def clean_tags(self) -> list[str]:
        names = self.cleaned_data["tags"]
        limit = Tag._meta.get_field("name").max_length
        if any(len(name) > limit for name in names):
            raise ValidationError(_("A tag has at most %d characters.") % limit)
        return names

    def clean_slug(self) -> str:
        slug, day = self.cleaned_data["slug"], self.instance.published_on
        if day and not slug:
            raise ValidationError(_("An article that was published keeps an address."))
        others = Article.objects.filter(published_on=day, slug=slug).exclude(pk=self.instance.pk)
        if day and others.exists():
            raise ValidationError(_("Another article of that day has this address."))
        return slug

    def clean_published_at(self) -> Any:
        moment = self.cleaned_data["published_at"]
        if "published_at" not in self.changed_data:
            # The field shows seconds; the moment is kept to the microsecond.
            moment = self.initial.get("published_at")
        if self.instance.status != Article.Status.PUBLISHED:
            return moment
        if moment is None:
            raise ValidationError(_("A published article has a time. Withdraw it to hide it."))
        if moment > timezone.now():
            raise ValidationError(
                _("A published article cannot wait for a later time. Withdraw it to hide it.")
            )
        return moment

    def clean_embargo_until(self) -> Any:
        moment = self.cleaned_data["embargo_until"]
        if moment and "embargo_until" in self.changed_data and self.row and self.row.is_public:
            raise ValidationError(_("Readers see it already: withdraw it instead."))
        return moment


def plain_choice(field: forms.Field | None, *, adding: bool = False) -> None:
    """Leave out the small links beside a choice that lead away from the article."""
    widget = getattr(field, "widget", None)
    if widget is not None and hasattr(widget, "can_change_related"):
        widget.can_change_related = widget.can_view_related = widget.can_delete_related = False
        widget.can_add_related = widget.can_add_related and adding


class PartInline(admin.StackedInline):
    """Rows beside the article, each on a line or two, with plain choices."""

    template = "admin/articles/_rows.html"

    form = OrderedForm
    formset = PartFormSet
    formfield_overrides = {
        **BROWSER_DATES,
        models.URLField: {"widget": forms.URLInput, "assume_scheme": "https"},
    }
    ordering = ("position", "id")
    extra = 0

    def get_fields(self, request: Any, obj: Article | None = None) -> tuple[str, ...]:
        # Where nothing can be moved, the rows themselves show their order.
        movable = may(request.user, "change_article", obj)
        return tuple(name for name in self.fields if movable or name != "order")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        plain_choice(field, adding=db_field.name == "author")
        return field


class BylineFormSet(PartFormSet):
    def values(self) -> list[dict[str, Any]]:
        return [{"author": row["author"].slug, "role": row["role"]} for row in self.in_order()]


class BylineInline(PartInline):
    model = Byline
    formset = BylineFormSet
    fields = ("author", "role", "order")
    autocomplete_fields = ("author",)
    verbose_name = _("author")
    verbose_name_plural = _("byline")


class RelatedLinkForm(OrderedForm):
    def clean_target(self) -> Article | None:
        # The constraint that says this is not checked here: an inline form does not hold its
        # article as a value.
        target = self.cleaned_data["target"]
        if target is not None and target.pk == self.instance.article_id:
            raise ValidationError(_("An article cannot be related to itself."))
        return target


class RelatedLinkFormSet(PartFormSet):
    def values(self) -> list[dict[str, Any]]:
        return [
            {
                "target": str(row["target"].uid) if row["target"] else None,
                "url": row["url"] or "",
                "title": clean_line(row["title"]),
                "author": row["author"],
                "date": row["date"].isoformat() if row["date"] else None,
                "views": row["views"],
            }
            for row in self.in_order()
        ]


class RelatedLinkInline(PartInline):
    model = RelatedLink
    form = RelatedLinkForm
    formset = RelatedLinkFormSet
    fk_name = "article"
    fields = ("target", "title", "url", "author", "date", "views", "order")
    autocomplete_fields = ("target",)
    verbose_name = _("story")
    verbose_name_plural = _("related news")
