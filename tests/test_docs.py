"""The documentation tells the truth: what it names exists, and what exists is named."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from articles.conf import DEFAULTS
from articles.editorial.accounts import FIRST_ACCOUNTS
from articles.editorial.roles import ROLES
from articles.editorial.workflow import VERBS
from articles.models import Article

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "seeds" / "README.md",
]
each_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=[str(path.relative_to(ROOT)) for path in DOCUMENTS]
)
README = (ROOT / "README.md").read_text()


def code_of(text: str) -> list[str]:
    """Return what a document sets as code: fenced blocks by line, and spans."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    lines = [line for block in fenced for line in block.splitlines()]
    return lines + [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose)]


def first_cells(text: str) -> set[str]:
    """Return the code spans in the first columns of all tables."""
    rows = re.findall(r"^\| ?(`[^|]*)\|", text, re.MULTILINE)
    return {span for cell in rows for span in re.findall(r"`([^`]+)`", cell)}


def calls(text: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))


def variables_read() -> set[str]:
    """Return the environment variables that settings, commands, accounts and the suite read."""
    found = {variable for _group, _is_admin, variable in FIRST_ACCOUNTS.values()}
    sources = [
        *(ROOT / "newsroom").glob("*.py"),
        *(ROOT / "articles").rglob("*.py"),
        ROOT / "tests" / "conftest.py",
    ]
    for path in sources:
        text = path.read_text()
        # Taking a module apart is dear, and few of them read variables.
        for call in calls(text) if re.search(r"\benv\.|environ|getenv", text) else ():
            reader = ast.unparse(call.func)
            if (reader.startswith("env.") or reader in {"os.environ.get", "os.getenv"}) and (
                call.args and isinstance(call.args[0], ast.Constant)
            ):
                found.add(call.args[0].value)
    suite = (ROOT / "tests" / "suite.py").read_text()
    found |= {f"TEST_{name}" for name in re.findall(r'"((?:DATABASE|CACHE)_URL)", LOCAL_', suite)}
    return found


def makefile_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_every_variable_is_in_the_settings_table():
    assert variables_read() - first_cells(README) == set()


def test_every_variable_of_the_settings_table_is_read():
    named = {name for name in first_cells(README) if re.fullmatch(r"[A-Z][A-Z_]+", name)}
    assert named - variables_read() - set(DEFAULTS) == set()


@pytest.mark.parametrize("name", DEFAULTS)
def test_the_settings_table_knows_the_default(name):
    row = re.search(rf"^\| `{name}` \| ([^|]+) \|", README, re.MULTILINE)
    assert row is not None
    assert row[1].strip() == str(DEFAULTS[name])


def test_every_command_of_make_help_is_explained():
    said = "\n".join(code_of(README) + code_of((ROOT / "CONTRIBUTING.md").read_text()))
    named = set(re.findall(r"\bmake ([a-z-]+)", said))
    assert makefile_targets() - named == set()


@each_document
def test_every_make_command_exists(document):
    named = set(re.findall(r"\bmake ([a-z-]+)", "\n".join(code_of(document.read_text()))))
    assert named - makefile_targets() == set()


@each_document
def test_every_manage_command_and_its_options_exist(document):
    known = get_commands()
    for line in code_of(document.read_text()):
        for name, rest in re.findall(r"manage\.py ([a-z_]+)([^|;&]*)", line):
            assert name in known, line
            source = known[name]
            command = load_command_class(source, name) if isinstance(source, str) else source
            parser = command.create_parser("manage.py", name)
            for option in re.findall(r"(?<![\w-])--?[a-z][a-z-]*", rest):
                assert option in parser._option_string_actions, line


def anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@each_document
def test_every_relative_link_leads_somewhere(document):
    text = document.read_text()
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    pictures = re.findall(r'(?:src|srcset|href)="([^"]+)"', text)
    for target in links + pictures:
        if re.match(r"[a-z]+:", target):
            continue
        path, _hash, anchor = target.partition("#")
        found = (document.parent / path).resolve() if path else document
        assert found.exists(), target
        assert not anchor or anchor in anchors(found.read_text()), target


@each_document
def test_every_path_that_is_named_exists(document):
    here = "articles|newsroom|tests|docs|seeds|templates|static|importers|editorial|readership"
    for span in code_of(document.read_text()):
        path = re.fullmatch(rf"((?:{here})/[\w./-]+?)(?:\.\w+\(\))?", span)
        if path:
            places = [ROOT / path[1], ROOT / "articles" / path[1]]
            assert any(p.exists() or p.with_suffix(".py").exists() for p in places), span


def test_every_part_of_the_app_is_in_the_architecture():
    text = (ROOT / "docs" / "architecture.md").read_text()
    for path in (ROOT / "articles").iterdir():
        if path.is_dir() and any(path.glob("*.py")):
            assert re.search(rf"(?<!\w){path.name}/", text), path.name
        elif path.suffix == ".py" and path.name != "__init__.py":
            assert re.search(rf"(?<!\w){re.escape(path.name)}", text), path.name


def test_every_decision_is_in_the_index_and_says_what_was_rejected():
    index = (ROOT / "docs" / "architecture.md").read_text()
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [path.name[:4] for path in decisions] == [
        f"{number:04d}" for number in range(1, len(decisions) + 1)
    ]
    for path in decisions:
        assert f"(decisions/{path.name})" in index
        text = path.read_text()
        titles = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert titles == ["Context", "Decision", "Consequences", "Rejected"], path.name
        assert text.startswith(f"# {path.name[:4]} "), path.name


def test_the_editors_tour_has_the_steps_of_the_workflow():
    states = dict(Article.Status.choices)
    rows = []
    for verb in VERBS.values():
        sources = ", ".join(sorted(str(states[state]).lower() for state in verb.sources))
        roles = ", ".join(role for role, allowed in ROLES.items() if verb.permission in allowed)
        target = ", ".join(sorted(str(states[state]).lower() for state in verb.targets))
        rows.append(f"| {verb.label} | {sources} | {target} | {roles} |")
    assert [row for row in rows if row not in README] == []


def test_every_marker_and_every_part_of_the_tests_is_explained():
    text = (ROOT / "docs" / "testing.md").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for marker in project["tool"]["pytest"]["ini_options"]["markers"]:
        assert f"| `{marker.partition(':')[0]}` |" in text
    for path in (ROOT / "tests").iterdir():
        if path.is_dir() and any(path.rglob("test_*.py")):
            assert f"`tests/{path.name}/`" in text, path.name
        elif path.match("test_*.py"):
            assert f"`tests/{path.name}`" in text, path.name


def test_the_changelog_has_the_version_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    version = re.escape(project["project"]["version"])
    assert re.search(rf"^## \[{version}\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
