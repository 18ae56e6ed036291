"""Translations of an article: a group whose members lead to each other, each language once."""

import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from articles.editorial import transitions
from articles.editorial.revisions import record, restore
from articles.editorial.translations import link, translations_of, unlink
from articles.models import Article, Section, Translation
from tests.desk.people import draft_of, person
from tests.factories import HIDDEN_STATES, make_article, make_hidden, part_of_sitemap
from tests.pages import BACKEND

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    texts = (("en", "One"), ("de", "Zwei"), ("he", "שלוש"))
    return [make_article(headline, language=language) for language, headline in texts]


def alternates(client, article):
    page = client.get(article.get_absolute_url()).text
    found = re.findall(
        r'<link rel="alternate" hreflang="([^"]+)" href="[^"]*?//[^/]+([^"]+)">', page
    )
    return dict(found)


def names(article):
    return [other.headline for other in translations_of(article)]


def test_all_of_a_group_lead_to_each_other_whoever_was_linked_with_whom(client, three):
    one, two, three_ = three
    link(one, two)
    link(three_, two)
    link(one, three_)
    addresses = {article.language: article.get_absolute_url() for article in three}
    for article in three:
        assert alternates(client, article) == {**addresses, "x-default": addresses["en"]}
        page = client.get(article.get_absolute_url()).text
        said = page[page.index("Also in:") :]
        for other in three:
            shown = f'hreflang="{other.language}" lang=' in said
            assert shown is (other is not article)
    assert '"workTranslation"' in page
    sitemap = client.get(part_of_sitemap(three[0])).text
    assert sitemap.count('hreflang="he"') == 3


def test_without_one_in_the_sites_language_the_first_to_come_out_is_the_default(
    client, three, settings
):
    settings.LANGUAGE_CODE = "fr"
    for article in three[1:]:
        link(three[0], article)
    Article.objects.filter(pk=three[2].pk).update(published_at="2020-01-01T00:00Z")
    for article in three:
        assert alternates(client, article)["x-default"] == three[2].get_absolute_url()


@pytest.mark.parametrize("state", HIDDEN_STATES)
def test_readers_are_led_to_public_ones_alone(client, three, state):
    hidden = make_hidden(state, "Nobody may know", language="fr", slug="secret")
    link(three[0], three[1])
    link(three[0], hidden)
    page = client.get(three[0].get_absolute_url()).text
    assert "Zwei" in page
    for address in (three[0].get_absolute_url(), part_of_sitemap(three[0])):
        text = client.get(address).text
        assert "Nobody may know" not in text
        assert "secret" not in text
        assert 'hreflang="fr"' not in text


def test_one_alone_is_said_to_have_no_translation(client, three):
    link(three[0], three[1])
    unlink(three[1])
    assert not Translation.objects.exists()
    assert alternates(client, three[0]) == {}
    assert "Also in:" not in client.get(three[0].get_absolute_url()).text


def test_a_group_has_one_article_of_each_language(three):
    link(three[0], three[1])
    other = make_article("Noch eins", language="de")
    with pytest.raises(ValidationError, match="Deutsch"):
        link(three[0], other)
    with pytest.raises(ValidationError, match="itself"):
        link(other, other)
    assert names(three[0]) == ["Zwei"]
    link(other, three[2])
    with pytest.raises(ValidationError, match="Deutsch"):
        link(three[2], three[0])


def test_a_language_that_changes_is_followed_and_never_stops_a_save(three):
    link(three[0], three[1])
    draft = make_article("Un", status="draft", language="fr")
    link(three[0], draft)
    draft.refresh_from_db()
    draft.language = "es"
    draft.save()
    assert Translation.objects.get(article=draft).language == "es"
    draft.language = "de"
    draft.save()
    assert not Translation.objects.filter(article=draft).exists()
    assert names(three[0]) == ["Zwei"]


def test_every_member_has_a_line_in_its_timeline(three):
    for article in three[1:]:
        link(three[0], article)
    for article in three:
        line = article.transitions.order_by("-number").first()
        assert line.verb == "translate"
        for other in three:
            assert (f"“{other.headline}”" in line.note) is (other is not article)
    link(three[0], three[1])
    assert three[0].transitions.count() == 2


def test_no_revision_knows_of_it(three):
    revision = record(three[0])
    link(three[0], three[1])
    restore(three[0], revision.number)
    assert names(three[0]) == ["Zwei"]
    assert not three[0].has_changes_waiting


def test_what_readers_see_is_linked_by_who_may_publish_it_and_drafts_by_who_writes_them(three):
    writer, editor = person("writer", "wren"), person("editor", "edda")
    mine, other = draft_of(writer, "Mine", language="fr"), draft_of(writer, "Other", language="es")
    link(mine, other, by=writer)
    for one, another in ((mine, three[0]), (three[0], mine)):
        with pytest.raises(PermissionDenied):
            link(one, another, by=writer)
    link(mine, three[0], by=editor)
    elsewhere = person("editor", "elsa", Section.objects.create(name="Sea", slug="sea"))
    with pytest.raises(PermissionDenied):
        unlink(three[0], by=elsewhere)
    transitions.submit(mine, by=writer)
    assert len(names(three[0])) == 2


def test_it_is_linked_from_the_panel_and_without_a_script(client, three):
    client.force_login(person("editor", "edda"), backend=BACKEND)
    address = reverse("admin:articles_article_translations", args=[three[0].pk])
    part = client.post(f"{address}?part", {"other": three[1].pk})
    assert part.status_code == 200
    assert "Zwei" in part.text
    assert "<html" not in part.text
    page = client.post(address, {"other": three[2].get_absolute_url()}, follow=True)
    assert "שלוש" in page.text
    wrong = client.post(f"{address}?part", {"other": make_article("Two", language="de").pk})
    assert wrong.status_code == 422
    assert "Deutsch" in wrong.text
    for nonsense in ("", "0", "99999999999999999999", "https://elsewhere.example/", "\x00", "/"):
        assert client.post(f"{address}?part", {"other": nonsense}).status_code == 422, nonsense
    form = client.get(reverse("admin:articles_article_change", args=[three[0].pk])).text
    assert "Deutsch, עברית" in form
    client.post(address, {"unlink": "1"})
    assert names(three[0]) == []
    assert names(three[1]) == ["שלוש"]
