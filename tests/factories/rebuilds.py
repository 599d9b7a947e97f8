"""Rebuilds of names and filters after a save."""

from crmschema.models import SchemaRebuild
from crmschema.services import schema_rebuild_run


def run_rebuild(token: int = 2) -> SchemaRebuild:
    """The rebuild that the save of this version asked for, after a worker was at it."""
    rebuild = SchemaRebuild.objects.get(token=token)
    schema_rebuild_run(rebuild_id=rebuild.pk)
    rebuild.refresh_from_db()
    return rebuild
