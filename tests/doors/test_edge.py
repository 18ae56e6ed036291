"""What a worker answers before Django wakes up."""

import io

import pytest

from articles.edge import Edge
from articles.models import DailyViews
from articles.readership import folding
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_journal")]
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def ask(path, method="POST", body=b"", **environ):
    """Return the status with which the edge answers, or "through" for what it hands on."""
    answers = []

    def application(environ, start_response):
        answers.append("through")
        return []

    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "REMOTE_ADDR": "192.0.2.1",
        "HTTP_USER_AGENT": AGENT,
        "HTTP_HOST": "testserver",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **environ,
    }
    Edge(application)(environ, lambda status, headers: answers.append(int(status.split()[0])))
    (answer,) = answers
    return answer


def test_it_accepts_views():
    article = make_article()
    assert ask(f"/beacon/{article.pk}/", body=b"https://search.example/") == 204
    assert ask("/beacon/4711/") == 404
    folding.fold_all()
    assert DailyViews.objects.get().count == 1
    assert article.referrals.get().host == "search.example"


def test_a_view_that_comes_with_a_session_goes_through_to_the_desks_own_rules():
    article = make_article()
    assert ask(f"/beacon/{article.pk}/", HTTP_COOKIE="a=b; sessionid=xyz") == "through"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/beacon/1/"),
        ("POST", "/beacon/"),
        ("POST", "/beacon/one/"),
        ("POST", "/beacon/1/more/"),
        ("POST", "/beacon/99999999999999999999/"),
        ("POST", "/beacon/²/"),
        ("POST", "/admin/login/"),
    ],
)
def test_everything_else_goes_through(method, path):
    assert ask(path, method) == "through"


@pytest.mark.parametrize(
    "body", [b"\xff\x00\n" * 9, b"x" * 501, b"https://a b/\n1 2 3 4 5", "https://й/".encode()]
)
def test_no_report_breaks_a_line_of_the_journal(body):
    article = make_article()
    assert ask(f"/beacon/{article.pk}/", body=body) == 204
    assert ask(f"/beacon/{article.pk}/", CONTENT_LENGTH="-1", REMOTE_ADDR="192.0.2.2") == 204
    assert ask(f"/beacon/{article.pk}/", CONTENT_LENGTH="", HTTP_USER_AGENT="\udcff Firefox") == 204
    folding.fold_all()
    assert DailyViews.objects.get().count == 3
    assert not article.referrals.exists()
