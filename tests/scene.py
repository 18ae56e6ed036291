"""The desk on a busy day: what `make shots` photographs, in the seeded world.

usage: DATA_DIR=… python -m tests.scene
"""

import os
from datetime import timedelta
from typing import Any

import django
from django.utils import timezone


def told(text: str) -> str:
    return f"<p>{text}</p>"


def set_scene() -> dict[str, int]:
    """Edit, schedule, correct and send back seeded stories; return name -> key of a row."""
    from django.contrib.auth.models import User

    from articles.editorial import merging, planning, schedule, transitions
    from articles.editorial.revisions import record, working_data
    from articles.models import Article, Author, Image, Redirect, Tag
    from tests import readers
    from tests.feature import make_feature

    now = timezone.now()
    people = {name: User.objects.get(username=name) for name in ("writer", "editor", "chief")}
    editor, writer = people["editor"], people["writer"]
    ahead, unready, corrected, updated, leaving = Article.objects.published()[:5]

    def edit(article: Article, by: Any, **values: Any) -> Any:
        return record(article, {**working_data(article), **values}, by=by)

    def begin(headline: str, **values: Any) -> Article:
        article = Article()
        article.save()
        edit(article, writer, headline=headline, slug="", section="politics", **values)
        return article

    edit(ahead, editor, standfirst="Now with the second figure, and what the council says to it.")
    schedule.schedule(
        ahead,
        at=now + timedelta(hours=2),
        by=editor,
        kind="update",
        note="The council has answered.",
    )
    edit(ahead, editor, headline=f"{ahead.headline}, for Now")
    edit(unready, editor, byline=[], body=told("On , a vote was held. TK the numbers."))
    body = working_data(corrected)["body"]
    edit(
        corrected, editor, body=body.replace("Tuesday", "Wednesday").replace(" two ", " three ", 2)
    )
    transitions.correct(
        corrected, kind="correction", note="An earlier version named the wrong number.", by=editor
    )
    edit(updated, editor, standfirst="The court has ruled since this story first came out.")
    transitions.correct(updated, kind="update", note="The court has ruled.", by=editor)
    schedule.schedule(leaving, at=now + timedelta(days=2), by=people["chief"], step="withdraw")

    make_feature(slug="the-light", published_at=now - timedelta(days=40))
    Redirect.objects.create(old_path="/gone/")

    back = begin("Ferry timetable to change in spring", body=told("The first boat leaves at six."))
    transitions.submit(back, by=writer)
    transitions.send_back(back, by=editor, note="Who said this? Please name the source.")
    handed_in = begin("Library hours: what the council decided", body=told("Open until nine."))
    transitions.submit(handed_in, by=writer)
    planning.plan(
        handed_in, by=people["chief"], assignee=editor, due_on=(now + timedelta(days=1)).date()
    )
    begun = begin("Harbour tolls, explained", body=told("A toll is paid by whoever lands."))
    planning.plan(begun, by=editor, assignee=writer, due_on=(now + timedelta(days=3)).date())
    disputed = begin(
        "Six boats left the harbour before the storm",
        standfirst="The harbour master says when the warning came. The skippers say it was late.",
        body=told("Six boats left the harbour at four. The warning came at five.")
        + told("Nobody was hurt. The harbour was closed until Sunday."),
    )
    body, clock = working_data(disputed)["body"], merging.clock_of(disputed)
    for person, words in ((editor, "Seven boats"), (writer, "Five boats and a ferry")):
        merging.save(
            disputed,
            {"body": body.replace("Six boats", words)},
            by=person,
            client=f"{person.username}-screen",
            base=clock,
        )
    readers.fill(now)
    return {
        "ahead": ahead.pk,
        "unready": unready.pk,
        "corrected": corrected.pk,
        "begun": begun.pk,
        "disputed": disputed.pk,
        "leaving": leaving.pk,
        "picture": Image.objects.order_by("pk")[0].pk,
        "tag": Tag.objects.order_by("pk")[0].pk,
        "author": Author.objects.order_by("pk")[0].pk,
        "person": editor.pk,
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    for name, key in set_scene().items():
        print(name, key)
