"""What changed between two texts."""

from difflib import SequenceMatcher
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.text import matching
from articles.text.compare import (
    Piece,
    changed_fields,
    compare_bodies,
    compare_lists,
    compare_text,
)
from articles.text.html import clean_body


def marked(before, after):
    signs = {"same": "{}", "gone": "[-{}-]", "new": "[+{}+]"}
    return "".join(signs[piece.kind].format(piece.text) for piece in compare_text(before, after))


WORDS = st.lists(
    st.sampled_from(["a", "the", "Lake", "rose", "3,5", "don't", ",", ".", " ", "  ", "\n", "水"])
).map("".join)


@given(st.text() | WORDS, st.text() | WORDS)
@example("a b", "b a")
@example("\u0e01\u0e34", "\u0e01")
def test_the_pieces_are_both_texts_to_the_letter(before, after):
    pieces = compare_text(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


@pytest.mark.parametrize(
    ("before", "after", "seen"),
    [
        ("The cat sat.", "The dog sat.", "The [-cat-][+dog+] sat."),
        ("The cat sat.", "The cat sat", "The cat sat[-.-]"),
        ("It cost 3,500 euros", "It cost 3,600 euros", "It cost [-3,500-][+3,600+] euros"),
        ("We don't know", "We do know", "We [-don't-][+do+] know"),
        ("湖の水位が上がった", "湖の水位が下がった", "湖の水位が[-上-][+下+]がった"),
        ("עלה המים", "ירד המים", "[-עלה-][+ירד+] המים"),
        ("नदी का पानी", "नदी का जल", "नदी का [-पानी-][+जल+]"),
        ("a  b", "a b", "a [- -]b"),
        ("", "new", "[+new+]"),
        ("gone", "", "[-gone-]"),
    ],
)
def test_words_are_the_steps_in_every_script(before, after, seen):
    assert marked(before, after) == seen


def test_a_rewritten_sentence_is_not_a_patchwork_of_chance():
    seen = compare_text(
        "Officials promised swift action on the broken harbour wall",
        "Nobody had expected any repair on this exposed stretch of coast",
    )
    assert [piece.kind for piece in seen] == ["gone", "new"]


def kinds(before, after):
    return [(block.kind, block.tag) for block in compare_bodies(before, after)]


def test_blocks_are_matched_before_words():
    before = "<p>One stands.</p><h2>Part</h2><p>The lake rose by two metres.</p><p>Last.</p>"
    after = "<p>One stands.</p><p>Quite new.</p><h2>Part</h2><p>The lake rose by four metres.</p>"
    assert kinds(before, after) == [
        ("same", "p"), ("new", "p"), ("same", "h2"), ("changed", "p"), ("gone", "p"),
    ]  # fmt: skip
    changed = compare_bodies(before, after)[3]
    assert [piece.text for piece in changed.pieces if piece.kind == "new"] == ["four"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>The lake rose.</p>", "<p>The <strong>lake</strong> rose.</p>"),
        ('<p>The <a href="/a/">lake</a>.</p>', '<p>The <a href="/b/">lake</a>.</p>'),
        ("<p>The lake rose.</p>", "<h2>The lake rose.</h2>"),
        ("<ul><li><p>a</p></li></ul>", "<ol><li><p>a</p></li></ol>"),
    ],
)
def test_same_words_in_another_dress_are_style(before, after):
    assert [block.kind for block in compare_bodies(before, after)] == ["style"]


def test_a_link_that_leads_elsewhere_is_named():
    (block,) = compare_bodies(
        '<p>The <a href="/a/">lake</a></p>', '<p>The <a href="/b/">lake</a></p>'
    )
    assert block.links == [Piece("gone", "/a/"), Piece("new", "/b/")]


def test_lists_quotes_and_tables_are_compared_part_by_part():
    body = (
        "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul><blockquote><p>c</p></blockquote>"
        "<hr><table><tbody><tr><th>d</th><td>e</td></tr></tbody></table>"
    )
    sorts = ["li", "li", "blockquote", "hr", "th", "td"]
    assert kinds(body, body) == [("same", sort) for sort in sorts]
    changed = compare_bodies(body, body.replace(">e<", ">e and more<"))[-1]
    assert (changed.kind, changed.tag) == ("changed", "td")


BLOCKS = st.sampled_from(["p", "h2", "blockquote", "ul", "td", "bare"])
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)


@st.composite
def bodies(draw):
    out = []
    for sort, text in draw(st.lists(st.tuples(BLOCKS, TEXT | WORDS), max_size=8)):
        text = text.replace("&", "&amp;").replace("<", "&lt;")
        out.append(
            {
                "ul": f"<ul><li><p>{text}</p></li></ul>",
                "td": f"<table><tbody><tr><td>{text}</td></tr></tbody></table>",
                "bare": text,
            }.get(sort, f"<{sort}>{text}</{sort}>")
        )
    return clean_body("".join(out))


@given(bodies(), bodies())
def test_the_blocks_are_both_bodies_in_order(before, after):
    compared = compare_bodies(before, after)
    for body, other in ((before, "new"), (after, "gone")):
        texts = ["".join(p.text for p in b.pieces if p.kind != other) for b in compared]
        mine = [text for text in texts if text]
        alone = compare_bodies(body, body)
        assert mine == [block.pieces[0].text for block in alone if block.pieces]


@given(bodies())
def test_a_body_is_the_same_as_itself(body):
    assert {block.kind for block in compare_bodies(body, body)} <= {"same"}


def test_work_is_bounded_where_nothing_is_alike(monkeypatch):
    searched = []

    def watched(junk, old, new, **options):
        searched.append(len(old) * len(new))
        return SequenceMatcher(junk, old, new, **options)

    monkeypatch.setattr(matching, "SequenceMatcher", watched)
    before = "<p>" + " ".join(f"a b{number % 7}" for number in range(3000)) + "</p>"
    after = "<p>" + " ".join(f"b{number % 5} c" for number in range(3000)) + "</p>"
    (block,) = compare_bodies(before, after)
    assert {piece.kind for piece in block.pieces} == {"gone", "new"}
    assert max(searched, default=0) <= 20_000


def test_fields_that_differ_come_in_the_order_given():
    before = {"headline": "a", "tags": ["x"], "slug": "", "body": "<p>a</p>"}
    after = {"headline": "b", "tags": ["x", "y"], "body": "<p>a</p>", "language": None}
    assert changed_fields(before, after) == ["headline", "tags"]
    assert changed_fields(before, after, ["tags", "body", "headline"]) == ["tags", "headline"]


ROWS = st.lists(st.sampled_from("abcde"), max_size=7)


@given(ROWS, ROWS)
def test_a_list_is_compared_in_its_later_order_with_everything_accounted_for(before, after):
    items = compare_lists(before, after)
    assert [item.value for item in items if item.kind != "gone"] == after
    stayed = [item.value for item in items if item.kind != "new"]
    assert sorted(stayed) == sorted(before)


def test_what_changed_its_place_is_moved_and_not_gone_and_new():
    items = compare_lists(["Mara", "Jon", "Ida", "Ola"], ["Ola", "Mara", "Wren", "Ida"])
    assert [(item.kind, item.value) for item in items] == [
        ("moved", "Ola"), ("same", "Mara"), ("gone", "Jon"), ("new", "Wren"), ("same", "Ida"),
    ]  # fmt: skip
