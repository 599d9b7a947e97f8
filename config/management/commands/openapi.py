"""`manage.py openapi`: write the OpenAPI document, or with --check say how it has drifted."""

from argparse import ArgumentParser
from difflib import unified_diff

from django.core.management.base import BaseCommand, CommandError

from config.openapi.committed import COMMITTED
from config.openapi.document import build_document, render

_MAX_LINES = 200


class Command(BaseCommand):
    """Generates the document from the routes; the file is committed and served as it is."""

    help = "Write docs/openapi.json; with --check only compare it with the routes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One flag."""
        parser.add_argument("--check", action="store_true", help="compare, write nothing")

    def handle(self, *, check: bool, **options: object) -> None:
        """Write or compare. Raises CommandError when the committed file is not the document."""
        text = render(build_document())
        if not check:
            COMMITTED.write_text(text, encoding="utf-8")
            self.stdout.write(f"{COMMITTED.name} is written.")
            return
        committed = COMMITTED.read_text(encoding="utf-8") if COMMITTED.exists() else ""
        if text != committed:
            raise CommandError(drift(committed, text))
        self.stdout.write(f"{COMMITTED.name} is up to date.")


def drift(committed: str, generated: str) -> str:
    """What differs, line by line, and what to do about it."""
    lines = list(
        unified_diff(
            committed.splitlines(), generated.splitlines(), "committed", "generated", lineterm=""
        )
    )
    shown = "\n".join(lines[:_MAX_LINES])
    more = "" if len(lines) <= _MAX_LINES else f"\n… and {len(lines) - _MAX_LINES} more lines"
    return f"{shown}{more}\nThe document has drifted. Run `manage.py openapi` and commit the file."
