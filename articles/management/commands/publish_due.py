"""`manage.py publish_due`: take what is due, once; for sites whose clock is cron."""

import sys
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from articles.editorial import lease, messages, notices
from articles.editorial.schedule import Taken, publish_due
from articles.models import Tally
from articles.pagecache.dropping import mend_lists
from articles.readership import folding, rankings, visitors
from articles.related import work


class Command(BaseCommand):
    help = (
        "Takes every scheduled step whose time has come, one line for each. "
        "Ends with status 1 if a step was stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen, and change nothing"
        )

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        if dry_run:
            with transaction.atomic():
                taken = publish_due()
                transaction.set_rollback(True)
        else:
            taken = publish_due()
            lease.note_tick(timezone.now())
            notices.send_mail_notices()
            messages.send_mail_messages()
            messages.forget_old()
            folding.fold_all()
            rankings.rank()
            mend_lists()
            Tally.objects.fold()
            folding.forget()
            visitors.forget_salts()
            work.settle(lease.new_holder())
        for one in taken:
            self.stdout.write(line(one))
        if not taken:
            self.stdout.write("Nothing is due.")
        elif dry_run:
            self.stdout.write("Nothing was changed (--dry-run).")
        if any(one.problem for one in taken):
            sys.exit(1)


def line(taken: Taken) -> str:
    """Return what became of a step, in one line."""
    step = taken.step
    what = f"{step.verb} “{step.article}”, due {step.due_at:%Y-%m-%d %H:%M:%S} UTC"
    if taken.problem:
        return f"STOPPED {what}: {taken.problem}"
    return f"{what}, {timedelta(seconds=round(taken.late))} late"
