"""Counts of values, against NumPy's own histogram."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from convviz.histogram import MOST_BINS, histogram


def check(values: np.ndarray) -> None:
    """Compare with NumPy's counts between the same edges."""
    made = histogram(values)
    assert len(made.counts) <= MOST_BINS
    assert made.counts.sum() == values.size
    assert (np.diff(made.edges) > 0).all()
    crosses = values.min() < 0 <= values.max()
    assert not crosses or 0 in made.edges
    assert made.counts[made.edges[:-1] < 0].sum() == (values < 0).sum()


def test_bytes_are_counted_one_by_one() -> None:
    values = np.random.default_rng(4).integers(0, 256, (90, 70)).astype(np.uint8)
    values[0, :2] = 0, 255
    # (255 - 0) / 254 is more than 1, so a bin is 2 wide: 0 and 1, 2 and 3, ...
    expected = np.bincount(values.ravel(), minlength=256).reshape(128, 2).sum(axis=1)
    made = histogram(values)
    assert made.edges.tolist() == list(range(0, 257, 2))
    assert made.counts.tolist() == expected.tolist()


@pytest.mark.parametrize("scale", [1, 50, 1e-3, 1e250])
def test_the_counts_are_numpys(scale: float) -> None:
    values = np.random.default_rng(4).normal(0.3, 1, (60, 70)) * scale
    check(values)
    made = histogram(values)
    inside = np.setdiff1d(made.edges, values)
    assert (np.histogram(values, inside)[0] == made.counts).all()


def test_whole_numbers_have_bins_of_whole_numbers() -> None:
    made = histogram(np.array([[-2.0, -2.0, 0.0, 3.0]]))
    assert made.edges.tolist() == [-2, -1, 0, 1, 2, 3, 4]
    assert made.counts.tolist() == [2, 0, 1, 0, 0, 1]


def test_the_least_number_below_0_is_below_0() -> None:
    made = histogram(np.array([-5e-324, 1e280]))
    assert (made.counts[0], made.edges[1]) == (1, 0)
    check(np.array([-5e-324, 1e280]))


def test_many_values_are_all_counted() -> None:
    values = np.random.default_rng(4).integers(-9, 10, (400, 300)).astype(np.float32)
    expected = np.bincount(values.astype(int).ravel() + 9)
    assert histogram(values).counts.tolist() == expected.tolist()


@pytest.mark.parametrize("value", [0.0, -3.0, 7.5, 1e280, -1e280, 5e-324, 0.1])
def test_one_value_is_one_bin(value: float) -> None:
    made = histogram(np.full((3, 4), value))
    assert (len(made.counts), made.counts.sum()) == (1, 12)
    assert made.edges[0] <= value <= made.edges[1]


numbers = st.floats(-1e280, 1e280) | st.floats(-9, 9) | st.integers(-300, 300).map(float)


@given(arrays(np.float64, st.integers(1, 40), elements=numbers))
def test_every_value_is_counted_once_and_on_its_side_of_0(values: np.ndarray) -> None:
    check(values)
