"""`manage.py seed_demo`: demo data for an empty database."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.demo.seed import DEFAULT_CONTACTS, MIN_CONTACTS, is_empty, seed


class Command(BaseCommand):
    """Fills an empty database with made-up people, the same ones every time."""

    help = "Fill an empty database with demo data; every password is public."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what may be chosen."""
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there is data already"
        )
        parser.add_argument(
            "--contacts",
            type=int,
            default=DEFAULT_CONTACTS,
            help=f"how many contacts, at least {MIN_CONTACTS} (default {DEFAULT_CONTACTS})",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: as the command line has it
        """Seed, or say why not."""
        if options["contacts"] < MIN_CONTACTS:
            raise CommandError(f"--contacts must be at least {MIN_CONTACTS}.")
        if not is_empty():
            if options["if_empty"]:
                return
            raise CommandError("The database holds data; demo data only go into an empty one.")
        started_at = time.monotonic()
        seed(options["contacts"], lambda line: self.stdout.write(f"    {line}"))
        self.stdout.write(f"    seeded in {time.monotonic() - started_at:.1f} s")
