"""Kinds of messages: which app sends them, with which parameters, and their texts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template import Context, Engine
from django.utils import translation

from config.common.models import OutboxMessage
from config.common.registry import Registry

Channel = OutboxMessage.Channel


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """A kind of message. `parameters` are all that its texts use; `label` is for the back office,
    a lazy translation.
    """

    kind: str
    channels: Collection[Channel]
    parameters: Collection[str]
    label: Any = ""  # Any: a text that is translated when it is shown


MESSAGE_TEMPLATES: Registry[MessageTemplate] = Registry()


@dataclass(frozen=True, slots=True)
class MessageText:
    """What is sent. Short messages have a text alone."""

    text: str
    subject: str = ""
    html: str = ""


def template_of(kind: str) -> MessageTemplate:
    """The template of a kind. Raises LookupError for one that no app has registered."""
    for template in MESSAGE_TEMPLATES:
        if template.kind == kind:
            return template
    raise LookupError(f"No app has registered messages of the kind {kind}.")


def kind_label(kind: str) -> str:
    """What people call messages of a kind, in their language; the kind itself once it is gone."""
    labels = [template.label for template in MESSAGE_TEMPLATES if template.kind == kind]
    return str(labels[0]) if labels else kind


def message_language(wanted: str | None) -> str:
    """The language that a message is written in: the wanted one, its base, else the default."""
    supported = dict(settings.LANGUAGES)
    asked = (wanted or "").lower()
    found = next((code for code in (asked, asked.split("-")[0]) if code in supported), None)
    return found or settings.LANGUAGE_CODE


def render(
    kind: str,
    channel: str,
    language: str,
    parameters: Mapping[str, Any],  # Any: values of templates
) -> MessageText:
    """The texts of a message in one language."""
    context = {**parameters, "firm": settings.FIRM_NAME, "language": language}
    with translation.override(language):
        if channel == Channel.MOBILE:
            return MessageText(_text(f"messages/{kind}/sms.txt", context))
        return MessageText(
            text=_text(f"messages/{kind}/body.txt", context),
            subject=" ".join(_text(f"messages/{kind}/subject.txt", context).split()),
            html=_text(f"messages/{kind}/body.html", context),
        )


def _text(name: str, context: dict[str, Any]) -> str:  # Any: as above
    """Values are escaped in HTML only: a plain text must show them as they are."""
    template = Engine.get_default().get_template(name)
    return template.render(Context(context, autoescape=name.endswith(".html"))).strip()
