"""Bytes of every age come out as the text their author wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.encoding import NotText, decode

SENTENCES = {
    "cp1252": "Der Präsident sagte, die Lage sei „ernst“ und größer als früher.",
    "latin-1": "Le président a déclaré que la situation était grave.",
    "cp1251": "Президент сказал, что ситуация серьёзная и требует внимания.",
    "koi8-r": "Президент сказал, что ситуация серьёзная и требует внимания.",
    "iso8859-5": "Президент сказал, что ситуация серьёзная и требует внимания.",
    "cp1250": "Prezydent powiedział, że „sytuacja” jest poważna i wymaga działań.",
    "cp1254": "Cumhurbaşkanı durumun ciddi olduğunu söyledi. Değişiklik gerekiyor.",
    "cp1253": "Ο πρόεδρος είπε ότι η κατάσταση είναι σοβαρή και απαιτεί προσοχή.",
    "cp1255": "הנשיא אמר כי המצב חמור ודורש תשומת לב של כל הממשלה",
    "cp1256": "قال الرئيس إن الوضع خطير ويتطلب اهتمام الحكومة كلها",
    "shift_jis": "大統領は火曜日に、状況は深刻であると述べた。議会は来週この問題を議論する。",
    "euc_jp": "大統領は火曜日に、状況は深刻であると述べた。議会は来週この問題を議論する。",
    "gb18030": "总统星期二表示，局势十分严重，需要各国共同努力。议会将在下周讨论这一问题。",
    "big5": "總統星期二表示，局勢十分嚴重，需要各國共同努力。議會將在下週討論這一問題。",
    "euc-kr": "대통령은 화요일에 상황이 심각하다고 말했다. 국회는 다음 주에 논의할 예정이다.",
    "utf-8-sig": "It’s a “test”.",
    "utf-16": "It’s a “test”.",
    "utf-16-le": "The council met on Monday. Совет собрался.",
    "utf-16-be": "The council met on Monday. Совет собрался.",
}


@pytest.mark.parametrize("encoding", SENTENCES)
def test_a_text_in_an_old_encoding_is_read_as_written(encoding):
    assert decode(SENTENCES[encoding].encode(encoding)).text == SENTENCES[encoding]


def test_text_that_was_decoded_twice_is_repaired_and_reported():
    found = decode("ItÃ¢â‚¬â„¢s rÃ©al".encode())
    assert found.text == "It’s réal"
    assert found.repaired


@pytest.mark.parametrize(
    "text", ["“curly” ‘quotes’ – —", "ﬁne ligatures", "１２３ ＡＢＣ", "naïve café"]
)
def test_good_characters_are_left_alone(text):
    found = decode(text.encode())
    assert (found.text, found.repaired) == (text, False)


def test_one_stray_legacy_byte_does_not_spoil_a_utf8_text():
    found = decode("Größe, Übung, Märchen, Straße, ".encode() + b"caf\xe9 zu.")
    assert found.text.endswith("café zu.")


def test_invisible_characters_go_and_persian_joiners_stay():
    assert decode("a\u200bb\u00adc\u202ed\ufeff".encode()).text == "abcd"
    assert decode("می\u200cخواهم".encode()).text == "می\u200cخواهم"


def test_every_line_end_becomes_a_line_feed():
    assert decode(b"a\r\nb\rc\x0bd").text == "a\nb\nc\nd"


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n" + bytes(200), b"%PDF-1.7 x", b"PK\x03\x04abc"]
)
def test_binary_data_is_refused(data):
    with pytest.raises(NotText, match="binary"):
        decode(data)


def test_bytes_in_no_encoding_are_refused():
    with pytest.raises(NotText):
        decode(bytes(range(128, 256)) * 20)


@given(st.binary(max_size=400))
def test_any_bytes_give_a_text_or_a_reason(data):
    try:
        text = decode(data).text
    except NotText:
        return
    assert "\x00" not in text
    assert "\r" not in text


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc", "Cf"]), max_size=200))
def test_plain_text_survives_bytes_with_a_byte_order_mark(text):
    assert decode(text.encode("utf-16")).encoding == "utf-16"


def test_japanese_mail_encoding_is_no_utf8():
    text = "古いクレーンは埠頭に残る。\n誰も予想していなかった。\n"
    assert decode(text.encode("iso2022_jp")).text == text
