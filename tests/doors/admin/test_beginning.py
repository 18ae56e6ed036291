"""The first five minutes: an empty newsroom's greeting, the example world, an import."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.models import Article, DeskProfile, Section
from tests.factories import make_article, make_person, make_section
from tests.pages import messages_of

pytestmark = pytest.mark.django_db
TODAY = "/admin/"
WORLD = "/admin/articles/article/world/"
IMPORT = "/admin/articles/article/import/"
STORY = """Pilots of Bellhaven vote on a new rota

By Mara Lind | 12 May 2026

The pilots of Bellhaven vote on Friday on a rota that would give each of them nine days at sea.
The council has asked for the vote twice, and the union has put it off twice since the spring.

"We want to sleep at home," said Jonas Werd, who has brought ships into the harbour since 1998.
"""


def text_file(text=STORY, name="pilots.txt"):
    return SimpleUploadedFile(name, text.encode())


def send(client, *files):
    return client.post(IMPORT, {"texts": list(files)})


@pytest.fixture
def small_world(settings, tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "000_pilots.txt").write_text(STORY)
    (folder / "desk.toml").write_text(
        '[[sections]]\nslug = "world"\nname = "World"\nposition = 1\n\n'
        '[stories."000_pilots"]\nsection = "world"\n'
    )
    settings.SEEDS_DIR = folder
    return folder


def test_an_empty_newsroom_greets_with_three_ways_to_begin(as_role):
    page = as_role("chief editor").get(TODAY).text
    assert "is empty, and yours." in page
    for name in ("add", "world", "import"):
        assert f'href="{reverse(f"admin:articles_article_{name}")}"' in page


def test_who_may_not_bring_texts_in_is_told_who_can(as_role):
    page = as_role("writer").get(TODAY).text
    assert "is empty, and yours." in page
    assert WORLD not in page
    assert IMPORT not in page
    assert "A chief editor can load it." in page


def test_a_newsroom_with_an_article_does_not_greet_even_if_it_is_hidden(as_role):
    make_article("Secret", status="draft", embargo_until="2099-01-01T00:00:00Z")
    page = as_role("writer").get(TODAY).text
    assert "is empty, and yours." not in page
    assert "Nothing waits for you" in page


def test_an_account_without_a_role_is_told_so(sign_in):
    nobody = make_person("writer", "nobody")
    nobody.groups.clear()
    page = sign_in(nobody).get(TODAY).text
    assert "Your account has no role yet" in page
    assert "is empty, and yours." not in page


def test_the_example_world_is_loaded_after_one_question(as_role, small_world):
    client = as_role("chief editor")
    assert "1 story comes in" in client.get(WORLD).text
    assert not Article.objects.exists()
    answer = client.post(WORLD, follow=True)
    assert "The example world is here: 1 story." in messages_of(answer)
    article = Article.objects.get()
    assert article.headline == "Pilots of Bellhaven vote on a new rota"
    assert article.section == Section.objects.get(slug="world")


def test_the_example_world_leaves_a_newsroom_at_work_alone(as_role, small_world):
    make_article("Ours")
    client = as_role("admin")
    for answer in (client.get(WORLD, follow=True), client.post(WORLD, follow=True)):
        assert "for an empty newsroom" in messages_of(answer)
    assert [str(one) for one in Article.objects.all()] == ["Ours"]


def test_a_missing_example_world_is_one_clear_line(as_role, settings, tmp_path):
    settings.SEEDS_DIR = tmp_path / "nowhere"
    answer = as_role("chief editor").post(WORLD, follow=True)
    assert messages_of(answer)
    assert not Article.objects.exists()


@pytest.mark.parametrize("address", [WORLD, IMPORT])
def test_only_chief_editors_of_all_sections_bring_texts_in(as_role, sign_in, small_world, address):
    desk_chief = make_person("chief editor", "of-one-desk")
    profile = DeskProfile.objects.create(user=desk_chief)
    profile.sections.add(make_section("Politics"))
    for client in (as_role("writer"), as_role("editor"), sign_in(desk_chief)):
        assert client.get(address).status_code == 403
        assert client.post(address, {"texts": text_file()}).status_code == 403
    assert not Article.objects.exists()


def test_texts_become_drafts_and_the_report_leads_to_them(as_role):
    other = STORY.replace("Pilots of Bellhaven", "Bakers of Ostrand").replace("rota", "oven")
    other = other.replace("pilots", "bakers").replace("at sea", "off").replace("ships", "bread")
    page = f"<html><body><article><h1>Cats count</h1><p>{'Cats were counted. ' * 30}</p></article>"
    answer = send(as_role("chief editor"), text_file(), text_file(page, "cats.html")).text
    assert Article.objects.count() == 2
    assert set(Article.objects.values_list("status", flat=True)) == {"draft"}
    pilots = Article.objects.get(headline__startswith="Pilots")
    assert reverse("admin:articles_article_change", args=[pilots.pk]) in answer
    assert "2 articles came in" in answer
    assert "cats.html" in answer


def test_the_same_text_is_not_here_twice_and_another_of_its_name_is_another_story(as_role):
    client = as_role("chief editor")
    send(client, text_file())
    again = send(client, text_file(name="renamed.txt")).text
    assert "Here already" in again
    assert Article.objects.count() == 1
    first = Article.objects.get()
    send(client, text_file("A quite different headline\n\n" + "Cats were counted here. " * 30))
    assert Article.objects.count() == 2
    first.refresh_from_db()
    assert first.headline.startswith("Pilots")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "This field is required"),
        ([("story.docx", "x")], "is no text"),
        ([("empty.txt", "")], "empty"),
        ([("big.txt", "x" * (2 * 2**20 + 1))], "too large"),
        ([(f"{n}.txt", "x") for n in range(51)], "At most 50 files"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_one_line_and_nothing_comes_in(as_role, files, said):
    answer = send(as_role("chief editor"), *(text_file(text, name) for name, text in files)).text
    assert said in answer
    assert not Article.objects.exists()


def test_a_bad_text_is_named_and_the_others_come_in(as_role):
    bad = SimpleUploadedFile("noise<b>.txt", b"\x00\xff\x00\x01" * 200)
    answer = send(as_role("chief editor"), bad, text_file()).text
    assert "Refused" in answer
    assert "noise&lt;b&gt;.txt" in answer
    assert Article.objects.count() == 1


def test_a_page_that_is_not_there_keeps_the_desks_frame(as_role, client):
    answer = as_role("writer").get("/admin/articles/nowhere/")
    assert answer.status_code == 404
    assert 'id="rooms"' in answer.text
    assert 'id="rooms"' not in client.get("/nowhere/").text


def test_what_is_not_yours_says_so_in_the_desks_frame(as_role):
    answer = as_role("writer").get(IMPORT)
    assert answer.status_code == 403
    assert "This is not yours to open" in answer.text
    assert 'id="rooms"' in answer.text
