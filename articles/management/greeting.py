"""What `manage.py start` says once its server answers.

The server takes the command's place, so somebody else has to look: a process of its own, which ends
when it has spoken, or when the server is gone.
"""

import http.client
import os
import signal
import subprocess  # nosec B404
import sys
import time

#: Seconds between two looks.
PAUSE = 0.1


def greet_later(text: str, host: str, port: int) -> None:
    """Print `text` as soon as what this process becomes answers on (`host`, `port`)."""
    command = [sys.executable, __file__, str(os.getpid()), host, str(port), text]
    # Our own file, by its full path. It leaves at once another process behind, which is nobody's
    # child: the server does not know that it has any.
    subprocess.run(command, check=True)  # noqa: S603  # nosec B603


def answers(host: str, port: int) -> bool:
    """Tell whether a web server answers there, whatever it says."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/robots.txt")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def main(process: int, host: str, port: int, text: str) -> None:
    if os.fork():
        return
    # Ctrl-C is for the server: this one just goes.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    while is_there(process):
        if answers(host, port):
            print(text, flush=True)
            return
        time.sleep(PAUSE)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4])
