"""Translations of an article: a page of their own, and the same list in the writing screen."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.admin.article_history import shown_article
from articles.admin.lookups import own_article
from articles.editorial.roles import visible_to
from articles.editorial.translations import link, may_link, translations_of, unlink
from articles.models import Article
from articles.models.translations import own_name


def translations_context(request: HttpRequest, article: Article) -> dict[str, Any]:
    """Context of `_translations.html`: the other articles of the group that the person may see."""
    seen = visible_to(request.user, Article.objects.all())
    found = translations_of(article)
    shown = set(seen.filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    return {
        "translations": [one for one in found if one.pk in shown],
        "is_linked": bool(found),
        "may_link": may_link(request.user, article),
        "own_language": own_name(article.language),
    }


class TranslationsMixin(admin.ModelAdmin):
    """For the admin of articles."""

    def get_urls(self) -> list[URLPattern]:
        page = path(
            "<int:object_id>/translations/",
            self.admin_site.admin_view(self.translations_view),
            name="articles_article_translations",
        )
        return [page, *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def translations_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The group of an article. POST: link `other` (a key, or an address), or `unlink`.

        With `?part`, a script is answered with the list alone: 422 and a sentence where nothing
        could be linked.
        """
        article = shown_article(self, request, object_id)
        is_part = "part" in request.GET
        problem = ""
        if request.method == "POST":
            problem = self._change(request, article)
            article.refresh_from_db()
            if not is_part:
                text = problem or _("Saved.")
                level = messages.ERROR if problem else messages.SUCCESS
                self.message_user(request, text, level)
                here = reverse("admin:articles_article_translations", args=[article.pk])
                return HttpResponseRedirect(here)
        context = translations_context(request, article) | {"article": article, "problem": problem}
        name = "admin/articles/article/translations.html"
        if is_part:
            name = "admin/articles/article/_translations.html"
        else:
            context |= {
                **self.admin_site.each_context(request),
                "title": _("Translations"),
                "subtitle": str(article),
                "opts": self.opts,
            }
        return TemplateResponse(request, name, context, status=422 if problem else 200)

    @staticmethod
    def _change(request: HttpRequest, article: Article) -> str:
        """Do what was asked; return why it could not be done, or ""."""
        if not may_link(request.user, article):
            raise PermissionDenied(_("Your role does not allow this."))
        if "unlink" in request.POST:
            unlink(article, by=request.user)
            return ""
        asked = request.POST.get("other", "").strip()
        seen = visible_to(request.user, Article.objects.all())
        if asked.isascii() and asked.isdecimal() and len(asked) < 19:
            other = seen.filter(pk=int(asked)).first()
        else:
            found = own_article(asked, f"{request.scheme}://{request.get_host()}")
            other = seen.filter(pk=found.pk).first() if found else None
        if other is None:
            return _("No article of this site is at that address.")
        try:
            link(article, other, by=request.user)
        except ValidationError as error:
            return " ".join(error.messages)
        except PermissionDenied:
            return _("Readers see that article: linking it is for those who may publish it.")
        return ""
