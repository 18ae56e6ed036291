"""Every table can be dumped and loaded by natural keys, over a site with its own rows."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.utils import timezone

from articles.models import (
    Article,
    ClockLease,
    Conflict,
    DailySalt,
    DailyViews,
    DeskProfile,
    DroppedNeighbour,
    FormerTagName,
    HourlyViews,
    KeyTerm,
    Listing,
    Message,
    Neighbour,
    NextClicks,
    Notice,
    Presence,
    PreviewLink,
    Promo,
    Ranking,
    Redirect,
    Referrals,
    StoryTerms,
    Tag,
    TagChange,
    TaggedArticle,
    Tally,
    TermCount,
    TermRound,
    Translation,
    ViewJournal,
    Visit,
)
from articles.models.keys import NaturalKeyModel
from tests.factories import make_article, make_image, make_person, make_related

#: Every table of the app: the dump below holds a row of each, but for those that triggers fill.
OURS = [
    model
    for model in apps.get_app_config("articles").get_models()
    if not model._meta.proxy and model not in {Listing, Tally}
]


def test_every_table_of_the_app_has_a_natural_key():
    for model in apps.get_app_config("articles").get_models():
        assert hasattr(model, "natural_key"), model
        assert hasattr(model._default_manager, "get_by_natural_key"), model
        assert model.NATURAL_KEY or not issubclass(model, NaturalKeyModel), model


@pytest.fixture
def dump(tmp_path, db):
    """A fixture of one article with everything that can hang on it; the site is emptied."""
    from articles.editorial import merging, schedule, transitions

    other = make_article("The pilots' harbour")
    article = make_article("Pilots vote", status="draft", tags=("Harbours",), picture=make_image())
    make_related(article, target=other, title="The pilots' harbour")
    transitions.publish(article)
    article.corrections.create(note="Friday, not Thursday.")
    DailyViews.objects.create(article=article, day=article.published_on, count=3)
    tag = Tag.objects.get()
    FormerTagName.objects.create(tag=tag, name="Ports", slug="ports")
    Redirect.objects.create(old_path="/old/", new_path="/latest/")
    promo = Promo.objects.create(slug="letter", title="The letter", tag=tag)
    promo.received.create(subject="The letter", name="Ada", email="ada@example.org", text="Ink.")
    Translation.objects.create(article=article)
    person = make_person("editor")
    moment = timezone.now() + timedelta(days=1)
    schedule.schedule(article, at=moment, by=person, step="withdraw")
    previews = PreviewLink.objects.create(article=article, token_hash="0" * 64, expires_at=moment)
    profile = DeskProfile.objects.create(user=person)
    profile.sections.add(article.section)
    Notice.objects.create(person=person, article=article, kind=Notice.Kind.LATE)
    TagChange.objects.create(verb=TagChange.Verb.RENAME, summary="Ports is now Harbours")
    ClockLease.objects.create(name="desk", held_until=moment, ticked_at=moment)
    for model in (HourlyViews, Referrals, NextClicks):
        values = {"hour": moment} if model is HourlyViews else {"day": article.published_on}
        values |= {"host": "search.example"} if model is Referrals else {}
        values |= {"source": other} if model is NextClicks else {}
        model.objects.create(article=article, count=2, **values)
    Visit.objects.create(article=article, visitor=7, counted_at=1, first=1, last=1)
    ViewJournal.objects.create(name="a-host-1.views", offset=3)
    Ranking.objects.create(kind="week", article=article, place=1, count=3)
    DailySalt.objects.create(day=article.published_on, salt=b"salt")
    Neighbour.objects.create(article=article, neighbour=other, score=0.5, place=1, rank=1)
    DroppedNeighbour.objects.create(article=other, neighbour=article)
    StoryTerms.objects.create(article=article, terms=[["pilot", 1.0, "Pilots"]])
    KeyTerm.objects.create(article=article, key=7)
    TermCount.objects.create(number=1, kind=TermCount.Kind.WORD, key=7, stories=2)
    TermRound.objects.create(name="related", number=1)
    merging.clock_of(article)
    Conflict.objects.create(article=article, number=1, field="body")
    Presence.objects.create(article=article, client="a-screen", user=person)
    assert previews.revision is None
    path = tmp_path / "site.json"
    call_command(
        "dumpdata", "articles", natural_foreign=True, natural_primary=True, output=str(path)
    )
    filled = {row["model"] for row in json.loads(path.read_text())}
    assert {model._meta.label_lower for model in OURS} <= filled
    for model in (
        Article, Message, Promo, Tag, Redirect, DeskProfile, TagChange, ClockLease, DailySalt,
        TermCount, TermRound,
    ):  # fmt: skip
        model.objects.all().delete()
    return path


def counts():
    return {
        model.__name__: model._default_manager.count()
        for model in apps.get_app_config("articles").get_models()
    }


def test_a_dump_holds_no_row_numbers(dump):
    assert all("pk" not in row for row in json.loads(dump.read_text()))


def test_loading_twice_is_loading_once(dump):
    call_command("loaddata", str(dump), verbosity=0)
    once = counts()
    call_command("loaddata", str(dump), verbosity=0)
    assert counts() == once
    assert once["Article"] == 2
    assert once["TaggedArticle"] == 1


def test_rows_of_the_site_itself_stay_and_links_lead_to_the_right_articles(dump):
    own = [make_article(f"Our own story {n}", tags=("Ours",)) for n in range(3)]
    before = {article.pk: serializers.serialize("json", [article]) for article in own}
    call_command("loaddata", str(dump), verbosity=0)
    for article in own:
        row = Article.objects.get(pk=article.pk)
        assert serializers.serialize("json", [row]) == before[article.pk]
        assert [tag.name for tag in row.tags.all()] == ["Ours"]
    loaded = Article.objects.get(headline="Pilots vote")
    assert [tag.name for tag in loaded.tags.all()] == ["Harbours"]
    assert loaded.related_links.get().target.headline == "The pilots' harbour"
    assert TaggedArticle.objects.get(content_object=loaded).tag.former_names.get().name == "Ports"


def test_derived_columns_are_recomputed_and_the_body_is_sanitised(dump, tmp_path):
    rows = [row for row in json.loads(dump.read_text()) if row["model"] == "articles.article"]
    fields = rows[0]["fields"]
    fields |= {"body": "<p>Seven more words <script>alert(1)</script>here.</p>", "slug": ""}
    for name in ("body_text", "words", "headline_key"):
        fields.pop(name)
    fields |= {"section": None, "picture": None}
    path = tmp_path / "hand-written.json"
    path.write_text(json.dumps(rows[:1]))
    call_command("loaddata", str(path), verbosity=0)
    article = Article.objects.get(uid=fields["uid"])
    assert "script" not in article.body
    assert article.body_text.startswith("Seven more words")
    assert article.slug
    assert article.headline_key
