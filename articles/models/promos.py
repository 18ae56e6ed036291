"""Calls to action, placed by rule and never inside a body, and what readers write by them."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.keys import MailedModel, NaturalKeyModel, NaturalKeyQuerySet

#: Where a chat may be. Other hosts that look like one of these are not one of these.
CHAT_HOSTS = frozenset(
    {
        "wa.me", "api.whatsapp.com", "chat.whatsapp.com", "t.me", "signal.me", "signal.group",
        "m.me", "ig.me", "line.me", "viber.me", "threema.id", "matrix.to", "discord.gg",
    }
)  # fmt: skip


class PromoQuerySet(NaturalKeyQuerySet):
    """Scopes of promos. The order of `standing()` is the rule of which one wins."""

    def standing(self) -> Self:
        """What may stand anywhere now, the winner first: the closer rule, then the priority."""
        return self.standing_or_coming().exclude(starts_at__gt=timezone.now())

    def standing_or_coming(self) -> Self:
        """What stands somewhere now or will, in the order of `standing()`."""
        return self.filter(is_active=True).exclude(ends_at__lte=timezone.now()).in_order()

    def in_order(self) -> Self:
        """A promo of a tag before one of a section, before one of the whole site."""
        closeness = Case(
            When(tag__isnull=False, section__isnull=False, then=Value(3)),
            When(tag__isnull=False, then=Value(2)),
            When(section__isnull=False, then=Value(1)),
            default=Value(0),
        )
        ordered = self.annotate(closeness=closeness)
        return ordered.order_by("-closeness", "-priority", "id")

    def about(self, section: int | None = None, tags: Iterable[int] = ()) -> Self:
        """Those whose rule fits a page of that section and those tags (keys)."""
        return self.filter(
            Q(section=None) | Q(section=section), Q(tag=None) | Q(tag__in=list(tags))
        )

    def rivals_of(self, promo: "Promo") -> Self:
        """Those that stand where `promo` does, on a page that fits its rule and no closer one."""
        same_place = self.standing().filter(position=promo.position)
        return same_place.about(promo.section_id, [promo.tag_id] if promo.tag_id else [])

    def closer_than(self, promo: "Promo") -> Self:
        """Those that win over `promo` on some of its pages, because their rule is closer."""
        found = self.standing().filter(position=promo.position)
        found = found.exclude(pk__in=self.rivals_of(promo).order_by().values("pk"))
        if promo.section_id:
            found = found.filter(Q(section=None) | Q(section=promo.section_id))
            if promo.position == Promo.Position.LIST:
                # A section's page has no tag.
                found = found.filter(tag=None)
        if promo.tag_id:
            found = found.filter(tag=promo.tag_id)
        return found.filter(closeness__gt=promo.closeness_of_rule)


class Promo(NaturalKeyModel):
    """One call to action and the rule that places it."""

    NATURAL_KEY = ("slug",)

    class Kind(models.TextChoices):
        QUOTE = "quote", _("Request a quote")
        CONTACT = "contact", _("Contact")
        CHAT = "chat", _("Chat")
        NEWSLETTER = "newsletter", _("Newsletter")
        TEXT = "text", _("Own text")

    class Position(models.TextChoices):
        BESIDE = "beside", _("Beside the text")
        UNDER = "under", _("Under the article")
        FRONT = "front", _("On the front page")
        LIST = "list", _("On section and topic pages")

    class Devices(models.TextChoices):
        ALL = "all", _("All devices")
        PHONE = "phone", _("Phones")
        DESK = "desk", _("Large screens")

    #: Kinds that lead to a form of this site, unless an address is given.
    WITH_FORM = frozenset({Kind.QUOTE, Kind.CONTACT})

    slug = models.SlugField(_("name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.TEXT)
    title = models.CharField(_("title"), max_length=120)
    text = models.CharField(_("text"), max_length=300, blank=True)
    label = models.CharField(_("button"), max_length=60, blank=True)
    url = models.CharField(
        _("leads to"),
        max_length=500,
        blank=True,
        validators=[
            RegexValidator(
                # No white space anywhere: browsers leave it out, and "/ /host" is another site.
                r"^(/(?![/\\])|https://|mailto:|tel:)[^\s\x00-\x20\x7f\\]*\Z",
                _("An address of this site (/…), https://…, mailto: or tel:."),
            )
        ],
    )
    mail_to = models.EmailField(
        _("messages go to"),
        blank=True,
        help_text=_("Left empty, they go to the site's own address, if it has one."),
    )
    answer = models.CharField(
        _("what happens next"),
        max_length=300,
        blank=True,
        help_text=_("What a reader is told after sending a message."),
    )
    position = models.CharField(
        _("position"), max_length=8, choices=Position, default=Position.BESIDE
    )
    section = models.ForeignKey(
        "articles.Section",
        verbose_name=_("only in section"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="promos",
    )
    tag = models.ForeignKey(
        "articles.Tag",
        verbose_name=_("only with tag"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="promos",
    )
    devices = models.CharField(_("devices"), max_length=8, choices=Devices, default=Devices.ALL)
    priority = models.SmallIntegerField(_("priority"), default=0)
    is_active = models.BooleanField(_("active"), default=True)
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = PromoQuerySet.as_manager()

    class Meta:
        ordering = ["-priority", "slug"]
        verbose_name = _("promo")
        verbose_name_plural = _("promos")
        constraints = [
            # A promo that ends before it starts is never shown, and nobody finds out why.
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True)
                | Q(ends_at__isnull=True)
                | Q(starts_at__lt=models.F("ends_at")),
                name="promo_ends_after_it_starts",
                violation_error_message=_("A promo ends after it starts."),
            ),
            # Whatever wrote the row: readers are led to no script, and to no other scheme.
            models.CheckConstraint(
                condition=Q(url="")
                | Q(url__startswith="/") & ~Q(url__startswith="//")
                | Q(url__startswith="https://")
                | Q(url__startswith="mailto:")
                | Q(url__startswith="tel:"),
                name="promo_leads_to_a_safe_address",
            ),
            # The front page has no section and no tag: such a promo would never be shown.
            models.CheckConstraint(
                condition=~Q(position="front") | Q(section__isnull=True, tag__isnull=True),
                name="promo_on_the_front_page_is_for_the_whole_site",
                violation_error_message=_("The front page has no section and no tag."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Check what a kind needs. Raises ValidationError by field."""
        if self.mail_to and not self.has_form:
            raise ValidationError({"mail_to": _("Messages come from a form, and here is none.")})
        if self.kind == self.Kind.CHAT and not is_chat(self.url):
            raise ValidationError(
                {"url": _("The address of a chat, such as https://wa.me/442079460123.")}
            )
        if self.kind == self.Kind.NEWSLETTER and not self.url:
            raise ValidationError({"url": _("Where does the newsletter's link lead?")})
        if self.position == self.Position.LIST and self.section_id and self.tag_id:
            raise ValidationError(
                {"tag": _("No list is both a section's and a tag's: choose one of them.")}
            )

    @property
    def has_form(self) -> bool:
        return self.kind in self.WITH_FORM and not self.url

    @property
    def stands_now(self) -> bool:
        """Whether readers may meet it at this moment: the row's side of `standing()`."""
        now = timezone.now()
        return (
            self.is_active
            and not (self.starts_at and self.starts_at > now)
            and not (self.ends_at and self.ends_at <= now)
        )

    @property
    def closeness_of_rule(self) -> int:
        """How close its rule is: the row's side of `in_order()`."""
        return 2 * bool(self.tag_id) + bool(self.section_id)

    def is_about(self, section: int | None, tags: Iterable[int]) -> bool:
        """Whether its rule fits a page: the row's side of `about()`."""
        return self.section_id in {None, section} and self.tag_id in {None, *tags}

    @property
    def place(self) -> str:
        """Its position and rule as one word: one of `rules_of_page()` of the pages it may be on."""
        return _place(self.position, self.section_id, self.tag_id)

    @property
    def rule(self) -> str:
        """Its rule in words; `section` and `tag` are asked for."""
        parts = [str(self.section)] if self.section_id else []
        if self.tag_id:
            parts.append(str(self.tag))
        return " + ".join(parts) or gettext("the whole site")

    @property
    def address(self) -> str:
        """Where its button leads; "" for one without a button."""
        return reverse("articles:contact", args=[self.slug]) if self.has_form else self.url


def is_chat(address: str) -> bool:
    """Whether `address` is a page of a chat that is known as one."""
    parts = urlsplit(address)
    return (
        parts.scheme == "https"
        and parts.netloc.lower() in CHAT_HOSTS
        and bool(parts.path.strip("/") or parts.query or parts.fragment)
    )


def chat_address(text: str) -> str:
    """Return the WhatsApp address of a telephone number (+44 20 …), or `text` as it is."""
    if re.fullmatch(r"\+[0-9][0-9 ()./-]{6,24}", text.strip()):
        return "https://wa.me/" + re.sub(r"[^0-9]", "", text)
    return text


@dataclass(frozen=True)
class Placed:
    """A promo that has won its place, and on which devices ("all", "phone", "desk") it has."""

    promo: Promo
    devices: str


def rules_of_page(position: str, section: int | None, tags: Iterable[int]) -> list[str]:
    """Return every `Promo.place` that fits a position of a page about a section and tags."""
    sections = {None, section}
    return [_place(position, one, tag) for one in sections for tag in (None, *tags)]


def _place(position: str, section: int | None, tag: int | None) -> str:
    return f"{position} {section or ''} {tag or ''}"


def winners(candidates: Iterable[Promo]) -> list[Placed]:
    """Return who stands at one place: the first for telephones and the first for large screens.

    candidates: the promos of one position, in the order of `standing()`. Both are on the page,
    which is the same for everybody; the style sheet shows each on its own devices.
    """
    found = list(candidates)
    phone = next((one for one in found if one.devices != Promo.Devices.DESK), None)
    desk = next((one for one in found if one.devices != Promo.Devices.PHONE), None)
    if phone is not None and phone == desk:
        return [Placed(phone, Promo.Devices.ALL)]
    both = ((phone, Promo.Devices.PHONE), (desk, Promo.Devices.DESK))
    return [Placed(one, devices) for one, devices in both if one is not None]


class Message(MailedModel):
    """What a reader wrote by a promo's form. No more of a person is kept than they typed."""

    NATURAL_KEY = ("uid",)

    class State(models.TextChoices):
        NEW = "new", _("New")
        READ = "read", _("Read")
        DONE = "done", _("Done")

    # It is the form's: a form that is sent twice is one message.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    promo = models.ForeignKey(
        Promo,
        verbose_name=_("promo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="received",
    )
    # What stood over the form, for when the promo is gone.
    subject = models.CharField(_("subject"), max_length=120)
    name = models.CharField(_("name"), max_length=100)
    email = models.EmailField(_("e-mail address"))
    text = models.TextField(_("message"))
    made_at = models.DateTimeField(_("when"), default=timezone.now)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            # Nobody can answer, or be answered by, an empty message.
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(email=""), name="message_says_something"
            ),
        ]
        indexes = [
            # The newest first; how many came lately; which are too old to be kept.
            models.Index(fields=["-made_at", "-id"], name="message_latest"),
            models.Index(
                fields=["made_at", "id"], condition=Q(awaits_mail=True), name="message_awaits_mail"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.subject}"
