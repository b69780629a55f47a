"""What the explorer is told: a whole input and its whole feature map, and any part of them exactly.

Both are drawn on one plane whose unit is a pixel of the input. A cell of the feature map lies over
the pixel under the centre of its window and is as wide as the stride, so that what belongs together
stands at the same place. The whole is sent small enough for the screen; of what is enlarged the
browser asks for the pixels, and where they are large enough to be read, for the numbers.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from convviz.display import Scale, hidden, scale
from convviz.feature_map import computed
from convviz.geometry import Pair
from convviz.methods.choice import Choice
from convviz.payload import numbers
from convviz.scene import Scene
from convviz.screen import SCREEN, for_screen, photo_url, png_url

LONGEST = 1280
"""Longest side, in pixels, of a part as it is sent."""
MOST_NUMBERS = 4096
"""Cells of a part up to which its numbers come along."""

Rectangle = tuple[int, int, int, int]
"""First row and column, last row and column and one more."""


@dataclass(frozen=True, eq=False)
class Whole:
    """All numbers of a scene.

    Attributes
    ----------
    scene : Scene
    values : ndarray
        The whole feature map (H_out, W_out).
    low, high : float
        Its limits.
    seconds : float
        How long it took.
    choice : Choice or None
        The method that computed it; None for the definition.
    """

    scene: Scene
    values: np.ndarray
    low: float
    high: float
    seconds: float
    choice: Choice | None = None

    @classmethod
    def of(cls, scene: Scene, before: Whole | None = None) -> Whole:
        """Compute the map, unless it was computed before."""
        if before is not None and _same_numbers(scene, before.scene):
            return replace(before, scene=scene)
        start = time.perf_counter()
        made = computed(scene)
        seconds = time.perf_counter() - start
        low, high = float(made.values.min()), float(made.values.max())
        return cls(scene, made.values, low, high, seconds, made.choice)

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


def _same_numbers(one: Scene, other: Scene) -> bool:
    return replace(of_the_whole(one), display=other.display) == of_the_whole(other)


def of_the_whole(scene: Scene) -> Scene:
    """Return the scene with the defaults for what is no matter of the whole map and its colours."""
    return replace(scene, patch=None, step=1, chart="", line=None)


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
    colours = whole.scale
    return {
        "shape": list(scene.shape),
        "mapShape": list(scene.output_shape),
        "anchor": list(anchor(scene, (0, 0))),
        "stride": list(scene.geometry.stride),
        "extent": list(scene.geometry.extent(scene.kernel.shape)),
        "isPicture": scene.is_picture,
        "image": _input_url(whole, scene.image, whole_picture=True),
        "map": _map_url(whole, whole.values, SCREEN),
        "limits": [whole.low, whole.high],
        "scale": _legend(colours),
        "inputScale": _legend(whole.input_scale),
        "threshold": scene.display.threshold if scene.display.mode == "threshold" else None,
        "hidden": hidden(scene.display, whole.values),
    }


def anchor(scene: Scene, cell: Pair) -> Pair:
    """Return row and column of the pixel under the centre of the window of a cell of the map.

    It is outside the input where the centre lies in the padding. Of an even window it is the upper
    left of the middle ones, as with padding "same".
    """
    pads = scene.geometry.pads(scene.shape, scene.kernel.shape)
    extent = scene.geometry.extent(scene.kernel.shape)
    row, column = (
        cell[axis] * scene.geometry.stride[axis] - pads[axis][0] + (extent[axis] - 1) // 2
        for axis in (0, 1)
    )
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
    first = anchor(scene, (0, 0))
    stride = scene.geometry.stride
    # A cell begins half a stride above the middle of its pixel: doubled, it is a whole number.
    cells = tuple(
        (2 * (view[side] - first[side % 2]) - 1 + stride[side % 2]) / (2 * stride[side % 2])
        for side in range(4)
    )
    inside = (int(np.floor(cells[0])), int(np.floor(cells[1])))
    beyond = (int(np.ceil(cells[2])), int(np.ceil(cells[3])))
    return {
        "view": list(view),
        "image": _piece(scene.image, view, lambda cut: _input_url(whole, cut)),
        "map": _piece(whole.values, (*inside, *beyond), lambda cut: _map_url(whole, cut, LONGEST)),
    }


def _piece(array: np.ndarray, asked: Rectangle, draw: Any) -> dict[str, Any] | None:
    top, left = (max(0, first) for first in asked[:2])
    bottom, right = (min(end, length) for end, length in zip(asked[2:], array.shape, strict=True))
    if top >= bottom or left >= right:
        return None
    cut = array[top:bottom, left:right]
    return {
        "at": [top, left],
        "shape": list(cut.shape),
        "url": draw(cut),
        "values": numbers(cut.astype(np.float64)) if cut.size <= MOST_NUMBERS else None,
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
    row, column = (int(cells_over(scene, axis, np.array(pixel[axis]))) for axis in (0, 1))
    rows, columns = scene.output_shape
    return (row, column) if 0 <= row < rows and 0 <= column < columns else None


def cells_over(scene: Scene, axis: int, pixels: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the row (axis 0) or column (1) of the cells over those of pixels.

    It is outside the map where there is no cell.
    """
    first, stride = anchor(scene, (0, 0))[axis], scene.geometry.stride[axis]
    # A cell is as wide as the stride, round the middle of its pixel.
    cells: NDArray[np.intp] = (2 * (pixels - first) + stride) // (2 * stride)
    return cells


def _window(whole: Whole, cell: Pair) -> dict[str, Any]:
    scene, geometry = whole.scene, whole.scene.geometry
    pads = geometry.pads(scene.shape, scene.kernel.shape)
    # Where the taps of the window lie in the padded input.
    rows, columns = (
        cell[axis] * geometry.stride[axis]
        + np.arange(scene.kernel.shape[axis]) * geometry.dilation[axis]
        for axis in (0, 1)
    )
    sources = geometry.sources(scene.shape, scene.kernel.shape)
    from_rows, from_columns = sources[0][rows], sources[1][columns]
    values = scene.image[np.ix_(from_rows, from_columns)].astype(np.float64)
    values[from_rows < 0] = geometry.fill_value
    values[:, from_columns < 0] = geometry.fill_value
    outside = [
        (at < pad) | (at >= pad + length)
        for at, (pad, _), length in zip((rows, columns), pads, scene.shape, strict=True)
    ]
    return {
        "cell": list(cell),
        "output": numbers(whole.values[cell].astype(np.float64))[0],
        "window": numbers(values),
        "windowShape": list(values.shape),
        "padded": (outside[0][:, np.newaxis] | outside[1]).ravel().astype(int).tolist(),
    }


def _input_url(whole: Whole, cut: np.ndarray, *, whole_picture: bool = False) -> str:
    if whole_picture and whole.scene.is_picture:
        return photo_url(Image.fromarray(cut))
    if whole.scene.is_picture:
        return png_url(for_screen(Image.fromarray(cut), LONGEST))
    return _png(whole.input_scale, whole.input_scale.shades(cut))


def _map_url(whole: Whole, cut: np.ndarray, longest: int) -> str:
    colours, shown = whole.scale, whole.scene.display.shown(cut)
    # In parts of the limit: no float32 holds 1e280.
    unit = max(abs(colours.low), abs(colours.high)) or 1.0
    small = for_screen(Image.fromarray((shown / unit).astype(np.float32)), longest)
    return _png(colours, colours.shades(np.asarray(small, dtype=np.float64) * unit))


def _png(colours: Scale, shades: np.ndarray) -> str:
    picture = Image.fromarray(shades)
    if colours.diverging:
        picture.putpalette(colours.table.tobytes())
    return png_url(picture)


def _legend(colours: Scale) -> dict[str, Any]:
    return {"low": colours.low, "high": colours.high, "diverging": colours.diverging}
