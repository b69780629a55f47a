"""A handout: an exercise on one page of paper, its answers on the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from pathlib import Path
from string import Template

from convviz import client
from convviz.export.digits import exact_text
from convviz.export.grids import Cell, Grid, Outline, grey, signed, table
from convviz.export.links import check_address
from convviz.export.sheet import Equation, Sheet, in_cell, short
from convviz.notation import with_minus
from convviz.scene import Scene

_HERE = Path(__file__).parent
_HEIGHT = 273.0
"""Millimetres of a page without its margins."""
_INPUT, _KERNEL, _TWO_KERNELS, _OUTPUT = 92.0, 70.0, 43.0, 64.0
_LARGEST = 15.0
"""Millimetres of the widest cell."""
_LONGEST_LINK = 160
_USED = "Kernel as used"
_LONGEST_TEXT = 5
"""Characters of a fraction that fits into a cell."""

_STEPS = (
    "Lay the {kernel} on the input. Multiply the two numbers of each pair, add the products, "
    "write one number into the output. Then move the window on."
)
_GUESS = (
    "One number of this feature map is the sum of {terms} products: too many to work by hand. "
    "Mark in the empty grid where you expect the largest and the smallest number; then compare. "
    "A sheet to work by hand needs a kernel of up to 7 × 7."
)


@dataclass(frozen=True)
class _Print:
    """How large equations stand on page two: class, millimetres of a line, its characters."""

    name: str
    line: float
    characters: int

    def count(self, equations: list[Equation], room: float) -> int:
        """Count the equations that fit into so many millimetres."""
        heights = accumulate(one.lines(self.characters) * self.line for one in equations)
        return sum(height <= room for height in heights)


_LARGE, _SMALL = _Print("sums", 6.6, 66), _Print("sums answers", 4.45, 88)


def handout(scene: Scene, *, title: str, summary: str, address: str = "", qr: str = "") -> str:
    """Write the handout.

    Parameters
    ----------
    scene : Scene
        One pass is shown. Of many positions, the first 6 x 6 are on the sheet, and it says so.
    title : str
    summary : str
        What slides how, in one line.
    address : str
        An http or https link to the scene in the app; "" for none.
    qr : str
        The same link as an SVG element, put into the page as it is; "" for none.

    Returns
    -------
    str
        HTML without script, in one file, that prints on two pages of A4.

    Raises
    ------
    ValueError
        The address is no link, or the QR code no SVG.
    """
    sheet = Sheet(scene)
    return Template((_HERE / "handout.html").read_text(encoding="utf-8")).substitute(
        style=client.bare(_HERE / "handout.css"),
        title=escape(title),
        summary=escape(summary),
        task=_task(sheet),
        input=_input(sheet),
        kernel=_kernels(sheet),
        worked_title=_worked_title(sheet),
        worked=_sums(sheet, [*map(sheet.equation, sheet.positions[: sheet.worked])]),
        empty=_output(sheet, sheet.worked, _OUTPUT),
        notes="".join(f'<p class="note">{escape(note)}</p>' for note in _notes(sheet)),
        link=_link(address, qr),
        answers=_output(sheet, len(sheet.positions), _answer_room(sheet)),
        sums=_answers(sheet),
    )


def _task(sheet: Sheet) -> str:
    if not sheet.by_hand:
        return _GUESS.format(terms=sheet.steps.length)
    return _STEPS.format(kernel="kernel as used" if sheet.scene.flip else "kernel")


def _worked_title(sheet: Sheet) -> str:
    if not sheet.by_hand:
        return "Worked: the first, by the sums of the kernel's rows"
    return "Worked: the first" if sheet.worked == 1 else f"Worked: the first {sheet.worked}"


def _input(sheet: Sheet) -> str:
    """Draw the padded input, with the first window outlined."""
    image = sheet.steps.image
    rows, columns = sheet.input_shape
    grid = Grid(
        f"Input, {rows} rows of {columns} numbers: {_listed(sheet, rows, columns)}",
        table(rows, columns, lambda row, column: _pixel(sheet, row * image["columns"] + column)),
        _size(rows, columns, _INPUT),
        (
            _names(rows, image["firstRow"], image["wholeRows"]),
            _names(columns, image["firstColumn"], image["wholeColumns"]),
        ),
        tuple(_taps(sheet)),
    )
    return _figure("Input", _input_note(sheet), grid)


def _names(count: int, first: int, whole: int) -> list[str]:
    """Name rows or columns by their place in the whole, from 1; padding has no name."""
    return [str(at + 1) if 0 <= at < whole else "" for at in range(first, first + count)]


def _input_note(sheet: Sheet) -> str:
    """Say which part of the input it is, without its padding."""
    image, shown = sheet.steps.image, sheet.input_shape
    whole, parts = (image["wholeRows"], image["wholeColumns"]), []
    for axis, first in enumerate((image["firstRow"], image["firstColumn"])):
        parts.append((max(1, first + 1), min(whole[axis], first + shown[axis])))
    size = f"{whole[0]} × {whole[1]}"
    if parts == [(1, length) for length in whole]:
        return size
    (top, bottom), (left, right) = parts
    return f"rows {top}–{bottom}, columns {left}–{right} of {size}"


def _taps(sheet: Sheet) -> Iterator[Outline]:
    """Outline the first window, or with dilation each cell of it that meets a weight."""
    geometry = sheet.steps.geometry
    if geometry["dilation"] == [1, 1]:
        yield Outline(0, 0, *geometry["extent"])
        return
    for row in geometry["tapRows"]:
        for column in geometry["tapColumns"]:
            yield Outline(row, column)


def _pixel(sheet: Sheet, at: int) -> Cell:
    steps = sheet.steps
    row, column = divmod(at, steps.image["columns"])
    inside = row in steps.inside[0] and column in steps.inside[1]
    value, limit = steps.image["values"][at], steps.image["limit"]
    colour = grey(value, limit) if steps.image["scale"] == "grey" else signed(value, limit)
    text = steps.pixel_text(at)
    text = text if len(text) <= _LONGEST_TEXT else in_cell(value)
    return Cell(text, colour if inside else None, not inside)


def _listed(sheet: Sheet, rows: int, columns: int) -> str:
    """Write the input's numbers for those who hear them; of a large one, nothing."""
    if not sheet.by_hand:
        return "too many to list"
    width = sheet.steps.image["columns"]
    texts = (
        " ".join(sheet.steps.pixel_text(row * width + column) for column in range(columns))
        for row in range(rows)
    )
    return "; ".join(texts)


def _kernels(sheet: Sheet) -> str:
    """Draw the kernel as it is used, and before that as it is typed where that is different."""
    kernel = sheet.steps.kernel
    count = len(kernel["taps"])
    both = kernel["flip"] and sheet.by_hand
    room = _TWO_KERNELS if both else _KERNEL
    if not kernel["flip"]:
        return _kernel(sheet, "Kernel", list(range(count)), room)
    used = _kernel(sheet, _USED, kernel["taps"], room)
    if not both:
        return used
    typed = _kernel(sheet, "Kernel as typed", list(range(count)), room)
    return typed.removesuffix("</figure>") + used + "</figure>"


def _kernel(sheet: Sheet, name: str, taps: list[int], room: float) -> str:
    kernel, weights = sheet.steps.kernel, sheet.steps.weights
    rows, columns = kernel["rows"], kernel["columns"]

    def weight(row: int, column: int) -> Cell:
        tap = taps[row * columns + column]
        value = kernel["numerators"][tap] / kernel["divisor"]
        return Cell(weights[tap], signed(value, kernel["limit"]))

    told = "; ".join(
        " ".join(weights[tap] for tap in taps[first : first + columns])
        for first in range(0, len(taps), columns)
    )
    grid = Grid(f"{name}: {told}", table(rows, columns, weight), _size(rows, columns, room))
    factor = f", times {with_minus(kernel['factor'])}" if sheet.steps.scaled else ""
    note = "turned by 180°" if name == _USED else f"{rows} × {columns}{factor}"
    return _figure(name, note, grid)


def _output(sheet: Sheet, filled: int, room: float) -> str:
    """Draw the output on the sheet, the first numbers of it filled in."""
    rows, columns = sheet.shape
    values = [position.value for position in sheet.positions]
    limit = max(map(abs, values))

    def output(row: int, column: int) -> Cell:
        at = row * columns + column
        return Cell(in_cell(values[at]), signed(values[at], limit)) if at < filled else Cell()

    told = ", ".join(in_cell(value) for value in values[:filled])
    told_output = sheet.steps.output
    whole = f"{told_output['wholeRows']} × {told_output['wholeColumns']}"
    grid = Grid(
        f"Output, {rows} rows of {columns} numbers, of which the first {filled} are {told}",
        table(rows, columns, output),
        _size(rows, columns, room),
        (
            _names(rows, told_output["firstRow"], told_output["wholeRows"]),
            _names(columns, told_output["firstColumn"], told_output["wholeColumns"]),
        ),
    )
    return _figure("Output", _of(sheet, whole), grid)


def _of(sheet: Sheet, whole: str) -> str:
    return whole if sheet.is_whole else f"a part of {whole}"


def _figure(name: str, note: str, grid: Grid) -> str:
    caption = f'<b>{escape(name)}</b> <span class="note">{escape(note)}</span>'
    return f"<figure><figcaption>{caption}</figcaption>{grid.svg()}</figure>"


def _size(rows: int, columns: int, room: float) -> float:
    """Return millimetres of a cell, so that a grid with its headings fits into a square."""
    return min(_LARGEST, (room - 6) / max(rows, columns))


def _notes(sheet: Sheet) -> Iterator[str]:
    """Say what on this sheet would not be understood by itself."""
    steps = sheet.steps
    geometry = steps.geometry
    if not sheet.is_whole:
        rows, columns = (
            f"{first} to {last}" if first < last else f"{first}"
            for first, last in zip(
                sheet.place(sheet.positions[0]), sheet.place(sheet.positions[-1]), strict=True
            )
        )
        yield f"This sheet has rows {rows} and columns {columns} of the feature map."
    inside = steps.inside
    shown = sheet.input_shape
    if inside[0].start or inside[1].start or inside[0].stop < shown[0] or inside[1].stop < shown[1]:
        kind = geometry["boundary"]
        kind = f"filled with {exact_text(geometry['fill'])}" if kind == "constant" else kind
        yield f"Dashed cells are padding ({kind})."
    down, right = geometry["stride"]
    if (down, right) != (1, 1):
        yield f"The window moves {right} to the right, and {down} down for the next row."
    if geometry["dilation"] != [1, 1]:
        yield "Only the outlined cells meet a weight: the kernel is spread by its dilation."
    else:
        yield "The outline is the first window."
    if sheet.by_hand and any(in_cell(value) != exact_text(value) for value in _all_numbers(sheet)):
        yield "Long numbers are rounded to three digits; ≈ says so of a sum."
    if steps.bias:
        yield f"The bias {exact_text(steps.bias)} is added to every output."


def _all_numbers(sheet: Sheet) -> Iterator[float]:
    """Give every input and every output of the positions on the sheet."""
    for position in sheet.positions:
        yield position.value
        yield from (term.pixel for term in position.terms)


def _sums(sheet: Sheet, equations: list[Equation], style: str = "sums") -> str:
    items = "".join(
        f"<li><span>{_named(sheet, equation)}</span><span>{_written(equation)}</span></li>"
        for equation in equations
    )
    return f'<ol class="{style}">{items}</ol>'


def _named(sheet: Sheet, equation: Equation) -> str:
    row, column = sheet.place(equation.position)
    return f"row {row}, column {column}:"


def _written(equation: Equation) -> str:
    """Write an equation whose lines break between terms, zero terms paler."""
    plus = " + "
    terms = plus.join(
        f'<span class="{"term zero" if zero else "term"}">{text}</span>'
        for text, zero in equation.terms
    )
    end = f"{equation.after} {equation.sign} <b>{equation.result}</b>"
    return f'{equation.before}{terms}<span class="term">{end}</span>'


def _answers(sheet: Sheet) -> str:
    """Write the equations of as many positions as there is room for, as large as they fit."""
    if not sheet.by_hand:
        return _extremes(sheet)
    every, room = [*map(sheet.equation, sheet.positions)], _room_for_answers(sheet)
    style, fitting = _LARGE.name, _LARGE.count(every, room)
    if fitting < len(every):
        style, fitting = _SMALL.name, _SMALL.count(every, room)
    said = "" if fitting == len(every) else f" of the first {fitting} of {len(every)} positions"
    return f"<h2>The sums{said}</h2>{_sums(sheet, every[:fitting], style)}" if fitting else ""


def _room_for_answers(sheet: Sheet) -> float:
    rows, columns = sheet.shape
    return _HEIGHT - 52 - rows * _size(rows, columns, _answer_room(sheet))


def _answer_room(sheet: Sheet) -> float:
    return _OUTPUT if sheet.by_hand else 140.0


def _extremes(sheet: Sheet) -> str:
    """Say where the largest and the smallest number are."""
    said = []
    for name, find in (("largest", max), ("smallest", min)):
        found = find(sheet.positions, key=lambda position: position.value)
        row, column = sheet.place(found)
        said.append(f"the {name} is {short(found.value)} in row {row}, column {column}")
    return f"<p>Of these numbers {' and '.join(said)}.</p>"


def _link(address: str, qr: str) -> str:
    if qr and not qr.lstrip().startswith("<svg"):
        raise ValueError("The QR code is no SVG element: it must begin with <svg.")
    if not address:
        return ""
    check_address(address)
    shown = address if len(address) <= _LONGEST_LINK else f"{address[:_LONGEST_LINK]}…"
    text = f'<a href="{escape(address)}">{escape(shown)}</a>'
    return f'<div class="link">{qr}<p class="note">See it move:<br>{text}</p></div>'
