"""Printed dates in many languages become days, or say why not."""

from datetime import date

import pytest

from articles.text.dates import find_dates, prefers_day_first
from articles.text.language import language_of
from articles.text.numbers import parse_count

DAY = date(2024, 3, 12)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-12", "2024-03-12T10:30:00Z", "12 March 2024", "March 12, 2024", "Mar. 12, 2024",
        "Tuesday, 12 March 2024", "12th of March 2024", "12-Mar-2024", "12. März 2024, 10:30 Uhr",
        "12 mars 2024 à 10h30", "12 de marzo de 2024", "12 de março de 2024", "12 marzo 2024",
        "12 maart 2024", "12 marca 2024", "12. března 2024", "12 Mart 2024", "12 Μαρτίου 2024",
        "12 марта 2024 г., 10:30", "12 березня 2024", "١٢ مارس ٢٠٢٤", "12 במרץ 2024",
        "१२ मार्च २०२४", "2024年3月12日", "2024년 3월 12일", "2024. 3. 12.", "12.03.2024",
        "2024. március 12.", "12 martie 2024", "12 Maret 2024",
    ],
)  # fmt: skip
def test_a_day_is_read_in_many_languages(text):
    assert [found.day for found in find_dates(text)] == [DAY]


@pytest.mark.parametrize(
    "text", ["2 hours ago", "yesterday", "vor 3 Stunden", "il y a 2 jours", "вчера", "3天前", "أمس"]
)
def test_a_relative_date_names_no_day(text):
    assert [(found.day, found.problem) for found in find_dates(text)] == [(None, "relative")]


@pytest.mark.parametrize("text", ["31/02/2025", "30 February 2024", "2025-13-40"])
def test_an_impossible_date_names_no_day(text):
    assert [(found.day, found.problem) for found in find_dates(text)] == [(None, "impossible")]


def test_the_language_decides_which_number_is_the_day():
    assert find_dates("3/4/2025", "en")[0].day == date(2025, 3, 4)
    assert find_dates("3/4/2025", "es")[0].day == date(2025, 4, 3)
    assert find_dates("15/11/2025", "en")[0].day == date(2025, 11, 15)
    assert find_dates("11/15/2025", "es")[0].day == date(2025, 11, 15)


def test_english_reads_the_day_first_only_on_evidence():
    assert not prefers_day_first("The council met on 3/4/2025.", "en")
    assert prefers_day_first("The council met on 3/4/2025 and 25/12/2024.", "en")
    assert prefers_day_first("The colour of the town centre cost £3 on 3/4/2025.", "en")
    assert prefers_day_first("El 3/4/2025", "es")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("63", 63), ("1,234", 1234), ("1.234", 1234), ("12 345", 12345), ("1.2K", 1200),
        ("1,5 mil", 1500), ("2,3 тыс.", 2300), ("3.4万", 34000), ("٤٥٦", 456), ("१२३", 123),
        ("12,34,567", 1234567), ("1.5M", 1500000), ("soon", None), ("1.5", None),
    ],
)  # fmt: skip
def test_a_printed_count_is_a_number(text, count):
    assert parse_count(text) == count


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The council said that it will rebuild the harbour and that it is not for sale."),
        (
            "de",
            "Der Rat hat beschlossen, dass der Hafen nicht verkauft wird und die Stadt ihn baut.",
        ),
        ("fr", "Le conseil a décidé que le port ne sera pas vendu et que la ville est prête."),
        ("es", "El consejo ha decidido que el puerto no se vende y que la ciudad lo construye."),
        ("pt", "O conselho decidiu que o porto não será vendido e que a cidade é uma das mais."),
        (
            "it",
            "Il consiglio ha deciso che il porto non è in vendita e che la città lo costruisce.",
        ),
        (
            "nl",
            "De raad heeft besloten dat de haven niet wordt verkocht en dat het van de stad is.",
        ),
        ("pl", "Rada miasta zdecydowała, że port nie jest na sprzedaż i że się go przebuduje."),
        ("ru", "Совет решил, что порт не будет продан, и это было сделано для города."),
        ("uk", "Рада вирішила, що порт не буде продано, і це зроблено для її міста."),
        ("ar", "قرر المجلس أن الميناء ليس للبيع وأن المدينة هي التي تبنيه من جديد في هذا العام"),
        ("he", "המועצה החליטה שהנמל אינו למכירה ושהעיר תבנה אותו מחדש"),
        ("hi", "परिषद ने कहा है कि बंदरगाह की बिक्री नहीं होगी और शहर इसे बनाएगा"),
        ("zh", "市议会决定不出售海港，并由城市重建。"),
        ("ja", "市議会は港を売却しないと決めた。"),
        ("ko", "시의회는 항구를 팔지 않기로 결정했다."),
        ("el", "Το συμβούλιο αποφάσισε ότι το λιμάνι δεν πωλείται."),
    ],
)
def test_a_language_is_told_by_its_script_and_small_words(language, text):
    assert language_of(text) == language
