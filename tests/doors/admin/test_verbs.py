"""The desk's verbs as buttons, addresses and bulk actions."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from articles.admin.steps import StepForm
from articles.editorial import schedule, transitions
from articles.editorial.revisions import record, working_data
from articles.editorial.workflow import VERBS
from articles.models import Article
from tests.factories import make_article, make_author, make_image, make_person
from tests.pages import BACKEND, messages_of, values_of

LIST = "admin:articles_article_changelist"
EVERY_DESK_ROLE = ("editor", "chief editor", "admin")
#: Verb -> a state that it leads on from, and where from there.
STEPS = {
    "submit": ("draft", "in_review"),
    "send_back": ("in_review", "draft"),
    "approve": ("in_review", "approved"),
    "schedule": ("approved", "scheduled"),
    "unschedule": ("scheduled", "approved"),
    "publish": ("approved", "published"),
    "correct": ("published", "published"),
    "withdraw": ("published", "withdrawn"),
}
NOTE = "Looks right."


def said_with(verb):
    """What a person fills in on the page that asks."""
    later = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    return {
        "schedule": {"at": later, "step": "publish"},
        "correct": {"kind": "update"},
    }.get(verb, {}) | {"note": NOTE}


def article_for(verb, **values):
    """An article with which the verb can be done."""
    state, _target = STEPS[verb]
    if state == "scheduled":
        article = make_article(status="approved", **values)
        schedule.schedule(article, at=timezone.now() + timedelta(days=1))
        return article
    article = make_article(status=state, **values)
    if verb == "correct":
        data = {**working_data(article), "standfirst": "What is new."}
        record(article, data)
    return article


def address_of(article, verb):
    return reverse("admin:articles_article_verb", args=[article.pk, verb])


def bulk(client, verb, *articles):
    """Choose articles in the list and the verb above it; fill in what the next page asks."""
    response = client.post(
        reverse(LIST),
        {"action": verb, "_selected_action": [article.pk for article in articles]},
        follow=True,
    )
    form = response.context.get("form") if response.context else None
    if isinstance(form, StepForm):
        response = client.post(
            response.request["PATH_INFO"],
            {**said_with(verb), "ids": response.context["ids"], "_asked": "1"},
            follow=True,
        )
    return response


def test_every_verb_of_the_table_is_tried_here():
    assert {name: (state, VERBS[name].moves[state]) for name, (state, _to) in STEPS.items()} == (
        STEPS
    )
    assert set(STEPS) == set(VERBS)


@pytest.mark.parametrize("verb", STEPS)
@pytest.mark.parametrize(
    "role", ["writer", "editor", pytest.param("chief editor", marks=pytest.mark.proof), "admin"]
)
def test_a_verbs_address_asks_the_table_of_roles(as_role, verb, role):
    article = article_for(verb)
    before = article.transitions.count()
    client = as_role(role)
    asking = client.get(address_of(article, verb))
    response = client.post(address_of(article, verb), said_with(verb))
    article.refresh_from_db()
    if role in EVERY_DESK_ROLE:
        assert (asking.status_code, response.status_code) == (200, 302)
        assert article.status == STEPS[verb][1]
        line = article.transitions.order_by("-number").first()
        assert (line.verb, line.note) == (verb, NOTE)
    else:
        assert (asking.status_code, response.status_code) == (403, 403)
        assert article.status == STEPS[verb][0]
        assert article.transitions.count() == before


@pytest.mark.parametrize("verb", STEPS)
def test_a_bulk_action_asks_the_table_of_roles_for_each_article(as_role, verb):
    article = article_for(verb)
    before = article.transitions.count()
    bulk(as_role("writer"), verb, article)
    assert article.transitions.count() == before
    bulk(as_role("editor"), verb, article)
    article.refresh_from_db()
    assert article.status == STEPS[verb][1]
    assert article.transitions.count() == before + 1


@pytest.mark.parametrize("verb", ["send_back", "schedule", "correct"])
def test_a_verb_that_must_be_told_something_asks_first(as_role, verb):
    article = article_for(verb)
    before = article.transitions.count()
    response = as_role("editor").post(address_of(article, verb), {"_asked": "1"})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert article.transitions.count() == before


def test_a_bulk_step_is_undone_from_its_message(as_role):
    client = as_role("editor")
    articles = [make_article(f"Story {n}", status="in_review") for n in range(3)]
    page = html.fromstring(bulk(client, "approve", *articles).text)
    form = page.xpath("//form[@class='undo']")[0]
    client.post(form.get("action"), dict(form.form_values()))
    for article in articles:
        article.refresh_from_db()
        assert article.status == "in_review"
        assert [line.verb for line in article.transitions.all()] == ["approve", "undo"]


def test_what_readers_saw_has_no_undo(as_role):
    article = make_article(status="approved")
    client = as_role("editor")
    page = bulk(client, "publish", article)
    assert 'class="undo"' not in page.text
    client.post(reverse("admin:articles_article_undo", args=[article.pk]))
    article.refresh_from_db()
    assert article.status == "published"


def test_a_writer_may_take_back_what_they_handed_in_and_nothing_else(sign_in):
    writer = make_person("writer")
    own = make_article(status="draft", author=make_author("Wren", user=writer))
    other = make_article("Other", status="draft", author=make_author("Mara"))
    transitions.submit(own, by=writer)
    transitions.submit(other, by=make_person("editor"))
    client = sign_in(writer)
    for article in (own, other):
        client.post(reverse("admin:articles_article_undo", args=[article.pk]))
        article.refresh_from_db()
    assert (own.status, other.status) == ("draft", "in_review")


def test_a_chief_editor_is_offered_to_override_with_a_reason_and_an_editor_is_not(as_role):
    article = make_article(status="approved")
    article.bylines.all().delete()
    asked = as_role("editor").post(address_of(article, "publish"), follow=True)
    assert "names no author" in messages_of(asked)
    assert 'name="override"' not in asked.text
    chief = as_role("chief editor")
    asked = chief.post(address_of(article, "publish"))
    assert 'name="override"' in asked.text
    chief.post(address_of(article, "publish"), {"override": "The agency forbids names."})
    article.refresh_from_db()
    assert article.status == "published"
    line = article.transitions.get()
    assert line.override_reason == "The agency forbids names."
    assert "names no author" in line.overridden[0]


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
    assert client.get(address_of(article, "publish")).status_code == 200
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
        ("draft", "editor", {"submit", "approve", "schedule", "publish"}),
        ("in_review", "editor", {"send_back", "approve", "schedule", "publish"}),
        ("published", "editor", {"schedule", "withdraw"}),
        ("withdrawn", "editor", {"publish"}),
        ("published", "writer", set()),
    ],
)
def test_the_form_offers_what_leads_on_from_here(as_role, state, role, offered):
    article = make_article(status=state)
    page = as_role(role).get(reverse("admin:articles_article_change", args=[article.pk]))
    following = page.context["desk_next"]
    buttons = [*page.context["desk_verbs"], *([following] if following else [])]
    assert sorted(verb["name"] for verb in buttons) == sorted(offered)


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
    assert "“Ready” is now: published" in said


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
