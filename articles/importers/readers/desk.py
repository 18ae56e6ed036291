"""The sub-editor's desk: a source's bytes become stories, stage by stage.

decode -> lines -> several stories? -> related blocks -> head and foot -> furniture -> blocks.
Each stage marks the lines it has decided about; what nobody claims is the body.
"""

from pathlib import Path

from articles.importers.readers import blocks, bylines, context, furniture, markup
from articles.importers.readers.lines import Line
from articles.importers.readers.masthead import HeadDesk
from articles.importers.readers.records import (
    Masthead,
    SourceStory,
    SourceWarning,
    UnreadableSource,
)
from articles.importers.readers.related import RelatedDesk
from articles.importers.readers.splitting import split_stories
from articles.importers.readers.wrapping import unwrap
from articles.text.dates import find_dates, prefers_day_first
from articles.text.encoding import Decoded, NotText, decode
from articles.text.gaps import find_gaps
from articles.text.language import language_of
from articles.text.sentences import working_title
from articles.text.topics import suggest_tags

#: No paragraph is longer; a longer line is data, not text.
MAX_LINE = 100_000
#: A source text is an article or a few of them; more than this is an archive or a log.
MAX_LINES = 3_000
MAX_TEXT = 400_000
_MOST_GAPS = 12


def read_bytes(data: bytes, name: str) -> list[SourceStory]:
    """Return the stories in the bytes of a source called `name`; raises `UnreadableSource`."""
    if not data:
        raise UnreadableSource("The file is empty.")
    try:
        decoded = decode(data)
    except NotText as error:
        raise UnreadableSource(f"The file cannot be read: {error}.") from None
    if not decoded.text.strip():
        raise UnreadableSource("The file holds nothing but white space.")
    page = _page(decoded.text)
    lines = unwrap(page.lines, is_label=_stands_alone)
    stem = Path(name).stem
    stories = []
    for number, part in enumerate(split_stories(lines), start=1):
        identity = stem if number == 1 else f"{stem}#{number}"
        if story := _story(part, decoded, page, identity):
            stories.append(story)
    if not stories:
        raise UnreadableSource("The file holds no story: nothing but page furniture was found.")
    return stories


def _page(text: str) -> markup.Page:
    if max(map(len, text.split("\n"))) > MAX_LINE and "</" not in text:
        raise UnreadableSource(f"A line is too long for a text: more than {MAX_LINE:,} characters.")
    filled = sum(1 for line in text.split("\n") if line.strip())
    page = markup.Page([]) if filled > MAX_LINES * 8 else markup.read_page(text)
    if (
        filled > MAX_LINES * 8
        or len(page.lines) > MAX_LINES
        or sum(len(line.text) for line in page.lines) > MAX_TEXT
    ):
        raise UnreadableSource(
            f"The text is too long for an article: more than {MAX_LINES:,} lines or "
            f"{MAX_TEXT:,} characters."
        )
    if any(len(line.text) > MAX_LINE for line in page.lines):
        raise UnreadableSource(f"A line is too long for a text: more than {MAX_LINE:,} characters.")
    return page


def _stands_alone(text: str) -> bool:
    if len(text) >= 100:
        return False
    if (found := bylines.read_line(text, "en")) and found.found:
        return True
    return len(text) < 60 and bool(
        furniture.phrase_kind_of(text) or furniture.weak_kind_of(text) or bylines.byline(text)
    )


def _story(
    lines: list[Line], decoded: Decoded, page: markup.Page, identity: str
) -> SourceStory | None:
    sample = sorted((line.text for line in lines), key=len, reverse=True)[:30]
    language = language_of("\n".join(sample))
    day_first = prefers_day_first("\n".join(line.text for line in lines), language)
    for line in lines:
        if line.hint == "rule":
            line.state = "rule"
    furniture.mark(lines)
    items = RelatedDesk(lines, language, day_first=day_first).take()
    context.mark_comments(lines)
    head = HeadDesk(lines, language, day_first=day_first).take()
    _from_markup(head, page, lines)
    context.look_around(lines, head.authors)
    for line in lines:
        if line.open and line.zone in {"aside", "related"}:
            line.state = "aside"
    body = [line for line in lines if line.open]
    made = blocks.build(lines)
    if not any(block.type != "heading" for block in made):
        return None
    story = SourceStory(
        title=head.title,
        standfirst=head.standfirst,
        authors=head.authors,
        published=head.published,
        updated=head.updated,
        views=head.views,
        language=language,
        blocks=made,
        related=items,
        section=head.section,
        external_id=identity,
        dropped=[
            line.source or line.marker
            for line in lines
            if line.state not in {"", "title", "standfirst", "rule"}
        ],
    )
    if not story.title:
        first = next((b for b in made if b.type == "paragraph"), None) or next(
            b for b in made if b.type != "heading"
        )
        story.title, story.title_is_derived = working_title(first.text), True
    texts = [block.text for block in made if block.type != "heading"]
    story.tags = suggest_tags(story.title, texts, language, head.tags)
    story.warnings = _warnings(story, head, body, decoded)
    return story


def _from_markup(head: Masthead, page: markup.Page, lines: list[Line]) -> None:
    """What a page's markup says where its text does not."""
    meta = page.meta

    def first(*names: str) -> str:
        return next((meta[name][0] for name in names if meta.get(name)), "")

    if not head.title and (title := first("og:title", "title")):
        head.title = title.split(" | ")[0].strip()
        for line in lines[:20]:
            if line.open and line.text == head.title:
                line.state = "title"
    if not head.authors and (author := first("author", "article:author", "byl")):
        head.authors = bylines.names(author, strict=False) if "://" not in author else []
    for name, attribute in (
        (("article:published_time", "datepublished", "date", "pubdate", "time"), "published"),
        (("article:modified_time", "datemodified", "og:updated_time", "last-modified"), "updated"),
    ):
        if getattr(head, attribute) is None and (value := first(*name)):
            days = [found.day for found in find_dates(value, "en") if found.day]
            if days:
                setattr(head, attribute, days[0])
    head.section = head.section or first("article:section") or None
    if not head.tags:
        head.tags = [tag for name in ("article:tag", "news_keywords") for tag in meta.get(name, [])]


def _warnings(
    story: SourceStory, head: Masthead, body: list[Line], decoded: Decoded
) -> list[SourceWarning]:
    found: list[SourceWarning] = []
    if story.title_is_derived:
        found.append(
            SourceWarning(
                "no-headline",
                "The text has no headline of its own: the title is the start of its first "
                "sentence. Write a headline before it is published.",
            )
        )
    gaps = [
        (line, gap)
        for line in body
        for gap in find_gaps(line.text, story.language, fold_free(line))
    ]
    for line, gap in gaps[:_MOST_GAPS]:
        found.append(
            SourceWarning(
                "gap",
                f"A gap in the text: a date, number or name seems to be missing at "
                f"“{gap.excerpt}” (line {line.number} of the source).",
            )
        )
    if len(gaps) > _MOST_GAPS:
        found.append(
            SourceWarning("gap", f"{len(gaps) - _MOST_GAPS} more gaps of that kind follow.")
        )
    if not story.authors:
        found.append(SourceWarning("no-author", "The text names no author."))
    for lost in head.lost_dates:
        found.append(
            SourceWarning(
                "lost-date", f"The date in “{lost[:80]}” names no day: it was left empty."
            )
        )
    if story.published is None:
        found.append(
            SourceWarning("no-date", "The text has no date of publication: the date is missing.")
        )
    if decoded.damaged:
        found.append(
            SourceWarning(
                "encoding", "Some characters of the source were lost; they show as “\ufffd”."
            )
        )
    elif decoded.repaired:
        found.append(
            SourceWarning("encoding", "Garbled characters were repaired: check the spelling.")
        )
    return found


def fold_free(line: Line) -> str:
    """The line with the white space it came with: two blanks in a row may be a dropped word."""
    return line.raw.strip()
