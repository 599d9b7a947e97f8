"""Who calls: an app, a member, or the system itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """One caller, as every service and selector gets it.

    An app that acts for itself has `app_id` alone; a member has `member_id` and, on the API, the
    `app_id` of the app that carries the call (none in the back office); the system has neither and
    says so. An actor that is none of them reaches nothing and may do nothing.
    `scopes` None means that no app binds the caller. `permissions` are `app_label.codename`.
    `contact_type_ids` None means that the app is not restricted to contact types (A2).
    """

    app_id: int | None = None
    member_id: int | None = None
    scopes: frozenset[str] | None = None
    permissions: frozenset[str] = frozenset()
    is_superuser: bool = False
    contact_type_ids: frozenset[int] | None = None
    is_system: bool = False

    @property
    def is_member(self) -> bool:
        return self.member_id is not None

    @property
    def caller(self) -> str:
        """The stable name of the caller, by which idempotency keys are told apart (D10)."""
        return f"app:{self.app_id or ''}/member:{self.member_id or ''}"

    @property
    def reaches_all_contacts(self) -> bool:
        """No assignment limits what the actor reaches (A2); restrictions of an app still do."""
        if self.is_member:
            return self.has_permission("contacts.reach_all_contacts")
        return self.is_system or self.app_id is not None

    def has_permission(self, permission: str) -> bool:
        """Whether the member holds `permission`; a superuser holds all. Apps hold none."""
        return self.is_superuser or permission in self.permissions

    def has_scope(self, scope: str) -> bool:
        """Whether the app that carries the call may use `scope`; without an app nothing limits."""
        return self.scopes is None or scope in self.scopes


SYSTEM = Actor(is_system=True)
"""The product itself: scheduled jobs and seeding. It reaches everything."""
