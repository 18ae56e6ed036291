"""Articles: the list of everything the desk has, and the place to write."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_prose_editor.fields import ProseEditorField
from taggit.managers import TaggableManager

from articles.admin.article_form import (
    ArticleForm,
    BodyWidget,
    BylineInline,
    RelatedLinkInline,
    TagsWidget,
    plain_choice,
)
from articles.admin.article_history import HistoryMixin
from articles.admin.article_list import ArticleListMixin
from articles.admin.article_readers import ReadersMixin
from articles.admin.beginning import BeginningMixin
from articles.admin.calendar import CalendarMixin
from articles.admin.desk import BROWSER_DATES, DeskAdmin
from articles.admin.images import thumbnail
from articles.admin.lookups import LookupsMixin
from articles.admin.palette import PaletteMixin
from articles.admin.previews import PreviewMixin
from articles.admin.steps import StepForm
from articles.admin.suggestions import SuggestionsMixin
from articles.admin.sync import SyncMixin
from articles.admin.translations import TranslationsMixin
from articles.admin.verbs import (
    VerbsMixin,
)
from articles.admin.writing import WritingMixin
from articles.editorial import merging, planning
from articles.editorial.checks import blocking
from articles.editorial.revisions import newest, working_copy
from articles.editorial.roles import may, visible_to
from articles.editorial.workflow import VERBS
from articles.models import (
    Article,
    Author,
    Byline,
    Conflict,
    DailyViews,
    Notice,
    Presence,
    PreviewLink,
    Redirect,
    RelatedLink,
    Revision,
    ScheduledStep,
    Transition,
    Weave,
)
from articles.text.html import clean_body


@admin.register(Article)
class ArticleAdmin(
    ArticleListMixin,
    VerbsMixin,
    HistoryMixin,
    PreviewMixin,
    CalendarMixin,
    SyncMixin,
    LookupsMixin,
    SuggestionsMixin,
    PaletteMixin,
    BeginningMixin,
    TranslationsMixin,
    WritingMixin,
    ReadersMixin,
    DeskAdmin,
):
    form = ArticleForm
    inlines = (BylineInline, RelatedLinkInline)
    formfield_overrides = {
        **BROWSER_DATES,
        ProseEditorField: {"widget": BodyWidget},
        TaggableManager: {"widget": TagsWidget},
    }
    autocomplete_fields = ("section", "picture", "assignee")
    change_form_template = "admin/articles/article/change_form.html"

    # --- the form ----------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        writable = self._writable(request, obj)
        body = "body" if writable else "body_as_read"
        picture = ("picture", "picture_preview") if obj else ("picture",)
        return (
            (None, {"fields": ("headline", "standfirst", body), "classes": ("words",)}),
            (_("Place"), {"fields": ("section", "tags"), "classes": ("side",)}),
            (_("Picture"), {"fields": picture, "classes": ("side",)}),
            (_("Plan"), {"fields": planning.FIELDS, "classes": ("side", "collapse")}),
            (
                _("Address and search engines"),
                {
                    "fields": ("slug", "seo_title", "seo_description"),
                    "classes": ("side", "collapse"),
                },
            ),
            (
                _("Time, language, views"),
                {
                    "fields": ("published_at", "language", "starting_views"),
                    "classes": ("side", "collapse"),
                },
            ),
        )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in {"section", "picture", "assignee"}:
            plain_choice(field, adding=db_field.name == "picture")
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        fields = ["picture_preview"]
        if not self._writable(request, obj):
            fields.append("body_as_read")
        if not request.user.has_perm("articles.publish_article"):
            # When a story came out and how often it was read is not a writer's to say.
            fields += ["published_at", "starting_views"]
        if not may(request.user, "approve_article", obj):
            fields += planning.FIELDS
        if obj is not None and obj.status == Article.Status.WITHDRAWN:
            # Its address tells readers that it is gone, and must go on telling them.
            fields.append("slug")
        return fields

    def _writable(self, request: HttpRequest, obj: Article | None) -> bool:
        if obj is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, obj)

    @admin.display(description=_("body"))
    def body_as_read(self, article: Article) -> str:
        # Sanitised here again, so that this line alone shows that nothing else gets through.
        return mark_safe(clean_body(article.body))  # noqa: S308  # nosec B308 B703

    @admin.display(description="")
    def picture_preview(self, article: Article) -> str:
        return thumbnail(article.picture)

    def view_on_site(self, article: Article) -> str | None:
        return (article.get_absolute_url() or None) if article.is_public else None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        article = self.get_object(request, object_id) if object_id else None
        if article is not None and not self.has_view_permission(request, article):
            raise PermissionDenied
        beside = self.beside(request, article)
        return super().changeform_view(
            request,
            object_id,
            form_url,
            {
                **(extra_context or {}),
                **beside,
                **self.sync_context(request, article),
                **self.near_context(request, article, beside.get("desk_copy")),
            },
        )

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Article, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """Byline and related links of the working copy, too, whatever is live."""
        given = super().get_formset_kwargs(request, obj, inline, prefix)
        copy = obj if obj.is_laid_over else working_copy(obj) if obj.pk else None
        inline.formset_rows = _rows_of(copy, inline) if copy is not None else []
        given["instance"] = Article(pk=obj.pk)
        given.pop("queryset", None)
        return given

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        formsets, inlines = super()._create_formsets(request, obj, change)
        for formset, inline in zip(formsets, inlines, strict=True):
            formset.rows = inline.formset_rows
            formset.__dict__.pop("forms", None)
        return formsets, inlines

    # --- permissions -------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return may(request.user, "change_article", obj)

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return may(request.user, "view_article", obj)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        # The choices of other forms come this way, past the list's own queryset.
        queryset = visible_to(request.user, queryset)
        return super().get_search_results(request, queryset, search_term)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """What readers saw is withdrawn, so that its address can say so; only drafts go."""
        if not may(request.user, "delete_article", obj):
            return False
        if obj is None or obj.published_on is None:
            return True
        return request.user.is_superuser and obj.status != Article.Status.PUBLISHED

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        self.delete_queryset(request, Article.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Redirects outlive their article: what said "gone" goes on saying it."""
        Redirect.objects.filter(article__in=queryset).update(article=None)
        queryset.delete()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set, Any]:
        """An article's history cannot be deleted on its own, but goes with its article."""
        tree, counts, needed, protected = super().get_deleted_objects(objs, request)
        parts = (
            Revision, Transition, ScheduledStep, PreviewLink, Notice, DailyViews, Redirect,
            Weave, Conflict, Presence,
        )  # fmt: skip
        return tree, counts, needed - {part._meta.verbose_name for part in parts}, protected

    # --- saving ------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """A new article gets its row; everything else waits for `save_related`."""
        if not change:
            # Blank: its first revision brings the words, and its plan a line of the timeline.
            blank = self.begun(request) or Article(uid=obj.uid)
            if blank.pk is None:
                blank.save()
            obj.pk, obj._state.adding = blank.pk, False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """With text, byline, tags and links at hand, the article is whole: merge it in.

        What somebody else changed meanwhile stays, word by word; of the same words changed by
        both, both versions are kept, and the person is told.
        """
        article = Article.objects.get(pk=form.instance.pk)
        for formset in formsets:
            formset.save()
        values, _left_out = self.values_of(form, formsets)
        last = newest(article)
        if not change:
            values["byline"] = values.get("byline") or self.writer_of(request)
        if "related" in values:
            values["related"] = [*values["related"], *self.pinned(request)]
        client, base = self.screen_of(request, article)
        merged = merging.save(article, values, by=request.user, client=client, base=base)
        request.others_saved = bool(merged.foreign or merged.conflicts)
        self._tell_of_others(request, merged, last)
        if plans := form.plans():
            planning.plan(article, by=request.user, **plans)

    def _tell_of_others(
        self, request: HttpRequest, merged: merging.Merged, last: Revision | None
    ) -> None:
        who = (last.made_by_name if last else "") or _("Somebody")
        if merged.conflicts:
            both = dict.fromkeys(self.label_of(one.field) for one in merged.conflicts)
            text = _(
                "%(fields)s: the same words were changed by two people. Both versions are kept; "
                "choose one of them."
            )
            self.message_user(request, text % {"fields": ", ".join(both)}, messages.WARNING)
        elif merged.foreign:
            text = _("%(who)s changed other parts meanwhile; both are kept.") % {"who": who}
            self.message_user(request, text, messages.INFO)

    def label_of(self, name: str) -> str:
        """Return what the form calls a key of a snapshot."""
        names = {"byline": _("byline"), "related": _("related news"), "tags": _("tags")}
        return str(names.get(name) or self.opts.get_field(name).verbose_name)

    def writer_of(self, request: HttpRequest) -> list[dict[str, str]]:
        """A writer's new article is theirs; an editor may be entering somebody else's."""
        author = getattr(request.user, "author", None)
        is_writer = not request.user.has_perm("articles.edit_any_article")
        if author and is_writer:
            return [{"author": author.slug, "role": Byline.Role.WRITER}]
        return []

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        """A verb's button saves what is on the screen first, so that no typed word is lost."""
        verb = VERBS.get(request.POST.get("_verb", ""))
        if self.choose(request, obj) or "_pin" in request.POST:
            # A page without scripts goes on where its button was.
            page = reverse("admin:articles_article_change", args=[obj.pk])
            return HttpResponseRedirect(f"{page}#near")
        if verb is None:
            return super().response_change(request, obj)
        saved = Article.objects.get(pk=obj.pk)
        if not may(request.user, verb.permission, saved):
            raise PermissionDenied(_("Your role does not allow this."))
        if request.others_saved and verb.gate:
            # What somebody else wrote meanwhile goes nowhere before it was looked at.
            text = _("%(verb)s: not yet. Look at what was changed meanwhile, then go on.")
            self.message_user(request, text % {"verb": verb.label}, messages.WARNING)
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[obj.pk]))
        said = {name: request.POST.get(f"_{name}", "") for name in ("note", "at")}
        form = StepForm({"note": said["note"]}, verb=verb, articles=[saved], person=request.user)
        page = reverse("admin:articles_article_change", args=[obj.pk])
        if "redirect" in verb.asks or not form.is_valid():
            # It has to be told more: the page that asks comes next, with what was said so far.
            query = urlencode({name: text for name, text in said.items() if text})
            page = reverse("admin:articles_article_verb", args=[obj.pk, verb.name])
            return HttpResponseRedirect(f"{page}?{query}" if query else page)
        self.take_step(request, verb, [saved], form)
        return HttpResponseRedirect(page)

    # --- warnings of the import ----------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        address = path(
            "<int:object_id>/warnings/",
            self.admin_site.admin_view(self.settle_warnings),
            name="articles_article_settle_warnings",
        )
        return [address, *super().get_urls()]

    @method_decorator(require_POST)
    def settle_warnings(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Somebody looked at what the import could not know: take the warnings away.

        A warning that keeps the gate shut stays until its cause is mended.
        """
        article = self.get_object(request, str(object_id))
        if article is None or not self.has_view_permission(request, article):
            raise Http404
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        needed = [one for one in article.import_warnings if _keeps_the_gate_shut(one, article)]
        article.import_warnings = needed
        article.save(update_fields=["import_warnings"])
        self.log_change(request, article, _("Settled the warnings of the import."))
        if needed:
            text = _("Settled, but for what must be mended before the article is published.")
            self.message_user(request, text, messages.WARNING)
        else:
            self.message_user(request, _("The warnings are settled."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))


def _keeps_the_gate_shut(warning: dict[str, str], article: Article) -> bool:
    """Whether the gate finds something because of this warning."""
    copy = working_copy(article)
    copy.import_warnings = []
    without = blocking(copy, "publish")
    copy.import_warnings = [warning]
    return blocking(copy, "publish") != without


def _rows_of(copy: Article, inline: Any) -> list[Any]:
    """Return the unsaved rows that an inline shows."""
    if inline.model is RelatedLink:
        for place, link in enumerate(copy.curated, start=1):
            link.position = place
        return copy.curated
    authors = {
        author.slug: author
        for author in Author.objects.filter(slug__in=[row["slug"] for row in copy.byline_rows])
    }
    return [
        Byline(author=authors[row["slug"]], role=row["role"], position=place)
        for place, row in enumerate(copy.byline_rows, start=1)
    ]
