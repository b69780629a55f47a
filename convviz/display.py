"""How the numbers of a feature map become colours, and what that hides; never other numbers.

A mode first turns values into what is shown of them (``shown``), then a straight scale turns that
into shades. The two are apart so that a picture can be made smaller between them: mixing colours,
or values whose sign will be dropped, would show what is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from convviz.palette import diverging_table

Mode = Literal["signed", "clip", "absolute", "rescale", "threshold"]
MODES: tuple[str, ...] = get_args(Mode)
GREY_HIGH = 255.0

Numbers = NDArray[Any]
"""Real numbers."""
_GREYS = 256
_ROWS = 256
_COLOURS = 255
"""An odd number puts 0 exactly on the middle one."""


@dataclass(frozen=True)
class Display:
    """How a feature map is shown.

    Parameters
    ----------
    mode : str
        One of `MODES`: zero in the middle; 0 to 255 as a screen has them; the size without the
        sign; the whole range from black to white; white from a threshold on, black below it.
    relu : bool
        Whether negative values are shown as 0.
    threshold : float
    """

    mode: str = "signed"
    relu: bool = False
    threshold: float = 128.0

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"Display {self.mode!r} is unknown: choose one of {', '.join(MODES)}.")
        if not np.isfinite(self.threshold):
            raise ValueError("The threshold must be a finite number.")

    def shown(self, values: Numbers) -> Numbers:
        """Return what is shown of values of any shape, on the scale of `scale`."""
        if self.relu:
            values = np.maximum(values, 0)
        match self.mode:
            case "clip":
                values = np.clip(values, 0, GREY_HIGH)
            case "absolute":
                values = np.abs(values)
            case "threshold":
                values = (values >= self.threshold).astype(values.dtype)
        return values


@dataclass(frozen=True)
class Scale:
    """A straight scale of shades.

    Attributes
    ----------
    low, high : float
        What the first and the last shade stand for.
    diverging : bool
        Whether the shades go from orange over near-white to blue, else from black to white.
    """

    low: float
    high: float
    diverging: bool = False

    @classmethod
    def signed(cls, limit: float) -> Scale:
        """Return the scale with 0 in its middle."""
        return cls(-limit, limit, True)

    @classmethod
    def of_input(cls, low: float, high: float, *, picture: bool) -> Scale:
        """Return the scale of an input: greys, unless it has negative numbers."""
        if low < 0:
            return cls.signed(max(-low, high))
        return cls(0.0, GREY_HIGH if picture else high)

    @property
    def table(self) -> NDArray[np.uint8]:
        """The shades, uint8 (n, 3)."""
        if self.diverging:
            return diverging_table(_COLOURS)
        return np.repeat(np.arange(_GREYS, dtype=np.uint8)[:, np.newaxis], 3, axis=1)

    def shades(self, shown: Numbers) -> NDArray[np.uint8]:
        """Return the place of each value in the table."""
        last = (_COLOURS if self.diverging else _GREYS) - 1
        if self.low >= self.high:
            middle = last // 2 if self.diverging else 0
            return np.full(shown.shape, middle, np.uint8)
        found = np.empty(shown.shape, np.uint8)
        for begin in range(0, len(shown), _ROWS):
            share = shown[begin : begin + _ROWS].astype(np.float64)
            share -= self.low
            share *= last / (self.high - self.low)
            found[begin : begin + _ROWS] = np.rint(np.clip(share, 0, last, out=share), out=share)
        return found


def scale(display: Display, low: float, high: float) -> Scale:
    """Return the scale of a map whose values go from low to high.

    Parameters
    ----------
    display : Display
    low, high : float
        Of the numbers themselves.
    """
    if display.relu:
        low, high = max(low, 0.0), max(high, 0.0)
    match display.mode:
        case "clip":
            return Scale(0.0, GREY_HIGH)
        case "absolute":
            return Scale(0.0, max(abs(low), abs(high)))
        case "rescale":
            return Scale(low, high)
        case "threshold":
            return Scale(0.0, 1.0)
    return Scale.signed(max(abs(low), abs(high)))


def hidden(display: Display, values: Numbers) -> str:
    """Say what share of the values cannot be told from the picture.

    Parameters
    ----------
    display : Display
    values : ndarray
        The whole feature map.

    Returns
    -------
    str
        One sentence, or two with ReLU.
    """
    if not display.relu:
        return _hidden_by_mode(display, values, -np.inf)
    before = f"ReLU: {share(values, np.less, 0)} of values are negative and shown as 0. "
    return before + _hidden_by_mode(display, values, 0.0)


def _hidden_by_mode(display: Display, values: Numbers, least: float) -> str:
    """Say it of values that are shown as the least if they are below it."""
    match display.mode:
        case "clip":
            below = 0 if least == 0 else count(values, np.less, 0)
            above = count(values, np.greater, GREY_HIGH)
            shares = [percentage(n, values.size) for n in (below + above, below, above)]
            return "{} of values would be cut off: {} below 0, {} above 255.".format(*shares)
        case "absolute":
            negative = percentage(0, 1) if least == 0 else share(values, np.less, 0)
            return f"{negative} of values are negative and shown without their sign."
        case "rescale":
            low, high = (max(float(value), least) for value in (values.min(), values.max()))
            return f"Nothing is cut off; {_where_zero_is(low, high)}."
        case "threshold":
            reach = least >= display.threshold
            white = (
                percentage(1, 1) if reach else share(values, np.greater_equal, display.threshold)
            )
            return f"{white} of values reach the threshold: white."
    return "Nothing is cut off; 0 is in the middle."


def _where_zero_is(low: float, high: float) -> str:
    if not low <= 0 <= high:
        return "0 is not among the values"
    grey = round(255 * -low / (high - low)) if high > low else 0
    return f"0 is grey {grey} of 255"


def count(values: Numbers, compares: np.ufunc, limit: float) -> int:
    """Count the values that compare so with a limit, some rows at a time."""
    parts = (values[begin : begin + _ROWS] for begin in range(0, len(values), _ROWS))
    return sum(int(np.count_nonzero(compares(part, limit))) for part in parts)


def share(values: Numbers, compares: np.ufunc, limit: float) -> str:
    """Write which share of values compares so with a limit, as `percentage` does."""
    return percentage(count(values, compares, limit), values.size)


def percentage(count: int, size: int) -> str:
    """Write a share in whole percent; 0 and 100 mean none and all."""
    percent = 100 * count / size
    if 0 < percent < 1:
        return "<1\u00a0%"
    if 99 < percent < 100:
        return ">99\u00a0%"
    return f"{percent:.0f}\u00a0%"
