"""Readers' pages speak the site's language, the admin that of each account."""

import pytest
from django.urls import reverse
from django.utils import translation

from articles.editorial import planning
from articles.editorial.revisions import record
from articles.models import Correction, DeskProfile, Notice, Promo, Transition
from articles.readership.rankings import rank
from tests.factories import make_article, make_person
from tests.pages import BACKEND

pytestmark = pytest.mark.django_db


@pytest.fixture
def german(client):
    """An editor whose admin is German; their browser, too, is signed in."""
    person = make_person("editor", "grete")
    DeskProfile.objects.create(user=person, language="de")
    client.force_login(person, backend=BACKEND)
    return person


@pytest.mark.parametrize(
    ("language", "direction", "words"),
    [
        ("de", "ltr", ("Zum Inhalt springen", "Titelseite", "Meistgelesen", "Min. Lesezeit")),
        ("he", "rtl", ("דילוג לתוכן", "שער", "הנקראות ביותר", "דק׳ קריאה")),
    ],
)
def test_a_site_speaks_its_language_on_every_page(client, settings, language, direction, words):
    settings.LANGUAGE_CODE = language
    article = make_article("Pilots vote", tags=("Harbours",), starting_views=7)
    article.corrections.create(note="Friday.", kind=Correction.Kind.UPDATE)
    Promo.objects.create(slug="us", title="Us", kind="contact")
    for number in (1, 2):
        # Fewer than three are no list of what is read most.
        make_article(f"Tide {number}", starting_views=number)
    rank()
    front = client.get("/").text
    for word in words:
        assert word in front, word
    for address in (
        "/", "/latest/", "/section/world/", "/tag/harbours/", "/tags/", "/author/mara-lind/",
        "/archive/", "/corrections/", "/search/?q=pilots", "/search/?q=nobody", "/nothing/",
        article.get_absolute_url(), f"{article.get_absolute_url()}changes/", "/contact/us/",
        "/contact/us/sent/",
    ):  # fmt: skip
        page = client.get(address).text
        assert f'<html lang="{language}" dir="{direction}">' in page, address
        for english in ("Skip to the content", "Most read", "min read", "Search the site", "views"):
            assert f">{english}" not in page, address


def test_an_article_of_another_language_keeps_its_own_and_the_page_its(client, settings):
    settings.LANGUAGE_CODE = "he"
    article = make_article("Pilots vote", language="en")
    page = client.get(article.get_absolute_url()).text
    assert '<article class="story__article" lang="en" dir="ltr">' in page
    assert '<html lang="he" dir="rtl">' in page


def test_numbers_and_days_are_those_of_the_language(client, settings):
    settings.LANGUAGE_CODE = "de"
    article = make_article("Pilots vote", starting_views=1234)
    page = client.get(article.get_absolute_url()).text
    assert "1.234 Aufrufe" in page
    settings.LANGUAGE_CODE = "he"
    page = client.get(article.get_absolute_url()).text
    assert "צפיות" in page


def test_readers_pages_ask_nothing_of_the_browser(client, german):
    for headers in ({"accept-language": "de"}, {}):
        page = client.get("/", headers=headers)
        assert '<html lang="en" dir="ltr">' in page.text
        assert "Language" not in page.get("Vary", "")


def test_the_admin_speaks_the_language_of_the_account(client, german):
    today = client.get(reverse("admin:index")).text
    assert '<html lang="de"' in today
    assert "<title>Heute · " in today
    # The same process answers readers next.
    assert '<html lang="en"' in client.get("/").text
    DeskProfile.objects.update(language="he")
    today = client.get(reverse("admin:index")).text
    assert '<html lang="he" dir="rtl"' in " ".join(today.split())
    assert "<title>היום · " in today


def test_an_account_without_a_choice_has_the_sites_language(client, german, settings):
    settings.LANGUAGE_CODE = "he"
    DeskProfile.objects.update(language="")
    assert 'lang="he"' in client.get(reverse("admin:index")).text
    DeskProfile.objects.update(language="xx-gone")
    assert 'lang="he"' in client.get(reverse("admin:index")).text


def test_everybody_chooses_on_their_own_page(client, german):
    address = reverse("admin:desk_profile")
    page = client.get(address).text
    for name in ("Deutsch", "English", "עברית"):
        assert name in page
    told = client.post(address, {"language": "he", "email": "g@example.org"}, follow=True)
    assert DeskProfile.objects.get().language == "he"
    assert "נשמר." in told.text
    assert client.post(address, {"language": "tlh"}).status_code == 200
    assert DeskProfile.objects.get().language == "he"


def test_scripts_of_the_admin_get_their_words_too(client, german):
    words = client.get(reverse("admin:jsi18n")).text
    assert "Aufz\\u00e4hlung" in words


def test_a_preview_speaks_to_readers(client, german):
    article = make_article("Pilots vote")
    record(article)
    page = client.get(reverse("admin:articles_article_preview", args=[article.pk])).text
    assert '<html lang="en"' in page
    assert "min read" in page


def test_what_is_kept_for_others_is_in_the_sites_language(german):
    article, writer = make_article("Pilots vote", status="draft"), make_person("writer", "wren")
    record(article)
    with translation.override("de"):
        planning.plan(article, by=german, assignee=writer)
    assert Transition.objects.get().note == "Assigned to wren."
    assert Notice.objects.get(person=writer).text == "Assigned to wren."
