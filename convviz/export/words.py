"""The words of a frame: what stands beside the titles, what its textures mean, what it shows."""

from __future__ import annotations

from collections.abc import Sequence

from convviz.export.digits import exact_text, is_rounded
from convviz.export.lettering import TIMES
from convviz.export.steps import Position, Steps
from convviz.notation import with_minus


def counted(steps: Steps, step: int) -> str:
    """Say which position it is."""
    return f"Position {step} of {steps.count}"


def place(steps: Steps, row: int, column: int) -> str:
    """Say which cell of the whole output it is."""
    output = steps.output
    return f"row {output['firstRow'] + row + 1}, column {output['firstColumn'] + column + 1}"


def notes(steps: Steps) -> tuple[str, str, str]:
    """Return what stands beside Input, Kernel and Output, in its longest form."""
    kernel, output = steps.kernel, steps.output
    factor = f", {with_minus(kernel['factor'])}\u00a0{TIMES}" if steps.scaled else ""
    turned = ", as used: turned 180°" if kernel["flip"] else ""
    kernel_note = f"{_size(kernel['rows'], kernel['columns'])}{factor}{turned}"
    return _input_note(steps), kernel_note, place(steps, output["rows"] - 1, output["columns"] - 1)


def title(steps: Steps, step: int, position: Position, count: int) -> str:
    """Say what a frame shows, for readers who do not see it."""
    whole = count == steps.length
    value = position.value if whole else position.terms[count - 1].sum
    so_far = "" if whole else f" after {count} of {steps.length} terms"
    where = place(steps, position.row, position.column)
    return f"{counted(steps, step)}, output {where}: {exact_text(value)}{so_far}"


def legend(steps: Steps, corners: bool, digits: Sequence[bool]) -> str:
    """Say what the textures and roundings of a scene mean.

    Parameters
    ----------
    steps : Steps
    corners : bool
        Whether weights stand in the corners of cells.
    digits : sequence of bool
        Whether numbers stand in the cells of Input, Products and Output.
    """
    stride = max(steps.geometry["stride"]) > 1 and digits[0]
    parts = (
        (corners, "Small digits: the weight on that cell."),
        (_padded(steps), _padding(steps, digits[0])),
        (bool(steps.unreached), "Struck through: not reached."),
        (bool(steps.gaps), "Paler: skipped by dilation."),
        (stride, "Marked corners: where the window stops."),
        (_rounds(steps, digits), "Cells show three digits; the equation has them all."),
    )
    return " ".join(text for wanted, text in parts if wanted)


def _padded(steps: Steps) -> bool:
    rows, columns = steps.inside
    return (len(rows), len(columns)) != (steps.image["rows"], steps.image["columns"])


def _padding(steps: Steps, dots: bool) -> str:
    boundary = steps.geometry["boundary"]
    if boundary == "constant":
        return f"Hatched: padding, fill value {exact_text(steps.geometry['fill'])}."
    source = " Dots: where the window's padding was copied from." if dots else ""
    return f"Hatched: padding, copied ({boundary}).{source}"


def _rounds(steps: Steps, digits: Sequence[bool]) -> bool:
    """Tell whether a number in a cell has fewer digits than in the equation."""
    kernel = steps.kernel
    fractions = kernel["divisor"] > 1 or any(map(is_rounded, kernel["numerators"]))
    shown = (steps.image["values"], (), steps.output["values"])
    rounded = (any(map(is_rounded, values)) for values in shown)
    return any(there and (fractions or short) for there, short in zip(digits, rounded, strict=True))


def _input_note(steps: Steps) -> str:
    image, inside = steps.image, steps.inside
    whole = image["wholeRows"], image["wholeColumns"]
    if (len(inside[0]), len(inside[1])) == whole:
        return _size(*whole)
    first = image["firstRow"], image["firstColumn"]
    rows, columns = (
        f"{start + part.start + 1}–{start + part.stop}"
        for start, part in zip(first, inside, strict=True)
    )
    return f"rows {rows}, columns {columns} of {_size(*whole)}"


def _size(rows: int, columns: int) -> str:
    """Write a size so that no line breaks in it."""
    return f"{rows}\u00a0{TIMES}\u00a0{columns}"
