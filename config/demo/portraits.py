"""Pictures of the demo's contacts: drawn, so that they show nobody."""

from io import BytesIO

from PIL import Image, ImageDraw

SIDE = 240
_SCENES = ("#cfe3ef", "#e8dcc8", "#d9e6d2", "#ead5dc", "#dcd8ec")
_SKINS = ("#f1c9a5", "#d9a679", "#a9714b", "#7a4a2e", "#f6d9c0")
_HAIR = ("#2b211c", "#5b3a21", "#8a5a2b", "#b9b4ae", "#c9a25a", "#712f1c")
_CLOTHES = ("#27415e", "#5a2f45", "#2f5a4a", "#6b5a2a", "#43434d", "#7a3030", "#35577a")


def portrait(number: int) -> bytes:
    """A PNG with head and shoulders; the same number always looks the same."""
    image = Image.new("RGB", (SIDE, SIDE), _SCENES[number % len(_SCENES)])
    draw = ImageDraw.Draw(image)
    hair, skin = _HAIR[number // 3 % len(_HAIR)], _SKINS[number // 2 % len(_SKINS)]
    middle = SIDE // 2
    if number % 2:  # long hair, behind the shoulders
        draw.rounded_rectangle((middle - 58, 62, middle + 58, 178), 52, hair)
    draw.ellipse((30, 168, SIDE - 30, 330), _CLOTHES[number % len(_CLOTHES)])
    draw.rounded_rectangle((middle - 18, 130, middle + 18, 186), 16, skin)
    draw.ellipse((middle - 46, 54, middle + 46, 160), skin)
    draw.pieslice((middle - 50, 44, middle + 50, 150), 180, 360, hair)
    for side in (-18, 18):
        draw.circle((middle + side, 110), 4, "#222222")
    draw.arc((middle - 18, 116, middle + 18, 142), 25, 155, "#5a2a22", 3)
    output = BytesIO()
    image.save(output, "PNG")
    return output.getvalue()
