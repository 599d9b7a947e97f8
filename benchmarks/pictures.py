"""What the largest pictures cost: seconds of CPU, and memory beyond the process's own.

    python -m config.embedded.scratch -m benchmarks.pictures

Each picture of 24 megapixels is prepared in a process of its own; its peak is the kernel's figure.
"""

# ruff: noqa: E402 - settings are read when Django is set up

import multiprocessing
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import django

django.setup()

from PIL import Image

from contacts.pictures import prepare_picture

SIZE = (6000, 4000)


def main() -> None:
    """Measure and print a table."""
    print(f"{'picture':34}{'MB':>6}{'CPU s':>8}{'wall s':>8}{'peak +MB':>10}{'after +MB':>11}")
    context = multiprocessing.get_context("spawn")
    for name, make in CASES.items():
        content = _encoded(make)
        child = context.Process(target=_measure, args=(name, content))
        child.start()
        child.join()


def _measure(name: str, content: bytes) -> None:
    prepare_picture(_encoded(lambda: (Image.new("RGB", (9, 9)), "PNG", {})))
    before, cpu, wall = memory("VmRSS"), time.process_time(), time.perf_counter()
    Path("/proc/self/clear_refs").write_text("5")
    prepare_picture(content)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak, after = memory("VmHWM") - before, memory("VmRSS") - before
    megabytes = len(content) / 1e6
    print(f"{name:34}{megabytes:6.1f}{cpu:8.2f}{wall:8.2f}{peak:10.0f}{after:11.0f}", flush=True)


def memory(name: str) -> float:
    """A figure of this process in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


Case = tuple[Image.Image, str, dict[str, object]]


def _encoded(make: Callable[[], Case]) -> bytes:
    image, kind, options = make()
    output = BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()


def _photo() -> Image.Image:
    """Blurred noise: about as hard to compress as a photograph."""
    noise = [Image.effect_noise((300, 200), 80) for _ in range(3)]
    return Image.merge("RGB", noise).resize(SIZE, Image.Resampling.BICUBIC)


def _graphic() -> Image.Image:
    image = Image.new("RGBA", SIZE, (10, 200, 30, 128))
    for number in range(40):
        left, top = number * 131 % 5700, number * 97 % 3700
        image.paste((number * 6, 255 - number, 90, 255), (left, top, left + 300, top + 300))
    return image


def _animation() -> Case:
    """Two frames: Pillow writes of the second what differs from the first."""
    first = _photo()
    second = first.copy()
    second.paste((1, 2, 3), (100, 100, 300, 300))
    return first, "WEBP", {"save_all": True, "append_images": [second], "quality": 9, "method": 0}


CASES: dict[str, Callable[[], Case]] = {
    "JPEG": lambda: (_photo(), "JPEG", {"quality": 80}),
    "JPEG, CMYK": lambda: (_graphic().convert("CMYK"), "JPEG", {"quality": 60}),
    "JPEG, progressive, full colour": lambda: (
        _photo(),
        "JPEG",
        {"quality": 80, "progressive": True, "subsampling": 0},
    ),
    "PNG with transparency": lambda: (_graphic(), "PNG", {"compress_level": 1}),
    "PNG, 16 bit": lambda: (Image.new("I;16", SIZE, 4711), "PNG", {}),
    "WebP": lambda: (_photo(), "WEBP", {"quality": 60, "method": 0}),
    "WebP, lossless, transparent": lambda: (
        _graphic(),
        "WEBP",
        {"lossless": True, "quality": 0, "method": 0},
    ),
    "WebP, animated": _animation,
}

if __name__ == "__main__":
    main()
