"""A chief editor looks after people, and finds no way to more power than the roles give."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse
from django.utils import timezone

from articles.editorial import planning, schedule
from articles.editorial.revisions import record, working_data
from articles.editorial.workflow import VERBS
from articles.models import Article, DeskProfile
from tests.factories import Status, make_article, make_author, make_person, make_section
from tests.pages import values_of


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


# --- sections ------------------------------------------------------------------------------------


def in_sections(person, *names):
    profile = DeskProfile.objects.get_or_create(user=person)[0]
    profile.sections.set([make_section(name) for name in names])
    return person


def sections_of(person):
    profile = DeskProfile.objects.filter(user=person).first()
    return {section.name for section in profile.sections.all()} if profile else set()


def give(client, person, *names, **values):
    keys = [make_section(name).pk for name in names]
    return change(client, person, **{"desk_profile-0-sections": keys, **values})


def test_a_chief_editor_says_in_which_sections_a_person_works(chief, sign_in):
    person = make_person("editor")
    make_section("Science")
    assert give(sign_in(chief), person, "World", "Politics").status_code == 302
    assert sections_of(person) == {"World", "Politics"}
    assert give(sign_in(chief), person).status_code == 302
    assert sections_of(person) == set()
    listed = sign_in(chief).get(reverse("admin:auth_user_changelist"))
    assert listed.status_code == 200


def test_a_chief_editor_turns_a_persons_mail_off(chief, sign_in):
    person = in_sections(make_person("editor"), "World")
    address = reverse("admin:auth_user_change", args=[person.pk])
    data = values_of(sign_in(chief).get(address), "user_form")
    del data["desk_profile-0-wants_mail"]
    assert sign_in(chief).post(address, data).status_code == 302
    assert not DeskProfile.objects.get(user=person).wants_mail


def test_a_chief_of_some_sections_gives_no_others(chief, sign_in):
    in_sections(chief, "World", "Science")
    person = in_sections(make_person("editor"), "World")
    client = sign_in(chief)
    answer = give(client, person, "World", "Politics")
    assert answer.status_code == 200
    assert sections_of(person) == {"World"}
    assert give(client, person, "Science").status_code == 302
    assert sections_of(person) == {"Science"}
    page = client.get(reverse("admin:auth_user_change", args=[person.pk])).text
    assert "Politics" not in page


def test_with_none_chosen_a_chief_of_some_sections_gives_those(chief, sign_in):
    in_sections(chief, "World", "Science")
    person = in_sections(make_person("editor"), "World")
    assert give(sign_in(chief), person).status_code == 302
    assert sections_of(person) == {"World", "Science"}


def test_a_chief_of_some_sections_does_not_widen_themselves(chief, sign_in):
    in_sections(chief, "World")
    make_section("Politics")
    give(sign_in(chief), chief, "World", "Politics")
    assert sections_of(chief) == {"World"}
    give(sign_in(chief), chief)
    assert sections_of(chief) == {"World"}


def test_who_gets_a_role_from_a_chief_of_some_sections_counts_in_those_alone(chief, sign_in):
    in_sections(chief, "World")
    editors = Group.objects.get(name="editor")
    writer = make_person("writer")
    assert change(sign_in(chief), writer, groups=[editors.pk]).status_code == 302
    assert sections_of(writer) == {"World"}
    sign_in(chief).post(
        reverse("admin:auth_user_add"),
        {
            "username": "new-hand",
            "usable_password": "true",
            "password1": "tidal-basin-41",
            "password2": "tidal-basin-41",
        },
    )
    assert sections_of(User.objects.get(username="new-hand")) == {"World"}


@pytest.mark.parametrize("beyond", [(), ("Politics",), ("World", "Politics")])
@pytest.mark.parametrize("role", ["editor", "chief editor"])
def test_who_counts_in_other_sections_is_out_of_reach(chief, sign_in, role, beyond):
    in_sections(chief, "World")
    person = make_person(role, username="other")
    if beyond:
        in_sections(person, *beyond)
    client = sign_in(chief)
    assert client.get(reverse("admin:auth_user_change", args=[person.pk])).status_code == 200
    assert client.post(reverse("admin:auth_user_change", args=[person.pk]), {}).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[person.pk])
    assert client.get(password).status_code == 403


def test_a_superuser_gives_any_section(as_role):
    person = in_sections(make_person("chief editor"), "World")
    give(as_role("admin"), person, "World", "Politics")
    assert sections_of(person) == {"World", "Politics"}


# --- role x section at every door ----------------------------------------------------------------


@pytest.fixture
def wanda(db):
    """An editor of World."""
    return in_sections(make_person("editor", username="wanda"), "World")


def politics(status=Status.IN_REVIEW, **values):
    article = make_article(status=status, section=make_section("Politics"), **values)
    record(article)
    return article


SAID = {
    "send_back": {"note": "No."},
    "schedule": {"at": "2099-01-01T10:00", "step": "publish"},
    "correct": {"kind": "typo"},
}


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "submit"])
def test_an_editor_of_one_section_takes_no_step_in_another(wanda, sign_in, verb):
    status = sorted(VERBS[verb].sources)[0]
    article, client = politics(status), sign_in(wanda)
    before = Article.objects.filter(pk=article.pk).values().get()
    data = {**SAID.get(verb, {}), "_asked": "1", "ids": str(article.pk)}
    address = reverse("admin:articles_article_verb", args=[article.pk, verb])
    assert client.get(address).status_code == 403
    assert client.post(address, data).status_code == 403
    button = {"_verb": verb, "_note": "No."}
    form = reverse("admin:articles_article_change", args=[article.pk])
    assert client.post(form, button).status_code == 403
    client.post(
        reverse("admin:articles_article_changelist"),
        {"action": verb, "_selected_action": [article.pk]},
    )
    client.post(reverse("admin:articles_article_bulk_verb", args=[verb]), data)
    assert Article.objects.filter(pk=article.pk).values().get() == before
    assert not article.transitions.exists()
    assert not article.scheduled_steps.exists()


def test_nor_do_they_undo_plan_or_move_there(wanda, sign_in):
    article, client = politics(Status.DRAFT), sign_in(wanda)
    planning.plan(article, due_on=timezone.localdate() + timedelta(days=1))
    schedule.schedule(article, at=timezone.now() + timedelta(days=1))
    step = article.scheduled_steps.get()
    lines = article.transitions.count()
    for key, to in ((step.pk, "2099-01-01T10:00"), ("due", "2099-01-01")):
        data = {"article": article.pk, "step": key, "to": to}
        assert client.post(reverse("admin:articles_article_move"), data).status_code == 403
    client.post(reverse("admin:articles_article_undo", args=[article.pk]))
    client.post(reverse("admin:articles_article_bulk_undo"), {"ids": str(article.pk)})
    form = reverse("admin:articles_article_change", args=[article.pk])
    assert client.post(form, {"due_on": "2099-01-01"}).status_code == 403
    assert article.transitions.count() == lines


def test_in_their_own_section_they_do(wanda, sign_in):
    article = make_article(status=Status.IN_REVIEW)
    record(article)
    address = reverse("admin:articles_article_verb", args=[article.pk, "approve"])
    assert sign_in(wanda).post(address, {"_asked": "1"}).status_code == 302
    article.refresh_from_db()
    assert article.status == Status.APPROVED


def test_elsewhere_an_editor_writes_like_a_writer(wanda, sign_in):
    own = politics(Status.DRAFT, author=make_author("Wanda", user=wanda))
    client = sign_in(wanda)
    form = reverse("admin:articles_article_change", args=[own.pk])
    assert client.get(form).context["has_change_permission"]
    submit = reverse("admin:articles_article_verb", args=[own.pk, "submit"])
    assert client.post(submit, {"_asked": "1"}).status_code == 302
    approve = reverse("admin:articles_article_verb", args=[own.pk, "approve"])
    assert client.post(approve, {"_asked": "1"}).status_code == 403
    own.refresh_from_db()
    assert own.status == Status.IN_REVIEW


def test_a_story_without_a_section_is_everybodys(wanda, sign_in):
    article = make_article(status=Status.IN_REVIEW)
    Article.objects.filter(pk=article.pk).update(section=None)
    article.refresh_from_db()
    record(article)
    address = reverse("admin:articles_article_verb", args=[article.pk, "approve"])
    assert sign_in(wanda).post(address, {"_asked": "1"}).status_code == 302
    article.refresh_from_db()
    assert article.status == Status.APPROVED


def test_a_story_cannot_be_published_into_another_section(wanda, sign_in):
    article = make_article(status=Status.PUBLISHED)
    record(article, {**working_data(article), "section": make_section("Politics").slug})
    address = reverse("admin:articles_article_verb", args=[article.pk, "correct"])
    answer = sign_in(wanda).post(address, {"kind": "typo", "_asked": "1"})
    assert answer.status_code in {200, 302, 403}
    article.refresh_from_db()
    assert article.section.name == "World"


def test_the_list_offers_what_an_editor_may_do_and_does_it_only_where_they_may(wanda, sign_in):
    theirs, others = make_article("Ours", status=Status.IN_REVIEW), politics()
    record(theirs)
    sign_in(wanda).post(
        reverse("admin:articles_article_changelist"),
        {"action": "approve", "_selected_action": [theirs.pk, others.pk]},
    )
    found = dict(Article.objects.values_list("pk", "status"))
    assert found == {theirs.pk: Status.APPROVED, others.pk: Status.IN_REVIEW}
