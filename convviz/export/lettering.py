"""How long a text is: the font that Pillow brings along, and the signs it lacks.

The font has digits of one width, but no minus, no multiplication sign and no dash of ranges. These
are bars, which `raster` draws; here they get their room. Letters that the font does not have lose
their accents, or become a question mark.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from PIL import ImageFont

from convviz.notation import MINUS

TIMES, DASH = "×", "–"
BARS = {MINUS: 0.575, TIMES: 0.575, DASH: 0.5}
"""The signs the font lacks, and how far each reaches, in parts of the size."""
_KNOWN = frozenset(map(chr, range(32, 127))) | frozenset("©«°±·»“”…™\u2018\u2019")
_SMALLEST = 7


@lru_cache(maxsize=128)
def font(size: int) -> ImageFont.FreeTypeFont:
    """Load Pillow's own font at a size in pixels."""
    loaded = ImageFont.load_default(size)
    if not isinstance(loaded, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow was built without FreeType: install one that has it.")
    return loaded


@lru_cache(maxsize=4096)
def runs(text: str) -> tuple[str, ...]:
    """Cut a text into pieces that the font has, and single signs that it lacks."""
    drawn = "".join(map(_drawable, text))
    return tuple(re.findall(f"[{''.join(BARS)}]|[^{''.join(BARS)}]+", drawn))


@lru_cache(maxsize=16384)
def length(text: str, size: int) -> float:
    """Return how long a text is, in pixels."""
    loaded = font(size)
    return sum(BARS[run] * size if run in BARS else loaded.getlength(run) for run in runs(text))


def fitting(text: str, size: int, room: float, smallest: int = _SMALLEST) -> int:
    """Return the largest size, up to `size`, at which a text fits; 0 if it does at none."""
    wanted = length(text, size)
    if wanted <= room:
        return size
    for smaller in range(min(size - 1, int(size * room / wanted) + 1), smallest - 1, -1):
        if length(text, smaller) <= room:
            return smaller
    return 0


def wrapped(text: str, size: int, room: float) -> list[str]:
    """Break a text at its spaces into lines that fit; a longer word is cut short."""
    if not text:
        return []
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and length(longer, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return [clipped(line, size, room) for line in lines]


def clipped(text: str, size: int, room: float) -> str:
    """Cut a text that does not fit, and say so with dots."""
    if length(text, size) <= room:
        return text
    while text and length(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text}…"


def _drawable(letter: str) -> str:
    if letter in _KNOWN or letter in BARS:
        return letter
    base = unicodedata.normalize("NFKD", letter)[0]
    return base if base in _KNOWN or base in BARS else "?"
