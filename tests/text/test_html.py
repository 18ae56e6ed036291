"""The one HTML that a body may be."""

import re

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from articles.text.bodies import read_body
from articles.text.html import OWN_MEDIA, clean_body, plain_text, word_count
from articles.text.outline import with_anchors


@pytest.mark.parametrize(
    ("hostile", "left"),
    [
        ("<p>a<script>alert(1)</script></p>", "<p>a</p>"),
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
        ('<p style="position:fixed">a</p>', "<p>a</p>"),
        ("<iframe src=https://x></iframe><p>a</p>", "<p>a</p>"),
        ("<svg><script>1</script></svg><p>a</p>", "<p>a</p>"),
        ("<p>a<!-- b --></p>", "<p>a</p>"),
        ("<h1>a</h1>", "<p>a</p>"),
        ("<p>a\x00b</p>", "<p>ab</p>"),
    ],
)
def test_what_could_harm_is_taken_out(hostile, left):
    assert clean_body(hostile) == left


def test_what_editors_make_is_kept():
    body = (
        '<h2>a</h2><p>b <strong>c</strong> <em>d</em> <a href="https://x.example/">e</a></p>'
        '<ul><li><p>f</p></li></ul><ol start="3"><li><p>g</p></li></ol>'
        "<blockquote><p>h</p></blockquote><hr>"
        "<table><tbody><tr><th>i</th><td>j</td></tr></tbody></table>"
    )
    assert clean_body(body) == body


def test_bare_text_becomes_paragraphs():
    assert clean_body("One.\n\nTwo & three.") == "<p>One.</p><p>Two &amp; three.</p>"


def test_an_empty_paragraph_is_no_body():
    assert clean_body("<p></p>") == ""


@given(st.text(max_size=300))
def test_cleaning_is_safe_to_repeat(text):
    once = clean_body(text)
    assert clean_body(once) == once
    assert not re.search(r"<(script|style|iframe)", once, re.IGNORECASE)


def test_words_of_blocks_do_not_run_together():
    body = "<h2>Dusk</h2><p>Bats &amp; boats</p><ul><li><p>one</p></li><li><p>two</p></li></ul>"
    assert plain_text(body) == "Dusk\nBats & boats\none\ntwo"
    assert word_count(plain_text(body)) == 5


def test_headings_get_anchors_of_their_own():
    html, headings = with_anchors("<h2>Related</h2><h3>Part</h3><h3>Part</h3><p>x</p>")
    assert [heading.anchor for heading in headings] == ["related-2", "part", "part-2"]
    assert '<h2 id="related-2">Related</h2>' in html


@pytest.mark.parametrize(
    ("part", "way", "own"),
    [
        ("<p>שלום, אמרה NATO בשנת 2026.</p>", "ltr", "rtl"),
        ("<ul><li>שלום</li><li>עולם</li></ul>", "ltr", "rtl"),
        ("<p>“שלום” is what she said on the stairs.</p>", "ltr", ""),
        ("<p>She said it in 2026.</p>", "rtl", "ltr"),
        ("<p>שלום</p>", "rtl", ""),
        ("<p>3,100 / 41 %</p>", "rtl", ""),
        ("<p>She said it in 2026.</p>", "ltr", ""),
    ],
)
def test_a_part_of_the_other_direction_says_so(part, way, own):
    html, _ = with_anchors(f"<h2>A</h2>{part}" if way == "ltr" else part, way=way)
    assert html.count(" dir=") == bool(own)
    assert not own or f' dir="{own}">' in html


def test_a_table_can_be_scrolled_by_keyboard():
    html, _ = with_anchors("<table><tbody><tr><td>1</td></tr></tbody></table>")
    assert 'tabindex="0"' in html


def test_two_tables_are_told_apart_by_ear():
    table = "<table><tbody><tr><td>1</td></tr></tbody></table>"
    html, _ = with_anchors(table * 2, 'Tab"le')
    assert 'aria-label="Tab&quot;le 1"' in html
    assert 'aria-label="Tab&quot;le 2"' in html


UID = "0b9c1f2e-7a54-4f0e-9d1b-3c2f1a5e6d70"
ADDRESS = f"/media/pictures/{UID}"
PICTURE = f'<figure data-picture="{UID}"><img src="{ADDRESS}" alt="b"></figure>'


@pytest.mark.parametrize(
    ("hostile", "left"),
    [
        ('<p>a<img src="/media/a.jpg"></p>', "<p>a</p>"),
        (PICTURE.replace(ADDRESS, "https://x.example/a.jpg"), ""),
        (PICTURE.replace(ADDRESS, "/media/../admin/logout/"), ""),
        (PICTURE.replace(ADDRESS, "data:image/png;base64,AA"), ""),
        (PICTURE.replace(UID, "x"), ""),
        (PICTURE.replace(ADDRESS, "/media/images/of-another.jpg"), PICTURE),
        (PICTURE.replace("<img", '<img onerror="x()" class="y"'), PICTURE),
        (PICTURE.replace("</figure>", "<p>a</p></figure>"), PICTURE),
        (
            PICTURE.replace("</figure>", "<figcaption><p>a</p></figcaption></figure>"),
            PICTURE.replace("</figure>", "<figcaption>a</figcaption></figure>"),
        ),
        ("<figure><figcaption><p>a</p></figcaption></figure>", "<p>a</p>"),
        ('<figure class="embed" data-embed="http://x.example/"><p>a</p></figure>', "<p>a</p>"),
        ('<figure data-embed="javascript:x()"><p>a</p></figure>', "<p>a</p>"),
        (
            '<figure data-embed="https://x.example/"><a href="https://y.example/">a</a></figure>',
            '<figure class="embed" data-embed="https://x.example/">'
            '<a href="https://x.example/">a</a></figure>',
        ),
        ('<aside class="ad"><p>a</p></aside>', "<p>a</p>"),
        ('<p class="x">a<sup class="y">2</sup></p>', "<p>a<sup>2</sup></p>"),
        (
            '<p>a<sup class="footnote">b <em>c</em><br>d</sup></p>',
            '<p>a<sup class="footnote">b c d</sup></p>',
        ),
        ('<ol start="x" type="disc"><li>a</li></ol>', "<ol><li>a</li></ol>"),
    ],
)
def test_parts_of_a_body_have_one_shape(hostile, left):
    assert clean_body(hostile) == left


def test_own_pictures_are_known_by_the_address_of_the_settings():
    assert settings.MEDIA_URL == OWN_MEDIA


_PARTS = st.sampled_from(
    [
        f'<figure data-picture="{UID}">', '<img src="/media/a.jpg" alt="&lt;b&gt; &quot;">',
        "<figcaption>", "</figcaption>", "</figure>", '<figure class="embed" data-embed="https://x.',
        'example/?a=1&amp;b">', '<a href="https://x.example/">', "</a>", '<sup class="footnote">',
        "</sup>", '<aside class="pullquote">', "<aside>", "</aside>", "<p>", "</p>", "<ul><li>",
        "</li></ul>", "<strong>", "</strong>", "<cite>", "<table><tr><td>", "</td></tr></table>",
        "word", " & ", "<br>", "<hr>", "<h2>", "</h2>", "\xa0", "<figure>", "<blockquote>",
    ]
)  # fmt: skip


@given(st.lists(_PARTS, max_size=14).map("".join))
def test_cleaning_of_broken_parts_is_safe_to_repeat(source):
    once = clean_body(source)
    assert clean_body(once) == once
    assert not re.search(r"<img(?![^>]* src=\"/media/)", once)
    assert once.count("<img") == once.count("<figure data-picture")


def test_words_of_notes_and_captions_stand_by_themselves():
    body = (
        '<p>They vote.<sup class="footnote">Report, p. 3</sup></p>'
        + PICTURE.replace("</figure>", "<figcaption>At dawn<cite>Ada</cite></figcaption></figure>")
        + '<aside class="pullquote"><p>Nobody.</p></aside>'
    )
    assert plain_text(body) == "They vote. Report, p. 3\nAt dawn Ada\nNobody."
    assert [(block.tag, block.text) for block in read_body(body).blocks] == [
        ("p", "They vote."),
        ("note", "Report, p. 3"),
        ("figcaption", "At dawn"),
        ("cite", "Ada"),
        ("p", "Nobody."),
    ]
