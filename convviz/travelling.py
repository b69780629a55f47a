"""What of a scene travels in a link: all of it, but of a large picture only the patch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.geometry import Geometry, Pair
from convviz.inputs import Picture
from convviz.line import Line
from convviz.packing import MAX_SIDE
from convviz.scene import MAX_POSITIONS, Patch, Scene


def travelling(scene: Scene) -> Scene:
    """Return the scene that will open from the link.

    Parameters
    ----------
    scene : Scene

    Returns
    -------
    Scene
        Its step and its line, and its patch if it is a picture, are in range. Of a picture of more
        than 32 x 32 it has the patch that is stepped through, one plane as grey; where not even
        that is possible, since the kernel spans more, it is the scene itself. What Explore does
        beside the one pass is left out where the patch is too small for it.
    """
    picture = scene.input
    if isinstance(picture, Picture) and max(picture.pixels.shape[:2]) > MAX_SIDE:
        for shown in (scene, scene.one_pass):
            try:
                return _patch_alone(shown, picture)
            except ValueError:
                continue
        return scene
    patch = scene.patch and (scene.patch_in_use or scene.patch)
    line = scene.line and scene.line_in_use
    return replace(scene, patch=patch, step=min(scene.step, len(scene.block)), line=line)


def whole_shape(picture: Picture) -> Pair:
    """Rows and columns of the picture that was brought, even where only part of it is left."""
    return picture.cut_from or (picture.pixels.shape[0], picture.pixels.shape[1])


def grey(plane: NDArray[Any]) -> NDArray[Any]:
    """Make a picture (H, W, 3) of one plane (H, W)."""
    return np.repeat(plane[:, :, np.newaxis], 3, axis=2)


def _patch_alone(scene: Scene, picture: Picture) -> Scene:
    """Make the patch a picture of its own, at the same position.

    It begins where the windows begin, so that each window inside it has the same numbers at the
    same position. Of a patch larger than what may travel, the part round the position is taken.
    """
    weights, geometry = scene.kernel.shape, _same_padding(scene)
    rows, columns = (_length(scene, axis) for axis in (0, 1))
    counts = geometry.output_shape((rows, columns), weights)
    at = divmod(min(scene.step, len(scene.block)) - 1, len(scene.block.columns))
    cuts, place = [], []
    for axis, part in enumerate((scene.block.rows, scene.block.columns)):
        skipped = max(0, min(at[axis] - counts[axis] // 2, len(part) - counts[axis]))
        start = part[skipped] * geometry.stride[axis]
        cuts.append(slice(start, start + (rows, columns)[axis]))
        place.append(at[axis] - skipped)
    pixels = grey(scene.image[cuts[0], cuts[1]])
    across = min(geometry.output_shape(pixels.shape[:2], weights)[1], MAX_POSITIONS)
    return replace(
        scene,
        input=Picture(pixels, picture.name, whole_shape(picture)),
        geometry=geometry,
        patch=None,
        step=place[0] * across + place[1] + 1,
        line=_line_in(scene, cuts),
    )


def _line_in(scene: Scene, cuts: list[slice]) -> Line | None:
    """Return the line as it lies in a part of the picture; None where it leaves it."""
    row, column, last_row, last_column = scene.line or (-1,) * 4
    rows, columns = (range(cut.start, cut.stop) for cut in cuts)
    if not {row, last_row} <= set(rows) or not {column, last_column} <= set(columns):
        return None
    top, left = rows.start, columns.start
    return row - top, column - left, last_row - top, last_column - left


def _same_padding(scene: Scene) -> Geometry:
    """Write "same" as amounts where it would mean others for a picture of another size."""
    if scene.geometry.padding != "same" or scene.geometry.stride == (1, 1):
        return scene.geometry
    pads = scene.geometry.pads(scene.shape, scene.kernel.shape)
    return replace(scene.geometry, padding=pads)


def _length(scene: Scene, axis: int) -> int:
    """Rows, or columns, from the first window that is stepped through to the patch's end."""
    patch, length = scene.patch_in_use or Patch(0, 0), scene.shape[axis]
    size = scene.patch_span[axis]
    first = max(0, min((patch.row, patch.column)[axis], length - size))
    return min(size + first % scene.geometry.stride[axis], length, MAX_SIDE)
