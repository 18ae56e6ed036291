"""Fonts for words on pictures: our own small one, and the system's for scripts that it lacks.

Our own comes first, so that a card looks the same on every machine. It has Latin, Greek, Cyrillic,
Hebrew and Arabic in one file, so that a line that mixes them is shaped as one.
"""

import shutil
import subprocess  # nosec B404
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont, features

#: A character that no font has: what is drawn for it is drawn for every missing one.
_MISSING = "\U0010fffe"
#: Marks, joiners and spaces stand in the font of the letter before them.
_ATTACHED = frozenset({"Mn", "Me", "Mc", "Cf", "Zs", "Cc"})


@dataclass(frozen=True)
class Face:
    """A font in a file."""

    path: str
    index: int = 0


OWN = Face(str(Path(__file__).with_name("fonts") / "cards.ttf"))


def can_shape() -> bool:
    """Whether letters are joined and run from right to left where they must: Pillow with raqm."""
    return bool(features.check("raqm"))


@lru_cache(maxsize=64)
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face.path, size, index=face.index)


def is_attached(letter: str) -> bool:
    return unicodedata.category(letter) in _ATTACHED


@lru_cache(maxsize=8192)
def has(face: Face, letter: str) -> bool:
    """Whether the font has a sign for a letter."""
    return _drawn(face, letter) != _drawn(face, _MISSING)


def _drawn(face: Face, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = font(face, 24).getmask(letter)
    return mask.size, bytes(mask)


def faces_for(text: str, language: str, *, is_rtl: bool) -> dict[str, Face]:
    """Return the font for each letter of `text` that any font at hand has.

    A line from right to left gets one font, since its parts could not be put in order.
    """
    letters = sorted({letter for letter in text if not is_attached(letter)})
    lacking = [letter for letter in letters if not has(OWN, letter)]
    if not lacking:
        return dict.fromkeys(letters, OWN)
    if whole := system_face("".join(letters), language):
        return dict.fromkeys(letters, whole)
    found = dict.fromkeys((letter for letter in letters if letter not in lacking), OWN)
    together = system_face("".join(lacking), language)
    if is_rtl:
        if together and len(lacking) > len(found):
            return {letter: together for letter in letters if has(together, letter)}
        return found
    for letter in lacking:
        if face := together or system_face(letter, language):
            found[letter] = face
    return found


@lru_cache(maxsize=512)
def system_face(letters: str, language: str) -> Face | None:
    """Return a font of this machine that has all the letters, bold if there is one.

    One made for the language comes first: Chinese and Japanese write some letters differently.
    """
    fitting = [known for known in _known() if known.has_all(letters)]
    fitting.sort(key=lambda known: language.lower() not in known.languages)
    return fitting[0].face if fitting else None


@dataclass(frozen=True)
class _Known:
    """A font of this machine: where its runs of letters begin and end, and its languages."""

    face: Face
    begins: tuple[int, ...]
    ends: tuple[int, ...]
    languages: frozenset[str]

    def has_all(self, letters: str) -> bool:
        for letter in letters:
            place = bisect_right(self.begins, ord(letter)) - 1
            if place < 0 or ord(letter) > self.ends[place]:
                return False
        return True


@lru_cache(maxsize=1)
def _known() -> list[_Known]:
    """The fonts that fontconfig knows, the best first; none without fontconfig."""
    program = shutil.which("fc-list")
    if program is None:
        return []
    line = "%{file}\t%{index}\t%{style}\t%{family}\t%{color}\t%{lang}\t%{charset}\n"
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603
            [program, "--format", line],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    found = []
    for row in done.stdout.splitlines():
        path, index, style, family, colour, languages, letters = (row.split("\t") + [""] * 7)[:7]
        if colour == "True" or not path.lower().endswith((".ttf", ".otf", ".ttc")):
            continue
        rank = (
            "bold" not in style.lower(),
            "italic" in style.lower(),
            "mono" in family.lower(),
            "serif" not in family.lower(),
            "noto" not in family.lower(),
            path,
        )
        runs = [one.partition("-") for one in letters.split()]
        begins = tuple(int(first, 16) for first, _dash, _last in runs)
        ends = tuple(int(last or first, 16) for first, _dash, last in runs)
        # Above the lower half stands which instance of a variable font it is.
        face = Face(path, int(index or 0) & 0xFFFF)
        found.append((rank, _Known(face, begins, ends, frozenset(languages.lower().split("|")))))
    return [known for _rank, known in sorted(found, key=lambda pair: pair[0])]
