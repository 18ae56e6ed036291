"""What a page costs the database does not grow with the site: counted in rows, never in time."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client

from articles.admin import desk
from articles.importers.synthetic import Plan, World
from articles.models import (
    Article,
    Byline,
    DailyViews,
    Listing,
    Revision,
    TaggedArticle,
    Tally,
    Transition,
)
from articles.readership.rankings import rank
from articles.search import engine, headlines
from tests.bench.scale import pages, sign_in

SMALL, LARGE = 300, 3_000
#: Above its share, a page may take so much more, whatever the size: a page that is not full has
#: fewer rows on it. Looking once at each article of the large site takes more than that.
SHARE, SPARE = 1.5, {"sqlite": 12_000, "postgresql": 1_500}
#: Trays that are not full in a newsroom so small; and search holds 550 candidates, if there are so
#: many, against what the person may see.
FILLING = {"desk: today": 30_000, "desk: look up": 6_000}
#: These say more about a larger site: so many months, so many stories of two days.
LONGER = {"archive", "news sitemap", "sitemap", "desk: calendar"}


class Cost:
    number = 0


@contextmanager
def counted():
    """Count what the database does: SQLite's own steps, rows and entries of indexes else."""
    cost = Cost()
    if connection.vendor == "sqlite":
        each = 10

        def some_steps():
            cost.number += each

        connection.connection.set_progress_handler(some_steps, each)
        try:
            yield cost
        finally:
            connection.connection.set_progress_handler(None, 0)
        return
    before = _rows_touched()
    yield cost
    cost.number = _rows_touched() - before


#: Tables that grow with the stories, and their indexes. Of topics and authors there are few: which
#: way PostgreSQL reads those is its own affair.
GROWING = (
    Article, Byline, DailyViews, Listing, Revision, TaggedArticle, Tally, Transition,
)  # fmt: skip


def _rows_touched():
    tables = [model._meta.db_table for model in GROWING]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_stat_get_xact_tuples_returned(c.oid)"
            " + pg_stat_get_xact_tuples_fetched(c.oid)) FROM pg_class c"
            " LEFT JOIN pg_index i ON i.indexrelid = c.oid"
            " JOIN pg_class t ON t.oid = coalesce(i.indrelid, c.oid) WHERE t.relname = ANY(%s)",
            [tables],
        )
        return int(cursor.fetchone()[0])


def costs(analysed):
    with connection.cursor() as cursor:
        if analysed:
            cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            # It reads a table of some thousand rows whole, with good reason: here it is to read
            # all as it would a large one.
            cursor.execute("SET LOCAL enable_seqscan = off")
        elif "sqlite_stat1" in (connection.introspection.table_names(cursor, include_views=False)):
            cursor.execute("DELETE FROM sqlite_stat1")
            cursor.execute("ANALYZE sqlite_schema")
    here = {"headers": {"host": "127.0.0.1"}}
    readers, editors = Client(**here), Client(**here)
    sign_in(editors)
    found = {}
    for name, address in pages().items():
        client = editors if name.startswith("desk") else readers
        if address and name not in LONGER:
            assert client.get(address).status_code == 200, name
            with counted() as cost:
                answer = client.get(address)
                b"".join(answer) if answer.streaming else answer.content
            found[name] = cost.number
    return found


@pytest.mark.proof
@pytest.mark.django_db
@pytest.mark.parametrize("analysed", [False, True], ids=["as it is", "analysed"])
def test_what_a_page_asks_of_the_database_does_not_grow_with_the_site(monkeypatch, analysed):
    if connection.vendor == "postgresql" and not analysed:
        pytest.skip("PostgreSQL's own vacuum analyses; without it any plan is a guess")
    # Else a list that is shorter than this is counted whole.
    monkeypatch.setattr(desk, "MOST_LISTED", 100)
    monkeypatch.setattr(headlines, "NEWEST", 100)
    by_size = []
    for size in (SMALL, LARGE):
        for _ in World(Plan(size, words=40)).build():
            pass
        engine().follow()
        rank()
        by_size.append(costs(analysed))
    small, large = by_size
    too_much = {
        name: (small[name], large[name])
        for name in small
        if large[name] > SHARE * small[name] + FILLING.get(name, 0) + SPARE[connection.vendor]
    }
    assert not too_much
