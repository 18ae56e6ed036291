"""What an editor and a writer may do with a story, in a real browser."""

import pytest
from playwright.sync_api import expect

from articles.models import Article, Author
from tests.factories import make_article, make_person
from tests.pages import let_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.proof
def test_a_change_of_a_live_story_waits_until_it_is_published_as_what_it_is(page):
    article = make_article("Pilots vote on Thursday")
    let_in(page, make_person("editor"))
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.fill("#id_headline", "Pilots vote on Friday")
    page.locator("[name=_continue]").first.click()
    expect(page.locator(".writing-bar")).to_contain_text("Changes not published")
    page.goto(article.get_absolute_url())
    expect(page.locator("h1")).to_have_text("Pilots vote on Thursday")

    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.get_by_role("button", name="Publish changes").click()
    page.get_by_role("link", name="See what will change").click()
    expect(page.locator("ins", has_text="Friday").first).to_be_visible()
    page.go_back()
    page.get_by_label("Correction: something was wrong").check()
    page.fill("#id_note", "The vote is on Friday, not on Thursday.")
    page.get_by_role("button", name="Publish changes").click()
    expect(page.locator(".messagelist")).to_contain_text("published")
    page.goto(article.get_absolute_url())
    expect(page.locator("h1")).to_have_text("Pilots vote on Friday")
    expect(page.locator("#corrections")).to_contain_text("The vote is on Friday, not on Thursday.")


@pytest.mark.proof
def test_a_writer_finds_no_way_to_publish(page):
    writer = make_person("writer")
    Author.objects.create(name="Ada Holm", slug="ada-holm", user=writer)
    let_in(page, writer)
    page.goto("/admin/articles/article/add/")
    page.fill("#id_headline", "A draft")
    page.locator("[name=_save], [name=_continue]").first.click()
    expect(page.locator(".messagelist")).to_be_visible()
    article = Article.objects.get()
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    expect(page.get_by_role("button", name="Submit")).to_be_visible()
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
