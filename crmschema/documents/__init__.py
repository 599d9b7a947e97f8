"""The algebra of details documents: normal form, merge, settle, compare, fold. Pure.

One way through: `propose` (normalise, merge) → `settle` (complete, validate, compare) → changes,
which history stores and `fold` reads back.
"""

from crmschema.documents.derivation import derivation
from crmschema.documents.diff import Change, diff, leaves
from crmschema.documents.erasure import emptied_change, impersonal
from crmschema.documents.fold import fold, fold_all, inverted
from crmschema.documents.names import display_name, text_of
from crmschema.documents.normalise import is_grid, normalise, without_empty
from crmschema.documents.paths import index_free, row_path, searchable_paths
from crmschema.documents.places import value_at
from crmschema.documents.proposal import Mode, merge_patch, propose
from crmschema.documents.rows import has_rows_without_id
from crmschema.documents.search import search_values
from crmschema.documents.settlement import Settlement, settle
from crmschema.documents.values import Document, JsonValue, details_hash, same

__all__ = [
    "Change",
    "Document",
    "JsonValue",
    "Mode",
    "Settlement",
    "derivation",
    "details_hash",
    "diff",
    "display_name",
    "emptied_change",
    "fold",
    "fold_all",
    "has_rows_without_id",
    "impersonal",
    "index_free",
    "inverted",
    "is_grid",
    "leaves",
    "merge_patch",
    "normalise",
    "propose",
    "row_path",
    "same",
    "search_values",
    "searchable_paths",
    "settle",
    "text_of",
    "value_at",
    "without_empty",
]
