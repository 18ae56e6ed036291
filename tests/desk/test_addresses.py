"""Addresses never die: each one that a page ever had leads, in one hop, to where it is now."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import get_resolver, reverse

from articles.editorial import tags, transitions
from articles.editorial.addresses import (
    checked_origin,
    checked_target,
    is_page,
    lead_on,
    leave_gone,
    leave_redirect,
    redirect_by_hand,
    where_now,
)
from articles.editorial.revisions import record, working_data
from articles.models import Article, Author, Redirect, Section, Tag
from tests.factories import Status, make_article, make_author, make_section

pytestmark = pytest.mark.django_db
#: Doors that answer for their own kinds of visitors, and have tests of their own.
OTHER_VISITORS = {
    "beacon",
    "beacon_pixel",
    "contact",
    "contact_sent",
    "counts",
    "media",
    "picture",
    "preview",
    "security",
    "sitemap_part",
}
MOMENT = datetime(2026, 3, 4, 9, tzinfo=UTC)


def make_live(headline="Pilots vote", at=MOMENT, **values):
    article = make_article(headline, status=Status.APPROVED, **values)
    transitions.publish(article, at=at)
    return article


def correct(article, **changes):
    record(article, {**working_data(article), **changes})
    transitions.correct(article, kind="typo")


def by_hand(old, new):
    found = Redirect.objects.filter(old_path=old).first() or Redirect(old_path=old)
    found.new_path = new
    return redirect_by_hand(found)


# --- articles ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "new"),
    [
        ({"slug": "second"}, "/2026/03/04/second/"),
        ({"published_at": "2026-02-01T09:00:00+00:00"}, "/2026/02/01/pilots-vote/"),
    ],
)
def test_a_changed_slug_or_date_of_a_live_article_leaves_a_redirect(client, changes, new):
    article = make_live()
    old = article.get_absolute_url()
    correct(article, **changes)
    assert article.get_absolute_url() == new
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, new)


def test_a_move_and_its_redirect_are_one_transaction(monkeypatch):
    article = make_live()

    def fail(*args, **kwargs):
        raise RuntimeError("the power went")

    record(article, {**working_data(article), "slug": "second"})
    monkeypatch.setattr(transitions, "write_line", fail)
    with pytest.raises(RuntimeError):
        transitions.correct(article, kind="typo")
    article = Article.objects.get()
    assert article.slug == "pilots-vote"
    assert not Redirect.objects.exists()


def test_an_article_that_never_was_public_leaves_no_redirect():
    article = make_article(status=Status.DRAFT, slug="first")
    record(article, {**working_data(article), "slug": "second"})
    record(article, {**working_data(article), "published_at": MOMENT.isoformat()})
    transitions.publish(article)
    assert not Redirect.objects.exists()


def test_all_addresses_of_a_withdrawn_article_say_that_it_is_gone(client):
    article = make_live()
    first = article.get_absolute_url()
    correct(article, slug="second")
    second = article.get_absolute_url()
    transitions.withdraw(article)
    for path in (first, second):
        response = client.get(path)
        assert response.status_code == 410
        assert response["Cache-Control"] == "no-cache"


def test_all_addresses_of_a_withdrawn_article_lead_where_it_was_led_and_back_again():
    article, other = make_live(), make_live("Another")
    first = article.get_absolute_url()
    correct(article, slug="second")
    second = article.get_absolute_url()
    by_hand("/vote/", second)
    transitions.withdraw(article, redirect_to=other.get_absolute_url())
    for path in (first, second, "/vote/"):
        assert where_now(path) == other.get_absolute_url()
    transitions.publish(article)
    for path in (first, "/vote/"):
        assert where_now(path) == second
    assert is_page(second)
    assert not Redirect.objects.filter(old_path=second).exists()


def test_an_article_cannot_be_withdrawn_onto_itself_in_any_spelling():
    article = make_live()
    first = article.get_absolute_url()
    correct(article, slug="second")
    for target in (
        first,
        "/2026/03/04/second/",
        "/2026/03/./04/second/?a=1",
        "/%32026/03/04/second/#x",
    ):
        with pytest.raises(ValidationError):
            transitions.withdraw(article, redirect_to=target)


def test_a_redirect_to_an_article_follows_it_when_it_moves_with_its_fragment():
    article = make_live()
    by_hand("/vote/", f"{article.get_absolute_url()}?from=poster#result")
    correct(article, slug="second")
    assert where_now("/vote/") == "/2026/03/04/second/?from=poster#result"


def test_addresses_that_differ_in_case_are_two_addresses():
    by_hand("/one/", "/section/World/")
    lead_on("/section/world/", "/section/abroad/")
    assert where_now("/one/") == "/section/World/"


def test_a_moved_address_is_not_kept_for_good_by_browsers(client):
    article = make_live()
    old = article.get_absolute_url()
    correct(article, slug="second")
    assert client.get(old)["Cache-Control"] == "no-cache"


# --- sections, authors, tags ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["section", "author", "tag"])
def test_the_feeds_of_a_page_that_moved_go_with_it(client, kind):
    make_live(tags=("World",), section=make_section("World"), author=make_author("World"))
    row = {"section": Section, "author": Author, "tag": Tag}[kind].objects.get(slug="world")
    old = row.get_absolute_url()
    if kind == "tag":
        tags.rename(row, "Abroad")
    else:
        row.slug = "abroad"
        row.save()
        leave_redirect(old, row.get_absolute_url())
    for file in ("", "rss.xml", "atom.xml", "feed.json"):
        response = client.get(f"{old}{file}")
        assert response["Location"] == f"/{kind}/abroad/{file}"
        assert client.get(response["Location"]).status_code == 200


def test_what_lies_under_an_article_that_moved_goes_with_it():
    article = make_live()
    old = article.get_absolute_url()
    correct(article, slug="second")
    assert where_now(f"{old}changes/") == "/2026/03/04/second/changes/"
    assert where_now(f"{old.rstrip('/')}.md") == "/2026/03/04/second.md"
    transitions.withdraw(article)
    assert where_now(f"{old}changes/") == where_now("/2026/03/04/second/changes/") == ""
    assert where_now(f"{old.rstrip('/')}.md") == where_now("/2026/03/04/second.md") == ""


def test_a_feed_whose_page_leads_to_no_feeds_leads_to_the_page():
    by_hand("/section/old/", "/latest/")
    assert where_now("/section/old/rss.xml") == "/latest/"
    leave_gone("/section/older/")
    assert where_now("/section/older/rss.xml") == ""
    assert where_now("/section/never/rss.xml") is None


# --- by hand -------------------------------------------------------------------------------------


def test_a_page_is_what_a_public_door_answers(client):
    """Every address of the site's own table: `is_page` says what the door says."""
    article = make_live(tags=("Ports",))
    hidden = make_article("Draft", status=Status.DRAFT)
    there = {"year": 2026, "month": 3, "day": 4, "slug": article.slug}
    absent = {"year": 2026, "month": 2, "day": 31, "slug": hidden.slug}
    slugs = {"section": article.section.slug, "tag": "ports", "author": "mara-lind"}
    for name in get_resolver("articles.urls").reverse_dict:
        if not isinstance(name, str) or name in OTHER_VISITORS:
            # Answered for their own kinds of visitors, with tests of their own.
            continue
        kind = name.partition("_")[0]
        for named in (there, absent):
            values = dict(named)
            if kind in slugs and named["slug"] == article.slug:
                values["slug"] = slugs[kind]
            wanted = get_resolver("articles.urls").reverse_dict.getlist(name)[0][0][0][1]
            path = reverse(f"articles:{name}", kwargs={key: values[key] for key in wanted})
            assert is_page(path) == (client.get(path).status_code == 200), path
    for path in ("/latest", "/admin/", "/nowhere/", "/2026/03/04/"):
        assert is_page(path) == (path != "/nowhere/")


def test_a_media_file_that_is_there_is_a_page(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "there.txt").write_text("x")
    assert is_page("/media/there.txt")
    assert not is_page("/media/absent.txt")
    assert not is_page("/media/../secret")


@pytest.mark.parametrize(
    "path",
    ["", "latest/", "https://x.example/", "//x.example/", "/\\x.example/", "/a/?b", "/a/#b",
     "/a/../b/", "/a b/", "/\tx/", "/latest/", "/latest", "/admin/", "/tag/docks/", "/tag/ports/"],
)  # fmt: skip
def test_no_redirect_stands_where_a_page_lives_or_nobody_comes(path):
    tags.rename(Tag.objects.create(name="Docks", slug="docks"), "Ports")
    with pytest.raises(ValidationError):
        checked_origin(path)


@pytest.mark.parametrize(
    "target",
    ["x", "//x.example/", "/\\x.example/", "/\t/x.example/", "http://x.example/", "javascript:x",
     "/%2f/x.example/", "/%5cx.example/", "https://x.example/\n", "/" + "x" * 400],
)  # fmt: skip
def test_a_redirect_leads_nowhere_unsafe(target):
    if target.endswith("\n"):
        assert checked_target(target) == "https://x.example/"
        return
    with pytest.raises(ValidationError):
        checked_target(target)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("/a/../latest/", "/latest/"), ("/l%61test/?a=1", "/latest/?a=1"), ("/a/./", "/a/"),
     ("/", "/"), (" /latest/ ", "/latest/"), ("https://x.example/a", "https://x.example/a")],
)  # fmt: skip
def test_one_address_has_one_spelling(typed, kept):
    assert checked_target(typed) == kept


def test_this_sites_own_full_address_is_a_path(settings):
    settings.SITE_URL = "https://news.example"
    assert checked_target("https://news.example/latest/") == "/latest/"
    assert checked_target("https://news.example.evil/") == "https://news.example.evil/"


def test_a_redirect_by_hand_is_followed_to_its_end_and_pulls_older_ones_along():
    by_hand("/a/", "/b/")
    by_hand("/b/", "/c/")
    by_hand("/d/", "/a/")
    assert {where_now(path) for path in ("/a/", "/b/", "/d/")} == {"/c/"}


@pytest.mark.parametrize("target", ["/a/", "/b/", "/a/?x", "/%61/"])
def test_a_circle_by_hand_is_refused(target):
    by_hand("/b/", "/a/")
    with pytest.raises(ValidationError, match="leads back"):
        by_hand("/a/", target)


def test_a_target_that_a_page_and_an_old_redirect_share_is_the_page():
    Redirect.objects.create(old_path="/latest/", new_path="/archive/")
    assert checked_target("/latest/") == "/latest/"


def test_a_page_that_comes_to_live_at_an_old_address_is_not_shadowed(client):
    by_hand("/2026/03/04/pilots-vote/", "/latest/")
    article = make_live()
    assert client.get(article.get_absolute_url()).status_code == 200
    assert not Redirect.objects.exists()


def test_the_doors_say_the_same_as_the_table(client):
    """One sequence with everything in it, followed by a browser."""
    one, two = make_live("One"), make_live("Two")
    old = [one.get_absolute_url(), two.get_absolute_url()]
    correct(one, slug="first")
    old.append(one.get_absolute_url())
    correct(one, published_at="2026-03-01T09:00:00+00:00")
    transitions.withdraw(two, redirect_to=old[0])
    by_hand("/poster/", old[1])
    for path in (*old, "/poster/"):
        response = Client().get(path, follow=True)
        assert [status for _path, status in response.redirect_chain] == [301]
        assert response.request["PATH_INFO"] == one.get_absolute_url()
        assert response.status_code == 200
