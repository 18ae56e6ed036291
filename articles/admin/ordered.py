"""Rows of a form that keep an order: numbers may be typed, and what has none goes last."""

from typing import Any

from django import forms
from django.db.models import F
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

#: Far above any position in use: existing rows step aside by it while they are renumbered, so
#: that two rows never stand at one place, not even between two statements.
_ASIDE = 10_000


class OrderedForm(forms.ModelForm):
    """A row with an optional number; the model's `position` is computed from all rows."""

    order = forms.IntegerField(
        label=_("Order"),
        required=False,
        min_value=0,
        max_value=_ASIDE - 1,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["order"] = self.instance.position


class OrderedFormSet(BaseInlineFormSet):
    """Saves its rows in the order of their numbers, as positions 1, 2, 3 …"""

    def save(self, commit: bool = True) -> list[Any]:
        """Save what changed and renumber all rows; unlike its parent it always commits."""
        touched = super().save(commit=False)
        for row in self.deleted_objects:
            row.delete()
        if not touched and not self.deleted_objects:
            return touched
        kept = [
            form
            for form in self.forms
            if form not in self.deleted_forms and (form.instance.pk or form.has_changed())
        ]
        kept.sort(key=_place)
        siblings = self.model._default_manager.filter(**{self.fk.name: self.instance})
        siblings.update(position=F("position") + _ASIDE)
        for position, form in enumerate(kept, start=1):
            form.instance.position = position
            form.instance.save()
        return touched


def _place(form: OrderedForm) -> tuple[bool, int]:
    order = form.cleaned_data.get("order")
    return order is None, order or 0
