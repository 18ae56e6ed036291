"""The first accounts, and what roles may do."""

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError

from articles.editorial.accounts import make_first_accounts
from articles.editorial.roles import ROLES, ensure_roles

pytestmark = pytest.mark.django_db


def test_each_role_gets_an_account_with_a_random_password_once():
    made = make_first_accounts({})
    assert {account.role for account in made} == {*ROLES, "administrator"}
    assert len({account.password for account in made}) == 4
    for account in made:
        assert User.objects.get(username=account.username).check_password(account.password)
    assert make_first_accounts({}) == []
    assert User.objects.count() == 4


def test_a_password_can_be_chosen_and_is_then_not_shown():
    made = make_first_accounts({"EDITOR_PASSWORD": "granite-otter-lantern"})
    editor = next(account for account in made if account.username == "editor")
    assert editor.password == ""
    assert User.objects.get(username="editor").check_password("granite-otter-lantern")


def test_a_weak_choice_is_refused_before_anything_is_made():
    with pytest.raises(ValidationError, match="CHIEF_PASSWORD"):
        make_first_accounts({"CHIEF_PASSWORD": "12345"})
    assert not User.objects.exists()


def test_roles_are_made_with_exactly_their_permissions():
    group = Group.objects.get(name="writer")
    group.permissions.clear()
    Group.objects.get(name="editor").delete()
    ensure_roles()
    codenames = set(group.permissions.values_list("codename", flat=True))
    assert codenames == ROLES["writer"]
    assert "publish_article" not in codenames
    assert ROLES["writer"] < ROLES["editor"] < ROLES["chief editor"]
    chief = Group.objects.get(name="chief editor")
    assert chief.permissions.filter(codename="change_user").exists()
