"""The desk's verbs at the admin's door: buttons, an address each, and bulk actions.

All three are made from `workflow.VERBS` and go through `transitions` and `schedule`, where the
rules are. A verb that has to be told something (a note, a time, the kind of a change) shows a
page that asks; so does one that the gate stopped, to whoever may override it.
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from articles.admin.steps import StepForm
from articles.editorial import schedule, transitions
from articles.editorial.checks import Issue, findings
from articles.editorial.revisions import working_copy
from articles.editorial.roles import may, visible_to
from articles.editorial.workflow import VERBS, Verb
from articles.models import Article

#: Readers notice these at once: a browser with JavaScript asks before.
NOTICED_BY_READERS = frozenset({"publish"})
#: Articles that one bulk step may take; more would time out halfway.
BULK_LIMIT = 200


def run(verb: Verb, article: Article, person: Any, **said: Any) -> None:
    """Run a verb that leads on from the article's state, with what was said with it.

    The verbs themselves take "already there" for done; somebody who presses a button that has
    gone stale wants to hear that nothing happened.
    """
    if article.status not in verb.sources:
        raise transitions.wrong_state(article)
    module = schedule if verb.name in {"schedule", "unschedule"} else transitions
    getattr(module, verb.name)(article, by=person, **said)


class VerbsMixin(admin.ModelAdmin):
    """For the admin of articles."""

    def get_urls(self) -> list[URLPattern]:
        def at(route: str, view: Callable, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"articles_article_{name}")

        return [
            at("<int:object_id>/transitions/<slug:verb>/", self.verb_view, "verb"),
            at("<int:object_id>/undo/", self.undo_view, "undo"),
            at("transitions/<slug:verb>/", self.bulk_view, "bulk_verb"),
            at("undo/", self.bulk_undo_view, "bulk_undo"),
            *super().get_urls(),
        ]

    # --- one article ---------------------------------------------------------------------------

    def verb_view(self, request: HttpRequest, object_id: int, verb: str) -> HttpResponse:
        """Take one article one step on, then go back to where the button was.

        GET shows the page that asks for what the step needs.
        """
        article = self.get_object(request, str(object_id))
        if article is None or verb not in VERBS or not self.has_view_permission(request, article):
            raise Http404
        if not may(request.user, VERBS[verb].permission, article):
            raise PermissionDenied(_("Your role does not allow this."))
        return self._step(request, VERBS[verb], [article])

    @method_decorator(require_POST)
    def undo_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        article = self.get_object(request, str(object_id))
        if article is None or not self.has_view_permission(request, article):
            raise Http404
        self._undo(request, [article])
        return HttpResponseRedirect(self._way_back(request, [article]))

    # --- several -------------------------------------------------------------------------------

    def bulk_view(self, request: HttpRequest, verb: str) -> HttpResponse:
        """The same page for the articles named in `?ids=`."""
        if verb not in VERBS:
            raise Http404
        if not request.user.has_perm(f"articles.{VERBS[verb].permission}"):
            raise PermissionDenied(_("Your role does not allow this."))
        chosen = self._chosen(request)
        if not chosen:
            raise Http404
        return self._step(request, VERBS[verb], chosen)

    @method_decorator(require_POST)
    def bulk_undo_view(self, request: HttpRequest) -> HttpResponse:
        chosen = self._chosen(request)
        self._undo(request, chosen)
        return HttpResponseRedirect(self._way_back(request, chosen))

    def _chosen(self, request: HttpRequest) -> list[Article]:
        ids = (request.POST.get("ids") or request.GET.get("ids", "")).split(",")
        wanted = [int(one) for one in ids if one.isdecimal() and len(one) < 19][:BULK_LIMIT]
        found = visible_to(request.user, Article.objects.filter(pk__in=wanted))
        return list(found.order_by("pk")) if self.has_view_permission(request) else []

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        for verb in VERBS.values():
            if request.user.has_perm(f"articles.{verb.permission}"):
                actions[verb.name] = (_bulk_action(verb), verb.name, verb.label)
        return actions

    # --- what both do --------------------------------------------------------------------------

    def _step(self, request: HttpRequest, verb: Verb, chosen: list[Article]) -> HttpResponse:
        """Take the step if everything it needs was said, else show the page that asks."""
        chosen = self.those_that_can(request, verb, chosen)
        if not chosen:
            return HttpResponseRedirect(self._way_back(request, chosen))
        data = request.POST if request.method == "POST" else None
        brought = {name: request.GET[name] for name in ("note", "at") if request.GET.get(name)}
        form = StepForm(data, verb=verb, articles=chosen, person=request.user, brought=brought)
        if data is not None and form.is_valid():
            if self.take_step(request, verb, chosen, form):
                return HttpResponseRedirect(self._way_back(request, chosen))
        elif "seen" in form.errors:
            for sentence in form.errors["seen"]:
                self.message_user(request, sentence, messages.WARNING)
            # The page comes anew, with what was typed and what there is now.
            form.data = {**form.data.dict(), "seen": form.initial["seen"]}
        elif data is not None and "_asked" not in data and not verb.asks:
            # A bare button: its errors are told where it stands.
            for error in form.errors.values():
                self.message_user(request, " ".join(error), messages.ERROR)
            return HttpResponseRedirect(self._way_back(request, chosen))
        return self._step_page(request, verb, chosen, form)

    def those_that_can(
        self, request: HttpRequest, verb: Verb, chosen: list[Article]
    ) -> list[Article]:
        """Leave out, with a message, what is in a state that the verb does not lead on from."""
        for article in chosen:
            if article.status not in verb.sources:
                self.message_user(request, str(transitions.wrong_state(article)), messages.ERROR)
        return [article for article in chosen if article.status in verb.sources]

    def _step_page(
        self, request: HttpRequest, verb: Verb, chosen: list[Article], form: StepForm
    ) -> HttpResponse:
        gate = []
        if verb.gate:
            gate = [(one, findings(working_copy(one), verb.gate)) for one in chosen[:20]]
        if not any(issue.blocks for _one, found in gate for issue in found):
            form.fields.pop("override", None)
        context = {
            **self.admin_site.each_context(request),
            "title": verb.label,
            "opts": self.opts,
            "verb": verb,
            "articles": chosen,
            "ids": ",".join(str(one.pk) for one in chosen),
            "form": form,
            "gate": [
                (one, [(issue, self.issue_sentence(issue)) for issue in found])
                for one, found in gate
                if found
            ],
            "next": self._way_back(request, chosen),
        }
        return TemplateResponse(request, "admin/articles/article/step.html", context)

    def take_step(
        self, request: HttpRequest, verb: Verb, chosen: Iterable[Article], form: StepForm
    ) -> bool:
        """Run `verb` for each article and say what came of it; False if the page asks again."""
        done, overridable = [], False
        for article in chosen:
            try:
                run(verb, article, request.user, **form.said(article))
            except transitions.NotReady as error:
                for issue in error.issues:
                    text = self.issue_sentence(issue)
                    self.message_user(request, f"“{article}”: {text}", messages.ERROR)
                overridable |= all(issue.can_be_overridden for issue in error.issues) and may(
                    request.user, "override_gate", article
                )
            except (transitions.WrongState, PermissionDenied) as error:
                self.message_user(request, f"“{article}”: {error}", messages.ERROR)
            except ValidationError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)
            else:
                done.append(article)
        if done:
            self._say_done(request, verb, done)
        if overridable and not done:
            form.offer_override()
            return False
        return True

    def _say_done(self, request: HttpRequest, verb: Verb, done: list[Article]) -> None:
        if len(done) == 1:
            text = _("“%(article)s” is now: %(state)s.") % {
                "article": done[0],
                "state": done[0].get_status_display().lower(),
            }
        else:
            text = ngettext(
                "%(verb)s: done for one article.", "%(verb)s: done for %(count)d articles.",
                len(done),
            ) % {"verb": verb.label, "count": len(done)}  # fmt: skip
        if verb.undoable:
            text = format_html(
                '{} <form method="post" action="{}" class="undo">'
                '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
                '<input type="hidden" name="ids" value="{}"><button>{}</button></form>',
                text,
                reverse("admin:articles_article_bulk_undo"),
                get_token(request),
                ",".join(str(article.pk) for article in done),
                _("Undo"),
            )
        self.message_user(request, text, messages.SUCCESS)

    def _undo(self, request: HttpRequest, chosen: list[Article]) -> None:
        done = []
        for article in chosen:
            try:
                transitions.take_back(article, by=request.user)
            except (transitions.WrongState, PermissionDenied) as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                done.append(article)
        if done:
            lines = format_html_join(
                " ", "“{}”: {}.", ((one, one.get_status_display().lower()) for one in done)
            )
            self.message_user(
                request, format_html("{} {}", _("Taken back."), lines), messages.SUCCESS
            )

    def _way_back(self, request: HttpRequest, chosen: list[Article]) -> str:
        target = request.POST.get("next") or request.GET.get("next", "")
        if url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
            return target
        if len(chosen) == 1:
            return reverse("admin:articles_article_change", args=[chosen[0].pk])
        return reverse("admin:articles_article_changelist")

    def issue_sentence(self, issue: Issue) -> str:
        """Return an issue of the gate with the name that its field has in the form."""
        names = {"byline": _("byline"), "related": _("related news")}
        label = names.get(issue.field)
        if label is None:
            label = self.opts.get_field(issue.field).verbose_name
        return f"{capfirst(str(label))}: {issue.message}"


def _bulk_action(verb: Verb) -> Callable[[VerbsMixin, HttpRequest, QuerySet], Any]:
    def action(model_admin: VerbsMixin, request: HttpRequest, queryset: QuerySet) -> Any:
        # Plain rows: those of the list lack their bodies, and the gate reads them.
        ids = list(queryset.order_by().values_list("pk", flat=True)[: BULK_LIMIT + 1])
        if len(ids) > BULK_LIMIT:
            text = _("At most %(number)d articles at once.") % {"number": BULK_LIMIT}
            model_admin.message_user(request, text, messages.ERROR)
            return None
        chosen = list(Article.objects.filter(pk__in=ids).order_by("pk"))
        chosen = model_admin.those_that_can(request, verb, chosen)
        if not chosen:
            return None
        if verb.asks:
            back = request.get_full_path()
            address = reverse("admin:articles_article_bulk_verb", args=[verb.name])
            query = urlencode({"ids": ",".join(str(one.pk) for one in chosen), "next": back})
            return HttpResponseRedirect(f"{address}?{query}")
        form = StepForm({}, verb=verb, articles=chosen, person=request.user)
        form.is_valid()
        model_admin.take_step(request, verb, chosen, form)
        return None

    action.__name__ = verb.name
    return action
