"""The head of a story: title, standfirst, byline, days, views, section, tags. Its foot as well."""

import re

from articles.importers.readers import bylines, furniture, labels, shapes
from articles.importers.readers.keys import line_key, words_of
from articles.importers.readers.lines import Line, width
from articles.importers.readers.records import Masthead
from articles.text.sentences import ends_sentence

_KICKER_WORDS = 3


class HeadDesk:
    """Reads a story's head and foot and marks their lines."""

    def __init__(self, lines: list[Line], language: str, *, day_first: bool) -> None:
        self.lines = lines
        self.language = language
        self.day_first = day_first
        self.head = Masthead()
        self.chronology = False
        #: Whom a line at the foot names ("Reporting by …"), if the head names nobody.
        self.signed: list[str] = []

    def take(self) -> Masthead:
        """Return the masthead; its lines become "title", "standfirst", "meta", "nav" or "tags"."""
        self.chronology = self._is_chronology()
        self._labelled_lines()
        self._pairs()
        end = self._head_end()
        self._meta_lines(end)
        self._names_beside_meta(end, under_title=True)
        self._title(end)
        self._names_beside_meta(end)
        self._desk_names(end)
        self._foot()
        if not self.head.authors:
            self._add_authors(self.signed or self._signature())
        return self.head

    # -- lines that say themselves what they are ------------------------------------------------

    def _labelled_lines(self) -> None:
        seen_prose = 0
        for index, line in enumerate(self.lines):
            if not line.open:
                continue
            early = seen_prose == 0
            if early and not self.head.title and (match := labels.TITLE.match(line.text)):
                self._set_title(line, match["value"])
            elif early and (match := labels.STANDFIRST.match(line.text)) and index < 14:
                self.head.standfirst = match["value"]
                line.state = "standfirst"
            elif self._tags(index, line):
                line.state = "tags"
            elif furniture.is_breadcrumb(line.text) and not shapes.is_sentence(line):
                self.head.section = self.head.section or furniture.section_of(line.text)
                line.state = "nav"
            elif (
                (match := labels.SECTION.match(line.text))
                and words_of(match["value"]) <= 4
                and (early or furniture.is_section_name(match["value"]))
            ):
                self.head.section = self.head.section or match["value"]
                line.state = "meta"
            elif (
                labels.SIGN_OFF.match(line.text)
                and words_of(line.text) < 30
                and not bylines.read_meta(line.text, self.language).found
            ):
                line.state = "credit"
                self.signed = self.signed or bylines.byline(line.text)
            seen_prose += line.open and shapes.is_prose(line)

    def _tags(self, index: int, line: Line) -> bool:
        if labels.HASHTAGS.fullmatch(line.text):
            self.head.tags += [tag.strip("#") for tag in re.findall(r"#[^\s#,|·]+", line.text)]
            return True
        match = labels.TAGS.match(line.text)
        if match and not ends_sentence(match["value"].rstrip(".")) and width(line.text) < 300:
            values = labels.split_tags(match["value"])
            if all(words_of(value) <= 6 for value in values):
                if len(values) == 1 and labels.SECTION.match(line.text):
                    return False
                self.head.tags += values
                return True
        if line_key(line.text) in labels.TAG_LABEL and len(line.text) < 24 and self._is_foot(index):
            for following in self.lines[index + 1 :]:
                if (
                    not following.open
                    or words_of(following.text) > 6
                    or shapes.is_sentence(following)
                ):
                    break
                if bylines.read_line(following.text, self.language):
                    break
                self.head.tags += labels.split_tags(following.text)
                following.state = "tags"
            return True
        return False

    def _is_foot(self, index: int) -> bool:
        return not any(line.open and shapes.is_prose(line) for line in self.lines[index + 1 :])

    def _pairs(self) -> None:
        """A label on one line, its value on the next: "Author" / "Jane Doe"."""
        for line, following in zip(self.lines, self.lines[1:], strict=False):
            if not (line.open and following.open) or shapes.is_prose(following):
                continue
            if bylines.is_byline_label(line.text):
                people = bylines.byline(following.text, after_label=True)
                if people and words_of(following.text) <= 10 and not following.is_item:
                    found = bylines.read_line(
                        following.text, self.language, day_first=self.day_first
                    )
                    self._apply(found) if found and found.found else self._add_authors(people)
                    line.state = following.state = "meta"
            elif line_key(line.text) in labels.DATE_LABEL and len(line.text) < 30:
                joined = f"{line.text.rstrip(':： ')}: {following.text}"
                found = bylines.read_line(joined, self.language, day_first=self.day_first)
                if found and (found.published or found.updated or found.lost_date):
                    self._apply(found, joined)
                    line.state = following.state = "meta"

    # -- the head --------------------------------------------------------------------------------

    def _head_end(self) -> int:
        """Return the index of the first line of the body's text."""
        for index, line in enumerate(self.lines):
            if line.open and (shapes.is_prose(line) or (line.is_item and index > 6)):
                return index
        return len(self.lines)

    def _meta_lines(self, end: int) -> None:
        limit = end
        # A standfirst that is a sentence stands before the byline: look a little further.
        opened = 0
        for index in range(end, min(end + 8, len(self.lines))):
            line = self.lines[index]
            if not line.open:
                continue
            opened += 1
            if opened > 4:
                break
            if opened > 1 and self._reads_as_meta(line):
                limit = index + 1
            elif opened > 1 and (limit > end or shapes.is_prose(line)):
                break
        for index in range(limit):
            line = self.lines[index]
            if index and line.open and bylines.is_role(line.text, self.lines[index - 1].text):
                line.state = "meta"
            if line.open and self._reads_as_meta(line):
                if (
                    index == self._only_candidate(end)
                    and not bylines.read_meta(line.text, "en").found
                ):
                    continue
                found = bylines.read_line(line.text, self.language, day_first=self.day_first)
                if found:
                    self._apply(found, line.text)
                    line.state = "meta"
        if limit > end:
            self._dek_before_meta(end)

    def _is_chronology(self) -> bool:
        """Whether days alone on their lines are the headings of a chronology."""
        alone = 0
        before: Line | None = None
        for line, following in zip(self.lines, self.lines[1:], strict=False):
            # Below a byline, or a related story's title, a day is no heading.
            headed = before is None or not (before.open and bylines.byline(before.text))
            before = line
            if headed and line.open and following.open and shapes.is_prose(following):
                found = bylines.read_meta(line.text, self.language, day_first=self.day_first)
                alone += (
                    bool(found.published) and not found.rest and not labels.DATED.match(line.text)
                )
        return alone > 1

    def _reads_as_meta(self, line: Line) -> bool:
        if self.chronology and not bylines.byline(line.text) and not labels.DATED.match(line.text):
            return False
        if line.hint in {"h1", "h2"} or (shapes.is_prose(line) and width(line.text) > 220):
            return False
        return bylines.read_line(line.text, self.language, day_first=self.day_first) is not None

    def _only_candidate(self, end: int) -> int:
        titles = [i for i in range(end) if self.lines[i].open and not self.lines[i].weak]
        return titles[0] if len(titles) == 1 else -1

    def _dek_before_meta(self, index: int) -> None:
        line = self.lines[index]
        has_title = any(
            each.state == "title" or (each.open and shapes.is_title_like(each.text))
            for each in self.lines[:index]
        )
        if has_title and line.open and width(line.text) <= 320 and self.head.standfirst is None:
            self.head.standfirst = line.text
            line.state = "standfirst"

    def _title(self, end: int) -> None:
        candidates = [
            index
            for index in range(min(end, len(self.lines)))
            if self.lines[index].open
            and self.lines[index].hint not in {"rule", "quote"}
            and not self.lines[index].is_item
            and shapes.is_title_like(self.lines[index].text)
        ]
        if self.head.title:
            self._drop_repeats()
            self._dek_after_title(candidates)
            return
        strong = [i for i in candidates if not self._is_kicker(i)]
        chosen = self._choose(strong, end)
        if chosen is None:
            return
        self._set_title(self.lines[chosen], self.lines[chosen].text)
        above = [line for line in self.lines[:chosen] if line.open and not shapes.is_sentence(line)]
        for line in above:
            line.state = "nav"
        # One desk's name over the title is a kicker, several are a menu.
        if len(above) == 1 and furniture.is_section_name(above[0].text):
            self.head.section = self.head.section or above[0].text
        self._drop_repeats()
        self._dek_after_title([index for index in candidates if index > chosen])

    def _is_kicker(self, index: int) -> bool:
        line = self.lines[index]
        if line.hint == "h1":
            return False
        return (
            bool(line.weak)
            or line_key(line.text) in labels.GENERIC
            or furniture.is_section_name(line.text)
        )

    def _choose(self, candidates: list[int], end: int) -> int | None:
        if not candidates:
            return None
        for index in candidates:
            if self.lines[index].hint == "h1":
                return index
        meta = next(
            (
                i
                for i in range(end + 8)
                if i < len(self.lines) and self.lines[i].state in {"meta", "standfirst"}
            ),
            None,
        )
        before = [i for i in candidates if meta is not None and i < meta]
        if before:
            return self._title_among(before)
        if meta is not None:
            return candidates[0]
        short = [i for i in candidates if words_of(self.lines[i].text) <= _KICKER_WORDS]
        if len(candidates) >= 4 and len(short) >= 3:
            longer = [i for i in candidates if i not in short]
            return longer[0] if longer else candidates[0]
        first = self.lines[candidates[0]]
        if (
            len(candidates) > 1
            and words_of(first.text) <= 2
            and first.text.isupper()
            and words_of(self.lines[candidates[1]].text) > 3
        ):
            return candidates[1]
        return candidates[0]

    def _title_among(self, candidates: list[int]) -> int:
        """Several lines before the byline: site name or kicker, title, standfirst."""
        *_, last = candidates
        if len(candidates) == 1:
            return last
        previous = candidates[-2]
        one, two = self.lines[previous].text, self.lines[last].text
        if words_of(one) <= _KICKER_WORDS < words_of(two):
            return last
        if words_of(two) >= 9 and words_of(two) >= words_of(one) * 1.2:
            return previous
        if len(candidates) == 2 and words_of(one) > words_of(two):
            return previous
        return last if words_of(one) <= 4 else previous

    def _set_title(self, line: Line, text: str) -> None:
        self.head.title = text.strip().rstrip(":： ") or text
        line.state = "title"

    def _drop_repeats(self) -> None:
        """The same headline again, in the head (a page's crumbs and its heading)."""
        key = line_key(self.head.title)
        for line in self.lines[:16]:
            if line.open and line_key(line.text) == key:
                line.state = "title"

    def _dek_after_title(self, candidates: list[int]) -> None:
        """A line between the title and the byline is the standfirst."""
        meta = [i for i, line in enumerate(self.lines[:24]) if line.state == "meta"]
        title = next((i for i, line in enumerate(self.lines) if line.state == "title"), None)
        if title is None or self.head.standfirst is not None:
            return
        for index in candidates:
            line = self.lines[index]
            if line.open and title < index and any(index < each for each in meta):
                if words_of(line.text) >= 6:
                    self.head.standfirst = line.text
                    line.state = "standfirst"
                return

    def _names_beside_meta(self, end: int, *, under_title: bool = False) -> None:
        """A name alone on its line is a byline between the title and a date."""
        if self.head.authors:
            return
        for index in range(min(end, len(self.lines))):
            line = self.lines[index]
            beside = [self.lines[i] for i in (index - 1, index + 1) if 0 <= i < len(self.lines)]
            if (
                line.open
                and not line.hint
                and any(each.state == "meta" for each in beside)
                and (not under_title or self._is_under_title(index))
                and (people := bylines.names(line.text))
            ):
                self._add_authors(people)
                line.state = "meta"
                return

    def _desk_names(self, end: int) -> None:
        """Desks named one below the other are the page's path, not headings."""
        for index in range(1, min(end, len(self.lines))):
            line, above = self.lines[index], self.lines[index - 1]
            beside = above.state in {"nav", "meta"} or bool(above.weak)
            if line.open and not line.hint and beside and furniture.is_section_name(line.text):
                line.state = "nav"
                self.head.section = self.head.section or line.text

    def _is_under_title(self, index: int) -> bool:
        """Whether a longer line above can be the title, so that this one may be a name."""
        longest = max(
            (words_of(line.text) for line in self.lines[:index] if line.open and not line.weak),
            default=0,
        )
        return longest >= 3 and longest > words_of(self.lines[index].text)

    # -- the foot --------------------------------------------------------------------------------

    def _foot(self) -> None:
        """Lines about the story behind its text, and labelled ones anywhere."""
        last = max(
            (i for i, line in enumerate(self.lines) if line.open and shapes.is_prose(line)),
            default=-1,
        )
        for index, line in enumerate(self.lines):
            if not line.open or line.is_item or len(line.text) > 160 or line.hint.startswith("h"):
                continue
            found = bylines.read_line(line.text, self.language, day_first=self.day_first)
            if not found:
                continue
            labelled = bool(labels.DATED.match(line.text)) or found.views is not None
            counted = found.found and not (found.published or found.updated or found.lost_date)
            if index > last or labelled or counted:
                signed = bool(bylines.byline(line.text))
                if shapes.is_sentence(line) and not (labelled or found.found or signed):
                    continue
                self._apply(found, line.text)
                line.state = "meta"

    def _signature(self) -> list[str]:
        """The name that closes a text: right below its last paragraph, in brackets or not."""
        prose = [i for i, line in enumerate(self.lines) if line.open and shapes.is_prose(line)]
        line = self.lines[prose[-1] + 1] if prose and prose[-1] + 1 < len(self.lines) else None
        name = line.text.strip("()（）[]—–- ") if line and line.open and not line.hint else ""
        if line is None or not bylines.is_name(name):
            return []
        line.state = "meta"
        return [name]

    def _apply(self, found: bylines.Meta, text: str = "") -> None:
        head = self.head
        self._add_authors([] if head.authors else found.authors)
        head.published = head.published or found.published
        head.updated = head.updated or found.updated
        head.views = found.views if head.views is None else head.views
        head.section = head.section or found.section
        if found.lost_date and text:
            head.lost_dates.append(text)

    def _add_authors(self, people: list[str]) -> None:
        self.head.authors += [name for name in people if name not in self.head.authors]
