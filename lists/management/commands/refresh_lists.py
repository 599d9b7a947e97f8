"""`manage.py refresh_lists`: reference lists to what the libraries say."""

from typing import Any

from django.core.management.base import BaseCommand

from config.common.actors import SYSTEM
from lists.services import list_labels_rebuild, reference_lists_refresh


class Command(BaseCommand):
    """After an update of the libraries, or when the settings gained a language."""

    help = (
        "Bring countries, states, languages and currencies to what the installed libraries say."
        " What staff changed or added stays."
    )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: as the command line has it
        """Refresh, and report list by list."""
        for result in reference_lists_refresh(actor=SYSTEM):
            self.stdout.write(
                f"{result.list_key}: {result.created} added, {result.updated} changed"
            )
            for key in result.keys:
                self.stdout.write(f"    {key}")
        self.stdout.write(f"{list_labels_rebuild()} items can be looked up")
