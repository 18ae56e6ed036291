"""What a step has to be told: one form, with the fields that its verb asks for."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.editorial import schedule
from articles.editorial.addresses import checked_target
from articles.editorial.roles import may
from articles.editorial.transitions import TYPO, check_kind
from articles.editorial.workflow import Verb
from articles.models import Article, Correction, ScheduledStep

KIND_CHOICES = (
    (TYPO, _("Typo: no reader was told anything wrong, no date moves")),
    (Correction.Kind.UPDATE, _("Update: there is news")),
    (Correction.Kind.CORRECTION, _("Correction: something was wrong")),
)


class StepForm(forms.Form):
    """The note and, as the verb asks, time, kind of change, and where a withdrawn page leads."""

    # What was the newest revision of each article when the page was shown.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    step = forms.ChoiceField(label=_("What"), choices=ScheduledStep.Verb.choices, required=False)
    at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "step": 60}
        ),
    )
    kind = forms.ChoiceField(
        label=_("What kind of change is it?"),
        choices=KIND_CHOICES,
        widget=forms.RadioSelect,
        required=False,
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "grows"}),
    )
    hides_change = forms.BooleanField(
        label=_("Do not show readers the earlier text"),
        required=False,
        help_text=_("For what must not be read again, such as a name under a court's order."),
    )
    redirect_to = forms.CharField(
        label=_("Lead its readers to"),
        required=False,
        max_length=300,
        help_text=_("A path of this site (/…) or https://… Empty: they are told that it is gone."),
    )
    override = forms.CharField(
        label=_("Publish against the gate, because"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "grows"}),
        help_text=_("Your reason stands in the timeline."),
    )

    def __init__(
        self,
        data: Any,
        *,
        verb: Verb,
        articles: list[Article],
        person: Any,
        brought: Mapping[str, str] | None = None,
    ) -> None:
        # What was said before the page asked weighs more than what was scheduled earlier.
        initial = {**self._first_values(verb, articles), **(brought or {})}
        super().__init__(data, initial=initial, label_suffix="")
        self.verb = verb
        self.articles = articles
        self.initial["seen"] = _newest_of(articles)
        if not verb.gate:
            del self.fields["seen"]
        if "time" not in verb.asks:
            del self.fields["at"], self.fields["step"]
        if "kind" not in verb.asks:
            del self.fields["kind"], self.fields["hides_change"]
        if "redirect" not in verb.asks:
            del self.fields["redirect_to"]
        if verb.name == "send_back":
            self.fields["note"].required = True
            self.fields["note"].label = _("What is to be done")
        if verb.name == "correct":
            self.fields["kind"].required = True
            self.fields["note"].label = _("Note for readers")
        if not verb.gate or not all(may(person, "override_gate", one) for one in articles):
            del self.fields["override"]
        elif not (data or {}).get("override"):
            self.fields["override"].widget.attrs["data-offered"] = "no"
        if "step" in self.fields:
            self._fit_to_what_can_wait(articles)

    @staticmethod
    def _first_values(verb: Verb, articles: list[Article]) -> dict[str, Any]:
        first: dict[str, Any] = {}
        if verb.name == "schedule" and len(articles) == 1:
            first["step"] = schedule.step_for(articles[0])
            for waiting in schedule.waiting(articles[0]):
                if waiting.verb == first["step"]:
                    first |= {"at": timezone.localtime(waiting.due_at), "note": waiting.note}
                    first |= {"kind": waiting.kind, "hides_change": waiting.hides_change}
        return first

    def _fit_to_what_can_wait(self, articles: list[Article]) -> None:
        """Offer only the steps that one of the articles can take."""
        states = {article.status for article in articles}
        live = Article.Status.PUBLISHED in states
        choices = []
        if states - {Article.Status.PUBLISHED}:
            choices.append(ScheduledStep.Verb.PUBLISH)
        if live:
            choices.append(ScheduledStep.Verb.CORRECT)
        if live or Article.Status.SCHEDULED in states:
            choices.append(ScheduledStep.Verb.WITHDRAW)
        self.fields["step"].choices = [(verb.value, verb.label) for verb in choices]
        if not live:
            del self.fields["kind"], self.fields["hides_change"]
        if ScheduledStep.Verb.WITHDRAW not in choices:
            del self.fields["redirect_to"]

    def offer_override(self) -> None:
        """The gate stopped the step: put the field for a reason before the eyes."""
        if "override" in self.fields:
            self.fields["override"].widget.attrs.pop("data-offered", None)

    def clean_seen(self) -> str:
        """Nothing goes out that the person did not have before them."""
        seen = self.cleaned_data["seen"]
        if seen and seen != _newest_of(self.articles):
            raise ValidationError(_("It was changed since you looked. Look again, then go on."))
        return seen

    def clean_at(self) -> Any:
        moment = self.cleaned_data["at"]
        if moment <= timezone.now():
            raise ValidationError(_("This moment has passed: choose a later one."))
        return moment

    def clean_redirect_to(self) -> str:
        return checked_target(self.cleaned_data["redirect_to"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        corrects = self.verb.name == "correct" or data.get("step") == ScheduledStep.Verb.CORRECT
        if corrects and not self.errors:
            try:
                check_kind(data.get("kind", ""), data.get("note", ""))
            except ValidationError as error:
                field = "note" if data.get("kind") else "kind"
                self.add_error(field, error)
        return data

    def said(self, article: Article) -> dict[str, Any]:
        """Return the keyword arguments for the verb's function."""
        data = self.cleaned_data
        said = {"note": data.get("note", "")}
        if self.verb.name == "schedule":
            said |= {"at": data["at"], "step": data.get("step", "")}
        takes = {
            "correct": ("kind", "hides_change", "override"),
            "schedule": ("kind", "hides_change", "redirect_to", "override"),
            "withdraw": ("redirect_to",),
            "publish": ("override",),
        }
        for name in takes.get(self.verb.name, ()):
            if name in data:
                said[name] = data[name]
        if said.get("step") == ScheduledStep.Verb.PUBLISH:
            said["kind"] = ""
        return said


def _newest_of(articles: list[Article]) -> str:
    return ",".join(f"{article.pk}:{article.working_number or 0}" for article in articles)
