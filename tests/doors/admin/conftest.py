"""People of each role at the admin's door."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_person
from tests.pages import BACKEND

ROLES = ("writer", "editor", "chief editor", "admin")


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
