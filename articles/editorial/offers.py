"""What a person may do next with an article: the rule behind every button, whoever draws it."""

from typing import Any

from articles.editorial.roles import may, sections_of
from articles.editorial.workflow import VERBS, Verb
from articles.models import Article, ScheduledStep


def possible_verbs(person: Any, article: Article) -> list[Verb]:
    """Return the verbs that lead on from here and that `person` may use, in the table's order."""
    return [
        verb
        for verb in VERBS.values()
        if article.status in verb.sources
        and may(person, verb.permission, article)
        and _has_an_object(verb, article)
    ]


def _has_an_object(verb: Verb, article: Article) -> bool:
    """Whether there is something to publish, or on the schedule, for a verb that is about it."""
    if verb.name == "correct":
        return article.has_changes_waiting
    if verb.name == "unschedule":
        return article.scheduled_steps.filter(outcome=ScheduledStep.Outcome.WAITING).exists()
    return True


def undoable_step(article: Article) -> Verb | None:
    """Return the verb of the last step, if that is one which no reader saw; else None."""
    last = article.transitions.order_by("-number").first()
    verb = VERBS.get(last.verb) if last else None
    return verb if verb and verb.undoable and last.to_status == article.status else None


def may_take_back(person: Any, article: Article) -> bool:
    """Whether `person` may undo the last step: whoever may take it may take it back."""
    verb = undoable_step(article)
    return verb is not None and may(person, verb.permission, article)


def may_import(person: Any) -> bool:
    """Whether `person` may bring in texts: what comes belongs to no section yet, or to any."""
    return person.has_perm("articles.override_gate") and sections_of(person) is None
