"""Bytes to text: find the encoding, undo double decoding, drop what no reader can see."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import ftfy

#: Byte order marks, longest first (UTF-32's begins with UTF-16's).
_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
#: First bytes of files that are not text, whatever their name says.
_SIGNATURES = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\x7fELF",
    b"RIFF", b"OggS", b"ID3", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"SQLite format 3\x00",
    b"\xd0\xcf\x11\xe0", b"MZ\x90", b"\x00\x00\x01\x00", b"II*\x00", b"MM\x00*",
    b"\xca\xfe\xba\xbe", b"wOFF", b"wOF2",
)  # fmt: skip
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_PUNCTUATION = "“”‘’„«»–—…•·§©°¿¡№\u00a0"
_LATIN = set("éèêëàâîïôûùçœæäöüßñáíóúãõåøìòÉÀÇÄÖÜÅØÁÓÚÍÊÈÔ£€½" + _PUNCTUATION)
_CENTRAL = set("ąćęłńóśźżáčďéěíňřšťúůýžőűäöüßăâîșşțţŁŚŻŹČŘŠŽÁÉŐÓ" + _PUNCTUATION)
_TURKISH = set("ğışçöüâîûĞİŞÇÖÜ" + _PUNCTUATION)
_CYRILLIC = set("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ" + _PUNCTUATION)
_GREEK = set("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋ" + _PUNCTUATION)
_HEBREW = set("אבגדהוזחטיךכלםמןנסעףפץצקרשת" + _PUNCTUATION)
_ARABIC = set("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآئؤ،؛؟" + _PUNCTUATION)
#: The ten most frequent letters of a script, about two thirds of any running text in it.
_FREQUENT = {
    "а": set("оеаинтсрвлії"),
    "א": set("יוהלאמרתבש"),
    "ا": set("اليمنوترهبةعد"),
    "α": set("αοιετνσρπυκάίόέ"),
}
_KANA = {chr(code) for code in range(0x3041, 0x30FF)} | set("、。「」・ー")
_HANGUL = {chr(code) for code in range(0xAC00, 0xD7A4)}
_CJK_MARKS = "，。、：；！？「」“”《》（）\u3000"
_SIMPLIFIED = set(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之"
    "年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主"
    "样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外"
    "将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代"
    + _CJK_MARKS
)
_TRADITIONAL = set(
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之"
    "年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主"
    "樣理心本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外"
    "將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代"
    + _CJK_MARKS
)
#: Legacy encodings with the characters that a text in them is mostly made of. On a tie the
#: earlier one wins.
_LEGACY = (
    ("cp1252", _LATIN), ("cp1251", _CYRILLIC), ("koi8-r", _CYRILLIC), ("koi8-u", _CYRILLIC),
    ("gb18030", _SIMPLIFIED), ("big5", _TRADITIONAL), ("cp932", _KANA), ("euc_jp", _KANA),
    ("cp949", _HANGUL), ("cp1250", _CENTRAL), ("iso8859-2", _CENTRAL), ("cp1254", _TURKISH),
    ("cp1253", _GREEK), ("iso8859-7", _GREEK), ("cp1255", _HEBREW), ("iso8859-8", _HEBREW),
    ("cp1256", _ARABIC), ("iso8859-6", _ARABIC), ("iso8859-5", _CYRILLIC), ("cp866", _CYRILLIC),
    ("iso8859-15", _LATIN), ("iso2022_jp", _KANA), ("mac_roman", _LATIN),
)  # fmt: skip
_SINGLE_LATIN = {"cp1252", "cp1250", "cp1254", "iso8859-2", "iso8859-15", "mac_roman"}
#: Share of familiar characters below which a decoding is a guess, and we do not guess.
_FAMILIAR_ENOUGH = 0.45
_SAMPLE_BYTES = 60_000
_MOJIBAKE = ftfy.TextFixerConfig(
    unescape_html=False,
    uncurl_quotes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    fix_line_breaks=False,
    remove_control_chars=False,
    normalization=None,
    explain=False,
)
#: Invisible characters: soft hyphen, zero-width space and no-break space, word joiner, bidi
#: controls and isolates, interlinear and object marks, variation selector for text.
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffc\u061c]"
)
#: Joiners shape Persian, Indic scripts and emoji; between Latin letters they are dirt.
_JOINERS = re.compile("(?<=[ -~])[\u200c\u200d]|[\u200c\u200d](?=[ -~])")
#: A Latin letter next to one of another script, inside one word.
_GLUED = re.compile("[A-Za-z](?=[\u0370-\u06ff])|[\u0370-\u06ff](?=[A-Za-z])")
_LINE_BREAKS = re.compile("\r\n?|\x0b|\x85|\u2028|\u2029")


class NotText(ValueError):
    """The bytes are no text, or no encoding fits; the message is a reason in one sentence."""


@dataclass(frozen=True)
class Decoded:
    """Text with LF line ends; which encoding it was in; whether damage was repaired or is left."""

    text: str
    encoding: str
    repaired: bool = False
    damaged: bool = False


def decode(data: bytes) -> Decoded:
    """Return the text in `data`; raises `NotText` for binary data and undecodable bytes."""
    text, encoding, mended = _decode_bytes(data)
    controls = len(_CONTROLS.findall(text[:_SAMPLE_BYTES]))
    if controls > 8 and controls * 50 > min(len(text), _SAMPLE_BYTES):
        raise NotText("it is not a text but binary data")
    fixed = undo_double_decoding(text)
    return Decoded(
        text=visible(fixed),
        encoding=encoding,
        repaired=mended or fixed != text,
        damaged="\ufffd" in fixed,
    )


def undo_double_decoding(text: str) -> str:
    """Return text in which UTF-8 that was read as another encoding is repaired ("Ã©" -> "é").

    Curly quotes, dashes, ligatures and full-width characters stay as they are.
    """
    if text.isascii():
        return text
    return "\n".join(
        line if line.isascii() else ftfy.fix_text(line, _MOJIBAKE) for line in text.split("\n")
    )


def visible(text: str) -> str:
    """Return text with LF line ends and without control and invisible formatting characters."""
    text = _LINE_BREAKS.sub("\n", text).replace("\x00", "")
    text = _CONTROLS.sub("", text).replace("\x1b", "")
    # A soft hyphen at the end of a line marks a word broken there.
    text = re.sub("\u00ad\n[ \t]{0,8}", "", text)
    return _JOINERS.sub("", _INVISIBLE.sub("", text))


def _decode_bytes(data: bytes) -> tuple[str, str, bool]:
    if data.startswith(_SIGNATURES):
        raise NotText("it is not a text but binary data")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text, mended = _lenient(data, encoding)
            return text.removeprefix("\ufeff"), encoding, mended
    if b"\x00" in data:
        found = _utf16_without_mark(data)
        if found:
            return found
        if data.count(b"\x00") * 50 > len(data):
            raise NotText("it is not a text but binary data")
        data = data.replace(b"\x00", b"")
        text, encoding, _ = _decode_bytes(data)
        return text, encoding, True
    if b"\x1b$" in data and data.isascii():
        # ISO-2022-JP is made of ASCII bytes between escapes, so it passes for UTF-8.
        try:
            return data.decode("iso2022_jp"), "iso2022_jp", False
        except UnicodeDecodeError:
            pass
    try:
        return data.decode("utf-8"), "utf-8", False
    except UnicodeDecodeError:
        return _nearly_utf8(data) or _legacy(data)


def _lenient(data: bytes, encoding: str) -> tuple[str, bool]:
    try:
        return data.decode(encoding), False
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
        if text.count("\ufffd") * 20 > len(text):
            raise NotText(f"its bytes are not valid {encoding.upper()}") from None
        return text, True


def _utf16_without_mark(data: bytes) -> tuple[str, str, bool] | None:
    even, odd = data[::2].count(0), data[1::2].count(0)
    half = max(len(data) // 2, 1)
    for encoding, here, there in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        # Line feeds and spaces have a zero half in every script.
        if here * 25 > half and there * 20 < here:
            text = data[: len(data) & ~1].decode(encoding, errors="replace")
            if text.count("\ufffd") * 50 < len(text):
                return text, encoding, False
    return None


def _nearly_utf8(data: bytes) -> tuple[str, str, bool] | None:
    """UTF-8 with a few stray bytes (a cut file, one pasted legacy line) is still UTF-8."""
    text = data.decode("utf-8", errors="surrogateescape")
    strays = len(re.findall("[\udc80-\udcff]", text))
    multibyte = sum(1 for char in text if "\x80" <= char < "\ud800")
    if strays > max(3, multibyte // 10) or multibyte < strays * 2:
        return None

    def legacy_byte(match: re.Match[str]) -> str:
        byte = bytes([ord(match[0]) - 0xDC00])
        try:
            return byte.decode("cp1252")
        except UnicodeDecodeError:
            return "\ufffd"

    return re.sub("[\udc80-\udcff]", legacy_byte, text), "utf-8", True


def _legacy(data: bytes) -> tuple[str, str, bool]:
    best, best_score = "", 0.0
    sample = data[:_SAMPLE_BYTES]
    for encoding, familiar in _LEGACY:
        score = _fit(sample, encoding, familiar, whole=len(data) <= _SAMPLE_BYTES)
        if score > best_score + 1e-9:
            best, best_score = encoding, score
    if best_score < _FAMILIAR_ENOUGH:
        raise NotText("its bytes fit no known text encoding")
    text, mended = _lenient(data, best)
    return text, best, mended


def _fit(data: bytes, encoding: str, familiar: set[str], *, whole: bool) -> float:
    """Return the share of the non-ASCII characters that are familiar in this encoding."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        # A sample may end inside a character.
        if whole or error.start < len(data) - 4:
            return 0.0
        text = data[: error.start].decode(encoding)
    foreign = [char for char in text if char > "\x7f"]
    if not foreign:
        return 0.0
    share = _share(foreign, lambda char: char in familiar)
    letters = [char for char in text if char.isalpha()]
    accented = sum(char > "\x7f" for char in letters)
    if encoding in _SINGLE_LATIN and accented * 3 > len(letters):
        # Latin-script text is mostly ASCII; another script read as Latin is not.
        share *= 0.4
    frequent = next((chars for key, chars in _FREQUENT.items() if key in familiar), None)
    if frequent:
        share *= min(1.0, _share(foreign, lambda char: char.lower() in frequent) / 0.5)
        share -= len(_GLUED.findall(text)) / len(foreign)
    # A capital inside a word tells a wrong reading.
    wrong = len(re.findall(r"[^\W\d_A-Z]{2}[À-ÖØ-ÞА-Я]", text))
    share -= wrong / len(foreign)
    if encoding in {"cp932", "euc_jp"}:
        # Japanese mixes kana with Han; half-width kana are what other encodings look like.
        half = _share(foreign, lambda char: "\uff61" <= char <= "\uff9f")
        han = _share(foreign, lambda char: "\u4e00" <= char <= "\u9fff")
        share = share + min(han, share) - half if share > 0.15 else 0.0
    if encoding in {"gb18030", "big5"}:
        # A quarter of familiar characters is what running Chinese has; chance gives far less.
        share = min(1.0, share * 2.2) - _share(foreign, lambda char: "\ue000" <= char <= "\uf8ff")
    return share


def _share(chars: list[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, chars)) / len(chars)
