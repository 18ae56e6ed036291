"""Where readers come from: hosts, and the site's own stories. No address of a page is kept."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date

from articles.models import Article
from articles.readership.windows import Report

_STORY = re.compile(r"/(\d{4})/(\d\d)/(\d\d)/([-\w]+)/\Z")
_HOST = re.compile(r"[a-z0-9](?:[-a-z0-9.:]*[a-z0-9])?\Z")
_LONGEST_HOST = 100
_LONGEST_PATH = 300


def clean_referrer(text: str, own_host: str) -> str:
    """Return the host of a page that led here, or the path if it is one of `own_host`; else "".

    `text` is what a browser says, and anybody may say anything: all that is kept are a host's
    name and the shape of our own addresses.
    """
    scheme, mark, rest = text.strip().partition("://")
    if not mark or scheme not in ("http", "https"):
        return ""
    host, slash, path = rest.partition("/")
    host = host.rpartition("@")[2].lower()
    if host == own_host:
        path = slash + re.split(r"[?#]", path, maxsplit=1)[0]
        return path if len(path) <= _LONGEST_PATH and _STORY.fullmatch(path) else ""
    host = host.removeprefix("www.")
    return host if len(host) <= _LONGEST_HOST and _HOST.fullmatch(host) else ""


class Origins:
    """Counts of `hosts` {(article, day, host): n} and `clicks` {(source, article, day): n}."""

    def __init__(self, counted: Iterable[Report], day_of: Callable[[int], date]) -> None:
        self.hosts: Counter[tuple[int, date, str]] = Counter()
        self.clicks: Counter[tuple[int, int, date]] = Counter()
        inside = []
        for report in counted:
            if report.referrer.startswith("/"):
                inside.append(report)
            elif report.referrer:
                self.hosts[report.article, day_of(report.at), report.referrer] += 1
        sources = _articles_at({report.referrer for report in inside})
        for report in inside:
            source = sources.get(report.referrer)
            if source and source != report.article:
                self.clicks[source, report.article, day_of(report.at)] += 1


def _articles_at(paths: set[str]) -> dict[str, int]:
    """Return the ids of the articles at these addresses."""
    wanted: dict[tuple[date, str], str] = {}
    for path in paths:
        year, month, day, slug = _STORY.fullmatch(path).groups()
        try:
            wanted[date(int(year), int(month), int(day)), slug] = path
        except ValueError:
            continue
    slugs = {slug for _day, slug in wanted}
    rows = Article.objects.filter(slug__in=slugs).values_list("published_on", "slug", "pk")
    return {wanted[day, slug]: pk for day, slug, pk in rows if (day, slug) in wanted}
