"""What each role finds behind the addresses of the admin (who gets in: test_every_address)."""

import re

import pytest
from django.urls import reverse
from django.utils.html import escape

from articles.editorial.revisions import record
from articles.models import (
    Author,
    Correction,
    DailyViews,
    FormerTagName,
    Image,
    Message,
    Promo,
    Redirect,
    Revision,
    ScheduledStep,
    Section,
    Tag,
    Transition,
)
from articles.models.articles import Article
from tests.doors.test_every_address import TABLES
from tests.factories import make_article, make_image, make_person

OK, FORBIDDEN = 200, 403
EVERYBODY = ("writer", "editor", "chief editor", "admin")
#: Tables of the admin that are the desk's own.
OURS = [name.removeprefix("articles_") for name in TABLES if name.startswith("articles_")]


@pytest.fixture
def world(db):
    article = make_article(status="draft", tags=("Ports",))
    revision = record(article)
    rows = {
        "article": article,
        "revision": revision,
        "transition": Transition.objects.create(
            article=article, number=1, verb="submit", from_status="draft", to_status="in_review"
        ),
        "dailyviews": DailyViews.objects.create(article=article, day="2026-05-01", count=3),
        "author": Author.objects.get(),
        "section": Section.objects.create(name="Empty", slug="empty"),
        "tag": Tag.objects.get(),
        "image": make_image(),
        "promo": Promo.objects.create(slug="letter", title="The letter"),
        "message": Message.objects.create(
            subject="The letter", name="Ada", email="ada@example.org", text="A lamp is on."
        ),
        "redirect": Redirect.objects.create(old_path="/old/", new_path="/new/"),
        "scheduledstep": ScheduledStep.objects.create(
            article=article, verb="publish", due_at="2026-05-01T12:00Z"
        ),
        "correction": Correction.objects.create(article=article, note="A name was misspelt."),
    }
    FormerTagName.objects.create(tag=rows["tag"], name="Harbours", slug="harbours")
    return rows


def test_an_account_that_is_no_staff_stays_outside(db, sign_in):
    person = make_person("chief editor")
    person.is_staff = False
    person.save()
    response = sign_in(person).get(reverse("admin:articles_article_changelist"))
    assert response.status_code == 302


def test_the_stock_tag_table_is_not_in_the_admin(as_role):
    assert as_role("admin").get("/admin/taggit/").status_code == 404


@pytest.mark.parametrize("role", EVERYBODY)
def test_the_first_page_opens_for_every_role(world, as_role, role):
    response = as_role(role).get(reverse("admin:index"))
    assert response.status_code == OK
    assert "Recently published" in response.text


@pytest.mark.parametrize("role", EVERYBODY)
def test_admin_pages_are_never_kept_by_a_cache(world, as_role, role):
    client = as_role(role)
    for table in OURS:
        if role not in TABLES[f"articles_{table}"][0]:
            continue
        response = client.get(reverse(f"admin:articles_{table}_changelist"))
        assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("table", OURS)
def test_no_page_holds_a_script_or_a_style_that_the_policy_forbids(world, as_role, table):
    client, row = as_role("admin"), world[table]
    for name, args in (("changelist", []), ("change", [row.pk])):
        response = client.get(reverse(f"admin:articles_{table}_{name}", args=args))
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", response.text)
        for attributes in re.findall(r"<script((?:(?!src=)[^>])*)>", response.text):
            if 'type="application/json"' in attributes:
                # Data, which no browser runs.
                continue
            nonce = re.search(r'nonce="([^"]+)"', attributes)
            assert nonce, attributes
            assert f"'nonce-{nonce[1]}'" in policy


def test_a_writer_sees_all_articles_and_changes_only_their_own(sign_in):
    writer = make_person("writer")
    author = Author.objects.create(name="Wren", slug="wren", user=writer)
    may_change = {
        make_article("Mine", status="draft", author=author): True,
        make_article("Mine, handed in", status="in_review", author=author): True,
        make_article("Mine, approved", status="approved", author=author): False,
        make_article("Mine and out", status="published", author=author): True,
        make_article("Somebody else's", status="draft"): False,
    }
    client = sign_in(writer)
    listed = client.get(reverse("admin:articles_article_changelist")).text
    for article, allowed in may_change.items():
        assert escape(article.headline) in listed
        page = client.get(reverse("admin:articles_article_change", args=[article.pk]))
        assert page.status_code == OK
        assert page.context["has_change_permission"] is allowed
        posted = client.post(reverse("admin:articles_article_change", args=[article.pk]), {})
        assert posted.status_code == (OK if allowed else FORBIDDEN)


def test_what_readers_saw_cannot_be_deleted_only_withdrawn(as_role):
    chief = as_role("chief editor")
    draft = make_article("Never out", status="draft")
    record(draft)
    public = make_article("Out", status="published")
    address = reverse("admin:articles_article_delete", args=[public.pk])
    assert chief.post(address, {"post": "yes"}).status_code == FORBIDDEN
    address = reverse("admin:articles_article_delete", args=[draft.pk])
    assert chief.post(address, {"post": "yes"}).status_code == 302
    assert set(Article.objects.values_list("headline", flat=True)) == {"Out"}


def test_the_bulk_delete_does_not_get_around_that(as_role):
    chief, public = as_role("chief editor"), make_article("Out", status="published")
    chief.post(
        reverse("admin:articles_article_changelist"),
        {"action": "delete_selected", "_selected_action": [public.pk], "post": "yes"},
    )
    assert Article.objects.filter(pk=public.pk).exists()


def test_a_picture_that_readers_see_is_not_a_writers_to_change(as_role):
    shown, spare = make_image(), make_image(title="Spare")
    make_article(picture=shown)
    client = as_role("writer")
    for image, status in ((shown, FORBIDDEN), (spare, OK)):
        address = reverse("admin:articles_image_change", args=[image.pk])
        assert client.post(address, {}).status_code == status
    assert Image.objects.count() == 2


def test_history_keeps_its_rows_when_somebody_posts_to_it(world, as_role):
    client, revision = as_role("admin"), world["revision"]
    for name in ("change", "delete"):
        address = reverse(f"admin:articles_revision_{name}", args=[revision.pk])
        assert client.post(address, {"post": "yes"}).status_code == FORBIDDEN
    assert Revision.objects.filter(pk=revision.pk).exists()
