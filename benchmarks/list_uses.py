"""How long it takes to count who uses an item among 100,000 contacts, beside a plain count.

python -m config.embedded.scratch -m benchmarks.list_uses [--contacts N]
"""

# ruff: noqa: E402 - models can be imported only when Django is set up

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

from django.core.management import call_command

from benchmarks.data import load
from contacts.models import Contact
from lists.models import ListItem
from lists.selectors import list_item_uses

ROOT = Path(__file__).parents[1]
ITEMS = (("countries", "CH"), ("countries", "NZ"), ("genders", "FEMALE"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=100_000)
    call_command("migrate", verbosity=0)
    schema = (ROOT / "crmschema" / "demo" / "contact.json").read_text(encoding="utf-8")
    load(schema, parser.parse_args().contacts)
    yardstick = _best(lambda: Contact.objects.count())
    print(f"plain count of contacts {yardstick:8.1f} ms")
    for list_key, item_key in ITEMS:
        item = ListItem.objects.select_related("list").get(list__key=list_key, key=item_key)
        taken = _best(lambda item=item: list_item_uses(item))
        counted = {str(use.name): use.count for use in list_item_uses(item)}
        print(f"{list_key} {item_key} {taken:8.1f} ms, {taken / yardstick:5.1f}×: {counted}")


def _best(call: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1_000)
    return min(times)


if __name__ == "__main__":
    main()
