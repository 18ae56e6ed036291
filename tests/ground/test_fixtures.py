"""Every table can be dumped and loaded by natural keys, over a site with its own rows."""

import json

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command

from articles.models import Article, DailyViews, FormerTagName, Promo, Redirect, Tag, TaggedArticle
from articles.models.keys import NaturalKeyModel
from tests.factories import make_article, make_image, make_related


def test_every_table_of_the_app_has_a_natural_key():
    for model in apps.get_app_config("articles").get_models():
        assert hasattr(model, "natural_key"), model
        assert hasattr(model._default_manager, "get_by_natural_key"), model
        assert model.NATURAL_KEY or not issubclass(model, NaturalKeyModel), model


@pytest.fixture
def dump(tmp_path, db):
    """A fixture of one article with everything that can hang on it; the site is emptied."""
    from articles.editorial import transitions

    other = make_article("The pilots' harbour")
    article = make_article("Pilots vote", status="draft", tags=("Harbours",), picture=make_image())
    make_related(article, target=other, title="The pilots' harbour")
    transitions.publish(article)
    article.corrections.create(note="Friday, not Thursday.")
    DailyViews.objects.create(article=article, day=article.published_on, count=3)
    tag = Tag.objects.get()
    FormerTagName.objects.create(tag=tag, name="Ports", slug="ports")
    Redirect.objects.create(old_path="/old/", new_path="/latest/")
    Promo.objects.create(slug="letter", title="The letter")
    path = tmp_path / "site.json"
    call_command(
        "dumpdata", "articles", natural_foreign=True, natural_primary=True, output=str(path)
    )
    for model in (Article, Tag, Redirect, Promo):
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
