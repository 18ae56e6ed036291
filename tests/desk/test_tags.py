"""Tags are renamed, merged and split; every name and address of the past leads to today's."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from articles.editorial import tags, transitions
from articles.editorial.addresses import leave_redirect, where_now
from articles.editorial.revisions import newest, record, working_data
from articles.editorial.snapshots import snapshot
from articles.editorial.tag_names import NameTaken
from articles.models import Article, FormerTagName, Tag, TagChange, TaggedArticle
from tests.factories import Status, make_article, make_person

pytestmark = pytest.mark.django_db


def make_tag(name):
    return Tag.objects.get_or_create(name=name)[0]


def make_live(headline, *names):
    """Return an article that was published by the verb, with its revision."""
    article = make_article(headline, status=Status.APPROVED, tags=names)
    transitions.publish(article)
    return article


def edit(article, **changes):
    return record(article, {**working_data(article), **changes})


def tags_of(article):
    return snapshot(Article.objects.get(pk=article.pk))["tags"]


def live_tags(article):
    article.refresh_from_db()
    return article.revisions.get(number=article.live_number).snapshot["tags"]


def state():
    """All that an undo has to bring back."""
    return (
        sorted(Tag.objects.values_list("name", "slug", "description")),
        {article.headline: tags_of(article) for article in Article.objects.all()},
        sorted(FormerTagName.objects.values_list("name", "tag__name")),
    )


# --- rename --------------------------------------------------------------------------------------


def test_a_renamed_tag_is_found_by_its_former_name_and_address():
    article, tag = make_live("One", "Harbours"), make_tag("Harbours")
    tags.rename(tag, "Ports")
    assert (tag.name, tag.slug) == ("Ports", "ports")
    assert tags_of(article) == ["Ports"]
    assert where_now("/tag/harbours/") == "/tag/ports/"
    assert where_now("/tag/harbours/rss.xml") == "/tag/ports/rss.xml"


def test_two_renamings_are_no_chain():
    tag = make_tag("Harbours")
    leave_redirect("/topics/harbours/", tag.get_absolute_url())
    tags.rename(tag, "Ports")
    tags.rename(tag, "Docks")
    for old in ("/tag/harbours/", "/tag/ports/", "/topics/harbours/"):
        assert where_now(old) == "/tag/docks/"


def test_a_tag_that_gets_its_old_name_back_has_no_address_that_leads_to_itself():
    tag = make_tag("Harbours")
    tags.rename(tag, "Ports")
    tags.rename(tag, "Harbours")
    assert [former.slug for former in tag.former_names.all()] == ["ports"]


@pytest.mark.parametrize("slug", [None, "harbours", "p"])
def test_an_article_published_after_a_renaming_does_not_bring_the_old_tag_back(slug):
    article = make_live("One", "Harbours")
    draft = make_article("Two", status=Status.APPROVED, tags=("Harbours",))
    record(draft)
    tags.rename(make_tag("Harbours"), "Ports", slug=slug)
    edit(article, headline="One, corrected")
    transitions.correct(article, kind="typo")
    transitions.publish(draft)
    assert tags_of(article) == tags_of(draft) == ["Ports"]
    assert Tag.objects.count() == 1


def test_a_tag_whose_address_was_made_up_is_found_by_its_former_name():
    article = make_live("One", "Harbours")
    Tag.objects.update(slug="h")
    tags.rename(Tag.objects.get(), "Ports")
    edit(article, headline="One, corrected")
    transitions.correct(article, kind="typo")
    assert Tag.objects.count() == 1
    assert where_now("/tag/h/") == "/tag/ports/"


@pytest.mark.parametrize("name", ["ports", "PORTS", "  Ports "])
def test_a_name_that_is_taken_in_any_case_offers_to_merge(name):
    taken, tag = make_tag("Ports"), make_tag("Harbours")
    with pytest.raises(NameTaken, match="Merge the two") as caught:
        tags.rename(tag, name)
    assert caught.value.tag == taken


def test_a_name_in_another_script_is_taken_in_any_case():
    make_tag("Überfahrt")
    with pytest.raises(NameTaken):
        tags.rename(make_tag("Ports"), "ÜBERFAHRT")


def test_the_former_name_of_another_tag_is_not_free():
    tags.rename(make_tag("Harbours"), "Ports")
    other = make_tag("Docks")
    with pytest.raises(ValidationError, match="former name of the tag “Ports”"):
        tags.rename(other, "harbours")
    with pytest.raises(ValidationError, match="former name"):
        tags.rename(other, "Quays", slug="harbours")


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_name_must_be_one(name):
    with pytest.raises(ValidationError):
        tags.rename(make_tag("Ports"), name)


@pytest.mark.parametrize("slug", ["two words", "ä/b", "docks"])
def test_an_address_must_be_one_and_free(slug):
    make_tag("Docks")
    with pytest.raises(ValidationError):
        tags.rename(make_tag("Ports"), "Harbours", slug=slug)


def test_a_renaming_to_the_same_name_is_no_change():
    assert tags.rename(make_tag("Ports"), "Ports") is None
    assert not TagChange.objects.exists()


def test_a_change_of_case_keeps_address_and_leaves_nothing_behind():
    tag = make_tag("ports")
    tags.rename(tag, "Ports")
    assert (tag.name, tag.slug) == ("Ports", "ports")
    assert not FormerTagName.objects.exists()


# --- merge ---------------------------------------------------------------------------------------


def test_merged_tags_leave_each_article_one_tag_in_its_place():
    make_live("Both", "Docks", "Sea", "Ports", "Quays")
    make_live("One", "Sea", "Docks", "Trade")
    change = tags.merge([make_tag("Docks"), make_tag("Quays")], make_tag("Ports"))
    found = {article.headline: tags_of(article) for article in Article.objects.all()}
    assert found == {"Both": ["Sea", "Ports"], "One": ["Sea", "Ports", "Trade"]}
    assert change.summary == "“Docks”, “Quays” merged into “Ports”"
    for old in ("/tag/docks/", "/tag/quays/"):
        assert where_now(old) == "/tag/ports/"


def test_former_names_of_a_merged_tag_lead_to_the_one_that_stays():
    tag = make_tag("Harbours")
    leave_redirect("/topics/harbours/", "/tag/harbours/")
    tags.rename(tag, "Docks")
    tags.merge([tag], make_tag("Ports"))
    for old in ("/tag/harbours/", "/tag/docks/", "/topics/harbours/"):
        assert where_now(old) == "/tag/ports/"
    assert where_now("/tag/harbours/feed.json") == "/tag/ports/feed.json"


def test_after_a_merger_publishing_does_not_bring_the_old_tag_back():
    article = make_live("One", "Docks")
    tags.merge([make_tag("Docks")], make_tag("Ports"))
    edit(article, headline="Corrected")
    transitions.correct(article, kind="typo")
    assert tags_of(article) == ["Ports"]
    assert list(Tag.objects.values_list("name", flat=True)) == ["Ports"]


def test_merging_a_tag_into_itself_is_refused():
    tag = make_tag("Ports")
    with pytest.raises(ValidationError, match="another tag"):
        tags.merge([tag], tag)


def test_an_undone_merger_brings_back_tags_places_names_and_redirects():
    make_live("Both", "Docks", "Sea", "Ports")
    make_live("Two", "Sea", "Docks", "Quays")
    make_live("One", "Quays", "Trade")
    tags.rename(make_tag("Docks"), "Wharves")
    Tag.objects.filter(name="Quays").update(description="Where ships lie")
    leave_redirect("/topics/quays/", "/tag/quays/")
    before = state()
    change = tags.merge([make_tag("Wharves"), make_tag("Quays")], make_tag("Ports"))
    assert state() != before
    tags.undo(change)
    assert state() == before
    assert where_now("/topics/quays/") == "/tag/quays/"
    assert where_now("/tag/docks/") == "/tag/wharves/"


def test_an_undone_merger_leaves_alone_what_was_changed_by_hand_since():
    kept, untagged = make_live("Kept", "Docks"), make_live("Untagged", "Docks")
    change = tags.merge([make_tag("Docks")], make_tag("Ports"))
    edit(untagged, tags=["Trade"])
    transitions.correct(untagged, kind="typo")
    added = make_live("Added", "Ports")
    tags.undo(change)
    assert [tags_of(one) for one in (kept, untagged, added)] == [["Docks"], ["Trade"], ["Ports"]]


def test_an_article_edited_between_a_merger_and_its_undoing_keeps_its_tag_when_published():
    article = make_live("One", "Docks")
    change = tags.merge([make_tag("Docks")], make_tag("Ports"))
    edit(article, headline="Corrected")
    tags.undo(change)
    transitions.correct(article, kind="typo")
    assert tags_of(article) == ["Docks"]


def test_a_merged_tag_does_not_come_back_over_one_that_has_its_name():
    change = tags.merge([make_tag("Docks")], make_tag("Ports"))
    Tag.objects.create(name="Docks", slug="docks-2")
    with pytest.raises(ValidationError, match="“Docks” cannot come back"):
        tags.undo(change)


# --- undo, deletion, rights, size ----------------------------------------------------------------


def test_undoing_twice_is_undoing_once():
    tag, person = make_tag("Harbours"), make_person("editor")
    change = tags.rename(tag, "Ports", by=person)
    tags.undo(change, by=person)
    first = change.undone_at
    tags.rename(Tag.objects.get(), "Docks")
    tags.undo(change)
    assert (change.undone_at, change.undone_by_name) == (first, "editor")
    assert Tag.objects.get().name == "Docks"


def test_a_later_change_of_the_same_tag_is_undone_first():
    first = tags.rename(make_tag("Harbours"), "Ports")
    second = tags.merge([make_tag("Ports")], make_tag("Docks"))
    tags.rename(make_tag("Elsewhere"), "Nowhere")
    with pytest.raises(ValidationError, match="“Ports” merged into “Docks”"):
        tags.undo(first)
    tags.undo(second)
    tags.undo(first)
    assert {"Harbours", "Docks"} <= set(Tag.objects.values_list("name", flat=True))


def test_the_address_of_an_undone_name_leads_back():
    tags.undo(tags.rename(make_tag("Harbours"), "Ports"))
    assert where_now("/tag/ports/") == "/tag/harbours/"


def test_a_change_of_a_tag_that_is_gone_cannot_be_undone():
    tag = make_tag("Harbours")
    change = tags.rename(tag, "Ports")
    tags.remove(tag)
    with pytest.raises(ValidationError, match="not there any more"):
        tags.undo(change)


def test_a_tag_that_stories_carry_is_not_deleted():
    make_live("One", "Ports")
    with pytest.raises(ValidationError, match="“Ports” stands on 1 article"):
        tags.remove(make_tag("Ports"))


def test_a_deleted_tag_says_that_it_is_gone_at_all_its_addresses():
    tag = make_tag("Harbours")
    tags.rename(tag, "Ports")
    leave_redirect("/topics/ports/", "/tag/ports/")
    tags.remove(tag)
    for path in ("/tag/harbours/", "/tag/ports/", "/tag/ports/atom.xml", "/topics/ports/"):
        assert where_now(path) == ""


@pytest.mark.parametrize("role", ["writer", "editor", "chief editor"])
def test_editors_change_tags_and_writers_do_not(role):
    article, person = make_live("One", "Harbours", "Sea"), make_person(role)
    tag, sea = make_tag("Harbours"), make_tag("Sea")
    steps = [
        lambda: tags.rename(tag, "Ports", by=person),
        lambda: tags.split(tag, "Docks", [article], by=person),
        lambda: tags.merge([sea], tag, by=person),
    ]
    if role == "writer":
        for step in steps:
            with pytest.raises(PermissionDenied):
                step()
        with pytest.raises(PermissionDenied):
            tags.undo(tags.rename(tag, "Ports"), by=person)
        return
    for step in steps:
        assert step().made_by_name == person.username
    spare = make_tag("Spare")
    if role == "editor":
        with pytest.raises(PermissionDenied):
            tags.remove(spare, by=person)
    else:
        tags.remove(spare, by=person)


def make_many(number, *names):
    """Return how many articles now have the tags, each with a revision that is live."""
    article = make_live("The first", *names)
    revision = newest(article)
    columns = {
        field.attname: getattr(article, field.attname)
        for field in Article._meta.concrete_fields
        if field.attname not in {"id", "uid", "slug"}
    }
    copies = Article.objects.bulk_create(
        Article(**columns, slug=f"copy-{place}") for place in range(number - 1)
    )
    type(revision).objects.bulk_create(
        type(revision)(article=copy, number=1, snapshot=revision.snapshot) for copy in copies
    )
    for name in names:
        tag = make_tag(name)
        TaggedArticle.objects.bulk_create(
            TaggedArticle(content_object=copy, tag=tag) for copy in copies
        )


def queries_for(number, django_assert_max_num_queries, most):
    make_many(number, "Sea", "Docks")
    with django_assert_max_num_queries(most):
        change = tags.merge([make_tag("Docks")], make_tag("Ports"))
    with django_assert_max_num_queries(most):
        tags.undo(change)
    with django_assert_max_num_queries(most):
        change = tags.split(make_tag("Sea"), "Lakes", Article.objects.all())
    with django_assert_max_num_queries(most):
        tags.undo(change)
    assert TaggedArticle.objects.filter(tag__name="Sea").count() == number


def test_a_hundred_articles_are_retagged_in_as_many_queries_as_one(django_assert_max_num_queries):
    queries_for(100, django_assert_max_num_queries, 60)


@pytest.mark.proof
def test_thousands_of_articles_are_retagged_in_a_bounded_number_of_queries(
    django_assert_max_num_queries,
):
    queries_for(5_000, django_assert_max_num_queries, 1_000)
