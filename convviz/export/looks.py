"""How a cell looks: its fill is its value, and its texture says what is not real."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from convviz.export.digits import cell_text
from convviz.export.steps import Steps
from convviz.export.theme import Theme
from convviz.notation import with_minus
from convviz.palette import diverging, grey, ink_on

_LONGEST_TYPED = 6
"""What is typed shorter stands in its cell as typed: 1/9, not 0.111."""
_VEILED = 0.28
"""How much of its colour a cell keeps that dilation skips."""


@dataclass(frozen=True)
class Look:
    """Fill and ink, "#RRGGBB", and text of a cell; padding has the colour of its hatch too."""

    fill: str
    ink: str
    text: str
    hatch: str | None = None


class Looks:
    """Looks of every kind of cell of a scene: they depend on the value alone."""

    def __init__(self, steps: Steps, theme: Theme) -> None:
        self.steps, self.theme = steps, theme
        self.product = lru_cache(maxsize=8192)(self._product)

    def cell(self, cell: int) -> Look:
        """Return the look of a number of the drawn input."""
        steps, image = self.steps, self.steps.image
        row, column = divmod(cell, image["columns"])
        value, fraction = image["values"][cell], image["fractions"].get(cell, "")
        short = 0 < len(fraction) <= _LONGEST_TYPED
        text = with_minus(fraction) if short else cell_text(value)
        if row not in steps.inside[0] or column not in steps.inside[1]:
            return Look(self.theme.padding, self.theme.padding_text, text, self.theme.line)
        if image["scale"] == "grey":
            return _of(grey(_share(value, image["limit"])), text)
        return _signed(value, image["limit"], text)

    def weight(self, tap: int) -> Look:
        """Return the look of a weight, by its place as typed."""
        kernel = self.steps.kernel
        value = kernel["numerators"][tap] / kernel["divisor"]
        typed = self.steps.weights[tap]
        text = typed if len(typed) <= _LONGEST_TYPED else cell_text(value)
        return _signed(value, kernel["limit"], text)

    def output(self, value: float) -> Look:
        """Return the look of an output."""
        return _signed(value, self.steps.output["limit"], cell_text(value))

    def veiled(self, look: Look) -> Look:
        """Return the look of a cell that dilation skips."""
        page, hatch = self.theme.page, look.hatch and _mixed(look.hatch, self.theme.page, _VEILED)
        return Look(_mixed(look.fill, page, _VEILED), self.theme.text, look.text, hatch)

    def row_sum(self, value: float) -> Look:
        """Return the look of the sum of a kernel's row.

        Their scale is their own: on that of the products, most would be one and the same blue.
        """
        return _signed(value, self._row_limit, cell_text(value))

    @cached_property
    def _row_limit(self) -> float:
        return float(np.abs(self.steps.row_sums).max())

    def _product(self, value: float) -> Look:
        return _signed(value, self.steps.product_limit, cell_text(value))


def _signed(value: float, limit: float, text: str) -> Look:
    return _of(diverging(_share(value, limit)), text)


def _share(value: float, limit: float) -> float:
    return value / limit if limit > 0 else 0.0


def _of(fill: str, text: str) -> Look:
    return Look(fill, ink_on(fill), text)


def _mixed(colour: str, ground: str, share: float) -> str:
    pairs = ((int(colour[n : n + 2], 16), int(ground[n : n + 2], 16)) for n in (1, 3, 5))
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02X}" for a, b in pairs)
