"""How much the player is told: the bytes of its payload, from the usual to the largest."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from itertools import product

import numpy as np

from benchmarks.browser import Stand
from benchmarks.scenes import twelve
from benchmarks.table import MET, MISSED, Goal, Section, quantity
from convviz.geometry import Geometry
from convviz.inputs import Input, Named, Typed
from convviz.limits import MAX_DILATION
from convviz.matrices import Matrix
from convviz.payload import payload_text
from convviz.scene import Patch, Scene

SMALL, CAP = Goal(64_000), Goal(1_500_000)
STRIDES = (1, 2, 4, 5, 6, 7, 8, 9, 10, 12, 16)
HEAD = ("scene", "positions", "padded input", "time to make", "bytes", "goal", "")


def row(name: str, scene: Scene, goal: Goal) -> tuple[str, ...]:
    start = time.perf_counter()
    size = len(payload_text(scene).encode())
    spent = (time.perf_counter() - start) * 1000
    block = scene.block
    extent, stride = scene.geometry.extent(scene.kernel.shape), scene.geometry.stride
    rows, columns = (
        (len(part) - 1) * stride[axis] + extent[axis]
        for axis, part in enumerate((block.rows, block.columns))
    )
    return (
        name,
        f"{len(block.rows)} x {len(block.columns)}",
        f"{rows} x {columns}",
        f"{spent:.0f} ms",
        quantity(size, "bytes"),
        goal.text("bytes"),
        MET if goal.is_met(size) else MISSED,
    )


def caps() -> Iterable[tuple[str, Scene]]:
    """Yield the largest inputs with a 31 x 31 kernel: a picture, whole numbers, long decimals."""
    random = np.random.default_rng(3)
    whole = Matrix.of(random.integers(-9, 10, (31, 31)))
    # Up to 24 characters each, the longest there can be.
    long = Matrix.of(random.normal(size=(31, 31)) * 1e-100)
    same = Geometry(padding="same")
    yield "picture", Scene(Named("scene"), whole, same, patch=Patch(0, 0, 64))
    yield "whole numbers", Scene(_typed(random.integers(0, 256, (64, 64))), whole, same)
    yield "longest decimals", Scene(_typed(random.normal(size=(64, 64)) * 1e-100), long, same)


def _typed(values: np.ndarray) -> Input:
    return Typed(Matrix.of(values))


def widest(scene: Scene) -> Scene:
    """Find the window with the most to say: full padding that wraps, any stride and dilation."""
    choices = product(STRIDES, range(1, MAX_DILATION + 1))
    scenes = filter(None, (widened(scene, *choice) for choice in choices))
    return max(scenes, key=lambda scene: len(payload_text(scene)))


def widened(scene: Scene, stride: int, dilation: int) -> Scene | None:
    """Change a scene's window; None for one that the app does not allow."""
    geometry = Geometry.of(stride=stride, padding="full", dilation=dilation, boundary="wrap")
    try:
        return replace(scene, geometry=geometry)
    except ValueError:
        return None


def measure(_: Stand) -> Section:
    rows = [row("12 x 12 with 3 x 3, same size", twelve(), SMALL)]
    rows += [row(f"{name}, 31 x 31, same size", scene, CAP) for name, scene in caps()]
    for name, small in caps():
        scene = widest(small)
        stride, dilation = scene.geometry.stride[0], scene.geometry.dilation[0]
        window = f"full, dilation {dilation}, stride {stride}"
        rows.append(row(f"{name}, 31 x 31, {window}", scene, CAP))
    return Section(
        "Payload of the player",
        "The JSON text a scene becomes. Below the caps without dilation stand the largest scenes "
        "that can be chosen: full padding that wraps, and of all strides and dilations that the "
        "app allows those with the most bytes. No browser is involved.",
        rows,
        HEAD,
    )
