"""Large WebP pictures made small as they are decoded, by libvips (P1).

Pillow decodes every WebP as an animation, into two canvases beside the result: 370 MB for 24
megapixels. libvips has libwebp scale while it decodes, in a tenth of that or, lossless, a quarter.
Where its library does not load, such as on a platform without a wheel, Pillow does it all.
"""

from PIL import Image

try:
    import pyvips
except (ImportError, OSError):  # pragma: no cover - there it is missing, and cannot be tested
    pyvips = None
else:
    # A client's bytes reach the decoder of WebP and no other; nothing is kept between pictures.
    pyvips.operation_block_set("VipsForeignLoad", True)
    pyvips.operation_block_set("VipsForeignLoadWebp", False)
    pyvips.cache_set_max(0)


def shrunk_webp(content: bytes, side: int) -> Image.Image | None:
    """The first frame with its longest side at most `side`, not turned; None without libvips.

    Raises ValueError for what is no whole WebP.
    """
    if pyvips is None:
        return None
    try:
        image = pyvips.Image.thumbnail_buffer(
            content, side, height=side, size="down", no_rotate=True, fail_on="error"
        )
        pixels = image.write_to_memory()
    except pyvips.Error:
        # Its text may quote the file.
        raise ValueError("no WebP") from None
    mode = "RGBA" if image.hasalpha() else "RGB"
    return Image.frombytes(mode, (image.width, image.height), pixels)
