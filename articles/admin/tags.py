"""Tags and their other names: renamed in the form, merged and split on pages of their own.

All of it goes through articles/editorial/tags.py, so that every way can be undone.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from articles.admin.desk import PageAdmin
from articles.admin.tag_forms import MergeForm, OtherNameForm, SplitForm, TagForm
from articles.editorial import tags
from articles.editorial.addresses import drop_redirects
from articles.editorial.tag_names import add_synonym, remove_synonym
from articles.models import FormerTagName, Tag, TagChange

#: Lines of the history beside a tag, and on a page of the whole of it.
LINES, PAGE = 10, 50
#: The newest changes in which a tag looks for its own.
LOOK_BACK = 500


class OtherNameInline(admin.StackedInline):
    """Synonyms come and go by hand; what a tag was once called keeps its address, and stays."""

    model = FormerTagName
    template = "admin/articles/_rows.html"
    form = OtherNameForm
    fields = ("name", "slug")
    extra = 0
    verbose_name = _("other name")
    verbose_name_plural = _("other names")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Tag)
class TagAdmin(PageAdmin):
    form = TagForm
    list_display = ("name", "slug", "description", "articles_with_it")
    search_fields = ("name", "former_names__name")
    ordering = ("name",)
    fields = ("name", "slug", "description")
    inlines = (OtherNameInline,)
    actions = ("merge_chosen",)

    counts = "tagged_articles"

    @admin.display(description=_("articles"), ordering="number")
    def articles_with_it(self, tag: Any) -> int:
        return tag.number

    @admin.action(description=_("Merge the chosen tags"), permissions=["change"])
    def merge_chosen(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        keys = list(queryset.order_by().values_list("pk", flat=True))
        if len(keys) < 2:
            self.message_user(request, _("Choose at least two tags to merge."), messages.WARNING)
            return None
        query = urlencode({"ids": ",".join(map(str, sorted(keys)))})
        return HttpResponseRedirect(f"{reverse('admin:articles_tag_merge')}?{query}")

    # --- the form ------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            drop_redirects(obj.get_absolute_url())
            return
        try:
            tags.rename(Tag.objects.get(pk=obj.pk), obj.name, by=request.user, slug=obj.slug)
        except ValidationError as error:
            # Somebody else took the name since the form was checked.
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        obj.save(update_fields=["description"])
        obj.refresh_from_db(fields=["name", "slug", "description"])

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save(commit=False)
        # As they are stored: their names are not fields of the form.
        gone = [synonym.pk for synonym in formset.deleted_objects]
        for synonym in FormerTagName.objects.filter(pk__in=gone):
            remove_synonym(synonym)
        for synonym in formset.new_objects:
            add_synonym(synonym)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        tag = context.get("original")
        if tag is not None:
            context["tag_changes"] = _changes_of(tag)
        context["may_change_tags"] = self.has_change_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    # --- deleting ------------------------------------------------------------------------------

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set, Any]:
        """A tag that stories carry is merged, so that they keep a topic; only others go."""
        tree, counts, needed, protected = super().get_deleted_objects(objs, request)
        protected = [*protected, *filter(None, map(tags.why_kept, objs))]
        return tree, counts, needed - {FormerTagName._meta.verbose_name}, protected

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        tags.remove(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for tag in Tag.objects.filter(pk__in=queryset.values("pk")):
            tags.remove(tag, by=request.user)

    # --- merge, split, undo --------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        def at(route: str, view: Callable, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"articles_tag_{name}")

        return [
            at("merge/", self.merge_view, "merge"),
            at("<int:object_id>/split/", self.split_view, "split"),
            at("changes/", self.changes_view, "changes"),
            at("changes/<uuid:uid>/undo/", self.undo_view, "undo"),
            *super().get_urls(),
        ]

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """Ask which tag stays, and merge the tags of `?ids=` into it."""
        self._ask(request)
        ids = (request.POST.get("ids") or request.GET.get("ids", "")).split(",")
        wanted = [int(one) for one in ids if one.isdecimal() and len(one) < 19][:PAGE]
        chosen = list(self.with_counts(Tag.objects.filter(pk__in=wanted)).order_by("name"))
        if not chosen:
            raise Http404
        form = MergeForm(request.POST or None, chosen=chosen, into=request.GET.get("into", ""))
        if form.is_valid():
            into = form.cleaned_data["into"]
            if change := self._try(form, lambda: tags.merge(chosen, into, by=request.user)):
                return self._done(request, change, into)
        return self._page(
            request,
            "merge",
            title=_("Merge tags"),
            chosen=chosen,
            ids=",".join(str(tag.pk) for tag in chosen),
            form=form,
        )

    def split_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Ask for a new name and the articles that get it; page by page, search by search.

        Everything chosen so far travels with the form, so that no page loses another's choice.
        """
        self._ask(request)
        tag = self.get_object(request, str(object_id))
        if tag is None:
            raise Http404
        form = SplitForm(request.POST or None, tag=tag, person=request.user)
        if form.is_asked_to_split and form.is_valid():
            name, chosen = form.cleaned_data["name"], form.chosen_articles()
            if change := self._try(form, lambda: tags.split(tag, name, chosen, by=request.user)):
                return self._done(request, change, Tag.objects.get(pk=tag.pk))
        return self._page(
            request, "split", title=_("Split “%(tag)s”") % {"tag": tag}, tag=tag, form=form
        )

    @method_decorator(require_safe)
    def changes_view(self, request: HttpRequest) -> HttpResponse:
        """All renames, merges and splits, newest first."""
        self._ask(request)
        pages = Paginator(TagChange.objects.defer("data"), PAGE)
        page = pages.get_page(request.GET.get("page"))
        return self._page(
            request, "changes", title=_("Changes of tags"), page=page, changes=page.object_list
        )

    @method_decorator(require_POST)
    def undo_view(self, request: HttpRequest, uid: Any) -> HttpResponse:
        """Take one change back, then go to where the button was, if that is still there."""
        self._ask(request)
        change = TagChange.objects.filter(uid=uid).first()
        if change is None:
            raise Http404
        try:
            tags.undo(change, by=request.user)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        else:
            text = _("Undone: %(change)s.") % {"change": change}
            self.message_user(request, text, messages.SUCCESS)
        key = request.POST.get("tag", "")
        if key.isdecimal() and len(key) < 19 and Tag.objects.filter(pk=key).exists():
            return HttpResponseRedirect(reverse("admin:articles_tag_change", args=[key]))
        return HttpResponseRedirect(reverse("admin:articles_tag_changes"))

    def _ask(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied(_("Your role does not allow this."))

    def _try(self, form: Any, verb: Callable[[], TagChange]) -> TagChange | None:
        try:
            return verb()
        except ValidationError as error:
            form.add_error(None, error.messages)
            return None

    def _done(self, request: HttpRequest, change: TagChange, tag: Tag) -> HttpResponse:
        self.log_change(request, tag, str(change))
        self.message_user(request, f"{change}.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_tag_change", args=[tag.pk]))

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/articles/tag/{name}.html", context)


def _changes_of(tag: Tag) -> list[TagChange]:
    """The tag's own changes among the newest, newest first."""
    newest = TagChange.objects.values_list("pk", "data__slugs")[:LOOK_BACK]
    keys = [pk for pk, slugs in newest if tag.slug in slugs][:LINES]
    return list(TagChange.objects.filter(pk__in=keys).defer("data"))
