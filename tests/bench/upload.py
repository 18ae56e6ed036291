"""What an upload costs an editor, and what its renditions weigh.

    python -m tests.bench.upload http://127.0.0.1:8000 editor PASSWORD

Sends photographs of 12 megapixels to a running server, as the library's script does, and then asks
for what a page shows of the last one, twice.
"""

import http.cookiejar
import io
import json
import re
import statistics
import sys
import time
import urllib.request
import uuid

from PIL import Image, ImageFilter

NUMBER = 5
SIZE = (4000, 3000)
#: Seconds after which the server has made what it makes ahead.
SETTLES = 12


def photograph(seed: int) -> bytes:
    """A JPEG of about 4 MB, soft and grainy as a photograph is."""
    grain = Image.effect_noise((SIZE[0] // 4, SIZE[1] // 4), 90).resize(SIZE)
    red = grain.filter(ImageFilter.GaussianBlur(4 + seed))
    blue = Image.effect_noise((40 + seed, 30), 120).resize(SIZE, Image.Resampling.BICUBIC)
    fine = Image.effect_noise(SIZE, 14)
    out = io.BytesIO()
    Image.merge("RGB", (red, Image.blend(blue, fine, 0.3), blue)).save(out, "JPEG", quality=90)
    return out.getvalue()


class Editor:
    """A signed-in editor's browser, as far as uploads need one."""

    def __init__(self, site: str, name: str, password: str) -> None:
        self.site = site
        self.cookies = http.cookiejar.CookieJar()
        handler = urllib.request.HTTPCookieProcessor(self.cookies)
        self.opener = urllib.request.build_opener(handler)
        self.get("/admin/login/")
        form = {"username": name, "password": password, "next": "/admin/"}
        self.post("/admin/login/", form)

    def get(self, path: str) -> bytes:
        with self.opener.open(self.site + path) as answer:
            return answer.read()

    def post(self, path: str, fields: dict[str, str], file: bytes = b"") -> bytes:
        (token,) = [one.value for one in self.cookies if one.name == "csrftoken"]
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in {**fields, "csrfmiddlewaretoken": token}.items()
        ]
        if file:
            head = 'Content-Disposition: form-data; name="file"; filename="a.jpg"'
            parts.append(f"--{mark}\r\n{head}\r\n\r\n".encode() + file + b"\r\n")
        headers = {
            "Content-Type": f"multipart/form-data; boundary={mark}",
            "Referer": self.site + path,
            "Accept": "application/json",
        }
        body = b"".join(parts) + f"--{mark}--\r\n".encode()
        request = urllib.request.Request(self.site + path, body, headers)
        with self.opener.open(request) as answer:
            return answer.read()


def main(site: str, name: str, password: str) -> None:
    editor = Editor(site.rstrip("/"), name, password)
    photographs = [photograph(seed) for seed in range(NUMBER)]
    megabytes = statistics.mean(map(len, photographs)) / 1e6
    times = []
    for data in photographs:
        began = time.perf_counter()
        taken = json.loads(editor.post("/admin/articles/image/upload/", {}, data))
        times.append(time.perf_counter() - began)
    print(
        f"upload of 12 megapixels, {megabytes:.1f} MB: "
        f"median {statistics.median(times) * 1000:.0f} ms, longest {max(times) * 1000:.0f} ms"
    )
    time.sleep(SETTLES)
    renditions(editor, taken["thumbnail"])


def renditions(editor: Editor, thumbnail: str) -> None:
    """Ask for each width in each format: the first time it is made, the second time it is there."""
    stem = re.sub(r"480\.jpg$", "", thumbnail)
    for kind in ("avif", "webp", "jpg"):
        line = []
        for width in (240, 480, 720, 1080, 1600):
            began = time.perf_counter()
            weight = len(editor.get(f"{stem}{width}.{kind}"))
            first = time.perf_counter() - began
            began = time.perf_counter()
            editor.get(f"{stem}{width}.{kind}")
            again = time.perf_counter() - began
            times = f"{first * 1000:.0f}/{again * 1000:.0f} ms"
            line.append(f"{width}: {weight / 1000:.0f} KB, {times}")
        print(f"{kind:5}", "; ".join(line))


if __name__ == "__main__":
    main(*sys.argv[1:])
