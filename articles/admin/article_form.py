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
from django_prose_editor.widgets import ProseEditorWidget, importmap, prose_editor_js
from js_asset import Media, Script
from taggit.forms import TagWidget

from articles.admin.desk import BROWSER_DATES, SearchedMixin
from articles.admin.ordered import OrderedForm, PartFormSet
from articles.editorial import planning, tag_names
from articles.editorial.revisions import newest
from articles.editorial.roles import may
from articles.editorial.snapshots import laid_over, snapshot
from articles.models import Article, Byline, RelatedLink, Tag
from articles.text.html import clean_line

_EDITOR_STYLES = ("body", "editor/tools", "editor/dialogs")


class BodyWidget(ProseEditorWidget):
    """The rich text editor, started by a module of ours.

    The package's own starter lets the editor put a style element into the page, which the
    content security policy forbids; ours turns that off and gives the field its name. Signs,
    dialogs and styles are ours, too: the package's would bring a font of 128 KB.
    """

    @property
    def media(self) -> Media:
        return Media(
            importmap=importmap,
            css={"all": [f"articles/admin/{name}.css" for name in _EDITOR_STYLES]},
            js=[prose_editor_js, Script("articles/admin/body.js", type="module")],
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
        return super().build_attrs(*args, **kwargs) | {
            "data-tags": reverse("admin:articles_article_lookup_tags"),
            # What the script says, in the person's language.
            "data-add": _("Add a tag"),
            "data-remove": _("Remove: %(name)s"),
            "data-create": _("Create “%(name)s”"),
            "data-former": _("%(former)s → %(name)s"),
            "data-suggested": _("In the text"),
            "data-found": _("%(number)s found"),
            "data-added": _("Added: %(name)s"),
            "data-removed": _("Removed: %(name)s"),
            "data-unknown": _("There is no tag “%(name)s”, and you may not create tags."),
        }

    @property
    def media(self) -> Media:
        return Media(
            css={"all": ["articles/admin/combobox.css", "articles/admin/tags.css"]},
            js=[Script("articles/admin/tags.js", type="module")],
        )


class LineTextarea(AdminTextareaWidget):
    """One paragraph that wraps: headlines and standfirsts are read in full while written."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 1, "class": "grows", **(attrs or {})})


class WhatWasShown(forms.HiddenInput):
    """What a field held when the page was made. Nobody sees it: no text describes it."""

    def build_attrs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        attributes = super().build_attrs(*args, **kwargs)
        attributes.pop("aria-describedby", None)
        return attributes


class ArticleForm(forms.ModelForm):
    """The working copy of an article: shows it, and says what stands on a person's screen.

    Nothing is saved here: `values()` is what goes to be merged into the working copy.
    """

    #: Whether a tag that nobody has used yet may be named; set by the admin.
    may_create_tags = True

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
        #: The working copy that the form is bound to, as a snapshot; empty for a new article.
        self.seen: dict[str, Any] = {}
        if self.row is not None and self.row.pk:
            last = newest(self.row)
            self.seen = last.snapshot if last else snapshot(self.row)
            kwargs["instance"] = laid_over(self.row, self.seen)
        super().__init__(data, files, **kwargs)
        if self.row is not None and "tags" in self.fields:
            rows = getattr(self.instance, "tag_rows", ())
            self.initial["tags"] = [Tag(name=row["name"]) for row in rows]
        for name in planning.FIELDS:
            if name in self.fields:
                # Plans are not merged: only what differs from what the page showed is a change.
                self.fields[name].show_hidden_initial = True
                self.fields[name].hidden_widget = WhatWasShown
        if self.instance._state.adding and "headline" in self.fields:
            self.fields["headline"].widget.attrs["autofocus"] = True

    def values(self) -> dict[str, Any]:
        """Return every clean field of the screen, as keys of a snapshot; plans are left out.

        What is as the working copy shows it comes as the working copy holds it: a renamed tag or
        the numbered address of a taken one is nobody's change.
        """
        names = [name for name in self.fields if name in self.cleaned_data]
        changed = set(self.changed_data)
        found: dict[str, Any] = {}
        for name in names:
            if name in planning.FIELDS:
                continue
            if name in self.seen and name not in changed:
                found[name] = self.seen[name]
            else:
                found[name] = self._as_in_snapshot(name, self.cleaned_data[name])
        return found

    def _as_in_snapshot(self, name: str, value: Any) -> Any:
        if name == "tags":
            return list(value)
        if name == "section":
            return value.slug if value else None
        if name == "picture":
            return str(value.uid) if value else None
        if name == "published_at":
            kept = self.row.published_at if self.row is not None else None
            if value and kept and kept.replace(microsecond=0) == value:
                # The field shows seconds; the moment is kept to the microsecond.
                value = kept
            return value.isoformat() if value else None
        return value

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
        if not self.may_create_tags:
            fresh = [name for name in names if name not in self.seen.get("tags", ())]
            if missing := tag_names.unknown(fresh):
                text = _("You may not create tags: %s. Choose one that is there.")
                raise ValidationError(text % ", ".join(missing))
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
        if "embargo_until" in self.changed_data:
            planning.check_embargo(self.row or self.instance, moment)
        return moment


def plain_choice(field: forms.Field | None, *, adding: bool = False) -> None:
    """Leave out the small links beside a choice that lead away from the article."""
    widget = getattr(field, "widget", None)
    if widget is not None and hasattr(widget, "can_change_related"):
        widget.can_change_related = widget.can_view_related = widget.can_delete_related = False
        widget.can_add_related = widget.can_add_related and adding


class PartInline(SearchedMixin, admin.StackedInline):
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

    class Media:
        css = {"all": ["articles/admin/combobox.css", "articles/admin/lines.css"]}

    def get_fields(self, request: Any, obj: Article | None = None) -> tuple[str, ...]:
        # Where nothing can be moved, the rows themselves show their order.
        movable = may(request.user, "change_article", obj)
        return tuple(name for name in self.fields if movable or name != "order")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        plain_choice(field, adding=db_field.name == "author")
        return field


class BylineFormSet(PartFormSet):
    key = "byline"

    def as_in_snapshot(self, row: dict[str, Any]) -> dict[str, Any]:
        return {"author": row["author"].slug, "role": row["role"]}


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
    key = "related"

    def as_in_snapshot(self, row: dict[str, Any]) -> dict[str, Any]:
        return {
            "target": str(row["target"].uid) if row["target"] else None,
            "url": row["url"] or "",
            "title": clean_line(row["title"]),
            "author": row["author"],
            "date": row["date"].isoformat() if row["date"] else None,
            "views": row["views"],
        }


class RelatedLinkInline(PartInline):
    model = RelatedLink
    form = RelatedLinkForm
    formset = RelatedLinkFormSet
    fk_name = "article"
    fields = ("target", "title", "url", "author", "date", "views", "order")
    autocomplete_fields = ("target",)
    verbose_name = _("story")
    verbose_name_plural = _("related news")
