"""Redirects: where old addresses lead."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.desk import DeskAdmin
from articles.editorial.addresses import checked_origin, checked_target, redirect_by_hand
from articles.models import Redirect


class RedirectForm(forms.ModelForm):
    """Refuses addresses where a page lives, that lead nowhere safe, and circles."""

    def clean_old_path(self) -> str:
        return checked_origin(self.cleaned_data["old_path"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        origin = data.get("old_path") or self.instance.old_path
        if "new_path" in data:
            try:
                data["new_path"] = checked_target(data["new_path"], origin=origin)
            except ValidationError as error:
                self.add_error("new_path", error)
        return data


@admin.register(Redirect)
class RedirectAdmin(DeskAdmin):
    form = RedirectForm
    list_display = ("old_path", "leads_to", "is_automatic", "created_at")
    list_filter = ("is_automatic",)
    search_fields = ("old_path", "new_path")
    date_hierarchy = "created_at"
    ordering = ("old_path",)
    fields = ("old_path", "new_path")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Redirect | None = None
    ) -> tuple[str, ...]:
        """Where an address of the past leads can be changed; which address it was cannot."""
        return ("old_path",) if obj is not None and obj.is_automatic else ()

    def has_delete_permission(self, request: HttpRequest, obj: Redirect | None = None) -> bool:
        """What the desk's verbs left stays: readers still follow it."""
        if obj is not None and obj.is_automatic:
            return False
        return super().has_delete_permission(request, obj)

    @admin.display(description=_("leads to"), ordering="new_path")
    def leads_to(self, redirect: Redirect) -> Any:
        return redirect.new_path or _("gone")

    def save_model(self, request: HttpRequest, obj: Redirect, form: Any, change: bool) -> None:
        redirect_by_hand(obj)
