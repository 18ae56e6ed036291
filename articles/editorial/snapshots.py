"""Snapshots: everything editable of an article as plain data, and the way back.

A snapshot names other rows by what identifies them on any site: sections, authors and tags by
address or name, pictures and articles by uid. A renamed row is found by the redirect or former
name that the renaming left, so that an old revision does not lose its byline.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.db.models.functions import Lower
from django.urls import reverse

from articles.models import (
    Article,
    Author,
    Byline,
    FormerTagName,
    Image,
    Redirect,
    RelatedLink,
    Section,
    Tag,
)
from articles.text.slugs import slugify, title_key

#: Columns that a snapshot holds as they are.
PLAIN = (
    "headline", "standfirst", "body", "language", "slug", "seo_title", "seo_description",
    "starting_views",
)  # fmt: skip
#: All keys of a snapshot, in the order in which editors are shown them.
FIELDS = (
    "headline", "standfirst", "body", "byline", "section", "tags", "picture", "related", "slug",
    "published_at", "seo_title", "seo_description", "language", "starting_views",
)  # fmt: skip

Snapshot = dict[str, Any]


def snapshot(article: Article) -> Snapshot:
    """Return what the article's own rows hold, as JSON-ready data."""
    data: Snapshot = {name: getattr(article, name) for name in PLAIN}
    data["published_at"] = article.published_at.isoformat() if article.published_at else None
    data["section"] = article.section.slug if article.section else None
    data["picture"] = str(article.picture.uid) if article.picture else None
    data["tags"] = list(article.tags.order_by("tagged_articles__id").values_list("name", flat=True))
    data["byline"] = [
        {"author": line.author.slug, "role": line.role}
        for line in article.bylines.select_related("author")
    ]
    data["related"] = [
        {
            "target": str(link.target.uid) if link.target else None,
            "url": link.url,
            "title": link.title,
            "author": link.author,
            "date": link.date.isoformat() if link.date else None,
            "views": link.views,
        }
        for link in article.related_links.select_related("target")
    ]
    return data


def normal(article: Article, data: Snapshot) -> Snapshot:
    """Return `data` as a save would leave it: cleaned, with an address, tags in known names."""
    probe = Article(uid=article.uid, **{name: data[name] for name in PLAIN if name in data})
    probe.derive()
    known = _tags(data.get("tags", ()))
    names = [known[name].name if name in known else name for name in data.get("tags", ())]
    return {
        **data,
        **{name: getattr(probe, name) for name in PLAIN if name in data},
        "tags": list(dict.fromkeys(names)),
    }


def moment_of(data: Snapshot) -> datetime | None:
    """Return the date that an editor chose for the article; None: when it is published."""
    chosen = data.get("published_at")
    return datetime.fromisoformat(chosen) if chosen else None


def laid_over(article: Article, data: Snapshot) -> Article:
    """Return the article as `data` has it, in memory only; at most eight queries.

    It serves forms, the gate, previews and comparisons: besides the columns it carries
    `byline_rows`, `tag_rows` and `curated` as a page's query would, and `missing`: names of
    rows that are gone. It refuses to be saved.
    """
    columns = {field.attname: getattr(article, field.attname) for field in article._meta.fields}
    copy = Article(**columns)
    copy._state.adding, copy._state.db = False, article._state.db
    copy.is_laid_over = True
    copy.missing = []
    for name in PLAIN:
        if name in data:
            setattr(copy, name, data[name])
    copy.slug = kept_slug(article, copy.slug)
    chosen = moment_of(data)
    copy.published_at = chosen or (article.published_at if article.was_public else None)
    if "section" in data:
        copy.section = _one(Section, "section", data["section"], copy.missing)
    if "picture" in data:
        uid = data["picture"]
        copy.picture = Image.objects.filter(uid=uid).first() if uid else None
        if uid and copy.picture is None:
            copy.missing.append(f"picture {uid[:8]}")
    authors = _by_address(Author, "author", [line["author"] for line in data.get("byline", ())])
    rows = []
    for line in data.get("byline", ()):
        author = authors.get(line["author"])
        if author is None:
            copy.missing.append(f"author {line['author']}")
        else:
            rows.append({"name": author.name, "slug": author.slug, "role": line["role"]})
    copy.byline_rows = rows
    tags = _tags(data.get("tags", ()))
    copy.tag_rows = [
        {"id": tag.pk, "name": tag.name, "slug": tag.slug}
        if (tag := tags.get(name))
        else {"id": None, "name": name, "slug": slugify(name, fallback="tag")}
        for name in data.get("tags", ())
    ]
    copy.curated = related_links(copy, data.get("related", ()))
    copy.derive()
    return copy


def unconnected(data: Snapshot) -> Snapshot:
    """Return `data` without where its related links lead: those connect when a story arrives."""
    return {**data, "related": [{**row, "target": None} for row in data.get("related", ())]}


def related_links(article: Article, rows: Iterable[dict[str, Any]]) -> list[RelatedLink]:
    """Return unsaved related links of `article` for the rows of a snapshot, in their order.

    A row that only names a story leads to the article of that headline, if it is here. A row that
    leads to the article itself is left out.
    """
    rows = [row for row in rows if row.get("target") != str(article.uid)]
    uids = {row["target"] for row in rows if row.get("target")}
    targets = {str(found.uid): found for found in Article.objects.filter(uid__in=uids)}
    keys = {title_key(row["title"]) for row in rows if row.get("title") and not row.get("url")}
    named = {
        found.headline_key: found
        for found in Article.objects.filter(headline_key__in=keys - {""}).exclude(pk=article.pk)
    }
    links: list[RelatedLink] = []
    for row in rows:
        target = targets.get(row.get("target") or "")
        if target is None and not row.get("url"):
            target = named.get(title_key(row.get("title") or ""))
        if target is None and not row.get("title"):
            continue
        link = RelatedLink(
            article=article,
            position=len(links) + 1,
            target=target,
            url=row.get("url") or "",
            title=row.get("title") or "",
            author=row.get("author") or "",
            date=date.fromisoformat(row["date"]) if row.get("date") else None,
            views=row.get("views"),
        )
        link.derive()
        links.append(link)
    return links


@transaction.atomic
def lay(article: Article, data: Snapshot) -> list[str]:
    """Write `data` into the article's own rows; return the names of rows that are gone.

    The caller holds the article's lock and saves its columns. Rows that are right already are
    not written again.
    """
    copy = laid_over(article, data)
    for name in (*PLAIN, "published_at", "section", "picture"):
        if name in data:
            setattr(article, name, getattr(copy, name))
    now = snapshot(article)
    if "byline" in data and now["byline"] != data["byline"]:
        slugs = {row["slug"] for row in copy.byline_rows}
        authors = {author.slug: author for author in Author.objects.filter(slug__in=slugs)}
        article.bylines.all().delete()
        for place, row in enumerate(copy.byline_rows, start=1):
            # One by one: whoever hears of saved rows hears of these.
            Byline.objects.create(
                article=article, author=authors[row["slug"]], role=row["role"], position=place
            )
    if "tags" in data and now["tags"] != [row["name"] for row in copy.tag_rows]:
        # By its key: a name that a merger takes away meanwhile must not come back as another tag.
        tags = [
            Tag(pk=row["id"], name=row["name"], slug=row["slug"]) if row["id"] else row["name"]
            for row in copy.tag_rows
        ]
        article.tags.set(tags, clear=True)
    if "related" in data and now["related"] != data["related"]:
        article.related_links.all().delete()
        RelatedLink.objects.bulk_create(related_links(article, data["related"]))
    for cached in ("credits", "curated"):
        article.__dict__.pop(cached, None)
    return copy.missing


def kept_slug(article: Article, asked: str) -> str:
    """Return the slug for an article whose editor asked for `asked`.

    A number that the desk put behind a taken slug stays while the slug asked for is the same:
    an address must not move because its neighbour did.
    """
    numbered = re.fullmatch(rf"{re.escape(asked)}-\d+", article.slug) if asked else None
    return article.slug if numbered and article.published_on else asked


# --- rows by their names -----------------------------------------------------------------------


def _tags(names: Iterable[str]) -> dict[str, Tag]:
    """Tags by the names given, whatever their case; a former name leads to the tag of today."""
    wanted = list(names)
    if not wanted:
        return {}
    lower = {name.lower() for name in wanted}
    slugs = {slugify(name, fallback="tag", max_length=90) for name in wanted}
    same = Tag.objects.annotate(lower=Lower("name")).filter(Q(name__in=wanted) | Q(lower__in=lower))
    found = {tag.name.lower(): tag for tag in same}
    if missing := lower - set(found):
        former = (
            FormerTagName.objects.annotate(lower=Lower("name"))
            .filter(Q(slug__in=slugs) | Q(lower__in=missing))
            .select_related("tag")
        )
        for line in former:
            if line.name.lower() in missing:
                found[line.name.lower()] = line.tag
    return {name: found[name.lower()] for name in wanted if name.lower() in found}


def _one(model: type[Model], door: str, slug: str | None, missing: list[str]) -> Any:
    if not slug:
        return None
    found = _by_address(model, door, [slug]).get(slug)
    if found is None:
        missing.append(f"{door} {slug}")
    return found


def _by_address(model: type[Model], door: str, slugs: Iterable[str]) -> dict[str, Any]:
    """Rows by their slugs; one that has moved is found by the redirect that it left."""
    wanted = set(slugs)
    if not wanted:
        return {}
    found = {row.slug: row for row in model._default_manager.filter(slug__in=wanted)}
    if missing := wanted - set(found):
        paths = {reverse(f"articles:{door}", args=[slug]): slug for slug in missing}
        moved = Redirect.objects.filter(old_path__in=paths).values_list("old_path", "new_path")
        new = {paths[old]: path.rstrip("/").rpartition("/")[2] for old, path in moved}
        rows = {row.slug: row for row in model._default_manager.filter(slug__in=new.values())}
        found |= {old: rows[slug] for old, slug in new.items() if slug in rows}
    return found
