"""What the writing screen looks up: articles, pages of other sites, related stories, tags."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from articles.admin import lookups
from articles.editorial import tags, transitions
from articles.editorial.revisions import record, working_data
from articles.fetching.web import Fetched, NotFetched
from articles.models import Article, DeskProfile, Redirect, Tag
from tests.factories import make_article, make_author, make_person, make_section
from tests.pages import values_of

pytestmark = pytest.mark.django_db


def address(name: str) -> str:
    return reverse(f"admin:articles_article_lookup_{name}")


def found(client: Any, **query: Any) -> list[str]:
    answer = client.get(address("articles"), query).json()
    return [line["headline"] for line in answer["results"]]


@pytest.fixture
def editor(as_role: Any) -> Any:
    return as_role("editor")


# --- articles ------------------------------------------------------------------------------------


def test_headlines_that_begin_with_the_words_come_first_then_the_newest(editor):
    now = timezone.now()
    for days, headline in enumerate(
        ["A vote of pilots", "Pilots vote", "No vote", "Autopilots voted", "Pilots: a vote"]
    ):
        make_article(headline, published_at=now - timedelta(days=days + 1))
    assert found(editor, q="pilots") == [
        "Pilots vote", "Pilots: a vote", "A vote of pilots", "Autopilots voted",
    ]  # fmt: skip
    assert found(editor, q="vote PILOTS") == [
        "A vote of pilots", "Pilots vote", "Autopilots voted", "Pilots: a vote",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headline", "query"),
    [
        ("Лоцманы голосуют", "ЛОЦМ"),
        ("Ærø’s ferry", "æRØS"),
        ("水先人が投票する", "投票"),
        ("100 % of “pilots”", "100 pilots"),
    ],
)
def test_case_quotes_and_script_hide_no_headline(editor, headline, query):
    make_article(headline)
    assert found(editor, q=query) == [headline]


@pytest.mark.parametrize("query", ["", " ", "%", "_", "\x00", "'\"", "zzz", "/", "//x", "http://["])
def test_a_query_without_words_finds_nothing(editor, query):
    make_article("Pilots vote")
    assert found(editor, q=query) == []


def test_an_answer_holds_what_a_line_shows_and_at_most_ten(editor):
    for number in range(12):
        make_article(f"Pilots {number}", status="draft")
    live = make_article("Pilots vote", section=make_section("World"))
    results = editor.get(address("articles"), {"q": "pilots v"}).json()["results"]
    assert results[0] | {"day": ""} == {
        "id": live.pk,
        "uid": str(live.uid),
        "headline": "Pilots vote",
        "address": live.get_absolute_url(),
        "status": "published",
        "state": "Published",
        "date": timezone.localdate(live.published_at).isoformat(),
        "day": "",
        "byline": "Mara Lind",
        "section": "World",
        "language": "English",
    }
    many = editor.get(address("articles"), {"q": "pilots"}).json()["results"]
    assert len(many) == 10
    assert {line["address"] for line in many if line["status"] == "draft"} == {""}


def test_an_article_is_found_by_every_address_it_has_or_had(editor, settings):
    article = make_article("Pilots vote", slug="pilots")
    Redirect.objects.create(old_path="/old/", new_path=article.get_absolute_url())
    Redirect.objects.create(old_path="/gone/", new_path="")
    path = article.get_absolute_url()
    change = reverse("admin:articles_article_change", args=[article.pk])
    for pasted in (
        path, settings.SITE_URL + path, f"http://testserver{path}?utm_source=x#part", "/old/",
        f"{settings.SITE_URL}/old/", change, f"{settings.SITE_URL}{change}",
    ):  # fmt: skip
        assert found(editor, q=pasted) == ["Pilots vote"], pasted
        answer = editor.post(address("page"), {"url": pasted}).json()
        assert (answer["id"], answer["address"]) == (article.pk, path), pasted
    for pasted in ("/gone/", "/latest/", "/nowhere/", "/2026/13/45/x/", "/admin/"):
        assert found(editor, q=pasted) == []


def test_the_article_itself_and_chosen_ones_can_be_left_out(editor):
    one, two = make_article("Pilots one"), make_article("Pilots two")
    assert found(editor, q="pilots", **{"not": one.pk}) == ["Pilots two"]
    assert found(editor, q="pilots", **{"not": f"{one.pk},{two.pk},x,²"}) == []
    assert set(found(editor, ids=f"{one.pk},{two.pk}")) == {"Pilots one", "Pilots two"}


def test_a_search_shows_no_article_that_a_person_may_not_see(sign_in):
    secret = make_article(
        "Nobody may know",
        status="draft",
        embargo_until=timezone.now() + timedelta(days=1),
        section=make_section("Politics"),
        tags=("Ports",),
    )
    elsewhere = make_person("editor", "elsewhere")
    DeskProfile.objects.create(user=elsewhere).sections.add(make_section("Sport"))
    change = reverse("admin:articles_article_change", args=[secret.pk])
    mine = make_person("writer", "own")
    make_author("Mara Lind").__class__.objects.filter(name="Mara Lind").update(user=mine)
    for person, sees in (
        (make_person("writer"), False),
        (elsewhere, False),
        (make_person("editor"), True),
        (mine, True),
    ):
        client = sign_in(person)
        for query in ({"q": "nobody"}, {"ids": secret.pk}, {"q": change}):
            assert (found(client, **query) == ["Nobody may know"]) is sees, (person, query)
        page = client.post(address("page"), {"url": change})
        assert ("Nobody may know" in page.text) is sees
        assert (client.get(address("related"), {"id": secret.pk}).status_code == 200) is sees


def test_a_search_asks_five_questions(editor, django_assert_max_num_queries):
    for number in range(30):
        make_article(f"Pilots {number}", author=make_author(f"Author {number}"))
    # And one each for session, account, and the two kinds of permissions.
    with django_assert_max_num_queries(9):
        editor.get(address("articles"), {"q": "pilots"})


# --- pages of other sites ------------------------------------------------------------------------

PAGE = (
    b'<html><head><meta property="og:title" content="Pilots vote">'
    b'<meta property="og:site_name" content="The Example">'
    b'<meta name="author" content="Mara Lind">'
    b'<meta property="article:published_time" content="2026-11-12T08:00Z"></head></html>'
)


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses that were fetched; each holds `PAGE`."""
    asked: list[str] = []

    def fetch(address: str) -> Fetched:
        asked.append(address)
        if "broken" in address:
            raise NotFetched("That site cannot be reached.")
        return Fetched(address, PAGE, "utf-8")

    monkeypatch.setattr(lookups, "fetch", fetch)
    cache.clear()
    return asked


def test_a_pasted_address_is_filled_in(editor, fetched):
    answer = editor.post(address("page"), {"url": " example.org/pilots?utm_source=x "})
    assert answer.json() == {
        "title": "Pilots vote",
        "source": "The Example",
        "author": "Mara Lind",
        "date": "2026-11-12",
        "address": "https://example.org/pilots",
        "id": None,
        "uid": "",
    }


def test_an_address_of_this_site_is_never_fetched(editor, fetched):
    editor.post(address("page"), {"url": make_article("Pilots").get_absolute_url()})
    assert fetched == []


def test_a_page_that_cannot_be_read_is_answered_with_a_sentence(editor, fetched):
    answer = editor.post(address("page"), {"url": "https://broken.example/"})
    assert (answer.status_code, answer.json()) == (422, {"error": "That site cannot be reached."})


@pytest.mark.parametrize("url", ["", "x", "http://127.0.0.1:1/", "http://[", "file:///etc/passwd"])
def test_what_is_no_public_page_is_refused(editor, url):
    cache.clear()
    answer = editor.post(address("page"), {"url": url})
    assert answer.status_code == 422
    assert answer.json()["error"].endswith((".", "…"))


def test_one_person_reads_so_many_pages_a_minute_and_no_more(as_role, fetched, settings):
    settings.NEWSROOM = {"PAGES_A_MINUTE": 3}
    one, other = as_role("editor"), as_role("writer")
    page = {"url": "https://example.org/"}
    statuses = [one.post(address("page"), page).status_code for _number in range(5)]
    assert statuses in ([200, 200, 200, 429, 429], [200, 200, 200, 200, 200])  # a minute went by
    assert other.post(address("page"), page).status_code == 200


def test_a_page_is_read_for_a_post_with_its_token_only(fetched, sign_in):
    client = sign_in(make_person("editor"))
    assert client.get(address("page")).status_code == 405
    client.handler.enforce_csrf_checks = True
    assert client.post(address("page"), {"url": "https://example.org/"}).status_code == 403
    assert fetched == []


# --- tags ----------------------------------------------------------------------------------------


def take_away_new_tags(person: Any) -> None:
    permission = Permission.objects.get(content_type__app_label="articles", codename="add_tag")
    person.groups.get().permissions.remove(permission)


def test_tags_are_found_by_any_name_they_have_or_had_with_their_articles_counted(editor):
    make_article("One", tags=("Lugansk", "Luxury"))
    make_article("Two", tags=("Lugansk", "Pollution"))
    tags.rename(Tag.objects.get(name="Lugansk"), "Luhansk")
    answer = editor.get(address("tags"), {"q": "lu"}).json()
    assert answer == {
        "results": [
            {"name": "Luhansk", "count": 2, "former": ""},
            {"name": "Luxury", "count": 1, "former": ""},
            {"name": "Pollution", "count": 1, "former": ""},
        ],
        "may_create": True,
    }
    answer = editor.get(address("tags"), {"q": "luga"}).json()
    assert answer["results"] == [{"name": "Luhansk", "count": 2, "former": "Lugansk"}]
    assert editor.get(address("tags"), {"q": "\x00"}).json()["results"] == []


def test_whoever_may_not_create_tags_is_told_which_are_unknown(sign_in):
    person = make_person("editor")
    take_away_new_tags(person)
    client = sign_in(person)
    article = make_article("Pilots vote", status="draft", tags=("Ports", "Docks"))
    tags.rename(Tag.objects.get(name="Docks"), "Quays")
    record(article)
    assert client.get(address("tags"), {"q": "x"}).json()["may_create"] is False
    page = reverse("admin:articles_article_change", args=[article.pk])
    response = client.get(page)
    data = values_of(response, "article_form")
    response = client.post(page, {**data, "tags": "Ports, Brand new"})
    assert "You may not create tags: Brand new." in response.text
    assert not Tag.objects.filter(name="Brand new").exists()
    assert "Brand new" not in working_data(article)["tags"]
    # Known by today's name, whatever its case, or by a former one.
    response = client.post(page, {**data, "tags": "pORTS, Docks"})
    assert response.status_code == 302
    assert set(working_data(Article.objects.get())["tags"]) == {"Ports", "Quays"}


def test_a_tag_of_the_working_copy_may_stay_though_nobody_may_create_it(sign_in):
    article = make_article("Pilots vote", status="draft")
    record(article)
    transitions.publish(article)
    record(article, {**working_data(article), "tags": ["Waiting"]})
    person = make_person("editor")
    take_away_new_tags(person)
    client = sign_in(person)
    page = reverse("admin:articles_article_change", args=[article.pk])
    data = values_of(client.get(page), "article_form")
    assert data["tags"][0].rstrip(",") == "Waiting"
    assert client.post(page, {**data, "tags": "Waiting"}).status_code == 302


@pytest.mark.parametrize("name", ["articles", "page", "related", "tags", "hints"])
def test_nobody_looks_anything_up_without_an_account(client, name):
    for method in (client.get, client.post):
        assert reverse("admin:login") in method(address(name)).headers.get("Location", "")
