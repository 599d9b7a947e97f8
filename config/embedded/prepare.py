"""What must be done before the servers start: migrations, demo data, static files.

One process does all three, because loading the project takes longer than any of them when there is
nothing to do.
"""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

STAMP = "collected.sha256"


def main() -> None:
    """Bring database and static files to the state of the code, one line of progress per step."""
    django.setup()
    step("migrating the database", migrate)
    step("seeding demo data where the database is empty", seed)
    step("collecting static files", collect_static)


def step(name: str, action: Callable[[], bool]) -> None:
    """Run a step and say what it took, or that there was nothing to do."""
    print(f"  {name} …", flush=True)
    started_at = time.monotonic()
    if action():
        print(f"    done in {time.monotonic() - started_at:.1f} s", flush=True)


def migrate() -> bool:
    """Apply the migrations that are missing; say whether there were any."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return False
    print(f"    {len(plan)} to apply", flush=True)
    call_command("migrate", verbosity=0, interactive=False)
    return True


def seed() -> bool:
    """Leave it to the command whether there is anything to seed."""
    call_command("seed_demo", if_empty=True)
    return True


def collect_static() -> bool:
    """Collect the static files when one of them has changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / STAMP
    digest = static_digest()
    if stamp.is_file() and stamp.read_text() == digest:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest)
    return True


def static_digest() -> str:
    """Return what changes with any static file: names, sizes and times of all."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
