"""Tags at the admin's door: renamed in their form, merged, split, undone and deleted."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from articles.editorial import tags
from articles.editorial.addresses import where_now
from articles.models import Article, DeskProfile, FormerTagName, Redirect, Tag, TagChange
from tests.factories import make_article, make_person, make_section
from tests.pages import messages_of, values_of

EVERYBODY = ("writer", "editor", "chief editor", "admin")
DESK = EVERYBODY[1:]
NO_ROWS = {"former_names-TOTAL_FORMS": 0, "former_names-INITIAL_FORMS": 0}
LIST = "admin:articles_tag_changelist"
MERGE = "admin:articles_tag_merge"


@pytest.fixture
def editor(as_role):
    return as_role("editor")


def make_tag(name):
    return Tag.objects.get_or_create(name=name)[0]


def page_of(name, *args):
    return reverse(f"admin:articles_tag_{name}", args=args)


def save(client, tag, **values):
    data = {"name": tag.name, "slug": tag.slug, "description": "", **NO_ROWS, **values}
    return client.post(page_of("change", tag.pk), data)


def errors_of(response):
    return " ".join(str(error) for error in response.context["errors"])


def tag_names(article):
    return list(Article.objects.get(pk=article.pk).tags.names())


# --- rename --------------------------------------------------------------------------------------


def test_the_form_renames_so_that_it_can_be_undone(editor, client):
    tag = make_tag("Harbours")
    save(editor, tag, name="Ports", slug="", description="Where ships lie")
    tag.refresh_from_db()
    assert (tag.name, tag.slug, tag.description) == ("Ports", "ports", "Where ships lie")
    change = TagChange.objects.get()
    assert change.made_by_name == "some-editor"
    assert client.get("/tag/harbours/")["Location"] == "/tag/ports/"
    page = editor.get(page_of("change", tag.pk))
    assert "“Harbours” renamed “Ports”" in page.text
    editor.post(page_of("undo", change.uid))
    tag.refresh_from_db()
    assert (tag.name, tag.slug, tag.description) == ("Harbours", "harbours", "Where ships lie")


def test_a_form_without_a_new_name_changes_nothing_of_the_name(editor):
    save(editor, make_tag("Ports"), description="Where ships lie")
    assert Tag.objects.get().description == "Where ships lie"
    assert not TagChange.objects.exists()


def test_a_taken_name_offers_to_merge(editor):
    tag = make_tag("Harbours")
    make_tag("Ports")
    response = save(editor, tag, name="ports", slug="")
    assert "There is a tag “Ports” already." in response.text
    link = f"{reverse(MERGE)}?ids={tag.pk}&amp;into=Ports"
    assert link in response.text
    assert 'value="Ports"' in editor.get(link.replace("&amp;", "&")).text


@pytest.mark.parametrize(
    "values", [{"name": "Docks", "slug": ""}, {"name": "Quays", "slug": "docks"},
               {"name": "", "slug": ""}, {"name": "Quays", "slug": "sea"}],
)  # fmt: skip
def test_names_and_addresses_that_are_not_free_are_refused(editor, values):
    tags.rename(make_tag("Docks"), "Wharves")
    make_tag("Sea")
    tag = make_tag("Ports")
    response = save(editor, tag, **values)
    assert response.status_code == 200
    assert errors_of(response)
    tag.refresh_from_db()
    assert tag.name == "Ports"


def test_a_new_tag_drops_the_redirect_at_its_address_and_takes_no_former_name(editor):
    Redirect.objects.create(old_path="/tag/ports/", new_path="/latest/")
    tags.rename(make_tag("Docks"), "Wharves")
    for name in ("Ports", "Docks"):
        values = {"name": name, "slug": "", "description": "", **NO_ROWS}
        editor.post(page_of("add"), values)
    assert set(Tag.objects.values_list("name", flat=True)) == {"Wharves", "Ports"}
    assert not Redirect.objects.exists()


def add_name(editor, tag, name):
    rows = {"former_names-TOTAL_FORMS": 1, "former_names-INITIAL_FORMS": 0,
            "former_names-0-name": name, "former_names-0-slug": ""}  # fmt: skip
    return save(editor, tag, **rows)


def remove_name(editor, tag, row):
    rows = {"former_names-TOTAL_FORMS": 1, "former_names-INITIAL_FORMS": 1,
            "former_names-0-id": row.pk, "former_names-0-tag": tag.pk,
            "former_names-0-DELETE": "on"}  # fmt: skip
    return save(editor, tag, **rows)


def test_a_synonym_comes_and_goes_by_hand(editor, client):
    tag = make_tag("European Union")
    Redirect.objects.create(old_path="/old/", new_path="/tag/eu/")
    add_name(editor, tag, "EU")
    assert where_now("/tag/eu/") == where_now("/old/") == "/tag/european-union/"
    assert client.get("/tag/eu/").status_code == 301
    page = editor.get(page_of("change", tag.pk)).text
    assert "former_names-0-DELETE" in page
    refused = editor.post(page_of("add"), {"name": "eu", "slug": "", "description": "", **NO_ROWS})
    assert "is another name of the tag “European Union”" in refused.text
    remove_name(editor, tag, FormerTagName.objects.get())
    assert not FormerTagName.objects.exists()
    assert client.get("/tag/eu/").status_code == 410
    assert add_name(editor, make_tag("Electric Union"), "EU").status_code == 302
    assert where_now("/tag/eu/") == "/tag/electric-union/"


def test_what_a_tag_was_once_called_is_not_taken_away(editor):
    tag = make_tag("Harbours")
    tags.rename(tag, "Ports")
    assert "former_names-0-DELETE" not in editor.get(page_of("change", tag.pk)).text
    remove_name(editor, tag, FormerTagName.objects.get())
    assert FormerTagName.objects.exists()


def test_a_synonym_is_one_still_when_a_merger_was_undone(editor):
    tag, other = make_tag("European Union"), make_tag("Council")
    add_name(editor, tag, "EU")
    tags.undo(tags.merge([tag], into=other))
    row = FormerTagName.objects.get()
    assert (row.tag.name, row.is_synonym) == ("European Union", True)


def test_a_former_name_by_hand_never_shadows_a_tag(editor):
    make_tag("Docks")
    rows = {"former_names-TOTAL_FORMS": 1, "former_names-INITIAL_FORMS": 0,
            "former_names-0-name": "Quays", "former_names-0-slug": "docks"}  # fmt: skip
    assert save(editor, make_tag("Ports"), **rows).status_code == 200
    assert not FormerTagName.objects.exists()


# --- merge ---------------------------------------------------------------------------------------


def test_a_tag_is_merged_into_one_that_is_named(editor):
    article, tag = make_article(tags=("Docks",)), make_tag("Docks")
    into = make_tag("Ports")
    page = editor.get(reverse(MERGE), {"ids": tag.pk})
    assert '<option value="Ports">' in page.text
    response = editor.post(reverse(MERGE), {"ids": tag.pk, "into": "ports"})
    assert response["Location"] == page_of("change", into.pk)
    assert tag_names(article) == ["Ports"]


@pytest.mark.parametrize("into", ["", "Docks", "Nowhere"])
def test_a_merger_needs_another_tag(editor, into):
    tag = make_tag("Docks")
    response = editor.post(reverse(MERGE), {"ids": tag.pk, "into": into})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert Tag.objects.filter(pk=tag.pk).exists()


def test_a_former_name_names_the_tag_of_today(editor):
    ports = make_tag("Harbours")
    tags.rename(ports, "Ports")
    editor.post(reverse(MERGE), {"ids": make_tag("Docks").pk, "into": "harbours"})
    assert list(Tag.objects.values_list("name", flat=True)) == ["Ports"]


def test_chosen_tags_are_merged_into_the_one_that_stays(editor):
    article = make_article(tags=("Docks", "Quays"))
    chosen = [make_tag(name) for name in ("Docks", "Ports", "Quays")]
    action = {"action": "merge_chosen", "_selected_action": [tag.pk for tag in chosen]}
    page = editor.post(reverse(LIST), action, follow=True)
    data = {**values_of(page, "merge_form"), "into": chosen[1].pk}
    editor.post(page.request["PATH_INFO"], data)
    assert tag_names(article) == ["Ports"]
    assert Tag.objects.count() == 1


def test_one_chosen_tag_is_not_enough_to_merge(editor):
    action = {"action": "merge_chosen", "_selected_action": [make_tag("Docks").pk]}
    assert "at least two" in messages_of(editor.post(reverse(LIST), action, follow=True))


# --- split ---------------------------------------------------------------------------------------


def test_a_split_keeps_what_was_chosen_on_other_pages_and_by_other_searches(editor):
    articles = [make_article(f"Story {place:02d}", tags=("Ports",)) for place in range(30)]
    tag = make_tag("Ports")
    page = editor.get(page_of("split", tag.pk))
    shown = [article.pk for article in page.context["form"].page]
    data = {**values_of(page, "split_form"), "article": shown[:2], "step": "page-2"}
    page = editor.post(page_of("split", tag.pk), data)
    second = [article.pk for article in page.context["form"].page]
    assert len(shown) == 25
    assert len(second) == 5
    data = {
        **values_of(page, "split_form"),
        "article": second[:1],
        "q": "story 0",
        "step": "search",
    }
    page = editor.post(page_of("split", tag.pk), data)
    assert page.context["form"].page.paginator.count == 10
    data = {**values_of(page, "split_form"), "name": "Docks", "step": "split"}
    editor.post(page_of("split", tag.pk), data)
    found = {article.pk for article in articles if tag_names(article) == ["Docks"]}
    assert found == {*shown[:2], second[0]}


def test_all_that_a_search_finds_can_be_chosen_and_let_go(editor):
    for place in range(30):
        make_article(f"Story {place:02d}", tags=("Ports",))
    tag = make_tag("Ports")
    page = editor.post(page_of("split", tag.pk), {"q": "story 1", "step": "all"})
    assert "10 chosen, 10 found" in page.text
    page = editor.post(page_of("split", tag.pk), {**values_of(page, "split_form"), "step": "none"})
    assert "0 chosen" in page.text


@pytest.mark.parametrize(("name", "chosen"), [("", True), ("ports", True), ("Docks", False)])
def test_a_split_says_what_it_lacks(editor, name, chosen):
    article, tag = make_article(tags=("Ports",)), make_tag("Ports")
    data = {"name": name, "article": [article.pk] if chosen else [], "shown": article.pk}
    response = editor.post(page_of("split", tag.pk), {**data, "step": "split"})
    assert response.status_code == 200
    assert 'class="errorlist' in response.text
    assert tag_names(article) == ["Ports"]


def test_the_key_enter_searches_and_does_not_split(editor):
    make_article(tags=("Ports",))
    text = editor.get(page_of("split", make_tag("Ports").pk)).text
    form = text[text.index('id="split_form"') :]
    first = form[form.index("<button") :].partition(">")[0]
    assert 'value="search"' in first


# --- changes and undo ----------------------------------------------------------------------------


def test_changes_are_listed_and_undone_where_they_stand(editor):
    tag = make_tag("Harbours")
    first = tags.rename(tag, "Ports")
    second = tags.rename(tag, "Docks")
    page = editor.get(page_of("changes"))
    assert page.text.index(str(second)) < page.text.index(str(first))
    response = editor.post(page_of("undo", first.uid), {"tag": tag.pk}, follow=True)
    assert "Undo the later change first" in messages_of(response)
    response = editor.post(page_of("undo", second.uid), {"tag": tag.pk}, follow=True)
    assert response.request["PATH_INFO"] == page_of("change", tag.pk)
    assert "undone by some-editor" in response.text
    assert page_of("undo", second.uid) not in response.text


def test_undoing_needs_a_post_and_a_change(editor):
    change = tags.rename(make_tag("Harbours"), "Ports")
    assert editor.get(page_of("undo", change.uid)).status_code == 405
    assert editor.post(page_of("undo", "1" * 8 + "-1111-1111-1111-" + "1" * 12)).status_code == 404
    assert Tag.objects.get().name == "Ports"


@pytest.mark.parametrize("role", EVERYBODY)
def test_who_may_change_tags_merges_splits_and_undoes(as_role, role):
    make_article(tags=("Ports",))
    tag, client = make_tag("Ports"), as_role(role)
    change = tags.rename(make_tag("Harbours"), "Docks")
    wanted = 200 if role in DESK else 403
    for address in (
        f"{reverse(MERGE)}?ids={tag.pk}",
        page_of("split", tag.pk),
        page_of("changes"),
    ):
        assert client.get(address).status_code == wanted
    assert client.post(reverse(MERGE), {"ids": tag.pk, "into": "Docks"}).status_code == (
        302 if role in DESK else 403
    )
    assert client.post(page_of("undo", change.uid)).status_code == (302 if role in DESK else 403)
    assert ("Merge into" in client.get(page_of("change", make_tag("Docks").pk)).text) == (
        role in DESK
    )


@pytest.mark.parametrize("ids", ["", "x", "999999", "1" * 30])
def test_tags_that_are_not_there_are_not_found(editor, ids):
    assert editor.get(reverse(MERGE), {"ids": ids}).status_code == 404
    assert editor.get(page_of("split", 999_999)).status_code == 404


def test_a_split_shows_no_article_that_a_person_may_not_see(sign_in):
    person = make_person("editor")
    DeskProfile.objects.create(user=person).sections.add(make_section("Politics"))
    moment = timezone.now() + timedelta(days=1)
    make_article("Under embargo", status="draft", embargo_until=moment, tags=("Ports",))
    make_article("For everybody", status="draft", tags=("Ports",))
    text = sign_in(person).get(page_of("split", make_tag("Ports").pk)).text
    assert "For everybody" in text
    assert "Under embargo" not in text


# --- deletion ------------------------------------------------------------------------------------


def test_a_tag_that_stories_carry_is_not_deleted_one_by_one_nor_in_bulk(as_role):
    chief = as_role("chief editor")
    make_article(tags=("Ports",))
    tag = make_tag("Ports")
    page = chief.get(page_of("delete", tag.pk))
    assert "“Ports” stands on 1 article. Merge it into another tag instead." in page.text
    chief.post(page_of("delete", tag.pk), {"post": "yes"})
    action = {"action": "delete_selected", "_selected_action": [tag.pk], "post": "yes"}
    assert "stands on 1 article" in chief.post(reverse(LIST), action).text
    assert Tag.objects.filter(pk=tag.pk).exists()


def test_a_deleted_tag_says_that_it_is_gone(as_role, client):
    chief = as_role("chief editor")
    one, two = make_tag("Docks"), make_tag("Ports")
    chief.post(page_of("delete", one.pk), {"post": "yes"})
    action = {"action": "delete_selected", "_selected_action": [two.pk], "post": "yes"}
    chief.post(reverse(LIST), action)
    assert not Tag.objects.exists()
    for path in ("/tag/docks/", "/tag/ports/", "/tag/ports/rss.xml"):
        assert client.get(path).status_code == 410


@pytest.mark.django_db
def test_tags_and_their_changes_survive_a_fixture(tmp_path):
    change = tags.rename(make_tag("Harbours"), "Ports")
    out = tmp_path / "tags.json"
    call_command("dumpdata", "articles.tagchange", "articles.tag", "articles.formertagname",
                 natural_foreign=True, natural_primary=True, output=str(out))  # fmt: skip
    call_command("loaddata", str(out), verbosity=0)
    tags.undo(change)
    assert Tag.objects.get().name == "Harbours"
