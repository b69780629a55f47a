"""The steps of a scene as the player counts them, from what the player is told.

The only arithmetic is the player's: the product of the two numbers of a term, and their sum in
order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from convviz.export.digits import exact_text
from convviz.geometry import Pair
from convviz.notation import with_minus
from convviz.payload import payload
from convviz.scene import Scene


@dataclass(frozen=True)
class Term:
    """One multiply-add: its cell of the input, its weight, and the sum so far.

    Attributes
    ----------
    cell, tap : int
        Which number of the drawn input, and which weight as typed.
    product, sum : float
        Of pixel and weight; of all terms up to this one. Both are without the kernel's factor.
    """

    cell: int
    tap: int
    pixel: float
    product: float
    sum: float


@dataclass(frozen=True)
class Position:
    """Where a window begins in the drawn input, its output cell, and its terms."""

    row: int
    column: int
    top: int
    left: int
    value: float
    terms: tuple[Term, ...]

    @property
    def cells(self) -> tuple[int, ...]:
        """The cells under the window, in the order of the terms."""
        return tuple(term.cell for term in self.terms)


class Steps:
    """All positions of a scene, and what the drawings read of it.

    Parameters
    ----------
    scene : Scene
    """

    def __init__(self, scene: Scene) -> None:
        told = payload(scene)
        self.image: dict[str, Any] = told["image"]
        self.kernel: dict[str, Any] = told["kernel"]
        self.geometry: dict[str, Any] = told["geometry"]
        self.output: dict[str, Any] = told["output"]
        self.product_limit: float = told["products"]["limit"]
        self.bias: float = told["bias"]
        self.position = lru_cache(maxsize=4)(self._position)

    @property
    def count(self) -> int:
        """How many positions there are."""
        return int(self.output["rows"] * self.output["columns"])

    @property
    def length(self) -> int:
        """How many terms a position has."""
        return len(self.kernel["taps"])

    @property
    def scaled(self) -> bool:
        """Whether a factor stands before the kernel."""
        return bool(self.kernel["factor"] != "1")

    @cached_property
    def weights(self) -> list[str]:
        """The weights as typed."""
        return [with_minus(text) for text in self.kernel["texts"]]

    @cached_property
    def inside(self) -> tuple[range, range]:
        """Rows and columns of the drawn input that are no padding."""
        return self._inside("firstRow", "wholeRows", "rows"), self._inside(
            "firstColumn", "wholeColumns", "columns"
        )

    @cached_property
    def gaps(self) -> tuple[Pair, ...]:
        """Rows and columns, in a dilated window, of the cells it skips."""
        rows, columns = self.geometry["extent"]
        taps = set(self.geometry["tapRows"]), set(self.geometry["tapColumns"])
        cells = ((row, column) for row in range(rows) for column in range(columns))
        return tuple(at for at in cells if at[0] not in taps[0] or at[1] not in taps[1])

    @cached_property
    def unreached(self) -> tuple[Pair, ...]:
        """Rows and columns of the drawn input that no window comes to."""
        rows, columns = self.image["rows"], self.image["columns"]
        left = self.geometry["unreached"]
        cells = ((row, column) for row in range(rows) for column in range(columns))
        return tuple(at for at in cells if at[0] >= rows - left[0] or at[1] >= columns - left[1])

    def pixel_text(self, cell: int) -> str:
        """Write a number of the input exactly: 1/9 stays 1/9."""
        fraction = self.image["fractions"].get(cell)
        return with_minus(fraction) if fraction else exact_text(self.image["values"][cell])

    def source(self, cell: int) -> Pair | None:
        """Tell where in the drawing padding was copied from, None if nowhere in it."""
        image, (rows, columns) = self.image, self.inside
        row, column = divmod(cell, image["columns"])
        if row in rows and column in columns:
            return None
        sources = image["rowSources"][row], image["columnSources"][column]
        copied = sources[0] - image["firstRow"], sources[1] - image["firstColumn"]
        drawn = copied[0] in rows and copied[1] in columns
        return copied if min(sources) >= 0 and drawn else None

    @cached_property
    def row_sums(self) -> np.ndarray:
        """The products of each row of a window, added up in order, for all positions.

        float64 (rows of the kernel, rows and columns of positions).
        """
        geometry, kernel, image = self.geometry, self.kernel, self.image
        values = np.array(image["values"], float).reshape(image["rows"], image["columns"])
        tops, lefts = np.array(geometry["rowStarts"]), np.array(geometry["columnStarts"])
        taps = iter(kernel["taps"])
        sums = np.zeros((kernel["rows"], len(tops), len(lefts)))
        for row, down in enumerate(geometry["tapRows"]):
            for across in geometry["tapColumns"]:
                met = values[np.ix_(tops + down, lefts + across)]
                sums[row] += met * kernel["numerators"][next(taps)]
        found: np.ndarray = sums / kernel["divisor"]
        return found

    def row_sums_at(self, position: Position) -> list[float]:
        """Return the sums of the window's rows at one position."""
        sums: list[float] = self.row_sums[:, position.row, position.column].tolist()
        return sums

    def _inside(self, first: str, whole: str, length: str) -> range:
        image = self.image
        start = max(0, -image[first])
        return range(start, max(start, min(image[length], image[whole] - image[first])))

    def _position(self, step: int) -> Position:
        row, column = divmod(step - 1, self.output["columns"])
        top, left = self.geometry["rowStarts"][row], self.geometry["columnStarts"][column]
        terms = tuple(self._terms(top, left))
        return Position(row, column, top, left, self.output["values"][step - 1], terms)

    def _terms(self, top: int, left: int) -> Iterator[Term]:
        image, kernel, geometry = self.image, self.kernel, self.geometry
        columns, divisor = kernel["columns"], kernel["divisor"]
        total = 0.0
        for at, tap in enumerate(kernel["taps"]):
            down, across = geometry["tapRows"][at // columns], geometry["tapColumns"][at % columns]
            cell = (top + down) * image["columns"] + left + across
            scaled = image["values"][cell] * kernel["numerators"][tap]
            total += scaled
            yield Term(cell, tap, image["values"][cell], scaled / divisor, total / divisor)
