"""Promos: where each stands, which one wins there, and how the page would look with it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from articles.admin.desk import AddressedForm, DeskAdmin
from articles.conf import in_site_language
from articles.editorial.corrections import live_lines
from articles.models import Article, Promo, Section
from articles.models.promos import chat_address, winners
from articles.views import front, lists
from articles.views.article import may_show_embeds, whole_context
from articles.views.preview import sealed


class PromoForm(AddressedForm):
    address_from = "title"

    class Meta:
        widgets = {"answer": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField grows"})}

    def clean_url(self) -> str:
        url = self.cleaned_data["url"].strip()
        return chat_address(url) if self.data.get("kind") == Promo.Kind.CHAT else url


@admin.register(Promo)
class PromoAdmin(DeskAdmin):
    form = PromoForm
    change_form_template = "admin/articles/promo/change_form.html"
    list_display = (
        "title", "kind", "position", "section", "tag", "devices", "priority", "is_active",
        "starts_at", "ends_at",
    )  # fmt: skip
    list_editable = ("is_active",)
    list_select_related = ("section", "tag")
    list_filter = (
        "position",
        "kind",
        "is_active",
        ("section", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("title", "text", "slug")
    ordering = ("position", "-priority", "slug")
    autocomplete_fields = ("section", "tag")
    fieldsets = (
        (None, {"fields": ("title", "text", "kind", "label", "url", "slug")}),
        (gettext_lazy("Messages"), {"fields": ("mail_to", "answer")}),
        (gettext_lazy("Place"), {"fields": ("position", "section", "tag", "devices", "priority")}),
        (gettext_lazy("Time"), {"fields": ("is_active", "starts_at", "ends_at")}),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "url":
            field.help_text = _(
                "Left empty, a contact or a quote leads to a form of this site. "
                "For a chat, a telephone number such as +44 20 7946 0123 is enough."
            )
        return field

    def get_urls(self) -> list[URLPattern]:
        trial = path(
            "<int:object_id>/preview/",
            self.admin_site.admin_view(self.preview_view),
            name="articles_promo_preview",
        )
        return [trial, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        promo = context.get("original")
        if promo is not None:
            context |= _standing(promo)
        return super().render_change_form(request, context, *args, **kwargs)

    @method_decorator(require_safe)
    @method_decorator(may_show_embeds)
    def preview_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The newest public page on which the promo may stand, as if it had won there."""
        promo = get_object_or_404(Promo.objects.select_related("section", "tag"), pk=object_id)
        if not self.has_view_permission(request, promo):
            raise PermissionDenied
        with in_site_language():
            page = _page_with(request, promo)
        if page is None:
            text = _("No public page fits this promo's rule yet, so it stands nowhere.")
            self.message_user(request, text, messages.WARNING)
            return HttpResponseRedirect(reverse("admin:articles_promo_change", args=[promo.pk]))
        return sealed(page)


def _standing(promo: Promo) -> dict[str, Any]:
    """Context of `_standing.html`: who stands at the promo's place, the winner first."""
    rivals = list(Promo.objects.rivals_of(promo).select_related("section", "tag"))
    return {
        "rivals": rivals,
        "standing": {placed.devices for placed in winners(rivals) if placed.promo == promo},
        "closer": list(Promo.objects.closer_than(promo).select_related("section", "tag")),
    }


def _page_with(request: HttpRequest, promo: Promo) -> HttpResponse | None:
    if promo.position == Promo.Position.FRONT:
        return front.front(request, trial=promo)
    if promo.position == Promo.Position.LIST:
        if promo.tag:
            return lists.tag(request, promo.tag.slug, trial=promo)
        section = promo.section or Section.objects.first()
        return lists.section(request, section.slug, trial=promo) if section else None
    found = Article.objects.published().for_page().annotate(lines=live_lines())
    if promo.section_id:
        found = found.filter(section=promo.section_id)
    if promo.tag_id:
        found = found.filter(tagged__tag=promo.tag_id)
    article = found.first()
    if article is None:
        return None
    return render(request, "article.html", whole_context(request, article, trial=promo))
