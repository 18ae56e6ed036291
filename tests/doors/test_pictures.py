"""Pictures at the door: made when first asked for, right for as long as their address says."""

import io
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from lxml import html
from PIL import Image as Pillow
from PIL import IptcImagePlugin

from articles.editorial import transitions
from articles.imaging import cards, fonts
from articles.models import Article, Image
from articles.renditions import making, sweeping
from tests.factories import HIDDEN_STATES, make_article, make_hidden, make_image, make_picture_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.DATA_DIR = tmp_path / "data"
    return tmp_path


def files(media: Path) -> set[str]:
    found = (path.relative_to(media) for path in media.rglob("*") if path.is_file())
    return {str(path) for path in found if not str(path).startswith("data")}


def body_of(response) -> bytes:
    """The bytes of an answer; at their end its file is closed."""
    return b"".join(response.streaming_content)


def opened(client, address: str) -> Pillow.Image:
    response = client.get(address)
    assert response.status_code == 200, address
    return Pillow.open(io.BytesIO(body_of(response)))


# --- renditions --------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "name"), [("avif", "AVIF"), ("webp", "WEBP"), ("jpg", "JPEG")])
def test_a_rendition_is_made_when_first_asked_for_and_kept(client, media, kind, name):
    image = make_image(make_picture_bytes((1200, 900)))
    (wanted,) = [one for one in image.cut.of(kind) if one.width == 480]
    assert files(media) == {image.file.name}
    first = client.get(wanted.url)
    assert first.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    made = Pillow.open(io.BytesIO(body_of(first)))
    assert (made.format, made.size) == (name, (480, 320))
    assert first.headers["Content-Type"] == f"image/{name.lower()}"
    assert files(media) == {image.file.name, wanted.name}
    again = client.get(wanted.url, headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304


def test_every_rendition_says_whose_it_is_in_any_letters(client):
    credit, notice = "Åsa Lund / 記者 <&>", "© 2026 Agentūra"
    image = make_image(credit=credit, copyright=notice)
    for kind in ("avif", "webp", "jpg"):
        made = opened(client, image.cut.of(kind)[0].url)
        exif = made.getexif()
        raw = exif.tobytes()
        assert credit.encode() in raw or exif[0x013B].encode("latin-1") == credit.encode()
        assert exif[0x8298].encode("latin-1") == notice.encode()
        assert "Åsa Lund / 記者 &lt;&amp;&gt;".encode() in made.info["xmp"]
        assert notice.encode() in made.info["xmp"]
    assert IptcImagePlugin.getiptcinfo(made)[(2, 110)] == credit.encode()
    bare = make_image(make_picture_bytes(colour="#a00"), credit="")
    assert not opened(client, bare.cut.of("jpg")[0].url).getexif()


@pytest.mark.parametrize(
    "change",
    [{"focal_x": 0.1}, {"credit": "Somebody else"}, {"copyright": "© Agency"}],
    ids=["focal point", "credit", "copyright"],
)
def test_a_change_gives_new_renditions_and_the_old_address_leads_to_them(
    client, media, change, django_capture_on_commit_callbacks
):
    image = make_image()
    old = image.cut.of("webp")[0]
    body_of(client.get(old.url))
    name = old.name
    for field, value in change.items():
        setattr(image, field, value)
    with django_capture_on_commit_callbacks(execute=True):
        image.save()
    # Nobody gets it as it was, not even from an old page.
    assert name not in files(media)
    answer = client.get(f"/media/{name}")
    assert answer.status_code == 302
    assert answer["Location"] == image.cut.of("webp")[0].url != f"/media/{name}"
    opened(client, answer["Location"])


def test_only_what_a_picture_is_shown_by_is_ever_made(client, media):
    image = make_image()
    right = image.cut.of("webp")[0].url
    before = files(media)
    for address in (
        right.replace("240", "241"),
        right.replace("240", "1600"),
        right.replace(".webp", ".png"),
        right.replace("cut", "oval"),
        right.replace("cut-240.webp", "social-1200.webp"),
        right.replace(image.uid.hex, "0" * 32),
        "/media/renditions/",
        "/media/.new-abc",
        "/media/images/../data/secret_key",
        "/media/images%2f..%2fdata",
        "/media/images",
    ):
        assert client.get(address).status_code == 404, address
    assert files(media) == before


def test_a_small_picture_is_not_blown_up():
    small = make_image(make_picture_bytes((600, 300)))
    assert [one.width for one in small.cut.of("avif")] == [240]
    assert [one.width for one in small.whole.of("avif")] == [240, 480]
    tiny = make_image(make_picture_bytes((30, 20)))
    assert [(one.width, one.height) for one in tiny.cut.of("avif")] == [(240, 160)]


def test_a_logo_one_can_see_through_stands_on_white(client):
    out = io.BytesIO()
    Pillow.new("RGBA", (300, 200), (0, 0, 0, 0)).save(out, "PNG")
    image = make_image(out.getvalue())
    assert opened(client, image.cut.of("jpg")[0].url).getpixel((5, 5)) == (255, 255, 255)


def test_one_is_made_at_a_time_and_the_others_find_it(monkeypatch):
    image = make_image()
    wanted = image.cut.of("avif")[0]
    at_it, most, made = [], [], []
    real = type(wanted).render

    def watched(one):
        at_it.append(1)
        most.append(len(at_it))
        made.append(one.name)
        try:
            return real(one)
        finally:
            at_it.pop()

    monkeypatch.setattr(type(wanted), "render", watched)
    several = [wanted, wanted, image.cut.of("webp")[0], wanted]
    threads = [threading.Thread(target=making.make, args=(one, 30)) for one in several]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    assert sorted(made) == sorted({one.name for one in several})


def test_who_comes_while_others_are_at_it_gets_the_original_at_once(client, monkeypatch):
    image = make_image()
    monkeypatch.setattr(making, "_places", threading.BoundedSemaphore(1))
    with making._places:
        answer = client.get(image.cut.of("avif")[0].url)
    assert (answer.status_code, answer["Location"]) == (302, f"/media/{image.file.name}")
    assert answer["Cache-Control"] == "no-store"


def test_a_full_disk_costs_no_reader_the_picture(client, monkeypatch):
    image = make_image()

    def full(*args):
        raise OSError("No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    assert client.get(image.cut.of("avif")[0].url)["Location"] == f"/media/{image.file.name}"


def test_saving_a_picture_makes_nothing_while_the_editor_waits(
    media, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        image = make_image()
    assert files(media) == {image.file.name}


# --- on pages ----------------------------------------------------------------------------------


def test_a_page_offers_each_size_in_three_formats_and_keeps_the_place(client):
    image = make_image(make_picture_bytes((1200, 900), colour="#336699"))
    page = html.fromstring(client.get(make_article(picture=image).get_absolute_url()).content)
    (picture,) = page.xpath("//figure[contains(@class, 'story__figure')]/picture")
    assert picture.xpath(".//source/@type") == ["image/avif", "image/webp"]
    (shown,) = picture.xpath(".//img")
    for srcset in (*picture.xpath(".//source/@srcset"), shown.get("srcset")):
        assert [part.split()[1] for part in srcset.split(", ")] == [
            "240w", "480w", "720w", "1080w",
        ]  # fmt: skip
    assert (shown.get("width"), shown.get("height")) == ("720", "480")
    assert shown.get("fetchpriority") == "high"
    assert shown.get("loading") is None
    assert {"tone-r3", "tone-g6", "tone-b9"} <= set(shown.get("class").split())
    for address in (shown.get("src"), *shown.get("srcset").split(", ")):
        opened(client, address.split()[0])


def test_a_picture_in_a_text_follows_what_replaces_it_with_the_texts_own_words(client):
    image = make_image(make_picture_bytes((1500, 500)))
    article = make_article(
        body=f'<p>One.</p><figure data-picture="{image.uid}"><img src="/media/images/x.jpg" '
        'alt="A &quot;boat&quot; &gt; here"><figcaption>Off the mole. <cite>Lind</cite>'
        "</figcaption></figure><p>Two.</p>"
    )
    # The text names the picture, never a file.
    assert f'src="/media/pictures/{image.uid}"' in article.body

    def shown():
        page = html.fromstring(client.get(article.get_absolute_url()).content)
        (found,) = page.xpath("//div[contains(@class, 'prose')]//figure[@data-picture]")
        return found

    before = shown()
    img = before.xpath(".//img")[0]
    assert img.get("alt") == 'A "boat" > here'
    assert (img.get("width"), img.get("height"), img.get("loading")) == ("720", "240", "lazy")
    assert len(before.xpath("./picture//source")) == 2
    assert before.xpath("string(./figcaption)") == "Off the mole. Lind"
    image.take(make_picture_bytes((800, 800), colour="#a00"))
    image.save()
    after = shown().xpath(".//img")[0]
    assert (after.get("width"), after.get("height")) == ("720", "720")
    assert after.get("src") != img.get("src")
    assert client.get(f"/media/pictures/{image.uid}")["Location"] == image.whole.of("jpg")[-1].url


def test_a_picture_that_the_library_lost_leaves_its_alt_text(client):
    image = make_image()
    article = make_article(
        body=f'<figure data-picture="{image.uid}"><img src="/media/a.jpg" alt="A boat"></figure>'
    )
    Image.objects.all().delete()
    page = html.fromstring(client.get(article.get_absolute_url()).content)
    assert page.xpath("//figure[@data-picture]/img/@alt") == ["A boat"]


# --- cards -------------------------------------------------------------------------------------


def test_an_article_has_a_card_whose_address_changes_with_its_headline(client):
    article = make_article("Pilots vote", picture=make_image())
    page = html.fromstring(client.get(article.get_absolute_url()).content)
    (address,) = page.xpath("//meta[@property='og:image']/@content")
    path = address.removeprefix("http://127.0.0.1:8000")
    assert path == article.card.url
    assert opened(client, path).size == (1200, 630)
    for change in ({"headline": "Pilots vote yes"}, {"section": None}, {"picture": None}):
        before = article.card.url
        for field, value in change.items():
            setattr(article, field, value)
        article.write()
        assert article.card.url != before
        assert client.get(before)["Location"] == article.card.url


@pytest.mark.parametrize("state", HIDDEN_STATES)
def test_the_card_of_an_article_that_is_not_public_is_not_shown(client, state):
    article = make_hidden(state)
    assert client.get(article.card.url).status_code == 404
    # Made while it was public: it is not shown any more, either.
    assert making.make(article.card)
    assert client.get(article.card.url).status_code == 404


def test_a_card_is_made_when_the_article_is_published(
    monkeypatch, django_capture_on_commit_callbacks
):
    wanted = []
    monkeypatch.setattr(making, "soon", lambda *names: wanted.extend(names))
    article = make_article("Pilots vote", status="draft", picture=make_image())
    with django_capture_on_commit_callbacks(execute=True):
        transitions.publish(article)
    assert article.card.name in [one.name for one in wanted]


HEADLINES = [
    ("Harbour pilots vote", "en"),
    ("Пилоты проголосовали за график", "ru"),
    ("Οι πλοηγοί ψήφισαν", "el"),
    ("הנתבים הצביעו על Google ב-2026", "he"),
    ("صوّت مرشدو الميناء", "ar"),
    ("Đà Nẵng: hoa tiêu bỏ phiếu — “lịch”", "vi"),
]


@pytest.mark.parametrize(("headline", "language"), HEADLINES, ids=[one[1] for one in HEADLINES])
def test_a_bare_machine_writes_every_letter_of_these_scripts(headline, language, monkeypatch):
    monkeypatch.setattr(fonts, "_known", list)
    fonts.system_face.cache_clear()
    found = fonts.faces_for(headline, language, is_rtl=language in {"he", "ar"})
    assert set(found.values()) == {fonts.OWN}
    assert {letter for letter in headline if not fonts.is_attached(letter)} == set(found)


def words(headline: str, language: str = "en", **other) -> bytes:
    is_rtl = language in {"he", "ar"}
    return cards.social_card(cards.Words(headline, "World", "Newsroom", language, is_rtl, **other))


def inked(card: bytes) -> tuple[int, int, int, int]:
    """Where the headline's ink lies: left, top, right, bottom."""
    image = Pillow.open(io.BytesIO(card)).convert("L").crop((0, 125, 1200, 540))
    return image.point(lambda value: 255 if value < 90 else 0).getbbox()


def test_words_from_right_to_left_stand_on_the_right_and_are_joined():
    left, _top, right, _bottom = inked(words("صوّت مرشدو الميناء", "ar"))
    assert right > 1100
    assert left > 300
    assert inked(words("Pilots vote"))[0] < 100
    # Joined letters are narrower than the same letters one by one.
    joined = fonts.font(fonts.OWN, 60).getlength("ميناء", direction="rtl", language="ar")
    alone = sum(fonts.font(fonts.OWN, 60).getlength(letter) for letter in "ميناء")
    assert joined < alone * 0.9


@pytest.mark.parametrize(
    "headline",
    ["x" * 300, "A very long headline that goes on " * 9, "漢字" * 150, " ", "🚢🚢🚢"],
    ids=["one word", "many words", "no spaces", "nothing", "no letters"],
)
def test_a_headline_of_any_length_stays_on_its_card(headline):
    box = inked(words(headline))
    assert box is None or (box[0] >= 60 and box[2] <= 1140 and box[3] <= 415)


def test_a_headline_that_no_font_can_write_is_left_out(monkeypatch):
    monkeypatch.setattr(fonts, "_known", list)
    fonts.system_face.cache_clear()
    assert inked(words("港湾の新しい勤務表に賛成多数")) is None
    # A sign here and there does not take the words along.
    assert inked(words("Pilots vote 🚢")) is not None
    fonts.system_face.cache_clear()


# --- sweeping ----------------------------------------------------------------------------------


def test_files_that_nothing_refers_to_are_removed_and_no_other(media, capsys, monkeypatch):
    kept, replaced = make_image(), make_image(make_picture_bytes(colour="#a00"))
    old = replaced.file.name
    named = "images/named0000.jpg"
    replaced.take(make_picture_bytes(colour="#0a0"))
    replaced.save()
    article = make_article("Out", picture=kept)
    Article.objects.filter(pk=article.pk).update(body=f'<p><img src="/media/{named}"></p>')
    hidden = make_article("Gone", status="withdrawn")
    right = {kept.cut.of("webp")[0].name, article.card.name, kept.file.name, replaced.file.name}
    for one in (kept.cut.of("webp")[0], article.card, hidden.card):
        assert making.make(one)
    stale = f"renditions/{kept.uid.hex}/0123456789/cut-240.webp"
    lost = "renditions/" + "0" * 32 + "/0123456789/cut-240.webp"
    for name in (named, stale, lost, "images/left.50-50.480.webp"):
        (media / name).parent.mkdir(parents=True, exist_ok=True)
        (media / name).write_bytes(b"x")
    call_command("sweep_pictures")
    # What came a moment ago may belong to somebody who is about to save.
    assert files(media) == right | {named, old, "images/left.50-50.480.webp"}
    monkeypatch.setattr(sweeping, "YOUNG", timedelta(minutes=-5))
    call_command("sweep_pictures", "--dry-run")
    assert old in capsys.readouterr().out
    assert old in files(media)
    call_command("sweep_pictures")
    assert files(media) == right | {named}
    call_command("sweep_pictures")
    assert "Nothing" in capsys.readouterr().out


def test_a_deleted_picture_takes_its_files_along_but_not_a_twins(
    media, django_capture_on_commit_callbacks
):
    one, twin = make_image(), make_image()
    assert making.make(one.cut.of("webp")[0])
    with django_capture_on_commit_callbacks(execute=True):
        one.delete()
    assert files(media) == {twin.file.name}
    with django_capture_on_commit_callbacks(execute=True):
        twin.delete()
    assert files(media) == set()
