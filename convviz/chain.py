"""A kernel's passes over an input, ready for any part of the map that comes out.

A part of a map is the map of a part: of what lies under its windows, padding included. So no map
need ever be there as a whole. Sums of whole numbers come first and one division comes last, as long
as float64 holds them for sure; after that a pass goes on with the numbers the last one gave.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.geometry import Geometry, Pair
from convviz.matrices import Matrix
from convviz.methods.choice import Choice
from convviz.methods.strips import Report, part_of
from convviz.plans import Plan, plan
from convviz.scene import Scene
from convviz.trace import trace

Map = NDArray[Any]
"""float64 (H, W), or float32 where that holds every number."""
Places = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Some rows and columns of a map, each in rising order."""

# Sums of whole numbers up to here are known to less than a half whatever the method, so that
# rounding gives them exactly: the error is at most 5e-7 of the bound in float32, 1e-12 in float64.
SURE_FLOAT32 = 2.0**19
SURE_FLOAT64 = 2.0**38


@dataclass(frozen=True)
class Finish:
    """What turns a sum of pixel x numerator products into the output.

    ``output = sums * multiply / divide + bias``; ``sums / divisor`` is the sum of the products as
    they are shown.
    """

    numerators: np.ndarray
    divisor: int
    multiply: float
    divide: float
    bias: float

    @classmethod
    def of(cls, kernel: Matrix, bias: float) -> Finish:
        """Split a kernel into whole numbers and one division."""
        numerators, divisor = kernel.numerators()
        multiply, divide = kernel.scale.numerator, divisor * kernel.scale.denominator
        if max(abs(multiply), divide) > 2**53:
            # No float64 holds both exactly, so one rounded factor takes their place.
            return cls(numerators, divisor, float(kernel.scale / divisor), 1, bias)
        return cls(numerators, divisor, multiply, divide, bias)

    @property
    def trivial(self) -> bool:
        """Whether the sums are the output."""
        return self.multiply == self.divide == 1 and self.bias == 0

    def __call__(self, sums: np.ndarray) -> np.ndarray:
        """Return the output for these sums, float64; the sums themselves if they are it."""
        if self.trivial:
            return sums
        result = sums.astype(np.float64)
        if self.multiply != 1:
            result *= self.multiply
        if self.divide != 1:
            result /= self.divide
        if self.bias != 0:
            result += self.bias
        return result


@dataclass(frozen=True, eq=False)
class Pass:
    """One pass, ready for any part of its map.

    Attributes
    ----------
    geometry : Geometry
    over : (int, int)
        Shape of what it goes over.
    weights : (kh, kw) array
        The numerators as they are used: rotated already, if the kernel is.
    dtype : float32, float64 or None
        What the fastest method computes in; None for the definition, in float64.
    whole : bool
        Whether the sums are whole numbers.
    finish : Finish
        Of the sums.
    last : float
        What the output is divided by after that.
    """

    geometry: Geometry
    over: Pair
    weights: np.ndarray
    dtype: type[np.floating] | None
    whole: bool
    finish: Finish
    last: float = 1.0

    @cached_property
    def shape(self) -> Pair:
        """Shape of its map."""
        return self.geometry.output_shape(self.over, self.weights.shape)

    def under(self, wanted: Places) -> Places:
        """Return what the windows of a part of the map take in."""
        rows, columns = (self._under(axis, at) for axis, at in enumerate(wanted))
        return rows, columns

    def _under(self, axis: int, wanted: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the same along one axis: nothing where all is padding."""
        nothing = np.empty(0, np.intp)
        met = [self._sources[axis][span] for span in self._spans(axis, wanted)]
        found = np.unique(np.concatenate([nothing, *met]))
        return found[found >= 0]

    def __call__(self, values: Map, places: Places, wanted: Places, report: Report | None) -> Map:
        """Compute a part of the map.

        Parameters
        ----------
        values : (n, m) array
            What lies under the part's windows, perhaps with more.
        places : Places
            Where in the map before this the values are: n rows and m columns.
        wanted : Places
            The part.
        report : callable, optional
        """
        spans = [*product(self._spans(0, wanted[0]), self._spans(1, wanted[1]))]
        if len(spans) == 1:
            return self._made(self._padded(values, places, spans[0]), report)
        made = np.empty((len(wanted[0]), len(wanted[1])))
        for done, (cut, span) in enumerate(zip(product(*map(_runs, wanted)), spans, strict=True)):
            block = self._padded(values, places, span)
            made[cut] = self._made(block, part_of(report, done, len(spans)))
        return made

    def plan(self, block: Pair) -> Plan | None:
        """Make ready for a padded block; None where it is the definition that computes."""
        if self.dtype is None:
            return None
        stride, dilation = self.geometry.stride, self.geometry.dilation
        return plan(block, self.weights, stride=stride, dilation=dilation, dtype=self.dtype)

    def _made(self, block: Map, report: Report | None) -> Map:
        planned = self.plan((block.shape[0], block.shape[1]))
        if planned is None:
            stride, dilation = self.geometry.stride, self.geometry.dilation
            found = trace(block, self.weights, stride=stride, dilation=dilation, dtype=np.float64)
            sums = found.map(report)
        else:
            # A scene is finite, and so are its sums: see `limits.MAX_SUM`.
            sums = planned.map(block, 0.0, report, finite=True)
            if self.whole and not planned.exact:
                np.rint(sums, out=sums)
        values = self.finish(sums)
        return values if self.last == 1 else values / self.last

    def _padded(self, values: Map, places: Places, span: tuple[slice, slice]) -> Map:
        """Cut a block out of the padded map; a view where none of the padding is in it."""
        sources = [all_of[cut] for all_of, cut in zip(self._sources, span, strict=True)]
        rows, columns = (
            np.where(source < 0, -1, np.searchsorted(at, source))
            for source, at in zip(sources, places, strict=True)
        )
        inner = [self._inner(axis, cut) for axis, cut in enumerate(span)]
        middle = values[_slice(rows[inner[0]]), _slice(columns[inner[1]])]
        if middle.shape == (len(rows), len(columns)):
            return middle
        block = np.empty((len(rows), len(columns)), self.dtype or np.float64)
        block[inner[0], inner[1]] = middle
        for side in _outside(inner[0], len(rows)):
            block[side] = self._taken(values, rows[side], columns)
        for side in _outside(inner[1], len(columns)):
            block[inner[0], side] = self._taken(values, rows[inner[0]], columns[side])
        return block

    def _taken(self, values: Map, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Map:
        """Take rows and columns one by one; -1 is the fill value."""
        fill = self.geometry.fill_value
        if not values.size:
            return np.full((len(rows), len(columns)), fill)
        found = values[np.ix_(rows, columns)].astype(np.float64)
        found[rows < 0] = fill
        found[:, columns < 0] = fill
        return found

    def _inner(self, axis: int, span: slice) -> slice:
        """Return which rows, or columns, of a span of the padded map are no padding."""
        before = self._pads[axis][0] - span.start
        begin = min(max(before, 0), span.stop - span.start)
        return slice(begin, max(begin, min(before + self.over[axis], span.stop - span.start)))

    def _spans(self, axis: int, at: NDArray[np.intp]) -> list[slice]:
        """Return the rows, or columns, of the padded map under each run of places."""
        stride, extent = self.geometry.stride[axis], self._extent[axis]
        return [
            slice(int(at[run.start]) * stride, int(at[run.stop - 1]) * stride + extent)
            for run in _runs(at)
        ]

    @cached_property
    def _sources(self) -> Places:
        return self.geometry.sources(self.over, self.weights.shape)

    @cached_property
    def _pads(self) -> tuple[Pair, Pair]:
        return self.geometry.pads(self.over, self.weights.shape)

    @cached_property
    def _extent(self) -> Pair:
        return self.geometry.extent(self.weights.shape)


@dataclass(frozen=True, eq=False)
class Chain:
    """All passes of a scene's kernel; nothing is subtracted.

    Every pass has the same kernel, window settings and bias; the padding of a later pass is that
    of the map it goes over.

    Attributes
    ----------
    scene : Scene
    passes : tuple of Pass
    """

    scene: Scene
    passes: tuple[Pass, ...]

    @classmethod
    def of(cls, scene: Scene) -> Chain:
        """Make ready."""
        return cls(scene, tuple(_passes(scene)))

    @property
    def shape(self) -> Pair:
        """Shape of the last map."""
        return self.passes[-1].shape

    def part(self, rows: range, columns: range, report: Report | None = None) -> Map:
        """Compute a part of the last map: its very numbers, whatever the part.

        Where sums cannot be kept whole (see `SURE_FLOAT64`) a later pass may differ in the last
        digit from one part to another, as methods do.

        Parameters
        ----------
        rows, columns : range
            With steps of 1, inside the map, not empty.
        report : callable, optional
            Told now and then which share is done. What it raises ends the computation.

        Returns
        -------
        ndarray
            float64, or float32 where that holds every number; never rounded or clipped between
            the passes.
        """
        places: list[Places] = [(np.array(rows), np.array(columns))]
        for one in reversed(self.passes[1:]):
            places.append(one.under(places[-1]))
        height, width = self.scene.shape
        places.append((np.arange(height), np.arange(width)))
        values: Map = self.scene.image
        for done, one in enumerate(self.passes):
            before, wanted = places.pop(), places[-1]
            values = one(values, before, wanted, part_of(report, done, len(self.passes)))
        return values

    def choice(self, block: Pair) -> Choice | None:
        """Return how the first pass computes a part of such a shape; None for the definition."""
        one = self.passes[0]
        extent, stride = one.geometry.extent(one.weights.shape), one.geometry.stride
        rows, columns = ((block[axis] - 1) * stride[axis] + extent[axis] for axis in (0, 1))
        planned = one.plan((rows, columns))
        return planned.choice if planned else None


def _passes(scene: Scene) -> Iterator[Pass]:
    finish = Finish.of(scene.kernel, scene.bias)
    weights = finish.numerators[::-1, ::-1] if scene.flip else finish.numerators
    fills = list(_whole_fills(scene, finish)) if scene.times > 1 else []
    dtype = np.float64 if scene.is_picture else None
    shape, bias = scene.shape, finish.bias
    for count in range(scene.times):
        one = Pass(scene.geometry, shape, weights, dtype, False, finish)
        if count < len(fills):
            bias *= finish.divide
            sums = replace(finish, divide=1, bias=bias)
            geometry = replace(scene.geometry, fill_value=fills[count])
            one = replace(one, geometry=geometry, whole=True, finish=sums)
            if count == len(fills) - 1:
                one = replace(one, last=float(finish.divide) ** len(fills))
        elif count == 0:
            bound = _whole_bound(scene, finish)
            first = None if bound > SURE_FLOAT64 else _held(bound)
            one = replace(one, dtype=first, whole=first is not None)
        yield one
        shape = one.shape


def _held(bound: float) -> type[np.floating]:
    return np.float32 if bound <= SURE_FLOAT32 else np.float64


def _whole_bound(scene: Scene, finish: Finish) -> float:
    """Bound the sums of a picture's map; infinite if they need not be whole numbers."""
    whole = (scene.geometry.fill_value, *finish.numerators.flat)
    if not scene.is_picture or not all(float(value).is_integer() for value in whole):
        return np.inf
    largest = max(255.0, abs(scene.geometry.fill_value))
    return float(np.abs(finish.numerators).sum()) * largest


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


def _runs(at: NDArray[np.intp]) -> list[slice]:
    """Return where places follow one another without a gap."""
    gaps = np.flatnonzero(np.diff(at) != 1) + 1
    return [slice(begin, end) for begin, end in pairwise([0, *gaps.tolist(), len(at)]) if end]


def _slice(places: NDArray[np.intp]) -> slice:
    """Write places that follow one another as a slice."""
    return slice(int(places[0]), int(places[-1]) + 1) if len(places) else slice(0, 0)


def _outside(inner: slice, length: int) -> list[slice]:
    return [side for side in (slice(inner.start), slice(inner.stop, length)) if side != slice(0)]
