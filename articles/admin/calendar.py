"""The next days of the desk: what goes out when, what is due, and what came out.

Moving a card runs a verb: a scheduled step gets another time, a plan another day. No card can be
moved into publishing something now.
"""

from datetime import date, timedelta
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles.editorial import planning, schedule, transitions
from articles.editorial.agenda import LABELS, days_of, local_value
from articles.editorial.roles import may
from articles.models import Article, Section

#: Lengths that the page offers, in days; the first is the one it opens with.
LENGTHS = (14, 7, 28)


class StepMoveForm(forms.Form):
    """Another moment for a scheduled step."""

    to = forms.DateTimeField()


class DueMoveForm(forms.Form):
    """Another day for a plan."""

    to = forms.DateField()


class CalendarMixin(admin.ModelAdmin):
    """For the admin of articles."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("calendar/", view(self.calendar_view), name="articles_article_calendar"),
            path("calendar/move/", view(self.move_view), name="articles_article_move"),
            *super().get_urls(),
        ]

    # --- looking -------------------------------------------------------------------------------

    @method_decorator(require_safe)
    def calendar_view(self, request: HttpRequest) -> HttpResponse:
        """`?from=` a day, `days=` how many, `section=` one desk; what makes no sense is ignored."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        today = timezone.localdate()
        start = _day(request.GET.get("from", "")) or today - timedelta(days=today.weekday())
        length = next((n for n in LENGTHS if str(n) == request.GET.get("days")), LENGTHS[0])
        sections = list(Section.objects.order_by("name"))
        section = next((one for one in sections if one.slug == request.GET.get("section")), None)

        def link(day: date | None, days: int) -> str:
            query = {"from": day, "days": days, "section": section.slug if section else None}
            return "?" + urlencode({name: value for name, value in query.items() if value})

        last = start + timedelta(days=length - 1)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Calendar"),
            "opts": self.opts,
            "days": days_of(request.user, start, length, section),
            "start": start,
            "last": last,
            "length": length,
            "lengths": [(days, link(start, days)) for days in LENGTHS],
            "sections": sections,
            "section": section,
            "earlier": link(start - timedelta(days=length), length),
            "later": link(last + timedelta(days=1), length),
            "now_link": link(None, length) + "#today",
            "here": request.get_full_path(),
            "zone": timezone.get_current_timezone_name(),
            "legend": LABELS.items(),
        }
        return TemplateResponse(request, "admin/articles/article/calendar.html", context)

    # --- moving --------------------------------------------------------------------------------

    @method_decorator(require_POST)
    def move_view(self, request: HttpRequest) -> HttpResponse:
        """Give a card another time: POST `article`, `step` (a key, or "due") and `to`."""
        article = self.get_object(request, request.POST.get("article", ""))
        if article is None or not self.has_view_permission(request, article):
            raise Http404
        try:
            if request.POST.get("step") == "due":
                self._move_due(request, article)
            else:
                self._move_step(request, article)
        except (ValidationError, transitions.NotReady, transitions.WrongState) as error:
            text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            self.message_user(request, text, messages.ERROR)
        return HttpResponseRedirect(self._back_to_calendar(request))

    def _move_due(self, request: HttpRequest, article: Article) -> None:
        form = DueMoveForm({"to": request.POST.get("to", "")})
        if not form.is_valid():
            raise ValidationError(_("This is no day."))
        day, before = form.cleaned_data["to"], article.due_on
        if day < timezone.localdate():
            raise ValidationError(_("This day has passed: choose a later one."))
        if planning.plan(article, by=request.user, due_on=day):
            text = _("“%(article)s” is due on %(day)s.") % {
                "article": article,
                "day": date_format(day, "DATE_FORMAT"),
            }
            undo = before.isoformat() if before and before >= timezone.localdate() else ""
            self._say_moved(request, article, text, "due", undo)

    def _move_step(self, request: HttpRequest, article: Article) -> None:
        form = StepMoveForm({"to": request.POST.get("to", "")})
        if not form.is_valid():
            raise ValidationError(_("This is no day and time."))
        at = form.cleaned_data["to"]
        key = request.POST.get("step", "")
        step = next((one for one in schedule.waiting(article) if str(one.pk) == key), None)
        if step is None:
            if not may(request.user, "publish_article", article):
                raise PermissionDenied(_("Your role does not allow this."))
            raise ValidationError(_("It does not wait at that time any more: look again."))
        # What was scheduled stays what goes out, whatever was written since.
        schedule.move(step, at=at, by=request.user)
        text = _("%(what)s of “%(article)s”: %(when)s") % {
            "what": LABELS[step.verb],
            "article": article,
            "when": date_format(timezone.localtime(at), "DATETIME_FORMAT"),
        }
        new = next(one for one in schedule.waiting(article) if one.verb == step.verb)
        undo = local_value(step.due_at) if step.due_at > timezone.now() else ""
        self._say_moved(request, article, text, str(new.pk), undo)

    def _say_moved(
        self, request: HttpRequest, article: Article, text: str, step: str, undo: str
    ) -> None:
        """Say where the card is now; with a way back if the old time still lies ahead."""
        if undo:
            text = format_html(
                '{} <form method="post" action="{}" class="undo">'
                '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
                '<input type="hidden" name="article" value="{}">'
                '<input type="hidden" name="step" value="{}">'
                '<input type="hidden" name="to" value="{}">'
                '<input type="hidden" name="next" value="{}"><button>{}</button></form>',
                text,
                reverse("admin:articles_article_move"),
                get_token(request),
                article.pk,
                step,
                undo,
                self._back_to_calendar(request),
                _("Undo"),
            )
        self.message_user(request, text, messages.SUCCESS)

    def _back_to_calendar(self, request: HttpRequest) -> str:
        target = request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
            return target
        return reverse("admin:articles_article_calendar")


def _day(text: str) -> date | None:
    """A day as in an address; None for anything else, and for one that has no neighbours."""
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and 1900 < found.year < 2200 else None
