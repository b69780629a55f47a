"""What the player is told: a plain dictionary, made by a pure function.

Everything the drawing needs is finished here: where each number of the padded image came from,
where the windows begin, which weight meets which cell, and every output. The script only looks
numbers up, multiplies the two numbers of a term and adds the products in order.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from convviz.chain import Finish
from convviz.feature_map import Region, block_trace, region
from convviz.inputs import Typed
from convviz.scene import Scene
from convviz.trace import Trace

GREY_HIGH = 255.0


def payload(scene: Scene) -> dict[str, Any]:
    """Describe a scene for the player.

    Parameters
    ----------
    scene : Scene

    Returns
    -------
    dict
        Plain lists, numbers and texts, ready for `json.dumps(..., allow_nan=False)`. Rows and
        columns count from 0; the words on the screen count from 1.
    """
    part = region(scene)
    finish = Finish.of(scene.kernel, scene.bias)
    steps = block_trace(scene, part, finish)
    return {
        "image": _image(scene, part),
        "kernel": _kernel(scene, finish),
        "geometry": _geometry(scene),
        "products": {"limit": _largest_product(steps) / finish.divisor},
        "output": _output(scene, finish(steps.output)),
        "bias": scene.bias,
        "step": min(scene.step, len(scene.block)),
        "view": scene.view,
        "predict": scene.predict,
    }


def payload_text(scene: Scene, **more: Any) -> str:
    """Return the payload as JSON text.

    Parameters
    ----------
    scene : Scene
    **more
        Further entries, of the page that shows it.
    """
    return json.dumps({**payload(scene), **more}, allow_nan=False, separators=(",", ":"))


def numbers(values: np.ndarray) -> list[float | int]:
    """Flatten to JSON numbers, whole ones without a decimal point."""
    return [int(v) if v.is_integer() and abs(v) < 2**53 else v for v in values.ravel().tolist()]


def _image(scene: Scene, part: Region) -> dict[str, Any]:
    values = part.values
    low, high = float(scene.image.min()), float(scene.image.max())
    signed = low < 0
    return {
        "rows": values.shape[0],
        "columns": values.shape[1],
        "values": numbers(values),
        "fractions": _fractions(scene, part),
        "rowSources": part.row_sources.tolist(),
        "columnSources": part.column_sources.tolist(),
        "firstRow": part.first_row,
        "firstColumn": part.first_column,
        "wholeRows": scene.shape[0],
        "wholeColumns": scene.shape[1],
        "scale": "diverging" if signed else "grey",
        "limit": max(abs(low), abs(high)) if signed else GREY_HIGH if scene.is_picture else high,
        "picture": scene.is_picture,
    }


def _fractions(scene: Scene, part: Region) -> dict[int, str]:
    """Give the text of each cell that was typed as a fraction: 1/9 stays 1/9."""
    if not isinstance(scene.input, Typed) or scene.input.matrix.factor != "1":
        return {}
    cells, columns = scene.input.matrix.cells, len(part.column_sources)
    return {
        row * columns + column: cells[source][beside]
        for row, source in enumerate(part.row_sources)
        for column, beside in enumerate(part.column_sources)
        if source >= 0 and beside >= 0 and "/" in cells[source][beside]
    }


def _kernel(scene: Scene, finish: Finish) -> dict[str, Any]:
    rows, columns = scene.kernel.shape
    cells = list(range(rows * columns))
    return {
        "rows": rows,
        "columns": columns,
        "texts": [cell for line in scene.kernel.cells for cell in line],
        "numerators": numbers(finish.numerators),
        "divisor": finish.divisor,
        "factor": scene.kernel.factor,
        "limit": float(np.abs(scene.kernel.values).max()),
        "flip": scene.flip,
        "taps": cells[::-1] if scene.flip else cells,
    }


def _geometry(scene: Scene) -> dict[str, Any]:
    geometry, block = scene.geometry, scene.block
    left = geometry.unreached(scene.shape, scene.kernel.shape)
    ends = (block.rows.stop, block.columns.stop)
    return {
        "stride": list(geometry.stride),
        "dilation": list(geometry.dilation),
        "boundary": geometry.boundary,
        "fill": geometry.fill_value,
        "extent": list(geometry.extent(scene.kernel.shape)),
        "tapRows": [tap * geometry.dilation[0] for tap in range(scene.kernel.shape[0])],
        "tapColumns": [tap * geometry.dilation[1] for tap in range(scene.kernel.shape[1])],
        "rowStarts": [geometry.stride[0] * row for row in range(len(block.rows))],
        "columnStarts": [geometry.stride[1] * column for column in range(len(block.columns))],
        "unreached": [
            left[axis] if ends[axis] == scene.output_shape[axis] else 0 for axis in (0, 1)
        ],
    }


def _output(scene: Scene, values: np.ndarray) -> dict[str, Any]:
    return {
        "rows": values.shape[0],
        "columns": values.shape[1],
        "values": numbers(values),
        "firstRow": scene.block.rows.start,
        "firstColumn": scene.block.columns.start,
        "wholeRows": scene.output_shape[0],
        "wholeColumns": scene.output_shape[1],
        "limit": float(np.abs(values).max()),
    }


def _largest_product(steps: Trace) -> float:
    """Largest |product| of the run: the products' colours stay fixed while it plays."""
    image, weights = np.abs(steps.image), np.abs(steps.weights)
    (down, across), (apart, beside) = steps.geometry.stride, steps.geometry.dilation
    rows, columns = steps.shape
    return max(
        float(_tapped(image, row * apart, rows, down, column * beside, columns, across).max())
        * float(weights[row, column])
        for row, column in np.ndindex(*weights.shape)
    )


def _tapped(image: np.ndarray, *axes: int) -> np.ndarray:
    """Return the cells one weight meets: (first, count, stride) for rows, then for columns."""
    row, rows, down, column, columns, across = axes
    return image[
        row : row + (rows - 1) * down + 1 : down,
        column : column + (columns - 1) * across + 1 : across,
    ]
