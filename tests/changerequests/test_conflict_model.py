"""An approval never writes another row than the one that was seen (C6): random requests, random
writes meanwhile and random answers, against a simple model of cells that knows no paths.
"""

from random import Random
from typing import Any

from changerequests.approval import grid_bases
from changerequests.conflicts import Conflict, ConflictAnswer, Take, find_conflicts, resolve
from crmschema.documents import diff, fold
from tests.factories.randoms import Ids, edited_rows, random_rows, seeded

KEYS = ("x", "y")
Rows = list[dict[str, Any]]
Cell = tuple[str, str]


def document_of(rows: Rows) -> dict[str, Any]:
    return {"c": {"g": rows}} if rows else {}


def rows_of(document: dict[str, Any]) -> Rows:
    return document.get("c", {}).get("g", [])


def cells(rows: Rows) -> dict[Cell, Any]:
    """Every value by the id of its row and its key; the id itself is the value of a row."""
    return {(row["id"], key): value for row in rows for key, value in row.items()}


def answered(random: Random, conflicts: list[Conflict]) -> list[ConflictAnswer]:
    return [
        ConflictAnswer(conflict.path, random.choice(list(Take)), conflict.row_id)
        for conflict in conflicts
    ]


def test_c6_model_of_rows_with_ids() -> None:
    for seed, random in seeded(3000):
        stored = random_rows(random, KEYS, Ids.ALL)
        proposed = edited_rows(random, stored, KEYS, Ids.ALL)
        current = edited_rows(random, stored, KEYS, Ids.ALL) if random.random() < 0.8 else stored
        changes = diff(document_of(stored), document_of(proposed))
        base = grid_bases(document_of(stored), changes)

        conflicts = find_conflicts(document_of(current), changes, base)
        answers = answered(random, conflicts)
        decided = resolve(changes, conflicts, answers)
        assert decided is not None, seed
        result = rows_of(fold(document_of(current), decided))

        assert all("id" in row for row in result), seed
        assert cells(result) == expected_cells(stored, proposed, current, answers), seed


def expected_cells(
    stored: Rows, proposed: Rows, current: Rows, answers: list[ConflictAnswer]
) -> dict[Cell, Any]:
    """Cell by cell: what was not asked for stays as it is today; what was asked for is written,
    unless today's value is not the one that was seen and the reviewer prefers today's.
    """
    before, asked, now = cells(stored), cells(proposed), cells(current)
    takes = {
        (answer.row_id, answer.path.rpartition(".")[2]): answer.take
        for answer in answers
        if answer.row_id is not None
    }
    removed = {row["id"] for row in stored} - {row["id"] for row in proposed}
    added = {row["id"] for row in proposed} - {row["id"] for row in stored}
    requested = {
        cell for cell in before.keys() | asked.keys() if before.get(cell) != asked.get(cell)
    }
    # Values of a row that goes or comes as a whole, which nobody saw.
    unseen = {cell for cell in now if cell[0] in removed | added} - requested
    vanished = {row["id"] for row in stored} - {row["id"] for row in current}
    moved = {cell for cell in requested if now.get(cell) != before.get(cell)} | unseen
    # Also what was missing in a row that is gone: the row itself was what was seen.
    moved |= {cell for cell in requested if cell[0] in vanished - removed - added}
    assert takes.keys() == moved

    # A row that the request removes is kept whole as soon as one of its values is.
    staying = {
        cell[0]
        for cell, take in takes.items()
        if take is Take.CURRENT and cell[0] in removed and now.get(cell) is not None
    }
    result = dict(now)
    for cell in requested | unseen:
        if takes.get(cell, Take.TARGET) is Take.CURRENT:
            continue
        if cell[0] in staying and cell not in takes:
            continue
        result.pop(cell, None)
        if cell in asked:
            result[cell] = asked[cell]
    for row_id, key in list(result):
        # A row is what its id says, for as long as it holds anything.
        if key != "id":
            result[row_id, "id"] = row_id
    return result


def test_c6_model_of_rows_without_ids() -> None:
    for seed, random in seeded(2000):
        kind = random.choice((Ids.NONE, Ids.SOME))
        stored = random_rows(random, KEYS, kind)
        proposed = edited_rows(random, stored, KEYS, kind)
        current = edited_rows(random, stored, KEYS, kind) if random.random() < 0.8 else stored
        changes = diff(document_of(stored), document_of(proposed))
        base = grid_bases(document_of(stored), changes)
        if not base or all("id" in row for row in [*stored, *proposed, *current]):
            continue

        conflicts = find_conflicts(document_of(current), changes, base)
        take = random.choice(list(Take))
        decided = resolve(
            changes, conflicts, [ConflictAnswer(each.path, take) for each in conflicts]
        )
        assert decided is not None, seed
        result = rows_of(fold(document_of(current), decided))

        # The grid is one value: it is the one that was asked for, or today's.
        assert [each.path for each in conflicts] == (["c.g"] if current != stored else []), seed
        assert result == (current if conflicts and take is Take.CURRENT else proposed), seed
