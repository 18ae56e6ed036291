"""How a line says whose work a story is: "Words:", "Protokoll:", "本报记者 …", "… 기자"."""

import re

from articles.importers.readers.vocabulary import meta


def alternatives(*tables: str) -> str:
    """Return the entries of vocabulary tables as the branches of a pattern, longest first.

    A blank inside an entry stands for a blank or a middle dot ("取材・文").
    """
    entries = {entry.strip() for table in tables for entry in table.split("|")} - {""}
    ordered = sorted(entries, key=len, reverse=True)
    return "|".join(re.escape(entry).replace(r"\ ", r"[\s・]") for entry in ordered)


_BY = re.compile(rf"^(?:{alternatives(meta.BY)})\s+(?=\S)", re.IGNORECASE)
_BY_LABEL = re.compile(
    rf"^[(（【]?(?:{alternatives(meta.BY_LABELS)})\s?[:：|/／・＝=]\s?(?=\S)", re.IGNORECASE
)
#: "Story and photographs by …", "Ein Interview von …", "Texte recueilli par …".
_WORK_BY = re.compile(
    rf"^(?:(?:{alternatives(meta.WORKS)}|{alternatives(meta.WORK_LINKS)})[,:]?\s+){{1,5}}"
    rf"(?:by|from|von|par|por|de|di|door|av|af|от)\s+(?=\S)",
    re.IGNORECASE,
)
#: "Text and photos: …", "Texto y fotos: …".
_WORK_LABEL = re.compile(
    rf"^(?:{alternatives(meta.WORKS)})\s(?:{alternatives(meta.WORK_LINKS)})\s"
    rf"(?:{alternatives(meta.WORKS)})\s?[:：]\s?(?=\S)",
    re.IGNORECASE,
)
#: "Words Mara Lindqvist Photographs Jon Doe": magazines set credits without any mark.
_WORK_AND_PICTURES = re.compile(
    rf"^(?:{alternatives(meta.WORKS)})\s?[:：]?\s+"
    rf"(?!(?:{alternatives(meta.WORK_LINKS)})\s)(?P<who>\S.{{2,60}}?)[\s,;|/]+"
    rf"(?:{alternatives(meta.CAPTION_LABELS)})\b(?:\s?[:：])?\s+\S.{{1,60}}$",
    re.IGNORECASE,
)
_REPORTS = re.compile(
    r"^(?P<who>[^\W\d_][^\d:]{3,50}?)\s(?:reports?|berichtet)"
    r"(?:\s(?:from|for|aus)\s[A-Z][\w\s.-]{1,40})?$"
    r"|^Aus\s(?:de[mnr]\s)?[A-Z][\w\s-]{1,40}?\s(?:berichtet|berichten)\s(?P<after>\S.{3,60})$"
)
#: "Das Gespräch führte Mara Lindqvist.", "Interview conducted by …".
_TALK = re.compile(
    r"^(?:das\s(?:gespräch|interview)\sführten?|die\sfragen\sstellten?|"
    r"(?:this\s|the\s)?(?:interview|conversation)\s(?:was\s)?conducted\sby|"
    r"entretien\sréalisé\spar|intervista\sraccolta\sda)\s(?P<who>\S[^.]{2,60})\.?$",
    re.IGNORECASE,
)
_CJK_NAME = r"[\u3400-\u9fff々]{2,4}"
#: "本报记者 王小明 李华 报道", "（记者王小明）", "文 佐伯真帆".
_CJK_LABEL = re.compile(
    r"^[(（【\[]?(?:(?:本报|本報|本刊|本网|特约|特約|见习|新华社|中新社|实习)\s?)?"
    r"(?:(?:记者|記者|通讯员|撰文|作者|采写)\s?[:：]?\s?|文[\s\u3000]+)"
    rf"(?P<who>{_CJK_NAME}(?:[\s\u3000、，,]+{_CJK_NAME}){{0,4}}?)"
    r"(?:\s?(?:[\s\u3000][\u3400-\u9fff]{2,4})?(?:摄影报道|摄影|报道|報道|摄|文|编辑))?[)）】\]]?$"
)
_HANGUL_LABEL = re.compile(
    r"^글(?:\s?[·・]\s?사진)?\s(?P<who>[\uac00-\ud7a3]{2,4}(?:[,\s·]+[\uac00-\ud7a3]{2,4})?)$"
)
#: "新华社新港11月3日电（记者王小明、李华）", "本报讯（记者 王小明）", "(서울=…) 김민수 기자".
_DATELINE = re.compile(
    r"^[\u3400-\u9fff]{2,12}(?:\d{1,2}月\d{1,2}日)?[电電讯訊]\s?[(（]?\s?(?=(?:本报)?(?:记者|記者))"
    r"|^[(（\[][\uac00-\ud7a3\s]{1,10}=[^()（）\[\]]{1,20}[)）\]]\s?(?=[\uac00-\ud7a3])"
)
#: A Japanese signature at the end or in the head: "【佐伯真帆】".
_BRACKETED = re.compile(
    r"^【\s?(?P<who>[\u3400-\u9fff々]{3,5}|[\u3400-\u9fff々]{1,3}[\s\u3000]"
    r"[\u3400-\u9fff々\u3040-\u30ff]{1,4})\s?】$"
)
_SUFFIX = re.compile(
    rf"^(?P<who>{_CJK_NAME}(?:[\s\u3000]{_CJK_NAME})?|[\uac00-\ud7a3]{{2,4}}"
    rf"(?:[,·\s]+[\uac00-\ud7a3]{{2,4}})?)\s?(?:{'|'.join(meta.BY_SUFFIXES)})\b[\s)）\]]*$"
)
_NOT_NAMES = frozenset("本报 本報 本刊 本网 特约 我们 編集 编辑 社会".split())


def people_named(text: str) -> list[str]:
    """Return the people that a line in Chinese, Japanese or Korean credits, or []."""
    if text.isascii():
        return []
    if match := _BRACKETED.match(text):
        return [match["who"]]
    text = _DATELINE.sub("", text)
    for pattern in (_CJK_LABEL, _HANGUL_LABEL, _SUFFIX):
        if match := pattern.match(text):
            people = re.split(r"[\s\u3000、，,·]+", match["who"].strip())
            if pattern is _SUFFIX and re.match(r"[\u3400-\u9fff]", match["who"]):
                people = [match["who"].strip()]
            if not _NOT_NAMES.intersection(people):
                return people
    return []


def opening(text: str) -> tuple[str, bool] | None:
    """Return what follows the words that open a credit, and whether a label with a mark did.

    None where a line opens no credit.
    """
    if match := _WORK_AND_PICTURES.match(text) or _REPORTS.match(text):
        return match["who"] or match["after"], False
    if match := _TALK.match(text):
        return match["who"], False
    label = _BY_LABEL.match(text) or _WORK_LABEL.match(text)
    found = label or _WORK_BY.match(text) or _BY.match(text)
    if not found:
        return None
    text = text[found.end() :]
    second = _BY_LABEL.match(text) or _BY.match(text)
    return (text[second.end() :] if second else text), bool(label)


def without_by(text: str) -> str:
    """Return a text without the "by" it begins with."""
    return _BY.sub("", text)


def opens_with_by(text: str) -> bool:
    """Whether a text begins with a word for "by"."""
    return bool(_BY.match(text))
