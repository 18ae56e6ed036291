"""Saving while writing: autosaves, who is there, and words in dispute.

A screen sends the form as it stands, with its own name and the clock of the last answer that it
has taken in; the answer says what others made of the article meanwhile.
"""

import json
import re
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from articles.admin import presence
from articles.admin.arrivals import shown
from articles.editorial import merging
from articles.editorial.revisions import name_of, newest
from articles.editorial.roles import may
from articles.editorial.snapshots import laid_over
from articles.models import Article, Conflict

#: Bytes of a whole form: some hundred thousand words, more than anybody wrote at once.
LARGEST = 2 * 2**20
#: Autosaves of one person in one minute, from all screens: beyond it something runs wild.
MOST_A_MINUTE = 600
_CLIENT = re.compile(r"[0-9a-zA-Z-]{8,36}")


class Refused(Exception):
    """A request that is answered with a status and a reason."""

    def __init__(self, status: int, reason: str, text: str) -> None:
        super().__init__(text)
        self.status, self.reason = status, reason


def answering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view answer a script: always JSON, never a redirect to the sign-in page."""

    @wraps(view)
    def inner(self: Any, request: HttpRequest, **names: Any) -> HttpResponse:
        try:
            return view(self, request, **names)
        except Refused as refusal:
            return _refusal(request, refusal)
        except Article.DoesNotExist:
            # Deleted between two lines.
            return _refusal(request, _gone())

    @wraps(view)
    def outer(self: Any, request: HttpRequest, **names: Any) -> HttpResponse:
        # Before the token is checked: it goes with the session, and who has none wants to hear
        # of that; and nobody reads a form that is too large.
        if not self.admin_site.has_permission(request):
            refusal = Refused(401, "signed-out", _("You are signed out."))
        elif int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            refusal = Refused(413, "too-large", _("This is too long to be saved."))
        else:
            protected = csrf_protect(lambda request: inner(self, request, **names))
            response = protected(request)
            if response.status_code != 403 or isinstance(response, JsonResponse):
                return response
            refusal = Refused(403, "token", _("Signed in anew: once more, please."))
        return _refusal(request, refusal)

    return outer


def _gone() -> Refused:
    return Refused(404, "gone", _("This article is not there any more."))


def _refusal(request: HttpRequest, refusal: Refused) -> JsonResponse:
    answer = {"reason": refusal.reason, "error": str(refusal), "csrf": get_token(request)}
    return JsonResponse(answer, status=refusal.status)


class SyncMixin(admin.ModelAdmin):
    """For the admin of articles."""

    def get_urls(self) -> list[URLPattern]:
        def at(route: str, view: Callable, name: str) -> URLPattern:
            # Not `admin_view`: that one answers with a redirect to the sign-in page.
            door = never_cache(csrf_exempt(view))
            return path(route, door, name=f"articles_article_{name}")

        return [
            at("begin/", self.begin_view, "begin"),
            at("<int:object_id>/sync/", self.sync_view, "sync"),
            at("<int:object_id>/conflicts/<int:number>/", self.conflict_view, "conflict"),
            *super().get_urls(),
        ]

    def sync_context(self, request: HttpRequest, article: Article | None) -> dict[str, Any]:
        """Context of `_sync.html`: the screen's name, its clock, and where it saves to."""
        client, base = self.screen_of(request, article)
        uid = _uid_of(request) or uuid.uuid4()
        return {
            "sync_client": client,
            "sync_base": base,
            "sync_uid": "" if article else uid,
            "sync_user": request.user.pk,
            "sync_may_write": self.has_change_permission(request, article)
            if article
            else self.has_add_permission(request),
            "sync_conflicts": len(merging.open_conflicts(article)) if article else 0,
        }

    def screen_of(self, request: HttpRequest, article: Article | None) -> tuple[str, int]:
        """Return the name of the screen that asks, and the clock that it has taken in.

        A page that was sent back with errors stays the screen that it was: its words may be in
        the working copy under that name already.
        """
        client = request.POST.get("_client", "")
        base = request.POST.get("_base", "")
        if _CLIENT.fullmatch(client) and base.isdecimal() and len(base) < 10:
            return client, int(base)
        return uuid.uuid4().hex, merging.clock_of(article) if article is not None else 0

    def begun(self, request: HttpRequest) -> Article | None:
        """Return the article that a page for a new one stands for: its row, or one to be made."""
        uid = _uid_of(request)
        if uid is None:
            return None
        article = Article.objects.filter(uid=uid).first()
        if article is None:
            return Article(uid=uid)
        return article if self.has_change_permission(request, article) else None

    # --- addresses -----------------------------------------------------------------------------

    @answering
    def sync_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """GET says how things stand; POST saves what is on the screen, or only looks (`_idle`)."""
        article = self._article(request, object_id)
        _not_too_often(request)
        if request.method == "GET":
            return self._answer(request, article, merging.clock_of(article))
        client, base = self._screen(request)
        if request.POST.get("_gone"):
            presence.leave(article, client, request.user)
        else:
            presence.touch(article, client, request.user, request.POST.get("_field", ""))
        if request.POST.get("_idle"):
            return self._answer(request, article, merging.clock_of(article), client=client)
        return self._save(request, article, client, base)

    @answering
    def begin_view(self, request: HttpRequest) -> HttpResponse:
        """Make an article of the first words on the page for a new one; GET says who asks."""
        _not_too_often(request)
        if not self.has_add_permission(request):
            raise Refused(403, "permission", _("Your role does not allow this."))
        if request.method == "GET":
            return JsonResponse({"user": request.user.pk, "csrf": get_token(request)})
        client, base = self._screen(request)
        article = self.begun(request)
        if article is None:
            raise Refused(422, "nonsense", _("This is no article."))
        form, formsets = self._bound(request, article)
        values, errors = self.values_of(form, formsets)
        if not any(_has_words(value) for value in values.values()):
            raise Refused(422, "empty", _("There is no word yet."))
        if article.pk is None:
            article.save()
        whole = {**values, "byline": values.get("byline") or self.writer_of(request)}
        merged = merging.save(
            article, whole, by=request.user, client=client, base=base, is_autosave=True
        )
        presence.touch(article, client, request.user, request.POST.get("_field", ""))
        # A writer's own name is news to the page, which was made before there was an article.
        news = [name for name in whole if whole[name] != values.get(name, whole[name])]
        return self._saved(request, article, merged, [*merged.foreign, *news], errors, client)

    @answering
    @method_decorator(require_POST)
    def conflict_view(self, request: HttpRequest, object_id: int, number: int) -> HttpResponse:
        """Settle one conflict by `value`, in JSON; what became of the text comes with a sync."""
        article = self._article(request, object_id)
        self._must_be_writable(request, article)
        client, _base = self._screen(request)
        try:
            value = json.loads(request.POST.get("value", ""))
            merged = merging.settle(article, number, value, by=request.user)
        except Conflict.DoesNotExist:
            raise Refused(404, "settled", _("Somebody has chosen already.")) from None
        except (ValueError, TypeError, ValidationError):
            raise Refused(422, "nonsense", _("This cannot stand there.")) from None
        gate = self._gate(request, laid_over(article, merged.data))
        return self._answer(request, article, merged.clock, merged, client=client, gate=gate)

    # --- what they share -----------------------------------------------------------------------

    def _article(self, request: HttpRequest, object_id: int) -> Article:
        article = self.get_object(request, str(object_id))
        if article is None or not self.has_view_permission(request, article):
            raise _gone()
        return article

    def _must_be_writable(self, request: HttpRequest, article: Article) -> None:
        if not self.has_change_permission(request, article):
            raise Refused(403, "permission", _("You may only read this article now."))

    def _screen(self, request: HttpRequest) -> tuple[str, int]:
        client, base = request.POST.get("_client", ""), request.POST.get("_base", "")
        if not _CLIENT.fullmatch(client) or not base.isdecimal() or len(base) > 9:
            raise Refused(422, "nonsense", _("This is not what the screen sends."))
        if request.POST.get("_user", str(request.user.pk)) != str(request.user.pk):
            # Signed in as somebody else in another tab: these words are not theirs.
            raise Refused(409, "other-user", _("Somebody else is signed in now."))
        return client, int(base)

    def _bound(self, request: HttpRequest, article: Article) -> tuple[Any, list[Any]]:
        """Return form and rows with what was posted, made as the normal save makes them."""
        change = article.pk is not None
        form_class = self.get_form(request, article if change else None, change=change)
        form = form_class(request.POST, request.FILES, instance=article if change else None)
        formsets, _inlines = self._create_formsets(request, form.instance, change=change)
        if any(not formset.management_form.is_valid() for formset in formsets):
            raise Refused(422, "nonsense", _("This is not what the screen sends."))
        return form, formsets

    def values_of(
        self, form: Any, formsets: list[Any]
    ) -> tuple[dict[str, Any], dict[str, list[str]]]:
        """Return what is clean on a screen, as keys of a snapshot, and what is wrong with the rest.

        Plans are no part of it; nor is what the person may only read.
        """
        form.is_valid()
        values = form.values()
        errors = {name: list(found) for name, found in form.errors.items()}
        for formset in formsets:
            if formset.is_valid():
                values[formset.key] = formset.values(form.seen.get(formset.key))
            else:
                rows = [text for row in formset.errors for found in row.values() for text in found]
                errors[formset.key] = [*formset.non_form_errors(), *rows]
        return values, errors

    def _save(self, request: HttpRequest, article: Article, client: str, base: int) -> HttpResponse:
        self._must_be_writable(request, article)
        if "headline" not in request.POST:
            raise Refused(422, "nonsense", _("This is not what the screen sends."))
        form, formsets = self._bound(request, article)
        values, errors = self.values_of(form, formsets)
        merged = merging.save(
            article, values, by=request.user, client=client, base=base, is_autosave=True
        )
        return self._saved(request, article, merged, merged.foreign, errors, client)

    def _saved(
        self,
        request: HttpRequest,
        article: Article,
        merged: merging.Merged,
        names: list[str],
        errors: dict[str, list[str]],
        client: str,
    ) -> HttpResponse:
        foreign: dict[str, Any] = {}
        by = ""
        laid = laid_over(article, merged.data)
        if names:
            foreign = shown(self, request, laid, merged.data, names)
            others = article.revisions.exclude(made_by=request.user).order_by("-number")
            by = others.values_list("made_by_name", flat=True).first() or ""
        return self._answer(
            request,
            article,
            merged.clock,
            merged,
            client=client,
            foreign=foreign,
            by=by,
            errors=errors,
            gate=self._gate(request, laid),
        )

    def _answer(
        self,
        request: HttpRequest,
        article: Article,
        clock: int,
        merged: merging.Merged | None = None,
        *,
        client: str = "",
        foreign: dict[str, Any] | None = None,
        by: str = "",
        errors: dict[str, list[str]] | None = None,
        gate: str | None = None,
    ) -> JsonResponse:
        conflicts = merged.conflicts if merged else merging.open_conflicts(article)
        revision = merged.revision if merged else newest(article)
        answer: dict[str, Any] = {
            "id": article.pk,
            "address": reverse("admin:articles_article_change", args=[article.pk]),
            "clock": clock,
            "revision": revision.number if revision else 0,
            "saved_at": timezone.now().isoformat(),
            "user": request.user.pk,
            "may_write": may(request.user, "change_article", article),
            "foreign": foreign or {},
            "by": by,
            "errors": errors or {},
            "conflicts": [self._conflict(one, client, request.user) for one in conflicts],
            "present": [
                {**one, "field": self._field_label(one["field"])}
                for one in presence.others(article, client, request.user)
            ],
            "csrf": get_token(request),
        }
        if gate is not None:
            answer["gate"] = gate
        return JsonResponse(answer)

    def _gate(self, request: HttpRequest, laid: Article) -> str:
        context = self.gate(laid)
        return render_to_string("admin/articles/article/_gate.html", context, request=request)

    def _conflict(self, conflict: Conflict, client: str, person: Any) -> dict[str, Any]:
        versions = conflict.versions
        # After a reload one's own words came from a screen that is not there any more.
        key, own = "client", client
        if all(version.get("client") != client for version in versions):
            key, own = "name", name_of(person)
        return {
            "number": conflict.number,
            "field": conflict.field,
            "label": self._field_label(conflict.field),
            "base": conflict.base,
            "around": conflict.place.get("around", ["", ""]),
            "versions": [
                {
                    "name": version.get("name", ""),
                    "mine": version.get(key) == own,
                    "value": version.get("value"),
                }
                for version in versions
            ],
        }

    def _field_label(self, name: str) -> str:
        """Return what the screen calls one of its fields; "" for what is none."""
        name = {"bylines": "byline", "related_links": "related"}.get(name.split("-")[0], name)
        known = {"byline", "related", "tags", *self.form.base_fields}
        return self.label_of(name) if name in known else ""


def _uid_of(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("_uid", ""))
    except ValueError:
        return None


def _has_words(value: Any) -> bool:
    return isinstance(value, str) and bool(re.search(r"\w", re.sub(r"<[^>]*>", " ", value)))


def _not_too_often(request: HttpRequest) -> None:
    minute = int(timezone.now().timestamp() // 60)
    key = f"sync:{request.user.pk}:{minute}"
    cache.add(key, 0, timeout=120)
    try:
        count = cache.incr(key)
    except ValueError:
        # Dropped between the two lines by a full cache: then it was not often.
        return
    if count > MOST_A_MINUTE:
        raise Refused(429, "too-often", _("Too many saves in one minute."))
