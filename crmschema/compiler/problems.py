"""Collects everything that is wrong with a schema, so that one answer names it all (S3)."""

from dataclasses import dataclass

from crmschema.exceptions import SchemaInvalid

_MAX_REPORTED = 200


@dataclass(frozen=True, slots=True)
class Place:
    """A component of the source: its path (`components[0].columns[1]`), its key if it has one."""

    path: str
    key: str | None = None


ROOT = Place("")


class Problems:
    """The problems found so far, in the order of the source's components."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str | None, str, str], None] = {}

    def add(self, place: Place, code: str, message: str) -> None:
        """Note one problem; the same one twice counts once."""
        self._found[(place.path, place.key, code, message)] = None

    def raise_if_any(self) -> None:
        """Raise SchemaInvalid with all problems (at most 200) when there are any."""
        if not self._found:
            return
        errors = [
            {"path": path, "key": key, "code": code, "message": message}
            for path, key, code, message in list(self._found)[:_MAX_REPORTED]
        ]
        number = len(self._found)
        problems = "1 problem" if number == 1 else f"{number} problems"
        raise SchemaInvalid(f"The schema has {problems}.", properties={"errors": errors})
