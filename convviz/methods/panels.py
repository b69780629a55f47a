"""An image too wide for the work memory, in panels side by side."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.methods.copies import Copies
from convviz.methods.fourier import Fourier
from convviz.methods.layout import Layout, sliced

# A method that works on whole rows holds as many as the kernel is high, and for each that it makes
# at a time one to read, one between two passes, and what comes out of one term or two.
OF_EACH_ROW = 4
# One that takes some columns at a time may still need the definition, which makes few rows.
MADE_ROWS_AGAIN = 4
# Each panel has a matrix of the weights; of more bytes it is not made several times.
WEIGHT_BYTES = 20_000


def panel_count(layout: Layout, weights: NDArray[Any], method: object) -> int:
    """Say how many panels keep a method for weights (kh, kw, depth, filters) to its memory."""
    if weights.nbytes > WEIGHT_BYTES:
        return 1
    made = OF_EACH_ROW * getattr(method, "block", 4)
    if isinstance(method, Fourier) or isinstance(getattr(method, "source", None), Copies):
        made = MADE_ROWS_AGAIN
    cells = (layout.extent[0] + made) * layout.width * weights.shape[2]
    return int(min(-(-cells // layout.room(weights.dtype)), layout.out[1] // layout.channels))


def panels(layout: Layout, count: int) -> list[tuple[slice, slice, Layout]] | None:
    """Divide a layout into so many of about the same width.

    Parameters
    ----------
    layout : Layout
    count : int
        At most the pixels in a row of a map.

    Returns
    -------
    list of (columns of the image, columns of the map, Layout), or None
        Neighbours share the image columns that windows on either side hold. None where a panel is
        all padding or its padding copies columns of another, as with "wrap".
    """
    # Between two pixels, not between their interleaved channels.
    pixels = layout.out[1] // layout.channels
    ends = [round(n * pixels / count) * layout.channels for n in range(count + 1)]
    made: list[tuple[slice, slice, Layout]] = []
    for first, end in itertools.pairwise(ends):
        panel = _panel(layout, first, end)
        if panel is None:
            return None
        made.append(panel)
    return made


def _panel(layout: Layout, first: int, end: int) -> tuple[slice, slice, Layout] | None:
    """Lay out the map's columns from one to another, not included."""
    across, width = layout.stride[1], layout.image[1]
    begin, wide = first * across, (end - 1 - first) * across + layout.extent[1]
    # The image columns among these padded ones.
    columns = slice(
        min(max(begin - layout.left, 0), width), min(max(begin + wide - layout.left, 0), width)
    )
    left = max(layout.left - begin, 0)
    inside = range(left, left + columns.stop - columns.start)
    if not inside:
        return None
    margins = []
    for side, copied in layout.margins:
        places = range(max(side.start - begin, 0), min(side.stop - begin, wide))
        if not places:
            continue
        place = slice(places.start, places.stop)
        if layout.constant:
            margins.append((place, copied))
            continue
        held = np.arange(layout.width)[copied] - begin
        if held.size > 1:
            held = held[place.start + begin - side.start :][: len(places)]
        if held.min() < inside.start or held.max() >= inside.stop:
            return None
        margins.append((place, sliced(held)))
    part = replace(
        layout,
        image=(layout.image[0], len(inside)),
        out=(layout.out[0], end - first),
        left=left,
        width=wide,
        margins=tuple(margins),
    )
    return columns, slice(first, end), part
