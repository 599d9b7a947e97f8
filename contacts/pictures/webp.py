"""Large WebP pictures made small as they are decoded, by libvips (P1).

Pillow decodes every WebP as an animation, into two canvases beside the result: 370 MB for 24
megapixels. libvips has libwebp scale while it decodes, in a tenth of that or, lossless, a quarter.
Of an animation it gets the first frame alone: it would look for every one of its frames, from the
first one on each time, and decode into canvases as well.
Where its library does not load, such as on a platform without a wheel, Pillow does it all.
"""

import struct
from importlib import import_module
from types import ModuleType

import structlog
from PIL import Image

log = structlog.get_logger(__name__)

_HEADER, _CHUNK_HEADER = 12, 8


def _loaded() -> ModuleType | None:
    """libvips with all loaders but that of WebP blocked; None, and a line in the log, without."""
    try:
        pyvips = import_module("pyvips")
    except (ImportError, OSError) as error:
        log.warning("libvips_missing", error=type(error).__name__)
        return None
    # A client's bytes reach the decoder of WebP and no other; nothing is kept between pictures.
    pyvips.operation_block_set("VipsForeignLoad", True)
    pyvips.operation_block_set("VipsForeignLoadWebp", False)
    pyvips.cache_set_max(0)
    return pyvips


# Once in a process: who runs it reads once that large pictures take more memory.
_vips = _loaded()


def shrunk_webp(content: bytes, side: int) -> Image.Image | None:
    """The first frame with its longest side at most `side`, not turned; None without libvips.

    It has transparency where the frame does not fill its canvas, whatever the header claims.
    Raises ValueError for what is no whole WebP.
    """
    if _vips is None:
        return None
    try:
        image = _vips.Image.thumbnail_buffer(
            first_frame(content), side, height=side, size="down", no_rotate=True, fail_on="error"
        )
        pixels = image.write_to_memory()
    except _vips.Error:
        # Its text may quote the file.
        raise ValueError("no WebP") from None
    mode = "RGBA" if image.hasalpha() else "RGB"
    return Image.frombytes(mode, (image.width, image.height), pixels)


def first_frame(content: bytes) -> bytes:
    """The file up to the end of its first frame; the whole where there is one frame only, or what
    is no WebP, which is for the decoder to say.
    """
    place, frames = _HEADER, 0
    while place + _CHUNK_HEADER <= len(content):
        name, size = struct.unpack_from("<4sI", content, place)
        if name == b"ANMF":
            frames += 1
            if frames > 1:
                return b"RIFF" + struct.pack("<I", place - _CHUNK_HEADER) + content[8:place]
        # Chunks have an even length; the padding does not count.
        place += _CHUNK_HEADER + size + size % 2
    return content
