"""A long read with everything a body can hold: what the checks and the pictures look at."""

from typing import Any

from articles.models import Article, Author, Byline, Image, Section

ROWS = (
    ("Skarnish Point", "1862", "21 nautical miles", "Volunteers", "410", "2026"),
    ("Merrow Head", "1874", "18 nautical miles", "Pilots' guild", "285", "2024"),
    ("Calder Rock", "1901", "16 nautical miles", "Nobody", "0", "none"),
    ("Dunlin Sands", "1911", "9 nautical miles", "Harbour office", "1,120", "2025"),
)
HEAD = ("Light", "First lit", "Range", "Kept by", "Visitors a year", "Last inspection")


def feature_body(picture: Image | None = None) -> str:
    """Return a body of some 600 words with every element that the editor can write."""
    head = "".join(f"<th><p>{cell}</p></th>" for cell in HEAD)
    rows = "".join(
        "<tr>" + "".join(f"<td><p>{cell}</p></td>" for cell in row) + "</tr>" for row in ROWS
    )
    figure = (
        f'<figure data-picture="{picture.uid}"><img src="{picture.crops[-1].url}" '
        f'alt="{picture.alt_text}" width="960" height="640"><figcaption>The lantern room after its '
        "first winter <cite>Mara Lindqvist</cite></figcaption></figure>"
        if picture
        else ""
    )
    return f"""
<p>At ten to four in the morning the lamp at Calder Rock went out, and for eleven hours nobody
noticed. It had been automatic since 1988.<sup class="footnote">The order is printed in the Notices
to Mariners of that year: https://example.org/notices/1988</sup> A crab boat came home by the smell
of the fish plant.</p>
<p>There are four lights on this coast. One is kept by volunteers, one by the pilots, one by an
office that is closed on Fridays, and one by <em>nobody at all</em>. What follows is an account of
how that came about, and of <a href="/latest/">what the county means to do</a>.</p>
<h2>Four lamps and a filing cabinet</h2>
<p>The papers fill one drawer. They say who paid for oil, who painted the gallery, and who was fined
for sleeping.<sup class="footnote">Fines ended in 1934.</sup> They do not say who is answerable
now.</p>
<table><tbody><tr>{head}</tr>{rows}</tbody></table>
<p>Read across, the table is a history of attention. Where somebody climbs the stairs, the lamp
is inspected.</p>
<aside class="pullquote"><p>A light that nobody looks at is a rumour with a bulb in it.</p></aside>
<p>That is how Ines Brandvold puts it, who has kept the books of the volunteers for nineteen years
and has climbed the 184 steps, by her own count, some six thousand times.</p>
{figure}
<h2>Key dates</h2>
<ul><li><p><strong>1862</strong> Skarnish Point is lit with rapeseed oil.</p></li>
<li><p><strong>14 March 1988</strong> The last keeper hands over a key that fits no door.</p></li>
<li><p><strong>Winter 2025</strong> The fog bell at Merrow is sold to a restaurant.</p></li>
<li><p><strong>3 November 2026</strong> Calder Rock is dark for eleven hours.</p></li></ul>
<h2>What an hour of dark costs</h2>
<p>The county's engineer, asked for a figure, gave three:</p>
<ol><li><p>what a boat pays that waits outside until morning;</p></li>
<li><p>what the harbour pays when it does not;</p></li>
<li><p>what a new lamp costs, which is less than either.</p></li></ol>
<h3>The third figure</h3>
<p>It is 2,140 crowns, delivered. CO<sub>2</sub> is not in it, nor the 10<sup>4</sup> candelas that
the old lens still throws when somebody cleans it.</p>
<blockquote><p>We were told the sea had been modernised. It looked the same to us.</p>
<p><cite>From the log of the Solveig, 3 November</cite></p></blockquote>
<figure class="embed" data-embed="https://vimeo.com/1234567"><a href="https://vimeo.com/1234567">The
lamp turns for the first time since January</a></figure>
<hr>
<h2>Who climbs next</h2>
<p>On Saturday the volunteers will row out with a ladder. They have asked nobody, since there is
nobody to ask.<sup class="footnote">The county replied after this story was written. Its answer
stands in the note below.</sup></p>
"""


def make_feature(**values: Any) -> Article:
    """Return a public article with that body, a picture and a byline, in the seeded world."""
    picture = Image.objects.filter(alt__icontains="lighthouse").first()
    article = Article(
        headline="The light that nobody keeps",
        standfirst="Four lamps mark this coast. For eleven hours in November there were three, and "
        "it took a crab boat to say so.",
        body=feature_body(picture),
        section=Section.objects.get(slug="culture"),
        picture=picture,
        status=Article.Status.PUBLISHED,
        **values,
    )
    article.write()
    for place, author in enumerate(Author.objects.exclude(bio="").order_by("pk")[:2]):
        Byline.objects.create(article=article, author=author, position=place)
    article.tags.set(["Lighthouses", "The coast"])
    return article
