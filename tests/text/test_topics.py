"""Suggested tags name what a text is about."""

from articles.text.topics import suggest_tags

BODY = [
    "The mayor of Bristol, Ann Lee, met Chinese President Xi Jinping in Bristol on Monday.",
    "However, Lee said that China and Bristol are friends. Meanwhile, Xi spoke of China’s plans.",
    "“Bristol is a great city,” Xi said. However, not everyone in China agreed with Ann Lee.",
]


def test_names_that_come_back_are_suggested_in_full():
    tags = suggest_tags("Xi Jinping visits Bristol", BODY, "en")
    assert {"Xi Jinping", "Bristol", "China", "Ann Lee"} <= set(tags)
    assert "However" not in tags
    assert "Xi" not in tags


def test_a_source_s_own_tags_come_first_and_there_are_at_most_eight():
    tags = suggest_tags("Xi visits", BODY, "en", ["harbour", "Harbour", "council"])
    assert tags[:2] == ["harbour", "council"]
    assert len(suggest_tags("x", BODY, "en", [f"tag {n}" for n in range(20)])) == 8


def test_a_source_at_a_university_makes_no_text_one_on_education():
    paragraphs = ["Ada Fenn of the University of Ostrand said the crane was old and green."] * 4
    assert "Education" not in suggest_tags("The Crane", paragraphs, "en")


def test_a_line_of_endless_names_is_no_name():
    assert suggest_tags("The Crane", ["Text and " * 4000], "en") == []
