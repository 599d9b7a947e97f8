"""The lists of the demo schemas, read from `demo/lists.json`."""

import json
from pathlib import Path

from lists.definitions import ItemDefinition, ListDefinition
from lists.models import ListSource

_FILE = Path(__file__).with_name("demo") / "lists.json"


def demo_lists() -> tuple[ListDefinition, ...]:
    """The firm's own lists that the demo schemas name, in the order of the file."""
    lists = json.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(
        ListDefinition(
            key,
            entry["labels"],
            ListSource.OWN,
            tuple(ItemDefinition(item_key, labels) for item_key, labels in entry["items"].items()),
        )
        for key, entry in lists.items()
    )
