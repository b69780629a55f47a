"""What of a scene stands on a sheet of paper, and its numbers as texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from convviz.export.digits import cell_text, exact_text
from convviz.export.steps import Position, Steps
from convviz.geometry import Pair
from convviz.notation import MINUS, with_minus
from convviz.scene import Scene

MOST_CELLS = 14
"""Rows, and columns, of input numbers that can still be read beside a kernel."""
MOST_POSITIONS = 6
"""Rows, and columns, of outputs to be worked by hand."""
MOST_WEIGHTS = 49
MOST_TERMS = 25
"""Terms up to which an equation has every one; beyond, it has the sums of the kernel's rows."""
_LONGEST = 9
"""Characters up to which a number in an equation is written with every digit."""
_LONGEST_IN_CELL = 6
_ROOM = 70
"""Characters in a line of an equation on page one."""
_WORKED_LINES = 9


@dataclass(frozen=True)
class Sheet:
    """A part of a scene that fits on paper: its first positions.

    Parameters
    ----------
    scene : Scene
    """

    scene: Scene

    @cached_property
    def steps(self) -> Steps:
        """All positions the player steps through."""
        return Steps(self.scene)

    @cached_property
    def by_hand(self) -> bool:
        """Whether a person can work a position with pencil and paper."""
        few = len(self.steps.kernel["taps"]) <= MOST_WEIGHTS
        return few and max(self.steps.geometry["extent"]) <= MOST_CELLS

    @cached_property
    def shape(self) -> Pair:
        """Rows and columns of outputs on the sheet."""
        output = self.steps.output
        if not self.by_hand:
            return min(output["rows"], 12), min(output["columns"], 12)
        rows, columns = (
            min(output[name], MOST_POSITIONS, (MOST_CELLS - extent) // stride + 1)
            for name, extent, stride in zip(
                ("rows", "columns"),
                self.steps.geometry["extent"],
                self.steps.geometry["stride"],
                strict=True,
            )
        )
        return rows, columns

    @property
    def is_whole(self) -> bool:
        """Whether every position of the feature map is on the sheet."""
        output = self.steps.output
        return self.shape == (output["wholeRows"], output["wholeColumns"])

    @cached_property
    def input_shape(self) -> Pair:
        """Rows and columns of the padded input on the sheet."""
        image, geometry, output = self.steps.image, self.steps.geometry, self.steps.output
        rows, columns = (
            (count - 1) * stride + extent
            for count, stride, extent in zip(
                self.shape, geometry["stride"], geometry["extent"], strict=True
            )
        )
        if self.shape != (output["rows"], output["columns"]):
            return rows, columns
        # With the rows and columns that no window reaches, but for those that make it too large.
        largest = max(rows, MOST_CELLS), max(columns, MOST_CELLS)
        return min(image["rows"], largest[0]), min(image["columns"], largest[1])

    @cached_property
    def positions(self) -> list[Position]:
        """The positions on the sheet, one row of outputs after the other."""
        columns = self.steps.output["columns"]
        return [
            self.steps.position(row * columns + column + 1)
            for row in range(self.shape[0])
            for column in range(self.shape[1])
        ]

    @cached_property
    def worked(self) -> int:
        """How many of them are worked as an example: up to three, if their equations are short."""
        most = min(3, max(1, len(self.positions) // 3)) if self.by_hand else 1
        taken = [self.equation(position).lines(_ROOM) for position in self.positions[:most]]
        return next(n for n in range(most, 0, -1) if sum(taken[:n]) <= _WORKED_LINES or n == 1)

    def place(self, position: Position) -> Pair:
        """Return row and column in the whole feature map, from 1."""
        output = self.steps.output
        return output["firstRow"] + position.row + 1, output["firstColumn"] + position.column + 1

    def equation(self, position: Position) -> Equation:
        """Write how an output comes about."""
        return Equation(self, position)


@dataclass(frozen=True)
class Equation:
    """One position: its terms, and what they come to.

    A long number is rounded to three digits, and "≈" says so of the result.
    """

    sheet: Sheet
    position: Position

    @cached_property
    def terms(self) -> list[tuple[str, bool]]:
        """Each term, or each kernel row's sum, and whether it is zero."""
        steps, position = self.sheet.steps, self.position
        if len(position.terms) > MOST_TERMS:
            return [(_bracketed(short(value)), value == 0) for value in steps.row_sums_at(position)]
        return [
            (f"{_pixel(steps, term.cell)}×{_bracketed(steps.weights[term.tap])}", not term.product)
            for term in position.terms
        ]

    @property
    def is_folded(self) -> bool:
        """Whether the terms are the sums of the kernel's rows."""
        return len(self.position.terms) > MOST_TERMS

    @property
    def before(self) -> str:
        """What stands before the terms."""
        factor = with_minus(self.sheet.steps.kernel["factor"])
        return f"{factor} × (" if self.sheet.steps.scaled else ""

    @property
    def after(self) -> str:
        """What stands after the terms, up to the result."""
        steps = self.sheet.steps
        closed = f") = {with_minus(steps.kernel['factor'])} × {self._sum}" if steps.scaled else ""
        if not steps.bias:
            return closed
        return f"{closed} {MINUS if steps.bias < 0 else '+'} {short(abs(steps.bias))}"

    @property
    def sign(self) -> str:
        """Write "=", or "≈" where a number was rounded."""
        value = self.position.value
        return "≈" if short(value) != exact_text(value) or self._has_rounded_terms else "="

    @property
    def _has_rounded_terms(self) -> bool:
        steps, position = self.sheet.steps, self.position
        if self.is_folded:
            sums = steps.row_sums_at(position)
            return any(short(value) != exact_text(value) for value in sums)
        pixels = (steps.pixel_text(term.cell) for term in position.terms)
        return any(len(text) > _LONGEST for text in pixels)

    @property
    def result(self) -> str:
        """The output."""
        return short(self.position.value)

    @property
    def _sum(self) -> str:
        return _bracketed(short(self.position.terms[-1].sum))

    def lines(self, room: int) -> int:
        """Estimate how many lines of so many characters it takes."""
        texts = [self.before, self.after, self.result, *(text for text, _ in self.terms)]
        return -(-(sum(map(len, texts)) + 3 * len(self.terms) + 3) // room)


def short(value: float) -> str:
    """Write every digit, or three of them where that would be long."""
    text = exact_text(value)
    return text if len(text) <= _LONGEST else cell_text(value)


def in_cell(value: float) -> str:
    """Write a number for a cell: every digit of few, three of many."""
    text = exact_text(value)
    return text if len(text) <= _LONGEST_IN_CELL else cell_text(value)


def _pixel(steps: Steps, cell: int) -> str:
    text = steps.pixel_text(cell)
    return _bracketed(text if len(text) <= _LONGEST else cell_text(steps.image["values"][cell]))


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith(MINUS) else text
