"""WebP: animations, canvases that frames do not fill, and a platform without libvips (P1, PP)."""

import struct
import sys
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from structlog.testing import capture_logs

from config.common.exceptions import BadRequest
from contacts.pictures import prepare_picture, webp
from tests.factories.pictures import BOTTOM, TOP, encoded, picture, two_coloured

FRAMES = 50_000


def prepared(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(prepare_picture(data).content))
    image.load()
    return image


def close(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(ours - theirs) < 12 for ours, theirs in zip(pixel[:3], colour, strict=True))


def animation(size: tuple[int, int], mode: str = "RGB", **options: Any) -> bytes:
    """Red first, then blue, then red again."""
    frames = [Image.new("RGB", size, colour).convert(mode) for colour in (TOP, BOTTOM, TOP)]
    return encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], **options)


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def small_frames(canvas: tuple[int, int], number: int) -> bytes:
    """An animation on a large canvas whose frames are 40 × 60, put together by hand."""
    width, height = canvas
    header = struct.pack("<I", 2) + (width - 1).to_bytes(3, "little")
    still = picture("WEBP", lossless=True)[12:]
    place = bytes(6) + (39).to_bytes(3, "little") + (59).to_bytes(3, "little") + bytes(4)
    frames = chunk(b"ANMF", place + still) * number
    body = b"WEBP" + chunk(b"VP8X", header + (height - 1).to_bytes(3, "little"))
    body += chunk(b"ANIM", bytes(6)) + frames
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.fixture(params=["libvips", "Pillow"])
def decoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With libvips, and on a platform where it does not load."""
    if request.param == "Pillow":
        monkeypatch.setattr(webp, "_vips", None)
    return str(request.param)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("size", [(20, 20), (1500, 1000)])
def test_p1_of_an_animation_of_any_size_the_first_frame_is_kept(
    decoder: str, size: tuple[int, int], mode: str
) -> None:
    image = prepared(animation(size, mode))

    assert (image.format, image.mode) == ("JPEG", "RGB")
    assert close(image.getpixel((10, 10)), TOP)


def test_p1_what_a_frame_leaves_of_its_canvas_is_transparent() -> None:
    image = prepared(small_frames((1200, 1200), 2))

    assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (1024, 1024))
    assert close(image.getpixel((5, 5)), TOP)
    assert image.getpixel((5, 5))[3] == 255
    assert image.getpixel((500, 500))[3] == 0


def test_p1_a_channel_that_says_nothing_is_no_transparency(decoder: str) -> None:
    for size in ((30, 30), (1500, 1000)):
        data = encoded(two_coloured(size).convert("RGBA"), "WEBP", lossless=True)
        assert prepared(data).format == "JPEG"


def test_pp03_only_the_first_of_many_frames_reaches_the_decoder() -> None:
    data = small_frames((1200, 1200), FRAMES)
    first = webp.first_frame(data)

    assert len(data) > 40 * FRAMES
    assert first == small_frames((1200, 1200), 1)
    assert prepared(data).size == (1024, 1024)


def test_pp03_a_file_of_one_frame_or_none_is_decoded_as_it_is() -> None:
    still = picture("WEBP", (1500, 1000))

    for data in (b"", b"RIFF", still, still[:-5], small_frames((50, 70), 1), b"x" * 100):
        assert webp.first_frame(data) == data


def test_pp11_a_picture_whose_pixels_are_broken_is_refused(decoder: str) -> None:
    noise = Image.effect_noise((1500, 1000), 90).convert("RGB")
    data = bytearray(encoded(noise, "WEBP", lossless=True, quality=0))
    data[60:-60] = b"\xff" * (len(data) - 120)

    with pytest.raises(BadRequest) as refusal:
        prepare_picture(bytes(data))

    (error,) = refusal.value.properties["errors"]
    assert error["code"] == "Format"


def test_p1_without_libvips_the_log_says_so_and_pillow_decodes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyvips", None)
    with capture_logs() as lines:
        monkeypatch.setattr(webp, "_vips", webp._loaded())
        sizes = [prepared(picture("WEBP", (1500, 2250))).size for _ in range(2)]

    (line,) = lines
    assert (line["event"], line["log_level"]) == ("libvips_missing", "warning")
    assert line["error"] == "ModuleNotFoundError"
    assert sizes == [(683, 1024)] * 2
