"""The first page of the back office, and its navigation: what the reader may do, and what waits."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from changerequests.models import ChangeRequest
from changerequests.selectors.back_office import queue_decidable, queue_own
from changerequests.selectors.reviewers import REVIEW
from changerequests.statuses import status_name
from config.common.actors import Actor
from config.common.admin import actor_of
from contacts.admin.timeline import SOURCES, author
from contacts.models import Contact
from contacts.selectors.back_office import latest_changes

_SHOWN = 6
# What the badge says beyond it is nobody's plan for the day.
_MOST_COUNTED = 99

Context = dict[str, Any]  # Any: values of templates


def dashboard(request: HttpRequest, context: Context) -> Context:
    """What the reader finds after signing in: decisions that wait, own requests, latest changes."""
    actor = actor_of(request)
    sees_contacts = actor.has_permission("contacts.view_contact")
    waiting = list(queue_decidable(actor=actor)[:_SHOWN])
    own = queue_own(actor=actor)
    changes = latest_changes(actor=actor, count=_SHOWN) if sees_contacts else ()
    return {
        **context,
        "title": _("Overview"),
        "waiting": waiting,
        "waiting_count": decidable_count(request),
        "own_requests": [_own(request) for request in own[:_SHOWN]],
        "own_pending_count": own.filter(status=ChangeRequest.Status.PENDING).count(),
        "sees_requests": _sees_requests(actor),
        "contact_count": Contact.objects.visible_to(actor).count() if sees_contacts else None,
        "changes": [
            {"set": each, "who": author(each), "source": SOURCES[each.source]} for each in changes
        ],
    }


def navigation(request: HttpRequest) -> list[Context]:
    """The groups of the side bar with what the reader may open; the theme drops empty groups."""
    actor = actor_of(request)
    return [
        _group("", _item(_("Overview"), "space_dashboard", "index", True)),
        _group(_("Clients"), _contacts(actor)),
        _group(_("Approvals"), _requests(request, actor)),
        _group(
            _("Firm"),
            _item(_("Members"), "group", "contacts_member_changelist", _views(actor, "member")),
            _item(_("Roles"), "badge", "auth_group_changelist", _may_see_roles(actor)),
            _item(_("Apps"), "terminal", "contacts_app_changelist", _views(actor, "app")),
        ),
        _group(
            _("Configuration"),
            _item(
                _("Contact types"),
                "category",
                "contacts_contacttype_changelist",
                actor.has_permission("contacts.retain_contact"),
            ),
            _item(_("Lists"), "list_alt", "lists_list_changelist", _views(actor, "list", "lists")),
            _item(
                _("List items"),
                "format_list_bulleted",
                "lists_listitem_changelist",
                _views(actor, "listitem", "lists"),
            ),
            _item(
                _("Schemas"),
                "schema",
                "crmschema_crmschema_changelist",
                _views(actor, "crmschema", "crmschema"),
            ),
        ),
        _group(
            _("Control"),
            _item(
                _("Audit log"),
                "policy",
                "common_auditevent_changelist",
                _views(actor, "auditevent", "common"),
            ),
            _item(
                _("Messages"),
                "outgoing_mail",
                "common_outboxmessage_changelist",
                _views(actor, "outboxmessage", "common"),
            ),
        ),
    ]


def decidable_count(request: HttpRequest) -> int:
    """How many requests the reader may decide; counted once for a page."""
    count: int | None = getattr(request, "decidable_count", None)
    if count is None:
        count = queue_decidable(actor=actor_of(request))[: _MOST_COUNTED + 1].count()
        request.decidable_count = count  # type: ignore[attr-defined]  # kept for this request only
    return count


def _contacts(actor: Actor) -> Context:
    return _item(_("Contacts"), "person", "contacts_contact_changelist", _views(actor, "contact"))


def _requests(request: HttpRequest, actor: Actor) -> Context:
    sees = _sees_requests(actor)
    item = _item(_("Change requests"), "rule", "changerequests_changerequest_changelist", sees)
    if actor.has_permission(REVIEW):  # the badge counts what this view shows
        item["link"] += "?view=decide"
    count = decidable_count(request) if sees else 0
    if count:
        shown = str(count) if count <= _MOST_COUNTED else f"{_MOST_COUNTED}+"
        item |= {"badge": shown, "badge_variant": "primary", "badge_style": "solid"}
    return item


def _sees_requests(actor: Actor) -> bool:
    return _views(actor, "contact") or _views(actor, "legalentity", "legalentities")


def _own(request: ChangeRequest) -> Context:
    status = ChangeRequest.Status(request.status)
    name = status_name(status, get_language() or settings.LANGUAGE_CODE)
    return {"request": request, "key": status.name.lower(), "status": name}


def _group(title: str, *items: Context) -> Context:
    return {"title": title, "items": [item for item in items if item["permission"]]}


def _item(title: str, icon: str, name: str, is_allowed: bool) -> Context:
    link = reverse(f"admin:{name}")
    return {
        "title": title,
        "icon": icon,
        "link": link,
        "permission": (lambda request: True) if is_allowed else None,
    }


def _views(actor: Actor, model: str, app: str = "contacts") -> bool:
    """Whether the reader may open the pages of a model: who changes may read."""
    return any(actor.has_permission(f"{app}.{verb}_{model}") for verb in ("view", "change"))


def _may_see_roles(actor: Actor) -> bool:
    return _views(actor, "group", "auth")
