"""Redirects at the admin's door: checked, without chains, and kept where readers need them."""

import pytest
from django.urls import reverse

from articles.editorial import transitions
from articles.editorial.addresses import where_now
from articles.models import Redirect
from tests.factories import Status, make_article

LIST = "admin:articles_redirect_changelist"


@pytest.fixture
def editor(as_role):
    return as_role("editor")


def page_of(name, *args):
    return reverse(f"admin:articles_redirect_{name}", args=args)


def add(client, old, new):
    return client.post(page_of("add"), {"old_path": old, "new_path": new})


def make_live(headline="Pilots vote"):
    article = make_article(headline, status=Status.APPROVED)
    transitions.publish(article)
    return article


def test_a_redirect_is_refused_where_a_page_lives(editor):
    article = make_live()
    for path in (article.get_absolute_url(), "/", "/latest/", "/section/world/", "/admin/"):
        response = add(editor, path, "/archive/")
        assert "A page answers at this address" in response.text
    assert not Redirect.objects.exists()


def test_redirects_typed_one_after_another_are_no_chain(editor, client):
    add(editor, "/a/", "/b/")
    add(editor, "/b/", "/latest/")
    add(editor, "/c/", "/a/?page=2")
    assert set(Redirect.objects.values_list("new_path", flat=True)) == {"/latest/"}
    assert client.get("/a/")["Location"] == "/latest/"


def test_a_redirect_to_an_old_address_of_an_article_leads_to_todays_and_follows_it(editor):
    article, other = make_live(), make_live("Another")
    add(editor, "/vote/", article.get_absolute_url())
    transitions.withdraw(article, redirect_to=other.get_absolute_url())
    assert where_now("/vote/") == other.get_absolute_url()
    transitions.publish(article)
    assert where_now("/vote/") == article.get_absolute_url()


def test_where_a_withdrawn_article_leads_can_be_changed_but_not_which_address_it_was(editor):
    article = make_live()
    old = article.get_absolute_url()
    transitions.withdraw(article)
    redirect = Redirect.objects.get()
    values = {"old_path": "/another/", "new_path": "/latest/"}
    editor.post(page_of("change", redirect.pk), values)
    assert dict(Redirect.objects.values_list("old_path", "new_path")) == {old: "/latest/"}


def test_what_the_desks_verbs_left_is_not_deleted_and_what_was_typed_is(as_role):
    chief = as_role("chief editor")
    transitions.withdraw(make_live())
    left = Redirect.objects.get()
    add(chief, "/typed/", "/latest/")
    typed = Redirect.objects.get(old_path="/typed/")
    assert chief.post(page_of("delete", left.pk), {"post": "yes"}).status_code == 403
    chosen = [left.pk, typed.pk]
    action = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    assert chief.post(reverse(LIST), action).status_code == 403
    assert Redirect.objects.count() == 2
    chief.post(page_of("delete", typed.pk), {"post": "yes"})
    assert list(Redirect.objects.all()) == [left]


@pytest.mark.parametrize("target", ["//evil.example/", "/\\evil.example", "/\t/evil.example", "x"])
def test_an_unsafe_target_is_refused_at_its_field(editor, target):
    response = add(editor, "/old/", target)
    assert "new_path" in response.context["adminform"].form.errors
    assert not Redirect.objects.exists()
