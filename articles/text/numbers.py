"""Numbers as pages print them: "1.2K", "12 345", "1,5 mil", "٤٥٦", "3.4万"."""

import re
import unicodedata

_SCALES = {
    "k": 1000, "tsd": 1000, "mil": 1000, "тыс": 1000, "тис": 1000, "tys": 1000, "tis": 1000,
    "bin": 1000, "b": 1000, "rb": 1000, "ألف": 1000, "אלף": 1000, "हज़ार": 1000, "हजार": 1000,
    "천": 1000, "千": 1000, "万": 10_000, "萬": 10_000, "만": 10_000, "लाख": 100_000,
    "m": 10**6, "mn": 10**6, "mio": 10**6, "млн": 10**6, "mln": 10**6, "million": 10**6,
    "millones": 10**6, "مليون": 10**6, "亿": 10**8, "億": 10**8,
}  # fmt: skip
_DIGITS = (
    r"\d{1,3}(?:[.,'’٬ \u00a0\u2009\u202f]\d{3}){1,4}(?![\d.,]\d)|\d{1,3}(?:,\d{2}){1,3},\d{3}"
    r"|\d{1,12}(?:[.,٫]\d{1,3})?"
)
#: A printed count, with its scale in group 2. Bounded on both sides of what it may match.
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
COUNT = rf"(?<![\w.,])({_DIGITS})(?:\s?({_SCALE})(?![a-zа-яё])\.?)?\+?"
_COUNT = re.compile(COUNT, re.IGNORECASE)
_GROUPS = re.compile(r"\d{1,3}(?:[.,'’٬ \u00a0\u2009\u202f]\d{3})+")
_INDIAN = re.compile(r"\d{1,3}(?:,\d{2})+,\d{3}")


def plain_digits(text: str) -> str:
    """Return text with the digits of every script (Arabic, Devanagari, full-width) as 0 to 9."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(char)) if char > "\x7f" and char.isdecimal() else char
        for char in text
    )


def parse_count(text: str) -> int | None:
    """Return the count that `text` prints ("1.2K" -> 1200), or None if it is no count."""
    match = _COUNT.fullmatch(plain_digits(text).strip())
    if not match:
        return None
    digits, scale = match[1], (match[2] or "").lower()
    if not scale:
        if digits.isdigit():
            return int(digits)
        if _GROUPS.fullmatch(digits) or _INDIAN.fullmatch(digits):
            return int(re.sub(r"\D", "", digits))
        return None
    if _GROUPS.fullmatch(digits):
        # "1.234K" is one thousand two hundred: the mark before a scale is a decimal one.
        digits = digits.replace(",", ".")
    try:
        value = float(re.sub(r"[\s'’]", "", digits).replace(",", ".").replace("٫", "."))
    except ValueError:
        return None
    return round(value * _SCALES[scale])
