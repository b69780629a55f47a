"""What a sketch knows, against NumPy on the whole array."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from convviz.display import Display
from convviz.screen import Made
from convviz.sketch import Sketch, unit_for

# 3.76 rows to one: no row is half in one and half in the next, which rounding would decide.
VALUES = np.random.default_rng(8).normal(120, 150, (1504, 1201))


def test_everything_is_seen_once_though_rows_at_an_edge_are_looked_at_twice() -> None:
    asked: list[range] = []

    def make(rows: range) -> np.ndarray:
        asked.append(rows)
        return VALUES[rows.start : rows.stop]

    shares: list[float] = []
    sketch = Sketch.of(Made((1504, 1201), make), 400, Display(), report=shares.append)
    assert len(asked) > 2
    assert sum(map(len, asked)) > 1504
    assert max(map(len, asked)) < 800
    assert sketch.limits == (VALUES.min(), VALUES.max())
    assert (sketch.below, sketch.above) == ((VALUES < 0).sum(), (VALUES > 255).sum())
    assert (shares[-1], shares) == (1, sorted(shares))


@pytest.mark.parametrize("display", [Display(), Display("absolute"), Display("clip", relu=True)])
def test_the_small_picture_is_the_mean_of_what_is_shown(display: Display) -> None:
    sketch = Sketch.of(VALUES, 400, display)
    shown = Image.fromarray(display.shown(VALUES).astype(np.float32))
    expected = np.asarray(shown.resize((319, 400), Image.Resampling.BOX))
    np.testing.assert_allclose(sketch.shown, expected, rtol=0, atol=1e-3)


@pytest.mark.parametrize("exponent", [-290, 0, 270])
def test_numbers_of_any_size_have_a_sketch(exponent: int) -> None:
    values = np.array([[-2.0, 0.0], [1.0, 3.0]]) * 10.0**exponent
    sketch = Sketch.of(values, 400, Display(), unit_for(3 * 10.0**exponent))
    np.testing.assert_allclose(sketch.shown, values, rtol=1e-6)
    assert sketch.limits == (values.min(), values.max())
