"""The kernels one can choose from, as rows of data: `KERNELS`, `kernel(id)` and `preset_of`.

Links and saved scenes hold the ids, so an id never changes its meaning. The x kernels take the
gradient from left to right, the y kernels from top to bottom; as cross-correlation (not flipped)
both are positive where the picture gets brighter that way.
"""

import difflib
import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

from convviz.geometry import Pair
from convviz.matrices import Matrix

MAX_KERNEL: Final[Pair] = (31, 31)

GABOR: Final = "exp(-(u^2 + v^2) / (2 sigma^2)) cos(2 pi u / wavelength)"
GABOR_SIGMA: Final = 2.0
GABOR_WAVELENGTH: Final = 4.0
WIDE_SIGMA: Final = 5.0


@dataclass(frozen=True)
class Kernel:
    """A preset.

    Parameters
    ----------
    id : str
        Its name in links: lower case, digits and hyphens; it never changes its meaning.
    name, group : str
        As shown in the list.
    matrix : Matrix
        The numbers as one writes them, so that 1/16 stays 1/16.
    about : str
        One line: what it does.
    factors : str
        How the numbers come about. Separable: ``1/16 x [1 2 1]^T x [1 2 1]``, a column times a
        row. Made of others: ``2 x identity - 1 x gaussian-5``, centres on top of each other.
        Otherwise a formula or words.
    reference : str
        Where to read about it: author (year), title.
    """

    id: str
    name: str
    group: str
    matrix: Matrix
    about: str
    factors: str
    reference: str

    @property
    def weights(self) -> NDArray[np.float64]:
        """The numbers with their factor: float64 (kh, kw), read-only."""
        return self.matrix.weights

    @property
    def shape(self) -> Pair:
        """Rows and columns, (kh, kw)."""
        return self.matrix.shape

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        """Let NumPy, and so every function here, take the kernel as its weights."""
        return np.array(self.weights, dtype=dtype, copy=copy)


def kernel(id: str) -> Kernel:
    """Look a preset up.

    Raises
    ------
    ValueError
        If there is none with this id; the message names those that look like it.

    Examples
    --------
    >>> kernel("box-3").weights.sum().round(12)
    np.float64(1.0)
    """
    for row in KERNELS:
        if row.id == id:
            return row
    shown = str(id)[:40]
    near = difflib.get_close_matches(shown, [row.id for row in KERNELS], cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "the ids are those in KERNELS."
    raise ValueError(f'There is no kernel "{shown}": {hint}')


def preset_of(matrix: Matrix) -> Kernel | None:
    """Find the preset with exactly these numbers as typed; None if they are of one's own."""
    return next((row for row in KERNELS if row.matrix == matrix), None)


def gabor(sigma: float, wavelength: float, angle: float, radius: int) -> Matrix:
    """Build stripes under a bell curve, to four decimals, by the formula `GABOR`.

    Parameters
    ----------
    sigma : float
        Width of the bell curve, in pixels.
    wavelength : float
        From one stripe to the next, in pixels.
    angle : float
        In radians: u runs from left to right at 0, towards the bottom right at pi / 4; v runs
        across it, along the stripes.
    radius : int
        Rows above and below the centre, and columns beside it: the shape is 2 * radius + 1.
    """

    def value(row: int, column: int) -> str:
        u = column * math.cos(angle) + row * math.sin(angle)
        v = row * math.cos(angle) - column * math.sin(angle)
        bell = math.exp(-(u**2 + v**2) / (2 * sigma**2))
        text = f"{bell * math.cos(2 * math.pi * u / wavelength):.4f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text

    steps = range(-radius, radius + 1)
    return Matrix(tuple(tuple(value(row, column) for column in steps) for row in steps))


def wide_gaussian(sigma: float, radius: int) -> Matrix:
    """Build a Gaussian that is exactly a column times a row, of whole numbers 1 to 100."""
    line = [round(100 * math.exp(-(r**2) / (2 * sigma**2))) for r in range(-radius, radius + 1)]
    cells = tuple(tuple(str(a * b) for b in line) for a in line)
    return Matrix(cells, f"1/{sum(line) ** 2}")


_parse = Matrix.parse

_DUMOULIN = "Dumoulin, Visin (2016), A guide to convolution arithmetic for deep learning, fig. 1.1"
_SIGNALS = "Oppenheim, Willsky, Nawab (1997), Signals and Systems, 2nd edition, chapter 2"
_GONZALEZ = "Gonzalez, Woods (2018), Digital Image Processing, 4th edition, chapter 3"
_RESTORING = "Gonzalez, Woods (2018), Digital Image Processing, 4th edition, chapter 5"
_PYRAMID = "Burt, Adelson (1983), The Laplacian pyramid as a compact image code"
_SCALES = "Lindeberg (1994), Scale-Space Theory in Computer Vision"
_BINOMIAL = "Jähne (2005), Digital Image Processing, 6th edition"
_HIPR = "Fisher, Perkins, Walker, Wolfart (2003), HIPR2: Laplacian/Laplacian of Gaussian"
_MARR = "Marr, Hildreth (1980), Theory of edge detection"
_SOBEL = "Sobel, Feldman (1968), A 3x3 isotropic gradient operator for image processing (talk)"
_PREWITT = "Prewitt (1970), Object enhancement and extraction"
_SCHARR = "Scharr (2000), Optimale Operatoren in der Digitalen Bildverarbeitung (thesis)"
_ROBERTS = "Roberts (1963), Machine perception of three-dimensional solids (thesis)"
_GIMP = "GIMP Documentation Team (2007), GIMP user manual 2.4: Convolution Matrix"
_GABOR = "Gabor (1946), Theory of communication"

_TO_RIGHT = "+ where it gets brighter to the right"
_DOWNWARDS = "+ where it gets brighter downwards"

# A table: one row is one kernel.
# fmt: off
KERNELS: Final[tuple[Kernel, ...]] = (
    Kernel("classic", "Worked example", "Start", _parse("0 1 2; 2 2 0; 0 1 2"),
        "The worked example: small weights to check in your head; flipped, it is another kernel.",
        "Chosen by hand: it has rank 2, so it is no column times a row.", _DUMOULIN),
    Kernel("identity", "Identity", "Start", _parse("0 0 0; 0 1 0; 0 0 0"),
        "Copies the picture: the only weight is 1, in the centre.",
        "[0 1 0]^T x [0 1 0]", _SIGNALS),
    Kernel("impulse", "Impulse, off centre", "Start", _parse("0 0 0; 0 0 1; 0 0 0"),
        "Moves the picture one column to the left; flipped, as in convolution, to the right.",
        "[0 1 0]^T x [0 0 1]", _SIGNALS),
    Kernel("box-3", "Box 3 × 3", "Blur", _parse("1/9 x 1 1 1; 1 1 1; 1 1 1"),
        "The mean of 3 × 3 pixels: blurs.",
        "1/9 x [1 1 1]^T x [1 1 1]", _GONZALEZ),
    Kernel("box-5", "Box 5 × 5", "Blur",
        _parse("1/25 x 1 1 1 1 1; 1 1 1 1 1; 1 1 1 1 1; 1 1 1 1 1; 1 1 1 1 1"),
        "The mean of 5 × 5 pixels: blurs more.",
        "1/25 x [1 1 1 1 1]^T x [1 1 1 1 1]", _GONZALEZ),
    Kernel("gaussian-3", "Gaussian 3 × 3", "Blur", _parse("1/16 x 1 2 1; 2 4 2; 1 2 1"),
        "A mean in which the centre counts most: blurs.",
        "1/16 x [1 2 1]^T x [1 2 1]", _BINOMIAL),
    Kernel("gaussian-5", "Gaussian 5 × 5", "Blur",
        _parse("1/256 x 1 4 6 4 1; 4 16 24 16 4; 6 24 36 24 6; 4 16 24 16 4; 1 4 6 4 1"),
        "A mean in which the centre counts most, over 5 × 5 pixels: blurs more.",
        "1/256 x [1 4 6 4 1]^T x [1 4 6 4 1]", _PYRAMID),
    Kernel("gaussian-31", "Gaussian 31 × 31", "Blur", wide_gaussian(WIDE_SIGMA, 15),
        "A wide bell curve (sigma 5 pixels): only large shapes are left.",
        "1/1577536 x g^T x g, g = round(100 exp(-r^2 / (2 x 5^2))), r = -15 to 15", _SCALES),
    Kernel("motion-blur", "Motion blur", "Blur",
        Matrix(tuple(tuple("1" if r == c else "0" for c in range(9)) for r in range(9)), "1/9"),
        "The mean of 9 pixels on a diagonal: smears the picture from top left to bottom right.",
        "1/9 on the diagonal of 9 x 9: it has rank 9, so it is no column times a row.", _RESTORING),
    Kernel("sharpen", "Sharpen", "Sharpen", _parse("0 -1 0; -1 5 -1; 0 -1 0"),
        "Adds to each pixel its differences from the four beside it.",
        "1 x identity - 1 x laplacian-4", _GONZALEZ),
    Kernel("unsharp", "Unsharp masking", "Sharpen",
        _parse("-1/256 x 1 4 6 4 1; 4 16 24 16 4; 6 24 -476 24 6; 4 16 24 16 4; 1 4 6 4 1"),
        "Adds to the picture its difference from its own blur.",
        "2 x identity - 1 x gaussian-5", _GONZALEZ),
    Kernel("edge-8", "Edges, 8 and -1", "Edges", _parse("-1 -1 -1; -1 8 -1; -1 -1 -1"),
        "8 times a pixel minus the 8 round it: 0 where it is flat; laplacian-8 with - for +.",
        "9 x identity - 9 x box-3", _GONZALEZ),
    Kernel("outline", "Outline", "Edges",
        _parse("-1 -1 -1 -1 -1; -1 -1 -1 -1 -1; -1 -1 24 -1 -1; -1 -1 -1 -1 -1; -1 -1 -1 -1 -1"),
        "edge-8 over 5 × 5 pixels: 24 times a pixel minus the 24 round it, so wider lines.",
        "25 x identity - 25 x box-5", _GONZALEZ),
    Kernel("laplacian-4", "Laplacian, 4 neighbours", "Edges", _parse("0 1 0; 1 -4 1; 0 1 0"),
        "How much the four beside a pixel differ from it: 0 on flat areas and even slopes.",
        "[0 1 0]^T x [1 -2 1] + [1 -2 1]^T x [0 1 0]", _GONZALEZ),
    Kernel("laplacian-8", "Laplacian, 8 neighbours", "Edges", _parse("1 1 1; 1 -8 1; 1 1 1"),
        "How much the eight round a pixel differ from it: 0 on flat areas and even slopes.",
        "9 x box-3 - 9 x identity", _GONZALEZ),
    Kernel("log-5", "Laplacian of Gaussian 5 × 5", "Edges",
        _parse("0 0 -1 0 0; 0 -1 -2 -1 0; -1 -2 16 -2 -1; 0 -1 -2 -1 0; 0 0 -1 0 0"),
        "Blurs a little and finds edges at once; + on spots brighter than what is round them.",
        "Whole numbers in the shape of -(Laplacian of a Gaussian), with the sum 0.",
        "Gonzalez, Woods (2018), Digital Image Processing, 4th edition, chapter 10"),
    Kernel("log-9", "Laplacian of Gaussian 9 × 9", "Edges", _parse("""
            0 1 1   2   2   2 1 1 0
            1 2 4   5   5   5 4 2 1
            1 4 5   3   0   3 5 4 1
            2 5 3 -12 -24 -12 3 5 2
            2 5 0 -24 -40 -24 0 5 2
            2 5 3 -12 -24 -12 3 5 2
            1 4 5   3   0   3 5 4 1
            1 2 4   5   5   5 4 2 1
            0 1 1   2   2   2 1 1 0
        """),
        "Blurs (sigma 1.4 pixels) and finds edges at once; - on spots brighter than round them.",
        "Whole numbers near 483 x Laplacian of a Gaussian of sigma 1.4, with the sum 0.",
        f"{_HIPR}; {_MARR}"),
    Kernel("sobel-x", "Sobel x", "Gradient", _parse("-1 0 1; -2 0 2; -1 0 1"),
        f"Gradient from left to right: finds vertical edges, {_TO_RIGHT}.",
        "[1 2 1]^T x [-1 0 1]", _SOBEL),
    Kernel("sobel-y", "Sobel y", "Gradient", _parse("-1 -2 -1; 0 0 0; 1 2 1"),
        f"Gradient from top to bottom: finds horizontal edges, {_DOWNWARDS}.",
        "[-1 0 1]^T x [1 2 1]", _SOBEL),
    Kernel("prewitt-x", "Prewitt x", "Gradient", _parse("-1 0 1; -1 0 1; -1 0 1"),
        f"Gradient from left to right, each row alike: finds vertical edges, {_TO_RIGHT}.",
        "[1 1 1]^T x [-1 0 1]", _PREWITT),
    Kernel("prewitt-y", "Prewitt y", "Gradient", _parse("-1 -1 -1; 0 0 0; 1 1 1"),
        f"Gradient from top to bottom, each column alike: finds horizontal edges, {_DOWNWARDS}.",
        "[-1 0 1]^T x [1 1 1]", _PREWITT),
    Kernel("scharr-x", "Scharr x", "Gradient", _parse("-3 0 3; -10 0 10; -3 0 3"),
        f"Gradient from left to right, middle row most: finds vertical edges, {_TO_RIGHT}.",
        "[3 10 3]^T x [-1 0 1]", _SCHARR),
    Kernel("scharr-y", "Scharr y", "Gradient", _parse("-3 -10 -3; 0 0 0; 3 10 3"),
        f"Gradient from top to bottom, middle column most: finds horizontal edges, {_DOWNWARDS}.",
        "[-1 0 1]^T x [3 10 3]", _SCHARR),
    Kernel("roberts-1", "Roberts, falling diagonal", "Gradient", _parse("1 0; 0 -1"),
        "Gradient towards the top left: finds edges that rise to the right, + if it is brighter.",
        "1 and -1 on the falling diagonal: it has rank 2, so it is no column times a row.",
        _ROBERTS),
    Kernel("roberts-2", "Roberts, rising diagonal", "Gradient", _parse("0 1; -1 0"),
        "Gradient towards the top right: finds edges that fall to the right, + if it is brighter.",
        "1 and -1 on the rising diagonal: it has rank 2, so it is no column times a row.",
        _ROBERTS),
    Kernel("emboss", "Emboss", "Effects", _parse("-2 -1 0; -1 1 1; 0 1 2"),
        "The picture plus its gradient towards the bottom right: looks like a relief.",
        "1 x identity + 1 x prewitt-x + 1 x prewitt-y", _GIMP),
    Kernel("gabor-vertical", "Gabor, vertical stripes", "Texture",
        gabor(GABOR_SIGMA, GABOR_WAVELENGTH, 0.0, 4),
        "Finds vertical stripes 4 pixels apart, and little else.",
        f"{GABOR}: sigma 2, wavelength 4, u = column, v = row, to 4 decimals", _GABOR),
    Kernel("gabor-diagonal", "Gabor, diagonal stripes", "Texture",
        gabor(GABOR_SIGMA, GABOR_WAVELENGTH, math.pi / 4, 4),
        "Finds stripes 4 pixels apart that rise to the right, and little else.",
        f"{GABOR}: sigma 2, wavelength 4, u = (column + row) / sqrt(2), to 4 decimals", _GABOR),
)
# fmt: on

GROUPS: Final = {row.group.lower(): row.group for row in KERNELS}
"""The groups of presets: their ids in links, and their names."""
