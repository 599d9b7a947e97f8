"""Reads `conditional` in the shapes that builders write into the one canonical shape."""

from typing import Any

from crmschema.compiler.model import Condition
from crmschema.compiler.problems import Place, Problems
from crmschema.compiler.values import is_empty

_SHOWN = {"true": True, "false": False, True: True, False: False}
_NEGATED_BY_OPERATOR = {"isEqual": False, "isNotEqual": True}


class _ShapeError(ValueError):
    """The condition cannot be expressed in the dialect."""


def read_condition(raw: Any, place: Place, problems: Problems) -> Condition | None:  # Any: JSON
    """The condition of a component, or None when it has none.

    `{show, when, eq}` is taken as it is; a simple condition with one `isEqual` or `isNotEqual` is
    converted; every other one is noted as a problem.
    """
    if is_empty(raw):
        return None
    try:
        if not isinstance(raw, dict):
            raise _ShapeError("The condition is no object.")
        if not is_empty(raw.get("conditions")):
            return _simple(raw)
        if is_empty(raw.get("when")):
            return None
        return _condition(raw["when"], raw.get("eq"), _shown(raw.get("show")))
    except _ShapeError as error:
        problems.add(place, "ConditionInvalid", str(error))
        return None


def canonical_condition(condition: Condition) -> dict[str, Any]:  # Any: a JSON document
    """The condition as the canonical form has it."""
    return {"show": condition.show, "when": condition.when, "eq": condition.equals}


def _simple(raw: dict[str, Any]) -> Condition:  # Any: a JSON document
    conditions = raw["conditions"]
    if not isinstance(conditions, list) or len(conditions) != 1:
        raise _ShapeError("Exactly one condition is possible.")
    only = conditions[0]
    operator = only.get("operator") if isinstance(only, dict) else None
    if not isinstance(operator, str) or operator not in _NEGATED_BY_OPERATOR:
        raise _ShapeError("The operator must be isEqual or isNotEqual.")
    show = _shown(raw.get("show")) is not _NEGATED_BY_OPERATOR[operator]
    return _condition(only.get("component"), only.get("value"), show)


def _shown(show: Any) -> bool:  # Any: a JSON value
    if not isinstance(show, (str, bool)) or show not in _SHOWN:
        raise _ShapeError("“show” must be true or false.")
    return _SHOWN[show]


def _condition(when: Any, equals: Any, show: bool) -> Condition:  # Any: JSON values
    if not isinstance(when, str) or not when:
        raise _ShapeError("The condition names no field.")
    if isinstance(equals, bool):
        equals = "true" if equals else "false"
    elif isinstance(equals, (int, float)):
        equals = str(equals)
    if not isinstance(equals, str) or not equals:
        raise _ShapeError("The value to compare with is empty or not a scalar.")
    return Condition(when=when, equals=equals, show=show)
