"""The colours of values: one grey scale, one diverging scale, one rule for the digits on them.

The scales are data here and nowhere else. Pages, pictures and exports read them from this file.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

DIVERGING = (
    "#7F3B08", "#B35806", "#E08214", "#FDB863", "#FEE0B6", "#F7F7F7",
    "#D8E6F3", "#92C5DE", "#4393C3", "#2166AC", "#053061",
)  # fmt: skip
"""Stops from -1 to +1, orange through near-white to blue."""

CYCLIC = (
    "#FFF1A8", "#8CCB9B", "#3B7DD8", "#2B3F9E",
    "#2A1045", "#8A1F4F", "#D9541E", "#F5A95B",
)  # fmt: skip
"""Stops round the circle, from 0 degrees on: pale yellow, blue at 90, dark at 180, red at 270.

Opposite ones differ in lightness, or as blue and orange do, which nearly every eye tells apart.
"""
WEAK = "#8C8C8C"
"""No direction that is worth a colour."""


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def diverging_table(entries: int = 255) -> npt.NDArray[np.uint8]:
    """Sample the diverging scale.

    Parameters
    ----------
    entries : int
        How many colours; an odd number puts 0 exactly on the middle one.

    Returns
    -------
    ndarray
        uint8 of shape (entries, 3), from -1 to +1.
    """
    stops = np.array([_rgb(stop) for stop in DIVERGING], float)
    at = np.linspace(0, len(stops) - 1, entries)
    channels = [np.interp(at, np.arange(len(stops)), stops[:, c]) for c in range(3)]
    table: npt.NDArray[np.uint8] = np.rint(np.stack(channels, axis=1)).astype(np.uint8)
    return table


def cyclic_table(entries: int = 255) -> npt.NDArray[np.uint8]:
    """Sample the circle of directions, and put `WEAK` behind it.

    Parameters
    ----------
    entries : int
        How many colours for 0 to 360 degrees, without the last.

    Returns
    -------
    ndarray
        uint8 of shape (entries + 1, 3).
    """
    stops = np.array([_rgb(stop) for stop in (*CYCLIC, CYCLIC[0])], float)
    at = np.arange(entries) * len(CYCLIC) / entries
    channels = [np.interp(at, np.arange(len(stops)), stops[:, c]) for c in range(3)]
    circle = np.rint(np.stack(channels, axis=1)).astype(np.uint8)
    return np.vstack([circle, np.array([_rgb(WEAK)], np.uint8)])


def ink(share: float) -> str:
    """Return black or white, whichever reads better on the diverging colour of -1 to +1.

    They change over at the relative luminance 0.179 (WCAG 2.2), where both have a contrast of 4.58.
    """
    stops = np.array([_rgb(stop) for stop in DIVERGING], float)
    at = (share + 1) / 2 * (len(stops) - 1)
    channels = [np.interp(at, np.arange(len(stops)), stops[:, c]) / 255 for c in range(3)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return "#000" if np.dot(linear, (0.2126, 0.7152, 0.0722)) > 0.179 else "#fff"
