"""Where personal data of contacts is, and what becomes of it (N2): one registry for all of it.

Erasure empties every store of the registry, subject access collects from the same ones, and a test
fails when a model of any installed app is neither in a store nor in the list of exceptions. Each
app registers its stores in `AppConfig.ready()`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from config.common.actors import Actor
from config.common.registry import Registry

Json = Any  # Any: JSON values


class ErasureBusy(Exception):
    """A store needs a row that another transaction holds, and must not wait for it in the order of
    locks. The erasure is undone and tried again.
    """


@dataclass(frozen=True, slots=True)
class Erasure:
    """Contacts that are being anonymised, in order of id. Their rows are locked and marked, their
    details are emptied. `external_ids` are those that each had in the system `Default`.
    """

    actor: Actor
    contact_ids: Sequence[int]
    external_ids: Mapping[int, str] = field(default_factory=dict)


def nothing_to_lock(contact_ids: Sequence[int]) -> None:
    """For stores whose rows are written only under the lock of their contact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDataStore:
    """One place that holds personal data of contacts.

    `columns` are the columns that an erasure empties (or whose rows it deletes), by model label;
    `kept` the other columns of text in these models, with the reason why they may stay; `files`
    are directories of the default storage. `keeps` says to people what stays, and why.

    `lock(contact_ids)` takes the locks that the order of locks puts before the contacts.
    `erase(erasure)` runs in the transaction of the erasure and leaves nothing to a later moment
    but the removal of files, after commit. It may raise ErasureBusy, and is harmless when repeated.
    `collect(contact_id)` gives what is held, as JSON (subject access).
    """

    name: str
    columns: Mapping[str, Collection[str]]
    keeps: str
    erase: Callable[[Erasure], None]
    collect: Callable[[int], Json]
    kept: Mapping[str, str] = field(default_factory=dict)
    files: Collection[str] = ()
    lock: Callable[[Sequence[int]], None] = nothing_to_lock


@dataclass(frozen=True, slots=True)
class NoPersonalData:
    """A model that holds nothing personal about contacts, and why that is so."""

    model: str
    reason: str


PERSONAL_DATA: Registry[PersonalDataStore] = Registry()
WITHOUT_PERSONAL_DATA: Registry[NoPersonalData] = Registry()


def without_personal_data(reason: str, models: Iterable[str]) -> None:
    """Register exceptions that share their reason."""
    for model in models:
        WITHOUT_PERSONAL_DATA.register(NoPersonalData(model, reason))
