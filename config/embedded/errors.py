"""What the embedded servers and the runner refuse, each in one clear line."""


class EmbeddedError(Exception):
    """Something that the person at the keyboard can act on; its text is all that is shown."""
