"""What the suite says of its own tests."""

from tests.conftest import LONG, ONCE, TWICE
from tests.migrated import ROOT


def strangers(names, tests):
    """Return the names that begin no test's, of files that are there and were read."""
    files = {test.partition("::")[0] for test in tests}
    found = []
    for name in names:
        file, is_of_a_test, _rest = name.partition("::")
        was_read = is_of_a_test and file in files
        if not (ROOT / file).exists() or (was_read and not any(t.startswith(name) for t in tests)):
            found.append(name)
    return found


def test_whatever_is_asked_once_or_twice_or_first_is_there(tests_that_were_read):
    """A test that got another name was left out of its list, and nothing said so."""
    assert strangers((*ONCE, *TWICE, *LONG), tests_that_were_read) == []
