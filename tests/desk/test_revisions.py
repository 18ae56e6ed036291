"""Revisions: what is kept, what is folded, and what comes back."""

import copy
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.editorial.previews import make_link
from articles.editorial.revisions import newest, record, restore, working_data
from articles.editorial.transitions import correct, publish, submit
from articles.models import Article, Revision
from tests.chance import examples
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_person,
    make_section,
    part_of_sitemap,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def changed(article, **values):
    return {**working_data(article), **values}


def kept(revision):
    return json.dumps(revision.snapshot, sort_keys=True)


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40)
EDITS = st.fixed_dictionaries(
    {},
    optional={
        "headline": TEXT,
        "standfirst": TEXT,
        "body": TEXT.map(lambda text: f"<p>{text.replace('<', '&lt;')}</p>"),
        "tags": st.lists(st.sampled_from(["Ports", "Boats", "Lake Ohrid"]), unique=True),
        "byline": st.lists(
            st.sampled_from(["mara-lind", "jon-rask"]).map(
                lambda slug: {"author": slug, "role": "writer"}
            ),
            unique_by=lambda line: line["author"],
        ),
        "section": st.sampled_from(["world", "science", None]),
        "picture": st.sampled_from(["picture", None]),
        "seo_title": TEXT,
        "slug": st.sampled_from(["one", "two", ""]),
        "starting_views": st.integers(0, 9),
        "related": st.lists(
            st.fixed_dictionaries(
                {
                    "target": st.none(),
                    "url": st.sampled_from(["https://example.org/", ""]),
                    "title": st.sampled_from(["Elsewhere", "Nowhere"]),
                    "author": st.just(""),
                    "date": st.none(),
                    "views": st.none() | st.integers(0, 9),
                }
            ),
            max_size=2,
        ),
    },
)


@pytest.fixture
def world(db):
    make_section("World"), make_section("Science")
    make_author("Mara Lind"), make_author("Jon Rask")


@pytest.mark.django_db(transaction=False)
@pytest.mark.parametrize("status", ["draft", "published"])
@settings(
    max_examples=examples(5, proof=100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(edits=st.lists(EDITS, min_size=1, max_size=4))
def test_whatever_was_edited_a_restored_revision_is_the_old_one_to_the_byte(world, status, edits):
    article = make_article(status=status, author=make_author("Mara Lind"))
    picture = str(make_image().uid)
    first = record(article)
    made = [first]
    for edit in edits:
        if edit.get("picture"):
            edit = {**edit, "picture": picture}
        made.append(record(article, changed(article, **edit)))
    before = {revision.number: kept(revision) for revision in made}
    for old in made:
        again = restore(article, old.number)
        assert kept(again) == before[old.number]
        assert kept(article.revisions.get(number=again.number)) == before[old.number]
    # Nothing of what was there before was touched.
    for number, text in before.items():
        assert kept(article.revisions.get(number=number)) == text
    article.delete()


def test_a_restored_draft_has_its_rows_again(db):
    article = make_article(status="draft", tags=("Ports",))
    record(article)
    record(article, changed(article, headline="Another", tags=["Boats"], section=None, byline=[]))
    restore(article, 1)
    fresh = Article.objects.get(pk=article.pk)
    assert fresh.headline == "Harbour pilots vote on a new rota"
    assert [tag.name for tag in fresh.tags.all()] == ["Ports"]
    assert fresh.section.slug == "world"
    assert [line.author.slug for line in fresh.bylines.all()] == ["mara-lind"]


def test_restoring_says_where_it_came_from_and_who_did_it(db):
    article, person = make_article(status="draft"), make_person("editor")
    record(article)
    record(article, changed(article, headline="Another"))
    made = restore(article, 1, by=person)
    assert (made.number, made.made_by, made.note) == (3, person, "Restored from 1")


def test_restoring_what_is_there_already_makes_no_revision(db):
    article = make_article(status="draft")
    record(article)
    assert restore(article, 1).number == 1
    with pytest.raises(Revision.DoesNotExist):
        restore(article, 9)


# --- autosaves -----------------------------------------------------------------------------------


@pytest.fixture
def draft(db):
    article = make_article(status="draft")
    record(article, at=NOON)
    return article


def autosave(article, person, headline, minutes=0):
    return record(
        article,
        changed(article, headline=headline),
        by=person,
        at=NOON + timedelta(minutes=minutes),
        is_autosave=True,
    )


def test_autosaves_of_one_person_within_ten_minutes_are_one_revision(draft):
    writer = make_person()
    numbers = [autosave(draft, writer, f"Take {n}", n).number for n in range(10)]
    assert set(numbers) == {2}
    assert working_data(draft)["headline"] == "Take 9"
    assert draft.revisions.count() == 2


def test_ten_minutes_after_its_first_an_autosave_begins_a_new_revision(draft):
    writer = make_person()
    autosave(draft, writer, "Take 1", 0)
    assert autosave(draft, writer, "Take 2", 9).number == 2
    assert autosave(draft, writer, "Take 3", 10).number == 3


def test_autosaves_of_two_people_stay_apart(draft):
    writer, editor = make_person(), make_person("editor")
    autosave(draft, writer, "Take 1")
    assert autosave(draft, editor, "Take 2", 1).number == 3
    assert autosave(draft, writer, "Take 3", 2).number == 4


def test_nobodys_autosaves_stay_apart(draft):
    autosave(draft, None, "Take 1")
    assert autosave(draft, None, "Take 2", 1).number == 3


def test_a_save_by_hand_is_never_written_over(draft):
    writer = make_person()
    record(draft, changed(draft, headline="By hand"), by=writer, at=NOON)
    assert autosave(draft, writer, "Take 1", 1).number == 3
    assert draft.revisions.get(number=2).snapshot["headline"] == "By hand"


def test_a_save_by_hand_does_not_write_over_an_autosave(draft):
    writer = make_person()
    autosave(draft, writer, "Take 1")
    by_hand = record(draft, changed(draft, headline="By hand"), by=writer, at=NOON)
    assert (by_hand.number, by_hand.is_autosave) == (3, False)


@pytest.mark.parametrize("pinned_by", ["step", "preview link", "live"])
def test_an_autosave_that_something_points_at_stays_as_it_is(draft, pinned_by):
    writer, chief = make_person(), make_person("chief editor")
    pinned = autosave(draft, writer, "Take 1")
    if pinned_by == "step":
        submit(draft, by=chief)
    elif pinned_by == "preview link":
        make_link(draft, chief, pinned)
    else:
        publish(draft, by=chief, at=NOON)
    assert autosave(draft, writer, "Take 2", 1).number == 3
    assert draft.revisions.get(number=2).snapshot["headline"] == "Take 1"


# --- the working copy ----------------------------------------------------------------------------


def public_pages(client, article):
    addresses = (
        "/", "/latest/", "/section/world/", "/author/mara-lind/", "/tags/", "/archive/",
        "/rss.xml", "/atom.xml", "/feed.json", "/sitemap.xml", part_of_sitemap(article),
        "/news-sitemap.xml", "/llms.txt", f"{article.get_absolute_url().rstrip('/')}.md",
        "/search/?q=pilots", article.get_absolute_url(),
    )  # fmt: skip
    return {address: client.get(address).content for address in addresses}


def test_an_edit_of_a_published_article_is_on_no_public_page_until_it_is_published(client, db):
    image = make_image()
    article = make_article(tags=("Ports",))
    record(article)
    make_section("Science")
    public = Article.objects.get(pk=article.pk)
    before = public_pages(client, public)

    record(
        article,
        changed(
            article,
            headline="Nobody may read this yet",
            standfirst="Not this.",
            body="<p>Nor this.</p>",
            tags=["Quokkas"],
            section="science",
            byline=[{"author": make_author("Jon Rask").slug, "role": "writer"}],
            picture=str(image.uid),
            slug="another-address",
            seo_title="Nor that",
        ),
    )
    assert public_pages(client, public) == before
    assert client.get("/tag/quokkas/").status_code == 404
    assert Article.objects.get(pk=article.pk).has_changes_waiting

    correct(article, kind="update", note="There is news.", revision=newest(article))
    after = client.get(Article.objects.get(pk=article.pk).get_absolute_url())
    assert "Nobody may read this yet" in after.text
    assert not Article.objects.get(pk=article.pk).has_changes_waiting


def test_restoring_an_older_text_of_a_published_article_waits_for_a_verb_too(client, db):
    article = make_article()
    record(article)
    record(article, changed(article, headline="A second headline"))
    correct(article, kind="typo", revision=newest(article))
    address = Article.objects.get(pk=article.pk).get_absolute_url()
    restore(article, 1)
    assert "A second headline" in client.get(address).text
    assert newest(article).snapshot["headline"] == "Harbour pilots vote on a new rota"


def test_data_given_to_record_is_not_changed_for_its_giver(db):
    article = make_article(status="draft")
    record(article)
    data = changed(article, headline="  Spaces  ", tags=["ports", "Ports"])
    mine = copy.deepcopy(data)
    record(article, data)
    assert data == mine


@pytest.mark.parametrize("status", ["draft", "published"])
def test_a_related_link_to_the_article_itself_is_left_out(db, status):
    """A snapshot from elsewhere may hold one; the table takes none, and nothing was kept at all."""
    article, other = make_article("Otters return", status=status), make_article("Beavers, too")
    rows = [
        {"target": str(one.uid), "url": "", "title": "", "author": "", "date": None, "views": None}
        for one in (article, other)
    ]
    record(article, changed(article, standfirst="Upstream.", related=rows))
    if status == "published":
        correct(article, kind="update", note="Beavers came, too.")
    article.refresh_from_db()
    assert article.standfirst == "Upstream."
    (link,) = article.related_links.all()
    assert (link.target, link.position) == (other, 1)
