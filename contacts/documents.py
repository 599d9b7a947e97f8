"""Stored documents as the check of a schema reads them (S4): one kind of target, by keyset."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

import orjson
from django.conf import settings
from django.db import connection

from contacts.services.rebuild import targets_rebuild
from contacts.targets import CONTACT, TargetKind
from crmschema.compiler.model import Alias
from crmschema.registry import DocumentSource, Holding, RebuiltPage, StoredDocument

_OF_CONTACTS = """
target.contact_type_id IN (
    SELECT kind.id FROM contacts_contacttype kind
    JOIN crmschema_crmschema schema ON schema.id = kind.schema_id WHERE schema.key = %s)
"""

_PAGE = """
SELECT target.id, target.details::text, target.anonymised_at IS NOT NULL FROM {table} target
WHERE {of_schema} AND target.id > %s {written} ORDER BY target.id LIMIT %s
"""

_WRITTEN = "AND target.id IN (SELECT {reference} FROM contacts_changeset WHERE id > %s)"

# The last number handed out; a sequence that nobody has asked yet shows its first one.
_MARK = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM contacts_changeset_id_seq"


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of a kind of target. `of_schema` is a condition on the alias `target` with one
    parameter, the schema's key; like the names of the kind it is a constant of the code.
    """

    kind: TargetKind
    of_schema: str

    def source(
        self, name: str, fixed_aliases: Callable[[], Set[Alias]] = frozenset
    ) -> DocumentSource:
        """What `crmschema` asks, under the name that findings show."""
        return DocumentSource(
            name,
            self.count,
            self.page,
            self.written_page,
            self.holding,
            self.rebuild,
            fixed_aliases,
        )

    def count(self, key: str) -> int:
        """How many there are."""
        statement = f"SELECT count(*) FROM {self.kind.table} target WHERE {self.of_schema}"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(statement, [key])
            (number,) = cursor.fetchone()
        return int(number)

    def page(self, key: str, after_id: int, limit: int) -> list[StoredDocument]:
        """The next documents in order of id."""
        return self._read("", [key, after_id, limit])

    def written_page(self, key: str, mark: int, after_id: int, limit: int) -> list[StoredDocument]:
        """The same of those with a change set after `mark`: every write leaves one (D11)."""
        written = _WRITTEN.format(reference=self.kind.reference)
        return self._read(written, [key, after_id, mark, limit])

    def holding(
        self, key: str, places: Sequence[tuple[str, str | None]], limit: int
    ) -> list[Holding]:
        """How many documents hold a value at each place: one scan for all places."""
        columns = ", ".join([_HOLDING.format(limit=limit)] * len(places))
        statement = f"SELECT {columns} FROM {self.kind.table} target WHERE {self.of_schema}"  # noqa: S608
        paths = [_json_path(path, grid) for path, grid in places]
        with connection.cursor() as cursor:
            cursor.execute(statement, [each for path in paths for each in (path, path)] + [key])
            row = cursor.fetchone()
        return [Holding(count, ids or []) for count, ids in zip(row[::2], row[1::2], strict=True)]

    def rebuild(self, key: str, after_id: int, limit: int) -> RebuiltPage:
        """Have the columns that follow the schema do so for the next documents."""
        return targets_rebuild(
            kind=self.kind, of_schema=self.of_schema, key=key, after_id=after_id, limit=limit
        )

    def _read(self, written: str, parameters: list[str | int]) -> list[StoredDocument]:
        statement = _PAGE.format(table=self.kind.table, of_schema=self.of_schema, written=written)
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            rows = cursor.fetchall()
        return [StoredDocument(row[0], orjson.loads(row[1]), row[2]) for row in rows]


_HOLDING = """
count(*) FILTER (WHERE jsonb_path_exists(target.details, %s::text::jsonpath)),
(array_agg(target.id ORDER BY target.id)
    FILTER (WHERE jsonb_path_exists(target.details, %s::text::jsonpath)))[1:{limit}]
"""


def _json_path(path: str, grid: str | None) -> str:
    """Keys hold nothing that would need an escape: the schema's grammar sees to that."""
    if grid is None:
        return "$." + ".".join(f'"{key}"' for key in path.split("."))
    return f"{_json_path(grid, None)}[*]{_json_path(path.removeprefix(f'{grid}.'), None)[1:]}"


def writes_mark() -> int:
    """The number of the latest change set that anybody has begun to write."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK)
        (mark,) = cursor.fetchone()
    return int(mark)


def _followed_aliases() -> Set[Alias]:
    """The username is the primary email where they are coupled (U2); it follows writes only."""
    is_coupled = settings.USERNAME_COUPLED_WITH_EMAIL
    return frozenset({Alias.PRIMARY_EMAIL}) if is_coupled else frozenset()


CONTACT_DOCUMENTS = Documents(CONTACT, _OF_CONTACTS).source("contact", _followed_aliases)
