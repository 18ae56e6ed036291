"""The writing screen: what stands around the text, for whom, in each state."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from articles.admin.writing import PICTURES_LISTED
from articles.editorial import transitions
from articles.editorial.revisions import record, working_data
from articles.models import Image
from tests.doors.admin.test_article_form import address_of, save
from tests.factories import make_article, make_author, make_image, make_person, make_section
from tests.pages import values_of


@pytest.fixture
def editor(as_role):
    return as_role("editor")


def screen(client, article):
    return html.fromstring(client.get(address_of(article)).text)


def at(name, article):
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def _frames(answer):
    """What the answer's policy lets stand in frames."""
    parts = answer["Content-Security-Policy"].split("; ")
    return next((part for part in parts if part.startswith("frame-src")), "")


def next_step(page):
    return [button.text_content() for button in page.xpath("//button[@data-next]")]


def other_steps(page):
    found = page.xpath("//details[@data-menu]//button[@name='_verb']")
    return [button.get("value") for button in found]


@pytest.mark.parametrize(
    ("status", "role", "label"),
    [
        ("draft", "editor", "Publish"),
        ("in_review", "editor", "Approve"),
        ("approved", "editor", "Publish"),
        ("withdrawn", "editor", "Publish"),
        ("published", "editor", None),
    ],
)
def test_one_step_is_the_next_and_the_others_stand_in_the_menu(as_role, status, role, label):
    article = make_article(status=status)
    page = screen(as_role(role), article)
    assert next_step(page) == ([label] if label else [])
    offered = page.xpath("//button[@name='_verb']/@value")
    assert set(other_steps(page)) <= set(offered)
    # Each step has one button in the bar, so that nobody wonders which of two is meant.
    in_bar = page.xpath("//div[@class='writing-bar']//button[@name='_verb']/@value")
    assert len(in_bar) == len(set(in_bar))


def test_a_writers_next_step_is_to_hand_in(sign_in):
    writer = make_person("writer")
    article = make_article(status="draft", author=make_author("Wren", user=writer))
    page = screen(sign_in(writer), article)
    assert next_step(page) == ["Submit for review"]
    assert not page.xpath("//button[@data-next]/@data-asks")


def test_changes_of_a_live_article_are_the_next_thing_to_publish(editor):
    article = make_article()
    save(editor, article, headline="A new headline")
    page = screen(editor, article)
    assert next_step(page) == ["Publish changes"]
    assert page.xpath("//a[contains(@class, 'state-waiting')]")


def test_a_step_that_readers_notice_is_marked_as_one_to_ask_about(editor):
    page = screen(editor, make_article(status="approved"))
    assert page.xpath("//button[@data-next][@data-asks]/@value") == ["publish"]


def test_the_first_button_of_the_form_saves(editor):
    page = screen(editor, make_article(status="draft"))
    submits = page.get_element_by_id("article_form").xpath(".//button[@type='submit']")
    assert submits[0].get("name") == "_continue"


def test_a_finding_leads_to_its_words(editor):
    article = make_article(
        status="draft", body="<p>Rain fell. On , a vote was held in the hall of the town.</p>"
    )
    page = screen(editor, article)
    (jump,) = page.xpath("//*[@id='gate-panel']//a[@data-jump='body']")
    assert jump.get("href") == "#id_body"
    assert "On , a vote was held" in jump.get("data-excerpt")
    # The excerpt is the article's own, letter for letter: the screen looks for it.
    assert jump.get("data-excerpt") in "Rain fell. On , a vote was held in the hall of the town."


def test_every_finding_leads_to_a_place_that_the_form_has(editor):
    article = make_article(status="draft")
    data = working_data(article)
    empty = {"headline": "", "standfirst": "", "body": "", "section": None, "byline": []}
    record(article, {**data, **empty, "seo_title": "TK " * 30})
    page = screen(editor, article)
    places = page.xpath("//*[@id='gate-panel']//a/@href")
    assert len(places) >= 5
    for place in places:
        assert page.xpath(f"//*[@id='{place[1:]}']"), place


def test_an_open_gate_says_so(editor):
    page = screen(editor, make_article(status="approved", standfirst="What was decided, in brief."))
    assert "Ready to publish" in page.get_element_by_id("gate-panel").text_content()


def test_every_field_of_the_form_stands_on_the_screen_once(editor):
    article = make_article(status="draft", picture=make_image())
    answer = editor.get(address_of(article))
    page = html.fromstring(answer.text)
    for name in answer.context["adminform"].form.fields:
        found = page.xpath(f"//form[@id='article_form']//*[@name='{name}']")
        assert len(found) == 1, name


def test_a_group_says_in_a_line_what_it_holds(editor):
    section = make_section("Politics")
    article = make_article(
        status="draft", section=section, tags=("Ports", "Tolls"), author=make_author("Ada Holm")
    )
    page = screen(editor, article)

    def value(group):
        (found,) = page.xpath(f"//details[@data-group='{group}']/summary//*[@data-value]")
        return found.text_content().strip()

    assert value("byline") == "Ada Holm"
    assert value("section") == "Politics"
    assert value("tags") == "Ports, Tolls"
    assert value("address") == article.slug


def test_a_group_with_an_error_stands_open(editor):
    article = make_article(status="draft")
    page = html.fromstring(save(editor, article, seo_title="x" * 200).text)
    (group,) = page.xpath("//details[@data-group='address']")
    assert "open" in group.attrib
    assert group.xpath(".//ul[contains(@class, 'errorlist')]")


def test_whoever_may_only_read_gets_no_button_and_the_whole_story(as_role):
    article = make_article("Pilots vote", body="<p>One <strong>tide</strong>.</p>")
    page = screen(as_role("writer"), article)
    assert "You can read this article" in page.text_content()
    assert not page.xpath("//button[@name='_continue' or @name='_verb']")
    assert page.xpath("//*[contains(@class, 'field-body_as_read')]//strong[text()='tide']")
    assert page.xpath("//a[@data-preview-toggle]")


def test_a_new_article_has_nothing_to_step_to_yet(editor):
    page = html.fromstring(editor.get(reverse("admin:articles_article_add")).text)
    assert page.xpath("//*[@data-welcome]")
    assert not page.xpath("//button[@name='_verb']")
    assert page.xpath("//textarea[@id='id_headline']/@placeholder")
    assert page.xpath("//*[@data-card-headline]")


def test_what_was_said_with_the_last_step_is_before_the_writers_eyes(sign_in):
    writer, editor = make_person("writer"), make_person("editor")
    article = make_article(status="in_review", author=make_author("Wren", user=writer))
    transitions.send_back(article, by=editor, note="Who said this?")
    page = screen(sign_in(writer), article)
    assert "Who said this?" in page.get_element_by_id("panel").text_content()


def test_a_time_chosen_beside_the_text_comes_along_to_the_step(editor):
    article = make_article(status="approved")
    data = values_of(editor.get(address_of(article)), "article_form")
    moment = f"{timezone.localtime() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    sent = {**data, "headline": "Changed first", "_verb": "schedule", "_at": moment}
    asked = editor.post(address_of(article), sent, follow=True)
    assert values_of(asked, "step_form")["at"] == [moment]
    article.refresh_from_db()
    assert (article.status, article.headline) == ("approved", "Changed first")


def test_who_may_not_publish_is_offered_no_time(sign_in):
    writer = make_person("writer")
    article = make_article(status="draft", author=make_author("Wren", user=writer))
    assert not screen(sign_in(writer), article).xpath("//input[@name='_at']")


def test_the_drawer_shows_steps_and_revisions_with_ways_to_compare_and_restore(editor):
    article = make_article(status="draft")
    for number in range(3):
        record(article, {**working_data(article), "headline": f"Headline {number}"})
    transitions.approve(article, note="Good.")
    page = html.fromstring(editor.get(at("drawer", article)).text)
    assert "Good." in page.text_content()
    newest = article.revisions.count()
    numbers = page.xpath("//button[@name='number']/@value")
    assert numbers == [str(number) for number in range(newest - 1, 0, -1)]
    assert page.xpath(f"//a[@href='{at('compare', article)}?from=1&to=working']")


def test_the_drawer_costs_the_same_with_a_long_history(editor):
    article = make_article(status="draft")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(at("drawer", article)).status_code == 200
        return len(queries)

    record(article, {**working_data(article), "headline": "Headline"})
    cost()
    few = cost()
    for number in range(40):
        record(article, {**working_data(article), "headline": f"Headline {number}"})
    assert cost() == few
    page = html.fromstring(editor.get(at("drawer", article)).text)
    assert "All steps and revisions" in page.text_content()


def test_an_embargoed_article_opens_no_drawer(as_role):
    article = make_article(status="draft", embargo_until=timezone.now() + timedelta(days=1))
    writer = as_role("writer")
    assert writer.get(at("drawer", article)).status_code == 404
    assert writer.post(at("drawer", article)).status_code == 405


def test_the_preview_may_stand_in_a_frame_of_our_own_and_nothing_else_may(editor, client):
    article = make_article()
    preview = editor.get(at("preview", article))
    assert preview["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in preview["Content-Security-Policy"]
    form = editor.get(address_of(article))
    assert form["X-Frame-Options"] == "DENY"
    assert "frame-src 'self'" in form["Content-Security-Policy"]
    for answer in (form, client.get(article.get_absolute_url())):
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "'self'" not in _frames(client.get(article.get_absolute_url()))


def test_beside_its_text_the_preview_needs_no_bar(editor):
    article = make_article()
    assert "preview-bar" in editor.get(at("preview", article)).text
    assert 'class="preview-bar"' not in editor.get(f"{at('preview', article)}?beside=1").text


def test_the_picture_list_is_short_and_holds_the_chosen_one(editor):
    chosen = make_image()
    Image.objects.bulk_create(
        Image(title=f"Picture {number}", file="images/x.jpg") for number in range(PICTURES_LISTED)
    )
    page = screen(editor, make_article(status="draft", picture=chosen))
    keys = page.xpath("//select[@name='picture']/option/@value")
    assert len(keys) == PICTURES_LISTED + 2  # the empty one, too
    assert page.xpath("//select[@name='picture']/option[@selected]/@value") == [str(chosen.pk)]


def test_a_picture_that_the_list_does_not_show_can_be_chosen(editor):
    old = make_image()
    Image.objects.bulk_create(
        Image(title=f"Picture {number}", file="images/x.jpg") for number in range(PICTURES_LISTED)
    )
    article = make_article(status="draft")
    save(editor, article, picture=old.pk)
    article.refresh_from_db()
    assert article.picture == old


def test_the_screen_loads_nothing_that_it_does_not_use(editor):
    page = screen(editor, make_article(status="draft"))
    loaded = " ".join(page.xpath("//script/@src | //link[@rel='stylesheet']/@href"))
    for unused in ("select2", "xregexp", "actions", "urlify", "inlines", "lists.css", "today.css"):
        assert unused not in loaded, unused
    assert "articles/admin/writing" in loaded
