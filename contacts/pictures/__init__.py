"""Profile pictures (P1): what is taken in, and what is drawn where there is none. Pure."""

from contacts.pictures.content import PreparedPicture, prepare_picture, refused
from contacts.pictures.default import default_picture

__all__ = ["PreparedPicture", "default_picture", "prepare_picture", "refused"]
