"""The picture of a contact that has none: its initials on a colour of its own (P1)."""

import hashlib
import unicodedata
from functools import lru_cache
from io import BytesIO
from typing import cast

from PIL import Image, ImageDraw, ImageFont

SIDE = 256
_FONT_SIZE = 112
_WHITE = (255, 255, 255)
# White on each of them has a contrast of at least 4.5 to 1.
_COLOURS = (
    (0x1F, 0x5F, 0x8B),
    (0x2E, 0x6B, 0x4F),
    (0x6B, 0x4C, 0x8A),
    (0x8A, 0x4B, 0x2A),
    (0x9A, 0x3B, 0x52),
    (0x3D, 0x5A, 0x80),
    (0x4A, 0x63, 0x2C),
    (0x7A, 0x4A, 0x6E),
)


def default_picture(*, name: str | None, key: str) -> bytes:
    """A PNG with the initials of `name`, else with the outline of a person; the same `key` always
    has the same colour. Drawn once for each pair of initials and colour, then remembered.
    """
    colour = _COLOURS[hashlib.sha256(key.encode()).digest()[0] % len(_COLOURS)]
    return _drawn(initials(name or ""), colour)


def initials(name: str) -> str:
    """First letters of the first and the last word, as far as the font has them; else nothing."""
    words = [word for word in name.split() if word[0].isalpha()]
    # Without its accent, which few fonts have for all letters.
    letters = [unicodedata.normalize("NFKD", word[0])[0].upper()[0] for word in words]
    return "".join(letter for letter in letters[:1] + letters[1:][-1:] if _has_glyph(letter))


@lru_cache(maxsize=512)
def _drawn(letters: str, colour: tuple[int, int, int]) -> bytes:
    image = Image.new("RGB", (SIDE, SIDE), colour)
    draw = ImageDraw.Draw(image)
    middle = SIDE // 2
    if letters:
        draw.text((middle, middle), letters, _WHITE, _font(), anchor="mm")
    else:
        radius = SIDE // 6
        draw.circle((middle, SIDE * 0.38), radius, _WHITE)
        draw.ellipse((SIDE * 0.2, SIDE * 0.6, SIDE * 0.8, SIDE * 1.2), _WHITE)
    output = BytesIO()
    image.save(output, "PNG", optimize=True)
    return output.getvalue()


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    """Pillow's own font, which has Latin letters."""
    # Cast: it is another class only in builds without FreeType, which the wheels are not.
    return cast(ImageFont.FreeTypeFont, ImageFont.load_default(_FONT_SIZE))


@lru_cache(maxsize=1024)
def _has_glyph(letter: str) -> bool:
    """A font draws the same box for every letter that it lacks."""
    font = _font()
    return bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))
