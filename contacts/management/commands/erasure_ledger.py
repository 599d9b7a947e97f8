"""`manage.py erasure_ledger export|replay`: erasures survive the restore of an older backup."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.common.dates import parse_datetime
from contacts.selectors.ledger import LedgerEntry, ledger_entries
from contacts.services.ledger import ledger_replay


class Command(BaseCommand):
    help = "Write the ledger of erasures to a file, or erase again what a restore brought back."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        export = actions.add_parser("export", help="write the ledger, a JSON object a line")
        export.add_argument("file", help="where to; - is standard output")
        export.add_argument("--since", help="from this moment on (2026-01-01T00:00:00)")
        replay = actions.add_parser("replay", help="anonymise again what the ledger names")
        replay.add_argument("file", help="a file that export has written; - is standard input")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        if options["action"] == "export":
            self._export(options["file"], options["since"])
        else:
            self._replay(options["file"])

    def _export(self, file: str, since: str | None) -> None:
        try:
            start = None if since is None else parse_datetime(since)
        except ValueError:
            raise CommandError("--since must be a date-time such as 2026-01-01T00:00:00.") from None
        lines = [json.dumps(entry.as_json()) + "\n" for entry in ledger_entries(since=start)]
        if file == "-":
            self.stdout.write("".join(lines), ending="")
            return
        # Whole or not at all: a ledger that is cut would be believed.
        partial = Path(f"{file}.part")
        partial.write_text("".join(lines), encoding="utf-8")
        partial.replace(file)
        self.stdout.write(f"Erasures in {file}: {len(lines)}.")

    def _replay(self, file: str) -> None:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        # All lines are read before anything is erased: a damaged file is refused whole.
        result = ledger_replay(entries=list(_entries(text)))
        self.stdout.write(
            f"Anonymised again: {result.erased}. Still anonymised: {result.unchanged}. "
            f"Not there: {result.missing}."
        )


def _entries(text: str) -> Iterator[LedgerEntry]:
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            yield LedgerEntry.from_json(json.loads(line))
        except (ValueError, KeyError, TypeError):
            raise CommandError(f"Line {number} is no erasure; nothing was done.") from None
