"""`manage.py drop_pages`: every kept page is made anew."""

from typing import Any

from django.core.management.base import BaseCommand

from articles.pagecache.dropping import drop_everything


class Command(BaseCommand):
    help = (
        "Drops every kept page, here and at a cache in front: for a database that was restored, or "
        "changed by anything but Newsroom."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        drop_everything()
        self.stdout.write("All pages are made anew when they are asked for.")
