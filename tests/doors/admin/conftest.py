"""People of each role at the admin's door."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from lxml import html

from tests.factories import make_person

ROLES = ("writer", "editor", "chief editor", "admin")
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def sign_in(db: None) -> Callable[[Any], Client]:
    """Return a function: an account -> its browser. Signing in itself has tests of its own."""

    def sign_in(person: Any) -> Client:
        client = Client()
        client.force_login(person, backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def as_role(sign_in: Callable[[Any], Client]) -> Callable[[str], Client]:
    """Return a function: the name of a role -> the browser of somebody new in that role."""
    return lambda role: sign_in(make_person(role, username=f"some-{role.replace(' ', '-')}"))


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
