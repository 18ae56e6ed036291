"""Parts of a page are told from the story they were left in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.bodies import read_body
from articles.text.furniture import is_furniture
from articles.text.html import clean_body
from tests.text.clean_prose import CLEAN


def found(body):
    return [block.text for block in read_body(clean_body(body)).blocks if is_furniture(block)]


@pytest.mark.parametrize(
    "text",
    [
        "Share this post",
        "× Chat Now",
        "Chat to Us on Whatsapp",
        "Request a Quote - Page Design &amp; Print",
        "Read more",
        "READ MORE »",
        "Read also: Bats return to the old customs house",
        "Lastest News",
        "Related posts",
        "You may also like",
        "Advertisement",
        "© 2025 Example Media. All rights reserved.",
        "Copyright 2025 Example Media Ltd",
        "-",
        "•",
        "Tweet Facebook WhatsApp Email",
        "Share on Facebook",
        "Alex Braham - Nov 15, 2025 63 Views -",
        "12 Comments",
        "3 min read",
        "Follow us on Instagram",
        "Sign up for our newsletter, every morning, free.",
        "We use cookies to make this site better for you.",
        "Anzeige",
        "Das könnte Sie auch interessieren",
        "Lesen Sie auch: Die Brücke bleibt zu",
        "Lire la suite",
        "À lire aussi : Le pont reste fermé",
        "Leer más",
        "También te puede interesar",
        "Leggi anche",
        "Leia também",
        "Lees ook: De brug blijft dicht",
        "Czytaj także",
        "Читайте также: Мост закрыт",
        "Devamını oku",
        "اقرأ أيضا",
        "קראו גם",
        "और पढ़ें",
        "相关阅读",
        "続きを読む",
        "관련 기사",
    ],
)
def test_a_part_of_a_page_is_seen(text):
    assert found(f"<p>The pilots vote.</p><p>{text}</p><p>The count is on Saturday.</p>")


@pytest.mark.parametrize(("language", "text"), CLEAN)
def test_clean_prose_is_none(language, text):
    assert found(f"<p>{text}</p>") == []
    assert found(f"<ul><li><p>{text}</p></li></ul>") == []


@pytest.mark.parametrize(
    "body",
    [
        "<h2>Newsletter</h2><p>It began as one.</p>",
        "<h2>Trending</h2><p>The word is older than the web.</p>",
        "<ul><li><p>Facebook</p></li><li><p>Twitter</p></li><li><p>Advertisement</p></li></ul>",
        "<ul><li><p>500 shares</p></li><li><p>A consultation with 4,000 comments</p></li></ul>",
        "<table><tbody><tr><th>Most read</th><td>-</td></tr></tbody></table>",
        "<p>* * *</p>",
        "<p>—</p>",
        "<p>“All rights reserved,” the sleeve says.</p>",
        '<p>Read also: <a href="/latest/">what came before</a></p>',
        "<p>»Nein«, sagte sie.</p>",
        "<p>Copyright 2025 was the title of the show.</p>",
        "<p></p>",
    ],
)
def test_what_only_looks_like_it_is_none(body):
    assert found(body) == []


def test_an_empty_bullet_and_a_line_inside_a_paragraph_are_seen():
    assert found("<ul><li><p></p></li><li><p>One</p></li></ul>") == [""]
    assert found("<p>The pilots vote.<br>Share this article</p>")


@given(st.text(alphabet="-–•×© 0123Rreadmoviews|.,\u00a0", max_size=2000))
def test_no_text_makes_it_fail_or_wait(text):
    found(f"<p>{text}</p>")
