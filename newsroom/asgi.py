"""The door for ASGI servers; WSGI is the measured default (see docs/architecture.md)."""

import os

from django.core.asgi import get_asgi_application

from newsroom.garbage import set_apart

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

application = get_asgi_application()

# After the line above: the clock reads tables, and they are known only now.
from articles import clock  # noqa: E402

set_apart()
clock.start()
