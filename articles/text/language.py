"""The language of a text, told by its script and its small words."""

import re
from functools import lru_cache

#: Small words that tell a language from its neighbours.
_SMALL_WORDS = {
    "en": "the and of to in is that for was with on as are by from has have this which it be at",
    "de": "der die das und ist nicht mit von den dem ein eine auch sich auf für im wird sind zu",
    "fr": "le la les des est et dans une du que pour qui sur avec pas au sont aux ce cette plus",
    "es": "el la los las que de en una es por con para del se su al más como fue pero sus ha",
    "pt": "o os as que de em uma não por com para do da dos das se ao mais como foi são pelo um",
    "it": "il lo gli che di è una per con del della non sono nel alla dei anche più si ha al",
    "nl": "de het een van en is dat niet met voor zijn op te aan ook door naar werd er bij",
    "sv": "och det att som en är på för med inte av den till har om ett var från de kan",
    "da": "og det at som en er på for med ikke af den til har om et var fra de kan blev",
    "no": "og det at som en er på for med ikke av den til har om et var fra de kan ble også",
    "fi": "ja on ei että se oli hän mutta myös kun ovat ole tai sekä jonka kuin vuonna",
    "pl": "i w na się nie z jest do że to o jak po co przez dla ale od są oraz jego który",
    "cs": "a v na se je že s do to i o by ale za jako pro po které jsou při jeho byl nebo",
    "sk": "a v na sa je že s do to aj o by ale za ako pre po ktoré sú pri jeho bol alebo",
    "hu": "a az és hogy nem is egy van volt meg de csak ez már még lesz mint szerint",
    "ro": "și în de la cu pe nu că este din care un o a fost pentru mai au sau prin",
    "tr": "ve bir bu için ile de da olarak çok daha olan gibi kadar sonra ancak değil ise",
    "id": "yang dan di itu dengan untuk tidak ini dari dalam akan pada ke juga adalah",
    "vi": "và của là có không được trong cho người một các với những đã này khi để",
    "ca": "el la els les que de en una és per amb del no al més com va però seva aquest",
    "ru": "и в не на что с по как это из для от он но за его был при также было",
    "uk": "і в не на що з та як це для від він але за його був при також було до є",
    "bg": "и в не на че с за се от да по как това са той но при като беше ще",
    "sr": "и у не на да се је за са од су то као али он по који био",
    "fa": "و در به از که این را با است برای آن یک خود تا کرد بر هم",
    "ar": "في من على إلى أن التي الذي هذا عن مع هذه كان قال ما لا بعد",
    "ur": "کے کی میں ہے اور سے کا کو پر نے یہ ہیں کہ اس بھی نہیں",
    "hi": "के की में है और से का को पर ने यह हैं कि इस भी नहीं",
    "mr": "आणि आहे या तो च्या मध्ये हे आहेत की होते पण",
}  # fmt: skip
_SETS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
#: More words without a subject, which tell no language from another.
_NO_SUBJECT = {
    "en": """a about above across after again against ago all almost already also although always
        am among an another any anyone anything around back became because become been before began
        begin behind being below beneath best better between both bring brought but came can cannot
        come could day days did do does doing done down during each early either else end enough
        even ever every everyone everything few find first five for found four full gave get give
        given go goes going gone good got great had half happen happens he her here hers herself
        him himself his how however hundred i if inside instead into its itself just keep kept know
        known last late later least left less let like little long look made make makes making man
        many may me mean meant men might mine month months more most much must my near need never
        next night no nobody none nor nothing now off often old once one only onto or other others
        our ours out outside over own part people per perhaps put quite rather really right same
        said saw say says second see seem seemed seen seven several shall she should show since six
        so some somebody someone something soon still such take taken takes ten than their theirs
        them then there these they thing things think third thirty this those though thought
        thousand three through time times to today together told too took toward towards turn
        twenty two under until up upon us use used very want wanted way we week weeks well went
        were what when where whether while who whole whom whose why will with within without
        woman women work would year years yes yesterday yet you your yours""",
    "de": """aber alle als also am an auch auf aus bei beim bin bis da damit dann dass denn dieser
        diese dieses doch dort du durch ein eine einem einen einer eines er es etwa euch haben hat
        hatte hier ich ihm ihn ihr ihre im in ins ja jede jeder jedes jetzt kann kein keine man mehr
        mein mich mir nach noch nun nur ob oder ohne schon sehr sein seine sei seit selbst so soll
        sondern um und uns unter vom vor war waren warum was weil wenn wer werden wie wieder wo
        worden wurde wurden zum zur zwischen über""",
}  # fmt: skip
_SCRIPTS = (
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("he", re.compile("[\u05d0-\u05ea]")),
    ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("th", re.compile("[\u0e01-\u0e5b]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("ka", re.compile("[\u10d0-\u10ff]")),
    ("hy", re.compile("[\u0531-\u0587]")),
)
_FAMILIES = (
    (("ar", "fa", "ur"), re.compile("[\u0620-\u06ff]")),
    (("ru", "uk", "bg", "sr"), re.compile("[\u0400-\u04ff]")),
    (("hi", "mr"), re.compile("[\u0900-\u097f]")),
)
_LATIN = tuple(
    language for language in _SETS if not any(language in members for members, _ in _FAMILIES)
)
#: Letters that one language of a family has and its neighbours have not.
_TELLING = {
    "uk": "іїєґ", "sr": "ђјљњћџ", "bg": "", "ru": "ыэё", "fa": "پچژگ", "ur": "ٹڈڑےں",
    "de": "ß", "es": "ñ¿¡", "pt": "ãõ", "pl": "łąęśźż", "cs": "řěů", "sk": "ľĺŕ", "ro": "șțăşţ",
    "tr": "ğış", "hu": "őű", "vi": "ơưđ", "sv": "", "no": "", "da": "",
}  # fmt: skip
_SAMPLE = 6000
_WORD = re.compile(r"[^\W\d_]+(?:[\u093e-\u094d\u0902\u0900-\u0903]+[^\W\d_]*)*")


@lru_cache
def small_words(language: str) -> frozenset[str]:
    """Return the words of a language (its primary subtag) that say nothing of a text's subject."""
    return _SETS.get(language, frozenset()) | frozenset(_NO_SUBJECT.get(language, "").split())


def language_of(text: str) -> str:
    """Return the BCP 47 primary subtag of the language of `text`; "und" if nothing tells it."""
    sample = text[:_SAMPLE]
    letters = sum(char.isalpha() for char in sample)
    if not letters:
        return "und"
    counts = {language: len(pattern.findall(sample)) for language, pattern in _SCRIPTS}
    # Japanese writes most nouns with Han: a tenth of kana is enough to tell it from Chinese.
    if counts["ja"] * 10 > counts["zh"] and counts["ja"] * 20 > letters:
        return "ja"
    best = max(counts, key=lambda language: counts[language])
    families = [(len(pattern.findall(sample)), members) for members, pattern in _FAMILIES]
    family_count, members = max(families)
    if counts[best] * 3 > letters and counts[best] >= family_count:
        return best
    if family_count * 3 > letters:
        return _by_words(sample, members) or members[0]
    return _by_words(sample, _LATIN) or "und"


def _by_words(sample: str, languages: tuple[str, ...]) -> str:
    words = [word.lower() for word in _WORD.findall(sample)]
    lowered = sample.lower()
    best, best_score = "", 0.0
    for language in languages:
        score = float(sum(word in _SETS[language] for word in words))
        score += 0.7 * sum(lowered.count(char) for char in _TELLING.get(language, ""))
        if score > best_score:
            best, best_score = language, score
    return best
