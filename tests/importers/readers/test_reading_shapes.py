"""Headings, lists, quotations and sign-up boxes: what a line is by its shape and neighbours."""

import pytest

from articles.importers.readers.desk import read_bytes

FIRST = (
    "The harbour council met on Monday and decided to keep the old crane, which has stood at the "
    "pier since 1911. Nobody had expected it."
)
SECOND = (
    "The vote was close, and two members left the room before it was taken. One of them said "
    "later that she had a train to catch."
)
HEAD = "The Crane That Was Allowed to Stay\nBy Mara Lindqvist\n3 November 2026\n"


def blocks(between, head=HEAD):
    (story,) = read_bytes(f"{head}{FIRST}\n{between}\n{SECOND}\n".encode(), "page.txt")
    assert story.title == "The Crane That Was Allowed to Stay"
    assert story.blocks[0].text == FIRST
    assert story.blocks[-1].text == SECOND
    return [(block.type, block.items or block.text) for block in story.blocks[1:-1]]


@pytest.mark.parametrize("marks", ["a) b) c)", "(a) (b) (c)", "a. b. c.", "— — —", "– – –"])
def test_a_list_may_have_these_markers(marks):
    words = ["it is old and green", "it is taller than the church", "it is there"]
    lines = "\n".join(f"{m} {w}" for m, w in zip(marks.split(), words, strict=True))
    assert blocks(f"The council listed three reasons:\n{lines}") == [
        ("paragraph", "The council listed three reasons:"),
        ("list", words),
    ]


def test_a_long_dash_before_direct_speech_is_no_marker():
    lines = ["— It is old, — said the mayor.", "— So am I, — answered the driver."]
    assert blocks("\n".join(lines)) == [("paragraph", line) for line in lines]


def test_a_numbered_question_after_a_list_heads_what_follows():
    found = blocks("Each paper passes two hands:\na) the clerk\nb) the driver\n5. Who pays for it?")
    assert found[-1] == ("heading", "Who pays for it?")


@pytest.mark.parametrize(
    "line",
    [
        "“We had no choice,” said the mayor, who has never been on the crane",
        "„Wir hatten keine Wahl“, sagte die Bürgermeisterin am Abend",
        "« Nous n’avions pas le choix », a dit la maire, qui n’aime pas les grues",
        "״לא הייתה לנו ברירה״, אמר ראש העיר אחרי הישיבה",
    ],
)
def test_a_line_that_begins_with_a_quotation_is_a_paragraph(line):
    assert blocks(line) == [("paragraph", line)]


@pytest.mark.parametrize(
    "line",
    [
        "5 minute read | Listen to this article",
        "Advertisement\nSave up to 40% on winter boots\nShop now",
        "Il vous reste 80 % de cet article à lire.",
        "Il vous reste 65% de cet article à lire. La suite est réservée aux abonnés.",
        "Newsletter abonnieren\nDie Stadt am Freitag\nE-Mail-Adresse eingeben\nAnmelden",
    ],
)
def test_what_the_page_says_for_itself_is_left_out(line):
    assert blocks(line) == []


def test_a_heading_after_a_sign_up_box_loses_its_closing_colon():
    box = "Newsletter abonnieren\nDas Wichtigste, jeden Morgen.\nJetzt abonnieren\nWhat Comes Next:"
    assert blocks(box) == [("heading", "What Comes Next")]


def test_somebody_who_says_follow_us_is_quoted():
    assert blocks("Follow us, said the baker") == [("heading", "Follow us, said the baker")]


@pytest.mark.parametrize("path", ["World / Europe / Borders", "Politics > Explainers"])
def test_a_path_through_the_site_is_no_title(path):
    assert blocks("Why It Stays", head=f"{path}\n\n{HEAD}") == [("heading", "Why It Stays")]


def test_a_headline_wider_than_the_margin_does_not_hide_the_margin():
    text = (
        "The stationmaster at Dreva has a watch, a whistle and a flag, and\n"
        "until Tuesday he had not needed any of them for the purpose for\n"
        "which they were issued. Lucian was appointed in the year 2024 to\n"
        "96 kilometres of line and no train. His predecessor waved off the\n"
        "last one in September, when the border was closed for good.\n"
    )
    source = f"A Train Crosses the Hills\n\n{text}\n\nImage: {'The first train leaves. ' * 3}\n"
    (story,) = read_bytes(source.encode(), "page.txt")
    assert [block.text for block in story.blocks] == [" ".join(text.split())]
