"""The card that stands for an article where others share it: headline, section, site, picture."""

import io
import re
from dataclasses import dataclass

from PIL import Image, ImageDraw

from articles.imaging.fonts import OWN, Face, can_shape, faces_for, font, is_attached
from articles.imaging.metadata import Said, written
from articles.imaging.renditions import fitted

SIZE = (1200, 630)
_MARGIN = 64
#: Width of the picture, beside which the words stand.
_PICTURE = 500
_PAPER, _INK, _SOFT, _ACCENT = "#fbfaf8", "#15171a", "#5c6168", "#9c1c2b"
_LARGEST, _SMALLEST, _STEP = 76, 34, 3
#: Without a picture there is room for a larger voice.
_LARGEST_ALONE = 96
#: Longest word that is not broken in two; more is a script without spaces, or no word.
_LONGEST_WORD = 32
_LABEL = 32
#: The headline lies between the section and the site's name.
_TOP, _BOTTOM = 138, 516
#: A headline of which less can be written is left out: half a sentence says something else.
_ENOUGH = 0.7
_WIDE = r"\u2e80-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60"
_OPENING, _CLOSING = "「『（《〈【“‘([", "」』）》〉】”’)]，。、！？：；…,.!?:;・ー々"
_PIECES = re.compile(
    rf"\s*(?:[{re.escape(_OPENING)}]*[{_WIDE}][{re.escape(_CLOSING)}]*|[^\s{_WIDE}]+)"
)
_NOBODY = Said()


@dataclass(frozen=True)
class Words:
    """What stands on a card. language: of the headline; is_rtl: whether it runs from the right."""

    headline: str
    section: str
    site: str
    language: str = "en"
    is_rtl: bool = False


def social_card(
    words: Words,
    picture: bytes | None = None,
    focal: tuple[float, float] = (0.5, 0.5),
    said: Said = _NOBODY,
) -> bytes:
    """Return a JPEG of `SIZE` with the words, and beside them the picture of the stored bytes."""
    card = Image.new("RGB", SIZE, _PAPER)
    draw = ImageDraw.Draw(card)
    left, right = _MARGIN, SIZE[0] - _MARGIN
    if picture is not None:
        cut = fitted(picture, (_PICTURE, SIZE[1]), focal)
        card.paste(cut, (0 if words.is_rtl else SIZE[0] - _PICTURE, 0))
        if words.is_rtl:
            left = _PICTURE + _MARGIN
        else:
            right = SIZE[0] - _PICTURE - _MARGIN
    column = _Column(draw, left, right, words.language, is_rtl=words.is_rtl)
    edge = right - 72 if words.is_rtl else left
    draw.rectangle((edge, 58, edge + 71, 65), fill=_ACCENT)
    column.line(words.section, _LABEL, 108, _ACCENT)
    largest = _LARGEST_ALONE if picture is None else _LARGEST
    column.block(words.headline, (_TOP, _BOTTOM), largest, _INK)
    column.line(words.site, _LABEL, SIZE[1] - 54, _SOFT)
    out = io.BytesIO()
    # Full colour resolution: red words on white would fray.
    ways = {"quality": 86, "subsampling": 0, "optimize": True, "progressive": True}
    card.save(out, "JPEG", **ways, **written(said, "JPEG"))
    return out.getvalue()


class _Column:
    """A column of words: measures, breaks and draws them."""

    def __init__(
        self, draw: ImageDraw.ImageDraw, left: int, right: int, language: str, *, is_rtl: bool
    ) -> None:
        self.draw, self.left, self.right = draw, left, right
        self.language, self.is_rtl = language, is_rtl
        self.width = right - left

    def line(self, text: str, size: int, baseline: int, colour: str) -> None:
        """Draw one line, cut off where the column ends."""
        text, faces = self._writable(text)
        if self._length(text, faces, size) > self.width:
            while text and self._length(f"{text}…", faces, size) > self.width:
                text = text[:-1].rstrip()
            text = f"{text}…"
        self._draw(text, faces, size, baseline, colour)

    def block(self, text: str, room: tuple[int, int], largest: int, colour: str) -> None:
        """Draw lines as large as they fit the room from top to bottom."""
        top, bottom = room
        text, faces = self._writable(text)
        # Signs above and below the letters need room that Latin, Greek and Cyrillic do not.
        leading = 1.18 if all(letter < "\u0530" or letter > "\u1e00" for letter in text) else 1.36
        for size in range(largest, _SMALLEST - 1, -_STEP):
            lines = self._broken(text, faces, size, self.width)
            most = int((bottom - top) / (size * leading))
            # A word broken in two is worse than smaller letters.
            if len(lines) <= most and not self._splits(text, faces, size):
                break
        if len(lines) > most:
            lines = [*lines[: most - 1], f"{lines[most - 1].rstrip()}…"]
        else:
            lines = self._balanced(text, faces, size, lines)
        for number, one in enumerate(lines):
            baseline = top + size * 0.98 + number * size * leading
            self._draw(one, faces, size, round(baseline), colour)

    def _writable(self, text: str) -> tuple[str, dict[str, Face]]:
        """The text without what no font has, and the fonts; "" if too much would be missing."""
        text = " ".join(text.split())
        if self.is_rtl and not can_shape():
            return "", {}
        faces = faces_for(text, self.language, is_rtl=self.is_rtl)
        letters = [letter for letter in text if letter.isalnum()]
        if sum(letter in faces for letter in letters) < _ENOUGH * len(letters):
            return "", {}
        kept = (letter for letter in text if letter in faces or is_attached(letter))
        return " ".join("".join(kept).split()), faces

    def _splits(self, text: str, faces: dict[str, Face], size: int) -> bool:
        words = re.findall(rf"[^\s{_WIDE}]+", text)
        longest = max((word for word in words if len(word) <= _LONGEST_WORD), key=len, default="")
        return bool(longest) and self._length(longest, faces, size) > self.width

    def _broken(self, text: str, faces: dict[str, Face], size: int, width: float) -> list[str]:
        lines, line = [], ""
        for piece in _PIECES.findall(text):
            for part in self._parts(piece, faces, size, width):
                if line and self._length(line + part, faces, size) > width:
                    lines.append(line)
                    line = part.lstrip()
                else:
                    line += part if line else part.lstrip()
        return [*lines, line] if line else lines

    def _parts(self, piece: str, faces: dict[str, Face], size: int, width: float) -> list[str]:
        """A piece that fits a line as it is; a longer one letter by letter, marks with theirs."""
        if self._length(piece.strip(), faces, size) <= width:
            return [piece]
        parts: list[str] = []
        for letter in piece:
            if parts and is_attached(letter):
                parts[-1] += letter
            else:
                parts.append(letter)
        return parts

    def _balanced(
        self, text: str, faces: dict[str, Face], size: int, lines: list[str]
    ) -> list[str]:
        """The same number of lines, as equal in length as can be."""
        narrow, wide = self.width / 2, float(self.width)
        for _half in range(6):
            middle = (narrow + wide) / 2
            tried = self._broken(text, faces, size, middle)
            fits = all(self._length(one, faces, size) <= middle for one in tried)
            if len(tried) == len(lines) and fits:
                lines, wide = tried, middle
            else:
                narrow = middle
        return lines

    def _runs(self, text: str, faces: dict[str, Face]) -> list[tuple[Face, str]]:
        runs: list[tuple[Face, str]] = []
        for letter in text:
            face = faces.get(letter) or (runs[-1][0] if runs else OWN)
            if runs and runs[-1][0] == face:
                runs[-1] = (face, runs[-1][1] + letter)
            else:
                runs.append((face, letter))
        return runs

    def _shaping(self) -> dict[str, str]:
        if not can_shape():
            return {}
        return {"direction": "rtl" if self.is_rtl else "ltr", "language": self.language}

    def _length(self, text: str, faces: dict[str, Face], size: int) -> float:
        shaping = self._shaping()
        return sum(font(f, size).getlength(part, **shaping) for f, part in self._runs(text, faces))

    def _draw(
        self, text: str, faces: dict[str, Face], size: int, baseline: int, colour: str
    ) -> None:
        shaping = self._shaping()
        if self.is_rtl:
            runs = self._runs(text, faces)
            if runs:
                face = font(runs[0][0], size)
                self.draw.text(
                    (self.right, baseline), text, fill=colour, font=face, anchor="rs", **shaping
                )
            return
        place = float(self.left)
        for face, part in self._runs(text, faces):
            one = font(face, size)
            self.draw.text((place, baseline), part, fill=colour, font=one, anchor="ls", **shaping)
            place += one.getlength(part, **shaping)
