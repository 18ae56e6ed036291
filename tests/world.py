"""`make world`: write the seeded world as a fixture, from a fresh database.

usage: python -m tests.world FILE
"""

import io
import json
import os
import sys
import tempfile
from pathlib import Path

#: What `dumpdata` leaves out, since each site counts its own and finds its own neighbours; and how
#: rows name each other.
DUMP = {
    "exclude": ["articles.edition", "articles.relatedwork"],
    "natural_foreign": True,
    "natural_primary": True,
}


def write_world(target: Path) -> int:
    """Seed an empty site of its own and dump it to `target`; return the number of rows."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("seed", stdout=io.StringIO(), stderr=io.StringIO())
    call_command(
        "dumpdata",
        "articles",
        **DUMP,
        indent=1,
        output=str(target),
        verbosity=0,
    )
    rows = json.loads(target.read_text(encoding="utf-8"))
    for row in rows:
        # The moment of writing is no part of the world: it would make every dump a new one.
        if row["model"] == "articles.article":
            row["fields"]["saved_at"] = row["fields"]["created_at"]
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    target.write_text(text + "\n", encoding="utf-8")
    return len(rows)


if __name__ == "__main__":
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="newsroom-world-")
    for name in ("DATABASE_URL", "CACHE_URL"):
        os.environ.pop(name, None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
    import django

    django.setup()
    print(f"{write_world(Path(sys.argv[1]))} rows written to {sys.argv[1]}")
