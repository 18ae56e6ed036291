"""The seeded world: right by the expected results, and the same from texts and from the fixture."""

import io
import json
import re
import unicodedata
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from articles.importers.readers import read_file
from articles.models import Article, RelatedLink
from tests.conftest import SHARED
from tests.importers.test_seed import seed, seed_json
from tests.world import DUMP

SEEDS = settings.SEEDS_DIR
EXPECTED = sorted((SEEDS / "expected").glob("*.json"))


def fold(text):
    """Text as judges compare it: composition, white space, quotes and dashes do not count."""
    text = unicodedata.normalize("NFC", text or "")
    text = re.sub("[‘’‚‛`´′]", "'", re.sub("[“”„‟«»″]", '"', re.sub("[‐‑‒–—―−]", "-", text)))
    return " ".join(text.split())


def judge(found, expected):
    """Every difference between a dry run's object and its expected result."""
    wrong = []
    title, first = fold(found["title"]), fold(expected["blocks"][0]["text"])
    if expected.get("title_rule") == "prefix_of_first_sentence":
        if not (20 <= len(title) <= 140 and re.match(re.escape(title) + r"\b", first)):
            wrong.append(("title", found["title"], "a start of the first sentence"))
    elif title != fold(expected["title"]):
        wrong.append(("title", found["title"], expected["title"]))
    standfirst = expected.get("standfirst")
    if isinstance(standfirst, dict):
        standfirst = standfirst["explicit"]
    if fold(found["standfirst"]) != fold(standfirst):
        wrong.append(("standfirst", found["standfirst"], standfirst))
    for key in ("title_is_derived", "author", "published", "views"):
        if found[key] != expected[key]:
            wrong.append((key, found[key], expected[key]))
    have = [
        (b["type"], fold(b["text"]), tuple(map(fold, b.get("items", ())))) for b in found["blocks"]
    ]
    want = [
        (b["type"], fold(b["text"]), tuple(map(fold, b.get("items", ()))))
        for b in expected["blocks"]
    ]
    # The text of a list is however its items are joined.
    have, want = (
        [(t, "" if t == "list" else x, i) for t, x, i in blocks] for blocks in (have, want)
    )
    wrong += [("block", a, b) for a, b in zip(have, want, strict=False) if a != b]
    if len(have) != len(want):
        wrong.append(("blocks", len(have), len(want)))
    # "Read also" and "most read" lines may be reported or left out.
    optional = {fold(item["title"]) for item in expected.get("related_optional", [])}
    related = [item for item in found["related"] if fold(item["title"]) not in optional]
    for key in ("title", "author", "date", "views"):
        have, want = (
            [fold(str(item[key])) for item in items] for items in (related, expected["related"])
        )
        if have != want:
            wrong.append((f"related {key}", have, want))
    warnings = " ".join(found["warnings"]).lower()
    wrong += [
        ("warning", found["warnings"], words)
        for words in expected.get("require_flag_any", [])
        if not any(word in warnings for word in words)
    ]
    return wrong


def dry_runs(folder):
    return {Path(result["file"]).stem: result for result in seed_json(folder, dry_run=True)[1]}


def test_the_seeds_have_expected_results():
    assert {path.stem for path in EXPECTED} == {path.stem for path in SEEDS.glob("*.txt")}
    assert len(EXPECTED) >= 15


@pytest.mark.django_db
@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_a_seed_is_read_as_expected(path):
    _status, (found,) = seed_json(SEEDS / f"{path.stem}.txt", dry_run=True)
    assert judge(found, json.loads(path.read_text(encoding="utf-8"))) == []


@pytest.mark.shared
@pytest.mark.django_db
def test_the_shared_texts_are_read_as_expected(shared_seeds):
    found = dry_runs(shared_seeds)
    for path in sorted((shared_seeds / "expected").glob("*.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        assert judge(found[path.stem], expected) == [], path.stem
        tags = {tag.lower() for tag in found[path.stem]["tags"]}
        assert tags & set(expected["tags_should_include_any"])


@pytest.mark.shared
def test_no_seed_repeats_the_shared_texts():
    def runs(text):
        words = re.findall(r"\w+", text.casefold())
        return {tuple(words[i : i + 10]) for i in range(len(words) - 9)}

    theirs = set()
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        for story in read_file(path):
            theirs |= set().union(*(runs(block.text) for block in story.blocks))
    for path in SEEDS.glob("*.txt"):
        for story in read_file(path):
            for block in story.blocks:
                assert not runs(block.text) & theirs, path.name


@pytest.mark.django_db
def test_the_world_is_alive():
    # That the texts give the same world is told below.
    call_command("loaddata", str(SEEDS / "world.json"), verbosity=0)
    public = Article.objects.published()
    assert public.count() >= 15
    assert len(set(public.values_list("section__slug", flat=True))) >= 5
    assert public.exclude(picture=None).count() >= 8
    assert RelatedLink.objects.exclude(target=None).count() >= 8
    (draft,) = Article.objects.exclude(pk__in=public)
    codes = {warning["code"] for warning in draft.import_warnings}
    assert {"no-headline", "gap"} <= codes
    assert public.filter(import_warnings__icontains="no-headline").count() == 0


def pages():
    """Every public page of the site as readers get it, without row numbers."""
    client, found = Client(), {}
    queue = ["/", "/latest/", "/tags/", "/archive/", "/rss.xml", "/atom.xml", "/feed.json"]
    while queue:
        address = queue.pop()
        if address in found or address.startswith(
            ("/media/", "/static/", "/admin/", "/favicon.ico")
        ):
            continue
        response = client.get(address)
        assert response.status_code == 200, address
        text = re.sub(
            # Each form is handed out with a word of its own.
            r"/beacon/\d+/(view.gif)?|data-[\w-]+=\"\d+\"|\?(before|after)=[\w.]+-\d+|"
            r"name=\"form\" value=\"[^\"]+",
            "",
            response.content.decode(),
        )
        found[address] = re.sub(r"<(lastBuildDate|updated)>[^<]*", "", text)
        if "html" in response.headers["Content-Type"]:
            queue += re.findall(r'href="(/[^"#]*)"', text)
    return found


def rows():
    """What the articles' tables hold, without what each site finds for itself, and without the
    moments of writing."""
    out = io.StringIO()
    call_command("dumpdata", "articles", **DUMP, stdout=out)
    found = json.loads(out.getvalue())
    written = {"articles.article": ("created_at", "saved_at"), "articles.revision": ("made_at",)}
    for row in found:
        row["fields"].update(dict.fromkeys(written.get(row["model"], ())))
    return sorted(json.dumps(row, sort_keys=True) for row in found)


def look(see):
    """Return what `see` sees of the site from texts, with the fixture over it, and of the fixture
    alone."""
    status, _lines, err = seed()
    assert status == 0, err
    seen = [see()]
    call_command("loaddata", str(SEEDS / "world.json"), verbosity=0)
    seen.append(see())
    call_command("flush", interactive=False, verbosity=0)
    call_command("loaddata", str(SEEDS / "world.json"), verbosity=0)
    return [*seen, see()]


# PostgreSQL empties no table within a transaction that has written to it.
@pytest.mark.django_db(transaction=True)
def test_texts_and_fixture_give_the_same_rows_one_over_the_other_too():
    from_texts, over_them, from_fixture = look(rows)
    assert over_them == from_texts
    assert from_fixture == from_texts


@pytest.mark.proof
@pytest.mark.django_db(transaction=True)
def test_texts_and_fixture_give_the_same_pages_one_over_the_other_too():
    from_texts, over_them, from_fixture = look(pages)
    assert over_them == from_texts
    assert from_texts.keys() == from_fixture.keys()
    for address, text in from_texts.items():
        assert from_fixture[address] == text, address


def test_the_fixture_holds_no_row_numbers_and_no_accounts():
    rows = json.loads((SEEDS / "world.json").read_text(encoding="utf-8"))
    assert all("pk" not in row for row in rows)
    assert {row["model"].split(".")[0] for row in rows} == {"articles"}
