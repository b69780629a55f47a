"""Text <-> numbers: `Matrix` keeps numbers as they were typed, and what they are worth exactly."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convviz import notation
from convviz.geometry import Pair
from convviz.notation import MAX_TOKEN, MatrixError, clipped, token_of

__all__ = [
    "MAX_FILE",
    "MAX_SHAPE",
    "MAX_TEXT",
    "MAX_TOKEN",
    "Matrix",
    "MatrixError",
    "format_matrix",
    "parse_matrix",
    "read_table",
    "token_of",
]

MAX_SHAPE: Final[Pair] = (64, 64)
MAX_TEXT: Final = 20_000
MAX_FILE: Final = 131_072

_NPY_TYPES: Final = ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Matrix:
    """Numbers as typed: 1/9 stays 1/9. The numbers meant are ``factor * cells``.

    Parameters
    ----------
    cells : tuple of tuples of str, (H, W)
        Number tokens, such as "-1", "0.5", "1e-3" or "1/9". U+2212 becomes "-", "E" becomes "e".
    factor : str
        A token like those in the cells.

    Raises
    ------
    MatrixError
        If the rows differ in length, if there are none, if there are more than 64 x 64 cells, or
        if a token or its product with the factor is no finite float64. The message says where.
    """

    cells: tuple[tuple[str, ...], ...]
    factor: str = "1"

    def __post_init__(self) -> None:
        """Check every token, so that a Matrix that exists can be computed with."""
        _check_shape(self.cells, MAX_SHAPE)
        object.__setattr__(self, "factor", notation.checked(self.factor, "The factor"))
        object.__setattr__(
            self,
            "cells",
            tuple(
                tuple(notation.checked(cell, _place(r, c)) for c, cell in enumerate(row, 1))
                for r, row in enumerate(self.cells, 1)
            ),
        )
        _check_equal_rows(self.cells)
        _ = self.weights  # a product too large for a float64 is refused here, not later

    @classmethod
    def parse(cls, text: str, *, max_shape: Pair = MAX_SHAPE) -> "Matrix":
        r"""Read a matrix as people write or paste it; see `convviz.notation` for every form.

        Parameters
        ----------
        text : str
            At most 20 000 characters; longer only where `format_matrix` wrote it.
        max_shape : (int, int)
            The most rows and columns allowed, at most (64, 64).

        Raises
        ------
        MatrixError
            For anything else; the message names the place and the fix.

        Examples
        --------
        >>> Matrix.parse("1/16 x [1 2 1; 2 4 2; 1 2 1]").factor
        '1/16'
        >>> Matrix.parse(r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}").cells
        (('1', '2'), ('3', '4'))
        """
        if not isinstance(text, str):
            raise MatrixError(f"A matrix is read from text, not from {type(text).__name__}.")
        if len(text) > MAX_TEXT and not _is_formatted(text):
            raise MatrixError(
                f"The text has {len(text)} characters: at most {MAX_TEXT} are read, "
                "so paste a smaller matrix or fewer digits."
            )
        return cls._of_text(text, max_shape)

    @classmethod
    def _of_text(cls, text: str, max_shape: Pair) -> "Matrix":
        rows, factor = notation.read(text)
        cells = tuple(tuple(row) for row in rows)
        _check_shape(cells, max_shape)
        return cls(cells, factor)

    @classmethod
    def of(cls, values: ArrayLike) -> "Matrix":
        """Write down an array (H, W) of finite numbers so that exactly its floats are read back.

        Raises
        ------
        MatrixError
            If it is not a two-dimensional array of real, finite numbers of at most 64 x 64.
        """
        try:
            array = np.asarray(values)
        except (ValueError, TypeError, OverflowError) as error:
            raise MatrixError("Give rows of equally many numbers.") from error
        if array.dtype.kind not in "biuf":
            raise MatrixError(f"A matrix holds real numbers, not {array.dtype}.")
        if array.ndim != 2:
            raise MatrixError(f"A matrix has rows and columns, not the shape {array.shape}.")
        _check_size(array.shape, MAX_SHAPE)
        if array.dtype.kind in "iu":
            return cls(tuple(tuple(str(value) for value in row) for row in array.tolist()))
        with np.errstate(over="ignore"):
            numbers = array.astype(np.float64)
        return cls(
            tuple(tuple(notation.shortest(value) for value in row) for row in numbers.tolist())
        )

    @property
    def shape(self) -> Pair:
        """Rows and columns, (H, W)."""
        return len(self.cells), len(self.cells[0])

    @cached_property
    def fractions(self) -> tuple[tuple[Fraction, ...], ...]:
        """The cells, exact, without the factor."""
        return tuple(tuple(notation.to_fraction(cell) for cell in row) for row in self.cells)

    @cached_property
    def scale(self) -> Fraction:
        """The factor, exact."""
        return notation.to_fraction(self.factor)

    @cached_property
    def values(self) -> Floats:
        """The cells without the factor, correctly rounded: float64 (H, W), read-only."""
        return _frozen([[notation.to_float(cell) for cell in row] for row in self.cells])

    @cached_property
    def weights(self) -> Floats:
        """``factor * cells``, rounded once from the exact product: float64 (H, W), read-only."""
        if self.scale == 1:
            return self.values
        rows = enumerate(self.fractions, 1)
        return _frozen(
            [[self._weight(value, r, c) for c, value in enumerate(row, 1)] for r, row in rows]
        )

    def _weight(self, value: Fraction, row: int, column: int) -> float:
        return notation.float_of(
            value * self.scale,
            f"{_place(row, column)}: {self.cells[row - 1][column - 1]} times the factor "
            f"{self.factor}",
        )

    @cached_property
    def total(self) -> Fraction:
        """The exact sum of ``factor * cells``."""
        return self.scale * _exact_sum(value for row in self.fractions for value in row)

    def numerators(self) -> tuple[Floats, int]:
        """Write the cells over one common denominator.

        Returns
        -------
        n : float64 array (H, W), read-only
            Whole numbers, with ``cells == n / divisor`` exactly.
        divisor : int
            The smallest there is; or 1, with `values` for n, if it or a numerator would pass
            2**31 (so that sums of products of n with pixels stay exact in a float64).
        """
        divisor = 1
        for value in (value for row in self.fractions for value in row):
            divisor = math.lcm(divisor, value.denominator)
            if divisor > 2**31:
                return self.values, 1
        whole = [[int(value * divisor) for value in row] for row in self.fractions]
        if max(abs(value) for row in whole for value in row) > 2**31:
            return self.values, 1
        return _frozen([[float(value) for value in row] for row in whole]), divisor


def parse_matrix(text: str) -> Floats:
    """Read a matrix from text, with its factor multiplied in.

    Parameters
    ----------
    text : str
        Spaces, tabs, CSV, ``[[1, 2], [3, 4]]``, ``[0 1 0, 1 0 1]``, MATLAB, LaTeX, NumPy; numbers
        such as ``-1``, ``0.5``, ``1e-3`` and ``1/9``; a factor in front, as in ``1/16 x``.

    Returns
    -------
    float64 array (H, W)
        A new array, each number correctly rounded.

    Raises
    ------
    MatrixError
        A ValueError whose message names the place and the fix.

    Examples
    --------
    >>> parse_matrix("1/2 x [1 2; 3 4]").tolist()
    [[0.5, 1.0], [1.5, 2.0]]
    """
    return Matrix.parse(text).weights.copy()


def format_matrix(array: ArrayLike) -> str:
    r"""Write an array (H, W) as text, one row a line; `parse_matrix` reads the same floats.

    Raises
    ------
    MatrixError
        If it is not a two-dimensional array of finite numbers of at most 64 x 64.

    Examples
    --------
    >>> format_matrix([[1.0, 0.5], [-0.1, 1e300]])
    '1 0.5\n-0.1 1e+300'
    """
    rows = Matrix.of(array).values.tolist()
    return "\n".join(" ".join(notation.shortest(value) for value in row) for row in rows)


def _exact_sum(values: Iterable[Fraction]) -> Fraction:
    """Add fractions in pairs, so that the large denominators come last (and stay few)."""
    terms = list(values)
    while len(terms) > 1:
        odd = [terms[-1]] if len(terms) % 2 else []
        terms = [a + b for a, b in zip(terms[::2], terms[1::2], strict=False)] + odd
    return terms[0] if terms else Fraction(0)


def read_table(data: bytes, name: str) -> Matrix:
    """Read an uploaded .csv, .tsv, .txt or .npy file.

    Parameters
    ----------
    data : bytes
        At most 128 kB: a text in UTF-8 (or UTF-16 with its mark), or NumPy's own format.
    name : str
        The file's name, of which only the ending matters.

    Raises
    ------
    MatrixError
        If the file is too large or cut short, holds Python objects, or is no matrix.
    """
    if len(data) > MAX_FILE:
        raise MatrixError(f"The file has {len(data)} bytes: at most {MAX_FILE} are read.")
    ending = name.rpartition(".")[2].lower()
    if ending == "npy":
        return Matrix.of(_npy(data))
    if ending not in ("csv", "tsv", "txt"):
        raise MatrixError(f'"{clipped(name)}" is no .csv, .tsv, .txt or .npy file: upload one.')
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise MatrixError("The file is not text in UTF-8: save it as CSV in UTF-8.") from error
    return Matrix._of_text(text, MAX_SHAPE)


def _npy(data: bytes) -> NDArray[np.generic]:
    """Read an .npy file; nothing is built before its shape and type are known good."""
    length = 2 if data[6:7] == b"\x01" else 4
    start = 8 + length
    if data[:6] != b"\x93NUMPY" or data[6:8] not in (b"\x01\0", b"\x02\0", b"\x03\0"):
        raise MatrixError("The file does not begin as an .npy file: save it with numpy.save.")
    end = start + int.from_bytes(data[8:start], "little")
    header = data[start:end][:1000].decode("latin-1")
    kind = re.search(r"'descr' ?: ?'([<>|=]?)([a-zA-Z])([0-9]{0,2})'", header)
    order = re.search(r"'fortran_order' ?: ?(True|False)", header)
    shape = re.search(r"'shape' ?: ?\(([0-9]{1,9}), ?([0-9]{1,9}),? ?\)", header)
    if kind and kind[2] == "O":
        raise MatrixError("The file holds Python objects, which are never read: save numbers.")
    if not (kind and order and shape) or kind[2] + kind[3] not in _NPY_TYPES:
        raise MatrixError(
            "The .npy file does not hold rows and columns of plain numbers: "
            "save a two-dimensional array of integers or floats."
        )
    rows, columns = int(shape[1]), int(shape[2])
    _check_size((rows, columns), MAX_SHAPE)
    dtype = np.dtype(kind[1] + kind[2] + kind[3])
    if len(data) - end < rows * columns * dtype.itemsize:
        raise MatrixError("The .npy file is cut short: upload it again.")
    flat = np.frombuffer(data, dtype, rows * columns, end)
    if kind[2] == "b":
        flat = np.frombuffer(data, np.uint8, rows * columns, end) != 0
    return flat.reshape((rows, columns), order="F" if order[1] == "True" else "C")


def _is_formatted(text: str) -> bool:
    """Whether `format_matrix` may have written this; 64 x 64 long numbers pass MAX_TEXT."""
    lines = text.split("\n", MAX_SHAPE[0])
    return len(lines) <= MAX_SHAPE[0] and all(
        len(line) <= MAX_SHAPE[1] * (MAX_TOKEN + 1) and all(map(_is_shortest, line.split(" ")))
        for line in lines
    )


def _is_shortest(token: str) -> bool:
    try:
        return notation.shortest(notation.to_float(notation.checked(token, ""))) == token
    except MatrixError:
        return False


def _check_shape(cells: Sequence[Sequence[str]], most: Pair) -> None:
    if not any(cells):
        raise MatrixError("There are no numbers: type some, such as 0 1 0, one row a line.")
    if isinstance(cells, str) or any(isinstance(row, str) for row in cells):
        raise MatrixError('Give the cells as rows of tokens, such as (("0", "1"), ("1", "0")).')
    _check_size((len(cells), max(map(len, cells))), most)


def _check_size(shape: tuple[int, ...], most: Pair) -> None:
    for size, limit, name in zip(shape, most, ("row", "column"), strict=True):
        if size > limit:
            raise MatrixError(
                f"The matrix has {_counted(size, name)}: at most {limit} fit here, so use fewer."
            )
    if 0 in shape:
        raise MatrixError("There are no numbers: give one row and one column at least.")


def _check_equal_rows(cells: Sequence[Sequence[str]]) -> None:
    width = len(cells[0])
    for number, row in enumerate(cells, 1):
        if len(row) != width:
            raise MatrixError(
                f"Row {number} has {_counted(len(row), 'number')} where row 1 has {width}: "
                "give every row the same number."
            )


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _place(row: int, column: int) -> str:
    return f"Row {row}, column {column}"


def _frozen(rows: list[list[float]]) -> Floats:
    array = np.array(rows, dtype=np.float64)
    array.setflags(write=False)
    return array
