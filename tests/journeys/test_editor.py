"""An editor's way from an empty form to a page that readers see, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article, Author, Section
from tests.factories import make_article, make_person
from tests.pages import let_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page, username: str) -> None:
    page.goto("/admin/")
    page.fill("#id_username", username)
    page.fill("#id_password", "a-pass-phrase")
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")


def test_an_editor_writes_publishes_and_withdraws(page):
    Section.objects.create(name="World", slug="world")
    Author.objects.create(name="Ada Holm", slug="ada-holm")
    make_person("editor")
    sign_in(page, "editor")
    page.goto("/admin/articles/article/add/")
    page.fill("#id_headline", "Pilots vote on Friday")
    page.fill("#id_standfirst", "Two free weekends a month.")
    body = page.get_by_role("textbox", name="Body")
    body.click()
    page.keyboard.type("The pilots vote <on> Friday & Saturday.")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+b")
    page.keyboard.type("Nobody is late.")
    page.get_by_role("combobox", name="Section").select_option(label="World")
    page.get_by_placeholder("Add an author").press_sequentially("Ada")
    page.get_by_role("option", name="Ada Holm").click()
    page.locator("[name=_save], [name=_continue]").first.click()
    expect(page.locator(".messagelist")).to_be_visible()
    article = Article.objects.get()
    assert article.body == (
        "<p>The pilots vote &lt;on&gt; Friday &amp; Saturday.</p>"
        "<p><strong>Nobody is late.</strong></p>"
    )
    assert {revision.made_by_name for revision in article.revisions.all()} == {"editor"}

    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.locator(".messagelist")).to_contain_text("is now: published")
    article.refresh_from_db()
    assert article.status == "published"
    page.goto(article.get_absolute_url())
    expect(page.locator("h1")).to_have_text("Pilots vote on Friday")
    expect(page.locator("article")).to_contain_text("The pilots vote <on> Friday & Saturday.")

    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.locator("[data-menu] summary").click()
    page.get_by_role("button", name="Withdraw").click()
    page.fill("#id_redirect_to", "/latest/")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator(".messagelist")).to_contain_text("withdrawn")
    page.goto(article.get_absolute_url())
    assert page.url.endswith("/latest/")


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
