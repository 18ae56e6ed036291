"""The one HTML that a body may be."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.html import clean_body, plain_text, word_count
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


def test_a_table_can_be_scrolled_by_keyboard():
    html, _ = with_anchors("<table><tbody><tr><td>1</td></tr></tbody></table>")
    assert 'tabindex="0"' in html


def test_two_tables_are_told_apart_by_ear():
    table = "<table><tbody><tr><td>1</td></tr></tbody></table>"
    html, _ = with_anchors(table * 2, 'Tab"le')
    assert 'aria-label="Tab&quot;le 1"' in html
    assert 'aria-label="Tab&quot;le 2"' in html
