"""What a test does with a page of the admin as a person would: fill its form, read its messages."""

from typing import Any

from lxml import html

#: For signing in without a password: the sign-in itself has tests of its own.
BACKEND = "django.contrib.auth.backends.ModelBackend"


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
