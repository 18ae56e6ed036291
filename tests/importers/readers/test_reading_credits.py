"""Who wrote a story, when, and what it points to, in the many ways that pages print them."""

from datetime import date

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
CHINESE = (
    "港务委员会星期一开会，决定保留自1911年以来一直矗立在码头上的老起重机。没有人料到这个结果，"
    "渔民们在门外鼓掌。委员会主席表示，修缮工程将在明年春天开始。"
)
KOREAN = (
    "항만위원회는 월요일 회의를 열고 1911년부터 부두에 서 있던 낡은 크레인을 보존하기로 결정했다. "
    "아무도 예상하지 못한 결과였다."
)
GERMAN = (
    "Der Hafenrat hat am Montag getagt und beschlossen, den alten Kran zu behalten, der seit 1911 "
    "am Kai steht. Niemand hatte damit gerechnet."
)


def read(text):
    return read_bytes(text.encode(), "page.txt")


def story(head, *, foot="", text=f"{FIRST}\n{SECOND}", title="The Crane That Was Allowed to Stay"):
    (found,) = read(f"{title}\n{head}\n{text}\n{foot}\n")
    assert found.title == title
    assert not [block.text for block in found.blocks if block.type == "heading"]
    return found


@pytest.mark.parametrize(
    "line",
    [
        "Text: Mara Lindqvist",
        "Words: Mara Lindqvist",
        "Reporting by Mara Lindqvist",
        "Interview: Mara Lindqvist",
        "Story and photographs by Mara Lindqvist",
        "Text and photos: Mara Lindqvist",
        "As told to Mara Lindqvist",
        "Mara Lindqvist reports from Bellhaven",
        "Words by Mara Lindqvist, photos by Jon Doe",
    ],
)
def test_a_credit_needs_no_by(line):
    assert story(line).authors == ["Mara Lindqvist"]


@pytest.mark.parametrize(
    "line",
    [
        "Protokoll: Mara Lindqvist",
        "Aufgezeichnet von Mara Lindqvist",
        "Eine Reportage von Mara Lindqvist",
        "Das Gespräch führte Mara Lindqvist.",
    ],
)
def test_a_german_credit_names_the_author(line):
    found = story(line, text=f"{GERMAN}\n{GERMAN}", title="Der alte Kran darf bleiben")
    assert found.authors == ["Mara Lindqvist"]


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("记者 王小明 报道", ["王小明"]),
        ("本报记者 王小明 李华", ["王小明", "李华"]),
        ("（记者王小明）", ["王小明"]),
        ("新华社新港11月3日电（记者王小明、李华）", ["王小明", "李华"]),
    ],
)
def test_a_chinese_credit_names_the_reporters(line, authors):
    found = story(line, text=f"{CHINESE}\n{CHINESE}", title="老起重机将继续留在码头")
    assert found.authors == authors


def test_a_korean_credit_stands_in_brackets():
    found = story(
        "2026.11.03. 오후 2:05\n(김민수 기자)",
        text=f"{KOREAN}\n{KOREAN}",
        title="낡은 크레인은 부두에 남는다",
    )
    assert (found.authors, found.published) == (["김민수"], date(2026, 11, 3))


def test_a_name_below_the_last_paragraph_signs_the_text():
    assert story("3 November 2026", foot="Mara Lindqvist").authors == ["Mara Lindqvist"]


def test_a_clock_time_of_no_day_is_dropped():
    found = story("By Mara Lindqvist\nUpdated 14:05 GMT")
    assert (found.published, found.updated) == (None, None)


def test_a_date_between_slashes_is_no_path_through_the_site():
    found = story("2026/11/03", text=f"{CHINESE}\n{CHINESE}", title="老起重机将继续留在码头")
    assert found.published == date(2026, 11, 3)


def test_an_italian_page_says_when_it_was_changed():
    found = story("3 novembre 2026 (modificato il 4 novembre 2026)")
    assert (found.published, found.updated) == (date(2026, 11, 3), date(2026, 11, 4))


@pytest.mark.parametrize(
    ("lines", "title", "author"),
    [
        (
            "Counting Bats by the Sound of Their Supper\n5 May 2026 | 310 views",
            "Counting Bats by the Sound of Their Supper",
            None,
        ),
        (
            "The Second Lamp\nBy Ada Fenn and Jon Doe | 5 May 2026 | 310 views",
            "The Second Lamp",
            "Ada Fenn and Jon Doe",
        ),
        ("The Second Lamp\nby Ada Fenn · May 5, 2026 · 310 views", "The Second Lamp", "Ada Fenn"),
        (
            "The Second Lamp\nAda Fenn, Jon Doe — 5 May 2026 — 310 views",
            "The Second Lamp",
            "Ada Fenn, Jon Doe",
        ),
        ("The Second Lamp (Ada Fenn, 5 May 2026, 310 views)", "The Second Lamp", "Ada Fenn"),
        (
            "Night by Night by Ada Fenn\n5 May 2026 | 310 views",
            "Night by Night",
            "Ada Fenn",
        ),
    ],
)
def test_a_related_item_keeps_all_that_is_said_about_it(lines, title, author):
    found = story("By Mara Lindqvist", foot=f"Related articles\n{lines}")
    (item,) = found.related
    assert (item.title, item.author) == (title, author)
    assert (item.date, item.views) == (date(2026, 5, 5), 310)
    assert (found.authors, found.published, found.views) == (["Mara Lindqvist"], None, None)


def test_a_block_called_read_more_keeps_its_counts_to_itself():
    found = story(
        "By Mara Lindqvist", foot="Read more\nThe Second Lamp\nAda Fenn – 5 May 2026 – 310 views"
    )
    assert [item.views for item in found.related] == [310]
    assert found.views is None


@pytest.mark.parametrize("rule", ["* * *", "-----", "———", "==========", "---"])
@pytest.mark.parametrize("between", ["", "Related articles\nThe Second Lamp\n5 May 2026\n"])
def test_a_rule_and_a_signed_headline_begin_another_story(rule, between):
    one = f"The Crane That Stays\nBy Mara Lindqvist\n3 November 2026\n{FIRST}\n{SECOND}\n{between}"
    two = f"Why the Ferry Was Late\nBy Ada Fenn\n4 November 2026\n{SECOND}\n{FIRST}\n"
    found = read(f"{one}\n{rule}\n\n{two}")
    assert [each.title for each in found] == ["The Crane That Stays", "Why the Ferry Was Late"]
    assert [each.published for each in found] == [date(2026, 11, 3), date(2026, 11, 4)]


def test_a_rule_between_the_parts_of_one_story_separates_nothing():
    assert len(read(f"The Crane\nBy Mara Lindqvist\n{FIRST}\n\n* * *\n\nLater\n{SECOND}\n")) == 1
