"""The form of an article as its working copy: what a save does not do, and who saves what."""

import pytest
from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.db import OperationalError
from django.urls import reverse

from articles.admin.articles import ArticleAdmin
from articles.editorial.revisions import working_copy
from articles.editorial.snapshots import snapshot
from articles.models import Article, Revision
from tests.doors.admin.test_article_form import address_of, row, save
from tests.factories import make_article, make_author, make_person
from tests.pages import messages_of, values_of


@pytest.fixture
def editor(as_role):
    return as_role("editor")


def test_saving_a_published_article_changes_nothing_that_readers_see(editor, client):
    article = make_article(tags=("Ports",))
    before = client.get(article.get_absolute_url()).content
    live = snapshot(article)
    save(
        editor, article, headline="Not yet", body="<p>Not yet.</p>", tags="Not yet", slug="not-yet",
        section="", **{"bylines-0-DELETE": "on"},
    )  # fmt: skip
    article = Article.objects.get(pk=article.pk)
    assert snapshot(article) == live
    assert client.get(article.get_absolute_url()).content == before
    assert article.has_changes_waiting
    assert working_copy(article).headline == "Not yet"
    assert 'value="not-yet"' in editor.get(address_of(article)).text


def test_the_form_of_a_published_article_shows_its_working_copy(editor):
    article, other = make_article(tags=("Ports",)), make_author("Second Hand")
    link = row("related_links", 0, target="", title="Read this", url="", author="", date="",
               views="", order="")  # fmt: skip
    save(
        editor, article, tags="Ports, Rivers", **{"bylines-0-author": other.pk},
        **{"related_links-TOTAL_FORMS": 1}, **link,
    )  # fmt: skip
    data = values_of(editor.get(address_of(article)), "article_form")
    assert data["tags"] == ["Ports, Rivers"]
    assert data["bylines-0-author"] == [str(other.pk)]
    assert data["related_links-0-title"] == ["Read this"]
    save(editor, article)
    article.refresh_from_db()
    assert article.working_number == 2


def test_two_people_who_change_different_fields_both_keep_their_words(sign_in):
    article = make_article(status="draft")
    one, other = sign_in(make_person("editor", "ann")), sign_in(make_person("editor", "Ben"))
    anns = values_of(one.get(address_of(article)), "article_form")
    save(other, article, standfirst="Ben's standfirst.")
    said = one.post(address_of(article), {**anns, "headline": "Ann's headline"}, follow=True)
    article.refresh_from_db()
    assert (article.headline, article.standfirst) == ("Ann's headline", "Ben's standfirst.")
    assert "both are kept" in messages_of(said)


def test_two_people_who_change_one_field_are_told_and_no_word_is_lost(sign_in):
    article = make_article(status="draft")
    one, other = sign_in(make_person("editor", "ann")), sign_in(make_person("editor", "Ben"))
    anns = values_of(one.get(address_of(article)), "article_form")
    save(other, article, headline="Ben's headline")
    said = one.post(address_of(article), {**anns, "headline": "Ann's headline"}, follow=True)
    assert "the same words were changed by two people" in messages_of(said)
    kept = list(article.revisions.values_list("snapshot__headline", flat=True))
    assert {"Ann's headline", "Ben's headline"} <= set(kept)
    copy = working_copy(article)
    assert "Ann's" in copy.headline
    assert "Ben's" in copy.headline


def test_plans_are_an_editors_and_stand_in_the_timeline(sign_in):
    editor, writer = make_person("editor"), make_person("writer")
    article = make_article(status="draft", author=make_author("Wren", user=writer))
    save(sign_in(editor), article, assignee=writer.pk, due_on="2027-03-01")
    article.refresh_from_db()
    assert (article.assignee, str(article.due_on)) == (writer, "2027-03-01")
    line = article.transitions.get()
    assert line.verb == "plan"
    assert "Assigned to writer." in line.note
    save(sign_in(writer), article, due_on="2028-01-01", headline="Mine")
    article.refresh_from_db()
    assert (article.headline, str(article.due_on)) == ("Mine", "2027-03-01")


def test_a_working_copy_may_lack_anything_but_readers_never_get_it(editor):
    article = make_article()
    nothing = {"headline": "", "body": "", "section": "", "bylines-0-DELETE": "on"}
    messages = ("no headline", "no text", "no section", "names no author")
    assert save(editor, article, **nothing).status_code == 302
    page = editor.get(address_of(article)).text
    assert [message for message in messages if message not in page] == []
    asked = editor.post(
        reverse("admin:articles_article_verb", args=[article.pk, "correct"]),
        {"kind": "typo"},
        follow=True,
    )
    said = messages_of(asked)
    assert [message for message in messages if message not in said] == []
    live = Article.objects.get(pk=article.pk)
    assert (live.headline, live.body, live.section) == (
        article.headline,
        article.body,
        article.section,
    )
    assert article.bylines.count() == 1


def test_nothing_is_published_that_was_saved_by_another_meanwhile(sign_in):
    article = make_article(status="approved")
    one, other = sign_in(make_person("editor", "ann")), sign_in(make_person("editor", "Ben"))
    anns = values_of(one.get(address_of(article)), "article_form")
    save(other, article, standfirst="Ben's standfirst.")
    said = one.post(address_of(article), {**anns, "_verb": "publish"}, follow=True)
    article.refresh_from_db()
    assert article.status == "approved"
    assert "Publish: not yet." in messages_of(said)
    again = values_of(one.get(address_of(article)), "article_form")
    one.post(address_of(article), {**again, "_verb": "publish"})
    article.refresh_from_db()
    assert (article.status, article.standfirst) == ("published", "Ben's standfirst.")


def test_changes_that_arrive_while_a_step_is_looked_at_do_not_slip_out_with_it(sign_in):
    article = make_article()
    one, other = sign_in(make_person("editor", "ann")), sign_in(make_person("editor", "Ben"))
    save(one, article, headline="Ann's headline")
    page = reverse("admin:articles_article_verb", args=[article.pk, "correct"])
    looked_at = values_of(one.get(page), "step_form")
    save(other, article, headline="Ben's headline")
    said = one.post(page, {**looked_at, "kind": "update", "note": "New."})
    assert "changed since you looked" in messages_of(said)
    assert Article.objects.get(pk=article.pk).headline == article.headline
    again = values_of(said, "step_form")
    assert again["note"][0].strip() == "New."
    one.post(page, {**again, "kind": "update"})
    assert Article.objects.get(pk=article.pk).headline == "Ben's headline"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_new", [False, True], ids=["an article", "a new one"])
def test_a_save_that_another_verb_ended_is_done_again_and_told_once(sign_in, monkeypatch, is_new):
    """It was an error 500, and what was typed stood in no revision."""
    log = "log_addition" if is_new else "log_change"
    done = getattr(ArticleAdmin, log)
    tries = []

    def unlucky(self, *args):
        tries.append(list(Revision.objects.values_list("snapshot__headline", flat=True)))
        if len(tries) == 1:
            error = OperationalError("deadlock detected")
            error.__cause__ = Exception()
            error.__cause__.sqlstate = "40P01"
            messages.warning(args[0], "A try that was taken back")
            raise error
        return done(self, *args)

    monkeypatch.setattr(ArticleAdmin, log, unlucky)
    editor = sign_in(make_person("editor"))
    address = (
        reverse("admin:articles_article_add")
        if is_new
        else address_of(make_article("Otters", status="draft"))
    )
    data = values_of(editor.get(address), "article_form") | {"headline": "Otters return"}
    said = messages_of(editor.post(address, data, follow=True))
    article = Article.objects.get()
    assert working_copy(article).headline == "Otters return"
    assert [seen.count("Otters return") for seen in tries] == [1, 1]
    assert said.count("Otters return") == 1
    assert "taken back" not in said
    assert LogEntry.objects.count() == 1
