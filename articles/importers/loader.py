"""Records to tables: each source text becomes an article the way a sub-editor would make it.

One transaction per file: an article is whole or absent, whenever the process is killed. What an
editor changed since is never overwritten.
"""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.editorial.revisions import newest, record
from articles.editorial.snapshots import Snapshot, snapshot, unconnected
from articles.editorial.transitions import NotReady, correct, publish
from articles.importers.desk import Desk, furnish, identity, picture_of, read_desk
from articles.importers.likeness import near_duplicate
from articles.importers.readers import (
    RelatedItem,
    SourceStory,
    SourceWarning,
    UnreadableSource,
    read_file,
)
from articles.models import Article, Author, Byline, Revision, Section
from articles.text.html import from_blocks, plain_text
from articles.text.likeness import SAME_STORY, likeness, runs
from articles.text.slugs import slugify, title_key


@dataclass
class Outcome:
    """What became of one source file.

    verdict: "created", "updated", "skipped" or "refused"; message: why, for the last two.
    """

    file: Path
    verdict: str
    message: str = ""
    stories: list[SourceStory] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def warnings(self) -> list[str]:
        return [warning.message for story in self.stories for warning in story.warnings]

    def as_json(self) -> dict[str, Any]:
        """Return the report of this file as one JSON-ready object."""
        name = self.file.name
        if self.verdict == "refused":
            return {
                "file": name,
                "verdict": "error",
                "message": f"{self.file}: {self.message}",
                # A refused file's transaction was rolled back, whatever it had begun to write.
                "rows_written": 0,
                "elapsed_s": round(self.seconds, 3),
            }
        if self.verdict == "skipped" and self.message:
            return {"file": name, "verdict": "skipped", "message": self.message}
        articles = [_story_json(story) for story in self.stories]
        head = {"file": name, "verdict": "ok"}
        return head | (articles[0] if len(articles) == 1 else {"articles": articles})


def _story_json(story: SourceStory) -> dict[str, Any]:
    blocks = []
    for block in story.blocks:
        entry: dict[str, Any] = {"type": block.type, "text": block.text}
        if block.type == "list":
            entry["items"] = block.items
        blocks.append(entry)
    authors = story.authors
    return {
        "title": story.title,
        "title_is_derived": story.title_is_derived,
        "slug": slugify(story.title),
        "standfirst": story.standfirst,
        "author": None if not authors else authors[0] if len(authors) == 1 else authors,
        "published": story.published.isoformat() if story.published else None,
        "views": story.views,
        "blocks": blocks,
        "related": [
            {
                "title": item.title,
                "author": item.author,
                "date": item.date.isoformat() if item.date else None,
                "views": item.views,
            }
            for item in story.related
        ],
        "tags": story.tags,
        "warnings": [warning.message for warning in story.warnings],
        "language": story.language,
    }


def source_files(path: Path) -> list[Path]:
    """Return the source texts at `path`: itself, or what ends in .txt in a folder, by name.

    Raises UnreadableSource for a folder without any, and for what is not there.
    """
    if path.suffix == ".txt" or not path.is_dir():
        return [path]
    try:
        found = sorted(entry for entry in path.iterdir() if entry.suffix == ".txt")
    except OSError as error:
        raise UnreadableSource(f"the folder cannot be read ({error.strerror}).") from None
    if not found:
        raise UnreadableSource("the folder holds no source text (a file ending in .txt).")
    return found


class Loader:
    """Loads source files one by one; a dry run only says what would become of them."""

    def __init__(self, *, dry_run: bool = False) -> None:
        self.dry_run = dry_run
        self.has_tables = Article._meta.db_table in connection.introspection.table_names()
        self._desks: dict[Path, Desk] = {}
        # What this dry run would have imported: title and runs of the text.
        self._imagined: list[tuple[str, set[str]]] = []

    def load(self, files: list[Path]) -> Iterator[Outcome]:
        """Yield the outcome of each file; a refused one never stops the rest."""
        for file in files:
            start = time.monotonic()
            try:
                outcome = self._load_file(file)
            except UnreadableSource as error:
                outcome = Outcome(file, "refused", str(error))
            except NotReady as error:
                outcome = Outcome(file, "refused", f"its article is live and cannot be: {error}")
            except (DatabaseError, OSError) as error:
                outcome = Outcome(file, "refused", f"it could not be stored: {error}")
            outcome.seconds = time.monotonic() - start
            yield outcome

    def _load_file(self, file: Path) -> Outcome:
        stories = read_file(file)
        desk = self._desk(file.absolute().parent)
        for story in stories:
            story.warnings = _open_warnings(story, desk)
            _leave_itself_out(story, desk)
        if self.dry_run:
            return self._imagine(file, stories, desk)
        with transaction.atomic():
            return _combine(
                file, stories, [self._load_story(file, story, desk) for story in stories]
            )

    def _desk(self, folder: Path) -> Desk:
        if folder not in self._desks:
            desk = read_desk(folder)
            if not self.dry_run:
                furnish(desk)
            self._desks[folder] = desk
        return self._desks[folder]

    # --- dry run ------------------------------------------------------------------------------

    def _imagine(self, file: Path, stories: list[SourceStory], desk: Desk) -> Outcome:
        """Judge a file as if the earlier ones of this run had been imported."""
        results = []
        for story in stories:
            text = plain_text(from_blocks(story.blocks))
            ours = runs(text)
            article = self._existing(file, story) if self.has_tables else None
            if article is not None:
                results.append(_verdict_on(article, _digest(story, desk)))
                continue
            double = near_duplicate(text) if self.has_tables else None
            title = str(double) if double else ""
            for known_title, known_runs in self._imagined:
                if likeness(ours, known_runs) >= SAME_STORY:
                    title = known_title
                    break
            self._imagined.append((story.title, ours))
            results.append(("skipped", _double_message(title)) if title else ("created", ""))
        return _combine(file, stories, results)

    # --- the real thing -----------------------------------------------------------------------

    def _existing(self, file: Path, story: SourceStory) -> Article | None:
        source, external_id = _identity(file, story)
        return Article.objects.filter(source=source, external_id=external_id).first()

    def _load_story(self, file: Path, story: SourceStory, desk: Desk) -> tuple[str, str]:
        """Write one story; return verdict and message."""
        source, external_id = _identity(file, story)
        digest = _digest(story, desk)
        article = self._existing(file, story)
        if article is not None:
            verdict, message = _verdict_on(article, digest)
            if verdict == "skipped":
                return verdict, message
        else:
            double = near_duplicate(plain_text(from_blocks(story.blocks)))
            if double is not None:
                return "skipped", _double_message(str(double))
            verdict = "created"
            article = Article(
                uid=identity("article", f"{source}/{external_id}"),
                source=source,
                external_id=external_id,
            )
        article.source_digest = digest
        _fill(article, story, desk)
        return verdict, ""


def _identity(file: Path, story: SourceStory) -> tuple[str, str]:
    """Source (the folder's name) and name at the source."""
    return file.absolute().parent.name[:60], story.external_id[:200]


def _digest(story: SourceStory, desk: Desk) -> str:
    decision = asdict(desk.decision(story.external_id))
    data = json.dumps([asdict(story), decision], sort_keys=True, default=str)
    return hashlib.sha256(data.encode()).hexdigest()


def _verdict_on(article: Article, digest: str) -> tuple[str, str]:
    """What an import does with a story that is here already: verdict and message."""
    if article.source_digest == digest:
        return "skipped", ""
    if _is_edited(article):
        return "skipped", (
            f"“{article}” was edited here since it was imported; its new text was left out."
        )
    return "updated", ""


def _is_edited(article: Article) -> bool:
    """Whether anybody changed the article since the last import."""
    last = newest(article)
    if last is None or last.made_by_name:
        return True
    if article.has_changes_waiting:
        return False
    return unconnected(last.snapshot) != unconnected({**last.snapshot, **_standing(article, last)})


def _standing(article: Article, last: Revision) -> Snapshot:
    """What the rows hold now, but for what publishing gave them: a date and a number."""
    data = snapshot(article)
    for given in ("published_at", "slug"):
        data[given] = last.snapshot.get(given, data[given])
    return data


def _open_warnings(story: SourceStory, desk: Desk) -> list[SourceWarning]:
    """What the text leaves open and the desk has not decided."""
    decision = desk.decision(story.external_id)
    decided = {
        "no-headline": decision.headline,
        "no-author": decision.byline,
        "no-date": decision.published,
    }
    return [warning for warning in story.warnings if not decided.get(warning.code)]


def _leave_itself_out(story: SourceStory, desk: Desk) -> None:
    """A page may list itself among its related news; a story is not its own neighbour."""
    own = title_key(desk.decision(story.external_id).headline or story.title)
    others = [item for item in story.related if item.url or title_key(item.title) != own]
    if len(others) < len(story.related):
        story.related = others
        text = "The text names itself among its related news: that link was left out."
        story.warnings = [*story.warnings, SourceWarning("related-to-itself", text)]


def _double_message(title: str) -> str:
    return f"It tells nearly the same as “{title}”, which is here already."


def _combine(file: Path, stories: list[SourceStory], results: list[tuple[str, str]]) -> Outcome:
    """One verdict for a file of several stories: the most that happened to any of them."""
    verdicts = [verdict for verdict, _message in results]
    verdict = next(v for v in ("created", "updated", "skipped") if v in verdicts)
    kept = [s for s, (_v, message) in zip(stories, results, strict=True) if not message]
    messages = " ".join(message for _verdict, message in results if message)
    return Outcome(file, verdict, messages, kept)


def _fill(article: Article, story: SourceStory, desk: Desk) -> None:
    """Keep the story as the article's working copy; publish it if the desk says so.

    A changed text of an article that readers see is published as an update, by the same verb and
    through the same gate as an editor's. Raises NotReady when the gate stops it there.
    """
    decision = desk.decision(story.external_id)
    moment = decision.published or _noon(story)
    if article._state.adding:
        article.created_at = moment or article.created_at
    section = _section(decision.section, story.section)
    picture = picture_of(decision)
    chosen = article.published_at or moment
    data: Snapshot = {
        "headline": decision.headline or story.title,
        "standfirst": decision.standfirst or story.standfirst or "",
        "body": from_blocks(story.blocks),
        "language": story.language,
        "slug": article.slug,
        "seo_title": article.seo_title,
        "seo_description": article.seo_description,
        "starting_views": story.views or 0,
        "published_at": chosen.isoformat() if chosen else None,
        "section": section.slug if section else None,
        "picture": str(picture.uid) if picture else None,
        "tags": decision.tags if decision.tags is not None else story.tags,
        "byline": _byline(decision.byline, story.authors),
        "related": [_related(item) for item in story.related],
    }
    article.import_warnings = [asdict(warning) for warning in story.warnings]
    if article._state.adding:
        article.save()
    else:
        article.save(update_fields=["import_warnings", "source_digest"])
    record(article, data, at=chosen if article.live_number is None else None)
    if article.status == Article.Status.PUBLISHED and article.has_changes_waiting:
        correct(article, kind="update", note=_("The story was updated at its source."))
    elif decision.publish and article.status == Article.Status.DRAFT:
        try:
            publish(article, at=chosen)
        except NotReady as error:
            # It stays a draft, and the editors read why.
            article.import_warnings += [
                {"code": "not-ready", "message": issue.message} for issue in error.issues
            ]
            article.save(update_fields=["import_warnings"])


def _section(slug: str | None, name: str | None) -> Section | None:
    if slug:
        found = Section.objects.filter(slug=slug).first()
        if found is None:
            raise UnreadableSource(f"desk.toml names the section “{slug}”, which is not there.")
        return found
    return Section.objects.filter(name__iexact=name).first() if name else None


def _noon(story: SourceStory) -> datetime | None:
    """A text knows the day, not the hour: noon keeps it on that day in the site's zone."""
    if story.published is None:
        return None
    moment = timezone.make_aware(datetime.combine(story.published, time_of_day(12)))
    if story.published == timezone.localdate():
        # A story of today may not come out later than now.
        moment = min(moment, timezone.now() - timedelta(seconds=1))
    return moment


def _byline(slugs: list[str] | None, names: list[str]) -> list[dict[str, str]]:
    if slugs is None:
        slugs = []
        for name in names:
            slug = slugify(name, fallback="author", max_length=100)
            author, _created = Author.objects.get_or_create(
                slug=slug, defaults={"name": name[:120]}
            )
            slugs.append(author.slug)
    for slug in slugs:
        if not Author.objects.filter(slug=slug).exists():
            raise UnreadableSource(f"desk.toml names the author “{slug}”, who is not there.")
    return [{"author": slug, "role": Byline.Role.WRITER.value} for slug in dict.fromkeys(slugs)]


def _related(item: RelatedItem) -> dict[str, Any]:
    return {
        "target": None,
        "url": item.url or "",
        "title": item.title[:300],
        "author": (item.author or "")[:200],
        "date": item.date.isoformat() if item.date else None,
        "views": item.views,
    }
