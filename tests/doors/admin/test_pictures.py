"""The picture library: what is taken in, and how it is shown."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Pillow

from articles.models import Image
from tests.factories import make_article, make_author, make_image, make_picture_bytes

ADD = "admin:articles_image_add"
WORDS = {"alt": "A pilot boat", "caption": "", "credit": "Newsroom", "copyright": "", "title": ""}


def upload(client, data, name="boat.jpg", **values):
    file = SimpleUploadedFile(name, data, content_type="image/jpeg")
    return client.post(reverse(ADD), {**WORDS, **values, "upload": file})


def test_a_picture_is_stored_re_encoded_and_shown_in_its_crops(as_role):
    exif = Pillow.Exif()
    exif[0x013B] = "A photographer's home address"
    data = make_picture_bytes(exif=exif)
    client = as_role("writer")
    response = upload(client, data)
    assert response.status_code == 302
    image = Image.objects.get()
    with image.file.open() as file:
        stored = file.read()
    assert stored != data
    assert b"home address" not in stored
    assert (image.width, image.height, image.alt) == (900, 600, "A pilot boat")
    assert b"".join(client.get(image.crops[0].url).streaming_content)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not a picture"),
        (b"<?php echo 1;", "not a picture"),
        (make_picture_bytes()[:2000], "damaged"),
        (make_picture_bytes(kind="BMP"), "not a picture"),
    ],
)
def test_what_is_no_usable_picture_is_an_error_of_the_field(as_role, data, reason):
    response = upload(as_role("writer"), data)
    assert response.status_code == 200
    assert reason in str(response.context["adminform"].form.errors["upload"])
    assert not Image.objects.exists()


@pytest.mark.parametrize(("name", "limit"), [("PICTURE_MAX_BYTES", 100), ("PICTURE_MAX_PIXELS", 9)])
def test_a_picture_over_the_limits_is_an_error_of_the_field(as_role, settings, name, limit):
    settings.NEWSROOM = {name: limit}
    response = upload(as_role("writer"), make_picture_bytes())
    assert "upload" in response.context["adminform"].form.errors
    assert not Image.objects.exists()


def test_a_form_with_another_error_stores_no_file(as_role, settings):
    upload(as_role("writer"), make_picture_bytes(), alt="x" * 501)
    assert not Image.objects.exists()
    assert not default_storage.exists("images")


def test_a_new_picture_needs_a_file_and_a_changed_one_does_not(as_role):
    client = as_role("editor")
    response = client.post(reverse(ADD), WORDS)
    assert "upload" in response.context["adminform"].form.errors
    image = make_image()
    name = image.file.name
    address = reverse("admin:articles_image_change", args=[image.pk])
    response = client.post(address, {**WORDS, "alt": "In fog", "focal_x": "0.2", "focal_y": "0.75"})
    assert response.status_code == 302
    image.refresh_from_db()
    assert (image.alt, image.focal_x, image.focal_y, image.file.name) == ("In fog", 0.2, 0.75, name)


def test_a_picture_is_replaced(as_role):
    image = make_image()
    before = image.file.name
    address = reverse("admin:articles_image_change", args=[image.pk])
    file = SimpleUploadedFile("new.jpg", make_picture_bytes(colour="#aa0000"))
    as_role("editor").post(address, {**WORDS, "focal_x": "0.5", "focal_y": "0.5", "upload": file})
    image.refresh_from_db()
    assert image.file.name != before


@pytest.mark.parametrize("point", ["-0.1", "1.5", "nan", "left"])
def test_a_focal_point_outside_its_picture_is_an_error_of_the_field(as_role, point):
    image = make_image()
    address = reverse("admin:articles_image_change", args=[image.pk])
    response = as_role("editor").post(address, {**WORDS, "focal_x": point, "focal_y": "0.5"})
    assert response.status_code == 200
    assert "focal_x" in response.context["adminform"].form.errors


def test_the_file_itself_cannot_be_posted(as_role):
    image = make_image()
    before = image.file.name
    address = reverse("admin:articles_image_change", args=[image.pk])
    file = SimpleUploadedFile("x.html", b"<script>alert(1)</script>")
    as_role("admin").post(
        address, {**WORDS, "focal_x": "0.5", "focal_y": "0.5", "file": file, "width": "1"}
    )
    image.refresh_from_db()
    assert (image.file.name, image.width) == (before, 900)


def test_the_library_finds_pictures_without_alt_text(as_role):
    make_image(title="Silent", alt="")
    make_image(title="Spoken")
    make_image(title="Ornament", alt="", is_decorative=True)
    client, address = as_role("writer"), reverse("admin:articles_image_changelist")
    for value, title in (("missing", "Silent"), ("written", "Spoken"), ("decorative", "Ornament")):
        found = client.get(address, {"alt": value}).context["cl"].result_list
        assert [image.title for image in found] == [title]


def test_the_library_finds_what_is_used_and_says_where(as_role):
    portrait, shown = make_image(title="Face"), make_image(title="Boat")
    make_image(title="Spare")
    within = make_image(title="Within")
    make_author("Mara Lind", portrait=portrait)
    article = make_article("Pilots vote", picture=shown)
    client, address = as_role("writer"), reverse("admin:articles_image_changelist")
    used = client.get(address, {"use": "yes"}).context["cl"].result_list
    assert {image.title for image in used} == {"Face", "Boat"}
    unused = client.get(address, {"use": "no"}).context["cl"].result_list
    assert [image.title for image in unused] == ["Within", "Spare"]
    make_article(body=f'<figure data-picture="{within.uid}"><img src="/media/a.jpg"></figure>')
    page = client.get(address, {"use": "no"})
    assert [image.title for image in page.context["cl"].result_list] == ["Spare"]
    assert "not used" in page.text
    page = client.get(address, {"use": "yes"})
    assert page.text.count("used once") == 3
    page = client.get(reverse("admin:articles_image_change", args=[shown.pk])).text
    assert reverse("admin:articles_article_change", args=[article.pk]) in page


def test_a_new_picture_can_be_added_from_an_article(as_role):
    response = as_role("writer").post(
        f"{reverse(ADD)}?_popup=1",
        {**WORDS, "_popup": "1", "upload": SimpleUploadedFile("a.jpg", make_picture_bytes())},
    )
    assert response.status_code == 200
    assert "popup_response.js" in response.text
