"""What differs from the current version of a schema to what shall follow it."""

from collections.abc import Collection, Iterable
from typing import Final

import orjson
from django.db import connection

from crmschema.compiler.model import CompiledSchema
from crmschema.evolution import SchemaChange, compare, data_paths, is_another_at, new_places
from crmschema.exceptions import SchemaInvalid
from crmschema.selectors.versions import version_compiled

# A stored text is compact and canonical. That an underscore stands for any character finds a
# version too many at worst.
_VERSIONS: Final = """
SELECT token, schema FROM crmschema_crmschemaversion
WHERE crm_schema_id = %s AND token < %s AND schema LIKE ANY(%s) ORDER BY token DESC
"""


def schema_changes(
    *, schema_id: int, old: CompiledSchema, new: CompiledSchema
) -> list[SchemaChange]:
    """All differences from the current version `old` to `new`, with the places at which an earlier
    version had something else (`Revived`). One query where something is added, two more for each
    version that had it.
    """
    places = new_places(old, new)
    former = former_places(schema_id=schema_id, token=old.token, places=places)
    another = {place for place, token in former.items() if _is_another(place, token, new)}
    return compare(old, new, another)


def former_places(*, schema_id: int, token: int, places: Collection[str]) -> dict[str, int]:
    """The latest version before `token` that had a field, a group or a grid at each of `places`
    (index-free paths), where there is one. Versions that do not even have the keys are not read.
    """
    found: dict[str, int] = {}
    if places:
        keys = {f'%"key":"{place.rpartition(".")[2]}"%' for place in places}
        with connection.cursor() as cursor:
            cursor.execute(_VERSIONS, [schema_id, token, sorted(keys)])
            for version, text in cursor:
                _add_found(found, version, set(data_paths(orjson.loads(text))) & set(places))
    return found


def _add_found(found: dict[str, int], version: int, places: Iterable[str]) -> None:
    for place in places:
        found.setdefault(place, version)


def _is_another(place: str, token: int, new: CompiledSchema) -> bool:
    """Whether `new` has something else at a place than the version `token`; what that was cannot be
    told where it no longer compiles.
    """
    try:
        return is_another_at(place, version_compiled(key=new.key, token=token), new)
    except SchemaInvalid:
        return True
