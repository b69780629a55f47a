"""Reads a drawn frame back from its SVG, and says what must stand in it by NumPy and SciPy."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy import ndimage, signal

from convviz.export.frame import Frames
from convviz.export.layout import Grid
from convviz.export.svg import svg_text
from convviz.geometry import Geometry
from convviz.inputs import Named, Typed
from convviz.kernels import kernel
from convviz.matrices import Matrix
from convviz.scene import Patch, Scene

DIGITS = Typed(Matrix.of((np.arange(63).reshape(7, 9) * 7) % 10))
SIGNED = Typed(Matrix.parse("1/9 -2 3 1e-5; 0.5 0 -7 12; 4 4 1/3 -1; 2 0 1 -0.25"))
WEIGHTS = Matrix.parse("1 -2 1/9; 0.5 4 0; 1 2 -1")
SCENES = {
    "classic": Scene(),
    "flip": Scene(operation="conv"),
    "bias": Scene(DIGITS, bias=-1.5),
    "factor": Scene(DIGITS, kernel("gaussian-3").matrix, bias=2.0),
    "stride": Scene(DIGITS, geometry=Geometry.of(stride=2)),
    "dilation": Scene(DIGITS, geometry=Geometry.of(dilation=2)),
    "fill": Scene(DIGITS, geometry=Geometry.of(padding=1, fill_value=5)),
    "signed": Scene(SIGNED, WEIGHTS, Geometry.of(padding=1), "conv", bias=0.1),
    **{
        mode: Scene(DIGITS, geometry=Geometry.of(padding=((1, 2), (2, 0)), boundary=mode))
        for mode in ("edge", "reflect", "symmetric", "wrap")
    },
    "patch": Scene(Named("scene"), kernel("gaussian-5").matrix, patch=Patch(60, 36, 12)),
    "31x31": Scene(Named("scene"), kernel("gaussian-31").matrix, patch=Patch(60, 60, 6)),
}


def padded(scene: Scene) -> np.ndarray:
    """Pad the whole input, by NumPy."""
    geometry = scene.geometry
    pads = geometry.pads(scene.shape, scene.kernel.shape)
    image = scene.image.astype(float)
    if geometry.boundary == "constant":
        return np.pad(image, pads, constant_values=geometry.fill_value)
    return np.pad(image, pads, mode=geometry.boundary)


def used(scene: Scene) -> np.ndarray:
    """Return the weights as used, without the factor."""
    weights = np.array([[float(Fraction(cell)) for cell in row] for row in scene.kernel.cells])
    return weights[::-1, ::-1] if scene.flip else weights


def output(scene: Scene) -> np.ndarray:
    """Compute the whole output, by SciPy."""
    down, across = scene.geometry.stride
    weights = used(scene)
    spread = np.zeros(scene.geometry.extent(weights.shape))
    spread[:: scene.geometry.dilation[0], :: scene.geometry.dilation[1]] = weights
    sums = signal.correlate2d(padded(scene), spread, "valid")[::down, ::across]
    return sums * float(Fraction(scene.kernel.factor)) + scene.bias


def same_size(scene: Scene, mode: str) -> np.ndarray:
    """Compute an output as large as the input: SciPy pads, in its own words for the boundaries."""
    return ndimage.correlate(scene.image.astype(float), used(scene), mode=mode)


def window(scene: Scene, step: int) -> np.ndarray:
    """Return the numbers under the kernel, by NumPy; `step` counts the positions of the block."""
    block, (down, across) = scene.block, scene.geometry.stride
    row, column = divmod(step - 1, len(block.columns))
    top, left = block.rows[row] * down, block.columns[column] * across
    height, width = scene.geometry.extent(scene.kernel.shape)
    gaps = scene.geometry.dilation
    return padded(scene)[top : top + height : gaps[0], left : left + width : gaps[1]]


@dataclass(frozen=True)
class Seen:
    """A text of an SVG."""

    x: float
    y: float
    anchor: str
    text: str


class Sheet:
    """The texts of one frame, read from its SVG, where they stand."""

    def __init__(self, frames: Frames, step: int, term: int | None = None) -> None:
        self.frames = frames
        self.root = ET.fromstring(svg_text(frames.drawing(step, term)))
        space = "{http://www.w3.org/2000/svg}"
        self.texts = [
            Seen(float(t.get("x")), float(t.get("y")), t.get("anchor", t.get("text-anchor", "")),
                 t.text or "")
            for t in self.root.iter(f"{space}text")
        ]  # fmt: skip

    def cells(self, grid: Grid, anchor: str = "middle") -> dict[tuple[int, int], str]:
        """Return the texts in a grid's cells; what is drawn last covers what was there before."""
        found = {}
        for seen in self.texts:
            row, column = int((seen.y - grid.y) // grid.size), int((seen.x - grid.x) // grid.size)
            inside = 0 <= row < grid.rows and 0 <= column < grid.columns
            if inside and seen.anchor == anchor:
                found[row, column] = seen.text
        return found

    def numbers(self, grid: Grid) -> np.ndarray:
        """Return the numbers in a grid's cells, NaN where none is."""
        values = np.full((grid.rows, grid.columns), np.nan)
        for place, text in self.cells(grid).items():
            values[place] = float(exact(text))
        return values

    @property
    def equation(self) -> str:
        """The text of the band, without the names of rows."""
        top, height = self.frames.band, self.frames.equation.height
        inside = [t.text for t in self.texts if top < t.y < top + height]
        return " ".join(text for text in inside if not text.startswith("row "))

    def sides(self) -> list[Fraction]:
        """Return what each side of the equation is worth, exactly."""
        _, *sides = self.equation.replace("bias", "").split("=")
        return [exact(side) for side in sides]


def exact(text: str) -> Fraction:
    """Work out a sum of products, exactly."""
    plain = text.replace("−", "-").replace("×", "*")
    number = r"\d+(?:\.\d+)?(?:e[+-]?\d+)?(?:/\d+)?"
    return eval(re.sub(number, lambda n: f"Fraction('{n[0]}')", plain), {"Fraction": _fraction})


def _fraction(text: str) -> Fraction:
    above, _, below = text.partition("/")
    return Fraction(above) / (int(below) if below else 1)
