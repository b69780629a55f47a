"""The tiles of a gallery: what each of them shows at any place, as numbers and as colours.

All lie on the plane of the explorer, whose unit is a pixel of the input. Magnitude, direction and
the recombined picture are worked out from their maps wherever they are looked at, so that a gallery
keeps no more than its maps.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from convviz.display import Display, Numbers, Scale, percentage
from convviz.explorer import (
    MOST_NUMBERS,
    Rectangle,
    cell_over,
    cells_under,
    legend,
    map_url,
    within,
)
from convviz.geometry import Pair
from convviz.palette import CYCLIC, WEAK, cyclic_table
from convviz.payload import numbers
from convviz.screen import for_screen, photo_url, png_url

WEAK_SHARE = 0.1
"""Part of the largest magnitude up to which a direction has no colour."""
_DIRECTIONS = 255
_STRIP = 256

Limits = tuple[float, float]


@dataclass(frozen=True, eq=False, kw_only=True)
class Tile(ABC):
    """One tile.

    Parameters
    ----------
    name : str
    first : (int, int)
        Row and column of the pixel under its first cell.
    stride : (int, int)
        How wide its cells are.
    source : int or None
        Which of the gallery's maps it is; None for what is made of several, or of none.
    """

    name: str
    first: Pair
    stride: Pair
    source: int | None = None

    @property
    @abstractmethod
    def shape(self) -> Pair:
        """Rows and columns."""

    @abstractmethod
    def numbers(self, cut: tuple[slice, slice]) -> Numbers:
        """Return the exact numbers of a part: float64 (H, W), or (H, W, 3) of a picture."""

    @abstractmethod
    def url(self, cut: tuple[slice, slice], longest: int) -> str:
        """Draw a part, at most so many pixels long, as a data URL."""

    @abstractmethod
    def caption(self) -> dict[str, Any]:
        """Say what its colours stand for: "limits", "scale", "unit"."""

    def overview(self, longest: int) -> dict[str, Any]:
        """Describe the whole tile."""
        return {
            "name": self.name,
            "source": self.source,
            "shape": list(self.shape),
            "anchor": list(self.first),
            "stride": list(self.stride),
            "url": self.url((slice(None), slice(None)), longest),
            **self.caption(),
        }

    def piece(self, view: Rectangle, longest: int) -> dict[str, Any] | None:
        """Describe what lies under a rectangle of the plane; None where nothing does."""
        found = within(cells_under(view, self.first, self.stride), self.shape)
        if found is None:
            return None
        top, left, bottom, right = found
        cut = slice(top, bottom), slice(left, right)
        few = (bottom - top) * (right - left) <= MOST_NUMBERS
        values = self.numbers(cut) if few else None
        return {
            "at": [top, left],
            "shape": [bottom - top, right - left],
            "url": self.url(cut, longest),
            "values": _known(values) if values is not None and values.ndim == 2 else None,
        }

    def at(self, row: int, column: int) -> dict[str, Any] | None:
        """Return the cell over a pixel of the plane and its number, or numbers; else None."""
        cell = cell_over((row, column), self.first, self.stride, self.shape)
        if cell is None:
            return None
        value = self.numbers((slice(cell[0], cell[0] + 1), slice(cell[1], cell[1] + 1)))
        return {"cell": list(cell), "values": _known(value)}


@dataclass(frozen=True, eq=False, kw_only=True)
class MapTile(Tile):
    """A map, or one made of several cell by cell.

    Parameters
    ----------
    maps : tuple of ndarray
        All of one shape (H, W).
    made : callable
        Of the maps; the only map itself unless it is given.
    display : Display
    colours : Scale
    limits : (float, float)
    """

    maps: tuple[Numbers, ...]
    display: Display
    colours: Scale
    limits: Limits
    made: Callable[..., Numbers] = np.asarray

    @property
    def shape(self) -> Pair:
        """Rows and columns."""
        return _shape(self.maps[0])

    def numbers(self, cut: tuple[slice, slice]) -> Numbers:
        """Return the exact numbers of a part: float64 (H, W)."""
        return self.made(*(values[cut].astype(np.float64) for values in self.maps))

    def url(self, cut: tuple[slice, slice], longest: int) -> str:
        """Draw a part in the colours of the display."""
        made = self.made(*(values[cut] for values in self.maps))
        return map_url(self.display, self.colours, made, longest)

    def caption(self) -> dict[str, Any]:
        """Say what its colours stand for."""
        return {"limits": list(self.limits), "scale": legend(self.colours), "unit": ""}


@dataclass(frozen=True, eq=False, kw_only=True)
class DirectionTile(Tile):
    """Where the gradient points, in degrees: 0 to the right, 90 down, 180 to the left, -90 up.

    Parameters
    ----------
    across, down : ndarray
        Its parts, (H, W) each.
    largest : float
        The largest magnitude.
    """

    across: Numbers
    down: Numbers
    largest: float

    @property
    def shape(self) -> Pair:
        """Rows and columns."""
        return _shape(self.across)

    def numbers(self, cut: tuple[slice, slice]) -> Numbers:
        """Return degrees; NaN where there is no gradient."""
        across, down = self._parts(cut)
        degrees = np.degrees(np.arctan2(down, across))
        # Without the minus of -0.0, which would turn left into the other left.
        degrees = np.where(degrees == -180, 180.0, degrees) + 0.0
        degrees[(across == 0) & (down == 0)] = np.nan
        return degrees

    def url(self, cut: tuple[slice, slice], longest: int) -> str:
        """Draw a part; of pixels too many for the screen some are left out: angles have no mean."""
        across, down = self._parts(_thinned(cut, self.shape, longest))
        turn = np.arctan2(down, across) / (2 * np.pi) % 1
        shades = np.rint(turn * _DIRECTIONS).astype(np.int16) % _DIRECTIONS
        shades[np.hypot(across, down) <= WEAK_SHARE * self.largest] = _DIRECTIONS
        picture = Image.fromarray(shades.astype(np.uint8))
        picture.putpalette(cyclic_table(_DIRECTIONS).tobytes())
        return png_url(picture)

    def caption(self) -> dict[str, Any]:
        """Say what its colours stand for."""
        return {"limits": None, "scale": {"circle": CYCLIC, "weak": WEAK}, "unit": "°"}

    def _parts(self, cut: tuple[Any, Any]) -> tuple[Numbers, Numbers]:
        across, down = self.across[cut].astype(np.float64), self.down[cut].astype(np.float64)
        return across, down


@dataclass(frozen=True, eq=False, kw_only=True)
class PictureTile(Tile):
    """The maps of red, green and blue as one picture of 8 bit a plane.

    Parameters
    ----------
    maps : tuple of three ndarray
        (H, W) each.
    display : Display
    colours : Scale
        The one of all three.
    """

    maps: tuple[Numbers, ...]
    display: Display
    colours: Scale

    @property
    def shape(self) -> Pair:
        """Rows and columns."""
        return _shape(self.maps[0])

    def numbers(self, cut: tuple[slice, slice]) -> Numbers:
        """Return red, green and blue as they are shown: whole numbers 0 to 255, (H, W, 3)."""
        planes = [self._grey.shades(self.display.shown(values[cut])) for values in self.maps]
        return np.stack(planes, axis=2).astype(np.float64)

    def url(self, cut: tuple[slice, slice], longest: int) -> str:
        """Draw a part."""
        unit = max(abs(self._grey.low), abs(self._grey.high)) or 1.0
        planes = []
        for values in self.maps:
            shown = (self.display.shown(values[cut]) / unit).astype(np.float32)
            small = np.asarray(for_screen(Image.fromarray(shown), longest), np.float64)
            planes.append(self._grey.shades(small * unit))
        picture = Image.fromarray(np.stack(planes, axis=2))
        return photo_url(picture) if _is_whole(cut) else png_url(picture)

    def caption(self) -> dict[str, Any]:
        """Say what its colours stand for: themselves."""
        return {"limits": None, "scale": None, "unit": ""}

    @property
    def _grey(self) -> Scale:
        return Scale(self.colours.low, self.colours.high)

    def cut_off(self) -> str:
        """Say what share of the values of its maps 8 bit have no room for."""
        clips = self.display.mode == "clip"
        size = sum(values.size for values in self.maps)
        below = above = 0
        for values in self.maps:
            below += int(np.count_nonzero(values < 0)) if clips or self.display.relu else 0
            above += int(np.count_nonzero(values > self._grey.high)) if clips else 0
        parts = f"{percentage(below, size)} below 0, {percentage(above, size)} above 255"
        share = f"{percentage(below + above, size)} of values are cut off"
        return f"{share}: {parts}." if below or above else f"{share}."


def limits_of(made: Callable[..., Numbers], maps: tuple[Numbers, ...]) -> Limits:
    """Return the least and largest number made of maps, a few rows at a time."""
    found = [
        (float(part.min()), float(part.max()))
        for start in range(0, len(maps[0]), _STRIP)
        for part in [made(*(values[start : start + _STRIP].astype(float) for values in maps))]
    ]
    return min(low for low, _ in found), max(high for _, high in found)


def _known(values: Numbers) -> list[float | None]:
    return [None if np.isnan(value) else value for value in numbers(values)]


def _shape(values: NDArray[Any]) -> Pair:
    return values.shape[0], values.shape[1]


def _is_whole(cut: tuple[slice, slice]) -> bool:
    return cut == (slice(None), slice(None))


def _thinned(cut: tuple[slice, slice], shape: Pair, longest: int) -> tuple[Any, Any]:
    """Leave rows and columns out, so that at most so many are left."""
    ranges = [range(*part.indices(length)) for part, length in zip(cut, shape, strict=True)]
    ratio = min(1.0, longest / max(map(len, ranges)))
    rows, columns = np.ix_(
        *(
            part.start + ((np.arange(count) + 0.5) * len(part) / count).astype(int)
            for part in ranges
            for count in [max(1, round(len(part) * ratio))]
        )
    )
    return rows, columns
