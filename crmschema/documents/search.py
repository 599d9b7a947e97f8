"""The values of a document by which it is filtered and sorted."""

from config.common.text import fold
from crmschema.compiler.model import CompiledSchema
from crmschema.documents.places import values as values_of
from crmschema.documents.values import Document, JsonValue


def search_values(compiled: CompiledSchema, document: Document) -> Document:
    """The values of the filterable fields by path, text folded (NFKC, case, accents), so that
    filters and sorting do not depend on the database's collation. In grids: the rows' values.
    """
    values: Document = {}
    for field in compiled.filterable:
        found = [_folded(each) for each in values_of(document, field) if each is not None]
        if found:
            values[field.path] = found if field.grid is not None else found[0]
    return values


def _folded(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, list):
        return [_folded(element) for element in value]
    return value
