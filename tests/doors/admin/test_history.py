"""The history of an article at the admin's door: revisions, comparing, restoring, timeline."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from articles.editorial.revisions import newest, record, working_data
from articles.editorial.schedule import schedule
from articles.editorial.transitions import publish, send_back, submit
from articles.models import Article, Revision, Transition
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_person,
    make_section,
)
from tests.pages import messages_of

SECRET = "Nobody may read this yet"


def at(name, article, *args):
    return reverse(f"admin:articles_article_{name}", args=[article.pk, *args])


def edit(article, by=None, **values):
    return record(article, {**working_data(article), **values}, by=by)


def words(response):
    """What somebody who is read the page hears, in one line."""
    page = html.fromstring(response.text)
    return " ".join(page.xpath("//*[@id='content']")[0].text_content().split())


@pytest.fixture
def story(db):
    """A live story (revision 1) with a working copy two revisions ahead."""
    article = make_article(tags=("Ports", "Boats"))
    record(article)
    edit(article, headline="Harbour pilots vote on an old rota", by=make_person(username="wren"))
    edit(article, tags=["Boats", "Ports", "Lake"])
    return article


# --- the history ---------------------------------------------------------------------------------


def test_revisions_stand_newest_first_with_what_they_are(story, as_role):
    schedule(story, at=timezone.now() + timedelta(days=1), step="correct", kind="typo")
    record(story, {**working_data(story), "slug": "x"}, by=make_person(), is_autosave=True)
    page = html.fromstring(as_role("writer").get(at("revisions", story)).text)
    rows = [" ".join(row.text_content().split()) for row in page.xpath("//tbody/tr")]
    assert [row.split("Revision ")[1][0] for row in rows] == ["4", "3", "2", "1"]
    assert "working copy" in rows[0]
    assert "autosave" in rows[0]
    assert "scheduled" in rows[1]
    assert "wren" in rows[2]
    assert "live" in rows[3].split("Open")[0]


def test_the_history_is_paged_by_fifty(db, as_role):
    article = make_article(status="draft")
    record(article)
    Revision.objects.bulk_create(
        Revision(article=article, number=number, snapshot=working_data(article))
        for number in range(2, 61)
    )
    client = as_role("editor")
    for query, number in (("", 50), ("?p=2", 10), ("?p=none", 50), ("?p=99", 10)):
        page = html.fromstring(client.get(at("revisions", article) + query).text)
        assert len(page.xpath("//tbody/tr")) == number


def test_the_timeline_says_who_did_what_why_and_how_late(db, as_role):
    article, chief = make_article(status="draft", standfirst=""), make_person("chief editor")
    record(article)
    submit(article, by=chief)
    send_back(article, by=chief, note="The second source is missing.")
    due = timezone.now() - timedelta(hours=2)
    publish(article, by=chief, override="The court decides at noon.", due_at=due)
    Transition.objects.filter(article=article, verb="publish").update(
        overridden=["A finding."], override_reason="The court decides at noon."
    )
    heard = words(as_role("writer").get(at("revisions", article)))
    for said in (
        "The second source is missing.",
        "The court decides at noon.",
        "A finding.",
        "2\xa0hours late",
        "In review → Draft",
        "chief-editor",
    ):
        assert said.replace("\xa0", " ") in heard.replace("\xa0", " ")


def test_the_timeline_goes_out_as_csv_and_as_json(db, as_role):
    article, chief = make_article(status="draft"), make_person("chief editor")
    record(article)
    submit(article, by=chief, note='=HYPERLINK("https://evil.example")')
    send_back(article, by=chief, note="Twice, please.\n+1")
    client = as_role("writer")

    response = client.get(at("timeline", article, "csv"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert [row["verb"] for row in rows] == ["submit", "send_back"]
    assert rows[0]["note"] == '\'=HYPERLINK("https://evil.example")'
    assert rows[1]["note"] == "Twice, please.\n+1"
    assert rows[0]["made_by"] == "chief-editor"

    data = json.loads(client.get(at("timeline", article, "json")).text)
    assert data["article"] == str(article.uid)
    assert data["timeline"][0]["note"] == '=HYPERLINK("https://evil.example")'
    assert client.get(at("timeline", article, "xml")).status_code == 404


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_csv_is_a_formula(db, as_role, start):
    article, person = make_article(status="draft"), make_person("editor", username=f"{start}cmd")
    record(article)
    submit(article, by=person, note=f"{start}1+1")
    response = as_role("writer").get(at("timeline", article, "csv"))
    for row in csv.reader(
        io.StringIO(response.content.decode().removeprefix("\ufeff"), newline="")
    ):
        assert not any(cell.startswith(start) for cell in row)


# --- comparing -----------------------------------------------------------------------------------


def test_what_is_live_is_compared_with_what_i_have(story, as_role):
    heard = words(as_role("writer").get(at("compare", story)))
    assert "vote on [taken out: a new][put in: an old] rota" in heard
    assert "put in: Lake" in heard
    assert "Unchanged: Standfirst, Body, Byline" in heard


def test_an_article_that_never_was_live_compares_its_last_two_revisions(db, as_role):
    article = make_article(status="draft")
    record(article)
    edit(article, headline="Second")
    edit(article, headline="Third")
    heard = words(as_role("editor").get(at("compare", article)))
    assert "[taken out: Second][put in: Third]" in heard


def test_any_two_revisions_can_be_compared_by_number_or_name(story, as_role):
    client = as_role("editor")
    backwards = words(client.get(at("compare", story), {"from": "2", "to": "live"}))
    assert "[taken out: an old][put in: a new]" in backwards
    same = words(client.get(at("compare", story), {"from": "3", "to": "working"}))
    assert "the same, in every field" in same
    for wrong in ("9", "-1", "٣٤٥٦٧٨٩٠١٢", "drop table", "99999999999999999999"):
        response = client.get(at("compare", story), {"from": wrong, "to": "live"})
        assert response.status_code == 404


def test_every_field_is_compared_in_its_own_way(db, as_role):
    first, second = make_image(alt="First alt"), make_image(alt="Second alt")
    target = make_article("A story of ours", slug="ours")
    make_author("Jon Rask")
    make_section("Science")
    article = make_article(status="draft", picture=first, tags=("A", "B", "C"))
    article.body = "<p>The lake rose by two metres.</p><p>Last.</p>"
    article.save()
    record(article)
    edit(
        article,
        body="<p>The lake rose by <strong>four</strong> metres.</p><h2>New</h2><p>Last.</p>",
        byline=[
            {"author": "jon-rask", "role": "writer"},
            {"author": "mara-lind", "role": "writer"},
        ],
        tags=["C", "A", "D"],
        section="science",
        picture=str(second.uid),
        related=[
            {
                "target": str(target.uid),
                "url": "",
                "title": "",
                "author": "",
                "date": None,
                "views": None,
            }
        ],
        language="he",
        published_at="2026-05-04T12:00:00+00:00",
    )
    response = as_role("editor").get(at("compare", article))
    heard = words(response)
    for said in (
        "by [taken out: two][put in: four] metres",
        "[put in: New]",
        "put in: Jon Rask (writer)",
        "taken out: B",
        "put in: D",
        "[taken out: World][put in: Science]",
        "put in: A story of ours",
        "[taken out: en][put in: he]",
        "[put in: 4 May 2026, 12:00]",
    ):
        assert said in heard, said
    assert "moved" in heard
    alts = html.fromstring(response.text).xpath("//figure/img/@alt")
    assert alts == ["First alt", "Second alt"]


def test_long_unchanged_runs_are_folded(db, as_role):
    body = "".join(f"<p>Paragraph {number} stands.</p>" for number in range(20))
    article = make_article(status="draft", body=body)
    record(article)
    edit(article, body=body.replace("Paragraph 10 stands", "Paragraph 10 fell"))
    page = html.fromstring(as_role("editor").get(at("compare", article)).text)
    folds = [len(fold.xpath("./div")) for fold in page.xpath("//details[@class='fold']")]
    assert folds == [9, 8]
    assert len(page.xpath("//div[contains(@class, 'block ')]")) == 20


def test_what_a_text_says_is_never_markup_of_the_page(db, as_role):
    article = make_article(status="draft")
    record(article)
    edit(article, headline="<script>alert(1)</script>", tags=["<b>x</b>"])
    for name in ("compare", "revisions"):
        text = as_role("editor" if name == "compare" else "writer").get(at(name, article)).text
        assert "<script>alert" not in text
        assert "<b>x</b>" not in text


def test_an_article_without_revisions_or_with_one_has_nothing_to_compare(db, as_role):
    article, client = make_article(status="draft"), as_role("editor")
    assert "No revision is kept yet" in words(client.get(at("compare", article)))
    assert "No revision is kept yet" in words(client.get(at("revisions", article)))
    record(article)
    assert "one revision only" in words(client.get(at("compare", article)))


# --- restoring -----------------------------------------------------------------------------------


def test_restoring_makes_a_new_revision_and_says_so(story, sign_in):
    editor = make_person("editor")
    before = newest(story)
    response = sign_in(editor).post(at("restore", story), {"number": "1"}, follow=True)
    made = newest(story)
    assert made.number == before.number + 1
    assert made.made_by == editor
    assert json.dumps(made.snapshot, sort_keys=True) == json.dumps(
        story.revisions.get(number=1).snapshot, sort_keys=True
    )
    assert "Revision 1 is the working copy again, as revision 4." in messages_of(response)


def test_restoring_what_is_there_says_that_there_is_nothing_to_do(story, as_role):
    response = as_role("editor").post(at("restore", story), {"number": "3"}, follow=True)
    assert "nothing to restore" in messages_of(response)
    assert newest(story).number == 3


def test_restoring_needs_a_post_and_a_revision_that_is_there(story, as_role):
    client = as_role("editor")
    assert client.get(at("restore", story)).status_code == 405
    for number in ("9", "", "x", "-1"):
        assert client.post(at("restore", story), {"number": number}).status_code == 404
    assert newest(story).number == 3


def test_who_may_not_edit_may_not_restore(story, as_role):
    client = as_role("writer")
    assert client.post(at("restore", story), {"number": "1"}).status_code == 403
    assert newest(story).number == 3
    for name in ("revisions", "compare"):
        assert "Restore" not in words(client.get(at(name, story)))


# --- doors ---------------------------------------------------------------------------------------

NAMES = [("revisions", ()), ("compare", ()), ("timeline", ("csv",)), ("timeline", ("json",))]


@pytest.mark.parametrize(("name", "args"), NAMES)
def test_the_history_is_for_the_desk(story, client, sign_in, name, args):
    response = client.get(at(name, story, *args))
    assert response.url.startswith(reverse("admin:login"))
    guest = make_person(username="guest")
    guest.groups.clear()
    assert sign_in(guest).get(at(name, story, *args)).status_code == 403


@pytest.mark.parametrize(("name", "args"), NAMES)
def test_an_article_under_embargo_has_no_history_for_those_who_may_not_see_it(
    story, as_role, name, args
):
    Article.objects.update(embargo_until=timezone.now() + timedelta(days=1))
    assert as_role("writer").get(at(name, story, *args)).status_code == 404
    assert as_role("editor").get(at(name, story, *args)).status_code == 200


def test_revisions_and_steps_under_embargo_are_in_no_list_for_those_who_may_not_see_them(
    db, as_role, sign_in
):
    writer = make_person(username="its-writer")
    author = make_author("Wren", user=writer)
    article = make_article(SECRET, status="draft", author=author)
    record(article)
    submit(article)
    article.daily_views.create(day="2026-05-04", count=1)
    other = make_article("Everybody's")
    record(other)
    Article.objects.filter(pk=article.pk).update(embargo_until=timezone.now() + timedelta(days=1))
    rows = {
        "revision": article.revisions.get(),
        "transition": article.transitions.get(),
        "dailyviews": article.daily_views.get(),
    }
    stranger, editor, own = as_role("writer"), as_role("editor"), sign_in(writer)
    for table, row in rows.items():
        for client, sees in ((stranger, False), (editor, True), (own, True)):
            listed = client.get(reverse(f"admin:articles_{table}_changelist"))
            assert (SECRET in listed.text) is sees, table
            for name in ("change", "history"):
                address = reverse(f"admin:articles_{table}_{name}", args=[row.pk])
                assert client.get(address).status_code == (200 if sees else 404)
    assert "Everybody&#x27;s" in stranger.get(reverse("admin:articles_revision_changelist")).text


def test_a_related_story_under_embargo_is_not_named_in_a_comparison(db, as_role):
    hidden = make_article(SECRET, embargo_until=timezone.now() + timedelta(days=1))
    article = make_article(status="draft")
    record(article)
    row = {"target": str(hidden.uid), "url": "", "title": "Their title of it", "author": "",
           "date": None, "views": None}  # fmt: skip
    edit(article, related=[row])
    client = as_role("writer")
    revision = reverse("admin:articles_revision_change", args=[newest(article).pk])
    for address in (at("compare", article), revision):
        response = client.get(address)
        assert "Their title of it" in response.text
        assert SECRET not in response.text


# --- size ----------------------------------------------------------------------------------------


def test_two_hundred_revisions_ask_no_more_queries_than_three(story, sign_in):
    costs = []
    client = sign_in(make_person("editor"))
    for number in (3, 200):
        have = story.revisions.count()
        snapshot = working_data(story)
        Revision.objects.bulk_create(
            Revision(article=story, number=n, snapshot=snapshot | {"slug": f"slug-{n}"})
            for n in range(have + 1, number + 1)
        )
        Transition.objects.bulk_create(
            Transition(
                article=story, number=n, verb="correct", from_status="published",
                to_status="published", revision=newest(story),
            )
            for n in range(have + 1, number + 1)
        )  # fmt: skip
        Article.objects.filter(pk=story.pk).update(working_number=number)
        cost = {}
        for name in ("revisions", "compare", "previews", "preview"):
            client.get(at(name, story))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(at(name, story)).status_code == 200
            cost[name] = len(queries)
            if name == "revisions":
                # A list of bodies would be megabytes: only the waiting steps bring one, their own.
                listed = [one["sql"] for one in queries if 'FROM "articles_revision"' in one["sql"]]
                assert listed
                assert not [sql for sql in listed if '"snapshot"' in sql]
        costs.append(cost)
    assert costs[0] == costs[1]
    most = {"revisions": 12, "compare": 16, "previews": 9, "preview": 24}
    assert {name: number for name, number in costs[1].items() if number > most[name]} == {}
