"""What is wrong with one place of a document."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DetailError:
    """One error of a document.

    `path` has row indexes (`contactInformation.addresses[0].city`), `field_path` has none. `row` is
    the index of the grid row the error is in. `message` never contains a value of the client.
    """

    path: str
    code: str
    message: str
    field_path: str
    row: int | None
