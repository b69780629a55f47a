"""Numbers as people read them, as in the player: three digits in a cell, every digit elsewhere.

The rules are those of `ui/client/format.js`, to the character.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from convviz.notation import MINUS, shortest, with_minus

_ONE, _TWO, _THREE = (Context(prec=digits, rounding=ROUND_HALF_UP) for digits in (1, 2, 3))


def exact_text(value: float) -> str:
    """Write every digit: the shortest text that reads back as the same number."""
    if value == 0:
        return "0"
    text = shortest(float(value))
    if "e" in text:
        text = _exponent(text) if not 1e-6 <= abs(value) < 1e21 else f"{Decimal(text):f}"
    return with_minus(text)


@lru_cache(maxsize=4096)
def cell_text(value: float) -> str:
    """Write at most three significant digits, short enough for a cell."""
    size = abs(value)
    if size == 0:
        return "0"
    if 1000 <= size < 10000:
        return with_minus(str(math.floor(value + 0.5)))
    if 1e-3 <= size < 1000:
        return with_minus(f"{_THREE.create_decimal_from_float(value).normalize():f}")
    rounded = (_ONE if size >= 1e100 else _TWO).create_decimal_from_float(value)
    power = rounded.adjusted()
    return with_minus(f"{rounded.scaleb(-power).normalize():f}e{power}")


def is_rounded(value: float) -> bool:
    """Tell whether `cell_text` drops digits of this number."""
    return float(cell_text(value).replace(MINUS, "-")) != value


def _exponent(text: str) -> str:
    digits, power = text.split("e")
    return f"{digits}e{int(power):+d}"
