"""Triggers of the database that keep the lists and counts of published stories (listed.py).

A write that sends no signals (`update()`, `bulk_create()`, another program's SQL) moves a story as
one that does; the database sees all of them. They are made after every migration, because SQLite
drops them with the old table when it alters one; what was written without them is then made good.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db import connections, transaction
from django.utils import timezone

from articles.models.articles import Article
from articles.models.authors import Byline
from articles.models.listed import PART, Listing, Tally
from articles.models.tags import TaggedArticle

_PREFIX = "listed_"
#: Notes that are read at once.
CHECKED_AT_ONCE = 1000
#: How the triggers of listings themselves are called.
_PLACE = "place_"
_NAMES = {
    "article": Article._meta.db_table,
    "tagged": TaggedArticle._meta.db_table,
    "byline": Byline._meta.db_table,
    "listing": Listing._meta.db_table,
    "tally": Tally._meta.db_table,
}
#: Kind of list -> the table of its links, and their columns for the owner and the article.
_LINKS = {
    Listing.Kind.TAG.value: ("tagged", "tag_id", "content_object_id"),
    Listing.Kind.AUTHOR.value: ("byline", "author_id", "article_id"),
}
#: What engines spell differently.
_WORDS = {
    "sqlite": {
        "differs": "IS NOT",
        "month": "CAST(strftime('%Y%m', {day}) AS integer)",
        # NULL would win.
        "seen": "max({changed}, coalesce({row}.embargo_until, {row}.published_at))",
    },
    "postgresql": {
        "differs": "IS DISTINCT FROM",
        "month": "CAST(to_char({day}, 'YYYYMM') AS integer)",
        "seen": "greatest({changed}, {row}.embargo_until)",
    },
}
#: Columns by which readers get another page of a story, or a sitemap another line.
_SEEN = ("published_at", "updated_at", "published_on", "slug", "embargo_until", "language")


@dataclass(frozen=True)
class _Trigger:
    name: str
    table: str
    event: str
    condition: str
    statements: tuple[str, ...]

    def body(self, vendor: str) -> str:
        parts = self.statements
        if vendor == "sqlite":
            # One writes after the other there: nothing is to be checked.
            parts = tuple(one for one in parts if f"'{Tally.Kind.CHECK}'" not in one)
        return " ".join(f"{one};" for one in parts)


def install(using: str) -> None:
    """Make the triggers on the database `using` where they are not there, and then all rows."""
    connection = connections[using]
    if connection.vendor not in _WORDS:
        return
    if not set(_NAMES.values()) <= set(connection.introspection.table_names()):
        return
    with transaction.atomic(using), connection.cursor() as cursor:
        _make(cursor, connection.vendor)


def check(using: str = "default") -> set[int]:
    """Make good what two transactions did to one article without seeing each other.

    Returns the articles whose lists were others than they should be. Nobody waits for anybody:
    whoever commits last left a note that is read after it.
    """
    connection = connections[using]
    notes = Tally.objects.using(using).filter(kind=Tally.Kind.CHECK)
    rows = dict(notes.order_by("pk").values_list("pk", "key")[:CHECKED_AT_ONCE])
    if not rows:
        return set()
    asked = sorted(set(rows.values()))
    columns = _COLUMNS.split(", ")
    own = ", ".join(["%s"] * len(asked))
    # In one statement, so that both are of one moment.
    sql = _named(
        "SELECT 'wanted', {columns} FROM ({every}) p WHERE p.article_id IN ({own}) UNION ALL "
        "SELECT 'there', {columns} FROM {listing} WHERE article_id IN ({own})",
        columns=_COLUMNS,
        every=_EVERY_PLACE,
        own=own,
    )
    with transaction.atomic(using), connection.cursor() as cursor:
        cursor.execute(sql, [*asked, *asked])
        found: dict[str, set[tuple]] = {"wanted": set(), "there": set()}
        for side, *row in cursor.fetchall():
            found[side].add(tuple(row))
        places = Listing.objects.using(using)
        for row in found["there"] - found["wanted"]:
            places.filter(**dict(zip(columns, row, strict=True))).delete()
        missing = found["wanted"] - found["there"]
        places.bulk_create(
            [Listing(**dict(zip(columns, row, strict=True))) for row in missing],
            ignore_conflicts=True,
        )
        notes.filter(pk__in=list(rows)).delete()
    different = found["wanted"] ^ found["there"]
    return {row[columns.index("article_id")] for row in different}


# --- the triggers --------------------------------------------------------------------------------


def _named(text: str, **words: str) -> str:
    """Fill a statement with names of tables and `words`: none of them comes from outside."""
    return text.format(**_NAMES, **words)


_COLUMNS = "kind, owner, article_id, published_at, changed_at"


def _changed(row: str) -> str:
    return f"coalesce({row}.updated_at, {row}.published_at)"


def _places(kind: str) -> str:
    """SELECT the rows of listings of a kind of list, of all published stories."""
    table, owner, article = _LINKS[kind]
    return _named(
        "SELECT DISTINCT '{kind}' AS kind, l.{owner} AS owner, a.id AS article_id, "
        "a.published_at, {changed} AS changed_at FROM {links} l "
        "JOIN {article} a ON a.id = l.{key} WHERE a.status = 'published'",
        kind=kind,
        owner=owner,
        key=article,
        links=_NAMES[table],
        changed=_changed("a"),
    )


_EVERY_PLACE = " UNION ALL ".join(map(_places, _LINKS))
_LIST = _named("INSERT INTO {listing} ({columns}) ", columns=_COLUMNS)
_COUNT = _named("INSERT INTO {tally} (kind, key, number, changed_at) ")


def _triggers(vendor: str) -> Iterator[_Trigger]:
    yield from _of_links(vendor)
    yield from _of_articles(vendor)
    for end, event, row, number in (("new", "INSERT", "NEW", 1), ("gone", "DELETE", "OLD", -1)):
        count = f"{_COUNT}VALUES ({row}.kind, {row}.owner, {number}, NULL)"
        yield _Trigger(f"{_PLACE}{end}", "listing", event, "", (count,))


def _of_links(vendor: str) -> Iterator[_Trigger]:
    """Tags and bylines that come and go."""
    for kind, (table, owner, article) in _LINKS.items():
        words = {"kind": kind, "owner": owner, "key": article, "links": _NAMES[table]}
        one = _named("AND a.id = NEW.{key} AND l.{owner} = NEW.{owner}", **words)
        come = f"{_LIST}{_places(kind)} {one} ON CONFLICT DO NOTHING"
        go = _named(
            "DELETE FROM {listing} WHERE kind = '{kind}' AND owner = OLD.{owner} "
            # Somebody may stand in a byline twice.
            "AND article_id = OLD.{key} AND NOT EXISTS (SELECT 1 FROM {links} "
            "WHERE {owner} = OLD.{owner} AND {key} = OLD.{key})",
            **words,
        )
        new, old = _check(f"NEW.{article}"), _check(f"OLD.{article}")
        yield _Trigger(f"{kind}_new", table, "INSERT", "", (come, new))
        yield _Trigger(f"{kind}_gone", table, "DELETE", "", (go, old))
        is_other = _differ(vendor, owner, article)
        yield _Trigger(f"{kind}_other", table, "UPDATE", is_other, (go, come, new, old))


def _of_articles(vendor: str) -> Iterator[_Trigger]:
    """Articles that come out, change, leave and are deleted."""
    is_out, was_out = "NEW.status = 'published'", "OLD.status = 'published'"
    come = tuple(
        f"{_LIST}{_places(kind)} AND a.id = NEW.id ON CONFLICT DO NOTHING" for kind in _LINKS
    )
    go = _named("DELETE FROM {listing} WHERE article_id = OLD.id")
    move = _named(
        "UPDATE {listing} SET published_at = NEW.published_at, changed_at = {changed} "
        "WHERE article_id = NEW.id",
        changed=_changed("NEW"),
    )
    check = _check("NEW.id")

    def month(row: str, number: int) -> str:
        key = _WORDS[vendor]["month"].format(day=f"{row}.published_on")
        return f"{_COUNT}VALUES ('month', {key}, {number}, NULL)"

    def part(row: str, number: int) -> str:
        moment = _WORDS[vendor]["seen"].format(row=row, changed=_changed(row))
        return f"{_COUNT}VALUES ('part', {row}.id / {PART}, {number}, {moment})"

    def update(name: str, condition: str, *statements: str) -> _Trigger:
        return _Trigger(name, "article", "UPDATE", condition, statements)

    def stays(*columns: str) -> str:
        return f"{was_out} AND {is_out} AND ({_differ(vendor, *columns)})"

    more, less = (month("NEW", 1), part("NEW", 1)), (month("OLD", -1), part("OLD", -1))
    yield _Trigger("article_new", "article", "INSERT", is_out, more)
    yield update("article_out", f"{is_out} AND NOT {was_out}", *come, *more, check)
    yield update("article_away", f"{was_out} AND NOT {is_out}", go, *less, check)
    yield _Trigger("article_gone", "article", "DELETE", was_out, (go, *less))
    yield update("article_moved", stays("published_at", "updated_at"), move, check)
    yield update("article_day", stays("published_on"), month("OLD", -1), month("NEW", 1))
    yield update("article_seen", stays(*_SEEN), part("NEW", 0))


def _check(article: str) -> str:
    return f"{_COUNT}VALUES ('{Tally.Kind.CHECK}', {article}, 0, NULL)"


def _differ(vendor: str, *columns: str) -> str:
    differs = _WORDS[vendor]["differs"]
    return " OR ".join(f"OLD.{one} {differs} NEW.{one}" for one in columns)


# --- making them ---------------------------------------------------------------------------------


def _sqlite(cursor: Any) -> Iterator[tuple[_Trigger, str, bool]]:
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
        [f"{_PREFIX}%"],
    )
    known = dict(cursor.fetchall())
    for one in _triggers("sqlite"):
        name = _PREFIX + one.name
        when = f" WHEN {one.condition}" if one.condition else ""
        sql = (
            f"CREATE TRIGGER {name} AFTER {one.event} ON {_NAMES[one.table]} FOR EACH ROW{when} "
            f"BEGIN {one.body('sqlite')} END"
        )
        yield one, sql, known.get(name) == sql


def _postgresql(cursor: Any) -> Iterator[tuple[_Trigger, str, bool]]:
    # The comment keeps the words with which a trigger was made: the database has others.
    cursor.execute(
        "SELECT tgname, obj_description(t.oid, 'pg_trigger') FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = tgrelid "
        "WHERE NOT tgisinternal AND tgname LIKE %s AND pg_table_is_visible(c.oid)",
        [f"{_PREFIX}%"],
    )
    known = dict(cursor.fetchall())
    for one in _triggers("postgresql"):
        name, table = _PREFIX + one.name, _NAMES[one.table]
        when = f" WHEN ({one.condition})" if one.condition else ""
        body = f"BEGIN {one.body('postgresql')} RETURN NULL; END"
        said = hashlib.sha256(f"{body} {when} {table}".encode()).hexdigest()
        sql = (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
            f"AS $${body}$$; "
            f"CREATE TRIGGER {name} AFTER {one.event} ON {table} FOR EACH ROW{when} "
            f"EXECUTE FUNCTION {name}(); "
            f"COMMENT ON TRIGGER {name} ON {table} IS '{said}'"
        )
        yield one, sql, known.get(name) == said


_WAYS = {"sqlite": _sqlite, "postgresql": _postgresql}


def _make(cursor: Any, vendor: str) -> None:
    """Make all triggers and rows anew, unless all triggers are as they should be."""
    found = list(_WAYS[vendor](cursor))
    if all(is_there for _one, _made, is_there in found):
        # Where tables are emptied one after the other (`flush`), the last ones take something off
        # counts that are gone already.
        for sql in (
            "DELETE FROM {listing} WHERE NOT EXISTS (SELECT 1 FROM {article})",
            "DELETE FROM {tally} WHERE NOT EXISTS (SELECT 1 FROM {article})",
        ):
            cursor.execute(_named(sql))
        return
    for one, _made, _is_there in found:
        of = f" ON {_NAMES[one.table]}" if vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER IF EXISTS {_PREFIX}{one.name}{of}")
    # Those of the places last: what is filled in is counted by the whole.
    links = [made for one, made, _is_there in found if not one.name.startswith(_PLACE)]
    places = [made for one, made, _is_there in found if one.name.startswith(_PLACE)]
    for made in links:
        cursor.execute(made)
    _fill(cursor, vendor)
    for made in places:
        cursor.execute(made)


def _fill(cursor: Any, vendor: str) -> None:
    words = _WORDS[vendor]
    seen = words["seen"].format(row="a", changed=_changed("a"))
    month = words["month"].format(day="a.published_on")
    now = f"{timezone.now().astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    if vendor == "postgresql":
        now += "+00"
    out = _named("FROM {article} a WHERE a.status = 'published'")
    for sql in (
        "DELETE FROM {listing}",
        "DELETE FROM {tally}",
        "{listed}{every}",
        "{counted}SELECT kind, owner, count(*), NULL FROM {listing} GROUP BY kind, owner",
        "{counted}SELECT 'month', {month}, count(*), NULL {out} GROUP BY {month}",
        # What is to come stays apart, so that it is not taken for what came.
        "{counted}SELECT 'part', a.id / {part}, count(*), max({seen}) {out} "
        "GROUP BY a.id / {part}, CASE WHEN {seen} > '{now}' THEN a.id ELSE 0 END",
    ):
        values = {"listed": _LIST, "every": _EVERY_PLACE, "counted": _COUNT, "month": month}
        values |= {"seen": seen, "out": out, "now": now, "part": str(PART)}
        cursor.execute(_named(sql, **values))
