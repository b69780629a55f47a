"""Bytes of a stranger's picture file -> upright RGB pixels, or one sentence that says why not."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import re
import struct
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import PIL
from numpy.typing import NDArray
from PIL import (
    Image,
    ImageOps,
    PngImagePlugin,
    WebPImagePlugin,  # noqa: F401  (registers WebP, so that Pillow does not load every plugin)
)

from convviz import tiff_child

MAX_BYTES = 10 * 2**20
MAX_PNG_TEXT = 2**20
MAX_JPEG_SCANS = 300
TIFF_SECONDS = 20.0
_ROWS = 256

# Pillow reads this limit (64 MiB as it comes) from its module, so it can only be set for the whole
# process: once, here, to a constant and before any file is read, which is safe in any thread.
PngImagePlugin.MAX_TEXT_MEMORY = MAX_PNG_TEXT

_SIGNATURES = {
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "WebP": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "BMP": re.compile(rb"BM"),
    "GIF": re.compile(rb"GIF8[79]a"),
    "TIFF": re.compile(rb"MM\x00[\x2a\x2b]|II[\x2a\x2b]\x00"),
}
_HEIC = re.compile(rb"....ftyp(?:hei|hev|mif|msf|avi)", re.DOTALL)
_READABLE = "PNG, JPEG, WebP, BMP, GIF or TIFF"
_TIFF_ANSWER = re.compile(rb"ok (L|RGBA?|I;16B?) (\d{1,5}) (\d{1,5}) (65535|4095)\n")
_TIFF_REFUSAL = re.compile(rb"no (size|mode|memory|damaged|limits) ?([ \w]{0,20})\n")
_TIFF_CHILDREN = threading.BoundedSemaphore(2)  # each may take the memory of tiff_child.MEMORY


class ImageError(ValueError):
    """A picture that cannot be read; the message says what is wrong with it and what to do."""


def read_image(data: bytes) -> NDArray[np.uint8]:
    """Decode the first frame of a PNG, JPEG, WebP, BMP, GIF or TIFF.

    The picture is turned upright as its EXIF orientation says, 16-bit grey is scaled to 8 bits
    (4660 becomes 18), transparent parts are laid over white. Names, places, colour profiles and
    whatever else the file carries are dropped.

    Parameters
    ----------
    data : bytes
        The file, at most 10 MB; at most 16.8 million pixels, and 20000 along a side.

    Returns
    -------
    ndarray
        uint8, shape (H, W, 3): red, green, blue.

    Raises
    ------
    ImageError
        If the file is too large, damaged, cut off, or not such a picture.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise TypeError(f"data must be the bytes of a picture file, not {type(data).__name__}")
    data = bytes(data)
    kind = _kind(data)
    try:
        if kind == "TIFF":
            return _read_tiff(data)
        return _read(kind, data)
    except ImageError:
        raise
    except MemoryError as error:
        raise ImageError(f"This {kind} needs too much memory: make it smaller first.") from error
    except Exception as error:  # a damaged file can raise almost anything inside a parser
        raise ImageError(_damage(kind, data, error)) from error


def _kind(data: bytes) -> str:
    """Name the format by its first bytes; a file's name is never looked at."""
    if not data:
        raise ImageError(f"This file is empty: choose a {_READABLE}.")
    if len(data) > MAX_BYTES:
        megabytes = len(data) / 2**20
        raise ImageError(
            f"This file has {megabytes:.1f} MB, more than the 10 MB allowed: "
            "make the picture smaller, or save it as JPEG, first."
        )
    for kind, signature in _SIGNATURES.items():
        if signature.match(data):
            return kind
    if _HEIC.match(data):
        raise ImageError(f"This is a HEIC or AVIF picture: save it as {_READABLE} first.")
    raise ImageError(
        f"This file is not a picture we can read ({_READABLE}): "
        "save the picture in one of these formats first."
    )


# ---- the five formats that are decoded in this process ----


def _read(kind: str, data: bytes) -> NDArray[np.uint8]:
    # Our own look at the header comes before Pillow's: it makes Pillow's decompression bomb
    # warning unreachable, and some plugins set aside memory for the canvas as soon as they open.
    size = stated_size(kind, data)
    if size is not None:
        _check_size(kind, *size)
    if kind == "PNG":  # load() skips the checksums, and verify() uses up its handle
        with _open(kind, data) as checked:
            checked.verify()
    if kind == "JPEG" and data.count(b"\xff\xda") > MAX_JPEG_SCANS:
        # A scan of 30 bytes can cost 12 ms: a file of many scans would keep a core busy for hours.
        raise ImageError(
            f"This JPEG has more than {MAX_JPEG_SCANS} scans: save it as an ordinary JPEG first."
        )
    with _open(kind, data) as image:
        _check_size(kind, *image.size)
        _check_mode(kind, image.mode)
        image.load()
        if kind == "PNG":
            _rescale_transparent_colour(image, depth=data[24])
        with contextlib.suppress(Exception):  # damaged EXIF is no reason to lose the picture
            ImageOps.exif_transpose(image, in_place=True)
        return _rgb(image, white=65535)


def _open(kind: str, data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=(kind.upper(),))


def stated_size(kind: str, data: bytes) -> tuple[int, int] | None:
    """Read (width, height) from a header without decoding; None if it is not where it should be."""
    try:
        if kind == "PNG" and data[12:16] == b"IHDR":
            return struct.unpack_from(">II", data, 16)
        if kind == "GIF":
            return struct.unpack_from("<HH", data, 6)
        if kind == "BMP":
            short = data[14:18] == b"\x0c\x00\x00\x00"
            width, height = struct.unpack_from("<HH" if short else "<Ii", data, 18)
            return width, abs(height)
        if kind == "WebP":
            return _webp_size(data)
        if kind == "JPEG":
            return _jpeg_size(data)
    except (struct.error, IndexError):
        pass
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    little = int.from_bytes
    if data[12:16] == b"VP8X":
        return little(data[24:27], "little") + 1, little(data[27:30], "little") + 1
    if data[12:16] == b"VP8L":
        bits = little(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if data[12:16] == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    position = 2
    while data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF:  # filling
            position += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # a frame header
            height, width = struct.unpack_from(">HH", data, position + 5)
            return width, height
        else:
            position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return None


def _check_size(kind: str, width: int, height: int) -> None:
    if not tiff_child.too_large(width, height):
        return
    if min(width, height) < 1:
        raise ImageError(f"This {kind} is {width} × {height} pixels: choose one that is not empty.")
    if width * height > tiff_child.MAX_PIXELS:
        raise ImageError(
            f"This {kind} is {width} × {height} pixels, more than the 16.8 million allowed: "
            "make it smaller first."
        )
    raise ImageError(
        f"This {kind} is {width} × {height} pixels, and {tiff_child.MAX_SIDE} is the most "
        "along a side: crop it or make it smaller first."
    )


def _check_mode(kind: str, mode: str) -> None:
    if mode in tiff_child.REFUSED_MODES:
        raise ImageError(
            f"This {kind} has {tiff_child.REFUSED_MODES[mode]}, which are not read here: "
            "save it as RGB, or as grey with 8 or 16 bits, first."
        )


def _damage(kind: str, data: bytes, error: Exception) -> str:
    if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning):
        return f"This {kind} has more pixels than the 16.8 million allowed: make it smaller first."
    if "truncated" in str(error).lower() or isinstance(error, EOFError) or _ends_early(kind, data):
        return (
            f"The {kind} ends too early, as if it was cut off while it was copied: "
            "get the whole file and try again."
        )
    return (
        f"The {kind} is damaged and cannot be read: "
        "open it in a picture program and save it again, or choose another file."
    )


def _ends_early(kind: str, data: bytes) -> bool:
    if kind == "PNG":
        return b"IEND" not in data
    if kind == "JPEG":
        return b"\xff\xd9" not in data
    if kind == "WebP":
        return len(data) < 8 + int.from_bytes(data[4:8], "little")
    if kind == "BMP":
        return len(data) < int.from_bytes(data[2:6], "little")
    return kind == "GIF" and not data.endswith(b";")


# ---- modes ----


def _rescale_transparent_colour(image: Image.Image, depth: int) -> None:
    """Bring a PNG's transparent colour to 8 bits, as Pillow does to the pixels but not to it."""
    colour = image.info.get("transparency")
    if image.mode == "RGB" and depth == 16 and isinstance(colour, tuple):
        image.info["transparency"] = tuple(value >> 8 for value in colour)
    elif image.mode == "1" and isinstance(colour, int):
        image.info["transparency"] = 255 if colour else 0
    elif image.mode == "L" and depth in (2, 4) and isinstance(colour, int):
        image.info["transparency"] = colour * 255 // (2**depth - 1)


def _rgb(image: Image.Image, white: int) -> NDArray[np.uint8]:
    image = tiff_child.plain(image)
    if image.mode.startswith("I;16"):
        return _grey16(image, white)
    if image.mode == "RGBA":
        sheet = Image.new("RGB", image.size, "white")
        sheet.paste(image, mask=image)
        image = sheet
    width, height = image.size
    pixels = np.empty((height, width, 3), np.uint8)
    # A few rows at a time: each step to an array has copies of all that it is given.
    for begin in range(0, height, _ROWS):
        rows = image.crop((0, begin, width, min(begin + _ROWS, height)))
        pixels[begin : begin + _ROWS] = np.asarray(rows.convert("RGB"))
    return pixels


def _grey16(image: Image.Image, white: int) -> NDArray[np.uint8]:
    """Scale 0..white to 0..255, rounded: for white 65535 that is a division by 257."""
    values = np.asarray(image).astype(np.uint32)
    grey = ((values * 255 + white // 2) // white).clip(0, 255).astype(np.uint8)
    clear = image.info.get("transparency")
    if clear is not None:
        grey[values == clear] = 255
    return np.repeat(grey[:, :, np.newaxis], 3, axis=2)


# ---- TIFF, the riskiest parser of the six, in a process of its own ----


def _read_tiff(data: bytes) -> NDArray[np.uint8]:
    if (
        importlib.util.find_spec("resource") is None
        or sys.platform in ("emscripten", "wasi")
        or not sys.executable
    ):
        raise ImageError(_NO_TIFF)
    if not _TIFF_CHILDREN.acquire(timeout=TIFF_SECONDS):
        raise ImageError("Too many TIFF pictures are being read just now: try again in a moment.")
    try:
        reply = _ask_child(data)
    finally:
        _TIFF_CHILDREN.release()
    line = _TIFF_ANSWER.match(reply)
    if line is None:
        raise ImageError(_tiff_refusal(reply))
    mode = line[1].decode("ascii")
    width, height, white = (int(number) for number in line.groups()[1:])
    _check_size("TIFF", width, height)
    pixels = memoryview(reply)[line.end() :]
    return _rgb(Image.frombytes(mode, (width, height), pixels), white)


_NO_TIFF = (
    "TIFF pictures cannot be read on this system, which cannot decode them in a process with "
    "limits: save the picture as PNG first."
)


def _tiff_refusal(reply: bytes) -> str:
    line = _TIFF_REFUSAL.match(reply)
    reason, detail = (line[1], line[2].decode("ascii")) if line else (b"", "")
    if reason == b"size":
        width, height = (int(number) for number in detail.split())
        _check_size("TIFF", width, height)
    if reason == b"mode":
        _check_mode("TIFF", detail)
    if reason == b"limits":
        return _NO_TIFF
    if reason == b"damaged":
        return "The TIFF is damaged or ends too early: get the whole file, or save it as PNG first."
    return "This TIFF takes too much memory or time to read: save it as PNG first."


def _ask_child(data: bytes) -> bytes:
    """Give a TIFF to the child process and return all it answers, or b"" if it was stopped."""
    script = Path(tiff_child.__file__).resolve()
    pillow = Path(PIL.__file__).resolve().parent.parent
    # Without the server's environment, which may hold secrets, but with what a loader may need.
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    with subprocess.Popen(
        [sys.executable, "-I", "-S", str(script), str(pillow)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=kept,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        clock = threading.Timer(TIFF_SECONDS, child.kill)
        clock.start()
        try:
            with contextlib.suppress(BrokenPipeError), child.stdin:
                child.stdin.write(data)
            # The child reads to the end before it answers, so neither can wait for the other.
            return child.stdout.read(4 * tiff_child.MAX_PIXELS + 100)
        finally:
            clock.cancel()
            child.kill()
