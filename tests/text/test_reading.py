"""A body as readers and feeds get it: notes in a list, embeds that ask first."""

import pytest
from lxml import etree

from articles.text.compare import compare_bodies
from articles.text.embeds import FRAME_HOSTS, frame_of
from articles.text.html import clean_body
from articles.text.reading import Words, for_feed, readable

UID = "0b9c1f2e-7a54-4f0e-9d1b-3c2f1a5e6d70"
OTHER_UID = "7c2d90aa-1b3f-4e55-8a10-5d6e7f809102"
FILM = "https://www.youtube.com/watch?v=abc123def45"
BODY = (
    '<p>They vote.<sup class="footnote">See https://a.example/?b=1&amp;c=2.</sup>'
    '<sup class="footnote"> </sup> Then<sup class="footnote">Report, p. 3</sup></p>'
    f'<figure data-picture="{UID}"><img src="/media/pictures/{UID}" alt="b"></figure>'
    f'<figure class="embed" data-embed="{FILM}"><a href="{FILM}">A &amp; B</a></figure>'
    '<figure class="embed" data-embed="https://news.example/x">'
    '<a href="https://news.example/x">https://news.example/x</a></figure>'
)


def test_words_alone_are_left_as_they_are():
    assert readable("<p>a<sup>2</sup></p>", Words()) == "<p>a<sup>2</sup></p>"


def test_notes_are_numbered_and_lead_there_and_back():
    html = readable(BODY, Words())
    assert '<a id="note_1_mark" href="#note_1" role="doc-noteref" aria-label="Note 1">1</a>' in html
    assert (
        '<li id="note_1">See <a href="https://a.example/?b=1&amp;c=2">https://a.example/?b=1&amp;c=2'
        '</a>.\u00a0<a href="#note_1_mark" role="doc-backlink"'
    ) in html
    assert '<li id="note_2">Report, p. 3\u00a0' in html
    assert "note_3" not in html


def test_a_list_whose_items_all_begin_with_a_date_is_one_of_key_dates():
    dates = (
        "<ul><li><p><strong>1862</strong> Lit.</p></li><li><strong>4 May</strong> Dark.</li></ul>"
    )
    assert readable(dates, Words()) == dates.replace("<ul>", '<ul class="key-dates">')
    for other in (
        "<ul><li><p><strong>1862</strong> Lit.</p></li><li><p>Dark.</p></li></ul>",
        "<ul><li><strong>Oil</strong> Lit.</li><li><strong>Gas</strong> Lit.</li></ul>",
        "<ul><li><p><strong>1862</strong> Lit.</p></li></ul>",
        "<ol><li><p><strong>1</strong> a</p></li><li><p><strong>2</strong> b</p></li></ol>",
    ):
        assert readable(other, Words()) == other


def test_an_embed_loads_nothing_by_itself():
    html = readable(BODY, Words())
    assert "<iframe" not in html
    assert 'hidden data-frame="https://www.youtube-nocookie.com/embed/abc123def45"' in html
    assert f'<a class="embed__link" href="{FILM}">' in html
    # Of a site that is on no list, readers get a link with its name.
    assert html.count("embed__load") == 1
    assert ">news.example</span> <span" in html


@pytest.mark.parametrize(
    ("address", "frame"),
    [
        ("https://youtu.be/abc123def45?t=90", "https://www.youtube-nocookie.com/embed/abc123def45?start=90"),
        ("https://youtube.com/shorts/abc123def45", "https://www.youtube-nocookie.com/embed/abc123def45"),
        ("https://vimeo.com/123/ab9", "https://player.vimeo.com/video/123?dnt=1&h=ab9"),
        ("https://x.com/ada/status/12", "https://platform.twitter.com/embed/Tweet.html?dnt=true&id=12"),
        ("https://mastodon.social/@ada/12", "https://mastodon.social/@ada/12/embed"),
        ("https://youtube.com.evil.example/watch?v=abc123def45", None),
        ("https://www.youtube.com/watch?v=../../x", None),
        ("https://vimeo.com/about", None),
        ("https://evil.example/@ada/12", None),
    ],
)  # fmt: skip
def test_only_known_providers_get_a_frame_of_the_policy(address, frame):
    found = frame_of(address)
    assert (found and found.address) == frame
    assert found is None or found.address.startswith(FRAME_HOSTS)


def test_a_feed_has_whole_addresses_and_no_figure_of_another_site():
    more = '<p><a title="x" href="/latest/">c</a> <a href="#part">d</a> <a href="//[">e</a></p>'
    html = for_feed(BODY + more, "https://n.example/2026/05/01/bats/")
    assert f'<img src="https://n.example/media/pictures/{UID}"' in html
    assert '<a title="x" href="https://n.example/latest/">' in html
    assert '<a href="https://n.example/2026/05/01/bats/#part">' in html
    assert '<a href="//[">' in html
    assert f'<p><a href="{FILM}">A &amp; B</a> (youtube.com)</p>' in html
    assert "They vote.<sup>[1]</sup> Then<sup>[2]</sup>" in html
    assert html.endswith("<li>Report, p. 3</li></ol>")
    etree.fromstring("<div>" + html.replace('alt="b">', 'alt="b"/>') + "</div>")


def test_a_comparison_tells_notes_captions_and_pictures_apart():
    before = clean_body(BODY)
    assert {block.kind for block in compare_bodies(before, before)} == {"same"}
    swapped = compare_bodies(before, before.replace(UID, OTHER_UID))
    assert [(block.kind, block.tag) for block in swapped if block.kind != "same"] == [
        ("style", "img")
    ]
    noted = compare_bodies(before, before.replace("Report, p. 3", "Report, p. 4"))
    assert ["".join(piece.text for piece in block.pieces if piece.kind == "new")
            for block in noted if block.kind == "changed"] == ["4"]  # fmt: skip
