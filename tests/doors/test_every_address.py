"""Every address of the site, asked as every role and as nobody: the table below is the law.

An address that is not in the table fails the first test, so that none is ever forgotten.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from articles.editorial import schedule, transitions
from articles.editorial.previews import make_link
from articles.editorial.revisions import record
from articles.editorial.tags import rename
from articles.editorial.workflow import VERBS
from articles.models import (
    Author,
    Conflict,
    Correction,
    DailyViews,
    Message,
    Promo,
    Redirect,
    ScheduledStep,
    Section,
    Tag,
    Transition,
)
from tests.chance import is_proof
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_person,
    make_picture_bytes,
    make_section,
)

NOBODY = ()
EVERYBODY = ("writer", "editor", "chief editor", "admin")
DESK = ("editor", "chief editor", "admin")
CHIEFS = ("chief editor", "admin")
ADMIN = ("admin",)
READERS = "readers"

#: Table of the admin -> who may see its list and rows, add, change a row (nobody's own), delete.
TABLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "articles_article": (EVERYBODY, EVERYBODY, DESK, CHIEFS),
    "articles_author": (EVERYBODY, DESK, DESK, CHIEFS),
    "articles_correction": (EVERYBODY, DESK, DESK, CHIEFS),
    "articles_image": (EVERYBODY, EVERYBODY, EVERYBODY, CHIEFS),
    "articles_promo": (EVERYBODY, DESK, DESK, CHIEFS),
    "articles_message": (DESK, NOBODY, DESK, CHIEFS),
    "articles_redirect": (EVERYBODY, DESK, DESK, CHIEFS),
    "articles_section": (EVERYBODY, DESK, DESK, CHIEFS),
    "articles_tag": (EVERYBODY, EVERYBODY, DESK, CHIEFS),
    "articles_revision": (EVERYBODY, NOBODY, NOBODY, NOBODY),
    "articles_transition": (EVERYBODY, NOBODY, NOBODY, NOBODY),
    "articles_scheduledstep": (EVERYBODY, NOBODY, NOBODY, NOBODY),
    "articles_dailyviews": (EVERYBODY, NOBODY, NOBODY, NOBODY),
    "auth_user": (CHIEFS, CHIEFS, CHIEFS, ADMIN),
    "auth_group": (ADMIN, ADMIN, ADMIN, ADMIN),
    "axes_accessattempt": (ADMIN, NOBODY, ADMIN, ADMIN),
    "axes_accesslog": (ADMIN, NOBODY, ADMIN, ADMIN),
    "axes_accessfailurelog": (ADMIN, NOBODY, ADMIN, ADMIN),
}


@dataclass(frozen=True)
class Door:
    """Who gets in by GET and by POST; None: the method is not allowed (405).

    `args` makes the address from the world; `data` is what a POST sends.
    """

    get: Any
    post: Any
    args: Callable[[dict[str, Any]], list[Any]] = lambda world: []
    data: Callable[[dict[str, Any]], dict[str, Any]] = lambda world: {}
    query: str = ""


def of_article(world: dict[str, Any]) -> list[Any]:
    return [world["articles_article"].pk]


def with_verb(world: dict[str, Any]) -> list[Any]:
    return [world["articles_article"].pk, "approve"]


#: What the form of an article sends when it holds little.
FORM = {
    "headline": "Tides", "bylines-TOTAL_FORMS": 0, "bylines-INITIAL_FORMS": 0,
    "related_links-TOTAL_FORMS": 0, "related_links-INITIAL_FORMS": 0,
}  # fmt: skip

#: Addresses of the admin that no table gives: the desk's own.
DESK_DOORS: dict[str, Door] = {
    "index": Door(EVERYBODY, EVERYBODY),
    "logout": Door(None, EVERYBODY),
    "password_change": Door(EVERYBODY, EVERYBODY),
    "password_change_done": Door(EVERYBODY, None),
    "autocomplete": Door(
        EVERYBODY,
        None,
        query="?app_label=articles&model_name=byline&field_name=author",
    ),
    "jsi18n": Door(EVERYBODY, None),
    "app_list": Door(EVERYBODY, EVERYBODY, lambda world: ["articles"]),
    "articles_article_settle_warnings": Door(None, DESK, of_article),
    "articles_article_verb": Door(DESK, DESK, with_verb),
    "articles_article_undo": Door(None, EVERYBODY, of_article),
    "articles_article_bulk_verb": Door(DESK, DESK, lambda world: ["approve"], query="?ids={draft}"),
    "articles_article_bulk_undo": Door(None, EVERYBODY),
    "articles_article_revisions": Door(EVERYBODY, None, of_article),
    "articles_article_compare": Door(EVERYBODY, None, of_article),
    "articles_article_timeline": Door(EVERYBODY, None, lambda world: [*of_article(world), "csv"]),
    "articles_article_restore": Door(None, DESK, of_article, lambda world: {"number": 1}),
    "articles_article_drawer": Door(EVERYBODY, None, of_article),
    "articles_article_preview": Door(EVERYBODY, None, of_article),
    "articles_article_card": Door(EVERYBODY, None, of_article),
    # Writers make links for their own articles; this one is nobody's.
    "articles_article_previews": Door(EVERYBODY, DESK, of_article, lambda world: {"days": 3}),
    "articles_article_preview_revoke": Door(
        None, DESK, lambda world: [*of_article(world), world["link"].pk]
    ),
    "articles_article_translations": Door(
        EVERYBODY, DESK, of_article, lambda world: {"unlink": "1"}
    ),
    "articles_article_calendar": Door(EVERYBODY, None),
    "articles_article_readers": Door(EVERYBODY, None, of_article),
    "articles_dailyviews_figures": Door(EVERYBODY, None),
    "articles_dailyviews_now": Door(EVERYBODY, None),
    "articles_dailyviews_export": Door(EVERYBODY, None),
    # What no screen sends is refused with 422, which is "in"; nobody is led to the login.
    "articles_article_sync": Door(
        EVERYBODY,
        DESK,
        of_article,
        lambda world: {"_client": "a-screen-of-mine", "_base": "0", **FORM},
    ),
    "articles_article_begin": Door(
        EVERYBODY,
        EVERYBODY,
        data=lambda world: {
            "_client": "a-screen-of-mine",
            "_base": "0",
            "_uid": str(uuid4()),
            **FORM,
        },
    ),
    "articles_article_conflict": Door(
        None,
        DESK,
        lambda world: [*of_article(world), world["conflict"].number],
        lambda world: {"_client": "a-screen-of-mine", "_base": "0", "value": '"Monday"'},
    ),
    "articles_article_world": Door(CHIEFS, CHIEFS),
    "articles_article_import": Door(CHIEFS, CHIEFS),
    "articles_article_palette": Door(EVERYBODY, None, query="?q=no"),
    "articles_article_move": Door(
        None,
        DESK,
        data=lambda world: {
            "article": world["articles_scheduledstep"].article_id,
            "step": world["articles_scheduledstep"].pk,
            "to": "2099-01-01T12:00",
        },
    ),
    "articles_article_lookup_articles": Door(EVERYBODY, None, query="?q=o"),
    "articles_article_lookup_page": Door(
        None, EVERYBODY, data=lambda world: {"url": world["out"].get_absolute_url()}
    ),
    "articles_article_lookup_hints": Door(None, EVERYBODY, data=lambda world: {"body": "<p>A</p>"}),
    "articles_article_lookup_related": Door(
        EVERYBODY,
        # Dropping a near story is changing the article.
        DESK,
        query="?tags=harbours",
        data=lambda world: {"id": world["articles_article"].pk, "drop": world["out"].pk},
    ),
    "articles_article_lookup_tags": Door(EVERYBODY, None),
    "desk_profile": Door(EVERYBODY, EVERYBODY),
    "desk_seen": Door(None, EVERYBODY),
    "articles_image_picker": Door(EVERYBODY, None),
    "articles_image_upload": Door(
        EVERYBODY,
        EVERYBODY,
        data=lambda world: {"file": SimpleUploadedFile("a.png", make_picture_bytes(kind="PNG"))},
    ),
    "articles_image_describe": Door(EVERYBODY, EVERYBODY),
    "articles_promo_preview": Door(EVERYBODY, None, lambda world: [world["articles_promo"].pk]),
    "articles_tag_merge": Door(DESK, DESK, query="?ids={tag}"),
    "articles_tag_split": Door(DESK, DESK, lambda world: [world["articles_tag"].pk]),
    "articles_tag_changes": Door(DESK, None),
    "articles_tag_undo": Door(None, DESK, lambda world: [world["change"].uid]),
    "auth_user_password_change": Door(CHIEFS, CHIEFS, lambda world: [world["auth_user"].pk]),
}
#: Open to whoever has no session: the login itself.
OPEN_ADMIN = {"login"}
#: Django's own redirects to a row's page, and what lies behind no name.
SHORTCUTS = {"view_on_site"}

#: Public addresses: everybody gets the same, and no POST.
READERS_DOORS: dict[str, list[Any]] = {
    **{
        name: []
        for name in (
            "front", "latest", "tags", "archive", "search", "suggestions", "site_rss", "site_atom",
            "site_json",
            "sitemap", "news_sitemap", "robots", "corrections", "corrections_rss",
            "corrections_atom", "corrections_json", "llms", "manifest", "opensearch", "favicon",
        )
    },
    **{
        f"{owner}{feed}": [slug]
        for owner, slug in (("section", "world"), ("tag", "harbours"), ("author", "mara-lind"))
        for feed in ("", "_rss", "_atom", "_json")
    },
    "sitemap_part": ["pages", 1],
    "year": ["2026"],
    "month": ["2026", "05"],
    "day": ["2026", "05", "01"],
    "article": ["2026", "05", "01", "out"],
    "article_text": ["2026", "05", "01", "out"],
    "changes": ["2026", "05", "01", "out"],
    "contact_sent": ["write-to-us"],
}  # fmt: skip
#: Public addresses with a rule of their own, tested elsewhere.
OTHER_DOORS = {
    "beacon",
    "beacon_pixel",
    "contact",
    "counts",
    "media",
    "picture",
    "preview",
    "security",
}


def addresses() -> Iterator[tuple[str, str]]:
    """Yield (namespace, name) of every named address."""

    def walk(resolver: Any, namespace: str) -> Iterator[tuple[str, str]]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry, entry.namespace or namespace)
            elif entry.name:
                yield namespace, entry.name

    return walk(get_resolver(), "")


def doors() -> dict[str, Door]:
    """Return every door of the admin, those of its tables included."""
    found = dict(DESK_DOORS)
    for table, (see, add, change, delete) in TABLES.items():

        def row(world: dict[str, Any], table: str = table) -> list[Any]:
            return [world[table].pk]

        found |= {
            f"{table}_changelist": Door(see, see),
            f"{table}_add": Door(add, add),
            f"{table}_change": Door(see, change, row),
            f"{table}_delete": Door(delete, delete, row),
            f"{table}_history": Door(see, see, row),
        }
    return found


def test_every_address_of_the_site_is_in_the_table():
    named = set(addresses())
    known = {("admin", name) for name in {*doors(), *OPEN_ADMIN, *SHORTCUTS}}
    known |= {("articles", name) for name in {*READERS_DOORS, *OTHER_DOORS}}
    assert named == known


def test_every_table_of_the_admin_is_among_the_tables():
    registered = {f"{m._meta.app_label}_{m._meta.model_name}" for m in admin.site._registry}
    assert registered == set(TABLES)


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Any) -> dict[str, Any]:
    """A row of each table, none of them any role's own."""
    from axes.models import AccessAttempt, AccessFailureLog, AccessLog

    settings.MEDIA_ROOT = tmp_path
    out = make_article(
        "Out", slug="out", published_at=timezone.now().replace(2026, 5, 1), tags=("Ports",)
    )
    draft = make_article("Nobody's", status="in_review", author=make_author("Mara Lind"))
    revision = record(draft)
    waiting = make_article("Waiting", status="approved")
    schedule.schedule(waiting, at=timezone.now() + timedelta(days=1))
    who = {"username": "x", "ip_address": "127.0.0.1", "user_agent": "x"}
    return {
        "articles_article": draft,
        "out": out,
        "articles_revision": revision,
        "articles_transition": Transition.objects.first(),
        "articles_scheduledstep": ScheduledStep.objects.get(),
        "articles_dailyviews": DailyViews.objects.create(article=out, day="2026-05-01", count=3),
        "articles_author": Author.objects.get(),
        "articles_section": make_section("Empty"),
        "articles_tag": Tag.objects.get(),
        "articles_image": make_image(),
        "articles_promo": Promo.objects.create(
            slug="write-to-us", title="The letter", kind="contact"
        ),
        "articles_message": Message.objects.create(
            subject="The letter", name="Ada", email="ada@example.org", text="A lamp is on."
        ),
        "articles_redirect": Redirect.objects.create(old_path="/old/", new_path="/latest/"),
        "articles_correction": Correction.objects.create(article=out, note="Misspelt."),
        "auth_user": make_person("writer", "somebody"),
        # A role itself can be deleted by nobody.
        "auth_group": Group.objects.create(name="auditors"),
        "axes_accessattempt": AccessAttempt.objects.create(**who, failures_since_start=1),
        "axes_accesslog": AccessLog.objects.create(**who),
        "axes_accessfailurelog": AccessFailureLog.objects.create(**who),
        "conflict": Conflict.objects.create(
            article=draft, number=1, field="section", base="world", versions=[]
        ),
        "section": Section.objects.get(slug="world"),
        "link": make_link(draft, by=make_person("editor", "maker"))[0],
        "change": rename(Tag.objects.get(), "Harbours", by=None),
    }


def ask(client: Client, method: str, door: Door, address: str, world: dict[str, Any]) -> str:
    """Return what became of a request: "in", "login", "forbidden", "absent", "no method"."""
    with transaction.atomic():
        if method == "get":
            response = client.get(address)
        else:
            response = client.post(address, door.data(world))
        # Whatever it did is undone: the next address finds the same world.
        transaction.set_rollback(True)
    if response.status_code == 302 and response["Location"].startswith(reverse("admin:login")):
        return "login"
    # A script is told so instead of being led away.
    answers = {401: "login", 403: "forbidden", 404: "absent", 405: "no method"}
    return answers.get(response.status_code, "in" if response.status_code < 400 else "broken")


def browser_of(person: User | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def is_between(role: str) -> bool:
    """Tell if a role has more rights than some and less than others: of what all may or none, who
    has the least and who has the most say as much (the others do in `make proof`)."""
    return role in {"editor", "chief editor"}


def wrong_answers(person: User | None, role: str, world: dict[str, Any]) -> list[str]:
    wrong, client = [], browser_of(person)
    signed_in = SimpleCookie(client.cookies.output(header=""))
    for name, door in doors().items():
        address = reverse(f"admin:{name}", args=door.args(world)) + door.query.format(
            draft=world["articles_article"].pk, tag=world["articles_tag"].pk
        )
        for method in ("get", "post"):
            allowed = getattr(door, method)
            if is_between(role) and allowed in {None, NOBODY, EVERYBODY} and not is_proof():
                continue
            client.cookies = SimpleCookie(signed_in.output(header=""))
            if person is None:
                # Whoever is out already is let out again.
                expected = "in" if name == "logout" else "login"
            elif allowed is None:
                expected = "no method"
            else:
                expected = "in" if role in allowed else "forbidden"
            got = ask(client, method, door, address, world)
            if got != expected and not (person is None and got == "no method"):
                wrong.append(f"{role} {method} {address}: {got}, not {expected}")
    return wrong


@pytest.mark.parametrize("role", [*EVERYBODY, "nobody"])
def test_every_address_of_the_admin_answers_as_the_table_says(world, role):
    person = None if role == "nobody" else make_person(role, "asking")
    # One text, so that a failure shows every line of it.
    assert "\n".join(wrong_answers(person, role, world)) == ""


@pytest.mark.parametrize(
    "role",
    [
        "writer",
        pytest.param("editor", marks=pytest.mark.proof),
        pytest.param("chief editor", marks=pytest.mark.proof),
        "admin",
        "nobody",
    ],
)
def test_readers_doors_are_open_to_all_and_take_no_post(world, role, client):
    if role != "nobody":
        person = make_person(role, "asking")
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    for name, args in READERS_DOORS.items():
        address = reverse(f"articles:{name}", args=args)
        assert client.get(address).status_code == 200, address
        if role in {"nobody", "admin"}:
            assert client.head(address).status_code == 200, address
            assert client.post(address).status_code in {403, 405}, address


def test_a_writers_own_article_takes_only_what_writers_may(db):
    writer = make_person("writer", "asking")
    client = browser_of(writer)
    for verb in VERBS:
        own = make_article(f"To {verb}", status="draft", author=make_author("Wren", user=writer))
        address = reverse("admin:articles_article_verb", args=[own.pk, verb])
        status = client.post(address, {"note": "x"}).status_code
        assert status == (302 if verb == "submit" else 403), verb


def test_an_article_under_embargo_is_not_there_for_a_writer_who_did_not_write_it(world):
    secret = make_article(
        "Nobody may know", status="draft", embargo_until=timezone.now() + timedelta(days=1)
    )
    record(secret)
    transitions.submit(secret)
    world_of_secret = world | {
        "articles_article": secret,
        "articles_revision": secret.revisions.first(),
        "articles_transition": secret.transitions.first(),
    }
    writer, editor = make_person("writer", "asking"), make_person("editor", "seeing")
    client = browser_of(writer)
    for name, door in doors().items():
        if not name.startswith("articles_") or door.get is None or "writer" not in door.get:
            continue
        address = reverse(f"admin:{name}", args=door.args(world_of_secret))
        page = client.get(address + door.query.format(draft=secret.pk, tag=1))
        assert "Nobody may know" not in page.content.decode(), address
        # Words on a picture cannot be looked for.
        assert not page.headers["Content-Type"].startswith("image/"), address
    for person, expected in ((writer, False), (editor, True)):
        for name in ("articles_article_changelist", "index"):
            text = browser_of(person).get(reverse(f"admin:{name}")).content.decode()
            assert ("Nobody may know" in text) is expected, name
