"""A body is read once: blocks, links and headings in order."""

from hypothesis import given
from hypothesis import strategies as st

from articles.text.bodies import Link, read_body
from articles.text.html import clean_body

BODY = """<p>One <em>and <a href="/a/">two</a></em>.</p><h2>Why</h2>
<ul><li><p>Item</p></li><li>Bare <a>x</a></li><li><p></p></li></ul>
<blockquote><p>Said.</p><cite>Who</cite></blockquote>
<table><tbody><tr><th>Day</th><td>Friday<br>noon</td></tr></tbody></table>"""


def test_blocks_come_in_order_with_their_kind():
    assert [(block.tag, block.text) for block in read_body(BODY).blocks] == [
        ("p", "One and two."), ("h2", "Why"), ("li", "Item"), ("li", "Bare x"), ("li", ""),
        ("p", "Said."), ("cite", "Who"), ("th", "Day"), ("td", "Friday noon"),
    ]  # fmt: skip


def test_links_and_lines_belong_to_their_block():
    body = read_body(BODY)
    assert body.links == (Link("/a/", "two"), Link(None, "x"))
    assert body.blocks[-1].lines == ("Friday", "noon")
    assert [heading.text for heading in body.headings] == ["Why"]


def test_a_link_without_words_is_read_too():
    assert read_body('<p><a href="/a/"></a></p>').links == (Link("/a/", ""),)


def test_words_outside_any_block_are_read():
    assert [block.text for block in read_body("<p>One.</p>two <strong>three</strong>").blocks] == [
        "One.",
        "two three",
    ]


@given(st.text(alphabet="<>/ph2liatdbr=\"'# &;\n\u00a0é", max_size=300))
def test_every_word_of_a_cleaned_body_is_in_a_block(source):
    body = clean_body(source)
    assert all(block.raw.split() == block.text.split() for block in read_body(body).blocks)
