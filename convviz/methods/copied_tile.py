"""Some columns of some copies of padded rows: which columns of the image they are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convviz.methods.layout import Layout, sliced


class Inner(NamedTuple):
    """Some columns of one copy, and the image columns that they are."""

    copy: int
    place: slice
    columns: range


class Edge(NamedTuple):
    """Some columns of one copy that lie in the padding, and what is there; None: the fill."""

    copy: int
    place: slice
    columns: slice | NDArray[np.intp] | None


class Part(NamedTuple):
    """Copies from one to another (not included) that lack so many columns at their end."""

    begin: int
    end: int
    less: int


class Tile(NamedTuple):
    """What the copies of one tile hold.

    Attributes
    ----------
    columns : slice
        All image columns in them.
    inner : list of Inner
    edges : list of Edge
    """

    columns: slice
    inner: list[Inner]
    edges: list[Edge]


def columns_from(start: int, columns: range) -> slice:
    """Write columns as a slice of those that begin with a certain one."""
    return slice(columns.start - start, columns.stop - start, columns.step)


def tile_of(layout: Layout, begin: int, columns: list[int]) -> Tile:
    """Divide copies that begin with an output column, and have so many, into their pieces."""
    across, width = layout.stride[1], layout.image[1]
    inner: list[Inner] = []
    edges: list[Edge] = []
    for copy, end in enumerate(columns):
        # From the first image column to its padded column.
        first = begin * across + copy * layout.gap[1] - layout.left
        left = min(max(-(first // across), 0), end)
        right = min(max(-((first - width) // across), left), end)
        if left < right:
            held = range(first + left * across, first + right * across, across)
            inner.append(Inner(copy, slice(left, right), held))
        for place in (slice(0, left), slice(right, end)):
            if place.start < place.stop:
                copied = None
                if not layout.constant:
                    beside = np.arange(place.start, place.stop)
                    copied = sliced(layout.columns_at(layout.left + first + across * beside))
                edges.append(Edge(copy, place, copied))
    start = min((piece.columns[0] for piece in inner), default=0)
    stop = max((piece.columns[-1] + 1 for piece in inner), default=start)
    return Tile(slice(start, stop), inner, edges)
