"""The interface speaks every language of articles/locale: its catalogs are whole and compiled.

`make messages` collects the sentences; this file reads them from the sources itself, so that it
needs no gettext on the machine and finds what nobody collected.
"""

import ast
import re
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

from articles.conf import INTERFACE_LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "articles" / "locale"
LANGUAGES = [language for language in INTERFACE_LANGUAGES if language != "en"]
DOMAINS = ("django", "djangojs")
#: What only the desk sees; all other templates are readers'.
DESK_TEMPLATES = ("admin/", "registration/", "notices/", "messages/")
#: Modules whose words readers see, beside the templates.
READERS_MODULES = ("views/", "models/", "feeds.py", "templatetags/reader.py")
#: Translations may come after a release for so many sentences of the desk in a hundred.
DESK_MAY_LACK = 5
#: Function -> the places of context, message and plural among its arguments.
CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
Sentence = tuple[str, str, str]


def in_code(code: str) -> Iterator[Sentence]:
    """Yield (context, message, plural) of every marked sentence of a module."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        places = CALLS.get(node.func.id, ())
        found = [_constant(node.args, place) for place in places]
        if found and found[1]:
            yield found[0], found[1], found[2]


def _constant(arguments: list[ast.expr], place: int | None) -> str:
    if place is None or place >= len(arguments):
        return ""
    value = arguments[place]
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def in_template(source: str) -> Iterator[Sentence]:
    """Yield every marked sentence of a template: Django makes code of it first, as for xgettext."""
    code = templatize(source)
    for start in re.finditer(r"\b(?:_|n?p?gettext)\(", code):
        for end in re.finditer(r"\)", code[start.start() :]):
            try:
                ast.parse(call := code[start.start() : start.start() + end.end()])
            except SyntaxError:
                continue
            yield from in_code(call)
            break


def sentences(*, of_readers: bool) -> dict[Sentence, str]:
    """Return every sentence, and a file that has it."""
    found: dict[Sentence, str] = {}
    for path in sorted((ROOT / "templates").rglob("*.*")):
        name = path.relative_to(ROOT / "templates").as_posix()
        text = path.read_text()
        # Taking a file apart is dear, and many have nothing to translate.
        if name.startswith(DESK_TEMPLATES) is not of_readers and re.search(r"trans|_\(", text):
            found |= dict.fromkeys(in_template(text), f"templates/{name}")
    for path in sorted((ROOT / "articles").rglob("*.py")):
        name = path.relative_to(ROOT / "articles").as_posix()
        text = path.read_text()
        is_asked = name.startswith(READERS_MODULES) is of_readers and "migrations/" not in name
        if is_asked and "gettext" in text:
            found |= dict.fromkeys(in_code(text), f"articles/{name}")
    return found


def catalog(language: str, domain: str = "django") -> dict[tuple[str, str], polib.POEntry]:
    entries = polib.pofile(str(LOCALE / language / "LC_MESSAGES" / f"{domain}.po"))
    return {(entry.msgctxt or "", entry.msgid): entry for entry in entries}


def missing(language: str, wanted: dict[Sentence, str]) -> list[str]:
    have = catalog(language)
    return [
        f"{place}: {message}"
        for (context, message, _plural), place in sorted(wanted.items())
        if (entry := have.get((context, message))) is None or not entry.translated()
    ]


def test_the_languages_are_english_and_those_of_the_catalogs():
    assert INTERFACE_LANGUAGES == ("en", "de", "he")


def test_every_sentence_that_readers_see_is_translated():
    wanted = sentences(of_readers=True)
    for language in LANGUAGES:
        lacking = missing(language, wanted)
        how = f"Run `make messages`, then translate in articles/locale/{language}:\n"
        assert not lacking, how + "\n".join(lacking)


def test_nearly_every_sentence_of_the_desk_is_translated():
    wanted = sentences(of_readers=False)
    for language in LANGUAGES:
        lacking = missing(language, wanted)
        how = f"{language}, {len(lacking)} of {len(wanted)}. Run `make messages`, then translate:\n"
        assert len(lacking) * 100 <= DESK_MAY_LACK * len(wanted), how + "\n".join(lacking)


def test_the_sources_are_read_as_gettext_reads_them():
    """A sentence that this file overlooks would never be missed."""
    found = {(c, m) for part in (True, False) for c, m, _p in sentences(of_readers=part)}
    overlooked = [entry for key, entry in catalog("de").items() if key not in found]
    # What was translated and is gone from the sources is no fault, but it is not much either.
    assert len(overlooked) <= len(found) // 20, [entry.msgid for entry in overlooked]


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language, domain):
    """Readers get the compiled catalog, editors of the catalog see the other one."""
    folder = LOCALE / language / "LC_MESSAGES"
    with (folder / f"{domain}.mo").open("rb") as file:
        compiled = GNUTranslations(file)._catalog
    compiled.pop("")
    written = {}
    for (context, message), entry in catalog(language, domain).items():
        key = f"{context}\x04{message}" if context else message
        if "fuzzy" in entry.flags or not entry.translated():
            continue
        if entry.msgid_plural:
            written |= {(key, form): text for form, text in entry.msgstr_plural.items()}
        else:
            written[key] = entry.msgstr
    assert compiled == written, f"Run `make messages`: {folder / domain}.mo is an older one."


#: "%(name)s", "%d", "%%(title)s" for scripts, "{name}".
PLACES = re.compile(r"%%?\(\w+\)[sd]|%[sd]|\{\w+\}")


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_places_of_its_sentence(language, domain):
    wrong = []
    for entry in polib.pofile(str(LOCALE / language / "LC_MESSAGES" / f"{domain}.po")):
        whole = set(PLACES.findall(entry.msgid_plural or entry.msgid))
        forms = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        for number, form in enumerate(text for text in forms if text):
            places = set(PLACES.findall(form))
            # "One story" needs no number, but what stands by its place alone is always filled in.
            may_lack = number < len(forms) - 1 and not whole & {"%s", "%d"}
            if not places <= whole or (places != whole and not may_lack):
                wrong.append(f"{entry.msgid} → {form}")
    assert wrong == []
