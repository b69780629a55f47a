"""One frame of a scene: what the player shows of a step, as a drawing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

from convviz.export import words
from convviz.export.cells import Pen, has_corners
from convviz.export.digits import cell_text
from convviz.export.drawing import Drawing, Item, Layer, Text
from convviz.export.equation import Equation
from convviz.export.layout import WIDTHS, Measures, stage
from convviz.export.lettering import length, wrapped
from convviz.export.looks import Looks
from convviz.export.steps import Position, Steps
from convviz.export.theme import DARK, LIGHT
from convviz.geometry import integer
from convviz.scene import Scene


def frame(
    scene: Scene,
    step: int,
    *,
    term: int | None = None,
    width: int = 960,
    dark: bool = False,
    summary: str = "",
) -> Drawing:
    """Draw one step of a scene.

    Parameters
    ----------
    scene : Scene
    step : int
        The position, from 1.
    term : int, optional
        How many of its multiply-adds are done, from 1; None for all, without an outline on the
        last one.
    width : int
        In pixels, 480 to 1920; the height follows from what is shown.
    dark : bool
        Whether the page is dark.
    summary : str
        What slides how, in one line.

    Returns
    -------
    Drawing

    Raises
    ------
    ValueError
        For a width, position or term that is out of range; the message names the range.
    """
    return Frames(scene, width=width, dark=dark, summary=summary).drawing(step, term)


class Frames:
    """All frames of a scene, laid out once; see `frame`."""

    def __init__(
        self, scene: Scene, *, width: int = 960, dark: bool = False, summary: str = ""
    ) -> None:
        if not WIDTHS[0] <= integer("width", width) <= WIDTHS[1]:
            raise ValueError(f"Width {width} is out of range: choose {WIDTHS[0]} to {WIDTHS[1]}.")
        self.theme = DARK if dark else LIGHT
        self.steps = Steps(scene)
        self.measures = Measures(width)
        self.pen = Pen(self.theme, self.measures)
        self.looks = Looks(self.steps, self.theme)
        self.summary = summary
        self.equation = Equation(self.steps, self.looks, self.measures, self.theme)
        self._place()
        self.output_row = lru_cache(maxsize=256)(self._output_row)

    def drawing(self, step: int, term: int | None = None) -> Drawing:
        """Draw one step; see `frame`."""
        steps = self.steps
        if not 1 <= integer("step", step) <= steps.count:
            raise ValueError(f"Position {step} is out of range: choose 1 to {steps.count}.")
        if term is not None and not 1 <= integer("term", term) <= steps.length:
            raise ValueError(f"Term {term} is out of range: choose 1 to {steps.length}.")
        position, lit = steps.position(step), term is not None
        count = steps.length if term is None else term
        filled = step if count == steps.length else step - 1
        layers = (
            self._still,
            Layer(tuple(self._counter(step, position))),
            Layer(tuple(self._covered(position))),
            self._marks,
            Layer(tuple(self._window(position, count - 1 if lit else -1))),
            Layer(tuple(self._products(position, count, lit))),
            *map(self.output_row, *self._filled(filled)),
            Layer(tuple(self._now(position, filled))),
            Layer(tuple(self.equation.items(self.band, position, count, lit))),
        )
        title = words.title(steps, step, position, count)
        return Drawing(self.measures.width, self.height, self.theme.page, layers, title)

    def _place(self) -> None:
        """Lay everything out, from top to bottom."""
        measures, steps = self.measures, self.steps
        line = round(1.4 * measures.note)
        counter = length(words.counted(steps, steps.count), measures.note)
        self.head = wrapped(self.summary, measures.note, measures.inner - counter - measures.gap)
        top = measures.scaled(14, 10) + line * max(1, len(self.head)) + measures.scaled(8, 6)
        self.stage = stage(steps, measures, top, words.notes(steps))
        cells = (self.looks.cell(cell).text for cell in range(len(steps.image["values"])))
        self.input = self.stage.input.with_digits(cells)
        weights = (self.looks.weight(tap).text for tap in range(steps.length))
        self.kernel = self.stage.kernel.with_digits(weights)
        self.products = replace(self.stage.products, digits=self.kernel.digits)
        self.output = self.stage.output.with_digits(map(cell_text, steps.output["values"]))
        self.corners = has_corners(self.input, steps.weights)
        self.band = self.stage.bottom + measures.scaled(16, 12)
        foot = self.band + self.equation.height + measures.scaled(8, 6)
        grids = self.input, self.products, self.output
        legend = words.legend(steps, self.corners, [grid.digits for grid in grids])
        self.foot = [
            (foot + round(0.9 * line) + at * line, text)
            for at, text in enumerate(wrapped(legend, measures.note, measures.inner))
        ]
        bottom = foot + line * len(self.foot) + measures.scaled(10, 8)
        self.height = bottom + bottom % 2  # Films need even sides.

    @cached_property
    def _still(self) -> Layer:
        """What is the same in all frames and lies below everything."""
        return Layer(tuple([*self._words(), *self._ground()]))

    def _words(self) -> Iterator[Item]:
        measures, theme, line = self.measures, self.theme, round(1.4 * self.measures.note)
        for at, text in enumerate(self.head):
            y = measures.scaled(14, 10) + line * at + measures.note
            yield Text(measures.margin, y, text, measures.note, theme.muted)
        for text, x, y in self.stage.titles:
            yield Text(x, y, text, measures.title, theme.text, bold=True)
        for note in self.stage.notes[:2]:
            yield from self._note(note.x, note.y, note.lines)
        for y, text in self.foot:
            yield Text(measures.margin, y, text, measures.note, theme.muted)

    def _note(self, x: int, y: int, lines: Sequence[str]) -> Iterator[Item]:
        size = self.measures.note
        for at, text in enumerate(lines):
            yield Text(x, y + at * round(1.3 * size), text, size, self.theme.muted)

    def _counter(self, step: int, position: Position) -> Iterator[Item]:
        """Draw which position it is, above and beside the output."""
        measures = self.measures
        right, y = measures.width - measures.margin, measures.scaled(14, 10) + measures.note
        counted = words.counted(self.steps, step)
        yield Text(right, y, counted, measures.note, self.theme.text, "end", bold=True)
        note, place = self.stage.notes[2], words.place(self.steps, position.row, position.column)
        lines = [place] if len(note.lines) == 1 else place.split(", ")
        yield from self._note(note.x, note.y, lines)

    def _ground(self) -> Iterator[Item]:
        """Draw the cells that no frame changes, padding first."""
        image, (rows, columns) = self.steps.image, self.steps.inside
        every = [divmod(cell, image["columns"]) for cell in range(len(image["values"]))]
        for inside in (False, True):
            for row, column in every:
                if (row in rows and column in columns) == inside:
                    yield from self._input_cell(row, column)
        for at, tap in enumerate(self.steps.kernel["taps"]):
            place = divmod(at, self.kernel.columns)
            yield from self.pen.cell(self.kernel, *place, self.looks.weight(tap))
        yield from self.pen.edge(self.input)
        yield from self.pen.outline(self.kernel, 0, 0, self.kernel.rows, self.kernel.columns)
        yield from self.pen.empty(self.products)
        yield from self.pen.empty(self.output)

    def _input_cell(self, row: int, column: int, weight: str = "") -> list[Item]:
        look = self.looks.cell(row * self.steps.image["columns"] + column)
        return self.pen.cell(self.input, row, column, look, weight)

    def _covered(self, position: Position) -> Iterator[Item]:
        """Draw the cells under the window anew: with their weights, those between them paler."""
        columns = self.steps.image["columns"]
        for down, across in self.steps.gaps:
            row, column = position.top + down, position.left + across
            look = self.looks.veiled(self.looks.cell(row * columns + column))
            yield from self.pen.cell(self.input, row, column, look)
        if self.corners:
            for term in position.terms:
                row, column = divmod(term.cell, columns)
                yield from self._input_cell(row, column, self.steps.weights[term.tap])

    @cached_property
    def _marks(self) -> Layer:
        """Where windows will stop, and which cells none reaches."""
        geometry, items = self.steps.geometry, list[Item]()
        if max(geometry["stride"]) > 1 and self.input.digits:
            stops = ((r, c) for r in geometry["rowStarts"] for c in geometry["columnStarts"])
            items += (self.pen.stop(self.input, *stop) for stop in stops)
        for row, column in self.steps.unreached:
            items += self.pen.struck(self.input, row, column)
        return Layer(tuple(items))

    def _window(self, position: Position, now: int) -> Iterator[Item]:
        """Draw the outlines of the window and of its current term, and what padding copies."""
        steps, pen = self.steps, self.pen
        if self.input.digits:
            for source in sorted(set(filter(None, map(steps.source, position.cells)))):
                yield from pen.dot(self.input, *source)
        if steps.gaps and not self.input.fine:
            for term in position.terms:
                yield pen.tapped(self.input, *divmod(term.cell, steps.image["columns"]))
        yield from pen.outline(self.input, position.top, position.left, *steps.geometry["extent"])
        if now >= 0:
            cell = divmod(position.terms[now].cell, steps.image["columns"])
            yield from pen.outline(self.input, *cell)
            yield from pen.outline(self.kernel, *divmod(now, self.kernel.columns))

    def _products(self, position: Position, count: int, lit: bool) -> Iterator[Item]:
        for at, term in enumerate(position.terms[:count]):
            place = divmod(at, self.products.columns)
            yield from self.pen.cell(self.products, *place, self.looks.product(term.product))
        if count == len(position.terms):
            yield from self.pen.edge(self.products)
        if lit:
            yield from self.pen.outline(self.products, *divmod(count - 1, self.products.columns))

    def _now(self, position: Position, filled: int) -> Iterator[Item]:
        if filled == self.steps.count:
            yield from self.pen.edge(self.output)
        yield from self.pen.outline(self.output, position.row, position.column)

    def _filled(self, filled: int) -> tuple[Iterable[int], Iterable[int]]:
        """Return the rows of the output, and how many cells of each are filled."""
        rows, columns = self.output.rows, self.output.columns
        return range(rows), [max(0, min(columns, filled - row * columns)) for row in range(rows)]

    def _output_row(self, row: int, filled: int) -> Layer:
        """Draw the first cells of an output row."""
        values = self.steps.output["values"][row * self.output.columns :][:filled]
        cells = (
            self.pen.cell(self.output, row, column, self.looks.output(value))
            for column, value in enumerate(values)
        )
        return Layer(tuple(item for cell in cells for item in cell))
