"""The desk's verbs at the admin's door: buttons, an address each, and bulk actions.

All three are made from `workflow.VERBS` and go through `transitions`, where the rules are.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from articles.editorial import transitions
from articles.editorial.checks import Issue
from articles.editorial.roles import may
from articles.editorial.workflow import VERBS, Verb
from articles.models import Article

#: Readers notice these at once: a browser with JavaScript asks before.
NOTICED_BY_READERS = frozenset({"publish", "withdraw"})


def possible_verbs(person: Any, article: Article) -> list[Verb]:
    """Return what `person` may do with `article` next, in the order of the table."""
    return [
        verb
        for verb in VERBS.values()
        if article.status in verb.sources and may(person, verb.permission, article)
    ]


class VerbsMixin(admin.ModelAdmin):
    """For the admin of articles."""

    def get_urls(self) -> list[URLPattern]:
        address = path(
            "<int:object_id>/transitions/<slug:verb>/",
            self.admin_site.admin_view(self.verb_view),
            name="articles_article_verb",
        )
        return [address, *super().get_urls()]

    @method_decorator(require_POST)
    def verb_view(self, request: HttpRequest, object_id: int, verb: str) -> HttpResponse:
        """Take one article one step on, then go back to where the button was."""
        article = self.get_object(request, str(object_id))
        if article is None or verb not in VERBS or not self.has_view_permission(request, article):
            raise Http404
        self.run_verb(request, article, VERBS[verb], request.POST.get("note", ""))
        target = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
            target = reverse("admin:articles_article_change", args=[article.pk])
        return HttpResponseRedirect(target)

    def run_verb(self, request: HttpRequest, article: Article, verb: Verb, note: str = "") -> None:
        """Run `verb` and say what came of it; raises PermissionDenied."""
        if not may(request.user, verb.permission, article):
            raise PermissionDenied(_("Your role does not allow this."))
        try:
            _run(verb, article, request, note)
        except transitions.NotReady as error:
            for issue in error.issues:
                self.message_user(request, self.issue_sentence(issue), messages.ERROR)
        except transitions.WrongState as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(
                request,
                _("“%(article)s” is now: %(state)s.")
                % {"article": article, "state": article.get_status_display().lower()},
                messages.SUCCESS,
            )

    def issue_sentence(self, issue: Issue) -> str:
        """Return an issue of the gate with the name that its field has in the form."""
        names = {"byline": _("byline")}
        label = names.get(issue.field)
        if label is None:
            label = self.opts.get_field(issue.field).verbose_name
        return f"{capfirst(str(label))}: {issue.message}"

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        for verb in VERBS.values():
            if request.user.has_perm(f"articles.{verb.permission}"):
                actions[verb.name] = (_bulk_action(verb), verb.name, verb.label)
        return actions


def _run(verb: Verb, article: Article, request: HttpRequest, note: str) -> None:
    """Run a verb that leads on from the article's state.

    The verbs themselves take "already there" for done; somebody who presses a button that has
    gone stale wants to hear that nothing happened.
    """
    if article.status not in verb.sources:
        raise transitions.WrongState(
            _("“%(article)s” is %(state)s: this does not follow from there.")
            % {"article": article, "state": article.get_status_display().lower()}
        )
    getattr(transitions, verb.name)(article, by=request.user, note=note)


def _bulk_action(verb: Verb) -> Callable[[VerbsMixin, HttpRequest, QuerySet], None]:
    def action(model_admin: VerbsMixin, request: HttpRequest, queryset: QuerySet) -> None:
        done = 0
        # Plain rows: those of the list lack their bodies, and the gate reads them.
        chosen = Article.objects.filter(pk__in=queryset.order_by().values("pk"))
        for article in chosen.order_by("pk"):
            try:
                _run(verb, article, request, "")
            except transitions.NotReady as error:
                reasons = " ".join(model_admin.issue_sentence(one) for one in error.issues)
                model_admin.message_user(request, f"“{article}”: {reasons}", messages.ERROR)
            except transitions.WrongState as error:
                model_admin.message_user(request, str(error), messages.ERROR)
            except PermissionDenied as error:
                model_admin.message_user(request, f"“{article}”: {error}", messages.ERROR)
            else:
                done += 1
        if done:
            text = ngettext(
                "%(verb)s: done for one article.", "%(verb)s: done for %(count)d articles.", done
            ) % {"verb": verb.label, "count": done}
            model_admin.message_user(request, text, messages.SUCCESS)

    action.__name__ = verb.name
    return action
