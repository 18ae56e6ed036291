"""Saving while writing: what an autosave takes in and gives back, and what it never does."""

import json
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.editorial.revisions import record, working_copy, working_data
from articles.editorial.snapshots import snapshot
from articles.models import Article, Presence, Transition
from tests.doors.admin.test_article_form import ADD, address_of, row
from tests.factories import make_article, make_author, make_image, make_person, make_section
from tests.pages import values_of

BODY = "<p>The vote closes on Friday.</p><p>Nobody is late.</p>"


class Screen:
    """What a browser with JavaScript does on the page of an article."""

    def __init__(self, browser, article):
        self.browser = browser
        page = browser.get(address_of(article) if article else reverse(ADD))
        self.form = values_of(page, "article_form")
        self.clock = self.form["_base"][0]
        self.address = (
            reverse("admin:articles_article_sync", args=[article.pk])
            if article
            else reverse("admin:articles_article_begin")
        )

    def type(self, **values):
        self.form = {**self.form, **values}
        return self

    def send(self, **more):
        return self.browser.post(self.address, {**self.form, **more})

    def sync(self, **more):
        response = self.send(**more)
        assert response.status_code == 200, response.content
        answer = response.json()
        self.form["_base"] = answer["clock"]
        return answer


@pytest.fixture
def article(db):
    return make_article(status="draft", body=BODY)


@pytest.fixture
def ann(sign_in):
    return sign_in(make_person("editor", "ann"))


@pytest.fixture
def ben(sign_in):
    return sign_in(make_person("editor", "Ben"))


def test_an_autosave_keeps_the_words_and_says_so(ann, article):
    answer = Screen(ann, article).type(headline="Pilots strike", tags="Ports, Rivers").sync()
    copy = working_copy(article)
    assert copy.headline == "Pilots strike"
    assert [tag["name"] for tag in copy.tag_rows] == ["Ports", "Rivers"]
    assert (answer["foreign"], answer["errors"], answer["conflicts"]) == ({}, {}, [])
    assert article.revisions.first().is_autosave
    assert "gate" in answer


def test_autosaves_of_one_sitting_are_one_revision(ann, article):
    screen = Screen(ann, article)
    for words in ("P", "Pilots", "Pilots strike"):
        screen.type(headline=words).sync()
    made = list(article.revisions.filter(is_autosave=True))
    assert [revision.snapshot["headline"] for revision in made] == ["Pilots strike"]


def test_an_autosave_changes_nothing_that_readers_see(ann, client):
    article = make_article(tags=("Ports",))
    before, live = client.get(article.get_absolute_url()).content, snapshot(article)
    screen = Screen(ann, article)
    screen.type(headline="Not yet", body="<p>Not yet.</p>", slug="not-yet", tags="Not yet").sync(
        status="withdrawn", _verb="withdraw", due_on="2030-01-01", embargo_until="2031-01-01T10:00"
    )
    article = Article.objects.get(pk=article.pk)
    assert snapshot(article) == live
    assert (article.status, article.due_on, article.embargo_until) == ("published", None, None)
    assert client.get(article.get_absolute_url()).content == before
    assert not Transition.objects.filter(article=article).exists()
    assert working_copy(article).headline == "Not yet"


def test_what_others_wrote_comes_with_the_answer(ann, ben, article):
    anns, bens = Screen(ann, article), Screen(ben, article)
    bens.type(body=BODY.replace("late", "early"), standfirst="Ben's standfirst.").sync()
    answer = anns.type(body=BODY.replace("Friday", "Monday")).sync()
    both = "<p>The vote closes on Monday.</p><p>Nobody is early.</p>"
    assert answer["foreign"]["body"]["shown"] == both
    assert answer["foreign"]["standfirst"]["value"] == "Ben's standfirst."
    assert working_copy(article).body == both


def test_an_answer_that_was_lost_costs_nothing(ann, ben, article):
    anns, bens = Screen(ann, article), Screen(ben, article)
    bens.type(standfirst="Ben's standfirst.").sync()
    for body in ("<p>One.</p>", "<p>One. Two.</p>"):
        # The screen never hears of what came of it.
        anns.type(body=BODY + body).send()
    answer = anns.sync()
    assert working_copy(article).body == f"{BODY}<p>One. Two.</p>"
    assert answer["foreign"]["standfirst"]["shown"] == "Ben's standfirst."


def test_the_same_words_changed_by_two_are_put_to_them_and_settled(ann, ben, article):
    anns, bens = Screen(ann, article), Screen(ben, article)
    bens.type(body=BODY.replace("Friday", "Sunday")).sync()
    conflict = anns.type(body=BODY.replace("Friday", "Monday")).sync()["conflicts"][0]
    assert (conflict["field"], conflict["label"]) == ("body", "body")
    assert {one["name"]: one["mine"] for one in conflict["versions"]} == {"ann": True, "Ben": False}
    address = reverse("admin:articles_article_conflict", args=[article.pk, conflict["number"]])
    data = {"_client": anns.form["_client"], "_base": anns.form["_base"]}
    assert ann.post(address, {**data, "value": "not json"}).status_code == 422
    settled = ann.post(address, {**data, "value": json.dumps("Monday")})
    assert settled.json()["conflicts"] == []
    assert "Sunday" not in working_copy(article).body
    assert ann.post(address, {**data, "value": json.dumps("Monday")}).status_code == 404


def test_rows_that_others_changed_come_as_the_form_shows_them(ann, ben, article):
    picture, section = make_image(title="Fog"), make_section("Ports")
    anns, bens = Screen(ann, article), Screen(ben, article)
    link = row("related_links", 0, target="", title="Read this", url="", author="", date="",
               views="", order="")  # fmt: skip
    bens.type(**{"related_links-TOTAL_FORMS": "1"}, **link)
    bens.type(**{"bylines-0-DELETE": "on"}, picture=picture.pk, section=section.pk).sync()
    foreign = anns.type(headline="Mine").sync()["foreign"]
    assert 'value="Read this"' in foreign["related"]["html"]
    assert 'id="bylines-group"' in foreign["byline"]["html"]
    assert foreign["section"]["shown"] == {"pk": section.pk, "label": "Ports"}
    assert foreign["picture"]["shown"]["pk"] == picture.pk
    assert working_copy(article).headline == "Mine"


def test_what_does_not_validate_is_left_out_and_named(ann):
    moment = timezone.now() - timedelta(hours=2)
    make_article("Other", slug="taken", published_at=moment)
    article = make_article(slug="first", published_at=moment)
    screen = Screen(ann, article).type(slug="taken", headline="Still kept")
    answer = screen.type(**{"bylines-0-author": "999999"}).sync()
    assert set(answer["errors"]) == {"slug", "byline"}
    copy = working_copy(article)
    assert (copy.headline, copy.slug) == ("Still kept", "first")
    assert [line["name"] for line in copy.byline_rows] == ["Mara Lind"]


def test_saving_a_page_that_was_only_looked_at_changes_nothing(ann):
    article = make_article(tags=("Ports",), author=make_author("Wren"))
    screen = Screen(ann, article)
    before = working_copy(article)
    answer = screen.sync()
    assert answer["foreign"] == {}
    assert not article.revisions.filter(is_autosave=True).exists()
    assert working_copy(article).published_at == before.published_at


def test_looking_saves_nothing_and_says_who_is_there(ann, ben, article):
    anns, bens, second = Screen(ann, article), Screen(ben, article), Screen(ann, article)
    bens.sync(_idle="1", _field="body")
    second.sync(_idle="1", _field="headline")
    present = anns.sync(_idle="1")["present"]
    assert [(one["name"], one["field"], one["you"]) for one in present] == [
        ("Ben", "body", False), ("ann", "headline", True),
    ]  # fmt: skip
    assert not article.revisions.filter(is_autosave=True).exists()
    bens.sync(_idle="1", _gone="1")
    Presence.objects.filter(client=second.form["_client"][0]).update(
        seen_at=timezone.now() - timedelta(seconds=46)
    )
    assert anns.sync(_idle="1")["present"] == []


def test_a_screen_whose_session_ended_hears_so_and_is_not_led_away(article, ann):
    screen = Screen(ann, article)
    ann.logout()
    for method in (ann.get, ann.post):
        response = method(screen.address, {})
        assert (response.status_code, response.json()["reason"]) == (401, "signed-out")


def test_a_token_of_an_earlier_session_is_renewed(article):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_person("editor"), backend="django.contrib.auth.backends.ModelBackend")
    screen = Screen(browser, article)
    del screen.form["csrfmiddlewaretoken"]
    refused = screen.send()
    assert (refused.status_code, refused.json()["reason"]) == (403, "token")
    response = browser.post(
        screen.address, screen.form, headers={"X-CSRFToken": refused.json()["csrf"]}
    )
    assert response.status_code == 200


def test_words_are_never_saved_in_somebody_elses_name(ann, article):
    response = Screen(ann, article).type(headline="Mine").send(_user="0")
    assert (response.status_code, response.json()["reason"]) == (409, "other-user")
    assert working_copy(article).headline == article.headline


def test_who_may_no_longer_write_is_told(sign_in, article):
    person = make_person("editor")
    screen = Screen(sign_in(person), article)
    person.groups.set([Group.objects.get(name="writer")])
    response = screen.type(headline="Too late").send()
    assert (response.status_code, response.json()["reason"]) == (403, "permission")
    assert working_copy(article).headline == article.headline


def test_an_article_that_was_deleted_is_gone(ann, article):
    screen = Screen(ann, article)
    article.delete()
    assert screen.send().status_code == 404


def test_an_embargoed_draft_of_others_is_not_there_for_a_writer(as_role):
    article = make_article(status="draft", embargo_until=timezone.now() + timedelta(days=1))
    address = reverse("admin:articles_article_sync", args=[article.pk])
    assert as_role("writer").get(address).status_code == 404


@pytest.mark.parametrize(
    "change",
    [{"_client": ""}, {"_client": "x" * 99}, {"_base": "-1"}, {"_base": "9" * 12},
     {"bylines-TOTAL_FORMS": "many"}],
)  # fmt: skip
def test_what_no_screen_sends_is_refused(ann, article, change):
    assert Screen(ann, article).send(**change).status_code == 422


def test_a_form_without_its_fields_empties_nothing(ann, article):
    form = Screen(ann, article).form
    address = reverse("admin:articles_article_sync", args=[article.pk])
    bare = {name: form[name] for name in ("_client", "_base")}
    assert ann.post(address, bare).status_code == 422
    assert working_copy(article).body == BODY


def test_what_is_too_long_is_refused_unread(ann, article):
    assert Screen(ann, article).send(body="x" * (2 * 2**20 + 1)).status_code == 413


def test_a_new_article_begins_with_its_first_words(ann):
    screen = Screen(ann, None)
    assert screen.send(body="<p> </p>").status_code == 422
    assert not Article.objects.exists()
    answer = screen.type(headline="Tides").sync()
    article = Article.objects.get()
    assert answer["address"] == address_of(article)
    assert (article.status, working_copy(article).headline) == ("draft", "Tides")


def test_beginning_twice_is_beginning_once(ann):
    screen = Screen(ann, None)
    screen.type(headline="Tides").send()
    screen.type(headline="Tides turn").send()
    # And so is pressing "Save" before the answer was there.
    ann.post(reverse(ADD), {**screen.form, "standfirst": "In brief.", "_continue": "1"})
    article = Article.objects.get()
    copy = working_copy(article)
    assert (copy.headline, copy.standfirst) == ("Tides turn", "In brief.")


def test_an_article_that_a_writer_began_names_them(sign_in):
    writer = make_person("writer")
    make_author("Wren Adeyemi", user=writer)
    answer = Screen(sign_in(writer), None).type(headline="Tides").sync()
    assert "Wren Adeyemi" in answer["foreign"]["byline"]["html"]
    assert working_copy(Article.objects.get()).byline_rows[0]["name"] == "Wren Adeyemi"


def test_nobody_begins_in_anothers_article(as_role, article):
    screen = Screen(as_role("writer"), None)
    assert screen.type(headline="Mine now").send(_uid=str(article.uid)).status_code == 422
    assert working_copy(article).headline == article.headline


def test_a_page_sent_back_with_errors_stays_the_screen_that_it_was(ann, article):
    form = Screen(ann, article).form
    back = ann.post(address_of(article), {**form, "tags": "x" * 200, "_continue": "1"})
    again = values_of(back, "article_form")
    assert (again["_client"], again["_base"]) == (form["_client"], form["_base"])


def test_a_save_after_autosaves_writes_no_word_twice(ann, article):
    screen = Screen(ann, article).type(body=f"{BODY}<p>More.</p>")
    screen.send()
    ann.post(address_of(article), {**screen.form, "_continue": "1"})
    assert working_copy(article).body == f"{BODY}<p>More.</p>"


def test_a_step_waits_while_a_conflict_is_open(ann, ben):
    article = make_article(status="approved", body=BODY)
    anns = Screen(ann, article)
    Screen(ben, article).type(body=BODY.replace("Friday", "Sunday")).sync()
    anns.type(body=BODY.replace("Friday", "Monday")).sync()
    again = Screen(ann, article)
    ann.post(address_of(article), {**again.form, "_verb": "publish"})
    assert Article.objects.get(pk=article.pk).status == "approved"


def test_two_names_of_one_screen_are_two_screens(ann, article):
    first, second = Screen(ann, article), Screen(ann, article)
    assert first.form["_client"] != second.form["_client"]
    uuid.UUID(first.form["_client"][0])


def test_an_autosave_asks_the_same_number_of_questions_however_long_the_history(
    ann, article, django_assert_max_num_queries
):
    screen = Screen(ann, article)
    people = [make_person("editor", name) for name in ("Ben", "Cleo")]
    for number in range(12):
        data = {**working_data(article), "headline": f"Headline {number}"}
        record(article, data, by=people[number % 2])
    screen.sync()
    with django_assert_max_num_queries(60):
        screen.type(body=f"{BODY}<p>More.</p>").sync()
