"""Rebuilds of names and filters after a save."""

from contacts.models import Contact
from crmschema.models import SchemaRebuild
from crmschema.services import schema_rebuild_run


def run_rebuild(token: int = 2) -> SchemaRebuild:
    """The rebuild that the save of this version asked for, after a worker was at it."""
    rebuild = SchemaRebuild.objects.get(token=token)
    schema_rebuild_run(rebuild_id=rebuild.pk)
    rebuild.refresh_from_db()
    return rebuild


def filters() -> list[str | None]:
    """What contacts are found by as their nickname, in order."""
    searches = Contact.objects.order_by("pk").values_list("search", flat=True)
    return [search.get("person.nickname") for search in searches]
