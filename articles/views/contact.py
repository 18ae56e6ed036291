"""The form behind a promo: how readers write to the desk, without a cookie and without a script.

The page is the same for everybody but for one signed word: which form this is, and when it was
handed out. It stands for the session that readers do not have.
"""

import re
import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.conf import conf
from articles.editorial.messages import TooMany, is_written, receive
from articles.models import Promo
from articles.text.html import clean_line

#: Nobody reads the form and fills it in faster than this.
FASTEST = timedelta(seconds=3)
#: A page that was left open for longer hands out a new form, with what was typed in it.
LASTS = timedelta(days=1)
MOST_TEXT = 4000

_signer = TimestampSigner(salt="articles.contact")
#: Signs that turn the writing direction of everything behind them.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: Control characters but tab and line break.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class ContactForm(forms.Form):
    """What a reader says, and two fields that only programs meet."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )
    # No person sees it; a program that fills in whatever it finds fills it in.
    website = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    form = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, promo: Promo, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.promo = promo
        self.fields["form"].initial = _signer.sign(f"{promo.slug}:{uuid.uuid4()}")
        if promo.kind == Promo.Kind.QUOTE:
            self.fields["text"].label = _("What do you need?")

    def clean_name(self) -> str:
        return self._written(_TURNS.sub("", clean_line(self.cleaned_data["name"])))

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].replace("\r\n", "\n").replace("\r", "\n")
        return self._written(_CONTROL.sub("", text).strip())

    @staticmethod
    def _written(text: str) -> str:
        if not is_written(text):
            raise forms.ValidationError(_("Please write something here."))
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        if data.get("website"):
            raise forms.ValidationError(
                _("Something filled in a field that people do not see. Please send it once more.")
            )
        data["uid"] = self._uid(data.get("form", ""))
        return data

    def _uid(self, token: str) -> uuid.UUID:
        """Return which form this is. Raises ValidationError for one that is not fresh or ours."""
        try:
            slug, _colon, uid = _signer.unsign(token, max_age=LASTS).partition(":")
        except SignatureExpired:
            raise forms.ValidationError(
                _("This page was open for a long time. Please send it once more.")
            ) from None
        except BadSignature:
            slug = uid = ""
        if slug != self.promo.slug:
            raise forms.ValidationError(_("The form did not arrive whole. Please send it again."))
        try:
            _signer.unsign(token, max_age=FASTEST)
        except SignatureExpired:
            return uuid.UUID(uid)
        raise forms.ValidationError(
            _("That was faster than anybody types. Please look it over and send it once more.")
        )

    def again(self) -> "ContactForm":
        """Return a fresh form with what was typed, and the errors of this one."""
        typed = {name: self.data.get(name, "") for name in self.fields}
        self.data = typed | {"form": self.fields["form"].initial, "website": ""}
        return self


# No session is behind this form, so there is none that another site could use: what it can send
# in a reader's name is a message, and for that it needs a fresh form of ours.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of a promo. 422: it comes back with what is wrong; 429: too many messages."""
    promo = _promo(slug)
    if request.method != "POST":
        return _page(request, promo, ContactForm(promo))
    form = ContactForm(promo, request.POST)
    if not form.is_valid():
        return _page(request, promo, form.again(), status=422)
    said = {name: form.cleaned_data[name] for name in ("name", "email", "text", "uid")}
    try:
        receive(promo, sender=sender_of(request), **said)
    except TooMany:
        text = _("Too many messages came in just now. Please send yours again in an hour.")
        form.add_error(None, text)
        response = _page(request, promo, form.again(), status=429)
        response["Retry-After"] = "3600"
        return response
    # Reloading the next page sends nothing again.
    response = HttpResponseRedirect(reverse("articles:contact_sent", args=[promo.slug]))
    response.status_code = 303
    return response


@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next; it says nothing of anybody's message."""
    return render(request, "contact_sent.html", _context(_promo(slug)))


def _promo(slug: str) -> Promo:
    """The promo of a form; one with a button that leads elsewhere has no form."""
    with_form = Promo.objects.standing().filter(kind__in=Promo.WITH_FORM, url="")
    return get_object_or_404(with_form, slug=slug)


def _context(promo: Promo) -> dict[str, Any]:
    return {"promo": promo, "days": conf("MESSAGE_DAYS")}


def _page(request: HttpRequest, promo: Promo, form: ContactForm, status: int = 200) -> HttpResponse:
    context = {**_context(promo), "form": form}
    response = render(request, "contact.html", context, status=status)
    # Two readers with one form would be one message.
    response["Cache-Control"] = "no-store"
    return response


def sender_of(request: HttpRequest) -> str:
    """Return the address that a request came from, as far as the servers of the site know it."""
    if settings.BEHIND_PROXY:
        # The last one is what the server in front saw; all before it is what it was told.
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return request.META.get("REMOTE_ADDR", "")
