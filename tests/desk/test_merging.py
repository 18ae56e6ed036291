"""Several people save one article: what becomes of the working copy, and what of its history."""

import itertools

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.editorial import merging, revisions
from articles.editorial.checks import blocking
from articles.editorial.revisions import record, working_copy, working_data
from articles.editorial.transitions import publish
from articles.models import Article, Conflict, Revision, Weave
from tests.factories import Status, make_article, make_person

pytestmark = pytest.mark.django_db

BODY = "<p>The pilots vote on Friday. Ten of them came.</p><p>The port is open.</p>"


@pytest.fixture
def article():
    return make_article(status=Status.DRAFT, body=BODY, tags=("Ports",))


def people():
    ann = make_person("editor", username="ann")
    bob = make_person("editor", username="bob")
    return ann, bob


def send(article, by, base, **values):
    return merging.save(article, values, by=by, client=by.username, base=base, is_autosave=True)


def test_a_save_that_nobody_raced_is_kept_to_the_letter(article):
    ann, _bob = people()
    body = "<p>The <em><strong>pilots</strong></em> vote.</p>"
    merged = send(article, ann, merging.clock_of(article), body=body)
    assert merged.data["body"] == body
    assert merged.foreign == []
    assert merged.conflicts == []


def test_saves_that_race_are_merged_over_all_fields(article):
    ann, bob = people()
    base = merging.clock_of(article)
    send(article, ann, base, body=BODY.replace("Ten", "Eleven"), tags=["Ports", "Law"])
    merged = send(
        article,
        bob,
        base,
        body=BODY.replace("is open", "is closed"),
        tags=["Ports", "Boats"],
        headline="Harbour pilots vote on the new rota",
        seo_title="Pilots vote",
    )
    data = working_data(article)
    assert data == merged.data
    assert "Eleven of them" in data["body"]
    assert "The port is closed." in data["body"]
    assert set(data["tags"]) == {"Ports", "Law", "Boats"}
    assert data["headline"] == "Harbour pilots vote on the new rota"
    assert set(merged.foreign) == {"body", "tags"}
    assert merged.conflicts == []
    assert Article.objects.get(pk=article.pk).body == data["body"]


def test_what_others_did_to_fields_that_were_not_sent_is_told(article):
    ann, bob = people()
    base = merging.clock_of(article)
    send(article, ann, base, standfirst="What the pilots want now.")
    merged = send(article, bob, base, headline="Pilots vote")
    assert merged.foreign == ["standfirst"]


def test_the_same_words_changed_by_two_are_kept_told_and_stop_the_gate(article):
    ann, bob = people()
    base = merging.clock_of(article)
    send(article, ann, base, body=BODY.replace("Ten", "Eleven"))
    merged = send(article, bob, base, body=BODY.replace("Ten", "Twelve"))
    (conflict,) = merged.conflicts
    assert conflict.field == "body"
    assert conflict.base == "Ten"
    assert {(one["name"], one["value"]) for one in conflict.versions} == {
        ("ann", "Eleven"),
        ("bob", "Twelve"),
    }
    assert "Eleven" in merged.data["body"]
    assert "Twelve" in merged.data["body"]
    kept = [line.snapshot["body"] for line in article.revisions.all()]
    assert any("Twelve of" in body and "Eleven" not in body for body in kept)
    assert any("Eleven of" in body and "Twelve" not in body for body in kept)
    assert "conflict" in {issue.code for issue in blocking(working_copy(article), "publish")}


def around(article, text, base, *versions):
    """What stands around the conflict of two people who put other words for `base`."""
    clock = merging.clock_of(article)
    for person, version in zip(people(), versions, strict=True):
        merged = send(article, person, clock, body=text.replace(base, version))
    return merged.conflicts[0].place["around"]


@pytest.mark.parametrize(
    ("text", "base", "versions", "expected"),
    [
        (BODY, "Ten", ("Eleven", "Twelve"), ("The pilots vote on Friday. ", " of them came.")),
        # Of a long line, twelve words on each side; markup is no word of it.
        (
            "<p>" + "a <em>b</em> " * 9 + "Ten" + ", c d" * 9 + "</p>",
            "Ten", ("Eleven", "Twelve"), ("… " + "a b " * 6, ", c d" * 6 + ", …"),
        ),
        # Words that one of them took away, and the spaces beside them.
        (BODY, "Ten of them", ("", "Ten of us"), ("The pilots vote on Friday.", "came.")),
        ("<p>בשעה שש נפתח הנמל.</p>", "שש", ("שבע", "שמונה"), ("בשעה ", " נפתח הנמל.")),
    ],
    ids=["a line", "a long line", "taken away", "Hebrew"],
)  # fmt: skip
def test_a_conflict_knows_the_words_around_it(text, base, versions, expected):
    article = make_article(status=Status.DRAFT, body=text)
    assert tuple(around(article, text, base, *versions)) == expected


def test_choosing_a_version_settles_the_conflict(article):
    ann, bob = people()
    base = merging.clock_of(article)
    send(article, ann, base, body=BODY.replace("Ten", "<em>Eleven</em>"))
    merged = send(article, bob, base, body=BODY.replace("Ten", "Twelve"))
    settled = merging.settle(article, merged.conflicts[0].number, "Eleven", by=bob)
    assert settled.conflicts == []
    assert "Friday. <em>Eleven</em> of them" in settled.data["body"]
    assert "Twelve" not in settled.data["body"]
    assert Conflict.objects.get().settled_by_name == "bob"
    with pytest.raises(Conflict.DoesNotExist):
        merging.settle(article, merged.conflicts[0].number, "Twelve", by=bob)


def test_a_screen_that_goes_on_after_the_choice_loses_nothing(article):
    ann, bob = people()
    base = merging.clock_of(article)
    send(article, ann, base, body=BODY.replace("Ten", "Eleven"))
    merged = send(article, bob, base, body=BODY.replace("Ten", "Twelve"))
    merging.settle(article, merged.conflicts[0].number, "Twelve", by=bob)
    more = BODY.replace("Ten", "Eleven").replace("open.", "open. Ships wait.")
    last = send(article, ann, base, body=more)
    assert "Ships wait." in last.data["body"]
    assert "Twelve of them" in last.data["body"]
    assert "Eleven" not in last.data["body"]


def test_whoever_saw_the_conflict_and_rewrites_the_words_has_chosen(article):
    ann, bob = people()
    base = merging.clock_of(article)
    send(article, ann, base, body=BODY.replace("Ten", "Eleven"))
    merged = send(article, bob, base, body=BODY.replace("Ten", "Twelve"))
    mended = merged.data["body"].replace("Twelve ", "").replace(" Twelve", "")
    last = send(article, bob, merged.clock, body=mended)
    assert last.conflicts == []


def longer_headlines(article):
    """Two headlines that fit, grown from one at both its ends, and that do not fit together."""
    return f"{article.headline} {'tides ' * 25}".strip(), f"{'boats ' * 25}{article.headline}"


def test_headlines_that_do_not_fit_together_are_a_choice_in_which_both_are_whole(article):
    ann, bob = people()
    base = merging.clock_of(article)
    one, other = longer_headlines(article)
    send(article, ann, base, headline=one)
    merged = send(article, bob, base, headline=other, standfirst="Bob's.")
    assert merged.data["headline"] == one
    assert merged.data["standfirst"] == "Bob's."
    assert merged.foreign == ["headline"]
    (conflict,) = merged.conflicts
    assert {(row["name"], row["value"]) for row in conflict.versions} == {
        ("ann", one),
        ("bob", other),
    }
    assert {one, other} <= {line.snapshot["headline"] for line in article.revisions.all()}
    # The answer was lost: the same again adds nothing.
    again = send(article, bob, base, headline=other)
    assert (again.data["headline"], len(again.conflicts)) == (one, 1)


def test_a_whole_headline_can_be_chosen_and_one_that_is_too_long_cannot(article):
    ann, bob = people()
    base = merging.clock_of(article)
    one, other = longer_headlines(article)
    send(article, ann, base, headline=one)
    number = send(article, bob, base, headline=other).conflicts[0].number
    with pytest.raises(ValidationError):
        merging.settle(article, number, f"{one} {other}", by=ann)
    settled = merging.settle(article, number, other, by=ann)
    assert settled.data["headline"] == other
    assert settled.conflicts == []
    later = send(article, bob, settled.clock, headline="Harbour pilots vote")
    assert (later.data["headline"], later.conflicts) == ("Harbour pilots vote", [])


def test_a_choice_of_a_field_is_put_to_the_editor_too(article):
    ann, bob = people()
    base = merging.clock_of(article)
    send(article, ann, base, language="de")
    merged = send(article, bob, base, language="fr")
    (conflict,) = merged.conflicts
    assert {one["value"] for one in conflict.versions} == {"de", "fr"}
    assert merging.settle(article, conflict.number, "de", by=ann).data["language"] == "de"


def test_two_people_who_choose_the_same_do_not_disagree(article):
    ann, bob = people()
    base = merging.clock_of(article)
    send(article, ann, base, language="de")
    assert send(article, bob, base, language="de").conflicts == []


def test_an_autosave_of_a_live_article_touches_nothing_that_readers_see():
    ann, bob = people()
    article = make_article(body=BODY)
    publish_state = Article.objects.values().get(pk=article.pk)
    base = merging.clock_of(article)
    send(article, ann, base, headline="Another headline", slug="another", body="<p>Other.</p>")
    send(article, bob, base, headline="A third headline")
    now = Article.objects.values().get(pk=article.pk)
    changed = {name for name in now if now[name] != publish_state[name]}
    assert changed <= {"working_number", "live_number", "saved_at"}


def test_what_was_restored_meanwhile_is_a_change_like_any_other(article):
    ann, bob = people()
    record(article, {**working_data(article), "standfirst": "First."}, by=ann)
    first = revisions.newest(article)
    base = merging.clock_of(article)
    send(article, ann, base, standfirst="Second.")
    revisions.restore(article, first.number, by=bob)
    merged = send(article, ann, base, standfirst="Second.", body=BODY.replace("Ten", "Nine"))
    assert merged.data["standfirst"] == "First."
    assert "Nine of them" in merged.data["body"]


def test_the_address_of_a_draft_follows_its_headline_until_somebody_chooses_one(article):
    ann, _bob = people()
    blank = Article()
    blank.save()
    one = send(blank, ann, merging.clock_of(blank), headline="Har", slug="")
    two = send(blank, ann, one.clock, headline="Harbour opens", slug=one.data["slug"])
    assert two.data["slug"] == "harbour-opens"
    three = send(blank, ann, two.clock, headline="Harbour opens late", slug="harbour")
    assert three.data["slug"] == "harbour"
    assert (
        send(blank, ann, three.clock, headline="Harbour", slug="harbour").data["slug"] == "harbour"
    )


def test_a_weave_begun_anew_still_merges_a_screen_that_was_away(article, monkeypatch):
    ann, bob = people()
    base = merging.clock_of(article)
    send(article, bob, base, body=BODY.replace("is open", "is closed"))
    monkeypatch.setattr(merging, "_HEAVY", 0)
    monkeypatch.setattr(merging, "_QUIET_SECONDS", -1)
    send(article, bob, merging.clock_of(article), standfirst="Begun anew.")
    late = send(article, ann, base, body=BODY.replace("Ten", "Nine"))
    assert "Nine of them" in late.data["body"]
    assert "The port is closed." in late.data["body"]
    assert late.data["standfirst"] == "Begun anew."


def test_saves_in_any_order_come_to_the_same_article():
    bodies = {
        "ann": BODY.replace("Ten", "Eleven"),
        "bob": BODY.replace("open.", "open. It stays so."),
        "cay": BODY.replace("<p>The port", "<p>A storm came.</p><p>The port"),
    }
    found = set()
    for order in itertools.permutations(bodies):
        article = make_article(f"Order {order}", status=Status.DRAFT, body=BODY)
        base = merging.clock_of(article)
        for name in order:
            merging.save(article, {"body": bodies[name]}, by=None, client=name, base=base)
        found.add(working_data(article)["body"])
    assert len(found) == 1


def test_an_autosave_asks_the_database_a_bounded_number_of_times(article):
    ann, bob = people()
    base = merging.clock_of(article)
    send(article, ann, base, body=BODY.replace("Ten", "Eleven"))
    with CaptureQueriesContext(connection) as asked:
        send(article, bob, base, body=BODY.replace("is open", "is closed"))
    assert len(asked) <= 26, [query["sql"][:90] for query in asked]


def test_a_published_working_copy_goes_on_under_the_same_clock(article):
    ann, _bob = people()
    chief = make_person("chief editor")
    merged = send(article, ann, merging.clock_of(article), body=BODY.replace("Ten", "Nine"))
    publish(Article.objects.get(pk=article.pk), by=chief, override="A test.")
    assert merging.clock_of(Article.objects.get(pk=article.pk)) == merged.clock
    assert Weave.objects.get().saved_at <= timezone.now()
    assert Revision.objects.filter(article=article).exists()
