"""A chief editor looks after people, and finds no way to more power than the roles give."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from tests.doors.admin.conftest import values_of
from tests.factories import make_author, make_person


@pytest.fixture
def chief(db):
    return make_person("chief editor")


def change(client, person, **values):
    address = reverse("admin:auth_user_change", args=[person.pk])
    data = values_of(client.get(address), "user_form")
    return client.post(address, {**data, **values})


@pytest.mark.parametrize("role", ["writer", "editor"])
def test_writers_and_editors_do_not_see_accounts(as_role, role):
    client = as_role(role)
    for address in (reverse("admin:auth_user_changelist"), reverse("admin:auth_user_add")):
        assert client.get(address).status_code == 403


def test_a_chief_editor_gives_a_role(chief, sign_in):
    person, editor = make_person("writer"), Group.objects.get(name="editor")
    response = change(sign_in(chief), person, groups=[editor.pk], first_name="Wren")
    assert response.status_code == 302
    person.refresh_from_db()
    assert person.first_name == "Wren"
    assert list(person.groups.all()) == [editor]


def test_a_chief_editor_adds_an_account_and_sets_its_password(chief, sign_in):
    client = sign_in(chief)
    response = client.post(
        reverse("admin:auth_user_add"),
        {
            "username": "new-hand",
            "usable_password": "true",
            "password1": "tidal-basin-41",
            "password2": "tidal-basin-41",
            "is_superuser": "on",
            "is_staff": "on",
        },
    )
    person = User.objects.get(username="new-hand")
    assert response.status_code == 302
    assert not person.is_superuser
    response = client.post(
        reverse("admin:auth_user_password_change", args=[person.pk]),
        {"usable_password": "true", "password1": "other-basin-42", "password2": "other-basin-42",
         "set-password": "1"},
    )  # fmt: skip
    assert response.status_code == 302
    person.refresh_from_db()
    assert person.check_password("other-basin-42")


def test_a_chief_editor_makes_no_superuser(chief, sign_in):
    permission = Permission.objects.get(codename="delete_user")
    for person in (make_person("writer"), chief):
        change(sign_in(chief), person, is_superuser="on", user_permissions=[permission.pk])
        person.refresh_from_db()
        assert not person.is_superuser
        assert not person.user_permissions.exists()


def test_a_group_beyond_the_roles_is_no_valid_choice(chief, sign_in):
    powerful = Group.objects.create(name="operators")
    powerful.permissions.set(Permission.objects.all())
    person = make_person("writer")
    response = change(sign_in(chief), person, groups=[powerful.pk])
    assert response.status_code == 200
    assert "groups" in response.context["adminform"].form.errors
    assert not person.groups.filter(pk=powerful.pk).exists()


def make_superuser():
    return make_person("admin", username="root")


def make_operator():
    person = make_person("writer", username="operator")
    person.groups.add(Group.objects.create(name="operators"))
    return person


def make_person_with_a_permission():
    person = make_person("writer", username="special")
    person.user_permissions.add(Permission.objects.get(codename="delete_user"))
    return person


@pytest.mark.parametrize(
    "make_powerful", [make_superuser, make_operator, make_person_with_a_permission]
)
def test_an_account_that_holds_more_than_roles_is_out_of_reach(chief, sign_in, make_powerful):
    person, client = make_powerful(), sign_in(chief)
    before = person.password
    assert client.post(reverse("admin:auth_user_change", args=[person.pk]), {}).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[person.pk])
    assert client.get(password).status_code == 403
    response = client.post(
        password,
        {"usable_password": "true", "password1": "taken-over-9", "password2": "taken-over-9"},
    )
    assert response.status_code == 403
    person.refresh_from_db()
    assert person.password == before
    page = client.get(reverse("admin:auth_user_change", args=[person.pk])).text
    assert "algorithm" not in page


def test_a_chief_editor_deletes_no_account(chief, sign_in):
    person = make_person("writer")
    address = reverse("admin:auth_user_delete", args=[person.pk])
    assert sign_in(chief).post(address, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=person.pk).exists()


def test_the_list_cannot_be_searched_by_password(chief, sign_in):
    address = reverse("admin:auth_user_changelist")
    response = sign_in(chief).get(f"{address}?password__startswith=pbkdf2")
    assert response.status_code != 200


def test_a_superuser_may_still_do_all_of_it(as_role):
    person = make_person("writer")
    assert change(as_role("admin"), person, is_superuser="on").status_code == 302
    person.refresh_from_db()
    assert person.is_superuser


def test_only_who_looks_after_accounts_says_whose_byline_is_whose(as_role):
    writer, author = make_person("writer"), make_author()
    address = reverse("admin:articles_author_change", args=[author.pk])
    data = {"name": author.name, "slug": author.slug, "bio": "", "portrait": "", "user": writer.pk}
    as_role("editor").post(address, data)
    author.refresh_from_db()
    assert author.user is None
    as_role("chief editor").post(address, data)
    author.refresh_from_db()
    assert author.user == writer


def test_a_locked_out_name_gets_a_page_that_says_so(client, db):
    address = reverse("admin:login")
    for _attempt in range(5):
        response = client.post(address, {"username": "nobody", "password": "wrong"})
    assert response.status_code == 429
    assert "Too many attempts" in response.text


def test_somebody_signs_in_through_the_form(client, db):
    make_person("writer", username="wren")
    response = client.post(
        reverse("admin:login"),
        {"username": "wren", "password": "a-pass-phrase", "next": reverse("admin:index")},
    )
    assert response.status_code == 302
    assert client.get(reverse("admin:index")).status_code == 200
