"""The core again, with a BLAS that packs its matrices."""

from __future__ import annotations

from benchmarks import core
from benchmarks.browser import Stand
from benchmarks.table import Section


def measure(_: Stand) -> Section:
    return core.section(
        "The core with a BLAS that packs",
        "The same with `OPENBLAS_CORETYPE=Haswell`, which takes the vectors of 512 bits from "
        "NumPy's matrix products: what a processor gets that has none (see methods.md). OpenCV and "
        "SciPy compute as above. The goals are the same.",
        OPENBLAS_CORETYPE="Haswell",
    )
