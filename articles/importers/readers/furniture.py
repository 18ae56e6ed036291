"""Tell page furniture from text, one line at a time and with its neighbours."""

import re
from functools import lru_cache

from articles.importers.readers.keys import Phrases, line_key, words_of
from articles.importers.readers.lines import Line, width
from articles.importers.readers.vocabulary import cues, furniture, meta
from articles.text.sentences import ends_sentence, split_sentences

_STRONG = {kind: Phrases(tables) for kind, tables in furniture.STRONG.items()}
_WEAK = {
    kind: Phrases((tables,) if isinstance(tables, str) else tables)
    for kind, tables in furniture.WEAK.items()
}
_CERTAIN = {kind: tuple(filter(None, text.split("|"))) for kind, text in cues.CERTAIN.items()}
_CERTAIN_ASCII = {
    kind: tuple(fragment for fragment in fragments if fragment.isascii())
    for kind, fragments in _CERTAIN.items()
}
_LIKELY = {kind: tuple(filter(None, text.split("|"))) for kind, text in cues.LIKELY.items()}
_SECTIONS = Phrases((meta.SECTIONS,))
_CAPTION = Phrases((meta.CAPTION_LABELS,))
_AGENCIES = Phrases((meta.AGENCIES,))
_AGENCY_WORDS = "|".join(
    re.escape(name.strip()) for name in meta.AGENCIES.split("|") if len(name.strip()) > 2
)
#: A credit closing a caption: "(Photo by …)", "… / Reuters", "[AP Photo]", "Photograph: …".
_CREDIT_END = re.compile(
    r"(?:[(\[（](?:(?:file |stock )?(?:photo|image|picture|credit|foto|bild|crédit|фото|צילום|"
    r"تصوير|写真|图)\b"
    rf"[^()\[\]]{{0,80}}|[^()\[\]]{{2,60}}[/©]\s?(?:{_AGENCY_WORDS}|AP|EPA|PA)|"
    rf"(?:{_AGENCY_WORDS}) (?:photo|images|file)"
    r"[^()\[\]]{0,60})[)\]）]"
    # "A woman crosses the market. (Reuters)": a news text has its stop behind the bracket.
    rf"|(?<=[.!?]\s)[(\[](?:{_AGENCY_WORDS})[)\]]"
    r"|(?:photo(?:graph)?|image|picture|credit|foto|bild|фото|צילום|写真|사진)\s?:\s?[^.:]{2,60}"
    rf"|/\s?(?:AP|EPA|PA|TT)|[/©|]\s?(?:{_AGENCY_WORDS})(?: via [^.]{{2,40}})?)[.\s]*$",
    re.IGNORECASE,
)
_CREDIT_START = re.compile(
    r"(?:Photo(?:graph)?s?|Image|Picture|Illustration|Foto|Фото) "
    r"(?:by|credit|courtesy|von|di|de|par)"
    r"\b"
    r"|Courtesy (?:of|photo)\b"
)
_COPYRIGHT = re.compile(r"^(?:©|\(c\)|copyright)\s?(?:\(c\)|©)?\s?(?:\d{4}|[A-Z])", re.IGNORECASE)
_BREADCRUMB = re.compile(r"\s(?:>|»|›|/|→|::|▸|‹|«|\\|<)\s|(?<=\w)[>»›](?=\w)")
#: A shop speaks: "Save up to 40% on boots", "Bis zu 30 % Rabatt".
_OFFER = re.compile(
    r"(?:(?:save|get|take|enjoy|extra)\s(?:up to\s|an extra\s)?[$£€]?\d{1,3}\s?%?|"
    r"(?:up to\s)?\d{1,2}\s?%\soff\b|jetzt\s.{0,20}sparen|bis zu\s\d{1,2}\s?%|"
    r"jusqu['’]à\s-?\s?\d{1,2}\s?%|hasta\s(?:un\s)?\d{1,2}\s?%|até\s\d{1,2}\s?%|"
    r"fino al\s\d{1,2}\s?%|tot\s\d{1,2}\s?%\skorting|скидк\w{1,2}\s.{0,10}\d{1,2}\s?%)",
    re.IGNORECASE,
)
_READING = Phrases(
    " | ".join(f"# {words.strip()} | {words.strip()} #" for words in table.split("|"))
    for table in (meta.READING_TIME,)
)
_HANDLE = re.compile(r"(?:https?://|www\.)\S{1,300}|@\w{2,30}|\S{1,60}@\S{1,60}\.\w{2,12}")
_AD_INSIDE = re.compile(
    r"(?<=[.!?”\"])\s+(?:ADVERTISEMENT|ANZEIGE|PUBLICITÉ|PUBLICIDAD|PUBLICIDADE|"
    r"РЕКЛАМА)(?=\s+\S|$)"
    r"|(?<=[.!?”\"])\s+(?:Advertisement\s)?(?:Story|Article) continues (?:below|after) (?:this )?"
    r"(?:advertisement|ad)\.?(?=\s|$)"
    r"|(?<=[.!?”\"])\s+Advertisement(?=\s+[A-Z“\"])"
    r"|(?<=\w)\s+(?:- )?ADVERTISEMENT(?: -)?\s+(?=[a-z])"
)
_INSIDE_ANY_CASE = re.compile(
    r"\s*[\[(]\s?(?:advertisement|anzeige|werbung|publicité|publicidad|publicidade|pubblicità|"
    r"реклама|广告|広告|광고)\s?[\])]\s*",
    re.IGNORECASE,
)
#: A share or newsletter line that goes on is a sentence about something.
_LONGEST_PHRASE = 140
_SEPARATORS = re.compile(r"\s*(?:[|•·/\u2022,;›»>]|\s[-–—]\s)\s*")


@lru_cache(maxsize=16384)
def kind_of(text: str) -> str:
    """Return the kind of furniture a line is by its words alone, "" if it may be text."""
    key = line_key(text)
    if not key:
        return "ornament"
    if kind := phrase_kind_of(text):
        return kind
    if _COPYRIGHT.match(text) and words_of(text) <= 40:
        return "footer"
    return _sentence_kind(text)


@lru_cache(maxsize=16384)
def phrase_kind_of(text: str) -> str:
    """Return the kind of furniture of a line that is a phrase of the vocabulary, or several."""
    if len(text) > _LONGEST_PHRASE:
        return ""
    key = line_key(text)
    return _phrase_kind(text, key) or _pieces_kind(text, key)


def _phrase_kind(text: str, key: str) -> str:
    for kind, phrases in _STRONG.items():
        if key in phrases and not _is_told(text, key, exact=key in phrases.exact):
            return kind
    return ""


def _is_told(text: str, key: str, *, exact: bool) -> bool:
    """Whether a line that begins like furniture is a sentence that tells something.

    "Share on Facebook" is furniture; "Follow the money: how …" or "Register of voters opens"
    are not phrases of the table; "Sign up for health cover falls again." ends like a sentence
    and addresses nobody.
    """
    if exact:
        return False
    if _SAID.search(text):
        return True
    if width(text) > 110 and ends_sentence(text):
        return not re.search(
            r"\b(?:our|us|your?|my|uns\w*|ihre?\w*|nos|notre|votre|nuestr\w+|su|tu|seu|наш\w*|"
            r"ваш\w*|нас)\b",
            key,
        )
    return False


def weak_kind_of(text: str) -> str:
    """Return the kind of furniture a line may be beside other furniture."""
    key = line_key(text)
    if len(text) <= 80 and _OFFER.match(text) and not ends_sentence(text):
        return "ad"
    if len(text) > 40 or not key:
        return ""
    return next((kind for kind, phrases in _WEAK.items() if key in phrases), "")


def _pieces_kind(text: str, key: str) -> str:
    """A line made of nothing but pieces of furniture: "Facebook Twitter Print", "Home > World"."""
    if ends_sentence(text) and not text.endswith(("…", "...")):
        return ""
    pieces = [piece for piece in _SEPARATORS.split(text) if piece.strip()]
    if len(pieces) >= 2:
        kinds = [_piece(line_key(piece)) or _opening_piece(piece) for piece in pieces]
        if all(kinds):
            first_strong = next((kind for kind, strong in kinds if strong), "")
            if first_strong:
                return first_strong
            # "03/11/2026" is a date.
            named = any(kind != "number" for kind, _strong in kinds)
            return "nav" if named and (len(pieces) >= 3 or _BREADCRUMB.search(text)) else ""
    words = key.split()
    if 2 <= len(words) <= 24:
        return _segments(words)
    return ""


def _opening_piece(piece: str) -> tuple[str, bool] | None:
    """A piece that is all of a phrase with a gap in it ("Listen to this article")."""
    kind = _phrase_kind(piece, line_key(piece)) if words_of(piece) <= 5 else ""
    return (kind, True) if kind else None


@lru_cache(maxsize=4096)
def _piece(key: str) -> tuple[str, bool] | None:
    if not key or key.replace("#", "").strip() == "" or key in _READING:
        return ("number", False)
    for kind, phrases in _STRONG.items():
        if key in phrases.exact:
            return (kind, True)
    for kind, phrases in _WEAK.items():
        if key in phrases.exact:
            return (kind, False)
    return None


def _segments(words: list[str]) -> str:
    """Return the kind of a line that splits without rest into three phrases or more."""
    best: list[tuple[int, str] | None] = [None] * (len(words) + 1)
    best[0] = (0, "")
    for end in range(1, len(words) + 1):
        for start in range(max(0, end - 4), end):
            before = best[start]
            if before is None:
                continue
            found = _piece(" ".join(words[start:end]))
            if not found:
                continue
            kind = before[1] or ("" if found[0] == "number" else found[0])
            count = before[0] + (found[0] != "number")
            if best[end] is None or count < best[end][0]:
                best[end] = (count, kind)
    final = best[-1]
    # Two weak words side by side make a heading ("Science Books"); three make a menu.
    return final[1] if final and final[0] >= 3 else ""


def _sentence_kind(text: str) -> str:
    """A sentence or a paragraph that addresses the visitor of the page, not the reader."""
    lowered = text.casefold().replace("’", "'")
    quoted = lowered[0] in '“"«„‘「'
    if len(text) < 12 and text.isascii():
        return ""
    for kind, fragments in (_CERTAIN_ASCII if text.isascii() else _CERTAIN).items():
        for fragment in fragments:
            at = lowered.find(fragment)
            if at < 0 or quoted or _inside_quotes(text, at):
                continue
            others = sum(f in lowered for f in _LIKELY.get(kind, ()) if f not in fragment)
            others += sum(f in lowered for f in fragments if f != fragment)
            if kind in {"share", "nav"} and at > 12:
                continue
            # The longer a text, the more of it must be of the kind; a report about such things
            # names who says so.
            if width(text) <= (110 if _reports(lowered) else 220) + 180 * others:
                return kind
    if width(text) > 420 or quoted:
        return ""
    for kind, fragments in _LIKELY.items():
        found = {fragment for fragment in fragments if fragment in lowered}
        if kind == "cookie" and not _WE.search(lowered):
            continue
        if len(found) >= 3 and len(_YOU.findall(lowered)) >= 2 and not _reports(lowered):
            return kind
    return ""


def _inside_quotes(text: str, at: int) -> bool:
    before = text[:at]
    return before.count("“") > before.count("”") or before.count("«") > before.count("»")


#: "Follow us, said the baker" quotes somebody.
_SAID = re.compile(
    r"[,”\"»“]\s(?:said|says|sagte?|dit|dice|dijo|disse|diz|zegt|zei|говорит|сказала?)\s\w",
    re.IGNORECASE,
)
_YOU = re.compile(
    r"\b(?:you|your|our|us|we|ihr|ihre|ihren|sie|uns|unser\w*|vous|votre|vos|nos|notre|su|tu|tus|"
    r"nuestr\w+|seu|sua|você|nosso|nossa|tua|tuo|nostr\w+|je|jouw|uw|onze|ons|din|ditt|vår\w*|"
    r"vores|"
    r"twój|swój|nasz\w*|váš|naš\w*|ваш\w*|вас|вы|наш\w*|нас|мы|ми|sizin|bize?)\b"
    r"|^(?:sign|get|subscribe|join|enter|don't|never|receive|stay|melden|abonnieren|erhalten|"
    r"recevez|"
    r"inscrivez|abonnez|suscríb|recib|receba|assine|ricevi|iscriviti|подпишитесь|получайте|"
    r"підпишіться)"
    r"|您|あなた|ください|하세요|しましょう|اشترك|הירשמו|הרשמו|करें"
)
#: A consent notice speaks for its site; an article about cookies does not.
_WE = re.compile(
    r"\b(?:our|we|us|this (?:web)?site|by continuing|uns\w*|wir|nous|nos|notre|ce site|"
    r"nuestr\w+|este sitio|"
    r"noss\w+|este site|nostr\w+|questo sito|onze|wij|deze (?:web)?site|vår\w*|vi|nasz\w*|naše|"
    r"мы|наш\w*|сайт\w*|"
    r"bizim|site)\b|本|当サイト|我们|我們|당사|موقع|אתר"
)
_REPORT = re.compile(
    r"\b(?:said|says|told|reported|according to|announced|study|survey|sagte|laut|berichtet\w*|"
    r"a déclaré|a dit|selon|dijo|según|disse|segundo|ha detto|secondo|zei|volgens|powiedział\w*|"
    r"сказал\w*|сообщил\w*|заявил\w*|по словам|повідоми\w+|заяви\w+)\b|表示|述べ|말했다|قال|אמר"
)


def _reports(lowered: str) -> bool:
    return bool(_REPORT.search(lowered))


def is_caption(text: str) -> bool:
    """Return whether a line is a picture's caption or credit."""
    label, colon, rest = _split_label(text)
    if colon and label and rest and line_key(label) in _CAPTION and width(text) <= 320:
        return True
    if width(text) > 320:
        return False
    key = line_key(text)
    if _CREDIT_END.search(text) and len(split_sentences(text)) <= 2:
        return True
    if key in _AGENCIES and not text[0].islower():
        return True
    return bool(_CREDIT_START.match(text)) and words_of(text) <= 14


def _split_label(text: str) -> tuple[str, str, str]:
    match = re.match(r"^([^:：]{1,40}?)\s?([:：])\s?(.*)$", text)
    return (match[1], match[2], match[3]) if match else ("", "", "")


def is_breadcrumb(text: str) -> bool:
    """Return whether a line is a path through the site ("Home > World > Asia")."""
    if not _BREADCRUMB.search(text) or width(text) > 160 or ends_sentence(text):
        return False
    first, *rest = [p.strip() for p in _BREADCRUMB.split(text) if p.strip()] or [""]
    home = line_key(first) in {
        "home", "homepage", "start", "startseite", "accueil", "inicio", "portada", "início", "capa",
        "hjem", "hem", "etusivu", "strona główna", "úvod", "domů", "kezdőlap", "acasă", "главная",
        "головна", "ana sayfa", "anasayfa", "αρχική", "beranda", "trang chủ", "الرئيسية", "خانه",
        "ראשי", "דף הבית", "עמוד הבית", "होम", "首页", "首頁", "主页", "主頁", "ホーム", "トップ",
        "홈", "news", "nachrichten", "you are here home", "you are here", "you are here news",
    }  # fmt: skip
    if not rest:
        return False
    if home or all(line_key(part) in _SECTIONS for part in (first, *rest)):
        return True
    # "World / Europe / Borders": a desk, and steps below it that no list can hold.
    return (
        line_key(first) in _SECTIONS
        and 2 <= len(rest) <= 4
        and all(words_of(part) <= 3 and part[:1].upper() == part[:1] for part in rest)
    )


def section_of(breadcrumb: str) -> str | None:
    """Return the desk that a breadcrumb names: its first step after the home page."""
    steps = [part.strip() for part in _BREADCRUMB.split(breadcrumb) if part.strip()]
    for step in steps:
        if line_key(step) in _SECTIONS:
            return step.title() if step.isupper() else step
    return steps[1] if len(steps) > 2 and words_of(steps[1]) <= 3 else None


def is_section_name(text: str) -> bool:
    """Return whether a line is the name of a desk and nothing else."""
    return line_key(text) in _SECTIONS


def is_bare_address(text: str) -> bool:
    """Return whether a line holds web addresses, mail addresses or handles and nothing else."""
    return bool(_HANDLE.search(text)) and not re.search(r"\w", _HANDLE.sub("", text))


def strip_inline_adverts(text: str) -> str:
    """Return a paragraph without the advert labels an extractor left inside it."""
    if len(text) < 40:
        return text
    return " ".join(_AD_INSIDE.sub(" ", _INSIDE_ANY_CASE.sub(" ", text)).split())


def mark(lines: list[Line]) -> None:
    """Mark every line that is furniture by its own words, and those that may be."""
    for line in lines:
        if not line.open or line.hint == "rule":
            continue
        if not line.text:
            line.state = "ornament"
        elif line.hint in {"h1", "h2", "h3"} and line.zone == "" and not kind_of(line.text):
            line.weak = weak_kind_of(line.text)
        elif line.zone in {"nav", "footer", "form"}:
            line.state = "footer" if line.zone == "footer" else "nav"
        elif line.zone == "caption" or is_caption(line.text):
            line.state = "caption"
        elif is_bare_address(line.text):
            line.state = "address"
        elif not is_breadcrumb(line.text):
            line.state = kind_of(line.text)
            line.weak = "" if line.state else weak_kind_of(line.text)
            if not line.state:
                line.text = strip_inline_adverts(line.text)
