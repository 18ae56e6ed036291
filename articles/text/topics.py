"""Tags that a text suggests: names it keeps coming back to, and subjects its words betray."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from articles.text.sentences import split_sentences

MOST_TAGS = 8
#: Words of the longest topic that a text is searched for.
_LONGEST_TOPIC = 4
#: Thai, kana, Han: words that no space ends.
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
#: Subject -> beginnings of the words that betray it.
_SUBJECTS = {
    "Geopolitics": "geopolit|great-power|multipolar|hegemon|world order|global order",
    "Diplomacy": "diplomat|diplomac|envoy|ambassador|embassy|summit",
    "Trade": "tariff|trade|export|import dut|customs",
    "Energy": "energy|turbine|megawatt|oil and gas|pipeline|electricity|power grid|solar|wind farm",
    "Defence": "military|defence|defense|weapon|armed forces|missile",
    "Climate": "climate|emission|greenhouse|carbon|global warming",
    "Elections": "election|ballot|voter|polling station|candidate",
    "Economy": "inflation|interest rate|central bank|gdp|recession|economic",
    "Health": "hospital|patient|vaccine|disease|doctors|public health",
    "Education": "school|university|pupil|student|teacher",
    "Science": "scientist|researcher|laborator|experiment|telescope",
    "Technology": "software|artificial intelligence|algorithm|chipmaker|startup|smartphone",
    "Transport": "railway|train|airport|cyclist|motorway|trams?\\b|ferry|ferries|bus\\b|buses",
    "Housing": "housing|rent|tenant|landlord|mortgage",
    "Crime": "police|court|prosecutor|murder|arrest",
    "Culture": "museum|exhibition|theatre|orchestra|novel|festival",
    "Sport": "championship|league|striker|tournament|olympic|goalkeeper",
    "Food": "recipe|restaurant|chef|baker|cuisine|bread|flour\\b|cheese",
    "Agriculture": "farmer|harvest|crop|livestock|vineyard",
    "Environment": "wildlife|biodiversity|pollution|forest|conservation|river",
}
#: Small letters only: "the University of Ostrand said" names a source, not a subject.
_SUBJECT_PATTERNS = {subject: re.compile(rf"\b(?:{words})") for subject, words in _SUBJECTS.items()}
#: A subject is named once in so many words, or it is only mentioned.
_WORDS_A_MENTION = 160
#: Languages that change a name's ending with its part in the sentence.
_INFLECTED = frozenset("ru uk bg sr hr pl cs sk el fi hu tr lt lv et de".split())
_QUANTITIES = frozenset(
    "millionen milliarden tausend meter kilometer prozent euro kronen dollar uhr jahre jahren "
    "tonnen stunden minuten quadratmeter meter".split()
)
_CAPITALISED = r"[^\W\d_a-zà-öø-ÿа-яёα-ω][^\W\d_]*(?:[-'’][^\W\d_]+)*\.?"
_NAME = re.compile(
    rf"(?<![\w'’-])(?:{_CAPITALISED})(?:\s(?:(?:of|and|the|de|la|da|do|von|van|der|und|del|di|"
    rf"du)\s){{0,2}}(?:{_CAPITALISED}))*"
)
#: A longer run of capitalised words is a line in capitals, not names.
_LONGEST_RUN = 200
_LINKS = frozenset("of and the de la da do von van der und del di du".split())
_POSSESSIVE = re.compile(r"['’]s?$")
#: Titles before a name, and words that are capitalised without naming a topic.
_TITLES = frozenset(
    """miss judge captain herr frau madame monsieur
    president prime minister chancellor king queen prince dr dr. mr mr. mrs mrs. ms ms. professor
    prof sir lord lady senator governor general secretary foreign chinese russian american british
    french german european western eastern northern southern former chief state president-elect
    präsident bundeskanzler kanzler ministre président presidente ministro премьер-министр президент
    министр""".split()
)
_NOT_TOPICS = frozenset(
    """i the a an it he she they we you this that these those in on at for from to by with as but
    and or if when while although however meanwhile moreover furthermore monday tuesday wednesday
    thursday friday saturday sunday january february march april may june july august september
    october november december mr mrs ms dr english new one two three first second today yesterday
    tomorrow montag dienstag mittwoch donnerstag freitag samstag sonntag der die das sie er es wir
    le la les il elle ils nous on el los las un una en его она он они мы это в на по""".split()
)


def suggest_tags(
    title: str, paragraphs: list[str], language: str, given: list[str] | None = None
) -> list[str]:
    """Return up to eight tags: the source's own first, then names and subjects of the text.

    In languages that capitalise every noun (German) or no noun (Chinese, Arabic) only names of
    two words and more, or none, are suggested.
    """
    tags = _unique(given or [])[:MOST_TAGS]
    if len(tags) >= 3:
        return tags
    names = _names(title, paragraphs, language)
    subjects = _subjects(title, paragraphs) if language == "en" else []
    kept = names[: max(0, MOST_TAGS - len(tags) - min(2, len(subjects)))]
    return _unique([*tags, *kept, *subjects])[:MOST_TAGS]


def known_topics(text: str, topics: Iterable[str], most: int = 5) -> list[str]:
    """Return those of `topics` that `text` names in so many words, the most named first.

    Case and punctuation tell nothing apart. Scripts that put no spaces between words are looked
    through letter by letter.
    """
    line = _plain(text)
    words = line.split()
    runs = Counter(
        " ".join(words[start : start + length])
        for length in range(1, _LONGEST_TOPIC + 1)
        for start in range(len(words) - length + 1)
    )
    found: Counter[str] = Counter()
    for topic in topics:
        key = _plain(topic)
        if len(key) < 2:
            continue
        number = runs[key] or (line.count(key) if _UNSPACED.search(key) else 0)
        # A name of three words is no chance hit.
        found[topic] = number * (1 + key.count(" "))
    return [topic for topic, number in found.most_common(most) if number]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def _unique(tags: list[str]) -> list[str]:
    seen: dict[str, str] = {}
    for tag in tags:
        cleaned = " ".join(tag.split()).strip(" .,#")
        if cleaned and len(cleaned) <= 60:
            seen.setdefault(cleaned.casefold(), cleaned)
    return list(seen.values())


def _names(title: str, paragraphs: list[str], language: str) -> list[str]:
    if language in {"zh", "ja", "ko", "ar", "fa", "ur", "he", "hi", "mr", "th", "ka", "bn", "ta"}:
        return []
    counts: Counter[str] = Counter()
    inside: set[str] = set()
    for text in paragraphs:
        for sentence in split_sentences(text):
            for match in _NAME.finditer(sentence):
                if len(match[0]) > _LONGEST_RUN:
                    continue
                for name, moved in _parts(match[0]):
                    counts[name] += 1
                    if match.start() > 2 or moved:
                        inside.add(name)
    in_title = title.casefold()
    for name in counts:
        if name.casefold() in in_title:
            counts[name] += 3
    return _ranked(counts, inside, single_words=language not in _INFLECTED)


def _parts(run: str) -> list[tuple[str, bool]]:
    """ "Russian President Vladimir Putin" names Vladimir Putin; "Beijing and Moscow" two places."""
    names: list[tuple[str, bool]] = []
    if (owner := re.search(r"['’]s?\s", run)) and owner.end() < len(run):
        # "Xi Jinping's China" names a person and a country.
        left, right = run[: owner.start()], run[owner.end() :]
        return _parts(left) + [(name, True) for name, _ in _parts(right)]
    words = [_POSSESSIVE.sub("", word) for word in run.split()]
    if "and" in words or "und" in words:
        at = words.index("and") if "and" in words else words.index("und")
        # "Belt and Road Initiative" ends in a common noun of its own and keeps its "and".
        if not words[-1].endswith(("Initiative", "Organization", "Agency", "Union", "Institute")):
            left, right = words[:at], words[at + 1 :]
            return _parts(" ".join(left)) + [(n, True) for n, _ in _parts(" ".join(right))]
    moved = False
    while words and (words[0].lower() in _TITLES | _NOT_TOPICS or words[0].lower() in _LINKS):
        words.pop(0)
        moved = True
    while words and words[-1].lower() in _LINKS | _NOT_TOPICS:
        words.pop()
    name = " ".join(words).rstrip(".,") if words else ""
    if len(name) > 2 and name.lower() not in _NOT_TOPICS:
        names.append((name, moved))
    return names


def _ranked(counts: Counter[str], inside: set[str], *, single_words: bool) -> list[str]:
    merged = Counter(counts)
    for name in counts:
        if " " in name:
            continue
        # "Xi" and "Putin" are counted for the full name they belong to.
        wholes = [
            other
            for other in counts
            if other.count(" ") in {1, 2}
            and not _LINKS.intersection(other.split())
            and (
                other.endswith(f" {name}")
                or (other.startswith(f"{name} ") and counts[other] * 2 >= counts[name])
            )
        ]
        if wholes:
            best = max(wholes, key=lambda other: (counts[other], -len(other)))
            merged[best] += counts[name]
            merged[name] = 0
    return [
        name
        for name, count in merged.most_common()
        if count >= 2
        and (name in inside or (counts[name] >= 4 and " " in name))
        and (single_words or " " in name)
        and len(name) <= 60
        and name[0].isupper()
        and not _QUANTITIES.intersection(name.lower().split())
        and not _is_made_of(name, counts)
    ]


def _is_made_of(name: str, counts: Counter[str]) -> bool:
    """Whether a name says what another one says: "Tolvian" of Tolvia, "China-Russia" of both."""
    if " " in name:
        return False
    if name.count("-") == 1 and all(part in counts for part in name.split("-")):
        return True
    return any(name[:-cut] in counts for cut in (1, 2) if len(name) - cut >= 4)


def _subjects(title: str, paragraphs: list[str]) -> list[str]:
    lowered = title.lower()
    least = max(3, sum(len(text.split()) for text in paragraphs) // _WORDS_A_MENTION)
    found: dict[str, int] = {}
    for subject, pattern in _SUBJECT_PATTERNS.items():
        hits = [len(pattern.findall(text)) for text in paragraphs]
        named = 2 * len(pattern.findall(lowered))
        # All in one paragraph is an aside, whatever their number.
        if sum(hits) + named >= least and (named or sum(map(bool, hits)) >= 3):
            found[subject] = sum(hits) + named
    ranked = sorted(found, key=lambda subject: -found[subject])
    # What is touched half as often as the main subject is no second one.
    return [subject for subject in ranked if found[subject] * 2 > found[ranked[0]]][:3]
