"""What all tests share."""

import os
from pathlib import Path

import pytest

#: Sample texts with expected results that are not part of the repository.
SHARED = Path(os.environ.get("NEWSROOM_SHARED", Path(__file__).resolve().parents[2] / "shared"))
# Playwright's own event loop makes Django think that all code of the test is asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


#: Tests that touch no database, bring their own, or ask it nothing that engines answer
#: differently: one engine says as much as two.
ONCE = (
    "tests/craft/test_fetching.py",
    "tests/desk/test_address_sequences.py",
    "tests/desk/test_checks.py",
    "tests/desk/test_gate_on_every_way.py",
    "tests/desk/test_tag_sequences.py",
    "tests/doors/admin/test_admin_queries.py",
    "tests/doors/admin/test_beginning.py",
    "tests/doors/admin/test_library.py",
    "tests/doors/admin/test_writing.py",
    "tests/doors/test_every_address.py",
    "tests/importers/readers/",
    "tests/importers/test_world.py",
    "tests/test_clock.py",
    "tests/test_docs.py",
    "tests/test_languages.py",
    "tests/doors/test_interface_languages.py",
    "tests/test_settings.py",
    "tests/test_start.py",
    "tests/text/",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith(ONCE):
            item.add_marker(pytest.mark.once)
        if item.get_closest_marker("shared") and not (SHARED / "seeds").is_dir():
            item.add_marker(pytest.mark.skip(reason="left out: the shared sample texts are absent"))
        if item.get_closest_marker("proof") and "proof" not in (config.option.markexpr or ""):
            item.add_marker(pytest.mark.skip(reason="left out: a slow proof (make proof)"))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A text of megabytes makes a poor name for a test."""
    if isinstance(val, (str, bytes)) and len(val) > 80:
        return f"{argname}-of-{len(val)}"
    return None


@pytest.fixture
def shared_seeds() -> Path:
    return SHARED / "seeds"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    from django.core.cache import cache

    cache.clear()
