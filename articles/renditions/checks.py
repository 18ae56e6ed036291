"""What a machine lacks for the cards that networks show; told by `manage.py check --deploy`."""

from typing import Any

from django.core.checks import CheckMessage, Info

from articles.imaging.fonts import can_shape, system_face

#: One letter of each script that our own font lacks and many people read.
SCRIPTS = {
    "Chinese": "漢",
    "Japanese": "あ",
    "Korean": "한",
    "Hindi": "क",
    "Bengali": "ক",
    "Thai": "ก",
}


def missing_fonts(**kwargs: Any) -> list[CheckMessage]:
    """Return a note for scripts in which no headline could be written on a card."""
    found: list[CheckMessage] = []
    if not can_shape():
        found.append(
            Info(
                "Pillow has no raqm: headlines from right to left are left out of cards.",
                hint="Install the wheel of Pillow from PyPI.",
                id="articles.I001",
            )
        )
    lacking = [name for name, letter in SCRIPTS.items() if system_face(letter, "en") is None]
    if lacking:
        found.append(
            Info(
                f"No font for {', '.join(lacking)}: such headlines are left out of cards.",
                hint="Install fonts, on Debian: apt install fonts-noto-core fonts-noto-cjk",
                id="articles.I002",
            )
        )
    return found
