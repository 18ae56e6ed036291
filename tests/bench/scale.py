"""What pages cost at different sizes of a site: they should cost the same.

`python -m tests.bench.scale SITE SITE …` asks sites as `manage.py make_world` made them, smallest
first: each is a `DATA_DIR` or the address of a database. Without any, it makes those of `SIZES`
itself, on SQLite or beside `DATABASE_URL`. Each page is asked by turns on all sites, straight from
Django (no kept pages). It says what this process computed for a page, and how many times that of
the smallest site; for the database's part on a server, the time on the wall.
"""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from tests.bench.__main__ import database_of_its_own

ROUNDS, EACH = 3, 5
#: Drafts that are published in a round.
DRAFTS = 4
MOST = 1.5
ROOT = Path(__file__).resolve().parents[2]
#: What a site's process does: says its pages, then answers for one after the other.
PROCESS = """
import json, os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
import django
django.setup()
from tests.bench.scale import pages, ask
from django.test import Client
from articles.models import Article
here = {"headers": {"host": "127.0.0.1"}}
open_to_all, desk, addresses = Client(**here), Client(**here), pages()
from tests.bench.scale import sign_in
sign_in(desk)
print(json.dumps([Article.objects.count(), list(addresses)]), flush=True)
for line in sys.stdin:
    name = json.loads(line)
    print(json.dumps(ask(desk if name.startswith("desk") else open_to_all, addresses[name])),
          flush=True)
"""


def pages() -> dict[str, str]:
    """Name -> address, for the site of this process."""
    from django.urls import reverse

    from articles.admin.desk import MOST_LISTED
    from articles.models import Article, Author, Listing, Section, Tag, Tally

    stories = Article.objects.published()
    middle = stories[stories.count() // 2]
    tags, authors = (
        sorted((number, key) for key, number in Tally.objects.public(kind).items())
        for kind in (Tally.Kind.TAG, Tally.Kind.AUTHOR)
    )
    tag, rare = (Tag.objects.get(pk=key) for _number, key in (tags[-1], tags[0]))
    author = Author.objects.get(pk=authors[-1][1])
    section = Section.objects.order_by("pk").first()

    def behind(article: Article) -> str:
        return f"before={article.published_at:%Y%m%dT%H%M%S.%f}-{article.pk}"

    def deep(some, share: float) -> str:
        """The place in a list behind that share of it."""
        return behind(some[int((some.count() - 20) * share)])

    listed = Listing.objects.filter(kind="tag", owner=tag.pk).order_by("published_at", "article")
    latest, desk = reverse("articles:latest"), reverse("admin:articles_article_changelist")
    # As far as a list of the desk leads, and never over its end.
    last = min(MOST_LISTED, Article.objects.count()) // 50
    return {
        "front page": "/",
        "article": middle.get_absolute_url(),
        "newest": latest,
        "newest, in the middle": f"{latest}?{deep(stories, 0.5)}",
        "newest, at the end": f"{latest}?{deep(stories, 1)}",
        "section": section.get_absolute_url(),
        "section, at the end": (
            f"{section.get_absolute_url()}?{deep(stories.filter(section=section), 1)}"
        ),
        "tag": tag.get_absolute_url(),
        "tag, at the end": f"{tag.get_absolute_url()}?{behind(listed[20].article)}",
        "tag, the rarest": rare.get_absolute_url(),
        "author": author.get_absolute_url(),
        "archive": reverse("articles:archive"),
        "a year": f"/{middle.published_on:%Y}/",
        "a month": f"/{middle.published_on:%Y/%m}/",
        "a day": f"/{middle.published_on:%Y/%m/%d}/",
        "feed": reverse("articles:site_rss"),
        "feed of a section": reverse("articles:section_rss", args=[section.slug]),
        "feed of a tag": reverse("articles:tag_rss", args=[tag.slug]),
        "feed of an author": reverse("articles:author_rss", args=[author.slug]),
        "sitemap": reverse("articles:sitemap"),
        "news sitemap": reverse("articles:news_sitemap"),
        "desk: list": desk,
        "desk: of a state": f"{desk}?status__exact=published",
        "desk: of a section": f"{desk}?section__id__exact={section.pk}",
        "desk: mine": f"{desk}?whose=mine",
        "desk: sorted by words": f"{desk}?o=2",
        "desk: as far as it leads": f"{desk}?p={last}",
        "desk: a choice": (
            reverse("admin:autocomplete")
            + "?app_label=articles&model_name=article&field_name=section&term=o"
        ),
        "desk: look up": reverse("admin:articles_article_lookup_articles") + "?q=qua",
        "desk: writing": reverse("admin:articles_article_change", args=[middle.pk]),
        "desk: calendar": reverse("admin:articles_article_calendar"),
        "desk: today": reverse("admin:index"),
        "desk: publish": "",
    }


def sign_in(client) -> None:
    from django.contrib.auth import get_user_model

    from articles.editorial.roles import ensure_roles

    ensure_roles("default")
    person, _made = get_user_model().objects.get_or_create(
        username="bench", defaults={"is_staff": True, "is_superuser": True}
    )
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")


def ask(client, address: str) -> tuple[float, float]:
    """Return milliseconds of work and on the wall, the median of some times.

    Without an address: of publishing a draft, as an editor's button does it.
    """
    from tests.bench.__main__ import milliseconds

    if not address:
        return publish(client)

    def once() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        b"".join(answer) if answer.streaming else answer.content

    walls, works = zip(*(milliseconds(once) for _ in range(EACH)), strict=True)
    return median(works), median(walls)


def publish(client) -> tuple[float, float]:
    """Press the button for drafts that are made for it; of their times the longest counts."""
    import uuid

    from django.urls import reverse

    from articles.editorial import revisions
    from articles.models import Article
    from tests.bench.__main__ import milliseconds

    data = revisions.working_data(Article.objects.published()[0])
    times = []
    for _ in range(DRAFTS):
        draft = Article.objects.create()
        headline = f"Bench {uuid.uuid4().hex}"
        revisions.record(draft, {**data, "headline": headline, "slug": "", "published_at": None})
        address = reverse("admin:articles_article_verb", args=[draft.pk, "publish"])
        times.append(milliseconds(client.post, address, {}))
        draft.refresh_from_db()
        assert draft.is_public, draft
    walls, works = zip(*times, strict=True)
    return max(works), max(walls)


class Site:
    """One site, in a process of its own."""

    def __init__(self, folder: str, url: str = "") -> None:
        environ = {"PATH": os.environ["PATH"], "DATA_DIR": folder}
        self.environ = environ | ({"DATABASE_URL": url} if url else {})

    def manage(self, *command: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env=self.environ, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def start(self, size: int | None) -> None:
        self.manage("migrate", "-v0")
        self.manage("collectstatic", "--noinput", "-v0")
        if size:
            self.manage("make_world", "--articles", str(size))
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", PROCESS],
            cwd=ROOT, env=self.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.articles, self.names = json.loads(self.process.stdout.readline())

    def ask(self, name: str) -> tuple[float, float]:
        self.process.stdin.write(json.dumps(name) + "\n")
        self.process.stdin.flush()
        return tuple(json.loads(self.process.stdout.readline()))

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(20)


def compare(sites: list[Site]) -> None:
    times: dict[tuple[str, int], list[tuple[float, float]]] = {}
    names = sites[0].names
    for turn in range(ROUNDS + 1):
        for name in names:
            for place, site in enumerate(sites):
                answer = site.ask(name)
                if turn:  # the first one fills what processes and databases remember
                    times.setdefault((name, place), []).append(answer)
    sizes = "".join(f"{site.articles:>12,}" for site in sites)
    print(f"{'milliseconds of work':<24}{sizes}   times the first, on the wall too")
    for name in names:
        works, walls = (
            [median(one[kind] for one in times[name, place]) for place in range(len(sites))]
            for kind in (0, 1)
        )
        ratios = ", ".join(
            f"{work / works[0]:.2f} ({wall / walls[0]:.2f})"
            for work, wall in zip(works[1:], walls[1:], strict=True)
        )
        verdict = "" if max(works) <= MOST * works[0] else f"  MISSED: {MOST}"
        print(f"{name:<24}{''.join(f'{work:>12.1f}' for work in works)}   {ratios}{verdict}")


def main(folders: list[str]) -> None:
    with ExitStack() as stack:
        sites: dict[Site, int | None] = {}
        for folder in folders:
            url = folder if "://" in folder else ""
            if url:
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-bench-"))
            sites[Site(folder, url)] = None
        if not sites:
            for size in map(int, os.environ.get("SIZES", "1000 100000").split()):
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-bench-"))
                url = os.environ.get("DATABASE_URL", "")
                sites[Site(folder, stack.enter_context(database_of_its_own(url)))] = size
        for site, size in sites.items():
            site.start(size)
            stack.callback(site.end)
        compare(list(sites))


if __name__ == "__main__":
    main(sys.argv[1:])
