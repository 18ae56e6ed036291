"""How long an autosave takes: 2,000 words, 200 revisions, two people writing.

`python -m tests.bench.autosave` measures the whole request on a database of its own, from the
form that the browser sends to the answer with gate, presence and conflicts.
"""

import os
import tempfile
import time
from statistics import quantiles
from typing import Any

#: p95 of an autosave in milliseconds.
TARGET = 150
SAMPLES = 200
WORDS, REVISIONS = 2000, 200
_SENTENCE = "The harbour pilots vote on a new rota that gives them two weekends."


def story() -> str:
    """Return a body of `WORDS` words in paragraphs of about fifty."""
    sentences = WORDS // len(_SENTENCE.split())
    lines = [f"{_SENTENCE[:-1]} {number}." for number in range(sentences)]
    return "".join(f"<p>{' '.join(lines[i : i + 4])}</p>" for i in range(0, len(lines), 4))


def measure(samples: int = SAMPLES) -> list[float]:
    """Return the milliseconds of each autosave, of two screens in turn, on a migrated database."""
    from django.test import Client
    from django.urls import reverse

    from articles.editorial.revisions import record, working_data
    from articles.models import Article
    from newsroom.garbage import set_apart
    from tests.factories import make_article, make_person
    from tests.pages import BACKEND, values_of

    article = make_article(status="draft", body=story(), tags=("Ports", "Rivers"))
    record(article)
    for number in range(REVISIONS):
        record(article, {**working_data(article), "standfirst": f"Version {number} of it."})
    page = reverse("admin:articles_article_change", args=[article.pk])
    address = reverse("admin:articles_article_sync", args=[article.pk])
    screens: list[tuple[Client, dict[str, Any]]] = []
    for name in ("ann", "ben"):
        client = Client()
        client.force_login(make_person("editor", name), backend=BACKEND)
        screens.append((client, values_of(client.get(page), "article_form")))
    times = []
    # As the servers do once they have started.
    set_apart()
    for number in range(samples):
        turn = number % 2
        client, form = screens[turn]
        # One in its third paragraph, the other in its last: each answer brings foreign words.
        parts = form["body"][0].split("</p>")
        place = 2 if turn else -2
        parts[place] += f" More {number}."
        form["body"] = ["</p>".join(parts)]
        start = time.perf_counter()
        response = client.post(address, form)
        times.append((time.perf_counter() - start) * 1000)
        answer = response.json()
        assert response.status_code == 200, answer
        form["_base"] = answer["clock"]
        if "body" in answer["foreign"]:
            form["body"] = [answer["foreign"]["body"]["shown"]]
    body = working_data(Article.objects.get(pk=article.pk))["body"]
    lost = [number for number in range(samples) if f"More {number}." not in body]
    assert not lost, lost
    return times


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        settings.ALLOWED_HOSTS = ["testserver"]
        settings.STORAGES["staticfiles"] = {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        }
        call_command("migrate", verbosity=0)
        times = measure()
    cuts = quantiles(times, n=20, method="inclusive")
    verdict = "kept" if cuts[18] < TARGET else "MISSED"
    print(
        f"autosave, {WORDS} words, {REVISIONS} revisions: p50 {cuts[9]:.1f} ms, "
        f"p95 {cuts[18]:.1f} ms, {len(times)} runs; target {TARGET}: {verdict}"
    )


if __name__ == "__main__":
    main()
