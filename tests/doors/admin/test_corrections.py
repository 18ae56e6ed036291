"""Public notes at the admin's door: their wording is mended, and nothing else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Correction, DeskProfile
from tests.desk.changes import change, publish
from tests.factories import make_article, make_person, make_section


@pytest.fixture
def note(db):
    article = publish()
    change(article, "correction", "It wsa Friday.", headline="Pilots vote on Friday")
    return article.corrections.get()


@pytest.fixture
def person(db):
    return make_person("editor")


@pytest.fixture
def editor(sign_in, person):
    return sign_in(person)


def edit(note):
    return reverse("admin:articles_correction_change", args=[note.pk])


def test_an_editor_mends_the_wording_of_a_note_and_no_date_moves(editor, note):
    before = Article.objects.values().get(pk=note.article_id)
    response = editor.post(edit(note), {"note": "It was Friday.", "kind": "update"})
    assert response.status_code == 302
    mended = Correction.objects.get(pk=note.pk)
    assert (mended.note, mended.kind, mended.made_at) == (
        "It was Friday.", "correction", note.made_at,
    )  # fmt: skip
    assert Article.objects.values().get(pk=note.article_id) == before
    assert "It was Friday." in editor.get(note.article.get_absolute_url()).content.decode()


def test_a_note_cannot_be_emptied(editor, note):
    response = editor.post(edit(note), {"note": "  "})
    assert response.context["adminform"].form.errors["note"]
    assert Correction.objects.get(pk=note.pk).note == "It wsa Friday."


def test_a_note_is_added_by_hand_to_a_public_story_only(editor):
    public, draft = publish(), make_article("Draft", status="draft")
    before = Article.objects.values().get(pk=public.pk)
    add = reverse("admin:articles_correction_add")
    data = {"kind": "correction", "note": "It was Friday."}
    assert editor.post(add, {**data, "article": draft.pk}).status_code == 200
    assert not Correction.objects.exists()
    assert editor.post(add, {**data, "article": public.pk}).status_code == 302
    assert Correction.objects.get().article == public
    assert Article.objects.values().get(pk=public.pk) == before


def test_an_editor_of_another_section_reads_a_note_and_leaves_it(editor, person, note):
    profile = DeskProfile.objects.get_or_create(user=person)[0]
    profile.sections.set([make_section("Science")])
    assert editor.get(edit(note)).context["has_change_permission"] is False
    assert editor.post(edit(note), {"note": "Mine."}).status_code == 403
    add = reverse("admin:articles_correction_add")
    data = {"kind": "correction", "note": "Mine.", "article": note.article_id}
    assert editor.post(add, data).status_code == 200
    assert Correction.objects.count() == 1


def test_a_note_of_a_story_under_embargo_is_not_told_to_who_may_not_see_it(as_role, note):
    writer = as_role("writer")
    table = reverse("admin:articles_correction_changelist")
    assert note.note in writer.get(table).text
    Article.objects.filter(pk=note.article_id).update(
        embargo_until=timezone.now() + timedelta(days=1)
    )
    assert note.note not in writer.get(table).text
    assert note.note not in writer.get(edit(note), follow=True).text
    assert note.note in as_role("editor").get(table).text
