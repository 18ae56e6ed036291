"""What a test does with a page of the admin as a person would: fill its form, read its messages."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

#: For signing in without a password: the sign-in itself has tests of its own.
BACKEND = "django.contrib.auth.backends.ModelBackend"


def let_in(page: Any, person: User) -> None:
    """Sign a person in to a browser's page on the live server, past the form and the desk behind
    it: those are pages like others, and dear ones."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    name = settings.SESSION_COOKIE_NAME
    session = {"name": name, "value": client.cookies[name].value}
    page.context.add_cookies([{**session, "domain": "localhost", "path": "/"}])


def values_of(response: Any, form_id: str) -> dict[str, Any]:
    """Return what a browser would send for the form with this id, without any button."""
    page = html.fromstring(response.text)
    form = page.get_element_by_id(form_id)
    data: dict[str, Any] = {}
    for name, value in form.form_values():
        data.setdefault(name, []).append(value)
    return data


def messages_of(response: Any) -> str:
    page = html.fromstring(response.text)
    return " ".join(
        item.text_content().strip() for item in page.xpath("//ul[@class='messagelist']/li")
    )
