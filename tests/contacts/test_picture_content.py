"""What becomes of the bytes of a picture (P1; PP of the threats)."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from config.common.exceptions import BadRequest, ServiceUnavailable
from contacts.pictures import content, default_picture, prepare_picture
from contacts.pictures.default import initials
from tests.factories.pictures import BOTTOM, TOP, encoded, picture, two_coloured

GPS_IFD, ORIENTATION = 0x8825, 0x0112
SVG = (
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script>&x;</svg>'
)


def prepared(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(prepare_picture(data).content))
    image.load()
    return image


def code_of(data: bytes) -> str:
    with pytest.raises(BadRequest) as refusal:
        prepare_picture(data)
    (error,) = refusal.value.properties["errors"]
    return str(error["code"])


def close(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(ours - theirs) < 12 for ours, theirs in zip(pixel[:3], colour, strict=True))


# --- Refused -------------------------------------------------------------------------------------
@pytest.mark.parametrize("data", [b"", SVG, b"%PDF-1.4\n", b"GIF89a", b"x" * 1000])
def test_pp01_what_is_no_picture_is_refused(data: bytes) -> None:
    assert code_of(data) == "Format"


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "ICO", "BMP", "EPS", "PDF", "PPM", "TGA"])
def test_pp08_other_formats_are_refused(kind: str) -> None:
    assert code_of(encoded(two_coloured((32, 32)), kind)) == "Format"


@pytest.mark.parametrize("data", [b"SIMPLE  =                    T" + b" " * 3000, b"8BPS\x00\x01"])
def test_pp08_headers_of_other_formats_are_refused(data: bytes) -> None:
    assert code_of(data) == "Format"


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\x00"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "size",
    [
        (14_000, 14_000),
        (9000, 9000),
        (6001, 4000),
        (24_000_001, 1),
        (65_536, 1),
        (1, 65_536),
        (2**31 - 1, 2**31 - 1),
    ],
)
def test_pp03_too_many_pixels_are_refused_before_they_are_decoded(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "_upright", lambda *_: pytest.fail("it was decoded"))

    assert code_of(png_header(*size)) == "Pixels"


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_pp03_the_limit_of_pixels_holds_for_every_format(kind: str, settings: Any) -> None:
    settings.MAX_PICTURE_PIXELS = 40 * 60

    assert code_of(picture(kind, (41, 60))) == "Pixels"
    assert prepared(picture(kind, (40, 60))).size == (40, 60)


def scans(number: int) -> bytes:
    """A progressive JPEG with so many scans: its last one again and again."""
    data = picture("JPEG", progressive=True)
    start, end = data.rindex(b"\xff\xda"), len(data) - 2
    more = number - data.count(b"\xff\xda")
    return data[:end] + data[start:end] * more + data[end:]


def test_pp03_a_jpeg_of_more_scans_than_encoders_write_is_refused() -> None:
    assert code_of(scans(65)) == "Format"
    assert prepared(scans(64)).size == (40, 60)


@pytest.mark.parametrize(
    "by_chance", [b"\xff\xda", b"\xff\xda\x00\x08\x02", b"\xff\xda\x00\x10\x05"]
)
def test_p1_what_stands_behind_a_photograph_is_no_scan_by_chance(by_chance: bytes) -> None:
    """Phones put a film of some seconds behind a photograph."""
    film = by_chance.ljust(50_000, b"x") * 100

    assert prepared(picture("JPEG") + film).size == (40, 60)


@pytest.mark.parametrize("header", ["08020100", "100501020304"])
def test_pp03_no_decoder_takes_a_scan_that_is_not_counted(header: str) -> None:
    data = picture("JPEG")
    start = data.rindex(b"\xff\xda") + 4

    assert code_of(data[: start - 2] + b"\x00" + bytes.fromhex(header) + data[start:]) == "Format"


def chunks(count: int) -> bytes:
    return (struct.pack(">I", 0) + b"vpAg" + struct.pack(">I", zlib.crc32(b"vpAg"))) * count


@pytest.mark.parametrize(
    ("kind", "place", "many", "few"),
    [
        ("JPEG", 2, b"\xff\xe1\x00\x02" * 50_000, b"\xff\xe1\x00\x02" * 5_000),
        ("JPEG", 2, b"\xff" * 60_000, b"\xff" * 5_000),
        ("JPEG", 2, b"\xff\x00" * 60_000, b"\xff\x00" * 5_000),
        ("PNG", 33, chunks(50_000), chunks(5_000)),
        ("PNG", -12, chunks(50_000), chunks(5_000)),
    ],
)
def test_pp03_a_picture_in_pieces_without_end_is_refused(
    kind: str, place: int, many: bytes, few: bytes
) -> None:
    """Each of them costs, and 5 MB have room for a million."""
    data = encoded(two_coloured((32, 32)), kind)

    assert code_of(data[:place] + many + data[place:]) == "Format"
    assert prepared(data[:place] + few + data[place:]).size == (32, 32)


def test_pp11_a_picture_without_the_palette_that_it_claims_is_refused() -> None:
    data = encoded(two_coloured((8, 8)).convert("P"), "PNG")
    start = data.index(b"PLTE") - 4
    length = int.from_bytes(data[start : start + 4])

    assert code_of(data[:start] + data[start + 12 + length :]) == "Format"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_pp11_a_truncated_picture_is_refused(kind: str, share: float) -> None:
    data = encoded(Image.effect_noise((200, 200), 90).convert("RGB"), kind)

    assert code_of(data[: int(len(data) * share)]) == "Format"


def test_pp11_a_picture_without_pixels_is_refused() -> None:
    assert code_of(png_header(0, 0)) == "Format"
    assert code_of(png_header(10, 10)) == "Format"


def test_p1_too_many_bytes_are_refused(settings: Any) -> None:
    data = picture("PNG")
    settings.MAX_PICTURE_BYTES = len(data) - 1

    assert code_of(data) == "Size"


def test_p1_who_waits_too_long_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "WAIT_SECONDS", 0.01)

    with content._one_at_a_time, pytest.raises(ServiceUnavailable) as refusal:
        prepare_picture(picture())

    assert refusal.value.headers == {"Retry-After": "5"}
    assert prepared(picture()).size == (40, 60)


# --- Taken, and made ours ------------------------------------------------------------------------
TURNED = {
    1: ((40, 60), TOP, BOTTOM),
    2: ((40, 60), TOP, BOTTOM),
    3: ((40, 60), BOTTOM, TOP),
    4: ((40, 60), BOTTOM, TOP),
}


@pytest.mark.parametrize("orientation", [1, 2, 3, 4, 5, 6, 7, 8, 9, 0])
def test_pp06_pictures_are_upright_and_without_metadata(orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010E] = "secret"
    exif.get_ifd(GPS_IFD)[2] = (47.0, 22.0, 0.0)
    data = picture("JPEG", exif=exif, quality=95, comment=b"secret", xmp=b"<secret/>")
    assert b"secret" in data

    result = prepare_picture(data)

    image = Image.open(BytesIO(result.content))
    assert not dict(image.getexif())
    assert not {"exif", "xmp", "comment", "icc_profile"} & image.info.keys()
    assert b"secret" not in result.content
    sideways = orientation in (5, 6, 7, 8)
    assert image.size == ((60, 40) if sideways else (40, 60))
    if not sideways:
        _, above, below = TURNED.get(orientation, TURNED[1])
        assert close(image.getpixel((20, 5)), above)
        assert close(image.getpixel((20, 55)), below)
    elif orientation in (6, 7):  # the camera's top is at the right
        assert close(image.getpixel((55, 20)), TOP)
    else:
        assert close(image.getpixel((5, 20)), TOP)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")  # Pillow's, as it opens such a file
@pytest.mark.parametrize("exif", [b"Exif\x00\x00nonsense", b"Exif\x00\x00II*\x00\xff\xff\xff\x7f"])
def test_pp06_metadata_that_cannot_be_read_says_nothing(exif: bytes) -> None:
    assert prepared(picture("JPEG", exif=exif)).size == (40, 60)


def test_pp06_texts_profiles_and_trailing_bytes_stay_behind() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "secret")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = picture("PNG", pnginfo=info, icc_profile=profile) + b"<script>secret</script>"

    result = prepare_picture(data)

    assert b"secret" not in result.content
    assert not Image.open(BytesIO(result.content)).info


def test_p1_of_an_animation_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in (TOP, BOTTOM)]
    for kind in ("PNG", "WEBP"):
        options = {"lossless": True} if kind == "WEBP" else {}
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], **options)

        image = prepared(data)

        assert getattr(image, "n_frames", 1) == 1
        assert close(image.convert("RGB").getpixel((10, 10)), TOP)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1024, 1024), (1024, 1024)),
        ((1025, 10), (1024, 10)),
        ((2100, 1050), (1024, 512)),
        ((1050, 2100), (512, 1024)),
        ((5000, 1), (1024, 1)),
        ((1, 5000), (1, 1024)),
        ((1, 1), (1, 1)),
    ],
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_p1_the_longest_side_has_1024_pixels_at_most(
    kind: str, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert prepared(picture(kind, size)).size == expected


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_p1_a_picture_made_small_in_strips_shows_the_same(kind: str) -> None:
    image = prepared(picture(kind, (1500, 2250))).convert("RGB")

    assert image.size == (683, 1024)
    assert close(image.getpixel((300, 100)), TOP)
    assert close(image.getpixel((300, 500)), TOP)
    assert close(image.getpixel((300, 524)), BOTTOM)
    assert close(image.getpixel((682, 1020)), BOTTOM)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_pp11_every_kind_of_pixel_becomes_eight_bits_of_colour(mode: str) -> None:
    if mode == "I;16":
        image = Image.new("I;16", (40, 60), 40_000)
    else:
        image = two_coloured((40, 60)).convert(mode)

    result = prepared(encoded(image, "JPEG" if mode == "CMYK" else "PNG"))

    assert result.size == (40, 60)
    assert result.mode == ("RGBA" if mode in ("LA", "RGBA") else "RGB")
    if mode == "I;16":
        assert result.getpixel((5, 5)) == (156, 156, 156)
    if mode in ("RGBA", "CMYK"):
        assert close(result.getpixel((5, 5)), TOP)


def test_pp11_a_broken_profile_is_left_behind() -> None:
    assert prepared(picture("PNG", icc_profile=b"nonsense")).size == (40, 60)
    assert prepared(picture("JPEG", icc_profile=b"nonsense")).size == (40, 60)


def test_p1_what_is_transparent_stays_so() -> None:
    image = Image.new("RGBA", (2000, 2000), (200, 0, 0, 0))
    image.paste((0, 0, 200, 255), (0, 1000, 2000, 2000))

    for kind in ("PNG", "WEBP"):
        result = prepared(encoded(image, kind))
        assert (result.format, result.mode, result.size) == ("PNG", "RGBA", (1024, 1024))
        assert result.getpixel((500, 100))[3] == 0
        assert close(result.getpixel((500, 900)), (0, 0, 200))


# --- Drawn ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Shannon Crawford", "SC"),
        ("Anna Maria van der Berg", "AB"),
        ("zoë", "Z"),
        ("Émile Ångström", "EA"),
        ("ßen Øre", "SØ"),
        ("123 (x) Miller", "M"),
        ("Жуков Иван", ""),
        ("名 字", ""),
        ("", ""),
        ("  ", ""),
    ],
)
def test_p1_initials_are_those_of_first_and_last_word(name: str, expected: str) -> None:
    assert initials(name).rstrip("Ø") == expected.rstrip("Ø")


def test_p1_the_drawn_picture_follows_initials_and_key() -> None:
    first = default_picture(name="Ada Byron", key="a")

    assert default_picture(name="Alan Bean", key="a") is first
    colours = {default_picture(name="Ada Byron", key=str(number)) for number in range(100)}
    assert len(colours) == 8
    assert default_picture(name="名", key="a") == default_picture(name=None, key="a")
    assert Image.open(BytesIO(first)).size == (256, 256)
