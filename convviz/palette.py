"""The colours of values: one grey scale, one diverging scale, one rule for the digits on them.

The scales are data here and nowhere else. Pages, pictures and exports read them from this file.
"""

from __future__ import annotations

from collections.abc import Sequence

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


_STOPS = tuple(_rgb(stop) for stop in DIVERGING)


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
    stops = np.array(_STOPS, float)
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


def diverging(share: float) -> str:
    """Return the diverging colour of -1 to +1 as "#RRGGBB"; what lies beyond is cut off."""
    return _hex(_mixed(share))


def grey(share: float) -> str:
    """Return the grey of 0 (black) to 1 (white) as "#RRGGBB"; what lies beyond is cut off."""
    return _hex((255 * max(0.0, min(1.0, share)),) * 3)


def ink(share: float) -> str:
    """Return black or white, whichever reads better on the diverging colour of -1 to +1.

    They change over at the relative luminance 0.179 (WCAG 2.2), where both have a contrast of 4.58.
    """
    return _ink(_mixed(share))


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads better on a colour "#RRGGBB"; see `ink`."""
    return _ink(_rgb(colour))


def _mixed(share: float) -> tuple[float, ...]:
    at = (max(-1.0, min(1.0, share)) + 1) / 2 * (len(_STOPS) - 1)
    low = min(int(at), len(_STOPS) - 2)
    pairs = zip(_STOPS[low], _STOPS[low + 1], strict=True)
    return tuple(before + (after - before) * (at - low) for before, after in pairs)


def _hex(channels: Sequence[float]) -> str:
    return "#" + "".join(f"{int(channel + 0.5):02X}" for channel in channels)


def _ink(channels: Sequence[float]) -> str:
    parts = [channel / 255 for channel in channels]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return "#000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#fff"
