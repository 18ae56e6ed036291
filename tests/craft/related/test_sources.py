"""Stories on one subject find each other, in a small world and in a large archive."""

import random
import shutil
from itertools import accumulate

import pytest
from django.core.management import call_command

from articles.models import Article, Section, Tag, TaggedArticle
from articles.related import lists, work
from articles.related.neighbours import related_news
from articles.related.stories import counts_in_force
from tests.craft.related.archive import settle, under
from tests.factories import make_section

pytestmark = pytest.mark.django_db

#: Three of our own texts about one subject: an analysis, a visit, and the order of calls.
OURS = ("000_partnership", "001_beijing-visit", "002_order-of-calls")
SYNTHETIC = 10_000


def publish_all(source, sources=OURS):
    """What is left as a draft for want of a headline or a date goes out here, by the tables."""
    found = Article.objects.filter(source=source, external_id__in=sources)
    section = make_section("World")
    for article in found:
        if not article.is_public:
            article.section = article.section or section
            article.headline = article.headline or article.body_text[:80]
            article.published_at = article.published_at or article.created_at
            article.status = "published"
            article.write()
    return list(found)


def fill_archive(number: int) -> None:
    """Write synthetic stories: words by how often a language uses them, on made-up subjects."""
    chance = random.Random(number)
    words = [f"{one}{two}" for one in "ba ke lo mi nu pra sti tro ve zu".split()
             for two in "den gar hol kin mar nos pel rin sta tor".split()] * 30  # fmt: skip
    words = [f"{word}{at // 100 or ''}" for at, word in enumerate(words)]
    shares = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    lines = [" ".join(chance.choices(words, cum_weights=shares, k=30)) for _ in range(1_500)]
    section = Section.objects.get_or_create(slug="world", defaults={"name": "World"})[0]
    known = {tag.name: tag for tag in Tag.objects.all()}
    topics = [
        known.get(name) or Tag.objects.create(name=name, slug=name.lower())
        for name in ("China", "Russia", "Diplomacy", *(f"Topic {n}" for n in range(60)))
    ]
    real = "Beijing Moscow president summit trade Ukraine gas sanctions minister Kremlin".split()
    made = []
    for at in range(number):
        # A tenth of them touch the subject in passing.
        passing = f" {chance.choice(real)} {chance.choice(real)}" if at % 10 == 0 else ""
        body = "\n".join(chance.sample(lines, 4)) + passing
        article = Article(
            headline=f"{chance.choice(words)} {chance.choice(words)} {at}".capitalize(),
            standfirst=chance.choice(lines)[:90], body=f"<p>{body}</p>", body_text=body,
            language="en", slug=f"s{at}", section=section, status="published",
            published_at="2026-03-01T12:00:00Z", published_on="2026-03-01",
        )  # fmt: skip
        made.append(article)
    made = Article.objects.bulk_create(made, batch_size=1_000)
    TaggedArticle.objects.bulk_create(
        [
            TaggedArticle(content_object=article, tag=tag)
            for article in made
            for tag in chance.sample(topics, 2)
        ],
        batch_size=2_000,
    )


def assert_each_finds_the_others(stories):
    assert len(stories) == 3
    names = {one.headline for one in stories}
    for one in stories:
        assert set(under(one)[:2]) == names - {one.headline}, one
        page = Article.objects.published().for_page().get(pk=one.pk)
        page.curated = []
        assert {line.title for line in related_news(page)[:2]} == names - {one.headline}


@pytest.mark.once
def test_our_three_texts_on_one_subject_rank_each_other_first_in_the_seeded_world():
    call_command("seed", verbosity=0)
    stories = publish_all("seeds")
    settle()
    assert_each_finds_the_others(stories)


@pytest.mark.once
@pytest.mark.shared
def test_the_shared_texts_rank_each_other_first_in_the_seeded_world(shared_seeds, tmp_path):
    assert_each_finds_the_others(_with_shared(shared_seeds, tmp_path))


@pytest.mark.proof
@pytest.mark.once
@pytest.mark.shared
def test_the_shared_texts_rank_each_other_first_among_ten_thousand(shared_seeds, tmp_path):
    fill_archive(SYNTHETIC)
    assert_each_finds_the_others(_with_shared(shared_seeds, tmp_path, list_only))


@pytest.mark.proof
@pytest.mark.once
def test_our_three_texts_rank_each_other_first_among_ten_thousand():
    fill_archive(SYNTHETIC)
    call_command("seed", verbosity=0)
    stories = publish_all("seeds")
    list_only(stories)
    assert_each_finds_the_others(stories)


def list_only(stories):
    """Weigh the words of all, and list the neighbours of these alone: what the others get is not
    asked here, and would take most of the time."""
    assert work.hold("test")
    for _step in work.steps():
        left = work.left()
        if not left["words"] and left["list"]:
            break
    pks = [one.pk for one in stories]
    lists.compute(pks, counts_in_force())
    lists.put_in_order(pks, counts_in_force())


def _with_shared(folder, tmp_path, compute=lambda stories: settle()):
    call_command("seed", verbosity=0)
    # Beside our own three, which tell of the same: these alone are looked at.
    Article.objects.filter(source="seeds", external_id__in=OURS).delete()
    texts = tmp_path / "foreign"
    texts.mkdir()
    for text in sorted(folder.glob("*.txt")):
        shutil.copy(text, texts / text.name)
    call_command("seed", str(texts), verbosity=0)
    names = tuple(path.stem for path in texts.glob("*.txt"))
    stories = publish_all("foreign", names)
    compute(stories)
    return stories
