"""The first accounts of a new site: one for each role."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

#: User name -> (group, is it the site's administrator?, variable that chooses the password).
FIRST_ACCOUNTS = {
    "writer": ("writer", False, "WRITER_PASSWORD"),
    "editor": ("editor", False, "EDITOR_PASSWORD"),
    "chief": ("chief editor", False, "CHIEF_PASSWORD"),
    "admin": (None, True, "ADMIN_PASSWORD"),
}


@dataclass(frozen=True)
class NewAccount:
    """An account just made; `password` is "" where a variable chose it."""

    username: str
    role: str
    password: str


@transaction.atomic
def make_first_accounts(environ: Mapping[str, str]) -> list[NewAccount]:
    """Make an account for each role on a site that has none, and return what to show once.

    Passwords come from the variables named in `FIRST_ACCOUNTS`, or are random. Raises
    ValidationError for a chosen password that is too weak; then no account is made.
    """
    users = get_user_model()
    if users.objects.exists():
        return []
    made = []
    for username, (group, is_admin, variable) in FIRST_ACCOUNTS.items():
        chosen = environ.get(variable, "")
        password = chosen or secrets.token_urlsafe(12)
        user = users(username=username, is_staff=True, is_superuser=is_admin)
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise ValidationError(f"{variable}: {' '.join(error.messages)}") from None
        user.set_password(password)
        user.save()
        if group:
            user.groups.add(Group.objects.get(name=group))
        made.append(NewAccount(username, group or "administrator", "" if chosen else password))
    return made
