"""The desk's verbs as buttons, addresses and bulk actions."""

import pytest
from django.test import Client
from django.urls import reverse

from articles.editorial.workflow import VERBS
from articles.models import Article
from tests.doors.admin.conftest import BACKEND, messages_of, values_of
from tests.factories import make_article, make_author, make_image, make_person

LIST = "admin:articles_article_changelist"
#: Verb -> a state that it leads on from, and the roles that may take the step with any article.
STEPS = {
    "submit": ("draft", ("editor", "chief editor", "admin")),
    "send_back": ("in_review", ("editor", "chief editor", "admin")),
    "approve": ("in_review", ("editor", "chief editor", "admin")),
    "publish": ("approved", ("editor", "chief editor", "admin")),
    "withdraw": ("published", ("editor", "chief editor", "admin")),
}


def address_of(article, verb):
    return reverse("admin:articles_article_verb", args=[article.pk, verb])


def bulk(client, verb, *articles):
    return client.post(
        reverse(LIST),
        {"action": verb, "_selected_action": [article.pk for article in articles]},
        follow=True,
    )


def test_every_verb_of_the_table_is_tried_here():
    assert set(STEPS) == set(VERBS)


@pytest.mark.parametrize("verb", STEPS)
@pytest.mark.parametrize("role", ["writer", "editor", "chief editor", "admin"])
def test_a_verbs_address_asks_the_table_of_roles(as_role, verb, role):
    state, allowed = STEPS[verb]
    article = make_article(status=state)
    response = as_role(role).post(address_of(article, verb), {"note": "Looks right."})
    article.refresh_from_db()
    if role in allowed:
        assert response.status_code == 302
        assert article.status == VERBS[verb].target
        assert article.transitions.get().note == "Looks right."
    else:
        assert response.status_code == 403
        assert article.status == state
        assert not article.transitions.exists()


@pytest.mark.parametrize("verb", STEPS)
def test_a_bulk_action_asks_the_table_of_roles_for_each_article(as_role, verb):
    state, _allowed = STEPS[verb]
    article = make_article(status=state)
    bulk(as_role("writer"), verb, article)
    article.refresh_from_db()
    assert article.status == state
    bulk(as_role("editor"), verb, article)
    article.refresh_from_db()
    assert article.status == VERBS[verb].target


def test_a_writer_submits_their_own_article_and_nobody_elses(sign_in):
    writer = make_person("writer")
    own = make_article(status="draft", author=make_author("Wren", user=writer))
    other = make_article("Other", status="draft", author=make_author("Mara"))
    client = sign_in(writer)
    bulk(client, "submit", own, other)
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.status, other.status) == ("in_review", "draft")


def test_a_verb_needs_a_post_with_its_token(db):
    article, person = make_article(status="approved"), make_person("editor")
    client = Client(enforce_csrf_checks=True)
    client.force_login(person, backend=BACKEND)
    assert client.get(address_of(article, "publish")).status_code == 405
    assert client.post(address_of(article, "publish")).status_code == 403
    article.refresh_from_db()
    assert article.status == "approved"


def test_a_verb_without_signing_in_leads_to_the_login(client, db):
    article = make_article(status="approved")
    assert client.post(address_of(article, "publish")).status_code == 302
    article.refresh_from_db()
    assert article.status == "approved"


def test_an_unknown_verb_or_article_is_not_found(as_role):
    client, article = as_role("editor"), make_article(status="draft")
    assert client.post(address_of(article, "explode")).status_code == 404
    assert (
        client.post(reverse("admin:articles_article_verb", args=[0, "submit"])).status_code == 404
    )


def test_after_a_verb_no_address_elsewhere_is_followed(as_role):
    client, article = as_role("editor"), make_article(status="draft")
    response = client.post(address_of(article, "submit"), {"next": "https://evil.example/admin/"})
    assert response.url == reverse("admin:articles_article_change", args=[article.pk])


@pytest.mark.parametrize("way", ["button", "address", "bulk"])
def test_the_gate_is_shut_on_every_way_and_names_the_fields(as_role, way):
    article = make_article(status="approved", picture=make_image(alt=""))
    article.bylines.all().delete()
    Article.objects.filter(pk=article.pk).update(section=None)
    client = as_role("editor")
    page = reverse("admin:articles_article_change", args=[article.pk])
    if way == "button":
        data = values_of(client.get(page), "article_form")
        response = client.post(page, {**data, "_verb": "publish"}, follow=True)
    elif way == "address":
        response = client.post(address_of(article, "publish"), follow=True)
    else:
        response = bulk(client, "publish", article)
    said = messages_of(response)
    for field in ("Section:", "Byline:", "Picture:"):
        assert field in said
    article.refresh_from_db()
    assert article.status == "approved"


def test_a_button_saves_what_is_on_the_screen_before_it_publishes(as_role):
    article = make_article(status="approved")
    client = as_role("editor")
    page = reverse("admin:articles_article_change", args=[article.pk])
    data = values_of(client.get(page), "article_form")
    client.post(page, {**data, "headline": "The last word", "_verb": "publish", "_note": "Go."})
    article.refresh_from_db()
    assert (article.status, article.headline) == ("published", "The last word")
    line = article.transitions.get()
    assert line.note == "Go."
    assert line.revision.snapshot["headline"] == "The last word"
    assert article.live_number == line.revision.number


def test_a_form_with_an_error_takes_no_step(as_role):
    article = make_article(status="approved")
    client = as_role("editor")
    page = reverse("admin:articles_article_change", args=[article.pk])
    data = values_of(client.get(page), "article_form")
    response = client.post(page, {**data, "tags": "x" * 101, "_verb": "publish"})
    assert response.status_code == 200
    article.refresh_from_db()
    assert article.status == "approved"


def test_a_writer_cannot_post_a_verb_that_their_form_does_not_offer(sign_in):
    writer = make_person("writer")
    article = make_article(status="draft", author=make_author("Wren", user=writer))
    client = sign_in(writer)
    page = reverse("admin:articles_article_change", args=[article.pk])
    data = values_of(client.get(page), "article_form")
    assert client.post(page, {**data, "_verb": "publish"}).status_code == 403
    article.refresh_from_db()
    assert article.status == "draft"


@pytest.mark.parametrize(
    ("state", "role", "offered"),
    [
        ("draft", "editor", {"submit", "approve", "publish"}),
        ("in_review", "editor", {"send_back", "approve", "publish"}),
        ("published", "editor", {"withdraw"}),
        ("withdrawn", "editor", {"publish"}),
        ("published", "writer", set()),
    ],
)
def test_the_form_offers_what_leads_on_from_here(as_role, state, role, offered):
    article = make_article(status=state)
    page = as_role(role).get(reverse("admin:articles_article_change", args=[article.pk]))
    assert {verb["name"] for verb in page.context["desk_verbs"]} == offered


def test_the_first_button_of_the_form_saves_so_that_the_key_enter_never_publishes(as_role):
    article = make_article(status="approved")
    page = as_role("editor").get(reverse("admin:articles_article_change", args=[article.pk])).text
    form = page[page.index('id="article_form"') :]
    assert form.index('name="_continue"') < form.index('name="_verb"')


@pytest.mark.parametrize("verb", ["send_back", "publish"])
def test_a_step_that_does_not_follow_is_a_message(as_role, verb):
    state = {"send_back": "draft", "publish": "published"}[verb]
    article = make_article(status=state)
    for response in (
        as_role("editor").post(address_of(article, verb), follow=True),
        bulk(as_role("chief editor"), verb, article),
    ):
        assert response.status_code == 200
        assert "does not follow" in messages_of(response)


def test_one_article_that_is_not_ready_does_not_hold_up_the_others(as_role):
    ready, bare = make_article("Ready", status="approved"), make_article("Bare", status="approved")
    bare.bylines.all().delete()
    said = messages_of(bulk(as_role("editor"), "publish", ready, bare))
    ready.refresh_from_db()
    bare.refresh_from_db()
    assert (ready.status, bare.status) == ("published", "approved")
    assert "“Bare”: Byline:" in said
    assert "done for one article" in said


def test_the_timeline_stands_beside_the_article(sign_in):
    person = make_person("editor")
    person.first_name, person.last_name = "Edda", "Marsh"
    person.save()
    article = make_article(status="in_review")
    client = sign_in(person)
    client.post(address_of(article, "send_back"), {"note": "Who said this?"})
    page = client.get(reverse("admin:articles_article_change", args=[article.pk])).text
    for words in ("Send back to the writer", "Edda Marsh", "Who said this?"):
        assert words in page
