"""The door for WSGI servers: `granian --interface wsgi newsroom.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from newsroom.garbage import set_apart

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

_django = get_wsgi_application()

# After the line above: these read tables and addresses, which are known only now.
from articles import clock  # noqa: E402
from articles.edge import Edge  # noqa: E402

application = Edge(_django)

set_apart()
clock.start()
application.start()
