"""Near-duplicates: the same story told twice in nearly the same words."""

from django.db.models import Q

from articles.models import Article
from articles.text.likeness import SAME_STORY, likeness, runs

_PROBES = 6
_PROBE_LENGTH = 48


def near_duplicate(text: str, *, exclude: int | None = None) -> Article | None:
    """Return an article of any state that tells `text` already, or None.

    Candidates share one of the longest lines' middles, so that the comparison itself reads a
    handful of rows.
    """
    ours = runs(text)
    lines = sorted(text.split("\n"), key=len, reverse=True)[:_PROBES]
    probes = Q()
    for line in lines:
        start = max(0, (len(line) - _PROBE_LENGTH) // 2)
        if probe := line[start : start + _PROBE_LENGTH].strip():
            probes |= Q(body_text__contains=probe)
    if not probes:
        return None
    for article in Article.objects.filter(probes).exclude(pk=exclude).order_by("id")[:20]:
        if likeness(ours, runs(article.body_text)) >= SAME_STORY:
            return article
    return None
