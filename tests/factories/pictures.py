"""Pictures of every kind, made when they are needed; all of them show nothing."""

import base64
from io import BytesIO
from typing import Any

from PIL import Image

TOP, BOTTOM = (220, 30, 30), (30, 30, 220)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 60), **options: Any) -> bytes:
    """Red above, blue below; `options` are Pillow's for the format."""
    return encoded(two_coloured(size), kind, **options)


def two_coloured(size: tuple[int, int]) -> Image.Image:
    image = Image.new("RGB", size, TOP)
    image.paste(BOTTOM, (0, size[1] // 2, *size))
    return image


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    output = BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()


def text_of(content: bytes) -> str:
    """The base64 that a request carries."""
    return base64.b64encode(content).decode()


def shown(text: str) -> Image.Image:
    """The picture that an answer carries."""
    image = Image.open(BytesIO(base64.b64decode(text, validate=True)))
    image.load()
    return image
