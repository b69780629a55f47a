"""The tiles of a gallery: what each of them shows at any place, as numbers and as colours.

All lie on the plane of the explorer, whose unit is a pixel of the input. Magnitude, direction and
the recombined picture are worked out from their maps, and those from the input, wherever they are
looked at: a gallery keeps no map, only a sketch of each.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

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
    shaded,
    within,
)
from convviz.geometry import Pair
from convviz.palette import CYCLIC, WEAK, cyclic_table
from convviz.payload import numbers
from convviz.screen import Made, Rows, photo_url, png_url, shrunk
from convviz.sketch import Sketch, from_parts, in_parts

WEAK_SHARE = 0.1
"""Part of the largest magnitude up to which a direction has no colour."""
_DIRECTIONS = 255
_AT_ONCE = 2**19


class Numbered(Protocol):
    """Numbers of a part computed when it is looked at."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""

    def part(self, rows: range, columns: range, /) -> Numbers:
        """Return a part."""


@dataclass(frozen=True, eq=False)
class Still:
    """Numbers that are there: an input."""

    values: Numbers

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""
        return self.values.shape

    def part(self, rows: range, columns: range) -> Numbers:
        """Return a part."""
        return self.values[rows.start : rows.stop, columns.start : columns.stop]


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
    maps : tuple of Numbered
        What it is made of, all of one shape (H, W).
    """

    name: str
    first: Pair
    stride: Pair
    source: int | None = None

    maps: tuple[Numbered, ...]

    @property
    def shape(self) -> Pair:
        """Rows and columns."""
        return self.maps[0].shape[0], self.maps[0].shape[1]

    @abstractmethod
    def numbers(self, rows: range, columns: range) -> Numbers:
        """Return the exact numbers of a part: float64 (H, W), or (H, W, 3) of a picture."""

    @abstractmethod
    def url(self, rows: range, columns: range, longest: int) -> str:
        """Draw a part, at most so many pixels long, as a data URL."""

    @abstractmethod
    def whole_url(self, longest: int) -> str:
        """Draw the whole, at most so many pixels long, as a data URL."""

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
            "url": self.whole_url(longest),
            **self.caption(),
        }

    def piece(self, view: Rectangle, longest: int) -> dict[str, Any] | None:
        """Describe what lies under a rectangle of the plane; None where nothing does."""
        found = within(cells_under(view, self.first, self.stride), self.shape)
        if found is None:
            return None
        top, left, bottom, right = found
        rows, columns = range(top, bottom), range(left, right)
        few = len(rows) * len(columns) <= MOST_NUMBERS
        values = self.numbers(rows, columns) if few else None
        return {
            "at": [top, left],
            "shape": [len(rows), len(columns)],
            "url": self.url(rows, columns, longest),
            "values": _known(values) if values is not None and values.ndim == 2 else None,
        }

    def at(self, row: int, column: int) -> dict[str, Any] | None:
        """Return the cell over a pixel of the plane and its number, or numbers; else None."""
        cell = cell_over((row, column), self.first, self.stride, self.shape)
        if cell is None:
            return None
        value = self.numbers(*(range(at, at + 1) for at in cell))
        return {"cell": list(cell), "values": _known(value)}


@dataclass(frozen=True, eq=False, kw_only=True)
class MapTile(Tile):
    """A map, or one made of several cell by cell.

    Parameters
    ----------
    made : callable
        Of the maps; the only map itself unless it is given.
    display : Display
    colours : Scale
    sketch : Sketch
        Of what is made, as it is displayed.
    """

    display: Display
    colours: Scale
    sketch: Sketch
    made: Callable[..., Numbers] = np.asarray

    def numbers(self, rows: range, columns: range) -> Numbers:
        """Return the exact numbers of a part: float64 (H, W)."""
        return self.made(*_exact(self.maps, rows, columns))

    def url(self, rows: range, columns: range, longest: int) -> str:
        """Draw a part in the colours of the display."""
        return map_url(
            self.display, self.colours, part(self.maps, rows, columns, self.made), longest
        )

    def whole_url(self, longest: int) -> str:
        """Draw the whole from its sketch, which has that size already."""
        return shaded(self.colours, self.sketch.shown)

    def caption(self) -> dict[str, Any]:
        """Say what its colours stand for."""
        return {"limits": list(self.sketch.limits), "scale": legend(self.colours), "unit": ""}


@dataclass(frozen=True, eq=False, kw_only=True)
class DirectionTile(Tile):
    """Where the gradient points, in degrees: 0 to the right, 90 down, 180 to the left, -90 up.

    Parameters
    ----------
    maps : (Numbered, Numbered)
        Its parts across and down.
    largest : float
        The largest magnitude.
    """

    largest: float

    def numbers(self, rows: range, columns: range) -> Numbers:
        """Return degrees; NaN where there is no gradient."""
        across, down = _exact(self.maps, rows, columns)
        degrees = np.degrees(np.arctan2(down, across))
        # Without the minus of -0.0, which would turn left into the other left.
        degrees = np.where(degrees == -180, 180.0, degrees) + 0.0
        degrees[(across == 0) & (down == 0)] = np.nan
        return degrees

    def url(self, rows: range, columns: range, longest: int) -> str:
        """Draw a part; of pixels too many for the screen some are left out: angles have no mean."""
        across, down = _thinned(self.maps, rows, columns, longest)
        turn = np.arctan2(down, across) / (2 * np.pi) % 1
        shades = np.rint(turn * _DIRECTIONS).astype(np.int16) % _DIRECTIONS
        shades[np.hypot(across, down) <= WEAK_SHARE * self.largest] = _DIRECTIONS
        picture = Image.fromarray(shades.astype(np.uint8))
        picture.putpalette(cyclic_table(_DIRECTIONS).tobytes())
        return png_url(picture)

    def whole_url(self, longest: int) -> str:
        """Draw the whole."""
        return self.url(range(self.shape[0]), range(self.shape[1]), longest)

    def caption(self) -> dict[str, Any]:
        """Say what its colours stand for."""
        return {"limits": None, "scale": {"circle": CYCLIC, "weak": WEAK}, "unit": "°"}


@dataclass(frozen=True, eq=False, kw_only=True)
class PictureTile(Tile):
    """The maps of red, green and blue as one picture of 8 bit a plane.

    Parameters
    ----------
    maps : tuple of three Numbered
    display : Display
    colours : Scale
        The one of all three.
    sketches : tuple of Sketch
        Of the maps, as they are displayed.
    """

    display: Display
    colours: Scale
    sketches: tuple[Sketch, ...]

    def numbers(self, rows: range, columns: range) -> Numbers:
        """Return red, green and blue as they are shown: whole numbers 0 to 255, (H, W, 3)."""
        planes = (one.part(rows, columns) for one in self.maps)
        shades = [self._grey.shades(self.display.shown(values)) for values in planes]
        return np.stack(shades, axis=2).astype(np.float64)

    def url(self, rows: range, columns: range, longest: int) -> str:
        """Draw a part."""
        unit = self.sketches[0].unit
        planes = [
            shrunk(
                part((one,), rows, columns, np.asarray),
                longest,
                lambda values: in_parts(self.display.shown(values), unit),
            )
            for one in self.maps
        ]
        return png_url(self._coloured([from_parts(plane, unit) for plane in planes]))

    def whole_url(self, longest: int) -> str:
        """Draw the whole from the sketches of its planes, which have that size already."""
        return photo_url(self._coloured([sketch.shown for sketch in self.sketches]))

    def caption(self) -> dict[str, Any]:
        """Say what its colours stand for: themselves."""
        return {"limits": None, "scale": None, "unit": ""}

    def _coloured(self, planes: list[Numbers]) -> Image.Image:
        return Image.fromarray(np.stack([self._grey.shades(plane) for plane in planes], axis=2))

    @property
    def _grey(self) -> Scale:
        return Scale(self.colours.low, self.colours.high)

    def cut_off(self) -> str:
        """Say what share of the values of its maps 8 bit have no room for."""
        clips = self.display.mode == "clip"
        size = len(self.maps) * self.shape[0] * self.shape[1]
        below = sum(one.below for one in self.sketches) if clips or self.display.relu else 0
        above = sum(one.above for one in self.sketches) if clips else 0
        parts = f"{percentage(below, size)} below 0, {percentage(above, size)} above 255"
        share = f"{percentage(below + above, size)} of values are cut off"
        return f"{share}: {parts}." if below or above else f"{share}."


def part(
    maps: tuple[Numbered, ...], rows: range, columns: range, made: Callable[..., Numbers]
) -> Rows:
    """Return a part of what is made of maps, to be computed some rows at a time."""

    def make(within: range) -> Numbers:
        return made(*(one.part(rows[within.start : within.stop], columns) for one in maps))

    return Made((len(rows), len(columns)), make)


def _exact(maps: tuple[Numbered, ...], rows: range, columns: range) -> list[NDArray[np.float64]]:
    return [one.part(rows, columns).astype(np.float64) for one in maps]


def _known(values: Numbers) -> list[float | None]:
    return [None if np.isnan(value) else value for value in numbers(values)]


def _thinned(
    maps: tuple[Numbered, ...], rows: range, columns: range, longest: int
) -> list[NDArray[np.float64]]:
    """Take a part of maps, without some rows and columns, so that at most so many are left."""
    ratio = min(1.0, longest / max(len(rows), len(columns)))
    kept = [
        ((np.arange(count) + 0.5) * len(places) / count).astype(int)
        for places in (rows, columns)
        for count in [max(1, round(len(places) * ratio))]
    ]
    taken = [np.empty((len(kept[0]), len(kept[1]))) for _ in maps]
    # As many rows of the maps as may be there at once, or as one row that is kept needs.
    step = max(1, int(_AT_ONCE / len(columns) * len(kept[0]) / len(rows)))
    for begin in range(0, len(kept[0]), step):
        some = kept[0][begin : begin + step]
        first = int(some[0])
        for one, into in zip(maps, taken, strict=True):
            found = one.part(rows[first : int(some[-1]) + 1], columns)
            into[begin : begin + step] = found[np.ix_(some - first, kept[1])]
    return taken
