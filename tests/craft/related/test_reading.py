"""Related news: curated links in order, then stories that share tags."""

import pytest

from articles.models import Article
from articles.related import work
from articles.related.neighbours import related_news
from tests.factories import make_article, make_related

pytestmark = pytest.mark.django_db


def neighbours(article, **kwargs):
    assert work.settle("test")
    page = Article.objects.published().for_page().get(pk=article.pk)
    return related_news(page, **kwargs)


def test_curated_links_come_first_and_shared_tags_fill_up():
    article = make_article("Main", tags=("Bats", "Boats"))
    make_article("Unrelated", tags=("Bread",), body="<p>Loaves rise in the dark.</p>")
    make_article("Shares one", tags=("Bats",), body="<p>They sleep under a roof.</p>")
    make_article("Shares two", tags=("Bats", "Boats"), body="<p>A hull is full of them.</p>")
    chosen = make_article("Chosen")
    make_related(article, title="Story elsewhere")
    make_related(article, target=chosen, title="Old title of it")
    assert [n.title for n in neighbours(article)] == [
        "Story elsewhere", "Chosen", "Shares two", "Shares one",
    ]  # fmt: skip


def test_there_are_never_more_than_asked_for():
    article = make_article("Main", tags=("Bats",))
    for number in range(4):
        make_article(f"Other {number}", tags=("Bats",))
        make_related(article, title=f"Curated {number}")
    assert len(neighbours(article, size=3)) == 3
    assert [n.title for n in neighbours(article, size=5)][4] == "Other 3"


def test_one_query_whatever_there_is(django_assert_num_queries):
    article = make_article("Main", tags=("Bats",))
    for number in range(4):
        make_related(article, target=make_article(f"T {number}", tags=("Bats",)), title="x")
    assert work.settle("test")
    page = Article.objects.published().for_page().get(pk=article.pk)
    with django_assert_num_queries(2):
        assert [n.authors for n in related_news(page)] == ["Mara Lind"] * 4
