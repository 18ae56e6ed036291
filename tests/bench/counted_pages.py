"""The site as it is, which writes down each page that is made (tests/bench/storm.py)."""

import os

from newsroom.wsgi import application

_made = os.open(os.environ["MADE"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
_django = application._pages._application


def _counted(environ, start_response):
    # A short line at the end of a file is written whole.
    os.write(_made, f"{os.getpid()} {environ['PATH_INFO']}\n".encode())
    return _django(environ, start_response)


application._pages._application = _counted
