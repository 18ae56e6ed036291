"""Pages of other sites that may be shown inside a story, once a reader asks for one.

Each provider is known by its addresses; whatever else is embedded stays a link.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Frame:
    """What a reader's click loads: the address, its provider's name, and its shape.

    shape: "wide" for a film, "tall" for a post.
    """

    address: str
    provider: str
    shape: str


#: Hosts that a page with embeds lets into a frame; the content security policy names them.
FRAME_HOSTS = (
    "https://www.youtube-nocookie.com",
    "https://player.vimeo.com",
    "https://platform.twitter.com",
    "https://mastodon.social",
    "https://mastodon.online",
)
_FILM, _POST, _TOOT = r"/(?:video/)?(\d+)(?:/(\w+))?/?", r"/\w+/status/(\d+)/?", r"/(@\w+/\d+)/?"
#: What an address of each host looks like that shows one film or post.
_PATHS = {
    "vimeo.com": _FILM,
    "player.vimeo.com": _FILM,
    "x.com": _POST,
    "twitter.com": _POST,
    "mastodon.social": _TOOT,
    "mastodon.online": _TOOT,
}


def host_of(address: str) -> str:
    """Return the host of an address as readers know it, without "www."."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def frame_of(address: str) -> Frame | None:
    """Return what can be shown for an address in a frame; None where it stays a link."""
    parts = urlsplit(address)
    host = host_of(address).removeprefix("m.")
    if host in {"youtube.com", "youtu.be", "youtube-nocookie.com"}:
        return _youtube(host, parts.path, parse_qs(parts.query))
    in_path = re.compile(_PATHS.get(host, "(?!)")).fullmatch(parts.path)
    if in_path and host in {"vimeo.com", "player.vimeo.com"}:
        number, key = in_path.groups()
        private = f"&h={key}" if key else ""
        return Frame(f"https://player.vimeo.com/video/{number}?dnt=1{private}", "Vimeo", "wide")
    if in_path and host in {"x.com", "twitter.com"}:
        address = f"https://platform.twitter.com/embed/Tweet.html?dnt=true&id={in_path[1]}"
        return Frame(address, "X", "tall")
    if in_path:
        return Frame(f"https://{host}/{in_path[1]}/embed", "Mastodon", "tall")
    return None


def _youtube(host: str, path: str, query: dict[str, list[str]]) -> Frame | None:
    found = re.fullmatch(r"/(?:embed/|shorts/|live/|v/)([\w-]{6,20})/?", path)
    key = found[1] if found else ""
    if host == "youtu.be":
        key = path.strip("/")
    elif path == "/watch":
        key = query.get("v", [""])[0]
    if not re.fullmatch(r"[\w-]{6,20}", key):
        return None
    start = re.fullmatch(r"(\d+)s?", query.get("t", query.get("start", [""]))[0])
    begins = f"?start={start[1]}" if start else ""
    return Frame(f"https://www.youtube-nocookie.com/embed/{key}{begins}", "YouTube", "wide")
