"""How long a lookup in a list of 50,000 items takes, beside a plain indexed SELECT in the same run.

    python -m config.embedded.scratch -m benchmarks.list_lookup [--items N] [--terms N]

Each term is new to the process (nothing comes from its cache), then asked again. Terms are what
people type: the first one to six characters of a word, and pieces from within.
"""

# ruff: noqa: E402 - models can be imported only when Django is set up

import argparse
import random
import time
from collections.abc import Callable, Iterable
from typing import Any

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from config.common.actors import SYSTEM
from lists.models import List, ListItem
from lists.selectors import Lookup, list_contents, list_items_lookup
from lists.services import list_create, list_labels_rebuild

_SYLLABLES = (
    *("ba", "be", "bi", "bo", "bu", "ka", "ke", "ki", "ko", "ku", "la", "le", "li", "lo", "lu"),
    *("ma", "me", "mi", "mo", "mu", "na", "ne", "ni", "no", "nu", "ra", "re", "ri", "ro", "ru"),
    *("sa", "se", "si", "so", "su", "ta", "te", "ti", "to", "tu", "ch", "sch", "str", "an", "en"),
)
_YARDSTICK = "SELECT id, uid, key, labels FROM lists_listitem WHERE id = %s"


def main() -> None:
    """Measure and print a table."""
    options = _options()
    chance = random.Random(7)
    _load(options.items, chance)
    ids = list(ListItem.objects.values_list("id", flat=True))
    terms = sorted({_term(chance) for _ in range(options.terms)})
    chance.shuffle(terms)
    with connection.cursor() as cursor:
        yardstick = _times(lambda pk: cursor.execute(_YARDSTICK, [pk]), chance.choices(ids, k=2000))
    print(f"{options.items:,} items in three languages, {len(terms)} different terms")
    print(f"{'case':42}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}{'ratio p50':>11}")
    _print("plain SELECT by primary key", yardstick, yardstick)
    _print("lookup, term new to the process", _times(_lookup, terms), yardstick)
    short = [term for term in terms if len(term) < 3]
    _print("lookup, term known at this revision", _times(_lookup, terms), yardstick)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE lists_list SET revision = nextval('lists_revision')")
    _print("lookup, one or two characters, new", _times(_lookup, short), yardstick)
    roots = [ids[number * 50] for number in range(200)]
    _print("children of an item, new", _times(_children, roots), yardstick)
    _print("whole list, made anew", _times(_whole, ["en"]), yardstick)
    _print("whole list, known at this revision", _times(_whole, ["en"] * 50), yardstick)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--terms", type=int, default=1_000)
    return parser.parse_args()


def _load(size: int, chance: random.Random) -> None:
    call_command("migrate", verbosity=0)
    places = list_create(actor=SYSTEM, key="places", labels={"en": "Places"})
    made = ListItem.objects.bulk_create(
        [_item(places, number, chance) for number in range(size)], batch_size=2_000
    )
    for number, item in enumerate(made):
        item.parent = made[number - number % 50] if number % 50 else None
    ListItem.objects.bulk_update(made, ["parent"], batch_size=2_000)
    list_labels_rebuild()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _item(places: List, number: int, chance: random.Random) -> ListItem:
    label = " ".join(_word(chance).title() for _ in range(chance.randint(1, 3)))
    labels = {"en": f"{label} {number}", "de": f"{label}ü", "fr": f"Le {label}"}
    return ListItem(list=places, key=f"I{number}", labels=labels, position=number)


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))


def _term(chance: random.Random) -> str:
    word, start = _word(chance), chance.choice((0, 0, 0, 1, 2))
    return word[start : start + chance.randint(1, 6)] or "a"


def _lookup(term: str) -> None:
    list_items_lookup(list_key="places", lookup=Lookup(text=term), language="en")


def _children(parent_id: int) -> None:
    lookup = Lookup(by_parent=True, parent_id=parent_id)
    list_items_lookup(list_key="places", lookup=lookup, language="en")


def _whole(language: str) -> None:
    list_contents(keys=["places"], language=language)


def _times(call: Callable[[Any], object], arguments: Iterable[Any]) -> list[float]:
    times = []
    for argument in arguments:
        started = time.perf_counter()
        call(argument)
        times.append((time.perf_counter() - started) * 1_000)
    return sorted(times)


def _print(name: str, times: list[float], yardstick: list[float]) -> None:
    median, high = times[len(times) // 2], times[int(len(times) * 0.95)]
    ratio = median / yardstick[len(yardstick) // 2]
    print(f"{name:42}{median:9.2f}{high:9.2f}{times[-1]:9.2f}{ratio:11.1f}")


if __name__ == "__main__":
    main()
