"""The statuses of change requests by name (C5)."""

from changerequests.models import ChangeRequest

_Status = ChangeRequest.Status

STATUS_NAMES: dict[str, dict[int, str]] = {
    "en": {status.value: status.label for status in _Status},
    "de": {
        _Status.PENDING: "Ausstehend",
        _Status.APPROVED: "Genehmigt",
        _Status.REJECTED: "Abgelehnt",
        _Status.CANCELLED: "Zurückgezogen",
        _Status.SUPERSEDED: "Überholt",
    },
    "fr": {
        _Status.PENDING: "En attente",
        _Status.APPROVED: "Approuvée",
        _Status.REJECTED: "Rejetée",
        _Status.CANCELLED: "Annulée",
        _Status.SUPERSEDED: "Remplacée",
    },
}


def status_name(status: int, language: str) -> str:
    """The name of a status in a supported language."""
    return STATUS_NAMES[language][status]
