"""Numbers as people read them; that the player writes the same is shown in a browser."""

from __future__ import annotations

import pytest

from convviz.export.digits import cell_text, exact_text, is_rounded

# (value, exactly, in a cell, and whether that drops digits): worked by hand.
WRITTEN = [
    (0.0, "0", "0", False),
    (-0.0, "0", "0", False),
    (12.0, "12", "12", False),
    (-7.5, "−7.5", "−7.5", False),
    (132.85546875, "132.85546875", "133", True),
    (0.1111111111111111, "0.1111111111111111", "0.111", True),
    (1.125, "1.125", "1.13", True),  # a half is rounded away from zero
    (-1.125, "−1.125", "−1.13", True),
    (999.5, "999.5", "1000", True),
    (5424.0, "5424", "5424", False),
    (5424.4, "5424.4", "5424", True),
    (12345.0, "12345", "1.2e4", True),
    (99600.0, "99600", "1e5", True),
    (0.0001, "0.0001", "1e−4", False),
    (1e-06, "0.000001", "1e−6", False),
    (1e-07, "1e−7", "1e−7", False),
    (1e16, "10000000000000000", "1e16", False),
    (1e21, "1e+21", "1e21", False),
    (-2.5e120, "−2.5e+120", "−3e120", True),
]


@pytest.mark.parametrize(("value", "exactly", "in_a_cell", "rounded"), WRITTEN)
def test_a_number_is_written(value: float, exactly: str, in_a_cell: str, rounded: bool) -> None:
    assert (exact_text(value), cell_text(value)) == (exactly, in_a_cell)
    assert is_rounded(value) == rounded
