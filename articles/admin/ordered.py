"""Rows of a form that keep an order: numbers may be typed, and what has none goes last."""

from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

#: More rows than anybody would number.
_MOST = 9_999


class OrderedForm(forms.ModelForm):
    """A row with an optional number; the model's `position` is computed from all rows."""

    order = forms.IntegerField(
        label=_("Order"),
        required=False,
        min_value=0,
        max_value=_MOST,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.position:
            self.initial["order"] = self.instance.position


class PartFormSet(BaseInlineFormSet):
    """Rows of the working copy: shown from a revision, never written to the live tables."""

    #: Unsaved rows to show; set by the admin.
    rows: tuple[Any, ...] | list[Any] = ()
    #: What a snapshot calls these rows.
    key = ""

    def as_in_snapshot(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return one row as a snapshot holds it."""
        raise NotImplementedError

    def values(self, seen: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
        """Return the rows of the screen as a snapshot holds them.

        `seen` is what the working copy holds: rows that are as it shows them come as it holds
        them, so that a link that found its story meanwhile is nobody's change.
        """
        names = [name for name in self.form.base_fields if name not in {"order", self.fk.name}]
        found = [self.as_in_snapshot(row) for row in self.in_order()]
        shown = [{name: getattr(row, name) for name in names} for row in self.rows]
        if seen is not None and found == [self.as_in_snapshot(row) for row in shown]:
            return seen
        return found

    def get_queryset(self) -> Any:
        return self.rows

    def initial_form_count(self) -> int:
        # What comes back is checked as new rows: there is no stored row that it could change.
        return 0 if self.is_bound else len(self.rows)

    def save(self, commit: bool = True) -> list[Any]:
        """Write nothing; the article's revision takes `values()`."""
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []
        return []

    def in_order(self) -> list[dict[str, Any]]:
        """Return the cleaned rows that are not removed, in the order of their numbers."""
        kept = [
            form
            for form in self.forms
            if form not in self.deleted_forms and form.has_changed() and form.cleaned_data
        ]
        return [form.cleaned_data for form in sorted(kept, key=place)]


def place(form: OrderedForm) -> tuple[bool, int]:
    """Sort key of a row: its number; rows without one go last."""
    order = form.cleaned_data.get("order")
    return order is None, order or 0
