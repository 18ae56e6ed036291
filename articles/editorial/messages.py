"""What readers write by a promo's form: taken in, mailed by the clock, and forgotten in time."""

import unicodedata
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from articles.conf import absolute, conf, in_site_language
from articles.editorial import mailing
from articles.editorial.roles import sections_of, works_in
from articles.models import Message, Promo

#: What is counted of one sender is forgotten after so long.
WINDOW = timedelta(hours=1)
#: One household or office; whoever has an IPv6 network has 2^64 addresses in it.
_HOUSEHOLD = 64


class TooMany(Exception):
    """More messages than one sender, or all together, may send in an hour."""


# --- taking in -----------------------------------------------------------------------------------


def receive(
    promo: Promo, *, name: str, email: str, text: str, uid: uuid.UUID, sender: str = ""
) -> Message:
    """Keep a message, and let the clock mail it if the promo or the site has an address.

    uid: of the form; the same form with the same words is the same message, however often it
    comes. sender: the network address that it came from, which is never stored; "" for one that
    nobody knows. Raises TooMany.
    """
    known = Message.objects.filter(uid=uid).first()
    said = {"name": name, "email": email, "text": text}
    if known is not None:
        if all(getattr(known, field) == value for field, value in said.items()):
            return known
        # A reader who went back and wrote something else wrote another message.
        uid = uuid.uuid4()
    _count(sender)
    message = Message(uid=uid, promo=promo, subject=promo.title, **said)
    message.awaits_mail = bool(_address_for(message))
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        # Two clicks at once: the other one kept it.
        return Message.objects.get(uid=uid)
    return message


def _count(sender: str) -> None:
    """Count one message of `sender`; raises TooMany. No address is kept, not even for the hour."""
    since = timezone.now() - WINDOW
    if Message.objects.filter(made_at__gt=since).count() >= conf("MESSAGES_AN_HOUR"):
        raise TooMany
    household = _household(sender)
    if not household:
        return
    # Salted by the day: a key of yesterday says nothing of today, and none leads back.
    digest = salted_hmac(f"messages-{timezone.localdate()}", household, algorithm="sha256")
    key = f"messages:{digest.hexdigest()[:32]}"
    cache.add(key, 0, WINDOW.total_seconds())
    try:
        number = cache.incr(key)
    except ValueError:
        # A full cache dropped the number at once: better one message more than none.
        return
    if number > conf("MESSAGES_PER_SENDER"):
        raise TooMany


def _household(sender: str) -> str:
    try:
        address = ip_address(sender.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(int(address) >> _HOUSEHOLD)
    return str(address)


def is_written(text: str) -> bool:
    """Whether a text has anything that can be read: not white space and invisible signs alone."""
    return any(unicodedata.category(char)[0] not in "CZM" for char in text)


# --- at the desk ---------------------------------------------------------------------------------


def messages_for(person: Any) -> QuerySet[Message]:
    """Return the messages of promos in the sections in which the person's role counts."""
    sections = sections_of(person)
    found = Message.objects.select_related("promo")
    if sections is None:
        return found
    return found.filter(Q(promo__section=None) | Q(promo__section__in=sections))


def may_see(person: Any, message: Message) -> bool:
    """The one-row side of `messages_for`."""
    return works_in(person, message.promo.section_id if message.promo else None)


def mark(messages: QuerySet[Message], state: str) -> int:
    """Set the state of messages; return how many changed."""
    return messages.exclude(state=state).update(state=state)


def forget_old(now: datetime | None = None) -> int:
    """Remove the messages that are older than `MESSAGE_DAYS`; return how many."""
    moment = (now or timezone.now()) - timedelta(days=conf("MESSAGE_DAYS"))
    _number, removed = Message.objects.filter(made_at__lt=moment).delete()
    return removed.get(Message._meta.label, 0)


# --- by e-mail -----------------------------------------------------------------------------------


def send_mail_messages(now: datetime | None = None, limit: int = 100) -> int:
    """Mail the messages that await it, oldest first; return how many went out."""
    moment = now or timezone.now()
    waiting = Message.objects.filter(mailing.ready(moment)).select_related("promo")
    rows = waiting.order_by("made_at", "id")[:limit]
    return mailing.send(([message] for message in rows), _compose, moment)


def _address_for(message: Message) -> str:
    own = message.promo.mail_to if message.promo else ""
    return own or settings.CONTACT_EMAIL


def _compose(messages: Sequence[Message], connection: Any) -> EmailMessage | None:
    (message,) = messages
    address = _address_for(message)
    if not address:
        return None
    context = {
        "message": message,
        "site": settings.SITE_NAME,
        "address": absolute(reverse("admin:articles_message_change", args=[message.pk])),
        "days": conf("MESSAGE_DAYS"),
    }
    with in_site_language():
        subject = render_to_string("messages/subject.txt", context)
        body = render_to_string("messages/mail.txt", context)
    return EmailMessage(
        mailing.one_line(subject),
        body,
        to=[address],
        # Answering the mail answers the reader.
        reply_to=[message.email],
        headers={"Auto-Submitted": "auto-generated"},
        connection=connection,
    )
