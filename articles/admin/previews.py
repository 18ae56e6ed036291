"""Previews at the admin's door: the page as readers would get it, and links for others."""

from collections.abc import Callable
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.admin.article_history import lines_of, shown_article
from articles.conf import absolute, conf
from articles.editorial import previews
from articles.editorial.revisions import revision_of, working_data
from articles.editorial.roles import may
from articles.models import Article, PreviewLink, Revision
from articles.views.preview import About, preview_page, sealed

#: Links on the page, newest first; older ones have long ended.
LINKS_SHOWN = 100


class LinkForm(forms.Form):
    """What a new link shows, for whom, and how long."""

    revision = forms.TypedChoiceField(
        label=gettext_lazy("What it shows"), required=False, coerce=int, empty_value=None
    )
    days = forms.IntegerField(
        label=gettext_lazy("Open for"),
        min_value=1,
        max_value=previews.MOST_DAYS,
        help_text=gettext_lazy("Days, from 1 to 30."),
    )
    label = forms.CharField(
        label=gettext_lazy("For whom"),
        required=False,
        max_length=PreviewLink._meta.get_field("label").max_length,
        help_text=gettext_lazy("Only the desk sees this."),
    )
    opens_embargoed = forms.BooleanField(
        label=gettext_lazy("Opens before an embargo ends"), required=False
    )

    def __init__(self, data: Any, *, article: Article, person: Any, revision: str = "") -> None:
        first = {"days": conf("PREVIEW_DAYS")}
        super().__init__(data, initial=first, label_suffix="")
        self.fields["revision"].choices = [
            ("", _("Always the working copy, as it goes on")),
            *((line.number, _described(line, article)) for line in lines_of(article)),
        ]
        if revision.isdecimal() and len(revision) < 10:
            self.initial["revision"] = int(revision)
        if not may(person, "see_embargoed_article", article):
            del self.fields["opens_embargoed"]


def _described(line: Revision, article: Article) -> str:
    parts = [
        _("Revision %(number)d") % {"number": line.number},
        date_format(timezone.localtime(line.made_at), "SHORT_DATETIME_FORMAT"),
        line.made_by_name,
        _("live") if line.number == article.live_number else "",
    ]
    return " · ".join(part for part in parts if part)


class PreviewMixin(admin.ModelAdmin):
    """For the admin of articles."""

    def get_urls(self) -> list[URLPattern]:
        def at(route: str, view: Callable, name: str) -> URLPattern:
            view = self.admin_site.admin_view(view)
            return path(f"<int:object_id>/{route}", view, name=f"articles_article_{name}")

        return [
            at("preview/", self.preview_view, "preview"),
            at("card/", self.card_view, "card"),
            at("previews/", self.previews_view, "previews"),
            at("previews/<int:link_id>/revoke/", self.revoke_view, "preview_revoke"),
            *super().get_urls(),
        ]

    # The one page that may stand in a frame: the writing screen shows it beside the text.
    @method_decorator(xframe_options_sameorigin)
    @method_decorator(csp_replace({"frame-ancestors": [SELF]}))
    @method_decorator(require_safe)
    def preview_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The public page of a revision: `?revision=` is a number, "live" or "working"."""
        article, revision = self._shown(request, object_id)
        # An article that was never saved here (an import's, a fixture's) shows its rows.
        data = revision.snapshot if revision else working_data(article)
        about = About(
            revision=revision,
            is_live=revision is not None and revision.number == article.live_number,
            is_working=revision is None or revision.number == article.working_number,
            article_id=article.pk,
        )
        return preview_page(request, previews.page_of(article, data), about)

    @method_decorator(require_safe)
    def card_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The card that networks would show for a revision; made for this look and not kept."""
        article, revision = self._shown(request, object_id)
        data = revision.snapshot if revision else working_data(article)
        card = previews.page_of(article, data).card
        return sealed(HttpResponse(card.render(), content_type="image/jpeg"))

    def _shown(self, request: HttpRequest, object_id: int) -> tuple[Article, Revision | None]:
        """The article, and the revision that `?revision=` names; None for rows without one."""
        article = shown_article(self, request, object_id)
        name = request.GET.get("revision") or "working"
        try:
            revision = revision_of(article, name)
        except ValidationError:
            raise Http404 from None
        if revision is None and name != "working":
            raise Http404
        return article, revision

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def previews_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The article's preview links, and a form to make one.

        A new link's address is in the answer to its form and nowhere else: it is not kept.
        """
        article = shown_article(self, request, object_id)
        may_make = may(request.user, "change_article", article)
        if request.method == "POST" and not may_make:
            raise PermissionDenied(_("Your role does not allow this."))
        data = request.POST if request.method == "POST" else None
        wanted = request.GET.get("revision", "")
        form = LinkForm(data, article=article, person=request.user, revision=wanted)
        made = None
        if data is not None and form.is_valid():
            made = self._make_link(request, article, form)
            form = LinkForm(None, article=article, person=request.user)
        now = timezone.now()
        found = article.preview_links.select_related("made_by")
        found = found.defer("revision__snapshot").select_related("revision")
        # The links ask their article whether an embargo shuts them.
        links = [
            {
                "link": link,
                "has_ended": previews.has_ended(link, now),
                "is_shut": article.is_embargoed and not link.opens_embargoed,
            }
            for link in found[:LINKS_SHOWN]
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview links"),
            "subtitle": str(article),
            "opts": self.opts,
            "article": article,
            "form": form,
            "made": made,
            "links": links,
            "may_make": may_make,
        }
        return TemplateResponse(request, "admin/articles/article/previews.html", context)

    def _make_link(self, request: HttpRequest, article: Article, form: LinkForm) -> dict[str, Any]:
        said = form.cleaned_data
        number = said.get("revision")
        link, token = previews.make_link(
            article,
            request.user,
            article.revisions.get(number=number) if number else None,
            days=said["days"],
            label=said["label"],
            opens_embargoed=said.get("opens_embargoed", False),
        )
        self.log_change(request, article, _("Made a preview link."))
        return {"link": link, "address": absolute(reverse("articles:preview", args=[token]))}

    @method_decorator(require_POST)
    def revoke_view(self, request: HttpRequest, object_id: int, link_id: int) -> HttpResponse:
        """End a link now."""
        article = shown_article(self, request, object_id)
        link = article.preview_links.filter(pk=link_id).first()
        if link is None:
            raise Http404
        previews.revoke(link, request.user)
        self.log_change(request, article, _("Revoked a preview link."))
        self.message_user(request, _("The link opens nothing any more."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_previews", args=[article.pk]))
