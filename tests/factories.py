"""Rows for tests: each function makes one that is right, with what matters to the test changed."""

import functools
import io
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone
from PIL import Image as Pillow

from articles.models import Article, Author, Byline, Image, RelatedLink, Section
from articles.sitemaps import PART

Status = Article.Status
#: States in which readers must not see an article, and what makes each of them.
HIDDEN_STATES = (
    "draft", "in_review", "approved", "scheduled", "withdrawn", "published_tomorrow", "embargoed",
)  # fmt: skip


def make_section(name: str = "World", **values: Any) -> Section:
    return Section.objects.get_or_create(
        slug=values.pop("slug", name.lower()), defaults={"name": name, **values}
    )[0]


def make_author(name: str = "Mara Lind", **values: Any) -> Author:
    slug = values.pop("slug", name.lower().replace(" ", "-"))
    return Author.objects.get_or_create(slug=slug, defaults={"name": name, **values})[0]


def make_article(
    headline: str = "Harbour pilots vote on a new rota",
    *,
    status: str = Status.PUBLISHED,
    published_at: datetime | None = None,
    section: Section | None = None,
    author: Author | None = None,
    tags: tuple[str, ...] = (),
    body: str = "<p>The vote closes on Friday.</p>",
    **values: Any,
) -> Article:
    """Return an article written straight to the tables, in any state."""
    if status in {Status.PUBLISHED, Status.WITHDRAWN} or published_at:
        published_at = published_at or timezone.now() - timedelta(hours=1)
    article = Article(
        headline=headline,
        status=status,
        published_at=published_at,
        section=section or make_section(),
        body=body,
        standfirst=values.pop("standfirst", "What the pilots want, and what it costs."),
        **values,
    )
    article.write()
    Byline.objects.create(article=article, author=author or make_author())
    article.tags.set(tags)
    return article


def make_byline(article: Article, author: Author, **values: Any) -> Byline:
    position = article.bylines.count()
    return Byline.objects.create(article=article, author=author, position=position, **values)


def make_hidden(state: str, headline: str = "Nobody may read this yet", **values: Any) -> Article:
    """Return an article in one of `HIDDEN_STATES`, dated so that only its state hides it."""
    if state == "published_tomorrow":
        return make_article(
            headline,
            status=Status.PUBLISHED,
            published_at=timezone.now() + timedelta(days=1),
            **values,
        )
    if state == "embargoed":
        values["embargo_until"] = timezone.now() + timedelta(days=1)
        state = Status.PUBLISHED
    return make_article(
        headline, status=state, published_at=timezone.now() - timedelta(hours=1), **values
    )


def make_picture_bytes(
    size: tuple[int, int] = (900, 600), kind: str = "JPEG", colour: str = "#336699", **save: Any
) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", size, colour).save(out, kind, **save)
    return out.getvalue()


#: The picture that most tests mean: drawn once.
_a_picture = functools.cache(make_picture_bytes)


def make_image(data: bytes | None = None, **values: Any) -> Image:
    values.setdefault("alt", "A pilot boat in fog")
    values.setdefault("credit", "Newsroom")
    image = Image(**values)
    image.take(data or _a_picture())
    image.save()
    return image


def make_related(article: Article, **values: Any) -> RelatedLink:
    position = article.related_links.count()
    return RelatedLink.objects.create(article=article, position=position, **values)


def make_person(role: str = "writer", username: str = "") -> User:
    """Return an account of a role ("writer", "editor", "chief editor" or "admin")."""
    user = User.objects.create_user(
        username or role.replace(" ", "-"), password="a-pass-phrase", is_staff=True
    )
    if role == "admin":
        user.is_superuser = True
        user.save()
    else:
        user.groups.add(Group.objects.get(name=role))
    return user


def part_of_sitemap(article: Article) -> str:
    """Return the address of the part of the sitemap that holds an article."""
    return f"/sitemap-articles-{article.pk // PART + 1}.xml"
