"""Writing together, and through every mishap: each typed sentence is there afterwards."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from articles.editorial.revisions import record, working_copy, working_data
from articles.models import Article, Conflict
from tests.factories import make_article, make_person
from tests.pages import let_in
from tests.servers import Server, site_on_the_engine_of_this_run

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

FIRST, SECOND = "The vote closes on Friday.", "Nobody is late."
BODY = f"<p>{FIRST}</p><p>{SECOND}</p>"


def sign_in(page, username):
    page.goto("/admin/")
    page.fill("#id_username", username)
    page.fill("#id_password", "a-pass-phrase")
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")


class Desk:
    """One person's browser with an article open."""

    def __init__(self, browser, site, username, article=None):
        self.context = browser.new_context(
            viewport={"width": 1280, "height": 900}, base_url=getattr(site, "url", "")
        )
        self.page = self.context.new_page()
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        if isinstance(site, Server):
            # Its accounts are in a database of its own.
            sign_in(self.page, username)
        else:
            let_in(self.page, User.objects.get(username=username))
        if article:
            self.open(article)

    def open(self, article) -> Page:
        self.page.goto(f"/admin/articles/article/{article.pk}/change/")
        expect(self.body).to_be_visible()
        return self.page

    @property
    def body(self):
        return self.page.get_by_role("textbox", name="Body")

    @property
    def state(self):
        return self.page.locator("[data-save-state]")

    def write_after(self, sentence, words):
        """Put the cursor behind a sentence of the body, and type."""
        self.page.evaluate(
            """(sentence) => {
              const editor = document.querySelector(".ProseMirror").editor;
              let found = null;
              editor.state.doc.descendants((node, at) => {
                const i = node.isText ? node.text.indexOf(sentence) : -1;
                if (i >= 0) found = at + i + sentence.length;
              });
              editor.commands.setTextSelection(found);
              editor.view.focus();
            }""",
            sentence,
        )
        self.page.keyboard.type(words)

    def is_saved(self, patience=15_000):
        expect(self.state).to_have_attribute("data-state", "saved", timeout=patience)

    def is_kept(self):
        expect(self.state).to_have_attribute("data-state", "kept", timeout=12_000)

    def looks(self):
        """Come back to the tab: what others wrote is asked for at once."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.fixture
def article():
    return make_article(status="draft", body=BODY)


@pytest.fixture
def desk(browser, live_server):
    opened = []

    def desk(username, article=None):
        opened.append(Desk(browser, live_server, username, article))
        return opened[-1]

    yield desk
    errors = [error for one in opened for error in one.errors]
    for one in opened:
        one.context.close()
    assert errors == []


def text_of(article):
    return working_copy(Article.objects.get(pk=article.pk)).body


@pytest.mark.proof
def test_two_people_write_in_different_paragraphs_and_see_each_other(desk, article):
    make_person("editor", "ann")
    make_person("editor", "Ben")
    ann, ben = desk("ann", article), desk("Ben", article)
    ben.write_after(SECOND, " Ben was here.")
    ben.is_saved()
    ann.write_after(FIRST, " Ann begins.")
    # The next beat of Ann's screen may be seconds away; a save is not.
    expect(ann.body).to_contain_text("Ben was here.", timeout=12_000)
    expect(ann.page.locator("[data-presence]")).to_contain_text("Ben")
    expect(ann.state).to_have_attribute("data-state", "merged")
    expect(ann.state).to_contain_text("Ben")
    # The cursor is where it was: typing goes on in the same sentence.
    ann.page.keyboard.type(" Ann goes on.")
    ann.is_saved()
    ben.looks()
    expect(ben.body).to_contain_text("Ann goes on.", timeout=20_000)
    assert text_of(article) == (
        f"<p>{FIRST} Ann begins. Ann goes on.</p><p>{SECOND} Ben was here.</p>"
    )


def test_the_same_words_changed_by_two_are_put_side_by_side_and_chosen(desk, article):
    make_person("editor", "ann")
    make_person("editor", "Ben")
    ann, ben = desk("ann", article), desk("Ben", article)
    for one, word in ((ann, "Monday"), (ben, "Sunday")):
        one.page.evaluate(
            """(word) => {
              const editor = document.querySelector(".ProseMirror").editor;
              const html = editor.getHTML().replace("Friday", word);
              editor.commands.setContent(html, { emitUpdate: true });
            }""",
            word,
        )
        one.page.keyboard.press("Shift")
        one.write_after(SECOND, f" {word} it is, says {word}.")
    for one in (ben, ann):
        one.page.wait_for_timeout(2500)
        one.looks()
    expect(ann.body).to_contain_text("says Sunday.", timeout=20_000)
    expect(ben.body).to_contain_text("says Monday.", timeout=20_000)
    expect(ben.page.locator("[data-presence]")).to_contain_text("ann")
    panel = ben.page.locator(".sync-conflict")
    expect(panel).to_be_visible(timeout=20_000)
    expect(panel.locator(".sync-side")).to_have_count(2)
    # Each version stands in its sentence, and what differs is marked.
    for words, day in zip(panel.locator("blockquote").all(), ("Sunday", "Monday"), strict=True):
        expect(words).to_contain_text(f"The vote closes on {day}")
        expect(words.locator("mark").first).to_contain_text(day)
    expect(ben.state).to_have_attribute("data-state", "needs-you")
    panel.get_by_role("button", name="Keep mine").click()
    expect(panel).to_have_count(0)
    ann.looks()
    expect(ann.page.locator(".sync-conflict")).to_have_count(0, timeout=20_000)
    text = " ".join(text_of(article).split())
    assert ("closes on Sunday" in text, "closes on Monday" in text) == (True, False)
    assert "Monday it is, says Monday." in text
    assert "Sunday it is, says Sunday." in text
    assert Conflict.objects.get().settled_at
    # What was not chosen is in the history.
    kept = list(article.revisions.values_list("snapshot__body", flat=True))
    assert any("closes on Monday" in body for body in kept)


def test_what_is_typed_while_the_network_is_away_is_kept_and_saved_later(desk, article):
    make_person("editor", "ann")
    ann = desk("ann", article)
    ann.context.set_offline(True)
    ann.write_after(FIRST, " Typed on a train.")
    ann.is_kept()
    assert "train" not in text_of(article)
    # A button does nothing now, and the line says why.
    ann.page.get_by_role("button", name="Save", exact=True).click()
    expect(ann.state).to_contain_text("No connection")
    ann.context.set_offline(False)
    ann.is_saved()
    assert text_of(article) == f"<p>{FIRST} Typed on a train.</p><p>{SECOND}</p>"


def test_what_a_crashed_tab_held_is_put_back(desk, article):
    make_person("editor", "ann")
    ann = desk("ann", article)
    ann.page.route("**/sync/", lambda route: route.abort())
    ann.write_after(FIRST, " Typed before the crash.")
    ann.is_kept()
    crashed = ann.page
    ann.page = ann.context.new_page()
    with pytest.raises(Exception, match=r"crash|closed"):
        crashed.goto("chrome://crash", timeout=5000)
    ann.open(article)
    panel = ann.page.locator(".sync-recovery")
    expect(panel).to_contain_text("Put back what this device had kept", timeout=12_000)
    expect(ann.body).to_contain_text("Typed before the crash.", timeout=12_000)
    assert text_of(article) == f"<p>{FIRST} Typed before the crash.</p><p>{SECOND}</p>"
    panel.get_by_role("button", name="Look").click()
    expect(panel.locator(".sync-words")).to_contain_text("Typed before the crash.")


@pytest.mark.proof
def test_a_session_that_ended_is_taken_up_where_it_was(desk, article):
    make_person("editor", "ann")
    ann = desk("ann", article)
    Session.objects.all().delete()
    ann.write_after(FIRST, " Typed signed out.")
    panel = ann.page.locator('[data-panel="signed-out"]')
    expect(panel).to_be_visible(timeout=12_000)
    # A button does nothing now: it leads to what does.
    ann.page.get_by_role("button", name="Save", exact=True).click()
    expect(panel.get_by_role("link")).to_be_focused()
    with ann.context.expect_page() as opened:
        panel.get_by_role("link").click()
    sign_in(opened.value, "ann")
    expect(panel).to_be_hidden(timeout=15_000)
    ann.is_saved()
    assert text_of(article) == f"<p>{FIRST} Typed signed out.</p><p>{SECOND}</p>"


def test_going_back_brings_what_stands_now_and_not_what_the_fields_held(desk, article):
    make_person("editor", "ann")
    ann = desk("ann", article)
    ann.page.get_by_role("textbox", name="Headline").fill("Ann's headline")
    ann.is_saved()
    ann.page.goto("/admin/")
    copy = Article.objects.get(pk=article.pk)
    record(copy, {**working_data(copy), "headline": "Ben's headline"})
    ann.page.go_back()
    expect(ann.page.get_by_role("textbox", name="Headline")).to_have_value("Ben's headline")


@pytest.mark.proof
def test_what_may_no_longer_be_saved_stays_to_be_copied(desk, article):
    person = make_person("editor", "ann")
    ann = desk("ann", article)
    person.groups.set([Group.objects.get(name="writer")])
    ann.write_after(FIRST, " Typed too late.")
    panel = ann.page.locator(".sync-recovery")
    expect(panel).to_contain_text("could not be saved", timeout=12_000)
    expect(panel.locator(".sync-words")).to_contain_text("Typed too late.")
    expect(ann.state).to_have_attribute("data-state", "read-only")
    ann.page.reload()
    expect(ann.page.locator(".sync-recovery .sync-words")).to_contain_text("Typed too late.")
    with ann.page.expect_download() as download:
        ann.page.locator(".sync-recovery").get_by_role("button", name="Download").click()
    assert "Typed too late." in download.value.path().read_text()


@pytest.mark.proof
def test_two_tabs_of_one_person_keep_the_words_of_both(desk, article):
    make_person("editor", "ann")
    first = desk("ann", article)
    second = Desk.__new__(Desk)
    second.context, second.errors = first.context, first.errors
    second.page = first.context.new_page()
    second.open(article)
    first.write_after(FIRST, " From the first.")
    second.write_after(SECOND, " From the second.")
    both = f"<p>{FIRST} From the first.</p><p>{SECOND} From the second.</p>"
    for one in (first, second):
        one.page.bring_to_front()
        expect(one.body).to_contain_text("From the first.", timeout=20_000)
        expect(one.body).to_contain_text("From the second.", timeout=20_000)
    assert text_of(article) == both
    expect(second.page.locator("[data-presence]")).to_contain_text("you, in another tab")


def test_a_new_article_is_kept_from_its_first_words(desk):
    make_person("editor", "ann")
    ann = desk("ann")
    ann.page.goto("/admin/articles/article/add/")
    ann.page.fill("#id_headline", "Tides")
    ann.is_saved()
    article = Article.objects.get()
    assert ann.page.url.endswith(f"/{article.pk}/change/")
    ann.body.click()
    ann.page.keyboard.type("They turn.")
    ann.is_saved()
    assert text_of(article) == "<p>They turn.</p>"
    ann.page.locator("[name=_continue]").first.click()
    ann.page.wait_for_load_state()
    assert Article.objects.count() == 1


@pytest.mark.proof
def test_a_server_killed_in_the_middle_of_a_save_loses_nothing(browser, tmp_path):
    with site_on_the_engine_of_this_run(tmp_path) as site:
        site.run("""
from django.contrib.auth.models import User
User.objects.create_superuser("ann", password="a-pass-phrase")
Article.objects.all().delete()
article = make_article(status="draft", body="<p>The vote closes on Friday.</p>", id=1)
""")
        server = site.start()
        ann = Desk(browser, server, "ann")
        article = Article(pk=1)
        ann.open(article)
        ann.write_after(FIRST, " Saved before.")
        ann.is_saved()

        def kill(request):
            if request.method == "POST" and request.url.endswith("/sync/"):
                # The workers, too: they would go on without the process that started them.
                pid = server.process.pid
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
                for one in (pid, *map(int, children)):
                    with suppress(ProcessLookupError):
                        os.kill(one, signal.SIGKILL)
                server.process.wait()

        expect(ann.body).to_contain_text("Saved before.")
        ann.page.on("request", kill)
        ann.write_after("Saved before.", " Typed while it died.")
        ann.is_kept()
        ann.page.remove_listener("request", kill)
        site.start(port=server.port)
        ann.is_saved(40_000)
        (body,) = site.ask("SELECT body FROM articles_article WHERE id = 1")[0]
        assert body == f"<p>{FIRST} Saved before. Typed while it died.</p>"
        ann.context.close()
