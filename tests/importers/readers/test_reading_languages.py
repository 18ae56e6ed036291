"""The same page in many languages: the story is kept, the page around it goes."""

# ruff: noqa: E501 - a paragraph of a source is one line

import json
from datetime import date
from pathlib import Path

import pytest

from articles.importers.readers import read_bytes, read_file

DAY = date(2024, 3, 12)
#: language -> source, title, authors, views, headings, related titles.
PAGES = {
    "de": (
        """DER HAFEN WIRD NEU GEBAUT

Von Anna Schmidt
12. März 2024, 10:30 Uhr

Der Stadtrat hat am Montag einen Plan beschlossen, den alten Hafen neu zu bauen. Damit endet eine lange Debatte.

Anzeige

Ein langer Streit

Die Befürworter sagen, das Projekt werde Arbeitsplätze bringen. Hunderte haben am Abend gefeiert.

Lesen Sie auch: Was der neue Hafen kostet

„Wir haben lange gewartet“, sagte die Bürgermeisterin. Sie wolle den Plan mit allen teilen.

Ähnliche Artikel
Der Hafen in Zahlen
Anna Schmidt - 12. November 2025 - 512 Aufrufe

Newsletter abonnieren
Alle Rechte vorbehalten.
""",
        ["Anna Schmidt"], None, ["Ein langer Streit"],
        ["Was der neue Hafen kostet", "Der Hafen in Zahlen"],
    ),
    "fr": (
        """Le port sera reconstruit
Par Marie Dupont
Publié le 12 mars 2024 à 10h30, mis à jour le 13 mars 2024

Le conseil municipal a approuvé lundi un plan de reconstruction du vieux port, mettant fin à un long débat.

À lire aussi : Combien coûtera le port ?

Les raisons du choix

Les partisans affirment que le projet créera des emplois. « Nous avons attendu longtemps », a dit la maire.

Les plus lus
1. Le maire démissionne
2. Dix parcs à découvrir

Nous utilisons des cookies pour améliorer votre expérience. En poursuivant, vous acceptez notre politique.
Partager sur Facebook
Tous droits réservés
""",
        ["Marie Dupont"], None, ["Les raisons du choix"],
        ["Combien coûtera le port ?", "Le maire démissionne", "Dix parcs à découvrir"],
    ),
    "es": (
        """El puerto será reconstruido
Por Juan Pérez y Ana Ruiz | 12/3/2024 | 1,5 mil visualizaciones
El ayuntamiento aprobó el lunes un plan para reconstruir el viejo puerto, poniendo fin a un largo debate.
¿Qué pasará ahora?
Los partidarios dicen que el proyecto traerá empleos. La alcaldesa dijo que las obras empezarán en primavera.
Te puede interesar
Cuánto cuesta el puerto
Renuncia el alcalde
Suscríbete a nuestro boletín
Comparte esta noticia
""",
        ["Juan Pérez", "Ana Ruiz"], 1500, ["¿Qué pasará ahora?"],
        ["Cuánto cuesta el puerto", "Renuncia el alcalde"],
    ),
    "pt": (
        """Plano do porto é aprovado
Por Ana Souza, da redação
12/03/2024 às 10h30 - Atualizado em 13/03/2024 às 11h00
Compartilhe no WhatsApp

A câmara municipal aprovou na segunda-feira um plano para reconstruir o antigo porto, encerrando um debate.

LEIA TAMBÉM
Quanto custa o porto
Prefeito renuncia

O que vem agora

Os defensores dizem que o projeto trará empregos. A prefeita disse que as obras começam na primavera.

Todos os direitos reservados
""",
        ["Ana Souza"], None, ["O que vem agora"], ["Quanto custa o porto", "Prefeito renuncia"],
    ),
    "pl": (
        """Rada zatwierdziła plan portu
Autor: Jan Kowalski
Opublikowano: 12.03.2024, 10:30
Wyświetleń: 512

Rada miasta zatwierdziła w poniedziałek plan przebudowy starego portu, kończąc spór, który trwał dziesięć lat.

Co dalej

Zwolennicy mówią, że projekt przyniesie miejsca pracy. Burmistrz powiedziała, że prace rozpoczną się wiosną.

Najczęściej czytane
Burmistrz rezygnuje
Zapisz się do newslettera
Reklama
""",
        ["Jan Kowalski"], 512, ["Co dalej"], ["Burmistrz rezygnuje"],
    ),
    "ru": (
        """Власти одобрили план перестройки порта
Текст: Иван Петров
12 марта 2024, 10:30
12 345 просмотров

Городской совет в понедельник одобрил план перестройки старого порта, завершив спор, который длился десять лет.

Что дальше

Сторонники говорят, что проект принесёт рабочие места. Противники опасаются, что он вытеснит малый бизнес.

Читайте также:
Сколько стоит новый порт
Мэр подал в отставку

Реклама

По словам мэра, работы начнутся весной. «Мы долго ждали», — сказал он.

Поделиться
Подписывайтесь на наш телеграм-канал
Комментарии (5)
""",
        ["Иван Петров"], 12345, ["Что дальше"], ["Сколько стоит новый порт", "Мэр подал в отставку"],
    ),
    "el": (
        """Εγκρίθηκε το σχέδιο για το λιμάνι
Του Γιώργου Παπαδόπουλου
12 Μαρτίου 2024

Το δημοτικό συμβούλιο ενέκρινε τη Δευτέρα σχέδιο για το παλιό λιμάνι, τερματίζοντας μια συζήτηση δέκα ετών.

Τι ακολουθεί;

Οι υποστηρικτές λένε ότι το έργο θα φέρει θέσεις εργασίας. Η δήμαρχος είπε ότι οι εργασίες θα αρχίσουν.

Διαβάστε επίσης
Πόσο κοστίζει το λιμάνι
Ακολουθήστε μας στο Facebook
""",
        ["Γιώργου Παπαδόπουλου"], None, ["Τι ακολουθεί;"], ["Πόσο κοστίζει το λιμάνι"],
    ),
    "he": (
        """תוכנית הנמל אושרה
מאת: דנה כהן
12 במרץ 2024

מועצת העיר אישרה ביום שני תוכנית לבנייה מחדש של הנמל הישן, ובכך סיימה ויכוח שנמשך יותר מעשור.

מה הלאה

המתנגדים חוששים שעסקים קטנים יידחקו החוצה. ראש העיר אמרה כי העבודות יתחילו באביב.

כתבות נוספות
כמה יעלה הנמל החדש
ראש העיר התפטרה
שתפו בפייסבוק
כל הזכויות שמורות
""",
        ["דנה כהן"], None, ["מה הלאה"], ["כמה יעלה הנמל החדש", "ראש העיר התפטרה"],
    ),
    "ar": (
        """خطة الميناء تحظى بالموافقة
بقلم: أحمد علي
١٢ مارس ٢٠٢٤
٤٥٦ مشاهدة

وافق مجلس المدينة يوم الاثنين على خطة لإعادة بناء الميناء القديم، منهيا جدلا استمر أكثر من عقد وقسم السكان.

ماذا بعد

يخشى المعارضون أن تضطر الشركات الصغيرة إلى الخروج. وقالت رئيسة البلدية إن العمل سيبدأ في الربيع.

اقرأ أيضا
كم يكلف الميناء الجديد
جميع الحقوق محفوظة
""",
        ["أحمد علي"], 456, ["ماذا بعد"], ["كم يكلف الميناء الجديد"],
    ),
    "hi": (
        """बंदरगाह योजना को मंजूरी
लेखक: राम शर्मा
12 मार्च 2024

नगर परिषद ने सोमवार को पुराने बंदरगाह के पुनर्निर्माण की योजना को मंजूरी दे दी। इससे रोजगार मिलेगा।

आगे क्या

विरोधियों को डर है कि छोटे व्यवसाय बाहर हो जाएंगे। महापौर ने कहा कि काम वसंत में शुरू होगा।

यह भी पढ़ें: नए बंदरगाह की लागत
शेयर करें
""",
        ["राम शर्मा"], None, ["आगे क्या"], ["नए बंदरगाह की लागत"],
    ),
    "zh": (
        """海港重建计划获批

发布时间：2024-03-12 10:30 来源：新华社 作者：李四 责任编辑：王五

市议会星期一批准了重建旧海港的计划，结束了持续十多年、使居民产生分歧的争论。

一、背景

支持者说，该项目将带来就业机会，反对者则担心小企业将被挤出市中心，要求市长说明。

相关阅读：
· 新海港的造价 2024-03-10 阅读 300
· 市长辞职 2024-03-11 阅读 120

扫一扫，手机阅读更多精彩内容
""",
        ["李四"], None, ["背景"], ["新海港的造价", "市长辞职"],
    ),
    "ja": (
        """港の再建計画が承認される
文/山田太郎
2024年3月12日 10:30 公開

市議会は月曜日、古い港を再建する計画を承認した。十年以上続いた議論に終止符が打たれた。

今後の見通し

反対派は中小企業が追い出されることを懸念している。「長い間待った」と市長は語った。

関連記事
新しい港の費用
シェアする
無断転載を禁じます
""",
        ["山田太郎"], None, ["今後の見通し"], ["新しい港の費用"],
    ),
    "ko": (
        """항구 재건 계획 승인
홍길동 기자
입력 2024.03.12 10:30 | 수정 2024.03.13 11:00
조회수 1,234

시의회는 월요일 오래된 항구를 재건하는 계획을 승인했다. 십 년 넘게 이어진 논쟁이 끝났다.

향후 전망

반대자들은 소상공인들이 밀려날 것을 우려한다. 시장은 공사가 봄에 시작된다고 말했다.

관련 기사
새 항구의 비용
무단 전재 및 재배포 금지
""",
        ["홍길동"], 1234, ["향후 전망"], ["새 항구의 비용"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", PAGES)
def test_a_page_in_this_language_gives_its_story(language):
    source, authors, views, headings, related = PAGES[language]
    [story] = read_bytes(source.encode(), "page.txt")
    assert story.language == language
    assert story.title == source.split("\n")[0]
    assert (story.authors, story.published, story.views) == (authors, DAY, views)
    assert [block.text for block in story.blocks if block.type == "heading"] == headings
    assert [item.title for item in story.related] == related
    lines = source.split("\n")
    prose = [line for line in lines[3:] if len(line) > 70 or line.endswith(("。", "다."))]
    kept = {block.text for block in story.blocks}
    assert all(line in kept for line in prose if "cookies" not in line)
    assert {block.type for block in story.blocks} == {"heading", "paragraph"}


def test_a_greek_text_in_utf16_reads_like_the_same_in_utf8():
    source = PAGES["el"][0]
    [one] = read_bytes(source.encode("utf-16"), "a.txt")
    [two] = read_bytes(source.encode(), "a.txt")
    assert one == two


SHARED = Path(__file__).parents[4] / "shared" / "seeds"


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the sample texts are not beside the repository")
@pytest.mark.parametrize("source", sorted(SHARED.glob("*.txt")), ids=lambda path: path.name)
def test_a_sample_text_gives_exactly_what_is_expected_of_it(source):
    expected = json.loads((SHARED / "expected" / f"{source.stem}.json").read_text())
    [story] = read_file(source)
    assert (story.title, story.title_is_derived) == (
        expected["title"],
        expected["title_is_derived"],
    )
    assert [(block.type, block.text) for block in story.blocks] == [
        (block["type"], block["text"]) for block in expected["blocks"]
    ]
    assert [
        (item.title, item.author, item.date and item.date.isoformat(), item.views)
        for item in story.related
    ] == [
        (item["title"], item["author"], item["date"], item["views"]) for item in expected["related"]
    ]
    assert (story.authors, story.published, story.views) == ([], None, None)
    messages = " ".join(warning.message for warning in story.warnings)
    assert all(any(word in messages for word in words) for words in expected["require_flag_any"])
