"""Redirects: where old addresses lead."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from articles.admin.desk import DeskAdmin
from articles.models import Redirect


class RedirectForm(forms.ModelForm):
    """Refuses addresses that lead nowhere safe, and circles."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "new_path" in self.fields:
            # `//host` and `/\\host` are other sites in a browser's eyes.
            self.fields["new_path"].validators.append(
                RegexValidator(
                    r"^(/(?![/\\])|https://)",
                    _("An address of this site (/…) or https://…"),
                )
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        old, step = data.get("old_path"), data.get("new_path")
        # No more steps than there are redirects: a circle that is already there must end too.
        for _step in range(Redirect.objects.count() + 1):
            if not step:
                break
            if step == old:
                raise ValidationError({"new_path": _("This address leads back to the old one.")})
            step = (
                Redirect.objects.filter(old_path=step)
                .exclude(pk=self.instance.pk)
                .values_list("new_path", flat=True)
                .first()
            )
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

    @admin.display(description=_("leads to"), ordering="new_path")
    def leads_to(self, redirect: Redirect) -> Any:
        return redirect.new_path or _("gone")
