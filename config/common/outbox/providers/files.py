"""Messages as files, for development and demos: keys can be read there, so never in production."""

from pathlib import Path

from django.conf import settings

from config.common.outbox.providers import Outgoing


class FileProvider:
    """One file for each message in OUTBOX_DIRECTORY, readable by its owner only; the same message
    again is the same file again.
    """

    def send(self, message: Outgoing) -> None:
        """Write the file, all of it or nothing."""
        directory = Path(settings.OUTBOX_DIRECTORY)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        time = message.created_at.strftime("%Y%m%dT%H%M%S%f")
        target = directory / f"{time}-{message.message_id}.txt"
        draft = target.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text(_readable(message), encoding="utf-8")
        draft.replace(target)


def _readable(message: Outgoing) -> str:
    lines = [f"To: {message.recipient}", f"Message-Id: {message.message_id}"]
    if message.content.subject:
        lines.append(f"Subject: {message.content.subject}")
    return "\n".join([*lines, "", message.content.text, ""])
