"""An empty newsroom's ways to begin: the example world, and texts that are somewhere else."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.editorial.offers import may_import
from articles.editorial.roles import visible_to
from articles.models import Article
from articles.text.slugs import slugify

# The readers know the words of thirty languages, and take longer to import than all the rest of
# the admin: each server and command would pay for what few ever use. So it is imported where used.
if TYPE_CHECKING:
    from articles.importers.loader import Outcome

#: One upload; more comes in several, or by `manage.py seed`.
MOST_FILES = 50
MOST_BYTES = 20 * 2**20
SUFFIXES = (".txt", ".html", ".htm")


class SourcesInput(forms.FileInput):
    allow_multiple_selected = True


class SourcesField(forms.FileField):
    """Several source texts; gives a list of uploads."""

    widget = SourcesInput(attrs={"accept": ",".join((*SUFFIXES, "text/plain", "text/html"))})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        from articles.importers.readers import MAX_BYTES

        files = data if isinstance(data, (list, tuple)) else [data]
        if len(files) > MOST_FILES:
            text = _("At most %(number)d files at once: these are %(count)d.")
            raise forms.ValidationError(text % {"number": MOST_FILES, "count": len(files)})
        found = [super(SourcesField, self).clean(one, initial) for one in files or [None]]
        for file in found:
            if Path(file.name).suffix.lower() not in SUFFIXES:
                text = _("“%(name)s” is no text: only .txt and .html can be read.")
                raise forms.ValidationError(text % {"name": file.name})
            if file.size > MAX_BYTES:
                text = _("“%(name)s” is too large: a text has at most %(limit)d MB.")
                raise forms.ValidationError(text % {"name": file.name, "limit": MAX_BYTES // 2**20})
        if sum(file.size for file in found) > MOST_BYTES:
            text = _("These are too many texts at once: at most %(limit)d MB together.")
            raise forms.ValidationError(text % {"limit": MOST_BYTES // 2**20})
        return found


class ImportForm(forms.Form):
    texts = SourcesField(
        label=gettext_lazy("Texts"),
        help_text=gettext_lazy(
            "Up to 50 files, .txt or .html, each with a story as it was saved from anywhere."
        ),
    )


@dataclass(frozen=True)
class Line:
    """What became of one upload. articles: those that came of it, or were here already."""

    name: str
    outcome: "Outcome"
    articles: list[Article]


class BeginningMixin(admin.ModelAdmin):
    """For the admin of articles."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("world/", view(self.world_view), name="articles_article_world"),
            path("import/", view(self.import_view), name="articles_article_import"),
            *super().get_urls(),
        ]

    def world_view(self, request: HttpRequest) -> HttpResponse:
        """Ask once; then load the texts of seeds/ as `manage.py seed` does. Only when empty."""
        from articles.importers.loader import Loader, source_files
        from articles.importers.readers import UnreadableSource

        if not may_import(request.user):
            raise PermissionDenied
        today = HttpResponseRedirect(reverse("admin:index"))
        if Article.objects.exists():
            text = _("There are articles here already: the example world is for an empty newsroom.")
            self.message_user(request, text, messages.WARNING)
            return today
        try:
            files = source_files(Path(settings.SEEDS_DIR))
        except UnreadableSource as error:
            self.message_user(request, str(error), messages.ERROR)
            return today
        if request.method != "POST":
            context = self._context(request, _("Load the example world"))
            context["number"] = len(files)
            return TemplateResponse(request, "admin/articles/article/world.html", context)
        # One transaction a file: whatever interrupts this, no story is half there, and doing it
        # again goes on where it stopped.
        counts = Counter(outcome.verdict for outcome in Loader().load(files))
        text = ngettext(
            "The example world is here: %(count)d story.",
            "The example world is here: %(count)d stories.",
            counts["created"],
        ) % {"count": counts["created"]}
        if counts["refused"]:
            more = _("%(count)d texts were refused.") % {"count": counts["refused"]}
            self.message_user(request, f"{text} {more}", messages.WARNING)
        else:
            self.message_user(request, text, messages.SUCCESS)
        return today

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Take texts, and show what became of each; a bad one never stops the rest."""
        if not may_import(request.user):
            raise PermissionDenied
        sent = request.method == "POST"
        form = ImportForm(*((request.POST, request.FILES) if sent else ()), label_suffix="")
        context = {**self._context(request, _("Import texts")), "form": form}
        if sent and form.is_valid():
            context["report"] = report = self._load(request, form.cleaned_data["texts"])
            context["created"] = sum(line.outcome.verdict == "created" for line in report)
        return TemplateResponse(request, "admin/articles/article/import.html", context)

    def _load(self, request: HttpRequest, uploads: list[UploadedFile]) -> list[Line]:
        from articles.importers.loader import Loader

        names: dict[Path, str] = {}
        with TemporaryDirectory() as folder:
            for upload in uploads:
                data = upload.read()
                # Known by its content: another text of the same name is another story, while the
                # same text is never here twice.
                digest = hashlib.sha256(data).hexdigest()[:24]
                place = Path(folder) / f"upload-{digest}"
                place.mkdir(exist_ok=True)
                name = Path(upload.name or "")
                file = place / f"{slugify(name.stem)[:80]}{name.suffix.lower()}"
                file.write_bytes(data)
                names[file] = name.name
            outcomes = list(Loader().load(list(names)))
        found: dict[str, list[Article]] = {}
        sources = {file.parent.name for file in names}
        rows = visible_to(request.user, Article.objects.filter(source__in=sources))
        for article in rows.only("headline", "source", "status").order_by("pk"):
            found.setdefault(article.source, []).append(article)
        return [Line(names[one.file], one, found.get(one.file.parent.name, [])) for one in outcomes]

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
