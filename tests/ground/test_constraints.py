"""Rows that cannot be: the database itself refuses them, whichever door they come by."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import (
    Article,
    Byline,
    Correction,
    DailyViews,
    DroppedNeighbour,
    KeyTerm,
    Message,
    Neighbour,
    Promo,
    Redirect,
    RelatedLink,
    Revision,
    Tag,
    TermCount,
    Translation,
)
from tests.factories import make_article, make_image

pytestmark = pytest.mark.django_db


def refuses(name, write):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
    # SQLite names a unique constraint on columns by its columns.
    assert name in str(caught.value) or "UNIQUE" in str(caught.value)


def test_a_published_article_has_a_time_and_an_address():
    article = make_article()
    rows = Article.objects.filter(pk=article.pk)
    name = "published_article_has_a_time_and_an_address"
    refuses(name, lambda: rows.update(published_at=None))
    refuses(name, lambda: rows.update(slug=""))


def test_an_article_cannot_be_in_an_unknown_state():
    article = make_article()
    refuses(
        "article_status_is_known",
        lambda: Article.objects.filter(pk=article.pk).update(status="leaked"),
    )


def test_two_articles_cannot_have_one_address():
    one, other = make_article("One"), make_article("Other")
    rows = Article.objects.filter(pk=other.pk)
    refuses("article_address_is_its_own", lambda: rows.update(slug=one.slug))


def test_a_source_text_becomes_one_article():
    make_article("One", source="wire", external_id="7")
    refuses(
        "article_is_imported_once_per_source",
        lambda: make_article("Two", source="wire", external_id="7"),
    )
    make_article("Typed here", source="", external_id="")
    make_article("Typed here too", source="", external_id="")


def test_an_author_stands_once_in_a_role():
    article = make_article()
    author = article.bylines.get().author
    refuses(
        "byline_names_an_author_once_per_role",
        lambda: Byline.objects.create(article=article, author=author),
    )


def test_an_article_is_not_related_to_itself():
    article = make_article()
    refuses(
        "related_link_leads_elsewhere",
        lambda: RelatedLink.objects.create(article=article, target=article),
    )


def test_a_neighbour_is_another_article_once_and_has_something_in_common():
    one, other = make_article("One"), make_article("Other")
    values = {"article": one, "score": 0.5, "place": 1}
    Neighbour.objects.create(neighbour=other, **values)
    name = "neighbour_stands_in_a_list_once"
    refuses(name, lambda: Neighbour.objects.create(neighbour=other, **values))
    name = "neighbour_is_another_article"
    refuses(name, lambda: Neighbour.objects.create(neighbour=one, **values))
    name = "neighbour_has_something_in_common"
    refuses(name, lambda: Neighbour.objects.update(score=0))


def test_a_dropped_neighbour_is_another_article_and_dropped_once():
    one, other = make_article("One"), make_article("Other")
    DroppedNeighbour.objects.create(article=one, neighbour=other)
    for name, neighbour in (
        ("neighbour_is_dropped_once", other),
        ("dropped_neighbour_is_another_article", one),
    ):
        refuses(name, lambda n=neighbour: DroppedNeighbour.objects.create(article=one, neighbour=n))


def test_a_word_is_counted_once_and_stands_for_a_story_once():
    article = make_article()
    values = {"number": 1, "kind": TermCount.Kind.WORD, "key": 7, "stories": 2}
    TermCount.objects.create(**values)
    refuses("term_is_counted_once_in_a_round", lambda: TermCount.objects.create(**values))
    KeyTerm.objects.create(article=article, key=7)
    refuses("story_has_a_key_term_once", lambda: KeyTerm.objects.create(article=article, key=7))


def test_a_related_link_names_a_story():
    article = make_article()
    refuses("related_link_names_a_story", lambda: RelatedLink.objects.create(article=article))


def test_a_day_of_an_article_is_counted_in_one_row():
    article = make_article()
    DailyViews.objects.create(article=article, day=date(2026, 1, 1))
    refuses(
        "daily_views_once_per_day",
        lambda: DailyViews.objects.create(article=article, day=date(2026, 1, 1)),
    )


def test_a_correction_says_what_it_corrects():
    refuses(
        "correction_says_what_it_corrects",
        lambda: Correction.objects.create(article=make_article(), note=""),
    )


def test_a_redirect_starts_here_and_leads_elsewhere():
    refuses(
        "redirect_leads_elsewhere", lambda: Redirect.objects.create(old_path="/a", new_path="/a")
    )
    refuses("redirect_starts_on_this_site", lambda: Redirect.objects.create(old_path="https://x"))


def test_a_promo_ends_after_it_starts():
    now = timezone.now()
    refuses(
        "promo_ends_after_it_starts",
        lambda: Promo.objects.create(slug="p", title="P", starts_at=now, ends_at=now),
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://a.example/", "//evil.example/"])
def test_a_promo_leads_to_no_script_and_no_other_scheme(url):
    refuses(
        "promo_leads_to_a_safe_address",
        lambda: Promo.objects.create(slug="p", title="P", url=url),
    )


def test_a_promo_on_the_front_page_is_for_the_whole_site():
    section = make_article().section
    refuses(
        "promo_on_the_front_page_is_for_the_whole_site",
        lambda: Promo.objects.create(slug="p", title="P", position="front", section=section),
    )


def test_a_message_says_something():
    refuses(
        "message_says_something",
        lambda: Message.objects.create(subject="S", name="Ada", email="ada@example.org", text=""),
    )


def test_a_group_of_translations_has_each_language_once():
    one = Translation.objects.create(article=make_article("One", language="de"))
    refuses(
        "translation_is_the_only_one_in_its_language",
        lambda: Translation.objects.create(
            article=make_article("Two", language="de"), group=one.group
        ),
    )


def test_a_tag_is_one_whatever_its_case():
    Tag.objects.create(name="Russia")
    refuses("tag_name_is_unique_whatever_its_case", lambda: Tag.objects.create(name="russia"))


def test_a_focal_point_lies_inside_its_picture():
    image = make_image()
    refuses(
        "image_focal_point_is_inside",
        lambda: type(image).objects.filter(pk=image.pk).update(focal_x=1.2),
    )


def test_history_is_not_rewritten():
    article = make_article()
    revision = Revision.objects.create(article=article, number=1, snapshot={})
    with pytest.raises(TypeError):
        revision.save()
