"""The picture library."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from js_asset import Script

from articles.admin.desk import DeskAdmin
from articles.admin.library import (
    ACCEPT,
    LibraryMixin,
    is_live,
    read_into,
    uses,
    uses_in_texts,
    where_used,
    why,
)
from articles.editorial.roles import may
from articles.imaging.pictures import UnusablePicture
from articles.models import Image

#: Articles named under "where used"; the rest is a number.
SHOWN_USES = 20


class UploadForm(forms.ModelForm):
    """Takes bytes, never a file as it came: what is stored is re-encoded by `Image.take`."""

    upload = forms.FileField(
        label=_("Picture"),
        help_text=_(
            "JPEG, PNG, WebP, AVIF or GIF; of an animation, its first picture. Location and other "
            "metadata are removed."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "upload" in self.fields:
            self.fields["upload"].required = False
            self.fields["upload"].label = _("Replace the picture")
            self.fields["upload"].help_text = _(
                "It takes the old one's place everywhere: on articles and authors and in texts, "
                "with its words and focal point."
            )
        for name in ("focal_x", "focal_y"):
            if name in self.fields:
                self.fields[name].widget = forms.NumberInput(
                    attrs={"min": 0, "max": 1, "step": "any", "data-focal": name[-1]}
                )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        upload: UploadedFile | None = data.get("upload")
        # Last of all, since taking writes files: nothing is stored for a form that goes back.
        if upload and not self.errors:
            is_new = self.instance.pk is None
            try:
                read_into(self.instance, upload)
            except UnusablePicture as error:
                self.add_error("upload", why(error))
            else:
                twin = Image.objects.filter(file=self.instance.file.name).first()
                if is_new and twin:
                    self.add_error("upload", already_there(twin))
        return data

    def _post_clean(self) -> None:
        super()._post_clean()
        # The row's own rules are asked after `clean`.
        if self.errors:
            self.instance.drop_files()


def already_there(twin: Image) -> str:
    """Return the sentence for an upload that the library has, with the way to it."""
    return format_html(
        '{} <a href="{}">{}</a>',
        _("This picture is in the library already:"),
        reverse("admin:articles_image_change", args=[twin.pk]),
        twin,
    )


class AltFilter(admin.SimpleListFilter):
    title = _("alt text")
    parameter_name = "alt"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("missing", _("Missing")),
            ("written", _("Written")),
            ("decorative", _("Decorative")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        rules = {
            "missing": Q(alt="", is_decorative=False),
            "written": ~Q(alt="") & Q(is_decorative=False),
            "decorative": Q(is_decorative=True),
        }
        return queryset.filter(rules[self.value()]) if self.value() in rules else queryset


class UseFilter(admin.SimpleListFilter):
    title = _("use")
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Used")), ("no", _("Not used"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in {"yes", "no"}:
            return queryset
        used = Q(on_articles__gt=0) | Q(on_authors__gt=0) | Q(uid__in=list(uses_in_texts()))
        return queryset.filter(used) if self.value() == "yes" else queryset.exclude(used)


@admin.register(Image)
class ImageAdmin(LibraryMixin, DeskAdmin):
    form = UploadForm
    list_display = ("thumbnail", "name", "alt_state", "credit", "uses", "created_at")
    list_display_links = ("name",)
    list_filter = (AltFilter, UseFilter, "created_at")
    list_per_page = 48
    search_fields = ("title", "alt", "caption", "credit")
    ordering = ("-created_at", "-id")
    readonly_fields = ("preview",)
    fieldsets = (
        (None, {"fields": ("preview", ("focal_x", "focal_y"), "upload"), "classes": ("sight",)}),
        (
            _("In words"),
            {
                "fields": ("alt", "is_decorative", "caption", "credit", "copyright", "title"),
                "classes": ("said",),
            },
        ),
    )

    class Media:
        js = (Script("articles/admin/focal.js", type="module"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            super()
            .get_queryset(request)
            .annotate(
                on_articles=Count("articles", distinct=True),
                on_authors=Count("portrait_of", distinct=True),
            )
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return ((None, {"fields": ("upload",)}), fieldsets[1])
        if not self.has_change_permission(request, obj):
            return ((None, {"fields": ("preview",), "classes": ("sight",)}), *fieldsets[1:])
        return fieldsets

    def formfield_for_dbfield(self, field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if field.name == "alt":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3})
        return super().formfield_for_dbfield(field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A picture that readers see is changed only by who may change what readers see."""
        if not super().has_change_permission(request, obj):
            return False
        if obj is None or request.user.has_perm("articles.publish_article"):
            return True
        return not is_live(obj)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        page = super().changelist_view(
            request, {**self.upload_context(request), **(extra_context or {})}
        )
        if "cl" in (getattr(page, "context_data", None) or {}):
            shown = page.context_data["cl"].result_list
            in_texts = uses_in_texts() if shown else {}
            for image in shown:
                image.in_texts = in_texts.get(str(image.uid), 0)
        return page

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        # Several are added at once in the library: nobody adds one after the other here.
        context["show_save_and_add_another"] = False
        if image := kwargs.get("obj"):
            context |= where_used(image, request.user, SHOWN_USES)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        try:
            super().save_model(request, obj, form, change)
        except BaseException:
            obj.drop_files()
            raise

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A picture in a text or a working copy is kept, as one on an article is."""
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        for image in objs:
            for article in uses(image).exclude(picture=image):
                is_seen = may(request.user, "view_article", article)
                protected.append(str(article) if is_seen else _("An article under embargo"))
        return found, counts, lacking, protected

    @admin.display(description=_("preview"))
    def thumbnail(self, image: Image) -> str:
        return thumbnail(image)

    @admin.display(description=_("picture"), ordering="title")
    def name(self, image: Image) -> str:
        return str(image)

    @admin.display(description=_("alt text"))
    def alt_state(self, image: Image) -> str:
        if image.is_decorative:
            return format_html('<span class="quiet">{}</span>', _("Decorative"))
        if not image.alt:
            return format_html('<span class="flag">{}</span>', _("Missing"))
        return image.alt

    @admin.display(description=_("uses"), ordering="on_articles")
    def uses(self, image: Any) -> int:
        return image.on_articles + image.on_authors + image.in_texts

    @admin.display(description=_("Focal point"))
    def preview(self, image: Image) -> str:
        return render_to_string("admin/articles/image/_preview.html", {"image": image})


def thumbnail(image: Image | None) -> str:
    """Return the small crop of a picture for a list, or a blank of the same size."""
    if image is None:
        return format_html('<span class="{}"></span>', "thumb thumb-none")
    return format_html(
        '<img class="thumb" src="{}" width="96" height="64" alt="" loading="lazy">',
        image.crops[0].url,
    )
