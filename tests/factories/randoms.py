"""Random documents that the tiny schema accepts, and random edits of them: fast, by seed."""

import json
from collections.abc import Iterator
from enum import Enum, auto
from random import Random
from typing import Any

from tests.factories.schemas import COLOURS, REGIONS

WORDS = ("x", "y", "z", "é")
ROW_IDS = ("r1", "r2", "r3", "r4", "r5")
NUMBERS = (0, 1, 2, 2.5, -3)


def seeded(number: int) -> Iterator[tuple[int, Random]]:
    """So many seeds, each with its generator: the same in every run."""
    for seed in range(number):
        yield seed, Random(seed)  # noqa: S311 - nothing secret comes of it


class Ids(Enum):
    """Which rows of a grid carry an id."""

    ALL = auto()
    NONE = auto()
    SOME = auto()


def random_document(random: Random, ids: Ids | None = None) -> dict[str, Any]:
    """A document in normal form that an app may write; `ids` None takes any kind of grid."""
    person: dict[str, Any] = {"firstName": random.choice(WORDS)}
    _maybe(random, person, "lastName", WORDS)
    _maybe(random, person, "score", NUMBERS)
    _maybe(random, person, "region", tuple(REGIONS))
    _maybe(random, person, "nickname", WORDS)
    _maybe(random, person, "height", NUMBERS)
    colours = random.sample(tuple(COLOURS), random.randint(0, 3))
    if colours:
        person["colours"] = colours
    if random.random() < 0.5:
        person["isPep"] = True
        _maybe(random, person, "pepReason", WORDS)
        _maybe(random, person, "pepNote", WORDS)
    document: dict[str, Any] = {"person": person}
    addresses = [_with_permit(random, row) for row in random_rows(random, ("city", "street"), ids)]
    if addresses:
        document["channels"] = {"addresses": addresses}
    notes = random_rows(random, ("text",), ids)
    if notes:
        document["notes"] = notes
    return document


def random_rows(
    random: Random, keys: tuple[str, ...], ids: Ids | None = None, most: int = 4
) -> list[dict[str, Any]]:
    """Rows that hold something; those with an id may hold nothing else."""
    kind = ids or random.choice(list(Ids))
    rows: list[dict[str, Any]] = []
    for row_id in random.sample(ROW_IDS, random.randint(0, most)):
        row: dict[str, Any] = {}
        if kind is Ids.ALL or (kind is Ids.SOME and random.random() < 0.6):
            row["id"] = row_id
        for key in keys:
            _maybe(random, row, key, WORDS)
        if row:
            rows.append(row)
    return rows


def edited_rows(
    random: Random, rows: list[dict[str, Any]], keys: tuple[str, ...], ids: Ids
) -> list[dict[str, Any]]:
    """A few edits as people make them: values, rows added, removed and moved."""
    edited = json.loads(json.dumps(rows))
    for _ in range(random.randint(1, 3)):
        action = random.choice(("change", "change", "add", "remove", "move"))
        if action == "add" or not edited:
            present = {row.get("id") for row in edited}
            fresh = [
                row for row in random_rows(random, keys, ids, 2) if row.get("id") not in present
            ]
            place = random.randint(0, len(edited))
            edited[place:place] = fresh[:1]
        elif action == "remove":
            edited.pop(random.randrange(len(edited)))
        elif action == "move":
            random.shuffle(edited)
        else:
            row = random.choice(edited)
            key = random.choice(keys)
            row.pop(key, None)
            _maybe(random, row, key, WORDS)
    return [row for row in edited if row]


def _with_permit(random: Random, row: dict[str, Any]) -> dict[str, Any]:
    if random.random() < 0.4:
        row["isForeign"] = True
        _maybe(random, row, "permit", WORDS)
    return row


def _maybe(random: Random, holder: dict[str, Any], key: str, values: tuple[Any, ...]) -> None:
    if random.random() < 0.6:
        holder[key] = random.choice(values)
