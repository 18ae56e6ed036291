"""Lists and counts of published stories follow every write, however it is made."""

import threading
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from articles.models import (
    Article,
    Byline,
    Listing,
    Section,
    Tag,
    TaggedArticle,
    Tally,
    listed_triggers,
)
from articles.models.listed import PART
from tests.factories import make_article, make_author

Status = Article.Status


def kept():
    """What the rows say: places in lists, and counts without those of nothing."""
    places = set(
        Listing.objects.values_list("kind", "owner", "article", "published_at", "changed_at")
    )
    counts = Counter()
    for kind, key, number in Tally.objects.values_list("kind", "key", "number"):
        counts[kind, key] += number
    return places, {one: number for one, number in counts.items() if number}


def truth():
    """The same, out of the articles, tags and bylines themselves."""
    places, counts = set(), Counter()
    for article in Article.objects.filter(status=Status.PUBLISHED):
        moments = (article.published_at, article.modified_at)
        owners = {("tag", row.tag_id) for row in article.tagged.all()}
        owners |= {("author", row.author_id) for row in article.bylines.all()}
        places |= {(kind, owner, article.pk, *moments) for kind, owner in owners}
        counts.update(owners)
        counts["month", article.published_on.year * 100 + article.published_on.month] += 1
        counts["part", article.pk // PART] += 1
    return places, dict(counts)


def some_write(chance, tags, authors):
    """Do one of the things that people, programs and other programs' SQL do."""
    article = Article.objects.order_by("?").first()
    now = timezone.now() - timedelta(days=chance.randrange(400))
    number = chance.getrandbits(60)
    writes = [
        lambda: make_article(f"Story {number}", tags=tuple(chance.sample(["A", "B"], 1))),
        lambda: Article.objects.bulk_create([
            Article(headline="x", slug=f"s-{number}", status=chance.choice(Status.values),
                    published_at=now, published_on=now.date()),
        ]),
    ]  # fmt: skip
    if article is not None:
        one = Article.objects.filter(pk=article.pk)
        writes += [
            lambda: one.update(status=chance.choice(Status.values), published_at=now,
                               published_on=now.date(), slug=f"s-{number}"),
            lambda: one.update(status=Status.PUBLISHED, published_at=now,
                               published_on=now.date(), slug=f"s-{number}"),
            lambda: one.update(updated_at=timezone.now()),
            lambda: one.delete(),
            lambda: TaggedArticle.objects.get_or_create(
                content_object=article, tag=chance.choice(tags)
            ),
            lambda: article.tagged.all()[:1].get().delete() if article.tagged.exists() else None,
            lambda: Byline.objects.get_or_create(
                article=article,
                author=chance.choice(authors),
                role=chance.choice(Byline.Role.values),
            ),
            lambda: Byline.objects.filter(pk__in=article.bylines.values("pk")[:1]).delete(),
            # To somebody who has no line yet: nobody has the same one twice.
            lambda: [
                Byline.objects.filter(pk__in=article.bylines.values("pk")[:1]).update(author=author)
                for author in chance.sample(authors, 1)
                if not article.bylines.filter(author=author).exists()
            ],
            lambda: TaggedArticle.objects.filter(
                pk__in=TaggedArticle.objects.exclude(
                    content_object__in=TaggedArticle.objects.filter(tag=tags[0]).values(
                        "content_object"
                    )
                ).values("pk")[:1]
            ).update(tag=tags[0]),
        ]  # fmt: skip
    chance.choice(writes)()


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_written_lists_and_counts_are_as_if_made_anew(seed):
    chance = Random(seed)
    tags = [Tag.objects.create(name=f"Tag {n}", slug=f"tag-{n}") for n in range(3)]
    authors = [make_author(f"Author {n}") for n in range(3)]
    for step in range(60):
        with transaction.atomic():
            some_write(chance, tags, authors)
        if step % 20 == 7:
            Tally.objects.fold()
        assert kept() == truth(), step


@pytest.mark.django_db
def test_what_was_written_before_there_were_triggers_is_made_good():
    make_article("One", tags=("Bats",))
    Listing.objects.all().delete()
    Tally.objects.all().delete()
    with connection.cursor() as cursor:
        of = "" if connection.vendor == "sqlite" else " ON articles_article"
        cursor.execute(f"DROP TRIGGER listed_article_out{of}")
    listed_triggers.install("default")
    assert kept() == truth()
    assert Listing.objects.count() > 1


@pytest.mark.django_db
def test_a_count_is_put_together_and_what_is_to_come_stays_apart():
    for number in range(3):
        make_article(f"Story {number}")
    later = make_article("Later", embargo_until=timezone.now() + timedelta(days=1))
    Tally.objects.fold()
    rows = Tally.objects.filter(kind=Tally.Kind.PART, key=later.pk // PART)
    assert len(rows) == 2
    (last,) = [moment for (kind, _part), moment in Tally.objects.parts().items() if kind == "part"]
    assert last <= timezone.now()
    assert kept() == truth()


@pytest.mark.django_db
def test_a_story_under_embargo_is_counted_nowhere_until_it_ends(client):
    make_article("Out", tags=("Bats",))
    hidden = make_article(
        "Hidden", tags=("Bats", "Owls"), embargo_until=timezone.now() + timedelta(days=1)
    )
    bats, owls = (Tag.objects.get(name=name).pk for name in ("Bats", "Owls"))
    assert Tally.objects.public(Tally.Kind.TAG) == {bats: 1}
    assert sum(Tally.objects.public(Tally.Kind.MONTH).values()) == 1
    Article.objects.filter(pk=hidden.pk).update(embargo_until=timezone.now())
    assert Tally.objects.public(Tally.Kind.TAG) == {bats: 2, owls: 1}
    assert sum(Tally.objects.public(Tally.Kind.MONTH).values()) == 2


@pytest.mark.django_db
def test_a_dump_takes_no_lists_along_and_a_loaded_site_has_its_own(tmp_path):
    make_article("One", tags=("Bats",))
    path = tmp_path / "site.json"
    call_command("dumpdata", "articles", natural_foreign=True, natural_primary=True, output=path)
    assert "articles.listing" not in path.read_text()
    assert "articles.tally" not in path.read_text()
    before = kept()[1]
    Article.objects.all().delete()
    Section.objects.all().delete()
    assert kept() == (set(), {})
    call_command("loaddata", path, verbosity=0)
    assert kept() == truth()
    assert sum(kept()[1].values()) == sum(before.values())


@pytest.mark.django_db(transaction=True)
def test_a_tag_that_comes_while_its_story_comes_out_is_listed_a_moment_later():
    if connection.vendor == "sqlite":
        pytest.skip("writers wait for each other there")
    article = make_article("Raced", status=Status.DRAFT)
    tag = Tag.objects.create(name="Late", slug="late")
    tagged, published = threading.Event(), threading.Event()

    def add_the_tag():
        with transaction.atomic():
            TaggedArticle.objects.create(content_object=article, tag=tag)
            tagged.set()
            published.wait(10)
        connection.close()

    thread = threading.Thread(target=add_the_tag)
    thread.start()
    tagged.wait(10)
    now = timezone.now()
    Article.objects.filter(pk=article.pk).update(
        status=Status.PUBLISHED, published_at=now, published_on=now.date(), slug="raced"
    )
    published.set()
    thread.join()
    # Neither saw the other.
    assert not Listing.objects.filter(owner=tag.pk, kind="tag").exists()
    assert listed_triggers.check() == {article.pk}
    assert kept() == truth()
    assert listed_triggers.check() == set()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_of_a_site_that_is_emptied():
    make_article("Boats", tags=("Harbour",), author=make_author())
    assert kept() == truth() != (set(), {})
    call_command("flush", interactive=False, verbosity=0)
    assert kept() == (set(), {})
    make_article("Bats", tags=("Caves",))
    assert kept() == truth()
