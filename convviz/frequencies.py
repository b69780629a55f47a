"""The frequency response of a kernel: what it does to patterns, from flat areas to the finest."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from convviz.geometry import Geometry, Pair
from convviz.matrices import Matrix

SIZE = 64
"""Rows and columns of the transform: as many as the widest dilated kernel covers."""

Floats = NDArray[np.float64]
_SAME = 1e-6

FLAT: Pair = (0, 0)
FINEST: dict[str, Pair] = {
    "lines one row high": (1, 0),
    "lines one column wide": (0, 1),
    "a chessboard of pixels": (1, 1),
}
"""The patterns that change sign with every row, with every column, with both."""


def axis() -> Floats:
    """Give the frequencies of a response's rows, and of its columns, in cycles per pixel.

    Returns
    -------
    (65,) float64 array
        From -0.5 to 0.5 in steps of 1/64; 0 is in the middle.
    """
    return np.arange(-SIZE // 2, SIZE // 2 + 1) / SIZE


def response(kernel: Matrix, geometry: Geometry) -> Floats:
    """Give the magnitude of a kernel's frequency response.

    Parameters
    ----------
    kernel : Matrix
    geometry : Geometry
        Its dilation spreads the weights; nothing else of it counts.

    Returns
    -------
    (65, 65) float64 array
        ``|H(u, v)|``, u down and v across as in `axis`: by how much a wave of u cycles a row and v
        cycles a column becomes stronger.

    Notes
    -----
    The discrete Fourier transform of the dilated kernel, padded with zeros. As H has the period 1,
    the frequencies -0.5 and 0.5 are the same. Oppenheim, Schafer, Discrete-Time Signal Processing,
    3rd edition (2010), section 8.4.
    """
    spread = np.zeros((SIZE, SIZE))
    down, across = geometry.extent(kernel.shape)
    spread[: down : geometry.dilation[0], : across : geometry.dilation[1]] = kernel.weights
    centred = np.fft.fftshift(np.abs(np.fft.fft2(spread)))
    return np.pad(centred, ((0, 1), (0, 1)), mode="wrap")


def gain(kernel: Matrix, geometry: Geometry, pattern: Pair) -> float:
    """Give ``|H|`` for a pattern that changes sign or stays, exact but for one last rounding.

    Parameters
    ----------
    kernel : Matrix
    geometry : Geometry
    pattern : (int, int)
        1 where it changes sign with every row (column), 0 where it stays.
    """
    ways = [step * dilation for step, dilation in zip(pattern, geometry.dilation, strict=True)]
    total = sum(
        (
            -weight if (ways[0] * row + ways[1] * column) % 2 else weight
            for row, weights in enumerate(kernel.fractions)
            for column, weight in enumerate(weights)
        ),
        Fraction(0),
    )
    return float(abs(total * kernel.scale))


def effect(value: float) -> str:
    """Say in a word or two what a gain does."""
    if value == 0:
        return "removes"
    if value < _SAME:
        return "all but removes"
    if abs(value - 1) < _SAME:
        return "keeps"
    if abs(value - 2) < _SAME:
        return "doubles"
    return "strengthens" if value > 1 else "weakens"


def about(kernel: Matrix, geometry: Geometry) -> str:
    """Say in one line what a kernel does to flat areas and to the finest patterns."""
    patterns = {"flat areas": FLAT, **FINEST}
    gains = {name: gain(kernel, geometry, pattern) for name, pattern in patterns.items()}
    alike: dict[str, list[str]] = {}
    for name, value in gains.items():
        alike.setdefault(f"{effect(value)} {{}} (gain {value:.3g})", []).append(name)
    said = "; it ".join(form.format(_listed(names)) for form, names in alike.items())
    return f"This kernel {said}."


def _listed(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
