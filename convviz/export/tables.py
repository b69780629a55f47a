"""Input, kernel, feature map and products as CSV, NPY and JSON.

The numbers are those of the player and of Explore. Everything is written row by row, so that a map
of twelve megapixels needs no second copy of itself in memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from convviz.chain import Finish
from convviz.feature_map import block_trace, region
from convviz.limits import check_choice
from convviz.notation import shortest
from convviz.scene import Scene
from convviz.trace import Trace
from convviz.whole_map import ShownMap

INPUT, KERNEL, FEATURE_MAP, PRODUCTS = PARTS = ("input", "kernel", "feature-map", "products")
"""What can be written: the numbers worked on; the weights as typed, with their factor and not
turned; the whole map that Explore shows; the products of the positions the player steps through."""

Numbers = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Products:
    """The products of every position the player steps through, in the order of the steps.

    ``sum == factor * products.sum() + bias``, but that the division of a kernel such as 1/9 comes
    last, as everywhere: the sums are the numbers of the feature map. The products themselves are
    input times weight without the factor, as the player shows them, row-major over the window, with
    the kernel as it is used: turned by 180 degrees for convolution.
    """

    scene: Scene

    @cached_property
    def _finish(self) -> Finish:
        return Finish.of(self.scene.kernel, self.scene.bias)

    @cached_property
    def _trace(self) -> Trace:
        return block_trace(self.scene, region(self.scene), self._finish)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Positions, rows of the kernel, columns of the kernel."""
        return len(self._trace), *self.scene.kernel.shape

    @property
    def factor(self) -> float:
        """What the sum of the products is multiplied by."""
        return float(self.scene.kernel.scale)

    @cached_property
    def sums(self) -> NDArray[np.float64]:
        """The output of each position, (positions,)."""
        return self._finish(self._trace.output).ravel()

    @property
    def places(self) -> Iterator[tuple[int, int]]:
        """Row and column of each position in the whole feature map, counted from 1."""
        block = self.scene.block
        return ((row + 1, column + 1) for row in block.rows for column in block.columns)

    def __iter__(self) -> Iterator[NDArray[np.float64]]:
        """Give the products of one position after the other, (kh, kw)."""
        return (step.products / self._finish.divisor for step in self._trace)


def numbers(scene: Scene, part: str) -> Numbers:
    """Return one part of a scene as an array.

    Parameters
    ----------
    scene : Scene
    part : str
        One of `PARTS`.

    Returns
    -------
    ndarray
        (H, W); or the products, (positions, kh, kw). A picture's pixels are uint8, the feature map
        may be float32 where that holds all its numbers, all else is float64.
    """
    check_choice("Part", part, PARTS)
    match part:
        case "input":
            return scene.image
        case "kernel":
            return scene.kernel.weights
        case "products":
            return np.stack([*Products(scene)])
    return ShownMap.of(scene).whole()


def write_csv(scene: Scene, part: str, file: BinaryIO) -> None:
    """Write one part as CSV (RFC 4180): a comma between numbers, CRLF after each row.

    Each number is the shortest text that is read back as the same number. Only the products have a
    row of headings: output row and column, counted from 1, the products, factor, bias and sum.
    """
    of_products = part == PRODUCTS
    rows = _product_rows(scene) if of_products else map(_texts, numbers(scene, part))
    for row in rows:
        file.write((",".join(row) + "\r\n").encode("ascii"))


def write_npy(scene: Scene, part: str, file: BinaryIO) -> None:
    """Write one part in NumPy's own format, without Python objects; numbers as in `numbers`."""
    if part != PRODUCTS:
        np.lib.format.write_array(file, numbers(scene, part), allow_pickle=False)
        return
    products = Products(scene)
    header = {"descr": "<f8", "fortran_order": False, "shape": products.shape}
    np.lib.format.write_array_header_1_0(file, header)
    for one in products:
        file.write(one.astype("<f8").tobytes())


def write_json(scene: Scene, file: BinaryIO, parts: Iterable[str] = PARTS) -> None:
    """Write a document that explains itself: all settings, then the parts asked for.

    Parameters
    ----------
    scene : Scene
    file : binary file
    parts : iterable of str
        Of `PARTS`.
    """
    for part in (parts := list(parts)):
        check_choice("Part", part, PARTS)
    settings = json.dumps(_settings(scene), indent=1, ensure_ascii=False, allow_nan=False)
    file.write(settings.removesuffix("\n}").encode())
    for part in parts:
        about, rows = _described(scene, part)
        text = json.dumps(about, ensure_ascii=False, allow_nan=False)
        file.write(f',\n "{part.replace("-", "_")}": {text[:-1]}, "values": [\n'.encode())
        for number, row in enumerate(rows):
            file.write(b",\n" if number else b"")
            file.write(row.encode("ascii"))
        file.write(b"\n ]}")
    file.write(b"\n}\n")


WRITERS: dict[str, Callable[[Scene, str, BinaryIO], None]] = {
    "csv": write_csv,
    "npy": write_npy,
    "json": lambda scene, part, file: write_json(scene, file, [part]),
}
"""For each form its writer, called with scene, part and file."""


def _texts(row: Numbers) -> list[str]:
    """Write numbers as short as they are read back; a whole one without its decimal point."""
    return [shortest(value) for value in row.tolist()]


def _product_rows(scene: Scene) -> Iterator[list[str]]:
    products = Products(scene)
    names = [f"product {row + 1} {column + 1}" for row, column in np.ndindex(*products.shape[1:])]
    yield ["output row", "output column", *names, "factor", "bias", "sum"]
    for place, one, total in zip(products.places, products, products.sums, strict=True):
        row = [*one.ravel(), products.factor, scene.bias, total]
        yield [*map(str, place), *_texts(np.array(row))]


def _settings(scene: Scene) -> dict[str, Any]:
    geometry = scene.geometry
    (top, bottom), (left, right) = geometry.pads(scene.shape, scene.kernel.shape)
    return {
        "format": "convviz",
        "version": 1,
        "operation": "convolution" if scene.flip else "cross-correlation",
        "kernel_used": "turned by 180 degrees" if scene.flip else "as typed",
        "stride": list(geometry.stride),
        "padding": {"top": top, "bottom": bottom, "left": left, "right": right},
        "dilation": list(geometry.dilation),
        "boundary": geometry.boundary,
        "fill_value": geometry.fill_value,
        "bias": scene.bias,
        "times": scene.times,
        "minus": scene.minus,
    }


def _described(scene: Scene, part: str) -> tuple[dict[str, Any], Iterator[str]]:
    """Give what is to be known about a part, and its numbers as JSON, row by row."""
    if part == PRODUCTS:
        return _products_described(scene)
    values = numbers(scene, part)
    about: dict[str, Any] = {"shape": list(values.shape)}
    if part == KERNEL:
        about |= {"typed": [list(row) for row in scene.kernel.cells], "factor": scene.kernel.factor}
    return about, (f"[{', '.join(_texts(row))}]" for row in values)


def _products_described(scene: Scene) -> tuple[dict[str, Any], Iterator[str]]:
    products = Products(scene)
    about = {
        "shape": list(products.shape),
        "meaning": "input times weight, one window for each position of the player; "
        "sum = factor * (sum of the products) + bias; rows and columns count from 1; "
        "one pass, with nothing subtracted",
        "places": [list(place) for place in products.places],
        "factor": scene.kernel.factor,
        "bias": scene.bias,
        "sums": products.sums.tolist(),
    }
    windows = (", ".join(f"[{', '.join(_texts(row))}]" for row in one) for one in products)
    return about, (f"[{window}]" for window in windows)
