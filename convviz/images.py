"""Pictures and small matrices to convolve: reading a file, the built-in inputs, planes, sizes."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from convviz.picture_reader import ImageError, read_image

__all__ = [
    "BUILT_INS",
    "PLANES",
    "BuiltIn",
    "ImageError",
    "built_in",
    "plane",
    "read_image",
    "resize",
]

PLANES = ("grey", "red", "green", "blue")

_T = TypeVar("_T", bound=np.generic)
_BAND = 256
_ASSETS = Path(__file__).resolve().parent.parent / "assets"


@dataclass(frozen=True)
class BuiltIn:
    """An input that comes with the app. Links name it by `id`, so an id never changes meaning.

    `kind` is "numbers" (a matrix to check in the head) or "picture" (from `assets/`), and `about`
    is one line on what to look for.
    """

    id: str
    name: str
    kind: str
    about: str


BUILT_INS = (
    BuiltIn(
        "classic",
        "Classic 5 × 5",
        "numbers",
        "The worked example of Dumoulin & Visin (2016), figure 1.1.",
    ),
    BuiltIn(
        "edge",
        "Vertical edge",
        "numbers",
        "Dark on the left, bright on the right: only kernels that look sideways answer to it.",
    ),
    BuiltIn(
        "uniform",
        "Uniform",
        "numbers",
        "The same number everywhere: a kernel with sum 0 finds nothing, except at zero padding.",
    ),
    BuiltIn(
        "impulse",
        "Impulse",
        "numbers",
        "A single 1: the output is the kernel itself, turned by 180 degrees unless it is flipped.",
    ),
    BuiltIn(
        "step",
        "Diagonal step",
        "numbers",
        "An edge that climbs like stairs: horizontal and vertical kernels both answer to it.",
    ),
    BuiltIn(
        "checkerboard",
        "Checkerboard",
        "numbers",
        "The finest pattern there is: a blur takes it away, a sharpening makes it stronger.",
    ),
    BuiltIn(
        "letter-f",
        "Letter F",
        "numbers",
        "Unlike itself in every mirror and every turn: a flipped kernel shows at once.",
    ),
    BuiltIn(
        "gradient",
        "Gradient",
        "numbers",
        "One more in each column: a first derivative is the same everywhere, a second is 0.",
    ),
    BuiltIn(
        "random",
        "Random digits",
        "numbers",
        "Digits from 0 to 9 without any pattern; a seed always gives the same ones.",
    ),
    BuiltIn(
        "scene",
        "Cabin by the lake",
        "picture",
        "Roof and fence edges, shingles and grass, a smooth sky: every kernel finds something.",
    ),
    BuiltIn(
        "portrait",
        "Portrait",
        "picture",
        "Soft shading and fine hair: blur smooths the skin, edge kernels draw the outline.",
    ),
    BuiltIn(
        "text",
        "Page of text",
        "picture",
        "Strokes in every direction: blur closes the small letters first.",
    ),
    BuiltIn(
        "bricks",
        "Brick wall",
        "picture",
        "Long level joints and short upright ones: compare the two directions of Sobel.",
    ),
    BuiltIn(
        "zone-plate",
        "Zone plate",
        "picture",
        "Rings of every fineness and direction: it shows which of them a kernel lets through.",
    ),
    BuiltIn(
        "colour-wheel",
        "Colour wheel",
        "picture",
        "Red, green and blue differ most here: look at one plane after another.",
    ),
    BuiltIn(
        "tiny",
        "Balloon, 32 × 32",
        "picture",
        "Few enough pixels to see each one, and to travel inside a link.",
    ),
)

_ROWS = {
    "classic": ("33210", "00131", "31223", "20022", "20001"),
    "edge": ("000999",) * 6,
    "uniform": ("77777",) * 5,
    "impulse": ("0000000",) * 3 + ("0001000",) + ("0000000",) * 3,
    "step": ("900000", "990000", "999000", "999900", "999990", "999999"),
    "checkerboard": ("09090909", "90909090") * 4,
    "letter-f": (
        "0000000",
        "0999990",
        "0900000",
        "0999900",
        "0900000",
        "0900000",
        "0900000",
        "0000000",
    ),
    "gradient": ("01234567",) * 6,
}


def built_in(id: str, *, seed: int = 1) -> NDArray[Any]:
    """Return a built-in input, the same array for ever.

    Parameters
    ----------
    id : str
        The `id` of a row of `BUILT_INS`.
    seed : int
        Chooses the digits of "random", from 0 up; the others take no notice of it.

    Returns
    -------
    ndarray
        Read-only: float64 (H, W) for numbers, uint8 (H, W, 3) for a picture.

    Raises
    ------
    ValueError
        If there is no such input, or the seed is negative.
    """
    if id == "random":
        return _random_digits(operator.index(seed))
    if id in _ROWS:
        return _read_only(np.array([[float(digit) for digit in row] for row in _ROWS[id]]))
    if any(row.id == id for row in BUILT_INS):
        return _picture(id)
    known = ", ".join(row.id for row in BUILT_INS)
    raise ValueError(f"there is no built-in input {id!r}: choose one of {known}")


def _random_digits(seed: int, shape: tuple[int, int] = (8, 8)) -> NDArray[np.float64]:
    if seed < 0:
        raise ValueError(f"seed is {seed}, but seeds start at 0: choose 0 or more")
    # NumPy promises the raw stream of a bit generator for ever, but not what Generator.integers
    # makes of it; links carry seeds, so the digits are drawn from the stream itself.
    raw = np.random.PCG64(seed).random_raw(shape)
    return _read_only(((raw >> np.uint64(32)) * np.uint64(10) >> np.uint64(32)).astype(np.float64))


@cache
def _picture(id: str) -> NDArray[np.uint8]:
    path = _ASSETS / f"{id}.png"
    if not path.is_file():
        raise ImageError(f"The file assets/{id}.png is missing: run python assets/draw.py.")
    with Image.open(path, formats=("PNG",)) as image:
        return _read_only(np.array(image.convert("RGB")))


def _read_only(array: NDArray[_T]) -> NDArray[_T]:
    array.setflags(write=False)
    return array


def plane(pixels: NDArray[np.uint8], which: str) -> NDArray[np.uint8]:
    """Take one plane of an RGB picture.

    Parameters
    ----------
    pixels : ndarray
        uint8, shape (H, W, 3).
    which : str
        "red", "green" or "blue", or "grey": 0.299 R + 0.587 G + 0.114 B, rounded (the luma of
        ITU-R BT.601, with the rounding of Pillow's mode "L").

    Returns
    -------
    ndarray
        uint8, shape (H, W); a copy.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ValueError(
            f"pixels has shape {pixels.shape} and dtype {pixels.dtype}: uint8 (H, W, 3) is needed"
        )
    if which not in PLANES:
        raise ValueError(f"there is no plane {which!r}: choose one of {', '.join(PLANES)}")
    if which == "grey":
        return _grey(pixels)
    return pixels[:, :, PLANES.index(which) - 1].copy()


def _grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    # Pillow holds 4 bytes for a pixel: of few rows at a time that is not much.
    grey = np.empty(pixels.shape[:2], np.uint8)
    for begin in range(0, len(pixels), _BAND):
        rows = slice(begin, begin + _BAND)
        grey[rows] = np.asarray(Image.fromarray(pixels[rows]).convert("L"))
    return grey


def resize(plane: NDArray[np.uint8], longest: int) -> NDArray[np.uint8]:
    """Make a picture smaller by the mean over areas, so that its longer side is `longest`.

    Each new pixel is the mean of the pixels it covers, to within one level (Pillow's BOX, which
    rounds after the columns and again after the rows). A picture that is no larger than that
    already is returned as it is: nothing is ever enlarged.

    Parameters
    ----------
    plane : ndarray
        uint8, shape (H, W), or (H, W, 3), each colour on its own.
    longest : int
        The longer side in pixels, 1 or more.

    Returns
    -------
    ndarray
        uint8, shape (h, w) or (h, w, 3), with h and w at least 1.
    """
    if longest < 1:
        raise ValueError(f"longest is {longest}, but a picture has at least 1 pixel: choose 1 up")
    height, width = plane.shape[:2]
    side = max(height, width)
    if side <= longest:
        return plane
    columns, rows = (max(1, (n * longest + side // 2) // side) for n in (width, height))
    return np.array(Image.fromarray(plane).resize((columns, rows), Image.Resampling.BOX))
