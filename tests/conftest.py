"""What all tests share."""

import functools
import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests import migrated

#: Sample texts with expected results that are not part of the repository.
SHARED = Path(os.environ.get("NEWSROOM_SHARED", Path(__file__).resolve().parents[2] / "shared"))
# Playwright's own event loop makes Django think that all code of the test is asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Looking for circles among all that three thousand tests have imported, again and again, is every
# twelfth second of a run. What tests leave behind is little, and goes with their process.
gc.set_threshold(50_000, 20, 50)
# No test measures time: three of them failed on a busy machine for how long an example took.
hypothesis.settings.register_profile(
    "newsroom", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("newsroom")


#: Tests that touch no database, bring their own, or ask it nothing that engines answer
#: differently: one engine says as much as two. A door parses, calls one verb or one queryset, and
#: renders: what those do on an engine is told on the floors below.
ONCE = (
    "tests/craft/related/test_following.py::TestAnyOrder",
    "tests/craft/test_fetching.py",
    "tests/desk/test_address_sequences.py",
    "tests/desk/test_checks.py",
    "tests/desk/test_checks_links.py",
    "tests/desk/test_corrections.py::TestAnyHistory",
    "tests/desk/test_gate_on_every_way.py",
    "tests/desk/test_notice_mail.py",
    "tests/desk/test_sequences.py",
    "tests/desk/test_tag_sequences.py",
    "tests/doors/",
    "tests/importers/readers/",
    "tests/importers/test_seed.py::test_a_site_without_tables",
    "tests/importers/test_world.py",
    "tests/test_clock.py",
    "tests/test_docs.py",
    "tests/test_languages.py",
    "tests/test_settings.py",
    "tests/test_start.py",
    "tests/test_suite.py",
    "tests/text/",
)
#: What both engines are asked all the same: each door once, as who is let in everywhere; what stays
#: behind every door; and doors with questions, or with writes that meet, of their own.
TWICE = (
    "tests/desk/test_notice_mail.py::test_a_notice_that_another_process",
    "tests/desk/test_notice_mail.py::test_a_process_that_died",
    "tests/desk/test_notice_mail.py::test_clocks_that_tick",
    "tests/doors/test_every_address.py::test_every_address_of_the_admin_answers_as_the_table_says[admin]",
    "tests/doors/test_every_address.py::test_readers_doors_are_open_to_all_and_take_no_post[nobody]",
    "tests/doors/test_leaks.py",
    "tests/doors/test_lists.py",
    "tests/doors/test_pages_in_time.py",
    "tests/doors/test_search.py",
    "tests/doors/test_counts.py",
    "tests/doors/test_websub.py",
    "tests/doors/test_kept_pages.py::test_another_process",
    "tests/doors/test_kept_pages.py::test_a_page_that_another_process",
    "tests/doors/test_kept_pages.py::TestChanges",
    "tests/doors/test_dropped_pages.py::test_each_change",
    "tests/doors/test_dropped_pages.py::test_the_most_read",
    "tests/doors/test_baked_pages.py::test_all_that_the_site_leads_to",
    "tests/doors/test_baked_pages.py::test_files_go_before_the_verb_returns",
    "tests/doors/test_baked_pages.py::test_what_a_killed_process_left",
    "tests/doors/test_corrections.py::test_every_note_stands_in_the_list_newest_first",
    "tests/doors/test_corrections.py::test_pages_of_notes_of_one_moment",
    "tests/doors/test_contact.py::test_a_form_that_is_sent_twice_is_one_message",
    "tests/doors/test_contact.py::test_one_sender_may_send_five_in_an_hour",
    "tests/doors/test_contact.py::test_messages_are_forgotten_after_their_days",
    "tests/doors/test_machines.py::test_an_article_stays_in_its_part",
    "tests/doors/test_machines.py::test_the_news_sitemap_holds_two_days",
    "tests/doors/admin/test_bounded_lists.py",
    "tests/doors/admin/test_lists.py::TestTheList",
    "tests/doors/admin/test_lookups.py::test_headlines_that_begin",
    "tests/doors/admin/test_lookups.py::test_case_quotes_and_script",
    "tests/doors/admin/test_lookups.py::test_an_article_is_found_by_every_address",
    "tests/doors/admin/test_lookups.py::test_tags_are_found_by_any_name",
    "tests/doors/admin/test_near.py::test_a_draft_and_unsaved_tags_are_asked_about",
    "tests/doors/admin/test_palette.py::test_some_letters",
    "tests/doors/admin/test_palette.py::test_case_accents",
    "tests/doors/admin/test_palette.py::test_capitals",
    "tests/doors/admin/test_palette.py::test_a_headline_is_found",
    "tests/doors/admin/test_palette.py::test_exact_comes",
    "tests/doors/admin/test_palette.py::test_signs",
    "tests/doors/admin/test_readership.py::test_each_ranking_is_shown",
    "tests/doors/admin/test_sync.py::test_autosaves_of_one_sitting",
    "tests/doors/admin/test_sync.py::test_beginning_twice_is_beginning_once",
    "tests/doors/admin/test_sync.py::test_the_same_words_changed_by_two",
    "tests/doors/admin/test_today.py::test_a_writer_sees_what_is_due",
    "tests/doors/admin/test_today.py::test_an_editor_finds_what_to_review",
    "tests/doors/admin/test_tags.py::test_a_split_keeps_what_was_chosen",
    "tests/doors/admin/test_tags.py::test_all_that_a_search_finds",
    "tests/doors/admin/test_tags.py::test_a_tag_that_stories_carry",
    "tests/doors/admin/test_verbs.py::test_a_bulk_step_is_undone",
    "tests/doors/admin/test_verbs.py::test_one_article_that_is_not_ready",
)
#: The longest tests. They go first: begun last, one of them would keep a single processor busy.
LONG = (
    "tests/test_start.py",
    "tests/importers/test_world.py::test_texts_and_fixture",
    "tests/test_clock.py::test_two_servers",
    "tests/desk/test_sequences.py",
    "tests/desk/test_address_sequences.py",
    "tests/desk/test_tag_sequences.py",
    "tests/doors/test_every_address.py::test_every_address_of_the_admin",
    "tests/doors/test_query_counts.py",
    "tests/doors/test_baked_pages.py::test_no_step",
    "tests/doors/test_dropped_pages.py::test_no_step",
    "tests/craft/related/test_following.py::TestAnyOrder",
)


#: The tests that were read, before any is left out.
_read: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    if getattr(config.option, "numprocesses", None) and not config.option.collectonly:
        migrated.begin()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    # What is left out whole need not even be read.
    if "not once" in (config.option.markexpr or ""):
        path = collection_path.relative_to(config.rootpath).as_posix()
        if path == "tests/journeys":
            return True
        # A folder is read where anything in it, or above, is asked twice.
        if f"{path}/".startswith(ONCE) or path in ONCE:
            return not any(one.startswith(path) for one in TWICE)
    return None


def pytest_itemcollected(item: pytest.Item) -> None:
    _read.append(item.nodeid)
    # Before anything is left out by its marks.
    if item.nodeid.startswith(ONCE) and not item.nodeid.startswith(TWICE):
        item.add_marker(pytest.mark.once)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("shared") and not (SHARED / "seeds").is_dir():
            item.add_marker(pytest.mark.skip(reason="left out: the shared sample texts are absent"))
        if item.get_closest_marker("proof") and "proof" not in (config.option.markexpr or ""):
            item.add_marker(pytest.mark.skip(reason="left out: a slow proof (make proof)"))
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A text of megabytes makes a poor name for a test."""
    if isinstance(val, (str, bytes)) and len(val) > 80:
        return f"{argname}-of-{len(val)}"
    return None


@pytest.fixture
def tests_that_were_read(request: pytest.FixtureRequest) -> list[str]:
    """The names of all tests in the files of this run: none, where single tests were asked for."""
    return [] if any("::" in one for one in request.config.args) else _read


@pytest.fixture
def shared_seeds() -> Path:
    return SHARED / "seeds"


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """A copied SQLite file is kept when the database is set up; it goes with its folder."""
    return _is_on_sqlite() and migrated.is_begun()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Begin with the run's migrated database instead of migrating anew."""
    from django.conf import settings

    if migrated.is_begun():
        test = settings.DATABASES["default"]["TEST"]
        if _is_on_sqlite():
            shutil.copyfile(migrated.file(), test["NAME"])
        else:
            test["TEMPLATE"] = migrated.database()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """What migrating asks SQLite about itself is not to be asked in the middle of a test."""
    from django.db import connection

    with django_db_blocker.unblock():
        assert connection.features.supports_json_field


def _is_on_sqlite() -> bool:
    from django.conf import settings

    return settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


@pytest.fixture(autouse=True, scope="session")
def _pictures_are_cut_once() -> Iterator[None]:
    """Each process cuts the same bytes in the same way only once: nearly every picture of the tests
    is the factory's, and each test has a media folder of its own. Files are written as ever."""
    from articles.models import images, renditions

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(images, "normalise", functools.cache(images.normalise))
        patch.setattr(renditions, "rendition", functools.cache(renditions.rendition))
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    from django.core.cache import cache

    from articles.editorial import host_edition

    cache.clear()
    # What a worker remembers of articles belongs to the test before.
    host_edition.here().raise_it()


@pytest.fixture
def own_journal(settings, tmp_path: Path) -> Iterator[None]:
    """Views are kept in a folder of this test alone."""
    from articles.readership import counting, visitors

    settings.DATA_DIR = tmp_path
    for remembered in (counting._journal, visitors._salt):
        remembered.cache_clear()
    yield
    for remembered in (counting._journal, visitors._salt):
        remembered.cache_clear()


@pytest.fixture
def own_pages(settings, tmp_path: Path) -> Iterator[None]:
    """Pages are kept in a folder of this test alone, and its process knows none yet."""
    from articles.pagecache import cache, numbers, remembering

    settings.DATA_DIR = tmp_path
    remembering.forget()
    for remembered in (cache.of_site, numbers.of_site, numbers.redis_client):
        remembered.cache_clear()
    yield
    for remembered in (cache.of_site, numbers.of_site, numbers.redis_client):
        remembered.cache_clear()
