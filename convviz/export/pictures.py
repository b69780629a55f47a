"""The feature map as a picture: PNG as Explore shows it, TIFF with its numbers."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np
from PIL import Image

from convviz.explorer import Whole, painted, shades
from convviz.scene import Scene
from convviz.whole_map import ShownMap

_ROWS = 256


def write_png(scene: Scene, file: BinaryIO) -> None:
    """Write the map in the display mode of the scene, one pixel for each of its numbers.

    Parameters
    ----------
    scene : Scene
    file : binary file
    """
    whole = Whole.of(scene)
    drawn = np.empty(whole.drawn.shape, np.uint8)
    # Some rows at a time: the steps from a number to its shade need many bytes for each.
    for first in range(0, len(drawn), _ROWS):
        strip = whole.drawn[first : first + _ROWS]
        drawn[first : first + _ROWS] = shades(scene.display, whole.scale, strip, max(strip.shape))
    painted(whole.scale, drawn).save(file, "PNG")


def write_tiff(scene: Scene, file: BinaryIO) -> None:
    """Write the map's numbers as a grey TIFF of 32-bit floats, neither clipped nor rescaled.

    Parameters
    ----------
    scene : Scene
    file : binary file

    Raises
    ------
    ValueError
        A number is larger than any 32-bit float.
    """
    values = ShownMap.of(scene).whole()
    largest = max(abs(float(values.min())), abs(float(values.max())))
    if largest > float(np.finfo(np.float32).max):
        raise ValueError(
            f"The feature map reaches {largest:.0e}, more than the 3e38 of a 32-bit TIFF: "
            "take it as CSV or NPY."
        )
    Image.fromarray(values.astype(np.float32, copy=False)).save(file, "TIFF")
