"""Picture files made in memory, and what a test asks of a refused one."""

import io
import re
import struct
import zlib

import numpy as np
import pytest

from convviz.images import ImageError, read_image

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
GREY = np.arange(0, 240, 10, dtype=np.uint8).reshape(4, 6)
COLOUR = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def in_three(grey):
    return np.repeat(np.asarray(grey, dtype=np.uint8)[:, :, np.newaxis], 3, axis=2)


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width, height, depth, colour, rows, *extra, compressed=None):
    """Write a PNG by hand: rows of packed bytes, extra chunks before the pixels."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + b"".join(chunk(*one) for one in extra)
        + chunk(b"IDAT", pixels if compressed is None else compressed)
        + chunk(b"IEND", b"")
    )


def tiff(width, height, bits, pixels, photometric=1, kind=3, extra=()):
    """Write a little-endian grey TIFF of one uncompressed strip by hand."""
    tags = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, bits),
        (259, 3, 1, 1),
        (262, 3, 1, photometric),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 4, 1, height),
        (279, 4, 1, len(pixels)),
        *extra,
    ]
    table = b"".join(struct.pack("<HHII", *tag) for tag in sorted(tags))
    pixels += b"\0" * (len(pixels) % 2)
    head = b"II*\0" + struct.pack("<I", 8 + len(pixels))
    return head + pixels + struct.pack("<H", len(tags)) + table + b"\0\0\0\0"


def refusal(data):
    """Return the one sentence with which a file is refused."""
    with pytest.raises(ImageError) as caught:
        read_image(data)
    message = str(caught.value)
    assert re.fullmatch(r"[A-Z][^\n]*[^.\n]\.", message), message
    return message
