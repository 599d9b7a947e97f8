"""What only superusers do: everything else would let members raise their own rights (A6)."""

from config.common.actors import Actor
from config.common.exceptions import Forbidden


def require_superuser(actor: Actor) -> None:
    """Raises Forbidden for a member that is no superuser. Apps and the system have passed the
    checks of their operation.
    """
    if actor.is_member and not actor.is_superuser:
        raise Forbidden("Only a superuser may change this.")
