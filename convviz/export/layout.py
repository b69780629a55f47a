"""Where everything of a frame stands: the same in all frames of a scene, so that nothing jumps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from convviz.export.lettering import fitting, length, wrapped
from convviz.export.steps import Steps

WIDTHS = (480, 1920)
"""Narrowest and widest frame, in pixels."""
_DESIGNED_FOR = 960
_NUMBERS = 20
"""Cells from this size on, in pixels, have room for digits."""
_LINES = 14
_KERNEL_SHARES = (1, 0.85, 0.7)
_KERNEL_WIDEST = 0.28
_OUTPUT_LEAST = 0.18
_TALLEST = 0.52
"""The most of the frame's width that the grids may be high."""


class Measures:
    """Sizes in pixels of letters, lines and gaps at a width of the frame."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.margin = self.scaled(24, 12)
        self.gap = self.scaled(24, 16)
        self.title = self.scaled(17, 12)
        self.note = self.scaled(14, 11)
        self.equation = self.scaled(17, 12)
        self.line = self.scaled(1, 1)
        self.outline = self.scaled(4, 3)
        self.casing = self.scaled(2, 1)

    def scaled(self, pixels: float, least: int) -> int:
        """Scale a length of the frame of 960 pixels."""
        return max(least, round(pixels * self.width / _DESIGNED_FOR))

    @property
    def inner(self) -> int:
        """Width without the margins."""
        return self.width - 2 * self.margin


@dataclass(frozen=True)
class Grid:
    """Cells on the frame: where the first begins, how large one is, how many there are."""

    x: int
    y: int
    size: int
    rows: int
    columns: int
    line: int
    digits: bool = False
    """Whether numbers stand in the cells."""

    @property
    def bottom(self) -> int:
        """Where it ends."""
        return self.y + self.rows * self.size

    @property
    def fine(self) -> bool:
        """Whether its cells are too small for lines between them."""
        return self.size < _LINES

    @property
    def room(self) -> int:
        """How long a number in a cell may be."""
        return self.size - self.line - max(1, round(0.2 * self.size) - 3)

    def with_digits(self, texts: Iterable[str]) -> Grid:
        """Put numbers into the cells if they are large enough for three of four of these."""
        found = [bool(fitting(text, self.size, self.room)) for text in set(texts)]
        roomy = self.size >= _NUMBERS and sum(found) >= 0.75 * len(found)
        return replace(self, digits=roomy)

    @property
    def rim(self) -> int:
        """How far a cell reaches into the next, so that both share one line."""
        return 0 if self.fine else self.line

    def at(self, row: int, column: int) -> tuple[int, int]:
        """Return the top left corner of a cell, as (x, y)."""
        return self.x + column * self.size, self.y + row * self.size


@dataclass(frozen=True)
class Note:
    """What stands beside or under a title, in lines."""

    x: int
    y: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Stage:
    """The four grids under their titles.

    Attributes
    ----------
    titles : tuple of (text, x, baseline)
    notes : tuple of Note
        Of Input, Kernel and Output, in their longest form.
    bottom : int
        Where the lowest grid ends.
    """

    input: Grid
    kernel: Grid
    products: Grid
    output: Grid
    titles: tuple[tuple[str, int, int], ...]
    notes: tuple[Note, ...]
    bottom: int


def stage(steps: Steps, measures: Measures, top: int, notes: Sequence[str]) -> Stage:
    """Lay the grids out, side by side, from `top` on.

    Parameters
    ----------
    steps : Steps
    measures : Measures
    top : int
    notes : sequence of str
        The longest texts beside Input, Kernel and Output.
    """
    image, kernel, output = steps.image, steps.kernel, steps.output
    size, weight = _sizes(steps, measures)
    names = ("Input", "Kernel", "Output")
    widths = _widths(steps, measures, size, weight)
    line = round(1.5 * measures.title)
    beside = [length(name, measures.title) + 0.6 * measures.title for name in names]
    one_line = all(
        start + length(note, measures.note) <= width
        for start, note, width in zip(beside, notes, widths, strict=True)
    )
    lines = [
        [note] if one_line else wrapped(note, measures.note, width)
        for note, width in zip(notes, widths, strict=True)
    ]
    note_line = round(1.3 * measures.note)
    first = top + line + (0 if one_line else note_line * max(map(len, lines)))
    first += measures.scaled(4, 3)
    lefts = _lefts(measures, widths)
    weights = Grid(lefts[1], first, weight, kernel["rows"], kernel["columns"], measures.line)
    below = weights.bottom + measures.scaled(10, 8) + line + measures.scaled(4, 3)
    grids = (
        Grid(lefts[0], first, size, image["rows"], image["columns"], measures.line),
        weights,
        Grid(lefts[1], below, weight, weights.rows, weights.columns, measures.line),
        Grid(lefts[2], first, size, output["rows"], output["columns"], measures.line),
    )
    base = top + round(1.05 * measures.title)
    titles = [(name, x, base) for name, x in zip(names, lefts, strict=True)]
    titles.append(("Products", lefts[1], below - line - measures.scaled(4, 3) + base - top))
    placed = tuple(
        Note(round(x + start), base, tuple(part))
        if one_line
        else Note(x, top + line + measures.note, tuple(part))
        for x, start, part in zip(lefts, beside, lines, strict=True)
    )
    return Stage(*grids, tuple(titles), placed, max(grid.bottom for grid in grids))


def _lefts(measures: Measures, widths: Sequence[int]) -> tuple[int, int, int]:
    """Put the columns at both sides and in the middle between them."""
    last = measures.width - measures.margin - widths[2]
    between = last - measures.margin - widths[0]
    return measures.margin, measures.margin + widths[0] + (between - widths[1]) // 2, last


def _widths(steps: Steps, measures: Measures, size: int, weight: int) -> tuple[int, int, int]:
    """Return how wide the columns are: as their grids, and wide enough for their titles."""
    least = length("Products", measures.title)
    return (
        max(size * steps.image["columns"], round(least)),
        max(weight * steps.kernel["columns"], round(least)),
        max(size * steps.output["columns"], round(_OUTPUT_LEAST * measures.inner)),
    )


def _sizes(steps: Steps, measures: Measures) -> tuple[int, int]:
    """Return the largest cells that fit: of Input and Output, and of Kernel and Products.

    A smaller kernel may be all it takes for the numbers of the input to fit.
    """
    kernel = steps.kernel
    tallest = _TALLEST * measures.width
    room = min(
        _KERNEL_WIDEST * measures.inner / kernel["columns"],
        (tallest - 2.5 * measures.title) / 2 / kernel["rows"],
        measures.scaled(52, 30),
    )
    tried = [(_cell(steps, measures, room * share), room * share) for share in _KERNEL_SHARES]
    fitting = [pair for pair in tried if pair[0] >= _NUMBERS]
    size, weight = fitting[0] if fitting else tried[0]
    return max(2, int(size)), max(2, int(weight))


def _cell(steps: Steps, measures: Measures, weight: float) -> float:
    """Return the largest cell of Input and Output beside a kernel of such cells."""
    image, output = steps.image, steps.output
    middle = max(weight * steps.kernel["columns"], length("Products", measures.title))
    free = measures.inner - 2 * measures.gap - middle
    size = free / (image["columns"] + output["columns"])
    least = _OUTPUT_LEAST * measures.inner
    if size * output["columns"] < least:
        size = (free - least) / image["columns"]
    tallest = _TALLEST * measures.width / max(image["rows"], output["rows"])
    return float(min(size, tallest, measures.scaled(56, 32)))
