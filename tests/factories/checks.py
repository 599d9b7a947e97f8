"""Checks of stored documents, and saves that accept them."""

from config.common.actors import SYSTEM, Actor
from crmschema.models import CrmSchema, SchemaCheck
from crmschema.services import schema_check_run, schema_check_start, schema_save


def make_check(
    schema: str, *, key: str = "tiny", token: int = 1, actor: Actor = SYSTEM
) -> SchemaCheck:
    """A check that has run to its end."""
    check = schema_check_start(actor=actor, key=key, schema=schema, concurrency_token=token)
    schema_check_run(check_id=check.pk)
    check.refresh_from_db()
    return check


def save_accepting(
    schema: str, *, key: str = "tiny", token: int = 1, actor: Actor = SYSTEM
) -> CrmSchema:
    """Save a schema, whatever it breaks."""
    check = make_check(schema, key=key, token=token, actor=actor)
    return schema_save(
        actor=actor, key=key, schema=schema, concurrency_token=token, accepted_check=check.uid
    )
