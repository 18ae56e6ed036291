"""Whole source texts: what is body stays, what is page goes, what is said is recorded."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.importers.readers import RelatedItem, read_bytes

ONE = (
    "The city council approved a plan on Monday to rebuild the old harbour, ending a debate that "
    "has run for more than a decade and divided residents."
)
TWO = (
    "Supporters say the project will bring jobs; opponents fear that it will push out small shops. "
    "“We will share this plan with everyone,” the mayor said."
)
THREE = (
    "The company will share this post with its partners. Advertisement spending rose by 4 percent, "
    "and newsletters such as Morning Brew, which readers can unsubscribe from, gained subscribers."
)


def read(text):
    [story] = read_bytes(text.encode(), "sample.txt")
    return story


def shape(story):
    return [(block.type, block.items or block.text) for block in story.blocks]


def test_a_page_with_all_kinds_of_furniture_keeps_only_its_story():
    story = read(
        f"""Skip to content
Home > World > Asia
Harbour plan approved after ten years
Council votes 12 to 3 in favour of the rebuilding of the old docks
By Jane Doe and John Roe
Published: 12 March 2024 | Updated: 13 March 2024
5 min read
Share Tweet Email
Photo: Jane Smith/Reuters

{ONE}

Advertisement

What happens next

{TWO}

Read also: Five things to know about the docks

Cookies and the law

{THREE}

Tags: harbour, council, city

Sign up for our newsletter
Get the best stories every Friday. No spam.
Enter your email

Comments (3)
Peter says:
This is a great plan, and I think that everybody should read it.
2 hours ago Reply

You may also like
Ten best parks in town | Alice Smith | 3 Feb 2024 | 1.2K views
Mayor resigns after scandal | Bob Jones | 4 Feb 2024 | 340 views

© 2024 The Daily Post. All rights reserved.
Privacy Policy | Terms of Use
"""
    )
    assert story.title == "Harbour plan approved after ten years"
    assert not story.title_is_derived
    assert story.standfirst.startswith("Council votes")
    assert story.authors == ["Jane Doe", "John Roe"]
    assert (story.published, story.updated) == (date(2024, 3, 12), date(2024, 3, 13))
    assert story.views is None
    assert story.section == "World"
    assert story.tags == ["harbour", "council", "city"]
    assert shape(story) == [
        ("paragraph", ONE),
        ("heading", "What happens next"),
        ("paragraph", TWO),
        ("heading", "Cookies and the law"),
        ("paragraph", THREE),
    ]
    assert story.related == [
        RelatedItem("Five things to know about the docks"),
        RelatedItem("Ten best parks in town", "Alice Smith", date(2024, 2, 3), 1200),
        RelatedItem("Mayor resigns after scandal", "Bob Jones", date(2024, 2, 4), 340),
    ]
    assert story.warnings == []


def test_authors_dates_and_views_of_related_items_are_not_the_story_s():
    story = read(
        f"Harbour plan\n{ONE}\nRelated News\nTen parks\nAlex Roe - Nov 15, 2025 63 Views -\n"
        "Related News\nThe mayor\nAlex Roe - Nov 14, 2025 40 Views"
    )
    assert (story.authors, story.published, story.views) == ([], None, None)
    assert story.related == [
        RelatedItem("Ten parks", "Alex Roe", date(2025, 11, 15), 63),
        RelatedItem("The mayor", "Alex Roe", date(2025, 11, 14), 40),
    ]
    assert {warning.code for warning in story.warnings} == {"no-author", "no-date"}


def test_related_items_may_be_spread_over_lines():
    story = read(
        f"Harbour plan approved\n{ONE}\n{TWO}\nLatest News\nTen best parks in town\nAlice Smith\n"
        "Nov 14, 2025\n40 Views\nMayor resigns\nBob Jones\nNov 13, 2025\n58 Views\nBack to top"
    )
    assert story.related == [
        RelatedItem("Ten best parks in town", "Alice Smith", date(2025, 11, 14), 40),
        RelatedItem("Mayor resigns", "Bob Jones", date(2025, 11, 13), 58),
    ]


def test_a_text_without_title_gets_one_from_its_first_sentence_and_keeps_the_sentence():
    story = read(f"{ONE} It was late.\n\nThe Risks\n\n{TWO}")
    assert story.title_is_derived
    assert ONE.startswith(story.title)
    assert shape(story)[0] == ("paragraph", f"{ONE} It was late.")
    assert any("headline" in warning.message for warning in story.warnings)


def test_a_general_heading_is_no_title():
    story = read(f"Introduction\n\n{ONE}\n\nThe Risks\n\n{TWO}\n\nConclusion\n\n{THREE}")
    assert story.title_is_derived
    assert [text for kind, text in shape(story) if kind == "heading"] == [
        "Introduction", "The Risks", "Conclusion",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("The Risks:", "The Risks"), ("1. The Risks", "The Risks"), ("II. The Risks", "The Risks"),
        ("Step 2: Build It", "Build It"), ("## The Risks", "The Risks"),
        ("**The Risks**", "The Risks"), ("THE RISKS", "THE RISKS"),
        ("The Risks\n-----", "The Risks"),
        ("Why does it matter?", "Why does it matter?"), ("## 3. The Risks", "The Risks"),
        ("Conclusion: A Necessity", "Conclusion: A Necessity"), ("<h3>The Risks</h3>", "The Risks"),
    ],
)  # fmt: skip
def test_a_heading_loses_its_numbering_and_closing_colon(line, heading):
    story = read(f"Harbour plan approved\n\n{ONE}\n\n{line}\n\n{TWO}\n")
    assert shape(story) == [("paragraph", ONE), ("heading", heading), ("paragraph", TWO)]


def test_lists_of_every_kind_keep_their_items():
    story = read(
        f"Harbour plan approved\n\n{ONE}\n\n- Build the docks.\n\n- Pay the workers.\n\n"
        f"{TWO}\n\nWhat you need:\na) a boat\nb) a pier\n\n{ONE}\n\n1. First\n2. Second\n\n"
        "The council voted on these points:\nBuild the docks\nPay the workers\nOpen in 2030\n\n"
        f"{TWO}"
    )
    assert [text for kind, text in shape(story) if kind == "list"] == [
        ["Build the docks.", "Pay the workers."],
        ["a boat", "a pier"],
        ["First", "Second"],
        ["Build the docks", "Pay the workers", "Open in 2030"],
    ]
    assert [block.ordered for block in story.blocks if block.type == "list"] == [
        False, True, True, False,
    ]  # fmt: skip


def test_quotations_with_a_source_are_quotes_and_others_are_paragraphs():
    told = "“It is a good plan,” said Mr Roe, who lives there. He has a shop by the harbour."
    story = read(
        f"Harbour plan approved\n\n{ONE}\n\n“We have waited for a long time for this.”\n"
        f"— Ann Lee, mayor\n\n{told}\n\n> Quoted text here.\n> More of it.\n\n{TWO}"
    )
    assert shape(story)[1:4] == [
        ("quote", "“We have waited for a long time for this.” — Ann Lee, mayor"),
        ("paragraph", told),
        ("quote", "Quoted text here. More of it."),
    ]


def test_lines_broken_at_a_column_are_joined():
    import textwrap

    wrap = textwrap.TextWrapper(72).fill
    story = read(
        f"A Very Long Title About The Harbour That Goes On Past The Seventy-Two\nColumn Mark\n\n"
        f"By Jane Doe\n\n{wrap(ONE)}\n\nCookies and the law\n\n{wrap(THREE)}\n\n"
        "* A list item that is so long that it has to be broken at the column\n  of the text\n"
        f"* Another\n\n{wrap(TWO)}\n"
    )
    assert story.title.endswith("Seventy-Two Column Mark")
    assert shape(story) == [
        ("paragraph", ONE),
        ("heading", "Cookies and the law"),
        ("paragraph", THREE),
        (
            "list",
            [
                "A list item that is so long that it has to be broken at the column of the text",
                "Another",
            ],
        ),
        ("paragraph", TWO),
    ]


def test_an_advert_inside_a_sentence_does_not_break_it():
    story = read(
        "Harbour plan approved\n\nThe minister said on Monday that the\n\nAdvertisement\n\n"
        f"plan would be carried out by 2030 for the good of all.\n\n{ONE} ADVERTISEMENT {TWO}"
    )
    assert shape(story) == [
        (
            "paragraph",
            "The minister said on Monday that the plan would be carried out by 2030 for the good "
            "of all.",
        ),
        ("paragraph", f"{ONE} {TWO}"),
    ]


def test_a_whole_web_page_gives_its_article():
    story = read(
        '<!DOCTYPE html><html lang="en"><head><title>Harbour plan | Daily</title>'
        '<meta name="author" content="Jane Doe">'
        '<meta property="article:published_time" content="2024-03-12T10:00:00Z">'
        '<script>var x="<p>no</p>";</script></head><body><nav><ul><li>Home</li></ul></nav>'
        '<div class="cookie-banner"><p>We use cookies to help you.</p><button>OK</button></div>'
        "<article><h1>Harbour plan &amp; more</h1><figure><img src=x><figcaption>The harbour at "
        f"dawn.</figcaption></figure><p>{ONE} AT&amp;T &amp;amp; sons.</p><h2>What next</h2>"
        "<ul><li>One thing</li><li>Two things</li></ul><blockquote><p>We waited.</p></blockquote>"
        f"<p>{TWO}<br>{THREE}</p><aside class='related'><h3>Related stories</h3><ul>"
        "<li><a href='https://example.org/y'>Mayor resigns</a></li></ul></aside></article>"
        "<footer>© 2024 Daily</footer></body></html>"
    )
    assert (story.title, story.authors, story.published) == (
        "Harbour plan & more", ["Jane Doe"], date(2024, 3, 12),
    )  # fmt: skip
    assert shape(story) == [
        ("paragraph", f"{ONE} AT&T &amp; sons."),
        ("heading", "What next"),
        ("list", ["One thing", "Two things"]),
        ("quote", "We waited."),
        ("paragraph", TWO),
        ("paragraph", THREE),
    ]
    assert story.related == [RelatedItem("Mayor resigns", url="https://example.org/y")]


def test_labelled_fields_are_read():
    story = read(
        "Title: Harbour plan approved\nSummary: The council voted 12 to 3.\nAuthor: Jane Doe\n"
        f"Date: 2024-03-12\nSection: World\nTags: harbour, council\n\n{ONE}\n\n{TWO}"
    )
    assert (story.title, story.standfirst) == (
        "Harbour plan approved",
        "The council voted 12 to 3.",
    )
    assert (story.authors, story.published, story.section) == (
        ["Jane Doe"], date(2024, 3, 12), "World",
    )  # fmt: skip
    assert shape(story) == [("paragraph", ONE), ("paragraph", TWO)]


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Jane Doe", ["Jane Doe"]),
        ("BY JANE DOE AND JOHN ROE", ["Jane Doe", "John Roe"]),
        ("Jane Doe, Staff Writer", ["Jane Doe"]),
        ("Jane Doe | 12 March 2024 | 5 min read", ["Jane Doe"]),
        ("Written by Jane Doe. Updated on 13 March 2024", ["Jane Doe"]),
        ("By Jane Doe (jane@example.org)", ["Jane Doe"]),
        ("By Jane Doe, John Roe & Ann Lee", ["Jane Doe", "John Roe", "Ann Lee"]),
        ("Author: Jane Doe", ["Jane Doe"]),
        ("Posted by Jane Doe on March 12, 2024", ["Jane Doe"]),
        ("By\nJane Doe", ["Jane Doe"]),
        ("By Vincent van Gogh", ["Vincent van Gogh"]),
    ],
)
def test_a_byline_names_its_authors(byline, authors):
    story = read(f"Harbour plan approved\n{byline}\n\n{ONE}\n\n{TWO}")
    assert story.title == "Harbour plan approved"
    assert story.authors == authors
    assert shape(story) == [("paragraph", ONE), ("paragraph", TWO)]


def test_an_impossible_or_relative_date_is_left_empty_and_reported():
    for line in ("Published: 31 February 2024", "2 hours ago"):
        story = read(f"Harbour plan approved\nBy Jane Doe\n{line}\n\n{ONE}\n\n{TWO}")
        assert story.published is None
        assert any(warning.code == "lost-date" for warning in story.warnings)


def test_several_stories_in_one_file_are_told_apart():
    for cut in ("==========\n\n", "\f", "Title: "):
        text = f"{cut if ':' in cut else ''}First story\nBy Jane Doe\n2024-03-12\n\n{ONE}\n\n{cut}"
        text += f"Second story\nBy John Roe\n2024-03-13\n\n{TWO}\n"
        stories = read_bytes(text.encode(), "two.txt")
        assert [story.title for story in stories] == ["First story", "Second story"]
        assert [story.authors for story in stories] == [["Jane Doe"], ["John Roe"]]
        assert [story.external_id for story in stories] == ["two", "two#2"]


def test_a_line_of_stars_between_two_scenes_is_no_new_story():
    story = read(f"Harbour plan approved\n\n{ONE}\n\n* * *\n\n{TWO}")
    assert shape(story) == [("paragraph", ONE), ("paragraph", TWO)]


def test_gaps_are_reported_with_their_place_and_kept():
    lost = "He spoke with President Roe on , a sequence that was seen as close coordination by all."
    story = read(f"Harbour plan approved\n\n{lost}\n\n{TWO}")
    assert shape(story)[0] == ("paragraph", lost)
    [gap] = [warning for warning in story.warnings if warning.code == "gap"]
    assert "Roe on , a sequence" in gap.message


WORD = st.sampled_from(
    "harbour council plan mayor Bristol river ships trade people money winter market Ann stone "
    "bridge water works yard share comments newsletter cookies subscribe photo related".split()
)
SENTENCE = st.lists(WORD, min_size=12, max_size=22).map(
    lambda words: f"The {' '.join(words)} rose."
)
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=3).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(PARAGRAPH, min_size=1, max_size=6, unique=True),
    st.sampled_from(["\n", "\n\n", "\r\n"]),
)
def test_every_paragraph_of_running_text_is_kept_word_for_word(paragraphs, gap):
    story = read(gap.join(["Harbour plan approved", *paragraphs]))
    assert [block.text for block in story.blocks] == paragraphs


@settings(max_examples=60, deadline=None)
@given(st.lists(PARAGRAPH, min_size=2, max_size=5, unique=True))
def test_reading_what_was_read_changes_nothing(paragraphs):
    first = read("Harbour plan approved\n\n" + "\n\nThe Risks\n\n".join(paragraphs) + "\n\nShare\n")
    again = read("\n\n".join([first.title, *(block.text for block in first.blocks)]))
    assert shape(again) == shape(first)
