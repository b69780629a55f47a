"""Exact edits of a `Matrix`, and what can be said about it: sum, symmetry, separability.

Every edit takes a Matrix and gives a new one. Numbers that an edit does not change keep the form
in which they were typed; new ones are exact, never rounded.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from convviz.matrices import MAX_SHAPE, Matrix, MatrixError, token_of

__all__ = [
    "clear",
    "describe",
    "flip",
    "negate",
    "normalise",
    "rank",
    "resize",
    "rotate",
    "separable",
    "symmetry",
    "transpose",
    "zero_sum",
]

Rows = Sequence[Sequence[Fraction]]

# Bits handled by an elimination: 31 x 31 numbers of 32 bits pass, which takes some 20 ms.
_MOST_WORK = 32_000_000
_LONGEST_VECTOR = 9
_LONGEST_NUMBER = 12


def normalise(matrix: Matrix) -> Matrix:
    """Make the sum 1: by the factor if all cells are whole numbers, otherwise by the cells.

    Raises
    ------
    MatrixError
        If the sum is 0, or if a new number would need more than 24 characters.
    """
    if matrix.total == 0:
        raise MatrixError(
            "The sum is 0, so no factor can make it 1: change a number first, "
            "or leave it, since a kernel for edges has the sum 0."
        )
    if matrix.total == 1:
        return matrix
    if all(value.denominator == 1 for row in matrix.fractions for value in row):
        return replace(matrix, factor=token_of(matrix.scale / matrix.total, "The new factor"))
    return replace(
        matrix,
        cells=tuple(
            tuple(
                token_of(value / matrix.total, f"The new number in row {r}, column {c}")
                for c, value in enumerate(row, 1)
            )
            for r, row in enumerate(matrix.fractions, 1)
        ),
    )


def zero_sum(matrix: Matrix) -> Matrix:
    """Make the sum 0 by changing the centre cell, which is row H // 2, column W // 2 from 0.

    Raises
    ------
    MatrixError
        If the new number would need more than 24 characters.
    """
    if matrix.total == 0:
        return matrix
    row, column = matrix.shape[0] // 2, matrix.shape[1] // 2
    token = token_of(
        matrix.fractions[row][column] - matrix.total / matrix.scale,
        f"The new number in row {row + 1}, column {column + 1}",
    )
    cells = [list(values) for values in matrix.cells]
    cells[row][column] = token
    return _with_cells(matrix, cells)


def flip(matrix: Matrix) -> Matrix:
    """Rotate by 180 degrees: what convolution does to a kernel and cross-correlation does not."""
    return _with_cells(matrix, (row[::-1] for row in matrix.cells[::-1]))


def transpose(matrix: Matrix) -> Matrix:
    """Swap rows and columns."""
    return _with_cells(matrix, zip(*matrix.cells, strict=True))


def rotate(matrix: Matrix) -> Matrix:
    """Rotate by 90 degrees, clockwise."""
    return _with_cells(matrix, zip(*matrix.cells[::-1], strict=True))


def negate(matrix: Matrix) -> Matrix:
    """Change the sign of every cell; zeros stay as they are.

    Raises
    ------
    MatrixError
        If a number would need more than 24 characters.
    """
    return _with_cells(
        matrix,
        (
            (_negated(cell) if value else cell for cell, value in zip(*pair, strict=True))
            for pair in zip(matrix.cells, matrix.fractions, strict=True)
        ),
    )


def clear(matrix: Matrix) -> Matrix:
    """Put 0 in every cell, and 1 for the factor."""
    rows, columns = matrix.shape
    return Matrix((("0",) * columns,) * rows)


def resize(matrix: Matrix, rows: int, columns: int) -> Matrix:
    """Cut or extend at the bottom and the right, as a spreadsheet does; new cells are 0.

    Raises
    ------
    MatrixError
        If the new size is not 1 x 1 to 64 x 64.
    """
    if not (1 <= rows <= MAX_SHAPE[0] and 1 <= columns <= MAX_SHAPE[1]):
        raise MatrixError(
            f"A matrix cannot have {rows} × {columns} cells: "
            f"choose 1 × 1 to {MAX_SHAPE[0]} × {MAX_SHAPE[1]}."
        )
    kept = [(row + ("0",) * columns)[:columns] for row in matrix.cells[:rows]]
    return _with_cells(matrix, kept + [("0",) * columns] * (rows - len(kept)))


def symmetry(matrix: Matrix) -> str | None:
    """Name the symmetry, exactly (1/2 equals 0.5).

    Returns
    -------
    str or None
        "symmetric": rotating by 180 degrees changes nothing.
        "antisymmetric", "antisymmetric left to right" or "antisymmetric top to bottom":
        rotating by 180 degrees changes every sign; the longer names say that a mirror does, too.
        "mirrored left to right", "mirrored top to bottom": only the mirror changes nothing.
        None: nothing of the kind.
    """
    cells = matrix.fractions
    upside_down, mirrored = cells[::-1], tuple(row[::-1] for row in cells)
    turned = mirrored[::-1]
    if cells == turned:
        return "symmetric"
    if _are_opposite(cells, turned):
        if _are_opposite(cells, mirrored):
            return "antisymmetric left to right"
        if _are_opposite(cells, upside_down):
            return "antisymmetric top to bottom"
        return "antisymmetric"
    if cells == mirrored and matrix.shape[1] > 1:
        return "mirrored left to right"
    return "mirrored top to bottom" if cells == upside_down and matrix.shape[0] > 1 else None


def separable(matrix: Matrix) -> tuple[Matrix, Matrix] | None:
    """Write the matrix as a column times a row, if that is exactly possible.

    Returns
    -------
    (Matrix, Matrix) or None
        A column (H, 1) and a row (1, W) of whole numbers without a common divisor; what is left
        over is the column's factor. None if the rank is not 1 (all zeros have rank 0), or if a
        number would need more than 24 characters.
    """
    parts = _parts(matrix)
    if parts is None:
        return None
    scale, column, row = parts
    try:
        return (
            Matrix(tuple((token_of(Fraction(value)),) for value in column), token_of(scale)),
            Matrix((tuple(token_of(Fraction(value)) for value in row),)),
        )
    except MatrixError:
        return None


def rank(matrix: Matrix) -> int | None:
    """Count the exact rank; None if the numbers are too long for that to be quick.

    By fraction-free elimination (Bareiss 1968, "Sylvester's identity and multistep
    integer-preserving Gaussian elimination"), in which every division is exact.
    """
    rows = [_whole(row)[1] for row in matrix.fractions]
    longest = max(abs(value).bit_length() for row in rows for value in row)
    if math.prod(matrix.shape) * min(matrix.shape) ** 2 * longest > _MOST_WORK:
        return None
    found, last = 0, 1
    for column in range(matrix.shape[1]):
        pivot = next((r for r in range(found, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        top = rows[found]
        lead = top[column]
        for r in range(found + 1, len(rows)):
            under = rows[r][column]
            rows[r] = [(lead * a - under * b) // last for a, b in zip(rows[r], top, strict=True)]
        found, last = found + 1, lead
    return found if matrix.scale else 0


def describe(matrix: Matrix) -> tuple[str, ...]:
    """Say in sentences what the kernel's sum, its symmetry and its rank mean."""
    if matrix.scale == 0 or not any(value for row in matrix.fractions for value in row):
        return ("All numbers are 0: every output is 0.",)
    sentences = (_about_sum(matrix.total), _about_symmetry(matrix), _about_rank(matrix))
    return tuple(sentence for sentence in sentences if sentence)


def _about_sum(total: Fraction) -> str:
    if total == 0:
        return "Sum 0: flat areas give 0."
    if total == 1:
        return "Sum 1: keeps brightness."
    if abs(total) < Fraction(1, 10**9):
        return "Sum almost 0: flat areas give almost 0."
    if abs(total - 1) < Fraction(1, 10**9):
        return "Sum almost 1: keeps brightness, but for rounding."
    if total == -1:
        return "Sum -1: flat areas keep their brightness, with a minus sign."
    often = "times as bright" if abs(total) > 1 else "as bright"
    sign = ", with a minus sign" if total < 0 else ""
    return f"Sum {_shown(total)}: flat areas become {_shown(abs(total))} {often}{sign}."


def _shown(value: Fraction) -> str:
    try:
        token = token_of(value)
    except MatrixError:
        token = ""
    if 0 < len(token) <= _LONGEST_NUMBER:
        return token
    try:
        return f"about {float(value):.6g}"
    except OverflowError:
        return "less than -1.79e308" if value < 0 else "more than 1.79e308"


def _about_symmetry(matrix: Matrix) -> str:
    name = symmetry(matrix)
    if name == "symmetric":
        return (
            "Symmetric: flipping it by 180 degrees changes nothing, "
            "so cross-correlation and convolution agree."
        )
    if name and name.startswith("anti"):
        return (
            f"{name.capitalize()}: flipping it by 180 degrees changes the sign, "
            "so cross-correlation and convolution differ in sign only."
        )
    but = f"{name.capitalize()}, but not symmetric" if name else "Not symmetric"
    return (
        f"{but}: flipping it by 180 degrees gives another kernel, "
        "so cross-correlation and convolution differ."
    )


def _about_rank(matrix: Matrix) -> str:
    rows, columns = matrix.shape
    if min(rows, columns) == 1:
        return ""
    parts = _parts(matrix)
    if parts is None:
        found = rank(matrix)
        return f"Not separable (rank {found})." if found else "Not separable (rank 2 or more)."
    scale, column, row = parts
    form = "one column × one row"
    if max(rows, columns) <= _LONGEST_VECTOR:
        form = f"column {_vector(column)} × row {_vector(row)}"
    factor = "" if scale == 1 else f"{_shown(scale)} × "
    saved = rows + columns < rows * columns
    count = f"{rows + columns} multiplications instead of {rows * columns}"
    return f"Separable: {factor}{form}, {count if saved else 'which saves no multiplication'}."


def _vector(values: Iterable[int]) -> str:
    return f"[{' '.join(_shown(Fraction(value)) for value in values)}]"


def _parts(matrix: Matrix) -> tuple[Fraction, list[int], list[int]] | None:
    """Find scale, column and row with ``factor * cells == scale * column * row``, exactly."""
    cells = matrix.fractions
    top = next((row for row in cells if any(row)), None)
    if top is None or matrix.scale == 0:
        return None
    at = next(c for c, value in enumerate(top) if value)
    if not all(
        value * top[at] == row[at] * over
        for row in cells
        for value, over in zip(row, top, strict=True)
    ):
        return None
    column_scale, column = _whole([row[at] for row in cells])
    row_scale, row = _whole([value / top[at] for value in top])
    return (column_scale * row_scale * matrix.scale, *_signs_moved(column, row))


def _signs_moved(column: list[int], row: list[int]) -> tuple[list[int], list[int]]:
    """Take the minus out of a column without a plus, so that Sobel's come out as [1 2 1]."""
    if max(column) <= 0:
        return [-value for value in column], [-value for value in row]
    return column, row


def _whole(values: Sequence[Fraction]) -> tuple[Fraction, list[int]]:
    """Write values as scale > 0 times whole numbers that have no common divisor."""
    bottom = math.lcm(*(value.denominator for value in values))
    whole = [value.numerator * (bottom // value.denominator) for value in values]
    common = math.gcd(*whole) or 1
    return Fraction(common, bottom), [value // common for value in whole]


def _are_opposite(one: Rows, other: Rows) -> bool:
    return all(
        a == -b
        for row, turned in zip(one, other, strict=True)
        for a, b in zip(row, turned, strict=True)
    )


def _negated(token: str) -> str:
    if token.startswith("-"):
        return token[1:]
    return f"-{token.removeprefix('+')}"


def _with_cells(matrix: Matrix, rows: Iterable[Iterable[str]]) -> Matrix:
    return replace(matrix, cells=tuple(tuple(row) for row in rows))
