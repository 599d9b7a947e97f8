"""Which errors of a document a submission answers for (S4)."""

from collections.abc import Iterable, Iterator, Sequence

from crmschema.documents.diff import Change
from crmschema.documents.places import value_at
from crmschema.documents.rows import RowKey, row_keys
from crmschema.documents.values import Document
from crmschema.validation import DetailError

ErrorKey = tuple[str, RowKey | None, str]


def unexcused(
    found: Iterable[DetailError],
    before: Iterable[DetailError],
    *,
    document: Document,
    stored: Document,
    changes: Sequence[Change],
) -> Iterator[DetailError]:
    """The errors of `found`, but for those that the stored document has already and that stand
    where this submission writes nothing: old data never blocks the change of another field (S4).
    """
    known = {_key(error, stored) for error in before}
    written = [change.path for change in changes]
    for error in found:
        if _key(error, document) not in known or any(
            _touches(path, error.path) for path in written
        ):
            yield error


def _key(error: DetailError, document: Document) -> ErrorKey:
    """What makes two errors the same: field, row (by id, else position) and code."""
    row: RowKey | None = None
    if error.row is not None:
        rows = value_at(document, error.path.partition("[")[0])
        row = row_keys(rows)[error.row] if isinstance(rows, list) else None
    return error.field_path, row, error.code


def _touches(written: str, path: str) -> bool:
    """Whether one of the two paths is, or holds, the other."""
    return (
        written == path
        or written.startswith((f"{path}.", f"{path}["))
        or path.startswith((f"{written}.", f"{written}["))
    )
