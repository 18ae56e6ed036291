"""`manage.py seed`: from source texts to articles, whole or absent, and never over an editor."""

import json
import os
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.editorial import transitions
from articles.editorial.revisions import record
from articles.models import Article, Author, RelatedLink, Revision, Section
from tests.factories import make_person, make_section

STORY = """Harbour pilots vote on a new rota
By Ada Holm
3 March 2026
The pilots of the northern harbour will vote on Friday on a rota that gives them two free weekends a month, the first change since the tugs were replaced.
Why now
Traffic has grown by a fifth in four years, the harbour office says, while the number of pilots has stayed at nineteen, and two of them retire in the spring.
The office expects a result on Saturday morning, and says that ships will be brought in whatever the outcome of the count turns out to be.
Related News
Bats return to the old customs house
Pia Vasari - Feb 12, 2026 41 Views
"""
BATS = """Bats return to the old customs house
By Pia Vasari
12 February 2026
More than three hundred bats have come back to the attic of the customs house, a count by volunteers showed on Thursday night after the roof was mended.
The volunteers stood in the yard from dusk with clickers and a single lamp, and counted until the last of the animals had left through the gable.
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "wire"
    folder.mkdir()
    (folder / "a_pilots.txt").write_text(STORY)
    return folder


def seed(*paths, **options):
    """Run the command; return (exit status, lines of its output, its errors)."""
    out, err = StringIO(), StringIO()
    status = 0
    try:
        call_command("seed", *map(str, paths), stdout=out, stderr=err, **options)
    except SystemExit as stop:
        status = stop.code
    return status, out.getvalue().splitlines(), err.getvalue()


def seed_json(*paths, **options):
    status, lines, _err = seed(*paths, format="json", **options)
    return status, [json.loads(line) for line in lines]


def test_a_source_text_becomes_a_draft_with_everything_it_says(folder):
    assert seed(folder)[0] == 0
    article = Article.objects.get()
    assert article.headline == "Harbour pilots vote on a new rota"
    assert article.status == "draft"
    assert article.writers == ["Ada Holm"]
    assert article.published_at.date().isoformat() == "2026-03-03"
    assert article.body.startswith("<p>The pilots of the northern harbour")
    assert "<h2>Why now</h2>" in article.body
    assert "Related" not in article.body_text
    link = article.related_links.get()
    assert (link.title, link.author, link.date.isoformat(), link.views) == (
        "Bats return to the old customs house", "Pia Vasari", "2026-02-12", 41,
    )  # fmt: skip
    assert article.revisions.count() == 1


def test_running_twice_changes_nothing(folder):
    seed(folder)
    before = (list(Article.objects.values()), Revision.objects.count(), Author.objects.count())
    status, results = seed_json(folder)
    assert status == 0
    assert results[0]["verdict"] == "ok"
    assert before == (
        list(Article.objects.values()), Revision.objects.count(), Author.objects.count(),
    )  # fmt: skip


def test_a_file_and_its_folder_are_one_source(folder):
    seed(folder)
    seed(folder / "a_pilots.txt")
    assert Article.objects.count() == 1


def test_a_dry_run_writes_nothing_and_says_the_same(folder):
    status, dry = seed_json(folder, dry_run=True)
    assert status == 0
    assert not Article.objects.exists()
    assert not Author.objects.exists()
    assert seed_json(folder)[1] == dry
    assert dry[0]["author"] == "Ada Holm"
    assert [block["type"] for block in dry[0]["blocks"]] == [
        "paragraph", "heading", "paragraph", "paragraph",
    ]  # fmt: skip


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_story_among_its_own_related_news_is_left_out_and_told(folder, dry_run):
    itself = "Harbour pilots vote on a new rota\nAda Holm - Mar 3, 2026 99 Views\n"
    (folder / "a_pilots.txt").write_text(STORY + itself)
    _status, (told,) = seed_json(folder, dry_run=dry_run)
    assert [link["title"] for link in told["related"]] == ["Bats return to the old customs house"]
    assert any("names itself among its related news" in text for text in told["warnings"])
    if not dry_run:
        article = Article.objects.get()
        assert article.related_links.count() == 1
        assert "related-to-itself" in {warning["code"] for warning in article.import_warnings}


def test_a_related_line_connects_whichever_comes_first(folder):
    seed(folder)
    assert RelatedLink.objects.get().target is None
    (folder / "b_bats.txt").write_text(BATS)
    seed(folder)
    assert RelatedLink.objects.get().target == Article.objects.get(headline__startswith="Bats")


def test_a_related_line_finds_an_article_that_is_here(folder):
    (folder / "0_bats.txt").write_text(BATS)
    seed(folder)
    assert RelatedLink.objects.get().target == Article.objects.get(headline__startswith="Bats")


def test_a_changed_text_updates_an_untouched_article(folder):
    seed(folder)
    (folder / "a_pilots.txt").write_text(STORY.replace("nineteen", "twenty"))
    seed(folder)
    article = Article.objects.get()
    assert "twenty" in article.body
    assert article.revisions.count() == 2


def test_an_editors_change_is_never_overwritten(folder):
    seed(folder)
    article = Article.objects.get()
    article.headline = "Pilots to vote on Friday"
    article.save()
    record(article, by=make_person("editor"))
    (folder / "a_pilots.txt").write_text(STORY.replace("nineteen", "twenty"))
    status, results = seed_json(folder)
    assert status == 0
    assert results[0]["verdict"] == "skipped"
    assert "edited" in results[0]["message"]
    article.refresh_from_db()
    assert article.headline == "Pilots to vote on Friday"
    assert "nineteen" in article.body


def test_a_related_story_that_arrives_is_no_editors_change(folder):
    seed(folder)
    (folder / "b_bats.txt").write_text(BATS)
    seed(folder)
    (folder / "a_pilots.txt").write_text(STORY.replace("nineteen", "twenty"))
    assert seed_json(folder)[1][0]["verdict"] == "ok"
    article = Article.objects.get(external_id="a_pilots")
    assert "twenty" in article.body
    assert article.related_links.get().target.external_id == "b_bats"


def test_a_changed_text_of_a_live_article_passes_the_gate_and_is_dated(folder):
    desk = folder / "desk.toml"
    decision = '[stories.a_pilots]\nsection="world"\nbyline=["ada"]\npublish=true\n'
    rows = '[[sections]]\nslug="world"\nname="World"\n[[authors]]\nslug="ada"\nname="Ada"\n'
    desk.write_text(rows + decision)
    seed(folder)
    (folder / "a_pilots.txt").write_text(STORY.replace("nineteen", "twenty"))
    seed(folder)
    article = Article.objects.get()
    assert article.is_public
    assert "twenty" in article.body
    assert article.live_number == 2
    assert article.updated_at > article.published_at
    desk.write_text(rows + decision.replace('section="world"\n', ""))
    status, results = seed_json(folder)
    assert (status, results[0]["verdict"]) == (1, "error")
    assert "section" in results[0]["message"]
    assert Article.objects.get().section.slug == "world"


def test_a_change_that_nobody_signed_is_not_overwritten_either(folder):
    seed(folder)
    Article.objects.update(standfirst="Typed in a shell.")
    (folder / "a_pilots.txt").write_text(STORY.replace("nineteen", "twenty"))
    assert seed_json(folder)[1][0]["verdict"] == "skipped"
    assert Article.objects.get().standfirst == "Typed in a shell."


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_near_duplicate_is_reported_not_doubled(folder, dry_run):
    (folder / "b_copy.txt").write_text(STORY.replace("on Saturday morning", "on Saturday"))
    status, results = seed_json(folder, dry_run=dry_run)
    assert status == 0
    assert [result["verdict"] for result in results] == ["ok", "skipped"]
    assert "Harbour pilots vote on a new rota" in results[1]["message"]
    assert Article.objects.count() == (0 if dry_run else 1)


def test_a_text_without_a_headline_stays_a_draft_that_says_so(folder):
    text = STORY.split("\n", 3)[3]
    (folder / "a_pilots.txt").write_text(text)
    (folder / "desk.toml").write_text(
        '[[sections]]\nslug="world"\nname="World"\n[[authors]]\nslug="ada"\nname="Ada"\n'
        '[stories.a_pilots]\nsection="world"\nbyline=["ada"]\npublish=true\n'
    )
    status, results = seed_json(folder)
    assert status == 0
    assert results[0]["title_is_derived"]
    article = Article.objects.get()
    assert article.status == "draft"
    assert any("headline" in w["message"].lower() for w in article.import_warnings)
    with pytest.raises(transitions.NotReady):
        transitions.publish(article)


def test_the_desk_decides_and_its_rows_are_made_once(folder):
    (folder / "desk.toml").write_text(
        '[[sections]]\nslug="world"\nname="World"\n'
        '[[authors]]\nslug="zoe"\nname="Zoe Albrecht"\n'
        '[stories.a_pilots]\nsection="world"\nheadline="Pilots vote"\nbyline=["zoe"]\n'
        'tags=["Harbours"]\nstandfirst="Two weekends."\npublish=true\n'
        "published=2026-03-03T07:15:00Z\n"
    )
    make_section("World", description="Ours")
    seed(folder)
    article = Article.objects.get()
    assert article.is_public
    assert article.get_absolute_url() == "/2026/03/03/pilots-vote/"
    assert article.writers == ["Zoe Albrecht"]
    assert [tag.name for tag in article.tags.all()] == ["Harbours"]
    assert Section.objects.get().description == "Ours"


def test_a_desk_that_cannot_be_used_is_one_clear_line(folder):
    (folder / "desk.toml").write_text("[[sections\n")
    status, _lines, err = seed(folder)
    assert status == 1
    assert "desk.toml" in err
    assert not Article.objects.exists()


BAD = {
    "empty": lambda path: path.write_bytes(b""),
    "blank": lambda path: path.write_bytes(b" \n\t\r\n"),
    "binary": lambda path: path.write_bytes(bytes(range(256)) * 40),
    "picture": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(4000)),
    "one long line": lambda path: path.write_bytes(b"word " * 1_048_576),
    "directory": lambda path: path.mkdir(),
    "dangling link": lambda path: path.symlink_to("nowhere"),
    "loop": lambda path: path.symlink_to(path.name),
    "pipe": lambda path: os.mkfifo(path),
    "device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("make", BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line_and_the_others_are_imported(folder, make):
    make(folder / "0_bad.txt")
    status, results = seed_json(folder)
    assert status == 1
    bad, good = results
    assert bad["verdict"] == "error"
    assert "0_bad.txt" in bad["message"]
    assert len(bad["message"]) > len(str(folder / "0_bad.txt")) + 10
    assert "\n" not in bad["message"]
    assert bad["rows_written"] == 0
    assert good["verdict"] == "ok"
    assert Article.objects.count() == 1


def test_what_is_not_there_and_a_folder_without_texts_are_refused(tmp_path):
    (tmp_path / "void").mkdir()
    status, results = seed_json(tmp_path / "nothing.txt", tmp_path / "void")
    assert status == 1
    assert [result["verdict"] for result in results] == ["error", "error"]


def test_the_closing_table_counts(folder):
    (folder / "b_bad.txt").write_bytes(b"")
    _status, lines, err = seed(folder)
    table = "\n".join(lines)
    for word in ("created", "updated", "skipped", "refused", "warnings"):
        assert word in table
    assert "b_bad.txt: refused:" in err


ROOT = Path(__file__).resolve().parents[2]


def test_a_site_without_tables_is_told_what_to_do(folder, tmp_path):
    environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "fresh")}
    command = [sys.executable, "manage.py", "seed", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "migrate" in done.stderr
    assert "Traceback" not in done.stderr
    dry = subprocess.run(
        [*command, "--dry-run", "--format", "json"],
        cwd=ROOT, env=environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(dry.stdout)["verdict"] == "ok"


@pytest.mark.proof
@pytest.mark.parametrize("delay", [0.9, 1.1, 1.3, 1.5, 1.8, 2.2])
def test_killed_at_any_moment_every_article_is_whole_or_absent(tmp_path, delay):
    environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data")}
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "-v0"], cwd=ROOT, env=environ, check=True)
    process = subprocess.Popen(
        [*manage, "seed"], cwd=ROOT, env=environ,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    time.sleep(delay)
    process.kill()
    process.wait()
    script = (
        "import django; django.setup()\n"
        "from articles.models import Article\n"
        "for a in Article.objects.all():\n"
        "    assert a.body and a.words and a.revisions.exists() and a.source_digest, a\n"
        "    assert a.status == 'draft' or a.live_number, a\n"
        "    assert a.status == 'draft' or a.bylines.exists(), a\n"
        "print(Article.objects.count())\n"
    )
    environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environ, check=True)
    subprocess.run([*manage, "seed"], cwd=ROOT, env=environ, check=True, capture_output=True)
    whole = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environ, check=True, capture_output=True
    )
    assert int(whole.stdout) == len(list((ROOT / "seeds").glob("*.txt")))
