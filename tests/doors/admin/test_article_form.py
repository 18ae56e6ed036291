"""Writing in the admin: what a save does to the article, its parts and its history."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.editorial import transitions
from articles.editorial.revisions import record
from articles.models import Article, Byline, Redirect, RelatedLink, Revision, Tag
from tests.factories import make_article, make_author, make_person, make_section
from tests.pages import messages_of, values_of

ADD = "admin:articles_article_add"
EMPTY_ROWS = {
    "bylines-TOTAL_FORMS": 0, "bylines-INITIAL_FORMS": 0,
    "related_links-TOTAL_FORMS": 0, "related_links-INITIAL_FORMS": 0,
}  # fmt: skip


def address_of(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def save(client, article, **values):
    """Open the form, change `values` in it, and press Save."""
    data = values_of(client.get(address_of(article)), "article_form")
    return client.post(address_of(article), {**data, "_continue": "1", **values})


def row(prefix, number, **values):
    return {f"{prefix}-{number}-{name}": value for name, value in values.items()}


@pytest.fixture
def editor(as_role):
    return as_role("editor")


def test_saving_a_form_records_who_wrote_what(sign_in):
    person, article = make_person("editor"), make_article(status="draft")
    response = save(
        sign_in(person), article, headline="Pilots strike", tags="Ports, climate change"
    )
    assert response.status_code == 302
    revision = article.revisions.first()
    assert revision.made_by == person
    assert revision.snapshot["headline"] == "Pilots strike"
    assert revision.snapshot["tags"] == ["Ports", "climate change"]


def test_saving_a_form_without_a_change_records_nothing_new(editor):
    article = make_article(status="draft", tags=("Ports", "Rivers, lakes"))
    record(article)
    save(editor, article)
    assert article.revisions.count() == 1
    assert set(article.tags.names()) == {"Ports", "Rivers, lakes"}


def test_an_embargo_that_would_hold_nothing_back_is_refused(editor):
    """Last year instead of next is a slip that would be believed in."""
    article = make_article(status="draft")
    said = save(editor, article, embargo_until="2020-01-01T10:00").text
    assert "This moment has passed: choose a later one." in said
    article.refresh_from_db()
    assert article.embargo_until is None
    # One that ended meanwhile stands in nobody's way.
    Article.objects.update(embargo_until=timezone.now() - timedelta(days=1))
    assert save(editor, article, headline="Pilots strike").status_code == 302


def test_one_tag_of_two_words_stays_one_tag(editor):
    article = make_article(status="draft")
    save(editor, article, tags="climate change")
    assert list(article.tags.names()) == ["climate change"]


def test_a_tag_that_is_too_long_is_an_error_of_its_field(editor):
    article = make_article(status="draft")
    response = save(editor, article, tags="x" * 101)
    assert "tags" in response.context["adminform"].form.errors


def test_a_tag_is_found_whatever_its_case(editor):
    Tag.objects.create(name="Ports", slug="ports")
    article = make_article(status="draft")
    save(editor, article, tags="ports, PORTS")
    assert list(article.tags.names()) == ["Ports"]


def test_a_writers_new_article_names_them(sign_in):
    writer = make_person("writer")
    author = make_author("Wren Adeyemi", user=writer)
    client = sign_in(writer)
    client.post(reverse(ADD), {**EMPTY_ROWS, "headline": "Tides", "_continue": "1"})
    article = Article.objects.get()
    assert [line.author for line in article.bylines.all()] == [author]
    assert article.revisions.get().snapshot["byline"] == [
        {"author": "wren-adeyemi", "role": "writer"}
    ]
    assert client.get(address_of(article)).context["has_change_permission"]


def test_a_writer_without_an_author_still_owns_what_they_began(sign_in):
    client = sign_in(make_person("writer"))
    client.post(reverse(ADD), {**EMPTY_ROWS, "headline": "Tides", "_continue": "1"})
    article = Article.objects.get()
    assert not article.bylines.exists()
    assert client.get(address_of(article)).context["has_change_permission"]


def test_an_editor_who_enters_a_story_is_not_named_as_its_writer(sign_in):
    editor = make_person("editor")
    make_author("Edda Marsh", user=editor)
    sign_in(editor).post(reverse(ADD), {**EMPTY_ROWS, "headline": "Tides", "_continue": "1"})
    assert not Byline.objects.exists()


def test_a_headline_is_one_line_and_markup_in_it_is_text(editor):
    article = make_article(status="draft")
    save(editor, article, headline="Tides\r\n<script>alert(1)</script>")
    article.refresh_from_db()
    assert article.headline == "Tides <script>alert(1)</script>"
    for address in (address_of(article), reverse("admin:articles_article_changelist")):
        assert "<script>alert(1)" not in editor.get(address).text


def test_what_a_body_may_not_hold_is_gone_after_saving(editor):
    article = make_article(status="draft")
    body = '<p onclick="x()">Tide</p><script>alert(1)</script><iframe src="https://x.example">'
    save(editor, article, body=body)
    article.refresh_from_db()
    assert article.body == "<p>Tide</p>"


def test_somebody_who_may_only_look_reads_the_body_as_a_page(as_role):
    article = make_article(body="<p>One <strong>tide</strong>.</p>")
    page = as_role("writer").get(address_of(article)).text
    assert "<p>One <strong>tide</strong>.</p>" in page
    for name in ("headline", "standfirst", "body", "section", "tags"):
        assert f'name="{name}"' not in page


def test_bylines_keep_the_order_of_their_numbers_and_new_ones_go_last(editor):
    article = make_article(status="draft", author=make_author("A"))
    second, third = make_author("B"), make_author("C")
    save(
        editor,
        article,
        **{"bylines-TOTAL_FORMS": 3, "bylines-0-order": "5"},
        **row("bylines", 1, author=third.pk, role="writer", order=""),
        **row("bylines", 2, author=second.pk, role="writer", order="2"),
    )
    assert [(line.author.name, line.position) for line in article.bylines.all()] == [
        ("B", 1), ("A", 2), ("C", 3),
    ]  # fmt: skip


def test_naming_somebody_twice_for_the_same_work_is_an_error_not_a_crash(editor):
    author = make_author("A")
    article = make_article(status="draft", author=author)
    response = save(
        editor,
        article,
        **{"bylines-TOTAL_FORMS": 2},
        **row("bylines", 1, author=author.pk, role="writer", order=""),
    )
    assert response.status_code == 200
    assert article.bylines.count() == 1


def test_related_links_swap_their_places(editor):
    article = make_article(status="draft")
    for position, title in enumerate(("One", "Two", "Three")):
        RelatedLink.objects.create(article=article, title=title, position=position)
    save(
        editor,
        article,
        **{
            "related_links-0-order": "3",
            "related_links-1-order": "1",
            "related_links-2-order": "2",
        },
    )
    assert [(link.title, link.position) for link in article.related_links.all()] == [
        ("Two", 1), ("Three", 2), ("One", 3),
    ]  # fmt: skip


def test_a_removed_link_leaves_no_gap_and_a_new_one_goes_last(editor):
    article, target = make_article(status="draft"), make_article("Target")
    for position, title in enumerate(("One", "Two")):
        RelatedLink.objects.create(article=article, title=title, position=position)
    save(
        editor,
        article,
        **{"related_links-TOTAL_FORMS": 3, "related_links-0-DELETE": "on"},
        **row("related_links", 2, target=target.pk, title="", url="", author="", date="",
              views="", order=""),
    )  # fmt: skip
    assert [(str(link), link.position) for link in article.related_links.all()] == [
        ("Two", 1), ("Target", 2),
    ]  # fmt: skip


@pytest.mark.parametrize("itself", [True, False])
def test_a_link_that_leads_nowhere_is_an_error_not_a_crash(editor, itself):
    article = make_article(status="draft")
    response = save(
        editor,
        article,
        **{"related_links-TOTAL_FORMS": 1},
        **row("related_links", 0, target=article.pk if itself else "", title="", url="",
              author="Jo", date="", views="", order=""),
    )  # fmt: skip
    assert response.status_code == 200
    assert not article.related_links.exists()


def test_a_new_address_of_a_published_article_leaves_a_redirect(editor, client):
    article = make_article(slug="first")
    old = article.get_absolute_url()
    for slug in ("second", "third"):
        save(editor, article, slug=slug)
        assert client.get(old).status_code == (200 if slug == "second" else 301)
        article.refresh_from_db()
        transitions.correct(article, kind="typo")
    article.refresh_from_db()
    assert article.slug == "third"
    assert client.get(old)["Location"] == article.get_absolute_url()
    # Two moves are not a chain: both old addresses lead straight to today's.
    assert set(Redirect.objects.values_list("new_path", flat=True)) == {article.get_absolute_url()}


def test_an_article_that_moves_back_is_not_shadowed_by_its_redirect(editor, client):
    article = make_article(slug="first")
    old = article.get_absolute_url()
    save(editor, article, slug="second")
    save(editor, article, slug="first")
    assert not Redirect.objects.filter(old_path=old).exists()
    assert client.get(old).status_code == 200


def test_a_draft_changes_its_address_without_a_trace(editor):
    article = make_article(status="draft", slug="first")
    save(editor, article, slug="second")
    assert not Redirect.objects.exists()


@pytest.mark.parametrize("slug", ["", "taken"])
def test_a_published_article_keeps_an_address_of_its_own(editor, slug):
    moment = timezone.now() - timezone.timedelta(hours=2)
    make_article("Other", slug="taken", published_at=moment)
    article = make_article(slug="first", published_at=moment)
    response = save(editor, article, slug=slug)
    assert "slug" in response.context["adminform"].form.errors
    article.refresh_from_db()
    assert article.slug == "first"


@pytest.mark.parametrize("moment", ["", "2999-01-01T10:00:00"])
def test_a_published_article_is_not_hidden_by_its_time(editor, moment):
    article = make_article()
    response = save(editor, article, published_at=moment)
    assert "published_at" in response.context["adminform"].form.errors


def test_saving_never_moves_the_moment_of_publication(editor):
    article = make_article()
    before = article.published_at
    save(editor, article, headline="Another headline")
    article.refresh_from_db()
    assert article.published_at == before


def test_a_withdrawn_articles_address_cannot_be_changed(editor):
    article = make_article(status="withdrawn", slug="first")
    save(editor, article, slug="second")
    article.refresh_from_db()
    assert article.slug == "first"


def test_a_writer_says_neither_when_a_story_came_out_nor_how_often_it_was_read(sign_in):
    writer = make_person("writer")
    author = make_author("Wren", user=writer)
    article = make_article(status="draft", author=author)
    save(sign_in(writer), article, published_at="2020-01-01T10:00:00", starting_views="9000")
    article.refresh_from_db()
    assert article.published_at is None
    assert article.starting_views == 0


def test_state_and_origin_cannot_be_posted(editor):
    article = make_article(status="draft")
    save(editor, article, status="published", source="elsewhere", live_number="9")
    article.refresh_from_db()
    assert (article.status, article.source, article.live_number) == ("draft", "", None)


def test_import_warnings_stand_on_the_form_until_somebody_saw_to_them(editor):
    warning = {"code": "gap", "message": "Line 1: a date was lost in “On , a sequence”."}
    article = make_article(status="draft", import_warnings=[warning])
    assert warning["message"] in editor.get(address_of(article)).text
    settle = reverse("admin:articles_article_settle_warnings", args=[article.pk])
    assert editor.get(settle).status_code == 405
    editor.post(settle)
    article.refresh_from_db()
    assert article.import_warnings == []


def test_settling_warnings_does_not_open_the_gate(editor):
    warning = {"code": "no-headline", "message": "The text has no headline."}
    article = make_article(
        "The vote", status="draft", body="<p>The vote closes.</p>", import_warnings=[warning]
    )
    response = editor.post(
        reverse("admin:articles_article_settle_warnings", args=[article.pk]), follow=True
    )
    assert "before the article is published" in messages_of(response)
    article.refresh_from_db()
    assert article.import_warnings == [warning]


def test_who_may_not_change_an_article_settles_no_warnings(as_role):
    article = make_article(status="draft", import_warnings=[{"code": "gap", "message": "A gap."}])
    settle = reverse("admin:articles_article_settle_warnings", args=[article.pk])
    assert as_role("writer").post(settle).status_code == 403


def test_only_public_articles_link_to_their_page(editor):
    public, draft = make_article("Out"), make_article("In", status="draft")
    assert public.get_absolute_url() in editor.get(address_of(public)).text
    assert not editor.get(address_of(draft)).context["has_absolute_url"]


def test_a_form_with_an_emptied_headline_comes_back(editor):
    article = make_article(status="draft")
    response = save(editor, article, headline="", tags="x" * 200)
    assert response.status_code == 200


def test_topics_are_offered_while_typing(as_role):
    Tag.objects.create(name="Ports", slug="ports")
    response = as_role("writer").get(
        reverse("admin:autocomplete"),
        {"app_label": "articles", "model_name": "taggedarticle", "field_name": "tag", "term": "po"},
    )
    assert [found["text"] for found in response.json()["results"]] == ["Ports"]


def test_a_section_or_author_that_moves_leaves_a_redirect(editor, client):
    section = make_section("World")
    old = section.get_absolute_url()
    editor.post(
        reverse("admin:articles_section_change", args=[section.pk]),
        {"name": "Abroad", "slug": "", "description": "", "position": "0"},
    )
    section.refresh_from_db()
    assert section.slug == "abroad"
    assert client.get(old)["Location"] == section.get_absolute_url()


def test_a_renamed_tag_keeps_its_former_name(editor, client):
    make_article(tags=("Harbours",))
    tag = Tag.objects.get()
    old = tag.get_absolute_url()
    editor.post(
        reverse("admin:articles_tag_change", args=[tag.pk]),
        {"name": "Ports", "slug": "ports", "description": "",
         "former_names-TOTAL_FORMS": 0, "former_names-INITIAL_FORMS": 0},
    )  # fmt: skip
    tag.refresh_from_db()
    assert [former.name for former in tag.former_names.all()] == ["Harbours"]
    assert client.get(old)["Location"] == tag.get_absolute_url()


@pytest.mark.parametrize(
    ("old", "new"), [("/a/", "/a/"), ("/a/", "//evil.example/"), ("/a/", "javascript:x"),
                     ("/a/", "/\\evil.example"), ("/b/", "/start/")],
)  # fmt: skip
def test_a_redirect_that_circles_or_leaves_for_nowhere_safe_is_refused(editor, old, new):
    Redirect.objects.create(old_path="/start/", new_path="/middle/")
    Redirect.objects.create(old_path="/middle/", new_path="/b/")
    response = editor.post(
        reverse("admin:articles_redirect_add"), {"old_path": old, "new_path": new}
    )
    assert response.status_code == 200
    assert response.context["adminform"].form.errors
    assert Redirect.objects.count() == 2


def test_revisions_are_shown_as_pages_and_cleaned_again(as_role):
    article = make_article(status="draft")
    revision = record(article)
    Revision.objects.filter(pk=revision.pk).update(
        snapshot={**revision.snapshot, "body": "<p>Kept</p><script>alert(1)</script>"}
    )
    page = as_role("writer").get(reverse("admin:articles_revision_change", args=[revision.pk])).text
    assert "<p>Kept</p>" in page
    assert "alert(1)" not in page


def test_a_draft_may_lack_anything(editor):
    article = make_article(status="draft")
    assert save(editor, article, headline="", body="", section="").status_code == 302
