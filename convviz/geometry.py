"""Where the windows lie: stride, padding, dilation, boundary, and which of them fit an image."""

from __future__ import annotations

import numbers
import operator
import reprlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, SupportsIndex, cast

import numpy as np
from numpy.typing import NDArray

Pair = tuple[int, int]
Sides = tuple[Pair, Pair]
PairLike = SupportsIndex | Sequence[SupportsIndex]
PaddingLike = str | SupportsIndex | Sequence[SupportsIndex] | Sequence[Sequence[SupportsIndex]]
ShapeLike = Sequence[SupportsIndex]

BOUNDARIES = ("constant", "edge", "reflect", "symmetric", "wrap")
PADDINGS = ("valid", "same", "full")

_PADDING_FORMS = (
    '"valid", "same", "full", or amounts of 0 or more: an integer, (vertical, horizontal) '
    "or ((top, bottom), (left, right))"
)


@dataclass(frozen=True)
class Geometry:
    """How a kernel moves over an image, whatever the numbers in either.

    Parameters
    ----------
    stride : (int, int)
        Rows and columns from one window to the next, 1 or more.
    padding : {"valid", "same", "full"} or ((int, int), (int, int))
        A word, or the rows and columns added as ((top, bottom), (left, right)).
        "valid" adds nothing; "same" gives ``ceil(n / stride)`` outputs, with the odd row or
        column added at the bottom or right; "full" adds the dilated kernel minus one all round.
    dilation : (int, int)
        Rows and columns from one weight to the next, 1 or more.
    boundary : {"constant", "edge", "reflect", "symmetric", "wrap"}
        What the padding holds, in the words of `numpy.pad`::

            constant   k k k | a b c d | k k k
            edge       a a a | a b c d | d d d
            reflect    d c b | a b c d | c b a
            symmetric  c b a | a b c d | d c b
            wrap       b c d | a b c d | a b c

    fill_value : float
        The k of "constant".

    Raises
    ------
    TypeError
        A value of the wrong type: a float or a bool where an integer belongs.
    ValueError
        A stride or dilation below 1, a negative padding, a word that is not known.

    Notes
    -----
    For an axis of n cells, k weights, stride s, dilation d and padding p + q::

        output = floor((n + p + q - ((k - 1) * d + 1)) / s) + 1

    V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning", 2016.
    """

    stride: Pair = (1, 1)
    padding: str | Sides = "valid"
    dilation: Pair = (1, 1)
    boundary: str = "constant"
    fill_value: float = 0.0

    def __post_init__(self) -> None:
        """Read and check every form, so that equal geometries are equal values."""
        object.__setattr__(self, "stride", pair("stride", self.stride, least=1))
        object.__setattr__(self, "padding", _padding(self.padding))
        object.__setattr__(self, "dilation", pair("dilation", self.dilation, least=1))
        object.__setattr__(self, "boundary", _boundary(self.boundary))
        object.__setattr__(self, "fill_value", real("fill_value", self.fill_value))

    @classmethod
    def of(
        cls,
        *,
        stride: PairLike = 1,
        padding: PaddingLike = "valid",
        dilation: PairLike = 1,
        boundary: str = "constant",
        fill_value: float = 0.0,
    ) -> Geometry:
        """Build a Geometry from every form that `correlate2d` takes.

        Examples
        --------
        >>> Geometry.of(stride=2, padding=(1, 0)).padding
        ((1, 1), (0, 0))
        """
        # __post_init__ reads every form; only the types are narrower there.
        return cls(
            stride=cast(Pair, stride),
            padding=cast(Sides, padding),
            dilation=cast(Pair, dilation),
            boundary=boundary,
            fill_value=fill_value,
        )

    def extent(self, kernel_shape: ShapeLike) -> Pair:
        """Rows and columns a kernel spans once dilated: ``(k - 1) * dilation + 1``."""
        kernel = _shape("kernel_shape", kernel_shape)
        return (kernel[0] - 1) * self.dilation[0] + 1, (kernel[1] - 1) * self.dilation[1] + 1

    def pads(self, image_shape: ShapeLike, kernel_shape: ShapeLike) -> Sides:
        """Rows and columns added, as ((top, bottom), (left, right))."""
        image = _shape("image_shape", image_shape)
        extent = self.extent(kernel_shape)
        if not isinstance(self.padding, str):
            return self.padding
        if self.padding == "valid":
            return (0, 0), (0, 0)
        if self.padding == "full":
            return (extent[0] - 1, extent[0] - 1), (extent[1] - 1, extent[1] - 1)
        vertical = _same(image[0], extent[0], self.stride[0])
        return vertical, _same(image[1], extent[1], self.stride[1])

    def padded_shape(self, image_shape: ShapeLike, kernel_shape: ShapeLike) -> Pair:
        """Rows and columns of the image with its padding."""
        rows, columns = _shape("image_shape", image_shape)
        (top, bottom), (left, right) = self.pads(image_shape, kernel_shape)
        return top + rows + bottom, left + columns + right

    def output_shape(
        self, image_shape: ShapeLike, kernel_shape: ShapeLike, *, name: str = "kernel"
    ) -> Pair:
        """Rows and columns of the result.

        Parameters
        ----------
        image_shape, kernel_shape : (int, int)
            Rows and columns.
        name : str
            What an error calls the thing that slides.

        Returns
        -------
        (int, int)

        Raises
        ------
        ValueError
            The dilated kernel is larger than the padded image.
        """
        padded = self.padded_shape(image_shape, kernel_shape)
        extent = self.extent(kernel_shape)
        if extent[0] > padded[0] or extent[1] > padded[1]:
            raise ValueError(self._misfit(image_shape, kernel_shape, name))
        rows = (padded[0] - extent[0]) // self.stride[0] + 1
        return rows, (padded[1] - extent[1]) // self.stride[1] + 1

    def starts(
        self, image_shape: ShapeLike, kernel_shape: ShapeLike
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Give the padded row and the padded column where each window begins.

        Returns
        -------
        rows : (H_out,) int array
        columns : (W_out,) int array
            Subtract the top and left of `pads` for places in the image itself.
        """
        rows, columns = self.output_shape(image_shape, kernel_shape)
        return np.arange(rows) * self.stride[0], np.arange(columns) * self.stride[1]

    def sources(
        self, image_shape: ShapeLike, kernel_shape: ShapeLike
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """For each padded row and column, the image row or column whose values stand there.

        Returns
        -------
        rows : (H_padded,) int array
        columns : (W_padded,) int array
            -1 means the fill value, which only ``boundary="constant"`` uses.
        """
        rows, columns = _shape("image_shape", image_shape)
        vertical, horizontal = self.pads(image_shape, kernel_shape)
        return (
            source_of(np.arange(-vertical[0], rows + vertical[1]), rows, self.boundary),
            source_of(np.arange(-horizontal[0], columns + horizontal[1]), columns, self.boundary),
        )

    def unreached(self, image_shape: ShapeLike, kernel_shape: ShapeLike) -> Pair:
        """Count the padded rows at the bottom and columns at the right that no window covers."""
        padded = self.padded_shape(image_shape, kernel_shape)
        extent = self.extent(kernel_shape)
        output = self.output_shape(image_shape, kernel_shape)
        rows = padded[0] - extent[0] - (output[0] - 1) * self.stride[0]
        return rows, padded[1] - extent[1] - (output[1] - 1) * self.stride[1]

    def _misfit(self, image_shape: ShapeLike, kernel_shape: ShapeLike, name: str) -> str:
        image, kernel = _shape("image_shape", image_shape), _shape("kernel_shape", kernel_shape)
        extent = self.extent(kernel)
        needed = max((reach - n + 1) // 2 for reach, n in zip(extent, image, strict=True))
        (top, bottom), (left, right) = pads = self.pads(image, kernel)
        amount: object = pads
        if top == bottom and left == right:
            amount = top if top == left else (top, left)
        spread, less = "", ""
        if self.dilation != (1, 1):
            spread, less = f" spread over {extent} by dilation {self.dilation}", " or dilation"
        return (
            f"{name} {kernel}{spread} does not fit image {image} with padding {amount}: "
            f"pad by {needed} or more, or use a smaller {name}{less}"
        )


def output_shape(
    image_shape: ShapeLike,
    kernel_shape: ShapeLike,
    *,
    stride: PairLike = 1,
    padding: PaddingLike = "valid",
    dilation: PairLike = 1,
) -> Pair:
    """Rows and columns that `correlate2d`, `convolve2d`, `conv2d` and `trace` give.

    Parameters
    ----------
    image_shape, kernel_shape : (int, int)
        Rows and columns, each 1 or more.
    stride, dilation : int or (vertical, horizontal)
        1 or more.
    padding : str, int, (vertical, horizontal) or ((top, bottom), (left, right))
        "valid", "same", "full", or amounts of 0 or more.

    Returns
    -------
    (int, int)
        ``floor((n + padding - ((k - 1) * dilation + 1)) / stride) + 1`` for each axis.

    Raises
    ------
    TypeError
        A float or a bool where an integer belongs.
    ValueError
        The dilated kernel is larger than the padded image, or a value is out of range.

    Examples
    --------
    The last row and column are not reached, since (32 - 3) / 2 + 1 is 15.5:

    >>> output_shape((32, 32), (3, 3), stride=2)
    (15, 15)
    """
    geometry = Geometry.of(stride=stride, padding=padding, dilation=dilation)
    return geometry.output_shape(image_shape, kernel_shape)


def integer(name: str, value: object, *, least: int | None = None) -> int:
    """Read one integer: Python's or NumPy's, never a bool, and at least `least` if given."""
    number = _index(value)
    form = "an integer" if least is None else f"an integer of {least} or more"
    if number is None:
        raise TypeError(_rule(name, value, form))
    if least is not None and number < least:
        raise ValueError(_rule(name, value, form))
    return number


def pair(name: str, value: object, *, least: int) -> Pair:
    """Read an integer or (vertical, horizontal), each at least `least`."""
    form = f"an integer of {least} or more, or two of them as (vertical, horizontal)"
    return _two(_items(value), least, (name, value, form))


def real(name: str, value: object) -> float:
    """Read one real number (a Python or NumPy scalar) as a float."""
    if type(value) is float:
        return value
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, np.bool_):
        value = bool(value)
    if not isinstance(value, numbers.Real):
        raise TypeError(_rule(name, value, "one real number"))
    try:
        return float(value)
    except OverflowError:
        raise ValueError(_rule(name, value, "less than 1.8e308")) from None


def _rule(name: str, value: object, form: str) -> str:
    return f"{name} {reprlib.repr(value)} must be {form}"


def _index(value: Any) -> int | None:
    if isinstance(value, bool | np.bool_):
        return None
    try:
        return operator.index(value)
    except TypeError:
        return None


def _is_row(value: Any) -> bool:
    return isinstance(value, tuple | list) or (isinstance(value, np.ndarray) and value.ndim > 0)


def _items(value: Any) -> tuple[Any, ...]:
    return tuple(value) if _is_row(value) else (value, value)


def _two(items: tuple[Any, ...], least: int, rule: tuple[str, object, str]) -> Pair:
    if len(items) != 2:
        raise ValueError(_rule(*rule))
    first, second = _index(items[0]), _index(items[1])
    if first is None or second is None:
        raise TypeError(_rule(*rule))
    if min(first, second) < least:
        raise ValueError(_rule(*rule))
    return first, second


def _shape(name: str, value: object) -> Pair:
    rule = name, value, "(rows, columns), each an integer of 1 or more"
    if not _is_row(value):
        raise TypeError(_rule(*rule))
    return _two(_items(value), 1, rule)


def _boundary(value: object) -> str:
    if isinstance(value, str) and value in BOUNDARIES:
        return str(value)
    error = ValueError if isinstance(value, str) else TypeError
    raise error(_rule("boundary", value, f"one of {', '.join(BOUNDARIES)}"))


def _padding(value: object) -> str | Sides:
    rule = "padding", value, _PADDING_FORMS
    if isinstance(value, str):
        if value not in PADDINGS:
            raise ValueError(_rule(*rule))
        return str(value)
    items = _items(value)
    if len(items) == 2 and all(_is_row(item) for item in items):
        vertical, horizontal = items
        return _two(tuple(vertical), 0, rule), _two(tuple(horizontal), 0, rule)
    rows, columns = _two(items, 0, rule)
    return (rows, rows), (columns, columns)


def _same(n: int, reach: int, step: int) -> Pair:
    outputs = -(-n // step)
    missing = max((outputs - 1) * step + reach - n, 0)
    return missing // 2, missing - missing // 2


def source_of(index: NDArray[np.intp], n: int, boundary: str) -> NDArray[np.intp]:
    """Say which of n cells stands at each index; below 0 and from n on it is that of the boundary.

    Parameters
    ----------
    index : int array
    n : int
    boundary : str
        One of `BOUNDARIES`.

    Returns
    -------
    int array
        Of the shape of `index`; -1 is the fill value, which only ``"constant"`` uses. That of
        ``np.arange(-before, n + after)`` is ``np.pad(np.arange(n), (before, after), boundary)``.
    """
    if boundary == "constant":
        return np.where((index >= 0) & (index < n), index, -1)
    if boundary == "edge":
        return np.clip(index, 0, n - 1)
    if boundary == "wrap":
        return index % n
    # A mirror repeats itself; "reflect" turns round on the outermost cell, "symmetric" beside it.
    turn = 0 if boundary == "reflect" else 1
    period = max(2 * (n - 1 + turn), 1)
    place = index % period
    return np.minimum(place, period - turn - place)
