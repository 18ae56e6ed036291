"""The gate's checkers: each fault is found, named and weighed; clean articles raise no alarm."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from articles.editorial import checks, transitions
from articles.editorial.checks import Checker, Issue, Severity, blocking, findings
from articles.editorial.revisions import working_copy
from articles.editorial.snapshots import laid_over, snapshot
from articles.models import Article, Image
from tests.factories import (
    Status,
    make_article,
    make_image,
    make_section,
)
from tests.text.clean_prose import CLEAN

pytestmark = pytest.mark.django_db

LINKED = '<p>The pilots vote, <a href="{}">as they did</a> before.</p>'
MOMENT = datetime(2026, 3, 4, 12, tzinfo=UTC)


def make_draft(headline="Harbour pilots vote on a new rota", **values):
    return make_article(headline, status=Status.DRAFT, **values)


def codes(article, purpose="publish", **given):
    return {issue.code for issue in findings(working_copy(article), purpose, **given)}


def stops(article):
    return {issue.code for issue in blocking(working_copy(article), "publish")}


# --- no false alarms ---------------------------------------------------------------------------


def test_a_clean_article_has_nothing_to_mend():
    assert findings(working_copy(make_draft(picture=make_image())), "publish") == []


@pytest.mark.parametrize(("language", "text"), CLEAN)
def test_clean_prose_of_many_languages_raises_no_alarm(language, text):
    article = make_draft(body=f"<p>{text}</p>", standfirst=text, language=language)
    assert findings(working_copy(article), "publish") == []


def test_there_is_clean_prose_of_many_languages():
    assert len(CLEAN) >= 40
    assert len({language for language, _text in CLEAN}) >= 18


def test_the_seeded_world_raises_no_alarm(settings, tmp_path):
    # That texts and fixture give the same world is told in tests/importers/test_world.py.
    settings.MEDIA_ROOT = tmp_path / "media"
    call_command("loaddata", str(site.SEEDS_DIR / "world.json"), verbosity=0)
    published = list(Article.objects.published())
    assert len(published) == 21
    said = [issue for one in published for issue in findings(working_copy(one), "publish")]
    assert said == []
    [draft] = Article.objects.filter(status=Status.DRAFT)
    assert {"headline", "holes"} <= stops(draft)


# --- what is found -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"headline": ""}, "headline", "headline"),
        ({"body": ""}, "body", "body"),
        ({"standfirst": ""}, "standfirst", "standfirst"),
        ({"body": "<p>The mayor spoke on , a day late.</p>"}, "holes", "body"),
        ({"standfirst": "It opened in ."}, "holes", "standfirst"),
        ({"headline": "From to , the ferry ran"}, "holes", "headline"),
        ({"seo_description": "Born in , he sailed."}, "holes", "seo_description"),
        ({"body": "<ul><li><p>Fell by percent.</p></li></ul>"}, "holes", "body"),
        ({"body": "<p>Written by  and sold.</p>"}, "blanks", "body"),
        ({"body": "<p>The mayor, TK, spoke.</p>"}, "marks", "body"),
        ({"headline": "TKTK pilots vote"}, "marks", "headline"),
        ({"seo_title": "[insert title]"}, "marks", "seo_title"),
        ({"body": "<p>Vote.</p><p>Read more</p>"}, "furniture", "body"),
        ({"body": "<ul><li><p>A</p></li><li></li></ul>"}, "furniture", "body"),
        ({"body": "<p>Yes.</p><h2>Why</h2><h4>Now</h4>"}, "headings", "body"),
        ({"body": "<p>Yes.</p><h3>Why</h3>"}, "headings", "body"),
        ({"body": "<p>Yes.</p><h2></h2><p>No.</p>"}, "headings", "body"),
        ({"body": '<p><a href="#">Here</a> it is.</p>'}, "empty-links", "body"),
        ({"body": "<p><a>Here</a> it is.</p>"}, "empty-links", "body"),
        ({"body": '<p>It is <a href="/latest/"></a>.</p>'}, "empty-links", "body"),
        ({"body": "<p><a href='javascript:x()'>Here</a></p>"}, "empty-links", "body"),
        ({"body": LINKED.format("#why")}, "dead-links", "body"),
        ({"body": LINKED.format("www.other.example")}, "dead-links", "body"),
        ({"seo_title": "A title that goes on " * 4}, "seo-length", "seo_title"),
        ({"seo_title": "港口引航员就新的值班表投票" * 3}, "seo-length", "seo_title"),
        ({"seo_description": "It goes on and on " * 12}, "seo-length", "seo_description"),
        ({"embargo_until": timezone.now() + timedelta(days=900)}, "embargo", "embargo_until"),
    ],
)
def test_each_fault_is_found_and_names_its_field(values, code, field):
    found = [
        issue
        for issue in findings(working_copy(make_draft(**values)), "publish")
        if issue.code == code
    ]
    assert [issue.field for issue in found] == [field]
    assert found[0].message


def test_section_byline_and_picture_are_asked_for():
    article = make_draft(picture=make_image(alt=" ", credit=""))
    Article.objects.filter(pk=article.pk).update(section=None)
    article.bylines.all().delete()
    article.refresh_from_db()
    found = blocking(working_copy(article), "publish")
    assert [(issue.field, issue.code) for issue in found] == [
        ("section", "section"),
        ("byline", "byline"),
        ("picture", "alt-text"),
        ("picture", "credit"),
    ]


@pytest.mark.parametrize("alt", ["IMG_2034.jpg", "DSC00123", "pilot boat.png", "photo", "Image 3"])
def test_a_files_name_is_no_alt_text(alt):
    assert "alt-text" in stops(make_draft(picture=make_image(alt=alt)))


def test_a_decorative_picture_needs_no_alt_text_and_no_picture_needs_nothing():
    assert stops(make_draft(picture=make_image(alt="", is_decorative=True))) == set()
    assert stops(make_draft()) == set()


def test_a_mark_in_the_words_of_the_picture_names_the_picture():
    article = make_draft(picture=make_image(caption="The boat, TK"))
    [issue] = findings(working_copy(article), "publish")
    assert (issue.code, issue.field) == ("marks", "picture")


def test_the_place_of_a_hole_is_quoted():
    article = make_draft(body="<p>The mayor of Bristol spoke on , a sequence seen.</p>")
    [issue] = blocking(working_copy(article), "publish")
    assert "Bristol spoke on , a sequence" in issue.message


def test_many_faults_of_a_kind_are_counted_not_listed():
    article = make_draft(body="<p>Read more</p>" * 30)
    found = [one for one in findings(working_copy(article), "publish") if one.code == "furniture"]
    assert len(found) == 9
    assert "22" in found[-1].message


def test_a_region_does_not_hide_a_language():
    article = make_draft(body="<p>The mayor spoke on , late.</p>", language="en-gb")
    assert "holes" in stops(article)


# --- headlines -------------------------------------------------------------------------------


def test_a_headline_that_opens_the_text_is_read_twice():
    article = make_draft(body="<p>Harbour pilots vote on a new rota this Friday, they say.</p>")
    assert (codes(article), stops(article)) == ({"headline-from-text"}, set())
    short = make_draft("Berlin", body="<p>Berlin is older than it looks.</p>")
    assert codes(short) == set()


def test_an_imports_own_headline_is_refused_once_and_not_advised_twice():
    article = make_draft(
        body="<p>Harbour pilots vote on a new rota this Friday.</p>",
        import_warnings=[{"code": "no-headline", "message": "The text has no headline."}],
    )
    [issue] = findings(working_copy(article), "publish")
    assert (issue.code, issue.severity) == ("headline", Severity.REFUSE)


@pytest.mark.parametrize(
    ("state", "is_double"),
    [("published", True), ("scheduled", True), ("draft", False), ("withdrawn", False)],
)
def test_a_headline_that_readers_see_already_is_told(state, is_double):
    make_article("“Harbour pilots” vote on a new rota!", status=state)
    assert ("duplicate-headline" in codes(make_draft())) is is_double


def test_an_article_is_no_double_of_itself():
    article = make_draft()
    transitions.publish(article)
    assert codes(article) == set()


# --- rows that are gone --------------------------------------------------------------------------


def test_rows_that_a_revision_names_and_that_are_gone_are_told():
    article = make_draft(picture=make_image())
    data = snapshot(article)
    data["byline"].append({"author": "nobody-here", "role": "writer"})
    data["picture"] = "00000000-0000-4000-8000-000000000000"
    found = blocking(laid_over(article, data), "publish")
    assert [(issue.code, issue.field) for issue in found] == [
        ("gone", "byline"),
        ("gone", "picture"),
    ]
    assert "nobody-here" in found[0].message


# --- severities ----------------------------------------------------------------------------------


def test_a_raw_text_may_be_handed_in_and_an_empty_one_may_not():
    raw = make_draft(body="<p>The mayor, TK, spoke on , late.</p><p>Read more</p>", standfirst="")
    raw.bylines.all().delete()
    assert {"marks", "holes", "furniture", "byline"} <= codes(raw, "review")
    transitions.submit(raw)
    transitions.approve(raw)
    with pytest.raises(transitions.NotReady):
        transitions.submit(make_draft("Empty", body=""))


def test_issues_come_in_the_order_of_the_form():
    article = make_draft(
        "", standfirst="", body="<p>The mayor, TK, spoke.</p>", picture=make_image(alt="")
    )
    fields = [issue.field for issue in findings(working_copy(article), "publish")]
    assert fields == ["headline", "standfirst", "body", "picture"]


def test_every_stock_checker_has_a_name_of_its_own_and_known_severities():
    names = [checker.code for checker in checks.STOCK]
    assert len(set(names)) == len(names)
    for checker in checks.STOCK:
        assert set(checker.severities) <= set(checks.PURPOSES)
        assert "publish" in checker.severities


# --- a project's own -----------------------------------------------------------------------------


def _no_exclamation(article, at):
    if article.headline.endswith("!"):
        yield Issue("headline", "We do not shout.")


no_exclamation = Checker("no-exclamation", _no_exclamation, {"publish": Severity.STOP})
second_body = Checker("body", _no_exclamation, {"publish": Severity.STOP})
wrong_field = Checker("wrong", lambda a, at: [Issue("colour", "Red.")], {"publish": Severity.STOP})
HERE = "tests.desk.test_checks"


def test_a_project_adds_a_checker_by_its_settings(settings):
    article = make_draft("Pilots vote!")
    assert stops(article) == set()
    settings.NEWSROOM = {"CHECKERS": [f"{HERE}.no_exclamation"]}
    assert stops(article) == {"no-exclamation"}
    with pytest.raises(transitions.NotReady, match="shout"):
        transitions.publish(article)


def test_a_project_weighs_checks_by_its_settings(settings):
    article = make_draft(standfirst="", body="<p>The mayor, TK, spoke.</p>")
    assert stops(article) == {"marks"}
    settings.NEWSROOM = {
        "SEVERITIES": {"standfirst": {"publish": "refuse"}, "marks": {"publish": None}}
    }
    [issue] = findings(working_copy(article), "publish")
    assert (issue.code, issue.severity) == ("standfirst", Severity.REFUSE)
    assert "marks" in codes(article, "review")


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({"CHECKERS": ["no.such.module"]}, "“no.such.module”, which cannot be imported"),
        ({"CHECKERS": [f"{HERE}.no_such_name"]}, "no_such_name”, which cannot be imported"),
        ({"CHECKERS": ["plain"]}, "“plain”, which cannot be imported"),
        ({"CHECKERS": [f"{HERE}._no_exclamation"]}, "which is no Checker"),
        ({"CHECKERS": [f"{HERE}.second_body"]}, "called “body” already"),
        ({"SEVERITIES": {"spelling": {"publish": "stop"}}}, "“spelling”, which is no checker"),
        ({"SEVERITIES": {"marks": {"print": "stop"}}}, "“print”, which is no purpose"),
        ({"SEVERITIES": {"marks": {"publish": "halt"}}}, "is “halt”; it may be"),
    ],
)
def test_settings_that_are_wrong_say_what_is_wrong(settings, own, sentence):
    settings.NEWSROOM = own
    with pytest.raises(ImproperlyConfigured, match=sentence):
        findings(make_draft(), "publish")
    [error] = checks.configuration_errors()
    assert sentence in error.msg


def test_right_settings_have_no_errors():
    assert checks.configuration_errors() == []


def test_a_field_that_the_form_does_not_have_is_named(settings):
    settings.NEWSROOM = {"CHECKERS": [f"{HERE}.wrong_field"]}
    with pytest.raises(ImproperlyConfigured, match="“wrong” names the field “colour”"):
        findings(make_draft(), "publish")


# --- cost ----------------------------------------------------------------------------------------


def test_a_picture_in_the_text_without_alt_text_is_told_unless_it_is_decorative():
    picture = make_image(alt="", is_decorative=False)
    figure = f'<figure data-picture="{picture.uid}"><img src="{picture.file.url}" alt=""></figure>'
    article = make_draft(body=f"<p>The pilots vote on Friday, and nobody is late.</p>{figure}")
    told = [one.code for one in findings(working_copy(article), "publish") if one.field == "body"]
    assert told == ["alt-text"]
    Image.objects.update(is_decorative=True)
    told = [one.code for one in findings(working_copy(article), "publish") if one.field == "body"]
    assert told == []


def test_an_article_without_links_asks_only_for_what_stands_in_other_tables():
    copy = working_copy(make_draft())
    with CaptureQueriesContext(connection) as asked:
        findings(copy, "publish")
    # For another article of this headline, and for words in dispute.
    assert len(asked) == 2


@hypothesis_settings(deadline=None, max_examples=60)
@given(
    st.text(alphabet="aTKX (),.;“”[]{}<>/ph2li=\"'#-–•\u00a0\nonby0%$€", max_size=400),
    st.sampled_from(["", "en", "de", "fr", "zh", "ja", "ar", "ru", "und"]),
)
def test_no_text_makes_the_checkers_of_words_fail(text, language):
    article = Article(headline=text[:80], body=f"<p>{text}</p>", standfirst=text[:90])
    article.language = language
    article.derive()
    for checker in checks.STOCK:
        if checker.code in {"holes", "marks", "furniture", "headings", "blanks", "empty-links",
                            "headline-from-text", "seo-length"}:  # fmt: skip
            list(checker.find(article, MOMENT))


@pytest.mark.parametrize(
    "piece",
    [
        "on ", "TK ", "TK", "X", "[", "[TK ", "( ", "on , ", "from to ", "a  ", "{{", "- 1 ", "¿",
        "・", "of million ", "1.", " - 9", "w.", "XX.", "年月日", "insert ", "TKx", "T K ", "(c) ",
        "on\u00a0\u00a0b", "of  b",
    ],
)  # fmt: skip
def test_a_very_long_run_of_nearly_a_fault_ends(piece):
    """Runs that a careless pattern would try in every combination; a hang is a failed test."""
    article = Article(headline="Pilots vote", body=f"<p>{piece * (50_000 // len(piece))}</p>")
    for language in ("en", "zh"):
        article.language = language
        for checker in checks.STOCK:
            if checker.code in {"holes", "marks", "furniture", "headings", "blanks"}:
                list(checker.find(article, MOMENT))


def test_a_section_of_the_revision_that_is_gone_is_asked_for():
    article = make_draft(section=make_section("Old"))
    data = {**snapshot(article), "section": "nowhere-at-all"}
    found = blocking(laid_over(article, data), "publish")
    assert "section" in {issue.field for issue in found}
