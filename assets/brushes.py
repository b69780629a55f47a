"""What the drawings share: noise that is the same for ever, soft masks, light on a relief."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Plane = NDArray[np.float64]  # (H, W), 0 to 1 where it is a mask or a brightness
Picture = NDArray[np.float64]  # (H, W, 3), 0 to 1
Colour = tuple[float, float, float]


def rgb(code: str) -> Colour:
    """Turn "#rrggbb" into three numbers from 0 to 1."""
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def flat(shape: tuple[int, int], colour: str) -> Picture:
    """Fill a picture with one colour."""
    return np.tile(np.array(rgb(colour)), (*shape, 1))


@cache
def grid(shape: tuple[int, int]) -> tuple[Plane, Plane]:
    """Rows and columns of all pixel centres, as two planes."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return rows + 0.5, columns + 0.5


def uniform(seed: int, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Numbers from 0 to 1 from the raw stream of PCG64, which NumPy promises never to change."""
    raw = np.random.PCG64(seed).random_raw(int(np.prod(shape)))
    return (raw >> np.uint64(11)).astype(np.float64).reshape(shape) / 2**53


def noise(seed: int, shape: tuple[int, int], cell: tuple[float, float]) -> Plane:
    """Smooth noise from 0 to 1, with features of about `cell` (rows, columns) pixels."""
    height, width = (int(n / c) + 3 for n, c in zip(shape, cell, strict=True))
    knots = uniform(seed, (height, width))
    weights = []
    for n, c in zip(shape, cell, strict=True):
        position = (np.arange(n) + 0.5) / c
        whole = position.astype(int)
        part = position - whole
        weights.append((whole, part * part * (3 - 2 * part)))
    (row, down), (column, right) = weights
    upper = knots[row] * (1 - down)[:, None] + knots[row + 1] * down[:, None]
    smoothed: Plane = upper[:, column] * (1 - right) + upper[:, column + 1] * right
    return smoothed


def cloud(seed: int, shape: tuple[int, int], cell: tuple[float, float], octaves: int = 5) -> Plane:
    """Noise on noise, each octave half as large and half as strong; 0 to 1 with mean 0.5."""
    total = np.zeros(shape)
    for octave in range(octaves):
        finer = (cell[0] / 2**octave, cell[1] / 2**octave)
        total += noise(seed + octave, shape, finer) * 0.5**octave
    return total / (2 - 0.5 ** (octaves - 1))


def smooth(low: float, high: float, value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rise from 0 at `low` to 1 at `high`, with no corner at either end."""
    part = np.clip((value - low) / (high - low), 0, 1)
    return part * part * (3 - 2 * part)


def ellipse(
    shape: tuple[int, int], centre: tuple[float, float], radii: tuple[float, float], soft: float
) -> Plane:
    """Mask of an ellipse at (row, column) with radii (down, across); `soft` pixels of edge."""
    plane = np.zeros(shape)
    window = tuple(
        slice(max(0, int(c - r - soft - 1)), max(0, int(c + r + soft + 2)))
        for c, r in zip(centre, radii, strict=True)
    )
    rows, columns = (g[window] for g in grid(shape))
    distance = np.hypot((rows - centre[0]) / radii[0], (columns - centre[1]) / radii[1])
    plane[window] = smooth(soft / 2, -soft / 2, (distance - 1) * min(radii))
    return plane


def mask(shape: tuple[int, int], paint: Callable[[ImageDraw.ImageDraw, int], None]) -> Plane:
    """Draw with Pillow in white on black, 4 times as large, and take the mean: clean edges.

    `paint` is given the drawing and the scale by which to multiply its coordinates.
    """
    scale = 4
    sheet = Image.new("L", (shape[1] * scale, shape[0] * scale))
    paint(ImageDraw.Draw(sheet), scale)
    return np.asarray(sheet.reduce(scale)).astype(np.float64) / 255


def polygon(shape: tuple[int, int], *corners: tuple[float, float]) -> Plane:
    """Mask of a polygon whose corners are (row, column)."""

    def paint(pen: ImageDraw.ImageDraw, scale: int) -> None:
        pen.polygon([(column * scale, row * scale) for row, column in corners], fill=255)

    return mask(shape, paint)


def lay(under: Picture, cover: Plane, colour: str | Picture, strength: float = 1.0) -> Picture:
    """Lay a colour or another picture over a picture where the mask is 1."""
    rows, columns = (np.flatnonzero(cover.any(axis=axis)) for axis in (1, 0))
    if rows.size == 0:
        return under
    window = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    over = np.array(rgb(colour)) if isinstance(colour, str) else colour[window]
    result = under.copy()
    result[window] += (cover[window] * strength)[:, :, np.newaxis] * (over - under[window])
    return result


def ramp(value: Plane, *stops: tuple[float, str]) -> Picture:
    """Colour a plane: each stop is (value, colour), with straight mixing between."""
    at = [stop for stop, _ in stops]
    colours = np.array([rgb(code) for _, code in stops])
    return np.stack([np.interp(value, at, colours[:, band]) for band in range(3)], axis=2)


def soften(plane: Plane, radius: float) -> Plane:
    """Gaussian blur by a standard deviation of `radius` pixels, edges repeated."""
    reach = int(3 * radius) + 1
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / radius) ** 2)
    weights /= weights.sum()
    for axis in (0, 1):
        wide = np.pad(plane, [(reach, reach) if a == axis else (0, 0) for a in (0, 1)], "edge")
        windows = np.lib.stride_tricks.sliding_window_view(wide, weights.size, axis=axis)
        plane = windows @ weights
    return plane


def relief(height: Plane, light: tuple[float, float, float]) -> Plane:
    """Brightness of a matt relief (heights in pixels) under light from (up, right, out)."""
    down, right = np.gradient(height)
    length = np.sqrt(down**2 + right**2 + 1)
    lamp = np.array(light) / np.hypot(np.hypot(light[0], light[1]), light[2])
    facing: Plane = (down * lamp[0] - right * lamp[1] + lamp[2]) / length
    return np.clip(facing, 0, 1)


def strokes(
    shape: tuple[int, int], lines: NDArray[np.float64], colours: Picture, width: NDArray[np.float64]
) -> tuple[Plane, Picture]:
    """Draw straight strokes, later ones on top, and return their mask and their colours.

    `lines` has a row (row, column, row, column) for each stroke, `colours` one of (R, G, B), and
    `width` one of pixels.
    """
    scale = 3
    size = (shape[1] * scale, shape[0] * scale)
    sheet = Image.new("RGBA", size)
    pen = ImageDraw.Draw(sheet)
    inks = [(*ink, 255) for ink in (np.clip(colours, 0, 1) * 255).astype(int).tolist()]
    ends = (lines * scale)[:, [1, 0, 3, 2]].tolist()
    for end, ink, thick in zip(ends, inks, width.tolist(), strict=True):
        pen.line(end, fill=ink, width=max(1, round(thick * scale)))
    bands = np.asarray(sheet.reduce(scale)).astype(np.float64) / 255
    return bands[:, :, 3], bands[:, :, :3]


def along(
    shape: tuple[int, int],
    corner: tuple[float, float],
    side: tuple[float, float],
    down: tuple[float, float],
) -> tuple[Plane, Plane]:
    """Coordinates (down, along) of each pixel in a parallelogram, 0 to 1 inside it."""
    rows, columns = grid(shape)
    y, x = rows - corner[0], columns - corner[1]
    area = side[1] * down[0] - side[0] * down[1]
    return (side[1] * y - side[0] * x) / area, (down[0] * x - down[1] * y) / area
