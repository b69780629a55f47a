"""The feature map as Explore shows it: the kernel applied several times, minus another map.

As in `feature_map`, sums of whole numbers come first and one division comes last, as long as
float64 holds them for sure; after that a pass goes on with the numbers the last one gave.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace

import numpy as np
from numpy.typing import NDArray

from convviz.feature_map import SURE_FLOAT64, Finish, feature_map
from convviz.geometry import Geometry
from convviz.kernels import kernel
from convviz.methods.strips import Report, part_of
from convviz.passes import INPUT
from convviz.plans import plan
from convviz.scene import Scene
from convviz.trace import trace

Map = NDArray[np.float64]


def shown_map(scene: Scene, report: Report | None = None) -> NDArray[np.floating]:
    """Return the map that Explore shows.

    Parameters
    ----------
    scene : Scene
    report : callable, optional
        Told now and then which share is done, as in `feature_map`.

    Returns
    -------
    ndarray
        The shape of `scene.windows`. Of one pass with nothing subtracted it is `feature_map`, else
        float64: never rounded or clipped between the passes.
    """
    if scene.is_one_pass:
        return feature_map(scene, report)
    if scene.minus in ("", INPUT):
        values = applied(scene, report)
        return values - _under(scene) if scene.minus else values
    other = replace(scene, kernel=kernel(scene.minus).matrix, minus="")
    values = applied(scene, part_of(report, 0, 2))
    values -= applied(other, part_of(report, 1, 2))
    return values


def applied(scene: Scene, report: Report | None = None) -> Map:
    """Return the map after all passes, float64, with nothing subtracted.

    Every pass has the same kernel, window settings and bias; the padding of a later pass is that
    of the map it goes over.
    """
    first = part_of(report, 0, scene.times)
    if scene.times == 1:
        return feature_map(scene, first).astype(np.float64)
    finish = Finish.of(scene.kernel, scene.bias)
    fills = list(_whole_fills(scene, finish))
    if not fills:
        values, done = feature_map(scene, first).astype(np.float64), 1
    else:
        values, done = _whole_passes(scene, finish, fills, report), len(fills)
    for count in range(done, scene.times):
        part = part_of(report, count, scene.times)
        values = finish(_sums(scene, finish, values, scene.geometry, part))
    return values


def _under(scene: Scene) -> NDArray[np.uint8 | np.float64]:
    """Return the pixels under the centres of the windows."""
    windows = scene.windows
    rows, columns = (
        slice(at, at + (count - 1) * stride + 1, stride)
        for at, count, stride in zip(windows.centre, windows.shape, windows.stride, strict=True)
    )
    return scene.image[rows, columns]


def _whole_fills(scene: Scene, finish: Finish) -> Iterator[float]:
    """Yield the fill value of each pass as long as its numbers are whole and sure.

    Before the division, pass n has the numbers of the map times ``divide ** n``, and so has what
    it meets in the padding. Nothing is yielded where something is no whole number to begin with.
    """
    fill, bias = scene.geometry.fill_value, finish.bias
    given = [fill, bias, finish.multiply, *finish.numerators.flat]
    if not scene.is_picture:
        given += [*scene.image.flat]
    if not all(float(value).is_integer() for value in given):
        return
    weight = float(np.abs(finish.numerators).sum()) * abs(finish.multiply)
    reach = 255.0 if scene.is_picture else float(np.abs(scene.image).max())
    for _ in range(scene.times):
        bias *= finish.divide
        reach = max(reach, abs(fill)) * weight + abs(bias)
        if reach > SURE_FLOAT64:
            return
        yield fill
        fill *= finish.divide


def _whole_passes(scene: Scene, finish: Finish, fills: list[float], report: Report | None) -> Map:
    """Apply the kernel once for each fill value, with one division at the end."""
    values, bias = scene.image.astype(np.float64), finish.bias
    for count, fill in enumerate(fills):
        bias *= finish.divide
        geometry = replace(scene.geometry, fill_value=fill)
        sums = _sums(scene, finish, values, geometry, part_of(report, count, scene.times))
        values = np.rint(sums) * finish.multiply + bias
    return values / float(finish.divide) ** len(fills)


def _sums(
    scene: Scene, finish: Finish, values: Map, geometry: Geometry, report: Report | None
) -> Map:
    """Slide the numerators over a map: a picture's by the fastest method, else term by term."""
    if not scene.is_picture:
        whole = trace(values, finish.numerators, flip=scene.flip, **asdict(geometry))
        return whole.map(report).astype(np.float64)
    numerators = finish.numerators[::-1, ::-1] if scene.flip else finish.numerators
    planned = plan(values.shape, numerators, **asdict(geometry), dtype=np.float64)
    return planned.map(values, 0.0, report)
