"""The picture library."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from js_asset import Script

from articles.admin.desk import DeskAdmin
from articles.conf import conf
from articles.imaging.pictures import FORMATS, UnusablePicture
from articles.models import Image

#: Articles named under "where used"; the rest is a number.
SHOWN_USES = 20


class UploadForm(forms.ModelForm):
    """Takes bytes, never a file as it came: what is stored is re-encoded by `Image.take`."""

    upload = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG, WebP, AVIF or GIF. Location and other metadata are removed."),
        widget=forms.FileInput(
            attrs={"accept": ",".join(f"image/{kind.lower()}" for kind in FORMATS)}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "upload" in self.fields:
            self.fields["upload"].required = False
            self.fields["upload"].label = _("Replace the picture")
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
            try:
                if (upload.size or 0) > conf("PICTURE_MAX_BYTES"):
                    limit = conf("PICTURE_MAX_BYTES") // 2**20
                    raise UnusablePicture(_("The picture is over %d MB.") % limit)
                self.instance.take(upload.read())
            except UnusablePicture as error:
                self.add_error("upload", str(error))
        return data


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
        if self.value() == "yes":
            return queryset.filter(Q(on_articles__gt=0) | Q(on_authors__gt=0))
        if self.value() == "no":
            return queryset.filter(on_articles=0, on_authors=0)
        return queryset


@admin.register(Image)
class ImageAdmin(DeskAdmin):
    form = UploadForm
    list_display = ("thumbnail", "name", "alt_state", "credit", "uses", "created_at")
    list_display_links = ("name",)
    list_filter = (AltFilter, UseFilter)
    search_fields = ("title", "alt", "caption", "credit")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-id")
    readonly_fields = ("preview", "where_used")
    fieldsets = (
        (None, {"fields": ("preview", "upload", ("focal_x", "focal_y"))}),
        (_("In words"), {"fields": ("alt", "is_decorative", "caption", "credit", "title")}),
        (_("Where used"), {"fields": ("where_used",)}),
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
            return ((None, {"fields": ("preview",)}), *fieldsets[1:])
        return fieldsets

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A picture that readers see is changed only by who may change what readers see."""
        if not super().has_change_permission(request, obj):
            return False
        if obj is None or request.user.has_perm("articles.edit_published_article"):
            return True
        return not obj.articles.published().exists() and not obj.portrait_of.exists()

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
        return image.on_articles + image.on_authors

    @admin.display(description=_("Focal point"))
    def preview(self, image: Image) -> str:
        return render_to_string("admin/articles/image/_preview.html", {"image": image})

    @admin.display(description="")
    def where_used(self, image: Image) -> str:
        articles = image.articles.order_by("-saved_at").only("pk", "headline", "status")
        context = {
            "articles": articles[:SHOWN_USES],
            "more": max(0, articles.count() - SHOWN_USES),
            "authors": image.portrait_of.all(),
        }
        return render_to_string("admin/articles/image/_where_used.html", context)


def thumbnail(image: Image | None) -> str:
    """Return the small crop of a picture for a list, or a blank of the same size."""
    if image is None:
        return format_html('<span class="{}"></span>', "thumb thumb-none")
    return format_html(
        '<img class="thumb" src="{}" width="96" height="64" alt="" loading="lazy">',
        image.crops[0]["url"],
    )
