"""What pages tell search engines in the words of schema.org, as JSON-LD.

Each function returns the objects of one kind of page. An empty property says less than none, so
none is ever written.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.templatetags.static import static

from articles.conf import absolute
from articles.models import Article, Author, Byline, Correction, Image
from articles.models.paths import path_of
from articles.views.pieces import in_each_language

Thing = dict[str, Any]
#: 16:9, 4:3 and 1:1.
SHAPES = ("wide", "classic", "square")
#: A step of the way from the front page to a page: its name and its path.
Way = Sequence[tuple[str, str]]


def of_front() -> list[Thing]:
    """The front page: who publishes this, and how its stories are searched."""
    site = {
        "@type": "WebSite",
        "@id": _front("#site"),
        "name": settings.SITE_NAME,
        "description": settings.SITE_TAGLINE,
        "url": _front(),
        "inLanguage": settings.LANGUAGE_CODE,
        "publisher": {"@id": _front("#publisher")},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{absolute(path_of('articles:search'))}?q={{search_term_string}}",
            },
            "query-input": "required name=search_term_string",
        },
    }
    return [_whole(site), _whole(publisher())]


def of_list(title: str, path: str, articles: Iterable[Article], *, way: Way = ()) -> list[Thing]:
    """A page that lists `articles`; `way` leads to it from the front page, itself left out."""
    page = {
        "@type": "CollectionPage",
        "name": title,
        "url": absolute(path),
        "isPartOf": {"@id": _front("#site")},
        "mainEntity": _item_list(articles),
    }
    return [_whole(page), _breadcrumbs([*way, (title, path)])]


def of_author(author: Author, articles: Iterable[Article]) -> list[Thing]:
    """An author's page: the person, and their stories."""
    path = author.get_absolute_url()
    person = {
        "@type": "Person",
        "@id": absolute(f"{path}#person"),
        "name": author.name,
        "url": absolute(path),
        "description": author.bio,
        "image": _images(author.portrait),
        "worksFor": publisher(),
    }
    page = {
        "@type": "ProfilePage",
        "name": author.name,
        "url": absolute(path),
        "mainEntity": _filled(person),
        "hasPart": _item_list(articles),
    }
    return [_whole(page), _breadcrumbs([(author.name, path)])]


def of_article(article: Article) -> list[Thing]:
    """An article of `for_page()`, and the way to it.

    Every article has an image and an author here: the site stands in where a story has none.
    """
    url = absolute(article.get_absolute_url())
    writers = [row for row in article.credits if row["name"] in article.writers]
    others = [row for row in article.credits if row not in writers]
    translators = [row for row in others if row["role"] == Byline.Role.TRANSLATOR]
    story = {
        "@type": "NewsArticle",
        "@id": f"{url}#story",
        "headline": article.headline,
        "description": article.description,
        "inLanguage": article.language,
        "mainEntityOfPage": url,
        "url": url,
        "image": _images(article.picture) or [absolute(article.card.url)],
        "datePublished": article.published_at,
        "dateModified": article.modified_at,
        "articleSection": article.section.name if article.section else "",
        "keywords": [row["name"] for row in article.tag_rows],
        "wordCount": article.words,
        "timeRequired": f"PT{article.minutes}M",
        "author": [_credited(row) for row in writers] or [publisher()],
        "contributor": [_credited(row) for row in others if row not in translators],
        "translator": [_credited(row) for row in translators],
        "publisher": publisher(),
        "workTranslation": [
            {
                "@type": "NewsArticle",
                "headline": row["headline"],
                "inLanguage": row["language"],
                "url": absolute(row["address"]),
            }
            for row in article.translations
        ],
        "isAccessibleForFree": True,
        "correction": [
            {
                "@type": "CorrectionComment",
                "name": str(Correction.Kind(row["kind"]).label),
                "text": row["note"],
                "datePublished": row["made_at"],
            }
            for row in article.correction_rows
        ],
    }
    way = [(article.headline, article.get_absolute_url())]
    if article.section:
        way.insert(0, (article.section.name, article.section.get_absolute_url()))
    return [_whole(story), _breadcrumbs(way)]


@in_each_language
def publisher() -> Thing:
    """The newsroom itself, with its mark and the page of its corrections; not to be changed."""
    return {
        "@type": "NewsMediaOrganization",
        "@id": _front("#publisher"),
        "name": settings.SITE_NAME,
        "url": _front(),
        "logo": {
            "@type": "ImageObject",
            "url": absolute(static("articles/icons/icon-512.png")),
            "width": 512,
            "height": 512,
        },
        "correctionsPolicy": absolute(path_of("articles:corrections")),
    }


def _credited(row: dict[str, Any]) -> Thing:
    url = absolute(path_of("articles:author", row["slug"]))
    return {"@type": "Person", "name": row["name"], "url": url}


def _images(picture: Image | None) -> list[Thing]:
    """A picture in each of the shapes that search engines ask for."""
    if picture is None:
        return []
    shown = [picture.for_machines(shape) for shape in SHAPES]
    return [
        _filled(
            {
                "@type": "ImageObject",
                "url": absolute(one.url),
                "width": one.width,
                "height": one.height,
                "caption": picture.caption,
                "creditText": picture.credit,
                "copyrightNotice": picture.copyright,
            }
        )
        for one in shown
    ]


def _item_list(articles: Iterable[Article]) -> Thing:
    rows = [
        {"@type": "ListItem", "position": place, "url": absolute(article.get_absolute_url())}
        for place, article in enumerate(articles, start=1)
    ]
    return {"@type": "ItemList", "itemListElement": rows} if rows else {}


def _breadcrumbs(way: Way) -> Thing:
    """The way to a page, the front page first."""
    steps = [(settings.SITE_NAME, path_of("articles:front")), *way]
    return _whole(
        {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
                for place, (name, path) in enumerate(steps, start=1)
            ],
        }
    )


def _front(part: str = "") -> str:
    return absolute(path_of("articles:front")) + part


def _filled(thing: Thing) -> Thing:
    return {name: value for name, value in thing.items() if value not in ("", [], {}, None)}


def _whole(thing: Thing) -> Thing:
    return {"@context": "https://schema.org", **_filled(thing)}
