"""People: accounts for the desk, looked after by chief editors without a way to more power."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as StockGroupAdmin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import ReadOnlyPasswordHashWidget, UserChangeForm
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.corners import CornerMixin
from articles.admin.desk import DeskAdmin
from articles.editorial.roles import ROLE_LABELS, ROLES, sections_of
from articles.models import DeskProfile, Section

admin.site.unregister(User)
admin.site.unregister(Group)


def holds_more_than_roles(person: Any) -> bool:
    """Whether an account may do things that no role of the desk gives."""
    return (
        person.is_superuser
        or person.user_permissions.exists()
        or person.groups.exclude(name__in=ROLES).exists()
    )


def works_beyond(person: Any, sections: frozenset[int] | None) -> bool:
    """Whether an account counts in sections outside of `sections` (None: all of them).

    Without sections of their own, editors count everywhere; a writer has only their own articles.
    """
    if sections is None:
        return False
    theirs = set(
        DeskProfile.sections.through.objects.filter(deskprofile__user=person.pk).values_list(
            "section", flat=True
        )
    )
    if theirs:
        return not theirs <= sections
    return person.groups.filter(permissions__codename="edit_any_article").exists()


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(ROLE_LABELS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


class RolesField(forms.ModelMultipleChoiceField):
    """The roles of the desk as check boxes; another group is no valid answer."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, group: Group) -> str:
        return str(ROLE_LABELS.get(group.name, group.name))


class PasswordLine(ReadOnlyPasswordHashWidget):
    """Words about a password and the way to another one: no field that could be disabled."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"].pop("disabled", None)
        return context


class PersonForm(UserChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            self.fields["password"].widget = PasswordLine()


class DeskProfileInline(admin.StackedInline):
    """Where a person's role counts, and whether they get mail."""

    model = DeskProfile
    template = "admin/auth/user/_profile.html"
    fields = ("sections", "wants_mail")
    can_delete = False
    verbose_name_plural = _("sections and notices")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name != "sections":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        theirs = sections_of(request.user)
        sections = Section.objects.order_by("name")
        if theirs is not None:
            sections = sections.filter(pk__in=theirs)
        return forms.ModelMultipleChoiceField(
            sections,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            label=_("Sections"),
            help_text=db_field.help_text
            if theirs is None
            else _("The role counts only in these; with none chosen, in yours."),
        )


@admin.register(User)
class PersonAdmin(CornerMixin, DeskAdmin, StockUserAdmin):
    """A chief editor gives roles and passwords, never the superuser's status or permissions.

    An account that holds more than the roles is for superusers alone: whoever may set its
    password may become it. For the same reason a chief editor of some sections looks after
    nobody who counts in others, and gives no more sections than their own.
    """

    form = PersonForm
    list_display = ("username", "full_name", "email", "roles", "sections", "is_active")
    list_filter = (RoleFilter, "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("At the desk"), {"fields": ("is_active", "is_staff", "groups")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "usable_password", "password1", "password2")}),)
    filter_horizontal = ("user_permissions",)
    inlines = (DeskProfileInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        found = super().get_queryset(request)
        return found.prefetch_related("groups", "desk_profile__sections")

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.inlines if obj is not None else ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        if request.user.is_superuser:
            power = (_("Beyond the roles"), {
                "fields": ("is_superuser", "user_permissions"), "classes": ("collapse",)
            })  # fmt: skip
            return (*self.fieldsets, power)
        if not self.has_change_permission(request, obj):
            # Not even the kind of another account's password is for looking at.
            return ((None, {"fields": ("username",)}), *self.fieldsets[1:])
        return self.fieldsets

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        if obj is None or request.user.is_superuser:
            return True
        return not (holds_more_than_roles(obj) or works_beyond(obj, sections_of(request.user)))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """With roles and sections saved, nobody counts in more sections than who saved it."""
        super().save_related(request, form, formsets, change)
        mine = sections_of(request.user)
        if mine is None:
            return
        profile, _created = DeskProfile.objects.get_or_create(user=form.instance)
        theirs = set(profile.sections.values_list("pk", flat=True))
        if not theirs or not theirs <= mine:
            profile.sections.set(theirs & mine or mine)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # An account that is no longer wanted is made inactive, so that history keeps its author.
        return request.user.is_superuser and super().has_delete_permission(request, obj)

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name == "groups":
            groups = Group.objects.order_by("pk")
            if not request.user.is_superuser:
                groups = groups.filter(name__in=ROLES)
            return RolesField(groups, required=False, label=_("Roles"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, person: Any) -> str:
        return person.get_full_name()

    @admin.display(description=_("sections"))
    def sections(self, person: Any) -> str:
        profile = getattr(person, "desk_profile", None)
        names = [str(section) for section in profile.sections.all()] if profile else []
        return ", ".join(names) or str(_("All"))

    @admin.display(description=_("roles"))
    def roles(self, person: Any) -> str:
        names = [str(ROLE_LABELS.get(group.name, group.name)) for group in person.groups.all()]
        if person.is_superuser:
            names.append(str(_("Superuser")))
        return ", ".join(names)


@admin.register(Group)
class RoleAdmin(DeskAdmin, StockGroupAdmin):
    """Groups and their permissions: superusers only, since a group is what a role may do."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The desk's rules name the three roles; without their groups nobody could work.
        return request.user.is_superuser and not (obj and obj.name in ROLES)
