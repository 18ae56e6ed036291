"""Hostile and broken uploads: each is told why in a sentence, and nothing of it stays."""

import io
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Pillow

from articles.imaging import apart
from articles.imaging.pictures import UnusablePicture
from articles.models import Image
from tests.factories import make_picture_bytes
from tests.hostile import PAYLOAD, REFUSED, TAKEN

LIMITS = {"max_bytes": 2**25, "max_pixels": 60_000_000}


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(media: Path) -> list[str]:
    return [str(path) for path in media.rglob("*") if path.is_file()]


def sent(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", data, content_type="image/jpeg")


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_dropped_on_the_library_is_told_why_and_leaves_nothing(as_role, media, name):
    data, reason = REFUSED[name]
    answer = as_role("editor").post(reverse("admin:articles_image_upload"), {"file": sent(data)})
    assert answer.status_code == 422
    said = answer.json()["error"]
    assert reason in said
    assert said.endswith(".")
    assert not Image.objects.exists()
    assert files(media) == []


@pytest.mark.parametrize("name", ["svg with a script", "cut off", "bomb", "colours that grow"])
def test_a_hostile_file_in_the_form_is_an_error_of_its_field_and_leaves_nothing(
    as_role, media, name
):
    data, reason = REFUSED[name]
    words = {"alt": "x", "caption": "", "credit": "x", "copyright": "", "title": ""}
    page = as_role("writer").post(
        reverse("admin:articles_image_add"), {**words, "upload": sent(data)}
    )
    assert page.status_code == 200
    assert reason in str(page.context["adminform"].form.errors["upload"])
    assert not Image.objects.exists()
    assert files(media) == []


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_odd_and_yet_a_picture_is_taken_as_its_pixels_alone(as_role, media, name):
    data, size = TAKEN[name]
    answer = as_role("editor").post(reverse("admin:articles_image_upload"), {"file": sent(data)})
    assert answer.status_code == 201, answer.content
    image = Image.objects.get()
    assert (image.width, image.height) == size
    with default_storage.open(image.file.name) as file:
        stored = file.read()
    assert PAYLOAD not in stored
    assert b"run.html" not in stored
    kept = Pillow.open(io.BytesIO(stored))
    assert not kept.getexif()
    assert getattr(kept, "n_frames", 1) == 1


def test_sixteen_bits_of_grey_stay_grey_and_four_inks_their_colour():
    grey = apart.normalise_apart(TAKEN["sixteen bits"][0], **LIMITS)
    assert grey.colour == "#808080"
    cyan = apart.normalise_apart(TAKEN["four inks"][0], **LIMITS)
    red, green, blue = (int(cyan.colour[place : place + 2], 16) for place in (1, 3, 5))
    assert red < 90 < 120 < min(green, blue)


def test_a_picture_that_takes_too_long_is_given_up():
    with pytest.raises(UnusablePicture, match="too long"):
        apart.normalise_apart(make_picture_bytes(), **LIMITS, seconds=0.001)


def test_a_decoder_that_falls_over_takes_nothing_along(monkeypatch):
    monkeypatch.setattr(apart, "_COMMAND", [*apart._COMMAND[:-1], "import os; os.abort()"])
    with pytest.raises(UnusablePicture, match="cannot be read"):
        apart.normalise_apart(make_picture_bytes(), **LIMITS)


def test_a_picture_that_needs_too_much_memory_is_refused(monkeypatch):
    less = f"from articles.imaging import apart; apart.MEMORY = {160 * 2**20}; apart.main()"
    path = f"import sys; sys.path.insert(0, {apart._ROOT!r}); "
    monkeypatch.setattr(apart, "_COMMAND", [*apart._COMMAND[:-1], path + less])
    with pytest.raises(UnusablePicture, match=r"too large|cannot be read"):
        apart.normalise_apart(make_picture_bytes((4500, 4500)), **LIMITS)
