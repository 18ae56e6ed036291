"""The library at work: taking pictures in, describing several, where each is used, the picker."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone
from lxml import html

from articles.editorial.revisions import record
from articles.models import Image, Revision
from tests.factories import make_article, make_image, make_picture_bytes
from tests.hostile import png

UPLOAD = "admin:articles_image_upload"
DESCRIBE = "admin:articles_image_describe"
PICKER = "admin:articles_image_picker"
HTML = {"headers": {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}}
RED, GREEN, BLUE = (make_picture_bytes(colour=colour) for colour in ("#a00", "#0a0", "#00a"))


def file(data, name="boat.jpg"):
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def send(client, data, name="boat.jpg"):
    return client.post(reverse(UPLOAD), {"file": file(data, name)})


def stored():
    root = Path(settings.MEDIA_ROOT)
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def words(images, **same):
    """Return a post of the form that describes `images`, whose fields are all empty."""
    rows = {"ids": ",".join(str(image.pk) for image in images), **same}
    rows |= {"form-TOTAL_FORMS": len(images), "form-INITIAL_FORMS": len(images)}
    for place, image in enumerate(images):
        rows[f"form-{place}-id"] = image.pk
        for name in ("alt", "credit", "caption"):
            rows.setdefault(f"form-{place}-{name}", "")
    return rows


# --- taking in ---------------------------------------------------------------------------------


def test_one_file_becomes_one_picture_and_the_answer_says_all_of_it(as_role):
    client = as_role("writer")
    answer = send(client, RED, "Pilot boat.JPG")
    image = Image.objects.get()
    assert answer.status_code == 201
    data = answer.json()
    assert (data["uid"], data["pk"], data["url"]) == (
        str(image.uid),
        image.pk,
        image.permanent_address,
    )
    assert (data["width"], data["height"], data["title"]) == (900, 600, "Pilot boat")
    assert (data["alt"], data["credit"], data["is_duplicate"]) == ("", "", False)
    assert b"".join(client.get(data["thumbnail"]).streaming_content)
    assert client.get(data["url"]).status_code == 302


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not a picture"),
        (b"<!doctype html><script>alert(1)</script>", "not a picture"),
        (b"GIF89a<?php system('x');", "not a picture"),
        (RED[:2000], "damaged"),
        (make_picture_bytes(kind="BMP"), "not a picture"),
        (png(9000, 9000), "9000 × 9000 pixels"),
    ],
    ids=["empty", "svg", "html", "polyglot", "truncated", "bmp", "bomb"],
)
def test_a_hostile_file_says_why_in_a_sentence_and_leaves_nothing_behind(as_role, data, reason):
    answer = send(as_role("editor"), data)
    assert answer.status_code == 422
    assert reason in answer.json()["error"]
    assert answer.json()["error"].endswith(".")
    assert not Image.objects.exists()
    assert stored() == []


def test_a_file_over_the_limit_is_refused_before_it_is_read(as_role, settings):
    settings.NEWSROOM = {"PICTURE_MAX_BYTES": 2**20}
    answer = send(as_role("editor"), b"x" * (2**20 + 1))
    assert answer.json() == {"error": "The picture is over 1 MB."}
    assert stored() == []


def test_a_request_without_a_file_is_refused(as_role):
    assert as_role("editor").post(reverse(UPLOAD)).status_code == 422


def test_a_picture_whose_row_cannot_be_written_leaves_no_file(as_role, monkeypatch):
    client = as_role("editor")
    client.raise_request_exception = False

    def lost(*args, **kwargs):
        raise OperationalError("the database is gone")

    monkeypatch.setattr(Image, "save", lost)
    assert send(client, RED).status_code == 500
    assert not Image.objects.exists()
    assert stored() == []


@pytest.mark.django_db
def test_a_failed_upload_takes_no_file_along_that_was_there_before():
    replaced = make_image(RED)
    texts_still_show = replaced.file.name
    replaced.take(GREEN)
    replaced.save()
    for data in (RED, GREEN):
        failing = Image()
        failing.take(data)
        failing.drop_files()
    assert default_storage.exists(texts_still_show)
    assert default_storage.exists(replaced.file.name)


def test_the_same_picture_twice_offers_the_one_that_is_there(as_role):
    client = as_role("writer")
    first = send(client, RED, "one.jpg").json()
    again = send(client, RED, "another name.jpg")
    assert again.status_code == 200
    assert (again.json()["pk"], again.json()["is_duplicate"]) == (first["pk"], True)
    assert "already" in again.json()["message"]
    assert Image.objects.count() == 1


def test_the_form_for_one_picture_leads_to_the_same_picture_too(as_role):
    image = make_image(RED, title="Harbour")
    page = as_role("writer").post(
        reverse("admin:articles_image_add"), {"upload": file(RED), "alt": "x"}
    )
    assert "in the library already" in page.text
    assert reverse("admin:articles_image_change", args=[image.pk]) in page.text
    assert Image.objects.count() == 1


def test_without_a_script_a_form_takes_several_and_leads_to_their_words(as_role):
    client = as_role("writer")
    answer = client.post(reverse(UPLOAD), {"files": [file(RED), file(GREEN)]}, **HTML)
    pks = sorted(Image.objects.values_list("pk", flat=True))
    assert len(pks) == 2
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert page.text.count('class="describe-row"') == 2


def test_without_a_script_what_fails_is_named_and_the_rest_is_taken(as_role):
    there = make_image(GREEN)
    files = [file(RED), file(b"no", "notes.txt"), file(GREEN, "twin.jpg")]
    page = as_role("writer").post(reverse(UPLOAD), {"files": files}, **HTML)
    assert page.status_code == 422
    assert "notes.txt" in page.text
    assert "twin.jpg" in page.text
    assert reverse("admin:articles_image_change", args=[there.pk]) in page.text
    assert Image.objects.count() == 2


# --- words for several -------------------------------------------------------------------------


def test_several_are_described_in_one_form_with_one_credit(as_role):
    one, other = make_image(RED, alt="", credit=""), make_image(GREEN, alt="", credit="")
    form = words(
        [one, other],
        same_credit="Agency",
        **{"form-0-alt": "A boat", "form-1-is_decorative": "on", "form-1-credit": "Mara Lind"},
    )
    answer = as_role("writer").post(reverse(DESCRIBE), form)
    assert [row["alt"] for row in answer.json()["pictures"]] == ["A boat", ""]
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.alt, one.credit, one.is_decorative) == ("A boat", "Agency", False)
    assert (other.alt, other.credit, other.is_decorative) == ("", "Mara Lind", True)


def test_words_that_do_not_fit_come_back_with_the_form_and_change_nothing(as_role):
    one, other = make_image(RED, alt=""), make_image(GREEN, alt="")
    form = words([one, other], **{"form-0-alt": "Kept?", "form-1-alt": "x" * 501})
    answer = as_role("writer").post(reverse(DESCRIBE), form)
    assert answer.status_code == 422
    assert "Kept?" in answer.json()["form"]
    assert "errorlist" in answer.json()["form"]
    one.refresh_from_db()
    assert one.alt == ""


def test_a_writer_describes_no_picture_that_readers_see_and_an_editor_does(as_role):
    seen, own = make_image(RED, alt="Seen"), make_image(GREEN, alt="")
    make_article("Out", picture=seen)
    form = words([seen, own], **{"form-0-alt": "Defaced", "form-1-alt": "Mine"})
    as_role("writer").post(reverse(DESCRIBE), form)
    seen.refresh_from_db()
    assert seen.alt == "Seen"
    as_role("editor").post(reverse(DESCRIBE), form)
    seen.refresh_from_db()
    assert seen.alt == "Defaced"


@pytest.mark.parametrize("ids", ["", "0", "x", "1,,2", "9" * 30, "-1"])
def test_the_form_for_words_asks_nothing_about_pictures_that_are_not_there(as_role, ids):
    client = as_role("editor")
    assert client.get(reverse(DESCRIBE), {"ids": ids}).status_code == 302
    assert client.post(reverse(DESCRIBE), {"ids": ids}).json() == {"pictures": []}


# --- where used --------------------------------------------------------------------------------


def page_of(client, image):
    return client.get(reverse("admin:articles_image_change", args=[image.pk])).text


def test_a_picture_says_where_it_stands_as_lead_in_a_text_and_in_a_working_copy(as_role):
    image, spare = make_image(RED), make_image(GREEN)
    make_article("As its picture", picture=image)
    figure = f'<figure data-picture="{image.uid}"><img src="{image.file.url}" alt=""></figure>'
    in_text = make_article("In its text")
    type(in_text).objects.filter(pk=in_text.pk).update(body=f"<p>Words.</p>{figure}")
    # Its newest revision is ahead of what readers see, and of an older revision with the picture.
    ahead, no_longer = make_article("In its working copy"), make_article("No longer")
    for article, pictures in ((ahead, (None, image)), (no_longer, (image, None))):
        first = record(article)
        type(article).objects.filter(pk=article.pk).update(live_number=first.number)
        for number, picture in enumerate(pictures, start=first.number + 1):
            uid = str(picture.uid) if picture else None
            Revision.objects.create(
                article=article, number=number, snapshot={**first.snapshot, "picture": uid}
            )
        type(article).objects.filter(pk=article.pk).update(working_number=number)
    page = page_of(as_role("writer"), image)
    for headline in ("As its picture", "In its text", "In its working copy"):
        assert headline in page
    assert "No longer" not in page
    assert "Nowhere yet" in page_of(as_role("editor"), spare)


def test_a_picture_that_waits_in_a_working_copy_is_still_its_writers_to_describe(as_role):
    image = make_image(RED, alt="")
    article = make_article("Out")
    first = record(article)
    type(article).objects.filter(pk=article.pk).update(live_number=1, working_number=2)
    snapshot = {**first.snapshot, "picture": str(image.uid)}
    Revision.objects.create(article=article, number=2, snapshot=snapshot)
    form = words([image], **{"form-0-alt": "Not yet seen"})
    assert as_role("writer").post(reverse(DESCRIBE), form).status_code == 200
    image.refresh_from_db()
    assert image.alt == "Not yet seen"


def test_a_picture_in_a_text_that_readers_see_is_not_a_writers_to_change(as_role):
    image = make_image(RED, alt="As published")
    figure = f'<figure data-picture="{image.uid}"><img src="{image.file.url}" alt=""></figure>'
    article = make_article("Out")
    type(article).objects.filter(pk=article.pk).update(body=figure)
    address = reverse("admin:articles_image_change", args=[image.pk])
    assert as_role("writer").post(address, {"alt": "Defaced"}).status_code == 403
    assert "Readers see this picture" in page_of(as_role("editor"), image)


def test_a_picture_in_a_text_cannot_be_deleted_and_an_unused_one_can(as_role):
    shown, spare = make_image(RED), make_image(GREEN)
    article = make_article("Shows it", status="draft")
    figure = f'<figure data-picture="{shown.uid}"><img src="{shown.file.url}" alt=""></figure>'
    type(article).objects.filter(pk=article.pk).update(body=figure)
    client = as_role("chief editor")
    for image in (shown, spare):
        address = reverse("admin:articles_image_delete", args=[image.pk])
        assert ("Shows it" in client.get(address).text) is (image == shown)
        client.post(address, {"post": "yes"})
    assert list(Image.objects.all()) == [shown]


def test_an_article_under_embargo_is_only_counted_for_who_may_not_see_it(as_role):
    image = make_image()
    later = timezone.now() + timedelta(days=1)
    make_article("Nobody may know", status="draft", picture=image, embargo_until=later)
    writer = page_of(as_role("writer"), image)
    assert "Nobody may know" not in writer
    assert "and 1 more" in writer
    assert "Nobody may know" in page_of(as_role("editor"), image)


def test_replacing_keeps_identity_words_and_uses_and_the_old_file(as_role):
    image = make_image(RED, alt="A boat", credit="Mara Lind")
    make_article("Out", picture=image)
    before, uid = image.file.name, image.uid
    client, address = as_role("editor"), reverse("admin:articles_image_change", args=[image.pk])
    assert "Readers see this picture" in client.get(address).text
    form = {"alt": "A boat", "credit": "Mara Lind", "focal_x": "0.3", "focal_y": "0.5"}
    assert client.post(address, {**form, "upload": file(BLUE)}).status_code == 302
    image.refresh_from_db()
    assert (image.uid, image.alt, image.articles.count()) == (uid, "A boat", 1)
    assert image.file.name != before
    assert default_storage.exists(before)
    for crop in image.crops:
        assert b"".join(client.get(crop.url).streaming_content)


def test_missing_alt_text_is_said_on_the_grid_and_on_the_page(as_role):
    silent = make_image(RED, alt="", title="Silent")
    make_image(GREEN, alt="", is_decorative=True, title="Ornament")
    client = as_role("writer")
    grid = client.get(reverse("admin:articles_image_changelist")).text
    assert grid.count("No alt text") == 1
    assert "Nobody has said yet" in page_of(client, silent)


# --- the picker --------------------------------------------------------------------------------


def test_the_picker_offers_the_newest_first_and_finds_by_words(as_role):
    make_image(RED, title="Old boat", alt="x")
    make_image(GREEN, title="New crane", alt="</script>\"'<b>", credit="Åsa Lund")
    client = as_role("writer")
    page = client.get(reverse(PICKER)).text
    assert "<dialog" in page
    assert page.index("New crane") < page.index("Old boat")
    part = client.get(reverse(PICKER), {"page": 1, "q": "LUND"}).text
    assert "<dialog" not in part
    assert "New crane" in part
    assert "Old boat" not in part
    assert "<b>" not in part


def test_the_picker_gives_its_pictures_in_parts(as_role):
    data = make_picture_bytes((60, 40))
    for number in range(26):
        make_image(data, title=f"Picture {number:02}")
    client = as_role("writer")
    first = client.get(reverse(PICKER), {"page": 1}).text
    rest = client.get(reverse(PICKER), {"page": 2}).text
    assert 'data-more="2"' in first
    assert "data-more" not in rest
    assert first.count("data-picture=") + rest.count("data-picture=") == 26


def test_what_the_picker_hands_over_is_what_an_upload_answers(as_role):
    client = as_role("writer")
    answer = send(client, RED).json()
    page = html.fromstring(client.get(reverse(PICKER)).text)
    handed = json.loads(page.xpath("//*[@data-picture]/@data-picture")[0])
    assert handed == {name: answer[name] for name in handed}
