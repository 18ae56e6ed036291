"""Parts of pages: made once, joined by many pages, and as fresh as a page that is made whole."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article, Author
from articles.pagecache import cache, moments, numbers
from articles.pagecache.parts import Begun, joined, kept, with_holes
from articles.pagecache.showing import collecting, on_this_page
from articles.pagecache.slots import named, slot
from tests.factories import make_article, make_author

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_pages")]


class Maker:
    """Makes a part, and counts how often it was asked to."""

    def __init__(self, value="text", *lists, then=lambda: None):
        self.value, self.lists, self.then, self.times = value, lists, then, 0

    def __call__(self):
        self.times += 1
        if self.lists:
            on_this_page().lists(*self.lists)
        self.then()
        return self.value


def on_a_page(*makers, since=None):
    """Join a page of parts, each with its maker; return what the page shows."""
    with collecting(numbers.of_site().current()) as shown:
        shown.lists()
        for number, make in enumerate(makers):
            kept(f"part {number}", make, since)
    return shown


def drop(*keys):
    numbers.of_site().drop([named(key) if isinstance(key, str) else slot(*key) for key in keys])


def test_a_part_is_made_once_and_every_page_shows_what_it_shows():
    make = Maker({"rows": [[1, "é"]]}, "newest 8", ("article", 7))
    shown = on_a_page(make)
    again = on_a_page(make)
    assert make.times == 1
    assert slot("article", 7) in shown.slots
    assert again.slots == shown.slots


def test_another_process_finds_it_as_it_was_made():
    make = Maker({"rows": [[1, "é"]]}, "newest 8")
    on_a_page(make)
    cache.of_site.cache_clear()
    with collecting(numbers.of_site().current()):
        assert kept("part 0", make) == {"rows": [[1, "é"]]}
    assert make.times == 1


def test_a_change_drops_the_part_that_shows_it_and_no_other():
    one, other = Maker("one", "newest 8"), Maker("other", ("article", 7))
    on_a_page(one, other)
    drop(("article", 7), ("article", 8))
    on_a_page(one, other)
    assert (one.times, other.times) == (1, 2)


def test_rows_that_a_part_read_drop_it():
    author = make_author()
    make = Maker("text", "newest 8", then=lambda: Author.objects.get(pk=author.pk))
    on_a_page(make)
    drop(("author", author.pk + 1))
    on_a_page(make)
    assert make.times == 1
    drop(("author", author.pk))
    on_a_page(make)
    assert make.times == 2


def test_a_part_that_names_no_list_is_made_anew_after_any_change_and_so_is_its_page():
    make = Maker()
    assert on_a_page(make).slots == []
    drop("promos")
    on_a_page(make)
    assert make.times == 2


def test_a_part_of_what_changed_while_it_was_made_is_not_kept():
    make = Maker("old", ("article", 7), then=lambda: drop(("article", 7)))
    on_a_page(make)
    make.then = lambda: None
    on_a_page(make)
    assert make.times == 2
    on_a_page(make)
    assert make.times == 2


def test_a_part_of_what_was_read_before_a_change_is_not_kept_however_late_it_is_made():
    with collecting(numbers.of_site().current()):
        begun = Begun()
    # Read for several parts; then something changes, and only then this one is made of it.
    drop(("article", 7))
    make = Maker("old", ("article", 7))
    on_a_page(make, since=begun)
    on_a_page(make)
    assert make.times == 2


def test_all_parts_of_a_page_are_held_against_one_number(monkeypatch):
    on_a_page(Maker("first", "newest 8"), Maker("second", "newest 16"))
    drop("promos")
    table, asked = numbers.of_site(), []
    current = table.current
    monkeypatch.setattr(table, "current", lambda: asked.append(1) or current())
    on_a_page(Maker(), Maker())
    assert len(asked) == 1


def test_a_change_while_a_page_is_joined_makes_the_page_old_with_its_part():
    make, table = Maker("old", ("article", 7)), numbers.of_site()
    on_a_page(make)
    with collecting(table.current()) as page:
        page.lists()
        drop(("article", 7))
        kept("part 0", make)
    assert table.newest(page.slots) > page.number
    on_a_page(make)
    assert make.times == 2


def test_what_is_read_for_several_parts_is_shown_by_those_that_say_so():
    story = make_article()
    with collecting(numbers.of_site().current()) as page:
        page.lists()
        begun = Begun()
        stories = []

        def read():
            stories.extend(begun.read(lambda: list(Article.objects.published().for_listing())))

        kept("first", Maker("first", "newest 8", then=read), begun)
        kept("second", Maker("second", "newest 8", then=lambda: stories[0].read_again()), begun)
    parts = cache.of_site().parts
    assert slot("article", story.pk) not in parts.find("first", 0).slots
    second = set(parts.find("second", 0).slots)
    author = story.bylines.get().author_id
    assert {slot("article", story.pk), slot("author", author)} <= second
    assert slot("section", story.section_id) in second
    assert second <= set(page.slots)


def test_a_part_ends_with_the_day_and_when_time_alone_changes_something():
    on_a_page(Maker("text", "newest 8"))
    part = cache.of_site().parts.find("part 0", 0)
    assert part.until == moments.midnight_after(timezone.now()).timestamp()
    soon = timezone.now() + timedelta(seconds=20)
    make_article(embargo_until=soon)
    moments.renew(numbers.of_site())
    on_a_page(Maker(), Maker("text", "newest 8"))
    assert cache.of_site().parts.find("part 1", 0).until == pytest.approx(soon.timestamp(), abs=1)


def test_a_page_grows_old_when_its_part_does():
    def make():
        on_this_page().lists()
        on_this_page().grows_old(2_000_000_000_000)
        return "text"

    for _time in range(2):
        assert on_a_page(make).stale_from == 2_000_000_000_000


def test_a_page_that_is_not_kept_has_its_parts_made_and_keeps_none():
    make = Maker("text", "newest 8")
    for _time in range(2):
        assert kept("part 0", make) == "text"
    on_a_page(make)
    assert make.times == 3


def test_holes_are_filled_where_they_were_and_no_text_can_make_one():
    frame = with_holes(
        ("head", "foot"), lambda holes: f"<p>{holes['head']} &amp; head {holes['foot']}</p>"
    )
    assert joined(frame, {"head": "A head", "foot": ""}) == "<p>A head &amp; head </p>"
    assert frame[1::2] == ["head", "foot"]
    assert joined(with_holes(("head",), lambda holes: "head"), {"head": "A head"}) == "head"
