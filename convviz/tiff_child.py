"""Decode one TIFF in a process of its own, under hard limits.

Run as a script: bytes of a TIFF on standard input, one line and raw pixels on standard output. It
imports Pillow and nothing of this package, so it starts fast and needs no working directory. The
limits, and the reduction to plain modes, are also used by `picture_reader` in the main process.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 16_800_000
MAX_SIDE = 20_000
MEMORY = 768 * 2**20
CPU_SECONDS = 10
REFUSED_MODES = {
    "F": "floating-point pixels",
    "I": "32-bit or signed integer pixels",
    "LAB": "Lab colours",
}
PLAIN_MODES = ("L", "RGB", "RGBA", "I;16", "I;16B")


def plain(image: Image.Image) -> Image.Image:
    """Reduce a picture to one of the plain modes: L, RGB, RGBA, or 16-bit grey left as it is."""
    if image.mode.startswith("I;16"):
        return image
    if image.mode == "La":
        image = image.convert("LA")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def too_large(width: int, height: int) -> bool:
    """Say whether a size breaks the limit of pixels or of a side, or is empty."""
    return width * height > MAX_PIXELS or max(width, height) > MAX_SIDE or min(width, height) < 1


def answer(data: bytes) -> tuple[str, bytes]:
    """Decode the first page: ("ok MODE WIDTH HEIGHT WHITE", pixels) or ("no REASON ...", b"").

    WHITE is the value of white in 16-bit modes: 65535, or 4095 where the file has 12 bits.
    """
    import io

    from PIL import TiffImagePlugin

    bits, photometric = TiffImagePlugin.BITSPERSAMPLE, TiffImagePlugin.PHOTOMETRIC_INTERPRETATION
    image = TiffImagePlugin.TiffImageFile(io.BytesIO(data))  # Image.open would load all plugins
    if too_large(*image.size):
        return f"no size {image.width} {image.height}", b""
    if image.mode in REFUSED_MODES:
        return f"no mode {image.mode}", b""
    white = 4095 if image.tag_v2.get(bits) == (12,) else 65535
    inverted = image.mode.startswith("I;16") and image.tag_v2.get(photometric) == 0
    image.load()  # Pillow turns a TIFF upright by itself
    picture = plain(image)
    pixels = picture.tobytes()
    if inverted:  # 65535 - v is every bit of v turned; Pillow does this for 8 bits only
        pixels = pixels.translate(bytes(range(255, -1, -1)))
    return f"ok {picture.mode} {picture.width} {picture.height} {white}", pixels


def limit() -> bool:
    """Put the limits on this process for good; False where the system cannot."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # no file may grow: none is written
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        return False
    return True


def main(pillow: str) -> None:
    """Answer once, whatever the input does; `pillow` is the folder where the parent found PIL."""
    line, pixels = "no limits", b""
    if limit():  # before any code that could be attacked is loaded
        sys.path.append(pillow)  # last, so that it shadows nothing
        try:
            line, pixels = answer(sys.stdin.buffer.read())
        except MemoryError:
            line = "no memory"
        except Exception:
            line = "no damaged"
    sys.stdout.buffer.write(line.encode("ascii") + b"\n" + pixels)


if __name__ == "__main__":
    main(sys.argv[1])
