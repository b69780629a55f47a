"""Numbers as people read them; that the player writes the same is shown in a browser."""

from __future__ import annotations

import pytest

from convviz.export.digits import cell_text, exact_text, is_rounded

# (value, exactly, in a cell): worked by hand.
WRITTEN = [
    (0.0, "0", "0"),
    (-0.0, "0", "0"),
    (12.0, "12", "12"),
    (-7.5, "−7.5", "−7.5"),
    (132.85546875, "132.85546875", "133"),
    (0.1111111111111111, "0.1111111111111111", "0.111"),
    (1.125, "1.125", "1.13"),  # a half is rounded away from zero
    (-1.125, "−1.125", "−1.13"),
    (999.5, "999.5", "1000"),
    (5424.0, "5424", "5424"),
    (5424.4, "5424.4", "5424"),
    (12345.0, "12345", "1.2e4"),
    (99600.0, "99600", "1e5"),
    (0.0001, "0.0001", "1e−4"),
    (1e-06, "0.000001", "1e−6"),
    (1e-07, "1e−7", "1e−7"),
    (1e16, "10000000000000000", "1e16"),
    (1e21, "1e+21", "1e21"),
    (-2.5e120, "−2.5e+120", "−3e120"),
]


@pytest.mark.parametrize(("value", "exactly", "in_a_cell"), WRITTEN)
def test_a_number_is_written(value: float, exactly: str, in_a_cell: str) -> None:
    assert (exact_text(value), cell_text(value)) == (exactly, in_a_cell)
    assert is_rounded(value) == (float(in_a_cell.replace("−", "-")) != value)
