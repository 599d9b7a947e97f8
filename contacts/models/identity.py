"""Who can call: members (persons of the firm) and apps (OAuth2 clients)."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication


class Member(AbstractUser):  # type: ignore[django-manager-missing]  # the toolkit names it
    """A person of the firm. The sign-in account and the member are one row, so that nobody can
    sign in without being a member (A2) and a person is told by one id (A6).
    """

    id = models.AutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    manager = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reports"
    )
    tokens_valid_from = models.DateTimeField(
        default=timezone.now, help_text="Access tokens issued earlier are refused."
    )
    is_notified = models.BooleanField(
        _("emails about change requests"),
        default=True,
        help_text=_("An email for each request that may be decided, and for each own one's end."),
    )
    language = models.CharField(
        _("language of emails"),
        max_length=2,
        choices=[("en", "English"), ("de", "Deutsch"), ("fr", "Français")],
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty is the installation's own."),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(manager__isnull=True) | ~models.Q(manager=models.F("id")),
                name="member_not_own_manager",
            ),
        ]
        permissions = [("move_member", "Can change the hierarchy of members")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name that people see: full name, else the login."""
        return self.get_full_name() or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must match to go on: it ends with another password and, unlike Django's,
        also when the member is signed out everywhere (A3).
        """
        value = f"{self.password}{self.tokens_valid_from.isoformat()}"
        return salted_hmac(
            "contacts.Member.session", value, secret=secret, algorithm="sha256"
        ).hexdigest()


class MemberClosure(models.Model):
    """The hierarchy, transitively closed: `descendant` is `ancestor` itself or below it."""

    id = models.BigAutoField(primary_key=True)
    ancestor = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    descendant = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    depth = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ancestor", "descendant"], name="member_closure_unique", include=["depth"]
            ),
        ]
        indexes = [models.Index(fields=["descendant", "ancestor"], name="member_closure_up")]

    def __str__(self) -> str:
        return f"{self.ancestor_id} over {self.descendant_id}"


class App(AbstractApplication):  # type: ignore[misc]  # the toolkit has no types
    """An OAuth2 client. `scopes` is all that its tokens can carry; `contact_types` restricts its
    reach (none named: not restricted, A2).
    """

    id = models.AutoField(primary_key=True)
    scopes = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    contact_types = models.ManyToManyField("contacts.ContactType", blank=True, related_name="apps")
    is_active = models.BooleanField(default=True)
    tokens_valid_from = models.DateTimeField(
        default=timezone.now, help_text="Access tokens issued earlier are refused."
    )

    class Meta(AbstractApplication.Meta):  # type: ignore[misc]  # the same
        verbose_name = "app"

    def __str__(self) -> str:
        return str(self.name or self.client_id)

    def is_usable(self, request: object) -> bool:
        """Asked by the OAuth server before it issues anything."""
        return self.is_active
