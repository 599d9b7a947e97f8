"""How long a lookup in a list of 50,000 items takes, beside a plain indexed SELECT in the same run.

    python -m config.embedded.scratch -m benchmarks.list_lookup [--items N] [--terms N]

Each new term is new to the process: no answer comes from its cache. Terms are what people type, the
first one to six characters of a word, and pieces from within. A second list of the same size has
labels that all start alike. CPU time, ours and the database's, is the mean of a case; on a machine
with other work it says more than the clock.
"""

# ruff: noqa: E402 - models can be imported only when Django is set up

import argparse
import json
import os
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from benchmarks.figures import percentile
from config.common.actors import SYSTEM, Actor
from contacts.models import Member
from lists.models import List, ListItem
from lists.selectors import Lookup, list_contents, list_items_lookup
from lists.services import (
    ListItemValues,
    list_create,
    list_import_confirm,
    list_import_prepare,
    list_item_update,
    list_labels_rebuild,
)

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
    places = _load(options.items, chance)
    ids = list(ListItem.objects.filter(list=places).values_list("id", flat=True))
    terms = sorted({_term(chance) for _ in range(options.terms)})
    chance.shuffle(terms)
    with connection.cursor() as cursor:
        yardstick = _times(lambda pk: cursor.execute(_YARDSTICK, [pk]), chance.choices(ids, k=2000))
    _say_load()
    print(f"{options.items:,} items in three languages, {len(terms)} different terms")
    print(f"{'case':46}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}{'CPU ms':>9}{'ratio p50':>11}")

    def show(name: str, call: Callable[[Any], object], arguments: Iterable[Any]) -> None:
        _print(name, _times(call, arguments), yardstick)

    _print("plain SELECT by primary key", yardstick, yardstick)
    show("the first term of all in a process", _lookup, ["first"])
    for name, kind in _KINDS.items():
        show(f"new term: {name}", _lookup, [term for term in terms if kind(term)])
    show("term known at this revision", _lookup, terms)
    show("new term: signs, other scripts", _lookup, _strange())
    _raise_revisions()
    show("all labels start alike: what all hold", _branch, _pieces("branch office number "))
    show("all labels start alike: numbers", _branch, map(str, range(0, options.items, 250)))
    roots = [ids[number * 50] for number in range(200)]
    show("children of an item, new", _children, roots)
    show("children of another item with a term", _child, roots[:100])
    show("roots with a term, new", _root, terms[:200])
    item_ids = chance.choices(ids, k=200)
    show("edit of one item (the service)", _edit, item_ids)
    show("new term after each edit of an item", _Edited(), zip(item_ids, terms, strict=False))
    show("whole list, made anew", _whole, ["en"])
    show("whole list, known at this revision", _whole, ["en"] * 50)
    show("20,000 items imported, previewed and confirmed", _import, [20_000])
    show("new term after that import", _lookup, ["after"])
    show("another new term", _lookup, ["anothe"])


_KINDS = {
    "one character": lambda term: len(term) == 1,
    "two characters": lambda term: len(term) == 2,
    "three to six": lambda term: len(term) > 2,
}


def _say_load() -> None:
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--terms", type=int, default=1_000)
    return parser.parse_args()


def _load(size: int, chance: random.Random) -> List:
    call_command("migrate", verbosity=0)
    branches = list_create(actor=SYSTEM, key="branches", labels={"en": "Branches"})
    ListItem.objects.bulk_create(
        [
            ListItem(
                list=branches,
                key=f"B{number}",
                labels={"en": f"Branch office number {number}"},
                position=number,
            )
            for number in range(size)
        ],
        batch_size=2_000,
    )
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
    return places


def _item(places: List, number: int, chance: random.Random) -> ListItem:
    label = " ".join(_word(chance).title() for _ in range(chance.randint(1, 3)))
    labels = {"en": f"{label} {number}", "de": f"{label}ü", "fr": f"Le {label}"}
    return ListItem(list=places, key=f"I{number}", labels=labels, position=number)


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))


def _term(chance: random.Random) -> str:
    word, start = _word(chance), chance.choice((0, 0, 0, 1, 2))
    return word[start : start + chance.randint(1, 6)] or "a"


def _strange() -> list[str]:
    others = ("%", "_", "\\", "-", ".", "100%", "--", "ü", "e\u0301", "ß", "\u0131", "\u0130")
    signs = [*others, "😀", "東", "жук"]
    return [*signs, *(f"{sign}{letter}" for sign in signs for letter in "aeiou")]


def _pieces(label: str) -> list[str]:
    """All that `label` holds: what every label of a list holds if it starts with it."""
    ends = range(1, len(label) + 1)
    pieces = {label[start:end].strip() for end in ends for start in range(end)}
    return sorted(pieces - {""})


def _lookup(term: str) -> None:
    list_items_lookup(list_key="places", lookup=Lookup(text=term), language="en")


def _branch(term: str) -> None:
    list_items_lookup(list_key="branches", lookup=Lookup(text=term), language="en")


def _children(parent_id: int) -> None:
    lookup = Lookup(by_parent=True, parent_id=parent_id)
    list_items_lookup(list_key="places", lookup=lookup, language="en")


def _child(parent_id: int) -> None:
    lookup = Lookup(text="a", by_parent=True, parent_id=parent_id)
    list_items_lookup(list_key="places", lookup=lookup, language="fr")


def _root(term: str) -> None:
    """All items of this list are roots."""
    lookup = Lookup(text=term, by_parent=True)
    list_items_lookup(list_key="branches", lookup=lookup, language="en")


def _edit(item_id: int) -> None:
    item = ListItem.objects.get(pk=item_id)
    values = ListItemValues(labels={**item.labels, "en": f"{item.labels['en']} x"})
    list_item_update(actor=SYSTEM, item_id=item_id, values=values)


class _Edited:
    """Only the lookup counts, not the edit before it."""

    def __call__(self, case: tuple[int, str]) -> float:
        _edit(case[0])
        started = time.perf_counter()
        _lookup(case[1])
        return time.perf_counter() - started


def _raise_revisions() -> None:
    """Nothing that the process holds is of these revisions."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE lists_list SET revision = nextval('lists_revision')")


def _import(size: int) -> None:
    """All of them new."""
    member = Member.objects.create(username="importer", email="importer@example.com")
    actor = Actor(member_id=member.pk)
    entries = [{"key": f"NEW{number}", "labels": {"en": f"New {number}"}} for number in range(size)]
    places = List.objects.get(key="places")
    prepared = list_import_prepare(
        actor=actor, list_id=places.pk, data=json.dumps(entries).encode()
    )
    list_import_confirm(actor=actor, import_id=prepared)


def _whole(language: str) -> None:
    list_contents(keys=["places"], language=language)


@dataclass(frozen=True, slots=True)
class _Measured:
    """Milliseconds by the clock, sorted, and of CPU time for one call: ours and the database's."""

    times: list[float]
    cpu: float


def _times(call: Callable[[Any], object], arguments: Iterable[Any]) -> _Measured:
    times = []
    cpu = _cpu_seconds()
    for argument in arguments:
        started = time.perf_counter()
        own = call(argument)
        elapsed = own if isinstance(own, float) else time.perf_counter() - started
        times.append(elapsed * 1_000)
    return _Measured(sorted(times), (_cpu_seconds() - cpu) * 1_000 / len(times))


def _cpu_seconds() -> float:
    """Of this process and of the database's process that serves it, on this machine."""
    info = connection.connection.info
    statistics = Path(f"/proc/{info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(statistics[11]) + int(statistics[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _print(name: str, measured: _Measured, yardstick: _Measured) -> None:
    times = measured.times
    median, high = percentile(times, 0.5), percentile(times, 0.95)
    ratio = median / percentile(yardstick.times, 0.5)
    print(
        f"{name:46}{median:9.2f}{high:9.2f}{times[-1]:9.2f}{measured.cpu:9.2f}{ratio:11.1f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
