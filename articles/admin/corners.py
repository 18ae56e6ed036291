"""Everybody's own corner: what they are told and how, and where they work."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles.conf import INTERFACE_LANGUAGES
from articles.editorial import notices
from articles.editorial.roles import ROLE_LABELS, sections_of
from articles.models import DeskProfile, Section
from articles.models.translations import own_name


class OwnNoticesForm(forms.ModelForm):
    """Where a person's notices go; nothing here gives anybody a right."""

    wants_mail = forms.BooleanField(
        label=_("Notices by e-mail"),
        required=False,
        help_text=_("Off: they wait for you on the first page."),
    )

    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        help_text=_("Of the admin. Readers' pages speak the site's language."),
    )

    class Meta:
        fields = ("email",)
        labels = {"email": _("E-mail address")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["language"].choices = language_choices()

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip()


def language_choices() -> list[tuple[str, str]]:
    """The languages in which the admin can speak, each by its own name."""
    default = gettext("The site's: %(language)s") % {"language": own_name(settings.LANGUAGE_CODE)}
    return [("", default), *((code, own_name(code)) for code in INTERFACE_LANGUAGES)]


class CornerMixin(admin.ModelAdmin):
    """For the admin of accounts: two addresses that are open to everybody at the desk."""

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        return [
            path("me/", site.admin_view(self.own_page), name="desk_profile"),
            path("me/seen/", site.admin_view(self.seen_view), name="desk_seen"),
            *super().get_urls(),
        ]

    def own_page(self, request: HttpRequest) -> HttpResponse:
        """The signed-in person's own settings; there is no such page for anybody else."""
        person = request.user
        profile = DeskProfile.objects.filter(user=person).first()
        form_class = forms.modelform_factory(self.model, form=OwnNoticesForm)
        form = form_class(
            request.POST if request.method == "POST" else None,
            instance=self.model._default_manager.get(pk=person.pk),
            initial={
                "wants_mail": profile.wants_mail if profile else True,
                "language": profile.language if profile else "",
            },
        )
        if request.method == "POST" and form.is_valid():
            account = form.save(commit=False)
            account.save(update_fields=["email"])
            wishes = {name: form.cleaned_data[name] for name in ("wants_mail", "language")}
            DeskProfile.objects.update_or_create(user=person, defaults=wishes)
            # The next page is in the language that was just chosen, and so is what it says.
            with translation.override(wishes["language"] or settings.LANGUAGE_CODE):
                text = gettext("Saved.")
                if wishes["wants_mail"] and not account.email:
                    text = gettext(
                        "Saved. Without an e-mail address your notices wait on the first page."
                    )
            self.message_user(request, text, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:desk_profile"))
        theirs = sections_of(person)
        context = {
            **self.admin_site.each_context(request),
            "title": _("My notices, language and sections"),
            "form": form,
            "roles": _roles_of(person),
            "sections": Section.objects.filter(pk__in=theirs or ()).order_by("name"),
        }
        return TemplateResponse(request, "admin/notices.html", context)

    @method_decorator(require_POST)
    def seen_view(self, request: HttpRequest) -> HttpResponse:
        """Tick off one of one's own notices, or all that stood on the page."""
        one, last = request.POST.get("notice", ""), request.POST.get("up_to", "")
        if _is_key(one):
            notices.mark_seen(request.user, [int(one)])
        elif _is_key(last):
            notices.mark_seen(request.user, up_to=int(last))
        return HttpResponseRedirect(reverse("admin:index"))


def _roles_of(person: Any) -> list[Any]:
    names = person.groups.order_by("pk").values_list("name", flat=True)
    roles = [ROLE_LABELS.get(name, name) for name in names]
    return [*roles, _("Superuser")] if person.is_superuser else roles


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
