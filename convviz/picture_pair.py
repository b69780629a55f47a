"""A whole picture and its feature map, made small enough for the screen.

Only the look is reduced: the numbers stay with the scene.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

from convviz.display import Display
from convviz.methods.strips import Report
from convviz.palette import diverging_table
from convviz.scene import Patch, Scene
from convviz.screen import SCREEN, photo_url, png_url
from convviz.sketch import Sketch, unit_for
from convviz.whole_map import ShownMap

_SHADES = 127


def pictures(scene: Scene, report: Report | None = None) -> dict[str, Any]:
    """Draw the pair: what costs time, and changes neither with the patch nor with the step.

    Parameters
    ----------
    scene : Scene
        Of a picture.
    report : callable, optional
        Told which share of the map is done.

    Returns
    -------
    dict
        Two pictures as data URLs, and the limits of the map's values.
    """
    scene = scene.one_pass
    sketch = Sketch.of(ShownMap.of(scene), SCREEN, Display(), unit_for(scene.reach), report)
    low, high = sketch.limits
    limit = max(abs(low), abs(high))
    return {
        "image": photo_url(Image.fromarray(scene.image)),
        "map": png_url(_signed(sketch.shown, limit)),
        "low": low,
        "high": high,
        "limit": limit,
    }


def marks(scene: Scene) -> dict[str, Any]:
    """Describe what is marked in the pair.

    Parameters
    ----------
    scene : Scene
        Of a picture.

    Returns
    -------
    dict
        The shapes, where each window begins in the picture (row and column, negative in the
        padding), the patch that is stepped through and its first position.
    """
    geometry, patch = scene.geometry, scene.patch_in_use
    pads = geometry.pads(scene.shape, scene.kernel.shape)
    starts = geometry.starts(scene.shape, scene.kernel.shape)
    return {
        "shape": list(scene.shape),
        "mapShape": list(scene.output_shape),
        "rowStarts": (starts[0] - pads[0][0]).tolist(),
        "columnStarts": (starts[1] - pads[1][0]).tolist(),
        "extent": list(geometry.extent(scene.kernel.shape)),
        "patch": _patch(scene, patch) if patch else None,
        "first": [scene.block.rows.start, scene.block.columns.start],
    }


def _patch(scene: Scene, patch: Patch) -> list[int]:
    """First row and column, then rows and columns, of what the windows take in."""
    firsts = zip((patch.row, patch.column), scene.patch_span, scene.shape, strict=True)
    inside = [min(first, length - span) for first, span, length in firsts]
    return [*inside, *scene.patch_span]


def _signed(values: np.ndarray, limit: float) -> Image.Image:
    """Colour values with the diverging scale, 0 exactly in its middle."""
    share = values * (_SHADES / limit if limit else 0.0)
    shades = np.rint(np.clip(share, -_SHADES, _SHADES)).astype(np.int16) + _SHADES
    picture = Image.fromarray(shades.astype(np.uint8))
    picture.putpalette(diverging_table(2 * _SHADES + 1).tobytes())
    return picture
