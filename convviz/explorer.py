"""What the explorer is told: a whole input and its whole feature map, and any part of them exactly.

Both are drawn on one plane whose unit is a pixel of the input. A cell of the feature map lies over
the pixel under the centre of its window and is as wide as the stride, so that what belongs together
stands at the same place. The whole is sent small enough for the screen; of what is enlarged the
browser asks for the pixels, and where they are large enough to be read, for the numbers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from convviz.display import Display, Numbers, Scale, hidden, scale
from convviz.geometry import Pair
from convviz.kernels import MAX_KERNEL
from convviz.methods.choice import Choice
from convviz.methods.strips import Report
from convviz.passes import taps
from convviz.payload import numbers
from convviz.scene import Scene
from convviz.screen import SCREEN, Rows, for_screen, photo_url, png_url, shrunk
from convviz.sketch import from_parts, in_parts, unit_for
from convviz.whole_map import ShownMap

LONGEST = 1280
"""Longest side, in pixels, of a part as it is sent."""
MOST_NUMBERS = 4096
"""Cells of a part up to which its numbers come along."""
ONE_PASS = (
    "The player shows one pass: apply the kernel once and subtract nothing to step through it."
)

Rectangle = tuple[int, int, int, int]
"""First row and column, last row and column and one more."""


@dataclass(frozen=True, eq=False)
class Whole:
    """The whole map of a scene: near enough to draw and count it, and each number when asked for.

    Attributes
    ----------
    scene : Scene
    shown : ShownMap
        What computes the very numbers of a part.
    near : (H_out, W_out) float32 array
        All numbers, in parts of `unit`: half as much memory as float64, and what a screen needs.
    unit : float
        1, unless float32 could not hold the numbers.
    low, high : float
        The limits of the numbers.
    seconds : float
        How long it took.
    choice : Choice or None
        The method that computed it; None for the definition, or where it is made of several maps.
    """

    scene: Scene
    shown: ShownMap
    near: NDArray[np.float32]
    unit: float
    low: float
    high: float
    seconds: float
    choice: Choice | None = None

    @classmethod
    def of(cls, scene: Scene, before: Whole | None = None, report: Report | None = None) -> Whole:
        """Compute the map, unless it was computed before; `report` is told which share is done."""
        if before is not None and before.is_of(scene):
            return replace(before, scene=scene)
        shown, unit, start = ShownMap.of(scene), unit_for(scene.reach), time.perf_counter()
        near, limits = np.empty(shown.shape, np.float32), []
        for rows, columns, values in shown.blocks(report):
            near[rows.start : rows.stop, columns.start : columns.stop] = in_parts(values, unit)
            limits += [float(values.min()), float(values.max())]
        seconds = time.perf_counter() - start
        return cls(scene, shown, near, unit, min(limits), max(limits), seconds, shown.choice())

    def is_of(self, scene: Scene) -> bool:
        """Tell whether it has the numbers of a scene, however that shows them."""
        before, after = (
            replace(of_the_whole(one), display=Display()) for one in (self.scene, scene)
        )
        return before == after

    @cached_property
    def drawn(self) -> Numbers:
        """All numbers as near as they are drawn."""
        return from_parts(self.near, self.unit)

    def part(self, rows: range, columns: range) -> NDArray[np.float64]:
        """Return the very numbers of a part."""
        return self.shown.part(rows, columns).astype(np.float64)

    @property
    def scale(self) -> Scale:
        """The scale of the feature map, the same in the whole and in its parts."""
        return scale(self.scene.display, self.low, self.high)

    @property
    def input_scale(self) -> Scale:
        """The scale of the input."""
        image = self.scene.image
        low, high = float(image.min()), float(image.max())
        return Scale.of_input(low, high, picture=self.scene.is_picture)


def of_the_whole(scene: Scene) -> Scene:
    """Return the scene with the defaults for what is no matter of the whole map and its colours."""
    return replace(scene.at_rest, chart="", line=None, tiles="", collected=())


def overview(whole: Whole) -> dict[str, Any]:
    """Describe the whole.

    Parameters
    ----------
    whole : Whole

    Returns
    -------
    dict
        Shapes, where the map lies on the plane, the two pictures as data URLs, the legend.
    """
    scene = whole.scene
    colours, windows = whole.scale, scene.windows
    return {
        "shape": list(scene.shape),
        "mapShape": list(windows.shape),
        "anchor": list(windows.centre),
        "stride": list(windows.stride),
        "extent": list(windows.extent),
        "closed": "" if scene.is_one_pass else ONE_PASS,
        "isPicture": scene.is_picture,
        "image": _input_url(whole, scene.image, whole_picture=True),
        "map": map_url(scene.display, colours, whole.drawn, SCREEN),
        "limits": [whole.low, whole.high],
        "scale": legend(colours),
        "inputScale": legend(whole.input_scale),
        "threshold": scene.display.threshold if scene.display.mode == "threshold" else None,
        "hidden": hidden(scene.display, whole.drawn),
    }


def anchor(scene: Scene, cell: Pair) -> Pair:
    """Return row and column of the pixel under the centre of the window of a cell of the map.

    It is outside the input where the centre lies in the padding. Of an even window it is the upper
    left of the middle ones, as with padding "same".
    """
    windows = scene.windows
    row, column = (windows.centre[axis] + cell[axis] * windows.stride[axis] for axis in (0, 1))
    return row, column


def part(whole: Whole, view: Rectangle) -> dict[str, Any]:
    """Describe what lies under a rectangle of the plane.

    Parameters
    ----------
    whole : Whole
    view : Rectangle
        On the plane; any integers.

    Returns
    -------
    dict
        "image" and "map", each None where the view does not meet it, else where it begins (row,
        column), its shape, its picture as a data URL, and its numbers, or None where they are many.
    """
    scene = whole.scene
    cells = cells_under(view, anchor(scene, (0, 0)), scene.windows.stride)
    return {
        "view": list(view),
        "image": _piece(
            scene.image,
            view,
            lambda cut: _input_url(whole, cut),
            lambda rows, columns: scene.image[_cut(rows, columns)],
        ),
        "map": _piece(
            whole.drawn,
            cells,
            lambda cut: map_url(scene.display, whole.scale, cut, LONGEST),
            whole.part,
        ),
    }


def cells_under(view: Rectangle, first: Pair, stride: Pair) -> Rectangle:
    """Return the cells a rectangle of the plane meets; first is the anchor of the first cell."""
    # A cell begins half a stride above the middle of its pixel: doubled, it is a whole number.
    cells = tuple(
        (2 * (view[side] - first[side % 2]) - 1 + stride[side % 2]) / (2 * stride[side % 2])
        for side in range(4)
    )
    inside = (int(np.floor(cells[0])), int(np.floor(cells[1])))
    return (*inside, int(np.ceil(cells[2])), int(np.ceil(cells[3])))


def within(asked: Rectangle, shape: tuple[int, ...]) -> Rectangle | None:
    """Return what of a rectangle is inside an array, if anything is."""
    top, left = (max(0, first) for first in asked[:2])
    bottom, right = (min(end, length) for end, length in zip(asked[2:], shape, strict=True))
    return None if top >= bottom or left >= right else (top, left, bottom, right)


def _cut(rows: range, columns: range) -> tuple[slice, slice]:
    return slice(rows.start, rows.stop), slice(columns.start, columns.stop)


def _piece(
    array: np.ndarray,
    asked: Rectangle,
    draw: Callable[[np.ndarray], str],
    exact: Callable[[range, range], np.ndarray],
) -> dict[str, Any] | None:
    found = within(asked, array.shape)
    if found is None:
        return None
    top, left, bottom, right = found
    rows, columns = range(top, bottom), range(left, right)
    few = len(rows) * len(columns) <= MOST_NUMBERS
    return {
        "at": [top, left],
        "shape": [len(rows), len(columns)],
        "url": draw(array[_cut(rows, columns)]),
        "values": numbers(exact(rows, columns).astype(np.float64)) if few else None,
    }


def lens(whole: Whole, row: int, column: int) -> dict[str, Any]:
    """Describe one place of the plane.

    Parameters
    ----------
    whole : Whole
    row, column : int
        Of a pixel; it may be outside the input.

    Returns
    -------
    dict
        The pixel's value, or None outside; the cell of the map there (row, column) with its value,
        and the numbers its window meets, row by row, with which of them are padding; or None where
        there is no cell.
    """
    scene, at = whole.scene, (row, column)
    inside = all(0 <= at[axis] < scene.shape[axis] for axis in (0, 1))
    cell = cell_at(scene, at)
    found = {
        "at": list(at),
        "value": numbers(scene.image[at].astype(np.float64))[0] if inside else None,
        "cell": None,
    }
    return {**found, **_window(whole, cell)} if cell else found


def cell_at(scene: Scene, pixel: Pair) -> Pair | None:
    """Return the cell of the map that lies over a pixel of the plane, if there is one."""
    windows = scene.windows
    return cell_over(pixel, windows.centre, windows.stride, windows.shape)


def cell_over(pixel: Pair, first: Pair, stride: Pair, shape: Pair) -> Pair | None:
    """Return the cell over a pixel, of a map of this shape; first is the anchor of its first."""
    row, column = (int(_over(np.array(pixel[axis]), first[axis], stride[axis])) for axis in (0, 1))
    return (row, column) if 0 <= row < shape[0] and 0 <= column < shape[1] else None


def cells_over(scene: Scene, axis: int, pixels: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the row (axis 0) or column (1) of the cells over those of pixels.

    It is outside the map where there is no cell.
    """
    return _over(pixels, scene.windows.centre[axis], scene.windows.stride[axis])


def _over(pixels: NDArray[np.intp], first: int, stride: int) -> NDArray[np.intp]:
    # A cell is as wide as the stride, round the middle of its pixel.
    cells: NDArray[np.intp] = (2 * (pixels - first) + stride) // (2 * stride)
    return cells


def _window(whole: Whole, cell: Pair) -> dict[str, Any]:
    scene, windows = whole.scene, whole.scene.windows
    tapped = taps(scene.times, scene.geometry, scene.kernel.shape)
    rows, columns = (
        windows.first[axis] + cell[axis] * windows.stride[axis] + _middle(tapped[axis])
        for axis in (0, 1)
    )
    outside = [
        (at < 0) | (at >= length) for at, length in zip((rows, columns), scene.shape, strict=True)
    ]
    padded = (outside[0][:, np.newaxis] | outside[1]).ravel()
    met: list[float | int | None] = [*numbers(_met(scene, rows, columns))]
    if scene.times > 1:
        # Every pass pads its own map: there is no one number beside the input.
        met = [None if beside else number for beside, number in zip(padded, met, strict=True)]
    return {
        "cell": list(cell),
        "output": numbers(whole.part(*(range(at, at + 1) for at in cell)))[0],
        "window": met,
        "windowShape": [len(rows), len(columns)],
        "padded": padded.astype(int).tolist(),
    }


def _middle(tapped: NDArray[np.intp]) -> NDArray[np.intp]:
    """Take of more rows or columns than any kernel has those in the middle."""
    beyond = max(0, len(tapped) - MAX_KERNEL[0])
    return tapped[beyond // 2 : len(tapped) - (beyond + 1) // 2]


def _met(scene: Scene, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the numbers at rows and columns of the input and its padding."""
    geometry = scene.geometry
    pads = geometry.pads(scene.shape, scene.kernel.shape)
    from_rows, from_columns = (
        source[np.clip(at + pad[0], 0, len(source) - 1)]
        for source, at, pad in zip(
            geometry.sources(scene.shape, scene.kernel.shape), (rows, columns), pads, strict=True
        )
    )
    values = scene.image[np.ix_(from_rows, from_columns)].astype(np.float64)
    values[from_rows < 0] = geometry.fill_value
    values[:, from_columns < 0] = geometry.fill_value
    return values


def _input_url(whole: Whole, cut: np.ndarray, *, whole_picture: bool = False) -> str:
    if whole_picture and whole.scene.is_picture:
        return photo_url(Image.fromarray(cut))
    if whole.scene.is_picture:
        return png_url(for_screen(Image.fromarray(cut), LONGEST))
    return shaded(whole.input_scale, cut)


def map_url(display: Display, colours: Scale, cut: Rows, longest: int) -> str:
    """Draw a part of a map, at most so many pixels long, as a data URL."""
    return png_url(painted(colours, shades(display, colours, cut, longest)))


def shades(display: Display, colours: Scale, cut: Rows, longest: int) -> NDArray[np.uint8]:
    """Return the shade of each pixel of a part of a map, made at most so many pixels long."""
    unit = unit_for(max(abs(colours.low), abs(colours.high)))
    small = shrunk(cut, longest, lambda values: in_parts(display.shown(values), unit))
    return colours.shades(from_parts(small, unit))


def shaded(colours: Scale, shown: Numbers) -> str:
    """Draw what is shown, one pixel a number, as a data URL."""
    return png_url(painted(colours, colours.shades(shown)))


def painted(colours: Scale, shades: NDArray[np.uint8]) -> Image.Image:
    """Make a picture of shades: of greys, or with the colours of the scale as its palette."""
    picture = Image.fromarray(shades)
    if colours.diverging:
        picture.putpalette(colours.table.tobytes())
    return picture


def legend(colours: Scale) -> dict[str, Any]:
    """Describe what the first and the last shade stand for."""
    return {"low": colours.low, "high": colours.high, "diverging": colours.diverging}
