"""Dates as pages print them, in many languages; never guessed.

Month names are kept here rather than asked of a date library: a line of a page is tested for a
date thousands of times on an import, and only whole, printed dates count. "Yesterday" and
"2 hours ago" name no day, because nobody knows when the page was taken.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from articles.text.numbers import plain_digits

_MONTHS = {
    "en": "january/jan february/feb march/mar april/apr may june/jun july/jul august/aug "
    "september/sept/sep october/oct november/nov december/dec",
    "de": "januar/jänner/jän februar/feber märz/mrz/maerz april mai juni juli august september "
    "oktober/okt november dezember/dez",
    "fr": "janvier/janv février/févr/fév/fevrier mars avril/avr mai juin juillet/juil août/aout "
    "septembre octobre novembre décembre/déc/decembre",
    "es": "enero/ene febrero marzo abril/abr mayo junio julio agosto/ago septiembre/setiembre/set "
    "octubre noviembre diciembre/dic",
    "pt": "janeiro fevereiro/fev março/marco abril maio/mai junho julho agosto setembro "
    "outubro/out novembro dezembro/dez",
    "it": "gennaio/gen febbraio/febb marzo aprile maggio/mag giugno/giu luglio/lug agosto "
    "settembre/sett ottobre/ott novembre dicembre",
    "nl": "januari februari maart/mrt april mei juni juli augustus september oktober november "
    "december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember/des",
    "fi": "tammikuuta/tammikuu helmikuuta/helmikuu maaliskuuta/maaliskuu huhtikuuta/huhtikuu "
    "toukokuuta/toukokuu kesäkuuta/kesäkuu heinäkuuta/heinäkuu elokuuta/elokuu syyskuuta/syyskuu "
    "lokakuuta/lokakuu marraskuuta/marraskuu joulukuuta/joulukuu",
    "pl": "stycznia/styczeń lutego/luty marca/marzec kwietnia/kwiecień maja/maj czerwca/czerwiec "
    "lipca/lipiec sierpnia/sierpień września/wrzesień października/październik "
    "listopada/listopad grudnia/grudzień",
    "cs": "ledna/leden února/únor března/březen dubna/duben května/květen června/červen "
    "července/červenec srpna/srpen září října/říjen listopadu prosince/prosinec",
    "sk": "januára februára marca apríla mája júna júla augusta septembra októbra novembra "
    "decembra",
    "hu": "január február/febr március/márc április/ápr május/máj június/jún július/júl "
    "augusztus szeptember október november december",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie "
    "noiembrie decembrie",
    "hr": "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada- "
    "studenoga/studenog prosinca",
    "tr": "ocak/oca şubat/şub mart nisan/nis mayıs haziran/haz temmuz/tem ağustos/ağu eylül/eyl "
    "ekim/eki kasım/kas aralık/ara",
    "id": "januari februari maret april mei juni juli agustus/agu september oktober november "
    "desember",
    "el": "ιανουαρίου/ιαν φεβρουαρίου/φεβ μαρτίου/μαρ απριλίου/απρ μαΐου/μαϊ/μάιος ιουνίου/ιουν "
    "ιουλίου/ιουλ αυγούστου/αυγ σεπτεμβρίου/σεπ οκτωβρίου/οκτ νοεμβρίου/νοε δεκεμβρίου/δεκ",
    "ru": "января/янв/январь февраля/фев/февраль марта/мар/март апреля/апр/апрель мая/май "
    "июня/июн/июнь июля/июл/июль августа/авг/август сентября/сен/сент/сентябрь "
    "октября/окт/октябрь ноября/ноя/нояб/ноябрь декабря/дек/декабрь",
    "uk": "січня/січ лютого/лют березня/бер квітня/квіт травня/трав червня/черв липня/лип "
    "серпня/серп вересня/вер жовтня/жовт листопада грудня/груд",
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "sr": "јануара/јануар фебруара/фебруар марта- априла/април- маја јуна/јун јула/јул "
    "августа- септембра/септембар октобра/октобар новембра/новембар децембра/децембар",
    "ar": "يناير فبراير مارس أبريل/ابريل/إبريل مايو يونيو/يونيه يوليو/يوليه أغسطس/اغسطس سبتمبر "
    "أكتوبر/اكتوبر نوفمبر ديسمبر",
    "ar-east": "كانون_الثاني شباط آذار نيسان أيار/ايار حزيران تموز آب أيلول/ايلول تشرين_الأول "
    "تشرين_الثاني كانون_الأول",
    "fa": "ژانویه فوریه مارس- آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "he": "ינואר/בינואר פברואר/בפברואר מרץ/במרץ/מרס/במרס אפריל/באפריל מאי/במאי יוני/ביוני "
    "יולי/ביולי אוגוסט/באוגוסט ספטמבר/בספטמבר אוקטובר/באוקטובר נובמבר/בנובמבר דצמבר/בדצמבר",
    "hi": "जनवरी फरवरी/फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर/सितम्बर अक्टूबर/अक्तूबर "
    "नवंबर/नवम्बर दिसंबर/दिसम्बर",
}  # fmt: skip
#: Catalan and others share names with the tables above; one table serves all languages, because
#: no name means two months (Croatian "listopada" is October, Polish November: left ambiguous).
_NUMBER_OF = {
    unicodedata.normalize("NFC", name.replace("_", " ")): number
    for names in _MONTHS.values()
    for number, variants in enumerate(names.split(), start=1)
    for name in variants.split("/")
    if not name.endswith("-")
}

_MONTH = "|".join(sorted(map(re.escape, _NUMBER_OF), key=len, reverse=True))
#: A day and its month in words, without a year.
DAY_AND_MONTH = rf"(?:\d{{1,2}}\.?\s(?:de\s)?(?:{_MONTH})|(?:{_MONTH})\s\d{{1,2}})\b(?!\s\d)"
_OF = r"(?:de\s|of\s|d['’]|del\s)?"
_WEEKDAYS = (
    r"(?:(?:mon|tues?|wednes|thurs?|fri|satur|sun|wed|thu|sat)(?:day)?\.?,?\s|"
    r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|"
    r"vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    r"понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|"
    r"poniedziałek|wtorek|środa|czwartek|piątek|sobota|niedziela|"
    r"pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar|"
    r"понеділок|вівторок|середа|четвер|п['’]ятниця|субота|неділя|"
    r"maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|"
    r"måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag|mandag|tirsdag|lørdag|søndag|"
    r"الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد|"
    r"יום (?:ראשון|שני|שלישי|רביעי|חמישי|שישי|שבת)|"
    r"सोमवार|मंगलवार|बुधवार|गुरुवार|शुक्रवार|शनिवार|रविवार|"
    r"segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira|lunedì|martedì|mercoledì|"
    r"giovedì|venerdì|sabato|domenica),?\s(?:le\s|den\s)?)?"
)
_ERA = r"(?:г\.|года?\b|р\.|року\b)?"
_TIME = (
    r"(?:,?\s?(?:at|um|om|à|a las|às|alle|ore|kl\.?|klo|(?:o )?godz\.?|"
    r"saat|в|о|-|–|—|\||t)?\s?\d{1,2}(?::|h|\.(?=\d\d\b))"
    r"\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:[ap]\.?m\b\.?)?(?:\s?(?:uhr|uur|h|hs|hrs)\b)?"
    r"(?:\s?(?:z|utc|gmt|[ecmpi][sd]?t|bst|cest|msk|мск)\b)?(?:\s?[+-]\d{2}:?\d{2})?"
    r"(?:\s?\((?:utc|gmt)?[+-]?\d{0,2}:?\d{0,2}\))?)?"
)
_PATTERNS = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "ymd",
            r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"
            rf"(?:\s?[(（][월화수목금토일月火水木金土日][)）])?{_TIME}",
        ),
        ("ymd", r"(?<!\d)(?P<y>\d{4})\.\s(?P<m>\d{1,2})\.\s(?P<d>\d{1,2})\.?(?!\d)"),
        (
            "cjk",
            r"(?<!\d)(?P<y>\d{4})\s?[年년]\s?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})\s?[日号號일]"
            r"(?:\s?(?:[(（][月火水木金土日一二三四五六월화수목금토일][)）]|"
            r"(?:星期|周|週)[一二三四五六日天]|[월화수목금토일]요일|[月火水木金土日]曜日?))?(?:\s?\d{1,2}[:時时시]\d{2}分?)?",
        ),
        (
            "dmy",
            rf"(?<![\d.,]){_WEEKDAYS}(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?[\s-]"
            rf"{_OF}(?P<name>{_MONTH})\b\.?,?[\s-]{_OF}(?P<y>\d{{4}})(?!\d)\s?{_ERA}{_TIME}",
        ),
        (
            "mdy",
            rf"(?<!\w){_WEEKDAYS}(?P<name>{_MONTH})\b\.?\s(?P<d>\d{{1,2}})"
            rf"(?:st|nd|rd|th|\.)?,?\s(?P<y>\d{{4}})(?!\d){_TIME}",
        ),
        (
            "ydm",
            rf"(?<!\d)(?P<y>\d{{4}})\.?,?\s(?P<name>{_MONTH})\b\.?\s(?P<d>\d{{1,2}})\.?(?!\d){_TIME}",
        ),
        (
            "numeric",
            r"(?<![\d/.:-])(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)"
            rf"(?P<y>\d{{4}}|\d{{2}})(?![\d/.:-]){_TIME}",
        ),
    )
)
#: English readers of these do not write the month first.
_BRITISH = re.compile(
    r"\b(?:\w+(?:isation|ising|ised)|colour|favour|labour|harbour|neighbour\w*|honour|centre|"
    r"theatre|defence|programme|metres?|litres?|organis\w+|whilst|towards|travell\w+|pence|"
    r"Westminster|Downing Street|NHS|BST|GMT|MPs?|Londoners?|A\$|Canberra|Sydney)\b|£"
)
_AMERICAN = re.compile(
    r"\b(?:color|favor|labor|center|theater|defense|program|\w+izations?|\w+ized|\w+izing|"
    r"neighbor\w*|honor|toward|travel(?:ed|ing)|ET|EST|EDT|PST|PDT)\b|\$"
)
_LOOSE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{1,2}-\d{1,2}")
_RELATIVE = re.compile(
    r"\b(?:(?:\d{1,3}|an?|one|two|three)\s(?:sec(?:ond)?s?|min(?:ute)?s?|hours?|hrs?|h|days?|d|"
    r"weeks?|w|months?|mo|years?|y)\sago|just now|yesterday|today|"
    r"vor\s(?:\d{1,3}|einem|einer)\s(?:sekunden?|minuten?|stunden?|tag(?:en)?|wochen?|"
    r"monat(?:en)?|"
    r"jahr(?:en)?)|heute|gestern|il y a\s(?:\d{1,3}|une?)\s\w{1,10}|hier|aujourd['’]hui|"
    r"hace\s(?:\d{1,3}|una?)\s\w{1,10}|ayer|hoy|há\s(?:\d{1,3}|uma?)\s\w{1,10}|ontem|hoje|"
    r"\d{1,3}\s(?:ore|giorni|minuti|mesi)\sfa|ieri|oggi|\d{1,3}\s(?:uur|dagen|minuten)\sgeleden|"
    r"(?:\d{1,3}\s)?(?:секунд|минут|час|д(?:ень|ня|ней)|недел|месяц|год|лет)[а-я]{0,3}\sназад|"
    r"вчера|сегодня|вчора|сьогодні|\d{1,3}\s(?:godzin\w?|dni|minut\w?)\stemu|wczoraj|dzisiaj|"
    r"\d{1,3}\s(?:saat|gün|dakika|hafta|ay)\sönce|dün|bugün)\b|"
    r"(?:منذ|قبل)\s(?:\d{1,3}\s)?\w{1,10}|أمس|اليوم|לפני\s(?:\d{1,3}\s)?\w{1,8}|אתמול|היום|"
    r"\d{1,3}\s?(?:分钟|小时|天|周|个月|分鐘|小時|分|時間|日|か月|시간|분|일)\s?(?:前|전)|昨天|今天|昨日|今日|어제|오늘|"
    r"\d{1,3}\s(?:घंटे|मिनट|दिन)\sपहले|कल\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FoundDate:
    """A printed date: where it stands in the text, and the day, or why there is none.

    `problem` is "" (a day), "relative" (no day can be known) or "impossible" (no such day).
    """

    start: int
    end: int
    day: date | None
    problem: str = ""


def find_dates(
    text: str, language: str = "en", *, day_first: bool | None = None
) -> list[FoundDate]:
    """Return the printed dates of a line in order; digits of every script are understood.

    `day_first` decides 3/4/2025; by default the language does (English: month first).
    """
    plain = plain_digits(text)
    if day_first is None:
        day_first = language != "en"
    found: list[FoundDate] = []
    taken: list[tuple[int, int]] = []

    def free(match: re.Match[str]) -> bool:
        return all(match.end() <= start or match.start() >= end for start, end in taken)

    if any(char.isdigit() for char in plain):
        for kind, pattern in _PATTERNS:
            for match in pattern.finditer(plain):
                if free(match):
                    taken.append(match.span())
                    found.append(_day_of(kind, match, day_first))
    for match in _RELATIVE.finditer(plain):
        if free(match):
            taken.append(match.span())
            found.append(FoundDate(*match.span(), None, "relative"))
    return sorted(found, key=lambda item: item.start)


def _day_of(kind: str, match: re.Match[str], day_first: bool) -> FoundDate:
    start, end = match.span()
    year = int(match["y"])
    if year < 100:
        year += 2000 if year < 70 else 1900
    if kind == "numeric":
        first, second = int(match["a"]), int(match["b"])
        if match["sep"] == "." or first > 12:
            day, month = first, second
        elif second > 12:
            day, month = second, first
        else:
            day, month = (first, second) if day_first else (second, first)
    else:
        day = int(match["d"])
        month = int(match["m"]) if kind in {"ymd", "cjk"} else month_number(match["name"])
    try:
        return FoundDate(start, end, date(year, month, day))
    except ValueError:
        return FoundDate(start, end, None, "impossible")


def month_number(name: str) -> int:
    """Return 1 to 12 for a month's name or abbreviation in a known language, else 0."""
    return _NUMBER_OF.get(unicodedata.normalize("NFC", name.lower().strip(". ")), 0)


def prefers_day_first(text: str, language: str) -> bool:
    """Return whether a text's 3/4/2025 is the third of April.

    Every language but English puts the day first. English text does where its other dates can
    only be read so ("25/12/2024"), or where its spelling is British.
    """
    if language != "en":
        return True
    votes = 0
    for match in _LOOSE.finditer(text):
        parts = [int(part) for part in re.split(r"[/.-]", match[0])]
        if parts[0] > 31 or not parts[0] or not parts[1]:
            continue
        votes += (parts[0] > 12) - (parts[1] > 12)
    if votes:
        return votes > 0
    british, american = len(_BRITISH.findall(text)), len(_AMERICAN.findall(text))
    return british >= 2 and british > american
