"""What the writing screen says of the archive: near stories, hints while writing, doubles."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.editorial import tags
from articles.editorial.revisions import record, working_data
from articles.models import Article, DroppedNeighbour, Tag
from tests.craft.related.archive import SUBJECTS, make_story, settle, under
from tests.factories import make_article, make_author, make_person, make_related, make_section
from tests.pages import values_of

pytestmark = pytest.mark.django_db

RELATED = reverse("admin:articles_article_lookup_related")
HINTS = reverse("admin:articles_article_lookup_hints")


@pytest.fixture
def editor(as_role):
    return as_role("editor")


@pytest.fixture
def bats():
    found = [make_story("Bats", number) for number in range(3)]
    make_story("Bread", 1)
    settle()
    return found


def change(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def test_the_form_shows_what_readers_get_with_the_reason(editor, bats):
    page = editor.get(change(bats[0])).text
    for other in bats[1:]:
        assert other.headline in page
    assert "shares Bats" in page
    assert "Readers get these behind the chosen stories." in page
    hidden = Article.objects.filter(pk=bats[1].pk)
    hidden.update(embargo_until=timezone.now() + timedelta(days=1))
    # Before anything is computed anew.
    assert bats[1].headline not in editor.get(change(bats[0])).text


def test_a_draft_and_unsaved_tags_are_asked_about_as_they_stand(editor, bats):
    draft = make_story("Bats", 9, status="draft", tags=())
    record(draft)
    assert "Look for near stories" in editor.get(change(draft)).text
    assert bats[0].headline in editor.get(f"{change(draft)}?near").text
    answer = editor.get(RELATED, {"id": draft.pk, "tags": "bread", "not": bats[0].pk}).text
    assert "shares Bread" in answer
    assert bats[0].headline not in answer
    assert bats[1].headline in answer
    assert "shares Bats" in editor.get(RELATED, {"tags": "Bats"}).text
    assert editor.get(RELATED, {"id": 999_999}).status_code == 404
    assert "No public story" in editor.get(RELATED).text


def test_a_drop_is_at_once_for_readers_and_can_be_taken_back(editor, client, bats):
    one, two, _three = bats
    answer = editor.post(RELATED, {"id": one.pk, "drop": two.pk}).text
    assert "Take back" in answer
    page = client.get(one.get_absolute_url()).text
    assert two.headline not in page.split('id="related"')[1].split("</section>")[0]
    settle()
    assert two.headline not in under(one)
    assert DroppedNeighbour.objects.get().made_by_name == "some-editor"
    assert "Take back" not in editor.post(RELATED, {"id": one.pk, "restore": two.pk}).text
    settle()
    assert two.headline in under(one)


def test_without_scripts_buttons_of_the_form_pin_and_drop(editor, bats):
    one, two, three = bats
    data = values_of(editor.get(change(one)), "article_form")
    response = editor.post(change(one), {**data, "_pin": two.pk})
    assert response.headers["Location"].endswith("#near")
    assert [row["target"] for row in working_data(one)["related"]] == [str(two.uid)]
    data = values_of(editor.get(change(one)), "article_form")
    editor.post(change(one), {**data, "_drop": three.pk})
    assert DroppedNeighbour.objects.get().neighbour == three
    # What was pinned stays, whatever is computed.
    settle()
    assert [row["target"] for row in working_data(one)["related"]] == [str(two.uid)]
    page = editor.get(change(one)).text
    assert page.count(f'name="_pin" value="{two.pk}"') == 0


def test_who_may_not_change_what_readers_see_drops_nothing(sign_in, bats):
    writer = make_person("writer")
    author = make_author("Mara Lind")
    author.user = writer
    author.save()
    client = sign_in(writer)
    live, draft = bats[0], make_story("Bats", 5, status="draft")
    record(draft, by=writer)
    assert 'name="_drop"' not in client.get(change(live)).text
    assert client.post(RELATED, {"id": live.pk, "drop": bats[1].pk}).status_code == 403
    assert client.post(RELATED, {"id": draft.pk, "drop": bats[1].pk}).status_code == 200
    assert [one.article_id for one in DroppedNeighbour.objects.all()] == [draft.pk]


# --- while somebody writes -----------------------------------------------------------------------


def hints(client, **values):
    return client.post(HINTS, values).json()


def test_tags_that_the_text_names_by_any_name_are_suggested(editor):
    names = ("Ferries", "North Sea", "Øresund", "投票", "EU", "Chess", "Tea", "Sea", "A", "Ports")
    make_article(tags=names)
    tags.rename(Tag.objects.get(name="Ports"), "Harbours")
    answer = hints(
        editor,
        headline="FERRIES on the north sea",
        body="<p>The <b>Øresund</b>: ferries, ferries, ports.</p><p>水先人が投票する A team</p>",
    )
    assert set(answer["tags"]) == {"Ferries", "North Sea", "Sea", "Øresund", "Harbours", "投票"}
    assert answer["tags"][:2] == ["Ferries", "North Sea"]


def test_tags_that_several_near_stories_have_are_suggested(editor, bats):
    words = " ".join(SUBJECTS["Bats"])
    assert hints(editor, body=f"<p>{words}</p>")["tags"] == ["Bats"]
    # One it has already is no news.
    assert hints(editor, body=f"<p>{words}</p>", tags="Bats")["tags"] == []


def test_names_of_the_archive_are_offered_as_links(editor, bats):
    make_author("Ada Quill")
    story = make_article(
        "The dock strike of Ostrand", body="<p>Cranes and ships, ships and cranes in Ostrand.</p>",
        tags=("Cranes",),
    )  # fmt: skip
    settle()
    body = (
        "<p>After the dock strike the cranes of Ostrand turn, says Ada Quill, at ships.</p>"
        f'<p>It was <a href="{Tag.objects.get(name="Bats").get_absolute_url()}">bats</a>.</p>'
    )
    found = {link["words"]: link for link in hints(editor, body=body)["links"]}
    assert found["dock strike"]["address"] == story.get_absolute_url()
    assert found["dock strike"]["kind"] == "article"
    assert (found["Ada Quill"]["kind"], found["cranes"]["kind"]) == ("author", "tag")
    # It leads there already.
    assert "bats" not in found


@pytest.mark.parametrize("state", ["published", "draft", "withdrawn"])
def test_a_story_that_is_here_already_is_named_whatever_its_state(editor, bats, state):
    double = make_story("Ports", 3, status=state)
    settle()
    copy = {"headline": double.headline, "body": double.body}
    (found,) = hints(editor, **copy)["doubles"]
    assert (found["id"], found["same"], found["status"]) == (double.pk, True, state)
    assert hints(editor, **copy, id=double.pk)["doubles"] == []
    assert hints(editor, headline="Chess", body="<p>Something else.</p>")["doubles"] == []


def test_nothing_is_said_of_a_story_that_the_person_may_not_see(sign_in, bats):
    double = make_story(
        "Ports", 3, embargo_until=timezone.now() + timedelta(days=1), section=make_section("Sport")
    )
    settle()
    client = sign_in(make_person("writer"))
    copy = {"headline": "Else", "body": double.body}
    assert hints(client, **copy)["doubles"] == []
    assert hints(sign_in(make_person("editor")), **copy)["doubles"] != []
    assert client.post(HINTS, {**copy, "id": double.pk}).status_code == 404


def test_any_text_is_answered(editor, bats):
    for text in ("", "\x00", "<p>" * 3_000, "水先人" * 4_000, "a " * 90_000, "🦇 ' \" %s {} \\"):
        answer = editor.post(HINTS, {"headline": text, "body": text, "tags": text, "language": "x"})
        assert answer.status_code == 200, text[:20]
    assert editor.get(HINTS).status_code == 405


def test_pinned_stories_are_not_offered_again(editor, bats):
    make_related(bats[0], target=bats[1], title="x")
    record(bats[0])
    page = editor.get(change(bats[0])).text
    assert f'name="_pin" value="{bats[2].pk}"' in page
    assert f'name="_pin" value="{bats[1].pk}"' not in page
