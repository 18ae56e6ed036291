"""Counting views: from the request to the day's row."""

import contextlib
import mmap

import pytest
from django.test import override_settings
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.editorial import transitions
from articles.models import Article, DailySalt, DailyViews, HourlyViews, NextClicks, Referrals
from articles.readership import counting, folding, journal
from articles.readership.counting import Arrival, accept
from articles.readership.journal import Journal, JournalUnwritable, line_of, report_of
from articles.readership.origins import clean_referrer
from articles.readership.windows import WINDOW, Report
from tests.chance import examples
from tests.factories import make_article, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_journal")]
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def report(client, article, address="192.0.2.1", agent=AGENT, **headers):
    return client.post(
        f"/beacon/{article.pk}/",
        data=headers.pop("came_from", ""),
        content_type="text/plain",
        headers={"user-agent": agent, "host": "testserver", **headers},
        REMOTE_ADDR=address,
    )


def views(article):
    folding.fold_all()
    return sum(DailyViews.objects.filter(article=article).values_list("count", flat=True))


def test_each_reader_is_counted_once_on_the_day(client):
    article = make_article()
    for address in ("192.0.2.1", "192.0.2.2", "2001:db8::1", "192.0.2.1"):
        assert report(client, article, address).status_code == 204
    assert report(client, article, "192.0.2.1", AGENT + " Another/1").status_code == 204
    folding.fold_all()
    row = DailyViews.objects.get()
    assert (row.article, row.day, row.count) == (article, timezone.localdate(), 4)
    assert HourlyViews.objects.get().count == 4


def test_a_reader_who_comes_back_after_half_an_hour_is_counted_again(client, monkeypatch):
    article, start = make_article(), 1_780_000_000.0
    for minutes, expected in ((0, 1), (29, 1), (58, 1), (88, 2), (118, 3)):
        moment = start + minutes * 60
        monkeypatch.setattr("articles.readership.counting.time.time", lambda now=moment: now)
        assert report(client, article).status_code == 204
        assert views(article) == expected, minutes


@pytest.mark.parametrize(
    "agent", ["", "  ", "Mozilla/5.0 (compatible; Googlebot/2.1)", "curl/8.5", "python-requests/2"]
)
def test_machines_are_not_counted(client, agent):
    article = make_article()
    assert report(client, article, agent=agent).status_code == 204
    assert not views(article)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("x-purpose", "preview"),
        ("x-moz", "prefetch"),
    ],
)
def test_a_page_that_nobody_looks_at_yet_is_not_counted(client, name, value):
    article = make_article()
    assert report(client, article, **{name: value}).status_code == 204
    assert not views(article)


def test_the_newsroom_itself_is_not_counted(client):
    article = make_article()
    client.force_login(make_person("writer"))
    assert report(client, article).status_code == 204
    assert not views(article)


def test_an_unknown_article_is_not_found(client):
    assert client.post("/beacon/4711/", headers={"user-agent": AGENT}).status_code == 404
    assert client.get("/beacon/4711/", headers={"user-agent": AGENT}).status_code == 405
    assert not folding.fold_all()


def test_a_withdrawn_article_is_not_found_at_once(client, django_capture_on_commit_callbacks):
    article = make_article()
    assert report(client, article).status_code == 204
    with django_capture_on_commit_callbacks(execute=True):
        transitions.withdraw(article, note="Wrong.")
    assert report(client, article, "192.0.2.9").status_code == 404
    assert views(article) == 1


def test_counting_does_not_touch_the_article(client):
    article = make_article()
    before = Article.objects.values().get()
    report(client, article)
    assert views(article) == 1
    assert Article.objects.values().get() == before


def test_accepting_a_view_of_a_known_article_asks_the_database_nothing(
    client, django_assert_num_queries
):
    article = make_article()
    report(client, article)
    with django_assert_num_queries(0):
        accept(article.pk, Arrival("192.0.2.7", AGENT))


def test_what_is_read_in_many_articles_is_asked_for_at_once(monkeypatch, django_assert_num_queries):
    """A worker asked for nearly each of a thousand articles anew, and came to nothing else."""
    articles, public = [make_article(f"Story {number}") for number in range(20)], counting.Public()
    now = [1000.0]
    monkeypatch.setattr(counting.time, "monotonic", lambda: now[0])
    with django_assert_num_queries(2):
        assert all(article.pk in public for article in articles)
    # Past the signals, as another host's change comes.
    Article.objects.filter(pk=articles[3].pk).update(status="withdrawn")
    assert articles[3].pk in public
    for _later in range(2):
        now[0] += 2
        with django_assert_num_queries(1):
            assert [article.pk in public for article in articles].count(False) == 1
            assert articles[3].pk not in public


def test_readers_without_scripts_are_counted_by_a_picture(client):
    article = make_article()
    assert f'src="/beacon/{article.pk}/view.gif"' in client.get(article.get_absolute_url()).text
    answer = client.get(f"/beacon/{article.pk}/view.gif", headers={"user-agent": AGENT})
    assert answer.headers["Content-Type"] == "image/gif"
    assert answer.headers["Cache-Control"] == "no-store"
    assert views(article) == 1


def test_behind_a_proxy_the_reader_is_whom_the_proxy_names(client):
    article = make_article()
    with override_settings(TRUSTED_PROXIES=1):
        for line in ("203.0.113.5", "6.6.6.6, 203.0.113.5", "203.0.113.6"):
            report(client, article, **{"x-forwarded-for": line})
    assert views(article) == 2


def test_without_a_proxy_nobody_chooses_an_address(client):
    article = make_article()
    for number in range(3):
        report(client, article, **{"x-forwarded-for": f"203.0.113.{number}"})
    assert views(article) == 1


def test_it_is_known_which_hosts_and_stories_readers_come_from(client):
    first, second = make_article("The first story"), make_article("The second story")
    site = f"http://testserver{first.get_absolute_url()}"
    for number, came_from in enumerate(
        (
            "https://www.search.example/?q=a+secret",
            "https://search.example/",
            "ftp://search.example/",
            "javascript:alert(1)",
            "https://<script>/",
            site + "?utm=1",
            "http://testserver/latest/",
        )
    ):
        report(client, second, f"192.0.2.{number}", came_from=came_from)
    assert views(second) == 7
    rows = Referrals.objects.values_list("article", "host", "count")
    assert list(rows) == [(second.pk, "search.example", 2)]
    click = NextClicks.objects.get()
    assert (click.source, click.article, click.count) == (first, second, 1)


def test_nothing_of_a_person_is_kept(client):
    article = make_article()
    report(client, article, "198.51.100.77", came_from="https://search.example/?q=my+illness")
    kept = b"".join(path.read_bytes() for path in journal.journals(folding.folder()))
    assert kept
    for secret in (b"198.51", b"Mozilla", b"illness"):
        assert secret not in kept
    # In a day's first half hour the salt of the day before is still there.
    assert {len(row.salt) for row in DailySalt.objects.all()} == {32}


def test_a_line_is_added_once_even_if_the_tables_were_not_told(client, monkeypatch):
    article = make_article()
    report(client, article)
    with monkeypatch.context() as broken:
        broken.setattr(folding, "_raise", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            folding.fold()
    assert views(article) == 1
    assert not folding.fold_all()


def test_a_journal_goes_when_its_process_has_ended_and_all_of_it_is_added(monkeypatch):
    article = make_article()
    folder = folding.folder()
    own = Journal(folder)
    own.append(Report(1_780_000_000_000, article.pk, 7))
    (path,) = journal.journals(folder)
    assert views(article) == 1
    assert path.exists()
    own.append(Report(1_780_000_000_000, article.pk, 8))
    # Half a line, as a dying process leaves it: nobody was told that it was accepted.
    own._memory[own._end : own._end + 8] = b"17800000"
    own.close()
    monkeypatch.setattr(folding, "AT_ONCE", own._end // 2)
    folding._remove([path], {path.name}, {path.name: own._end // 2})
    assert path.exists(), "a journal with something unread is kept"
    assert views(article) == 2
    assert not path.exists()


def test_a_full_disk_accepts_nothing_and_leaves_nothing(client, monkeypatch):
    article = make_article()
    report(client, article)
    tries = []

    def takes_a_part(file, data):
        tries.append(file)
        return len(data) - 3

    # A new file is due, and the disk takes only a part of it.
    monkeypatch.setattr(journal, "SIZE", 10)
    monkeypatch.setattr(journal, "LEAVES_ALONE", 600)
    monkeypatch.setattr(journal.os, "write", takes_a_part)
    for reader in range(8, 12):
        assert report(client, article, f"192.0.2.{reader}").status_code == 503
    assert not list(folding.folder().glob(".*"))
    # Each try takes up what is left for others.
    assert len(tries) == 1
    monkeypatch.undo()
    assert report(client, article, "192.0.2.9").status_code == 204
    assert views(article) == 2


def test_a_host_that_has_no_room_for_its_name_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(path, *args):
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal.Path, "write_text", full)
    with pytest.raises(JournalUnwritable):
        Journal(tmp_path).append(Report(1_780_000_000_000, 7, 7))
    assert not list(tmp_path.iterdir())


def test_a_full_journal_is_followed_by_another(client, monkeypatch):
    monkeypatch.setattr(journal, "SIZE", 2 * mmap.PAGESIZE)
    article = make_article()
    own = Journal(folding.folder())
    for reader in range(1, 1001):
        own.append(Report(1_780_000_000_000, article.pk, reader))
    assert len(journal.journals(folding.folder())) > 2
    assert views(article) == 1000
    assert len(journal.journals(folding.folder())) == 1


def test_a_line_is_read_whole_or_not_at_all(tmp_path):
    own = Journal(tmp_path)
    own.append(Report(1_780_000_000_000, 7, 7))
    (path,) = journal.journals(tmp_path)
    start, line = own._end, line_of(Report(1_780_000_000_001, 7, 8))
    for reached in range(1, len(line)):
        own._memory[start : start + reached] = line[:reached]
        reports, end = journal.read(path, 0, 2**20)
        assert (len(reports), end) == (1, start), line[:reached]
    own._memory[start : start + len(line)] = line
    assert len(journal.read(path, 0, 2**20)[0]) == 2


def test_a_journal_that_cannot_be_written_is_told(tmp_path):
    place = tmp_path / "file"
    place.write_text("")
    with pytest.raises(JournalUnwritable):
        Journal(place).append(Report(1, 1, 1))


def test_views_of_an_article_that_is_deleted_meanwhile_have_no_place(client):
    article, other = make_article(), make_article("Another story")
    report(client, article)
    report(client, other)
    Article.objects.filter(pk=article.pk).delete()
    assert views(other) == 1
    assert DailyViews.objects.count() == 1


@given(st.text(), st.text(), st.integers(-(2**63), 2**63 - 1))
def test_a_line_of_the_journal_is_read_as_it_was_written(referrer, host, visitor):
    for text in (referrer, f"https://{referrer}", f"http://{host}/2026/05/04/{referrer}/"):
        report = Report(1_780_000_000_000, 7, visitor, 0, clean_referrer(text, host))
        line = line_of(report)
        assert line.count(b"\n") == 1
        assert report_of(line.rstrip(b"\n")) == report


#: What may happen to a site: (minute, reader, story) is a report, None a fold, False a fold that
#: breaks off in its transaction.
HAPPENINGS = st.lists(
    st.tuples(st.integers(0, 120), st.integers(1, 3), st.integers(0, 1))
    | st.none()
    | st.just(False),
    max_size=25,
)


@pytest.mark.usefixtures("own_journal")
class Sequences(TestCase):
    @settings(max_examples=examples(15), deadline=None)
    @given(HAPPENINGS)
    def test_whatever_happens_and_whenever_it_is_added_the_tables_hold_the_truth(self, happenings):
        # The tables are empty again before each example, and so is the folder.
        for path in journal.journals(folding.folder()):
            path.unlink()
        stories = [make_article("One"), make_article("Other")]
        own = Journal(folding.folder())
        reports = []
        for happening in happenings:
            if happening is None:
                folding.fold()
            elif happening is False:
                with pytest.MonkeyPatch.context() as broken:
                    broken.setattr(folding, "_raise", lambda *given: 1 / 0)
                    with contextlib.suppress(ZeroDivisionError):
                        folding.fold()
            else:
                minute, reader, story = happening
                report = Report(1_780_000_000_000 + minute * 60_000, stories[story].pk, reader)
                reports.append(report)
                own.append(report)
        folding.fold_all()
        truth = {story.pk: 0 for story in stories}
        last = {}
        for report in sorted(reports):
            before = last.get((report.article, report.visitor))
            truth[report.article] += before is None or report.at - before >= WINDOW
            last[report.article, report.visitor] = report.at
        for model in (DailyViews, HourlyViews):
            found = dict.fromkeys(truth, 0)
            for article, count in model.objects.values_list("article", "count"):
                found[article] += count
            assert found == truth, model
        if reports:
            own.close()
