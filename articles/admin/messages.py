"""Messages from readers: read, answered by mail, and marked as done. They are written by readers.

A message that is opened by somebody who may work on it counts as read.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.contrib import admin
from django.contrib.messages import SUCCESS
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import linebreaks_filter
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.admin.desk import DeskAdmin
from articles.conf import conf
from articles.editorial.messages import mark, may_see, messages_for
from articles.models import Message

State = Message.State


@admin.register(Message)
class MessageAdmin(DeskAdmin):
    list_display = ("sender", "wording", "subject", "state", "made_at")
    list_display_links = ("sender", "wording")
    list_filter = ("state", ("promo", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "email", "text", "subject")
    date_hierarchy = "made_at"
    ordering = ("-made_at", "-id")
    actions = ("mark_done", "mark_new")
    readonly_fields = ("said", "sender", "answer_to", "subject", "made_at", "kept_until")
    fields = ("said", "sender", "answer_to", "subject", "made_at", "kept_until", "state")

    # --- permissions -------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return messages_for(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return super().has_view_permission(request, obj) and self._is_theirs(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_theirs(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_theirs(request, obj)

    @staticmethod
    def _is_theirs(request: HttpRequest, message: Message | None) -> bool:
        return message is None or may_see(request.user, message)

    # --- pages -------------------------------------------------------------------------------

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        message = self.get_object(request, object_id)
        if (
            message is not None
            and request.method == "GET"
            and message.state == State.NEW
            and self.has_change_permission(request, message)
        ):
            mark(Message.objects.filter(pk=message.pk), State.READ)
        return super().change_view(request, object_id, form_url, extra_context)

    @admin.action(description=_("Mark as done"), permissions=["change"])
    def mark_done(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        self._mark(request, queryset, State.DONE)

    @admin.action(description=_("Mark as new"), permissions=["change"])
    def mark_new(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        self._mark(request, queryset, State.NEW)

    def _mark(self, request: HttpRequest, queryset: QuerySet[Message], state: str) -> None:
        number = mark(queryset, state)
        text = ngettext("%(number)d message changed.", "%(number)d messages changed.", number)
        self.message_user(request, text % {"number": number}, SUCCESS)

    # --- what is shown -------------------------------------------------------------------------

    @admin.display(description=_("name"), ordering="name")
    def sender(self, message: Message) -> str:
        return format_html("<bdi>{}</bdi>", message.name)

    @admin.display(description=_("message"))
    def wording(self, message: Message) -> str:
        return format_html("<bdi>{}</bdi>", Truncator(message.text).words(16))

    @admin.display(description=_("message"))
    def said(self, message: Message) -> str:
        return format_html('<div dir="auto">{}</div>', linebreaks_filter(message.text))

    @admin.display(description=_("e-mail address"))
    def answer_to(self, message: Message) -> str:
        address = f"mailto:{quote(message.email)}?subject={quote('Re: ' + message.subject)}"
        return format_html('<a href="{}"><bdi>{}</bdi></a>', address, message.email)

    @admin.display(description=_("is removed"))
    def kept_until(self, message: Message) -> str:
        last = timezone.localtime(message.made_at) + timedelta(days=conf("MESSAGE_DAYS"))
        return date_format(last, "DATE_FORMAT")
