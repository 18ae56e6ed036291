"""Bad files give one clear sentence, quickly; no file makes the reader wait."""

import os
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.importers.readers import MAX_BYTES, UnreadableSource, read_bytes, read_file

STORY = (
    "Harbour plan approved\n\nThe council approved the plan on Monday, after ten years of debate.\n"
)


def reason(path):
    with pytest.raises(UnreadableSource) as caught:
        read_file(path)
    assert caught.value.reason.endswith(".")
    return caught.value.reason


def test_a_text_file_is_read(tmp_path):
    path = tmp_path / "0001.txt"
    path.write_text(STORY)
    [story] = read_file(path)
    assert (story.title, story.external_id) == ("Harbour plan approved", "0001")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t\r\n\xc2\xa0", "white space"),
        (b"Share\nTweet\nAdvertisement\nAll rights reserved\n", "no story"),
        (b"---\n***\n", "no story"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "binary"),
        (bytes(3000), "binary"),
        (bytes(range(128, 256)) * 40, "encoding"),
        (b"a" * 5_000_000, "one line"),
        (b"a b\n" * 2_000_000, "too large"),
        (b"word " * 50_000, "too long"),
        (b"word\n\n" * 20_000, "too long"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(tmp_path, data, words):
    path = tmp_path / "bad.txt"
    path.write_bytes(data)
    assert words in reason(path)


def test_what_is_no_file_is_refused(tmp_path):
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    assert "directory" in reason(tmp_path / "folder.txt")
    assert "link" in reason(tmp_path / "dangling.txt")
    assert "back to itself" in reason(tmp_path / "loop.txt")
    assert "pipe" in reason(tmp_path / "pipe.txt")
    assert "does not exist" in reason(tmp_path / "gone.txt")
    assert "device" in reason("/dev/zero")


def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("s.txt")
        assert "socket" in reason(tmp_path / "s.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text(STORY)
    path.chmod(0)
    assert "permission" in reason(path)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_give_stories_or_a_reason(data):
    try:
        stories = read_bytes(data, "x.txt")
    except UnreadableSource:
        return
    assert all(story.title and story.blocks for story in stories)


PIECES = st.sampled_from(
    [
        "Harbour plan approved", "By Jane Doe", "12 March 2024", "63 Views", "Related News", "-",
        "Read also: Ten parks", "Advertisement", "Share", "1. One", "- item", "> quoted", "# Head",
        "<p>soup", "</div>", "&amp;nbsp;", "=====", "Tags: a, b", "Comments (3)", "Reply", "“Yes.”",
        "— Ann Lee", "Home > World", "The council met on Monday, and it voted for the plan.",
        "Title: Another", "\f", "Photo: X/Reuters", "Contents", "…", "市议会批准了计划。",
        "関連記事", "From to , he worked.", "**Bold**", "Jane Doe | 5 min read", "2 hours ago",
        "I. Start",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(PIECES, st.sampled_from(["\n", "\n\n", " ", "\r\n"])), max_size=30))
def test_any_mixture_of_page_pieces_gives_stories_or_a_reason(pieces):
    try:
        stories = read_bytes("".join(a + b for a, b in pieces).encode(), "x.txt")
    except UnreadableSource:
        return
    for story in stories:
        assert all(block.text.strip() or block.items for block in story.blocks)


def test_the_limit_leaves_room_for_a_saved_page():
    assert MAX_BYTES >= 2**20
