"""Bodies as Markdown, judged by a reader of Markdown that is not ours."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from articles.text.html import clean_body, clean_line
from articles.text.markdown import escaped, link, to_markdown

pytestmark = pytest.mark.once
PAGE = "https://n.example/2026/05/01/bats/"
reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read(markdown):
    """The Markdown as a reader shows it: elements and folded words, without classes."""
    return lxml_html.fragment_fromstring(reader.render(markdown), create_parent="div")


def words(element):
    return " ".join(element.text_content().split())


def shown(body):
    """The tags and words of a body, block by block, as a reader of its Markdown gets them."""
    return [(one.tag, words(one)) for one in read(to_markdown(clean_body(body), PAGE))]


# --- shapes --------------------------------------------------------------------------------------


def test_a_body_keeps_its_shape():
    body = (
        "<h2>Dusk # one #</h2><p>Bats <strong>and</strong> <em>boats</em>, <s>cats</s>.</p>"
        "<blockquote><p>They come.</p><p>They go.</p><p><cite>Ada</cite></p></blockquote>"
        "<aside class='pullquote'><p>Both.</p></aside><hr>"
        "<ol start='3'><li><p>three</p></li><li><p>four</p></li></ol>"
    )
    document = read(to_markdown(clean_body(body), PAGE))
    assert [one.tag for one in document] == [
        "h2", "p", "blockquote", "blockquote", "hr", "ol",
    ]  # fmt: skip
    assert words(document[0]) == "Dusk # one #"
    assert [one.tag for one in document[1]] == ["strong", "em", "s"]
    assert [words(one) for one in document[2]] == ["They come.", "They go.", "Ada"]
    assert document[5].get("start") == "3"
    assert [words(one) for one in document[5]] == ["three", "four"]


def test_lists_inside_lists_stay_inside_and_lists_in_a_row_stay_two():
    body = clean_body(
        "<ul><li><p>a</p><ul><li><p>b</p><ol><li><p>c</p></li></ol></li></ul></li>"
        "<li><p>d</p><p>e</p></li><li></li></ul><ul><li><p>f</p></li></ul>"
    )
    first, second = read(to_markdown(body, PAGE))
    assert [words(one) for one in first.xpath("./li")] == ["a b c", "d e"]
    assert words(first.xpath("./li/ul/li/ol/li")[0]) == "c"
    assert words(second) == "f"


def test_a_table_has_a_cell_for_every_place():
    body = clean_body(
        "<table><tbody><tr><th><p>Port</p></th><th colspan='2'><p>Boats | day</p></th></tr>"
        "<tr><td rowspan='2'><p>North</p><p>pier</p></td><td><p>1</p></td><td><p>2</p></td></tr>"
        "<tr><td><p>3</p></td><td><ul><li><p>4</p></li></ul></td></tr></tbody></table>"
    )
    (table,) = read(to_markdown(body, PAGE))
    rows = [[words(cell) for cell in row] for row in table.iter("tr")]
    assert rows == [
        ["Port", "Boats | day", ""], ["Northpier", "1", "2"], ["", "3", "- 4"],
    ]  # fmt: skip
    assert table.xpath("//td/br")


def test_a_table_without_a_head_keeps_its_first_row():
    (table,) = read(to_markdown("<table><tbody><tr><td>1</td></tr></tbody></table>", PAGE))
    assert [words(row) for row in table.iter("tr")] == ["", "1"]


def test_figures_embeds_and_links_have_whole_addresses():
    body = clean_body(
        '<figure data-picture="00000000-0000-0000-0000-000000000000"><img src="/media/a.jpg" '
        'alt="A [boat]"><figcaption>At dusk <cite>Ada</cite></figcaption></figure>'
        '<figure class="embed" data-embed="https://www.youtube.com/watch?v=abcdefg">'
        '<a href="https://www.youtube.com/watch?v=abcdefg">A film</a></figure>'
        '<p>See! <a href="/latest/">all</a>!<a href="?a=1&amp;copy;=(2)">odd</a></p>'
    )
    document = read(to_markdown(body, PAGE))
    (image,) = document.iter("img")
    assert (image.get("src"), image.get("alt")) == (
        "https://n.example/media/pictures/00000000-0000-0000-0000-000000000000",
        "A [boat]",
    )
    assert words(document[1]) == "At dusk (Ada)"
    assert words(document[2]) == "A film (youtube.com)"
    assert [one.get("href") for one in document.iter("a")] == [
        "https://www.youtube.com/watch?v=abcdefg", "https://n.example/latest/",
        f"{PAGE}?a=1%26copy;=(2)",
    ]  # fmt: skip


def test_notes_stand_at_the_end_and_are_called_by_number():
    body = '<p>They vote<sup class="footnote">See https://a.example/b_c, p. 3</sup>: soon.</p>'
    assert to_markdown(clean_body(body), PAGE) == (
        "They vote[^1]\\: soon.\n\n[^1]: See <https://a.example/b_c>, p. 3"
    )


def test_a_text_from_right_to_left_stays_as_it_is():
    assert to_markdown("<p>שלום, <strong>עולם</strong>.</p>", PAGE) == "שלום, **עולם**."


def test_an_empty_body_is_an_empty_text():
    assert to_markdown("", PAGE) == ""


# --- whatever a text holds -----------------------------------------------------------------------

#: Text of the characters that Markdown is made of, and some of all others.
LINES = st.text(
    st.one_of(
        st.sampled_from("\\`*_{}[]()<>#+-.!|~&:;=\"'1 9aä\u05d0\u00a0\u3000/@^$"),
        st.characters(exclude_categories=["Cc", "Cs", "Cn"]),
    ),
    max_size=40,
)


def plain(text):
    return " ".join(clean_line(text).split())


@given(LINES)
@example("1) x")
@example("&copy; &#38; <b> **a** __b__ ~~c~~ `d` ![e](f) [g]: h")
@example("    indented")
@example("---")
@example("# heading #")
def test_any_text_in_a_paragraph_reads_the_same(text):
    text = plain(text)
    document = read(escaped(text))
    assert {one.tag for one in document.iter()} <= {"div", "p"}
    assert words(document) == text


@given(LINES, st.sampled_from(["https://a.example/b c<d>(e)\\f&amp;", "/x/_y_/*z*"]))
def test_any_text_in_a_link_reads_the_same(text, address):
    text = plain(text) or "x"
    (found,) = read(link(text, address)).iter("a")
    assert words(found) == text


INLINE = st.deferred(
    lambda: st.lists(
        st.one_of(
            LINES.map(lxml_escape),
            st.just("<br>"),
            st.tuples(st.sampled_from(["strong", "em", "s", "sub", "sup"]), INLINE).map(
                lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
            ),
            LINES.map(lambda text: f'<a href="https://a.example/">{lxml_escape(text)}</a>'),
        ),
        max_size=4,
    ).map("".join)
)
BLOCKS = st.deferred(
    lambda: st.lists(
        st.one_of(
            INLINE.map(lambda inner: f"<p>{inner}</p>"),
            INLINE.map(lambda inner: f"<h2>{inner}</h2>"),
            st.just("<hr>"),
            st.tuples(st.sampled_from(["blockquote", "ul", "ol"]), BLOCKS).map(wrapped),
            st.lists(INLINE, min_size=1, max_size=3).map(
                lambda cells: (
                    f"<table><tbody><tr>{''.join(f'<td><p>{c}</p></td>' for c in cells)}"
                    "</tr></tbody></table>"
                )
            ),
        ),
        max_size=3,
    ).map("".join)
)


def lxml_escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def wrapped(pair):
    tag, inner = pair
    return f"<{tag}>{inner}</{tag}>" if tag == "blockquote" else f"<{tag}><li>{inner}</li></{tag}>"


def letters(element):
    """All words of a document, without white space: that may be folded in two ways."""
    return re.sub(r"\s+", "", element.text_content())


@settings(max_examples=40)
@given(BLOCKS)
def test_any_body_keeps_every_word_and_gains_none(body):
    body = clean_body(body)
    before = lxml_html.fragment_fromstring(body or "<p></p>", create_parent="div")
    assert letters(read(to_markdown(body, PAGE))) == letters(before)


@settings(max_examples=40)
@given(INLINE)
def test_any_emphasis_is_on_the_same_words(inner):
    body = clean_body(f"<p>{inner}</p>")
    before = lxml_html.fragment_fromstring(body or "<p></p>", create_parent="div")
    after = read(to_markdown(body, PAGE))
    for tag in ("strong", "em", "s", "sub", "sup"):
        assert "".join(letters(one) for one in before.iter(tag)) == "".join(
            letters(one) for one in after.iter(tag)
        )
