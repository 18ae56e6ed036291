"""Triggers of the database that note which articles' neighbours have to be computed.

A write that sends no signals (`update()`, `bulk_create()`, another program's SQL) changes what
stories have in common just as one that does. The database sees all of them. They are made after
every migration, because SQLite drops them with the old table when it alters one.
"""

from typing import Any

from django.db import connections

from articles.models import Article, RelatedWork, TaggedArticle, Translation

#: Columns of an article by which it is near to others, or public.
_COLUMNS = (
    "headline", "standfirst", "body_text", "language", "section_id", "status", "published_at",
    "embargo_until",
)  # fmt: skip
_PREFIX = "related_"
#: The one that takes notes away: there is nothing left to do for an article that is gone.
_GONE = "article_gone"
_WORK, _STORIES = RelatedWork._meta.db_table, Article._meta.db_table


def install(using: str) -> None:
    """Make the triggers on the database `using`, where they are not there already."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if not {_WORK, _STORIES} <= tables:
        return
    vendor = connection.vendor
    if vendor not in _MAKERS:
        return
    _MAKERS[vendor](connection)


def _events() -> list[tuple[str, str, str, str, str]]:
    """Name, table, event, condition, and where the article's number stands, of each trigger."""
    articles, tagged = Article._meta.db_table, TaggedArticle._meta.db_table
    places = Translation._meta.db_table
    found = [
        ("article_new", articles, "INSERT", "", "NEW.id"),
        ("article_other", articles, "UPDATE", "{columns}", "NEW.id"),
        (_GONE, articles, "DELETE", "", "OLD.id"),
    ]
    for name, table, column, watched in (
        ("tag", tagged, "content_object_id", ("content_object_id", "tag_id")),
        ("place", places, "article_id", ("article_id", '"group"')),
    ):
        condition = " OR ".join(f"OLD.{one} <> NEW.{one}" for one in watched)
        found += [
            (f"{name}_new", table, "INSERT", "", f"NEW.{column}"),
            (f"{name}_gone", table, "DELETE", "", f"OLD.{column}"),
            (f"{name}_other", table, "UPDATE", condition, f"NEW.{column}"),
            (f"{name}_moved", table, "UPDATE", condition, f"OLD.{column}"),
        ]
    return found


def _note(name: str, number: str, uid: str) -> str:
    """The statement of a trigger, made of names of ours alone."""
    if name == _GONE:
        return f"DELETE FROM {_WORK} WHERE article_id = {number}"  # noqa: S608  # nosec B608
    # Where a story goes together with all that hangs on it, its tags may be the last to go.
    return (
        f"INSERT INTO {_WORK} (uid, article_id) SELECT {uid}, {number} "  # noqa: S608  # nosec B608
        f"WHERE EXISTS (SELECT 1 FROM {_STORIES} WHERE id = {number})"
    )


def _sqlite(connection: Any) -> None:
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _COLUMNS)
    wanted = {}
    for name, table, event, condition, number in _events():
        when = f" WHEN {condition.format(columns=changed)}" if condition else ""
        wanted[_PREFIX + name] = (
            f"CREATE TRIGGER {_PREFIX}{name} AFTER {event} ON {table} FOR EACH ROW{when} BEGIN "
            f"{_note(name, number, 'lower(hex(randomblob(16)))')}; END"
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
            [f"{_PREFIX}%"],
        )
        known = dict(cursor.fetchall())
        for name in known.keys() - wanted.keys():
            cursor.execute(f"DROP TRIGGER {name}")
        for name, sql in wanted.items():
            if known.get(name) != sql:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(sql)


def _postgresql(connection: Any) -> None:
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _COLUMNS)
    with connection.cursor() as cursor:
        # The comment keeps the words with which a trigger was made: the database has others.
        cursor.execute(
            "SELECT tgname, relname, obj_description(t.oid, 'pg_trigger') FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = tgrelid "
            "WHERE NOT tgisinternal AND tgname LIKE %s AND pg_table_is_visible(c.oid)",
            [f"{_PREFIX}%"],
        )
        known = {name: (table, made) for name, table, made in cursor.fetchall()}
        wanted = set()
        for end, table, event, condition, number in _events():
            name, (row, column) = _PREFIX + end, number.split(".")
            wanted.add(name)
            when = f" WHEN ({condition.format(columns=changed)})" if condition else ""
            # Notes of a kind share a function.
            kind = "gone" if end == _GONE else f"of_{row.lower()}_{column}"
            function = f"{_PREFIX}work_{kind}"
            sql = (
                f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW{when} "
                f"EXECUTE FUNCTION {function}()"
            )
            if known.get(name) == (table, sql):
                continue
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN {_note(end, number, 'gen_random_uuid()')}; RETURN NULL; END $$"
            )
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            cursor.execute(sql)
            cursor.execute(f"COMMENT ON TRIGGER {name} ON {table} IS '{sql}'")
        for name in known.keys() - wanted:
            cursor.execute(f"DROP TRIGGER {name} ON {known[name][0]}")


_MAKERS = {"sqlite": _sqlite, "postgresql": _postgresql}
