"""Numbers in exports are written as the player writes them: Python's rules against the script's."""

from __future__ import annotations

import random
import struct

from convviz.export.digits import cell_text, exact_text, is_rounded
from convviz.ui.player import SCRIPT


def floats() -> list[float]:
    """Some numbers of every kind: small and large, halves between three digits, any bits."""
    rng = random.Random(3)
    found = [
        0.0,
        -0.0,
        1.125,
        -1.125,
        999.5,
        999.95,
        1000.5,
        -1000.5,
        9999.5,
        99999.5,
        1e-3,
        9.995e-4,
    ]
    found += [1e-6, 9.99e-7, 1e-7, 1e16, 1e20, 1e21, 123456789012345680000.0, 1 / 9, 1e100]
    found += [rng.uniform(-1, 1) * 10.0 ** rng.randint(-9, 24) for _ in range(400)]
    found += [round(rng.uniform(-2000, 2000) * 8) / 8 for _ in range(400)]
    found += [struct.unpack("<d", rng.randbytes(8))[0] for _ in range(400)]
    return [value for value in found if abs(value) < 1e300]


def test_the_script_writes_the_same_digits(page) -> None:
    page.goto("about:blank")
    values = floats()
    written = page.evaluate(
        """async ([source, values]) => {
            const url = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
            const {exactText, cellText, isRounded} = await import(url);
            return values.map((value) => [exactText(value), cellText(value), isRounded(value)]);
        }""",
        [SCRIPT, values],
    )
    assert [[exact_text(v), cell_text(v), is_rounded(v)] for v in values] == written
