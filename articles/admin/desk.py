"""What the admin of every noun shares: safe media, addresses made from names, read-only tables."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from js_asset import Media

from articles.editorial.addresses import drop_redirects, leave_gone, leave_redirect
from articles.text.slugs import slugify

#: The browser's own fields for days and times: with every keyboard and screen reader, and
#: without the stock widgets' scripts. Seconds stay, so that saving never moves a moment.
BROWSER_DATES: dict[type[models.Field], dict[str, Any]] = {
    models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
    models.DateTimeField: {
        "form_class": forms.DateTimeField,
        "widget": forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": 1}
        ),
    },
}


class ListRowForm(forms.ModelForm):
    """Fields in a row of a list: the column's heading is no label, so each says its own name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{capfirst(str(field.label))}: {self.instance}"


class SearchedSelect(AutocompleteSelect):
    """Django's choice with search. What stands for "none" has a name, as HTML asks of an option."""

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> Any:
        if value == "" and not label:
            label = _("None")
        return super().create_option(name, value, label, *args, **kwargs)


class SearchedMixin:
    """For an admin or its rows: `autocomplete_fields` with our widget."""

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):
            using = kwargs.get("using")
            kwargs["widget"] = SearchedSelect(db_field, self.admin_site, using=using)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


#: Rows that a list counts, sorts and leads to: the first of them, in its own order. What lies
#: behind is found by filters and search.
MOST_LISTED = 10_000


class BoundedPaginator(Paginator):
    """Pages that say "more than 10,000" instead of counting a whole table each time.

    A list that sorts its rows has them, without that bound, as `sorted_from` (see `bounded`).
    """

    @cached_property
    def _rows(self) -> QuerySet:
        return getattr(self.object_list, "sorted_from", self.object_list)

    @cached_property
    def _counted(self) -> int:
        return self._rows.order_by().values("pk")[: MOST_LISTED + 1].count()

    @property
    def count(self) -> int:
        return min(self._counted, MOST_LISTED)

    @property
    def is_bounded(self) -> bool:
        return self._counted > MOST_LISTED

    def page(self, number: int | str) -> Page:
        """One page; of what stands before it, or is sorted, nothing but keys is read."""
        page = super().page(number)
        start = (page.number - 1) * self.per_page
        if start or self._rows is not self.object_list:
            end = min(start + self.per_page, self.count)
            keys = list(self.object_list.values_list("pk", flat=True)[start:end])
            page.object_list = self._rows.filter(pk__in=keys)
        return page


def bounded(rows: QuerySet, ordering: Iterable[Any]) -> QuerySet:
    """Return, of rows in an order that no index holds, those that a list leads to: the first by
    `ordering`, the list's own. The paginator counts and reads them without that condition."""
    found = rows.filter(pk__in=rows.order_by(*ordering).values("pk")[:MOST_LISTED])
    found.sorted_from = rows
    return found


class DeskAdmin(SearchedMixin, admin.ModelAdmin):
    """Defaults of every list and form, and the nonce that the editor's import map needs."""

    list_per_page = 50
    paginator = BoundedPaginator
    formfield_overrides = BROWSER_DATES
    # A second count of the whole table on every search tells editors nothing.
    show_full_result_count = False

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> Any:
        """All of a list are those that it counts, and no more."""
        if request.POST.get("select_across") == "1":
            queryset = queryset.filter(pk__in=queryset.values("pk")[:MOST_LISTED])
        return super().response_action(request, queryset)

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[forms.ModelForm]:
        return super().get_changelist_form(request, form=ListRowForm, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        # The import map is an inline script: the policy lets it run only with the nonce.
        context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)
        return super().render_change_form(request, context, *args, **kwargs)


class AddressedForm(forms.ModelForm):
    """Makes the address from the field `address_from` when it is left empty."""

    address_from = "name"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            if not self.fields["slug"].help_text:
                self.fields["slug"].help_text = _("Left empty, it is made from the name.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "slug" in self.fields and "slug" not in self.errors and not data.get("slug"):
            name = data.get(self.address_from, "")
            if name:
                limit = self._meta.model._meta.get_field("slug").max_length
                data["slug"] = slugify(name, fallback=self._meta.model.__name__.lower())[:limit]
        return data


class CountedChangeList(ChangeList):
    """Rows with `number`: the list alone counts, and only for the rows that it shows."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet:
        self.root_queryset = self.model_admin.with_counts(self.root_queryset)
        return super().get_queryset(request, *args, **kwargs)


class PageAdmin(DeskAdmin):
    """A noun with a public page of its own. counts: relation whose rows its list counts."""

    form = AddressedForm
    counts = ""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CountedChangeList

    def with_counts(self, found: QuerySet) -> QuerySet:
        """Return the rows with `number`, counted for each by itself: joined, all would be read."""
        relation = self.model._meta.get_field(self.counts)
        rows = relation.related_model.objects.filter(**{relation.field.name: OuterRef("pk")})
        counted = rows.order_by().values(relation.field.name).annotate(n=Count("pk")).values("n")
        return found.annotate(number=Coalesce(Subquery(counted), 0))

    def view_on_site(self, obj: Any) -> str | None:
        # A form that comes back with an emptied address has no page to lead to.
        return obj.get_absolute_url() if obj.slug else None


class MovablePageAdmin(PageAdmin):
    """A noun whose page leaves a redirect when it gets a new address, and says when it is gone."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = self.model._default_manager.filter(pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        if before is None:
            drop_redirects(obj.get_absolute_url())
        else:
            leave_redirect(before.get_absolute_url(), obj.get_absolute_url())

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        path = obj.get_absolute_url()
        super().delete_model(request, obj)
        leave_gone(path)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        paths = [obj.get_absolute_url() for obj in queryset]
        super().delete_queryset(request, queryset)
        leave_gone(*paths)


class ReadOnlyAdmin(DeskAdmin):
    """History: everybody at the desk may read it, nobody may change it here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
