"""The door for WSGI servers: `granian --interface wsgi newsroom.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

application = get_wsgi_application()

# After the line above: the clock reads tables, and they are known only now.
from articles import clock  # noqa: E402

clock.start()
