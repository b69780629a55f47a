"""The equation band: chips that look like the cells they came from, and the sum they make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from convviz.export.digits import exact_text
from convviz.export.drawing import Item, Rect, Text, dashed
from convviz.export.layout import Measures
from convviz.export.lettering import TIMES, fitting, length
from convviz.export.looks import Look, Looks
from convviz.export.steps import Position, Steps, Term
from convviz.export.theme import Theme
from convviz.export.words import place
from convviz.notation import with_minus

_MOST_TERMS = 5
"""Kernels of more rows or columns show the sum of each row, not each term."""
_DOTTED = (2, 2)
_OPEN = ("…", None)
_SMALLEST = 6
_END_GAPS = 13
"""Gaps between and beside the parts of the last part of an equation."""


@dataclass(frozen=True)
class Slot:
    """Room for a term or a row's sum: its left edge, its line, and whether a plus follows."""

    x: int
    line: int
    plus: bool


class Equation:
    """The band under the grids; its chips stand at the same places in every frame.

    Parameters
    ----------
    steps : Steps
    looks : Looks
    measures : Measures
    theme : Theme
    """

    def __init__(self, steps: Steps, looks: Looks, measures: Measures, theme: Theme) -> None:
        self.steps, self.looks, self.measures, self.theme = steps, looks, measures, theme
        self.size = measures.equation
        self.left = measures.margin + measures.scaled(21, 14)
        self.right = measures.width - measures.margin - measures.scaled(14, 8)
        self.folded = max(steps.kernel["rows"], steps.kernel["columns"]) > _MOST_TERMS
        self.line = round(1.9 * self.size)
        self.chip_height = round(1.5 * self.size)

    @property
    def height(self) -> int:
        """How high the band is."""
        return (self._end_place[1] + 1) * self.line + 2 * self._rim

    def items(self, top: int, position: Position, count: int, lit: bool) -> Iterator[Item]:
        """Draw the first `count` terms of a position, from `top` on; `lit` outlines the last."""
        measures, theme = self.measures, self.theme
        band = measures.inner
        yield Rect(measures.margin, top, band, self.height, theme.surface)
        yield Rect(measures.margin, top, measures.scaled(5, 3), self.height, theme.now)
        yield self._sign(
            self.left, self._base(top, 0), self._lead(position.row, position.column), bold=True
        )
        yield from (self._rows if self.folded else self._terms)(top, position, count, lit)
        yield from self._end(top, position, count)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """Where each term, or each row's sum, stands; lines break between rows of the kernel."""
        columns = 1 if self.folded else self.steps.kernel["columns"]
        count = self.steps.kernel["rows"] * columns
        wide, x, line = self._slot_width, self.left + round(self._lead_width) + self.size // 2, 0
        slots = []
        for at in range(count):
            rest = columns - at % columns
            starts_row = at % columns == 0
            fits_row = x + rest * wide <= self.right
            fits_fresh = self.left + rest * wide <= self.right
            fits_here = x + wide <= self.right
            breaks = not fits_row and (fits_fresh or not fits_here) if starts_row else not fits_here
            if breaks and x > self.left:
                x, line = self.left, line + 1
            slots.append(Slot(x, line, at < count - 1))
            x += wide
        return tuple(slots)

    def _terms(self, top: int, position: Position, count: int, lit: bool) -> Iterator[Item]:
        now = count - 1 if lit else -1
        for at, (slot, term) in enumerate(zip(self.slots, position.terms, strict=True)):
            texts = self.steps.pixel_text(term.cell), self.steps.weights[term.tap]
            done = at < count and (term.product != 0 or at == now)
            looks = self.looks.cell(term.cell), self.looks.weight(term.tap)
            pair = looks if done else (None, None)
            x, waiting = slot.x, at >= count
            yield from self._chip(top, slot.line, x, self._pixel, texts[0], pair[0], waiting)
            x += self._pixel
            colour = self.theme.text if done else self.theme.muted
            yield self._sign(x + self._gap, self._base(top, slot.line), TIMES, colour)
            x += 2 * self._gap + round(length(TIMES, self.size))
            yield from self._chip(top, slot.line, x, self._weight, texts[1], pair[1], waiting)
            x += self._weight
            if at == now:
                yield from self._outline(top, slot.line, slot.x, x - slot.x)
            if slot.plus:
                yield self._sign(x + 2 * self._gap, self._base(top, slot.line), "+")

    def _rows(self, top: int, position: Position, count: int, lit: bool) -> Iterator[Item]:
        complete = count // self.steps.kernel["columns"]
        sums = self.steps.row_sums_at(position)
        for row, slot in enumerate(self.slots):
            base = self._base(top, slot.line)
            yield self._sign(slot.x, base, f"row {row + 1}", self.theme.muted)
            x = slot.x + self._row_name
            done = row < complete
            text, look = (exact_text(sums[row]), self.looks.row_sum(sums[row])) if done else _OPEN
            yield from self._chip(top, slot.line, x, self._row_sum, text, look, not done)
            if slot.plus:
                yield self._sign(x + self._row_sum + 2 * self._gap, base, "+")

    def _end(self, top: int, position: Position, count: int) -> Iterator[Item]:
        """Draw the last line: what is added and multiplied last, and the result in its chip."""
        left, line = self._end_place
        term, whole = position.terms[count - 1], count == len(position.terms)
        if whole:
            before, after = self._ending(exact_text(term.sum)), ""
            value, look = position.value, self.looks.output(position.value)
        else:
            before, after = self._growing(term), self._so_far(count)
            value, look = term.sum, self.looks.product(term.sum)
        text = exact_text(value)
        size = self._end_size(before + text + after, self.right - left)
        base, gap = self._base(top, line), self._gap
        yield self._sign(left, base, before, size=size)
        x = left + round(length(before, size)) + 3 * gap
        wide = max(round(2.2 * size), round(length(text, size)) + 4 * gap)
        y, height, thick = self._top(top, line), self.chip_height, self.measures.line
        yield Rect(x, y, wide, height, look.fill, self.theme.line, thick, radius=gap)
        yield Text(x + wide / 2, base, text, size, look.ink, "middle", bold=True)
        yield from self._outline(top, line, x, wide, dashed_line=not whole)
        if after:
            yield self._sign(x + wide + 4 * gap, base, after, self.theme.muted, size=size)

    def _ending(self, total: str) -> str:
        """Return what stands before the result: what is done with the sum of all terms."""
        steps = self.steps
        added = f" + bias {exact_text(steps.bias)}" if steps.bias else ""
        if not steps.scaled:
            return f"{added} =".lstrip()
        return f"){added} = {self._factor} {TIMES} {total}{added} ="

    def _growing(self, term: Term) -> str:
        """Return what stands before a sum that still grows: its last term where none is shown."""
        pair = self.steps.pixel_text(term.cell), self.steps.weights[term.tap]
        last = f"… + {pair[0]} {TIMES} {pair[1]} " if self.folded else ""
        return last + (f") = {self._factor} {TIMES}" if self.steps.scaled else "=")

    @property
    def _factor(self) -> str:
        return with_minus(self.steps.kernel["factor"])

    @cached_property
    def _end_place(self) -> tuple[int, int]:
        """Return where the last part begins and its line: after the last term if it has room."""
        steps, slot = self.steps, self.slots[-1]
        start = slot.x + self._slot_width - round(length("+", self.size)) - self._gap
        texts = [exact_text(value) for value in steps.output["values"]]
        longest = self._ending("") + "0" * max(map(len, texts)) + self._so_far(steps.length)
        wide = length(longest, self.size) + _END_GAPS * self._gap
        if steps.scaled or self.folded or start + wide > self.right:
            return self.left, slot.line + 1
        return start, slot.line

    def _so_far(self, count: int) -> str:
        return f"so far: {count} of {self.steps.length} terms"

    def _end_size(self, text: str, room: int) -> int:
        """Return the size at which the last part fits."""
        return fitting(text, self.size, room - _END_GAPS * self._gap, _SMALLEST) or _SMALLEST

    def _lead(self, row: int, column: int) -> str:
        opening = f" {self._factor} {TIMES} (" if self.steps.scaled else ""
        return f"Output {place(self.steps, row, column)} ={opening}"

    @cached_property
    def _lead_width(self) -> float:
        output = self.steps.output
        return length(self._lead(output["rows"] - 1, output["columns"] - 1), self.size)

    @cached_property
    def _gap(self) -> int:
        return max(2, self.size // 5)

    @cached_property
    def _rim(self) -> int:
        return self.measures.scaled(8, 6)

    @cached_property
    def _pixel(self) -> int:
        return self._room(map(self.steps.pixel_text, range(len(self.steps.image["values"]))))

    @cached_property
    def _weight(self) -> int:
        return self._room(iter(self.steps.weights))

    @cached_property
    def _row_name(self) -> int:
        return round(length(f"row {self.steps.kernel['rows']}", self.size)) + 2 * self._gap

    @cached_property
    def _row_sum(self) -> int:
        sums = self.steps.row_sums
        return self._room(exact_text(value) for value in set(sums.ravel().tolist()))

    @cached_property
    def _slot_width(self) -> int:
        """How wide a term, or a row's sum, is with its plus."""
        plus = round(length("+", self.size)) + 4 * self._gap
        if self.folded:
            return self._row_name + self._row_sum + plus
        return self._pixel + self._weight + 2 * self._gap + round(length(TIMES, self.size)) + plus

    def _room(self, texts: Iterator[str]) -> int:
        """Return how wide a chip for the longest of some texts is."""
        # No sign of a number is wider than a digit.
        longest = length("0" * max(map(len, texts)), self.size)
        return max(round(1.55 * self.size), round(longest) + 2 * self._gap)

    def _top(self, top: int, line: int) -> int:
        return top + self._rim + line * self.line + (self.line - self.chip_height) // 2

    def _base(self, top: int, line: int) -> int:
        return round(self._top(top, line) + self.chip_height / 2 + 0.36 * self.size)

    def _sign(
        self, x: float, base: int, text: str, colour: str = "", *, bold: bool = False, size: int = 0
    ) -> Text:
        return Text(x, base, text, size or self.size, colour or self.theme.text, bold=bold)

    def _outline(
        self, top: int, line: int, x: int, wide: int, *, dashed_line: bool = False
    ) -> tuple[Item, ...]:
        """Draw the outline that says "now" round a chip; dashed round a sum that still grows."""
        thick = max(2, self.measures.outline - self.measures.line)
        y, radius = self._top(top, line), 0 if dashed_line else self._gap + thick
        rect = Rect(
            x - thick, y - thick, wide + 2 * thick, self.chip_height + 2 * thick,
            None, self.theme.now, thick, radius,
        )  # fmt: skip
        return dashed(rect, (3, 2)) if dashed_line else (rect,)

    def _chip(
        self, top: int, line: int, x: int, wide: int, text: str, look: Look | None, waiting: bool
    ) -> Iterator[Item]:
        """Draw a chip that looks like its cell; without a look, a plain one."""
        y, theme = self._top(top, line), self.theme
        fill, ink = (look.fill, look.ink) if look else (None, theme.muted)
        height, thick = self.chip_height, self.measures.line
        rect = Rect(x, y, wide, height, fill, theme.line, thick, 0 if waiting else self._gap)
        yield from dashed(rect, _DOTTED) if waiting else (rect,)
        yield Text(
            x + wide / 2,
            self._base(top, line),
            text,
            self.size,
            ink,
            "middle",
            bold=look is not None,
        )
