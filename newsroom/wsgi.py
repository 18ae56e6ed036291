"""The door for WSGI servers: `granian --interface wsgi newsroom.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

_django = get_wsgi_application()

# After the line above: these read tables and addresses, which are known only now.
from articles import clock  # noqa: E402
from articles.edge import Edge  # noqa: E402

application = Edge(_django)

# What starting made stays: collecting garbage need not look through it again, which would take
# longer than most answers. The addresses bring forms and admin in, which a first request would.
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()

clock.start()
application.start()
