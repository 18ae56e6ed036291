"""The picture library at work: choosing, taking in and describing pictures, and their uses."""

import json
from collections import Counter
from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.forms import modelformset_factory
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from articles.conf import conf
from articles.editorial.roles import visible_to
from articles.imaging.apart import normalise_apart
from articles.imaging.pictures import FORMATS, UnusablePicture, gettext_noop
from articles.models import Article, Image, Revision
from articles.text.bodies import pictures
from articles.text.html import clean_line

#: Pictures in one part of the picker.
CHOICES = 24
#: Pictures that are described in one form: as many as somebody would drop at once.
BATCH = 60
#: What a field for files offers in the browser's dialog; the content decides in the end.
ACCEPT = ",".join(f"image/{kind.lower()}" for kind in FORMATS)


class DuplicatePicture(ValueError):
    """The library has this picture already: `picture`."""

    def __init__(self, picture: Image) -> None:
        super().__init__(_("This picture is in the library already."))
        self.picture = picture


def take_in(upload: UploadedFile | None) -> Image:
    """Add an uploaded file to the library; all of it or nothing.

    Raises UnusablePicture with the reason in one sentence, and DuplicatePicture.
    """
    image = Image()
    read_into(image, upload)
    if twin := Image.objects.filter(file=image.file.name).order_by("pk").first():
        raise DuplicatePicture(twin)
    image.title = clean_line(PurePath(upload.name or "").stem)[:200]
    try:
        with transaction.atomic():
            image.save()
    except BaseException:
        # A full disk, a lost database: neither a row without its files nor files without a row.
        image.drop_files()
        raise
    return image


def read_into(image: Image, upload: UploadedFile | None) -> None:
    """Store an upload as the picture's original; does not save the row.

    Raises UnusablePicture.
    """
    if upload is None or not upload.size:
        raise UnusablePicture(gettext_noop("The file is empty."))
    if upload.size > conf("PICTURE_MAX_BYTES"):
        # Before it is read: a file of gigabytes lies on the disk until here, not in memory.
        raise UnusablePicture(
            gettext_noop("The picture is over %(limit)d MB."),
            limit=conf("PICTURE_MAX_BYTES") // 2**20,
        )
    image.take(upload.read(), read=normalise_apart)


def why(error: UnusablePicture) -> str:
    """Return the reason for whoever uploaded it, in their language."""
    return _(error.sentence) % error.values


def as_data(image: Image) -> dict[str, Any]:
    """Return what a script of the writing screen needs to show and to place a picture."""
    return {
        "uid": str(image.uid),
        "pk": image.pk,
        "url": image.permanent_address,
        "thumbnail": image.crops[0].url,
        "width": image.width,
        "height": image.height,
        "alt": image.alt_text,
        "is_decorative": image.is_decorative,
        "caption": image.caption,
        "credit": image.credit,
        "title": image.title,
    }


def uses(image: Image) -> QuerySet[Article]:
    """Return the articles that show the picture, live or in their working copies."""
    uid = str(image.uid)
    # Only where the two differ is the working copy anywhere but in the columns.
    ahead = Revision.objects.filter(
        article__working_number__gt=F("article__live_number"),
        number=F("article__working_number"),
    ).filter(Q(snapshot__picture=uid) | Q(snapshot__body__icontains=uid))
    # Three plain queries instead of one with "or", which would read every text several times.
    found = {
        *image.articles.values_list("pk", flat=True),
        *with_in_text(image).values_list("pk", flat=True),
        *ahead.values_list("article", flat=True),
    }
    return Article.objects.filter(pk__in=found)


def with_in_text(image: Image) -> QuerySet[Article]:
    """Return the articles whose text, as it stands in the columns, shows the picture."""
    # What was last saved before the picture came cannot name it: a new one is found at once.
    return Article.objects.filter(saved_at__gte=image.created_at, body__contains=str(image.uid))


def uses_in_texts() -> Counter[str]:
    """Return in how many texts, as they stand in the columns, each picture is shown, by its uid."""
    bodies = Article.objects.filter(body__contains='<figure data-picture="')
    found: Counter[str] = Counter()
    for body in bodies.values_list("body", flat=True).iterator():
        found.update({picture.uid for picture in pictures(body)})
    return found


def is_live(image: Image) -> bool:
    """Whether readers see the picture: on an article, in its text, or as a portrait."""
    if image.articles.published().exists() or image.portrait_of.exists():
        return True
    # Few texts name one picture: asked for first, the rules of what is public cost nothing.
    found = list(with_in_text(image).values_list("pk", flat=True))
    return Article.objects.published(found=True).filter(pk__in=found).exists()


def where_used(image: Image, person: User, shown: int) -> dict[str, Any]:
    """Return `articles` (at most `shown`, each with `as_lead`), `hidden`, `authors`, `is_live`.

    Articles that `person` may not see are only counted.
    """
    found = uses(image)
    visible = visible_to(person, found).order_by("-saved_at", "-pk")
    articles = list(visible.only("pk", "headline", "status", "picture_id", "saved_at")[:shown])
    for article in articles:
        article.as_lead = article.picture_id == image.pk
    return {
        "articles": articles,
        "hidden": found.count() - len(articles),
        "authors": list(image.portrait_of.all()),
        "is_live": is_live(image),
    }


class WordsForm(forms.ModelForm):
    """What must be said about one picture; everything may wait."""

    class Meta:
        model = Image
        fields = ("alt", "is_decorative", "caption", "credit")
        widgets = {
            "alt": forms.Textarea(attrs={"rows": 2}),
            "caption": forms.TextInput(),
        }

    def clean_alt(self) -> str:
        return clean_line(self.cleaned_data["alt"])


WordsFormSet = modelformset_factory(Image, form=WordsForm, extra=0)


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesForm(forms.Form):
    """Several files at once, for browsers without JavaScript."""

    files = forms.FileField(
        label=gettext_lazy("Pictures"),
        widget=FilesInput(attrs={"accept": ACCEPT, "multiple": True}),
        required=False,
    )


class LibraryMixin(admin.ModelAdmin):
    """For the admin of pictures: the picker, uploads of several, words for several."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("picker/", view(self.picker_view), name="articles_image_picker"),
            path("upload/", view(self.upload_view), name="articles_image_upload"),
            path("describe/", view(self.describe_view), name="articles_image_describe"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def picker_view(self, request: HttpRequest) -> HttpResponse:
        """The dialog; with `page`, only that part of the pictures that match `q`."""
        # A picture is picked for an article: so may whoever may change one.
        if not (
            self.has_view_permission(request) and request.user.has_perm("articles.change_article")
        ):
            raise PermissionDenied
        words = request.GET.get("q", "").replace("\x00", "")
        found = Image.objects.order_by("-created_at", "-pk")
        found, may_repeat = self.get_search_results(request, found, words)
        page = Paginator(found.distinct() if may_repeat else found, CHOICES).get_page(
            request.GET.get("page")
        )
        for image in page.object_list:
            image.data = json.dumps(as_data(image))
        part = "_choices" if "page" in request.GET else "picker"
        return TemplateResponse(
            request,
            f"admin/articles/image/{part}.html",
            {"page": page, "words": words, **self.upload_context(request)},
        )

    def upload_context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "may_upload": self.has_add_permission(request),
            "accept": ACCEPT,
            "max_bytes": conf("PICTURE_MAX_BYTES"),
            "max_megabytes": conf("PICTURE_MAX_BYTES") // 2**20,
        }

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def upload_view(self, request: HttpRequest) -> HttpResponseBase:
        """Take `file` and answer in JSON; a plain form sends any number of `files`."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST" and prefers_json(request):
            return self._take_one(request)
        failures: list[dict[str, str]] = []
        if request.method == "POST":
            taken, failures = self._take_several(request)
            if taken and not failures:
                ids = urlencode({"ids": ",".join(str(image.pk) for image in taken)})
                return redirect(f"{reverse('admin:articles_image_describe')}?{ids}")
        return TemplateResponse(
            request,
            "admin/articles/image/upload.html",
            {
                **self.admin_site.each_context(request),
                **self.upload_context(request),
                "opts": self.opts,
                "title": _("Add pictures"),
                "form": FilesForm(),
                "failures": failures,
                "taken": taken if request.method == "POST" else [],
            },
            status=422 if failures else 200,
        )

    def _take_one(self, request: HttpRequest) -> JsonResponse:
        try:
            image = take_in(request.FILES.get("file"))
        except DuplicatePicture as error:
            return JsonResponse(
                {**as_data(error.picture), "is_duplicate": True, "message": str(error)}
            )
        except UnusablePicture as error:
            return JsonResponse({"error": why(error)}, status=422)
        self.log_addition(request, image, [{"added": {}}])
        return JsonResponse({**as_data(image), "is_duplicate": False}, status=201)

    def _take_several(self, request: HttpRequest) -> tuple[list[Image], list[dict[str, str]]]:
        taken, failures = [], []
        for upload in request.FILES.getlist("files")[:BATCH] or [None]:
            try:
                taken.append(take_in(upload))
                self.log_addition(request, taken[-1], [{"added": {}}])
            except DuplicatePicture as error:
                there = reverse("admin:articles_image_change", args=[error.picture.pk])
                failures.append({"name": upload.name, "why": str(error), "there": there})
            except UnusablePicture as error:
                name = upload.name if upload else ""
                reason = why(error) if upload else _("Choose one file or several.")
                failures.append({"name": name, "why": reason})
        return taken, failures

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def describe_view(self, request: HttpRequest) -> HttpResponseBase:
        """One form with a row for each picture of `ids`; with `part`, only the form itself."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        asked = (request.POST if request.method == "POST" else request.GET).get("ids", "")
        numbers = [int(text) for text in asked.split(",") if text.isdecimal() and len(text) < 10]
        found = Image.objects.filter(pk__in=numbers[:BATCH]).order_by("pk")
        theirs = [image.pk for image in found if self.has_change_permission(request, image)]
        pictures = found.filter(pk__in=theirs)
        if request.method == "POST" and theirs:
            formset = WordsFormSet(_with_same_credit(request), queryset=pictures)
            if formset.is_valid():
                return self._described(request, formset, pictures)
        elif theirs:
            formset = WordsFormSet(queryset=pictures)
        else:
            return self._nothing_to_describe(request)
        context = {
            "formset": formset,
            "ids": ",".join(str(pk) for pk in theirs),
            "same_credit": request.POST.get("same_credit", ""),
        }
        if request.method == "POST" and prefers_json(request):
            text = render_to_string("admin/articles/image/_describe.html", context, request)
            return JsonResponse({"form": text}, status=422)
        if "part" in request.GET:
            return TemplateResponse(request, "admin/articles/image/_describe.html", context)
        page = {"opts": self.opts, "title": _("Describe the pictures")}
        return TemplateResponse(
            request,
            "admin/articles/image/describe.html",
            {**self.admin_site.each_context(request), **page, **context},
        )

    def _described(
        self, request: HttpRequest, formset: Any, pictures: QuerySet[Image]
    ) -> HttpResponseBase:
        with transaction.atomic():
            for image in formset.save():
                self.log_change(request, image, [{"changed": {"fields": ["alt", "credit"]}}])
        if prefers_json(request):
            return JsonResponse({"pictures": [as_data(image) for image in pictures.all()]})
        number = len(formset.forms)
        text = ngettext("%d picture is described.", "%d pictures are described.", number)
        messages.success(request, text % number)
        return redirect("admin:articles_image_changelist")

    def _nothing_to_describe(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST" and prefers_json(request):
            return JsonResponse({"pictures": []})
        return redirect("admin:articles_image_changelist")


def prefers_json(request: HttpRequest) -> bool:
    """Whether a script asks: a browser that sends a form prefers HTML."""
    return request.get_preferred_type(["application/json", "text/html"]) == "application/json"


def _with_same_credit(request: HttpRequest) -> Any:
    """Return the posted data with "same credit for all" in every row that names none."""
    data = request.POST.copy()
    if credit := clean_line(data.get("same_credit", "")):
        for name in [name for name in data if name.endswith("-credit")]:
            if not data[name].strip():
                data[name] = credit
    return data
