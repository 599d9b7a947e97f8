"""From what a client sends to the picture that is stored (P1).

Nothing is decoded before format and size are known to be allowed. A picture of 24 megapixels takes
96 MB as it is decoded, so no step of ours makes a second copy of the whole: it is made smaller in
strips, and one picture at a time is at work in a process. What libraries need beyond that is not
ours to say: docs/performance.md has figures.
"""

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from django.conf import settings
from PIL import ExifTags, Image, ImageFile

from config.common.exceptions import BadRequest, FieldError, ServiceUnavailable, fields_error
from contacts.pictures.webp import shrunk_webp

MEMBER = "imageContentBase64"
FORMATS = ("PNG", "JPEG", "WEBP")
JPEG_QUALITY = 88
# What JPEG itself has at most. Pillow keeps a pointer for each row, libraries buffers for each.
LONGEST_SIDE = 65_535
# Each scan of a JPEG goes over the whole picture: 24 megapixels take 15 ms more for an empty one,
# of which 5 MB have room for 100,000. Encoders write 18 at the most.
MOST_SCANS = 64
# A scan's marker, its length and its number of components, which decoders require to agree. The
# marker alone stands in a film of 4 MB, such as phones put behind a picture, 61 times by chance.
_SCAN = re.compile(rb"\xff\xda\x00(?:\x06\x00|\x08\x01|\x0a\x02|\x0c\x03|\x0e\x04)")
# Pillow looks at each segment of a JPEG and each chunk of a PNG by itself, in four pieces, and
# keeps many: 5 MB have room for a million empty ones, which take 2 s and 190 MB. Encoders that
# write small chunks make five thousand.
MOST_READS = 50_000
_OPAQUE = 255
STRIP_PIXELS = 1_000_000
WAIT_SECONDS = 10

# Whatever Pillow raises for files that are not what they claim to be: what it asserts, such as a
# palette, is an attribute of None where Python runs without assertions.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    EOFError,
    LookupError,
    OverflowError,
    AssertionError,
    AttributeError,
    struct.error,
)
# Pillow's own alarm sounds later than ours, but before we are asked.
_TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_one_at_a_time = Lock()


class _InFewPieces(BytesIO):
    """The file as Pillow reads it: not in pieces without end."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if self.reads > MOST_READS:
            raise refused("Format", "The picture is made up of too many pieces.")
        return super().read(size)


@dataclass(frozen=True, slots=True)
class PreparedPicture:
    """A picture as it is stored: encoded by us, upright, without metadata."""

    content: bytes
    suffix: str


def prepare_picture(content: bytes) -> PreparedPicture:
    """The picture in `content`, decoded, made small and upright, and encoded anew.

    Of an animation it is the first frame. Lossless stays lossless (PNG), photographs become JPEG.
    Takes up to a second and some 100 MB (a progressive JPEG up to 190), one at a time in a process:
    not for use under locks.
    Raises BadRequest for anything but PNG, JPEG and WebP within the limits, ServiceUnavailable when
    too many wait.
    """
    if len(content) > settings.MAX_PICTURE_BYTES:
        raise refused("Size", f"The picture may have at most {settings.MAX_PICTURE_BYTES} bytes.")
    with _turn():
        try:
            image = _opened(content)
            small = _upright(image, content)
            return _encoded(small, is_lossless=image.format == "PNG" or _is_transparent(small))
        except _TOO_LARGE:
            raise _too_many_pixels() from None
        except _BROKEN:
            raise refused("Format", "The value is no picture in PNG, JPEG or WebP.") from None


def refused(code: str, message: str) -> BadRequest:
    """The refusal of a picture."""
    return fields_error(FieldError(MEMBER, code, message))


@contextmanager
def _turn() -> Iterator[None]:
    if not _one_at_a_time.acquire(timeout=WAIT_SECONDS):
        raise ServiceUnavailable(headers={"Retry-After": "5"})
    try:
        yield
    finally:
        _one_at_a_time.release()


def _opened(content: bytes) -> ImageFile.ImageFile:
    """The picture, not decoded yet: its size stands in its header."""
    image = Image.open(_InFewPieces(content), formats=FORMATS)
    width, height = image.size
    if width * height > settings.MAX_PICTURE_PIXELS or max(image.size) > LONGEST_SIDE:
        raise _too_many_pixels()
    # Looked for everywhere, so that none is missed, wherever a decoder finds it.
    if image.format not in ("PNG", "WEBP") and len(_SCAN.findall(content)) > MOST_SCANS:
        raise refused("Format", "The picture is built up in too many scans.")
    return image


def _too_many_pixels() -> BadRequest:
    megapixels = settings.MAX_PICTURE_PIXELS // 1_000_000
    return refused(
        "Pixels",
        f"The picture may have at most {megapixels} megapixels, and {LONGEST_SIDE} pixels a side.",
    )


def _upright(image: ImageFile.ImageFile, content: bytes) -> Image.Image:
    """The first frame in its final size, turned as its metadata asks; the metadata stays behind."""
    turn = _turn_of(image)
    small = _small(image, content)
    return small if turn is None else small.transpose(turn)


def _small(image: ImageFile.ImageFile, content: bytes) -> Image.Image:
    longest, side = max(image.size), settings.PICTURE_SIDE
    if longest > side:
        width, height = (max(1, length * side // longest) for length in image.size)
        # Does something for JPEG only: a half, quarter or eighth of the picture is decoded.
        image.draft(None, (width, height))
    if longest > side and image.format == "WEBP":
        shrunk = shrunk_webp(content, side)
        if shrunk is not None:
            return shrunk
    small = _reduced(image, max(1, max(image.size) // side))
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    return small


def _turn_of(image: ImageFile.ImageFile) -> Image.Transpose | None:
    """How to turn what the camera held. Metadata that cannot be read says nothing."""
    try:
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except _BROKEN:
        return None


def _reduced(image: ImageFile.ImageFile, factor: int) -> Image.Image:
    """A copy with 8 bits a colour, so many times smaller, made strip by strip."""
    image.load()
    width, height = image.size
    mode = "RGBA" if image.has_transparency_data else "RGB"
    small = Image.new(mode, (-(-width // factor), -(-height // factor)))
    rows = max(1, STRIP_PIXELS // (width * factor)) * factor
    for top in range(0, height, rows):
        strip = image.crop((0, top, width, min(top + rows, height)))
        small.paste(_eight_bit(strip).convert(mode).reduce(factor), (0, top // factor))
    return small


def _eight_bit(image: Image.Image) -> Image.Image:
    """Gray of 16 bits scaled down; converting alone would cut it off."""
    if not image.mode.startswith("I"):
        return image
    return image.point(lambda value: value * (1 / 256)).convert("L")


def _is_transparent(image: Image.Image) -> bool:
    """Whether a pixel is: many pictures have a channel for it that says nothing."""
    if image.mode != "RGBA":
        return False
    return image.getchannel("A").getextrema() != (_OPAQUE, _OPAQUE)


def _encoded(image: Image.Image, *, is_lossless: bool) -> PreparedPicture:
    image.info = {}
    output = BytesIO()
    if is_lossless:
        image.save(output, "PNG", compress_level=6)
        return PreparedPicture(output.getvalue(), "png")
    image.convert("RGB").save(output, "JPEG", quality=JPEG_QUALITY)
    return PreparedPicture(output.getvalue(), "jpg")
