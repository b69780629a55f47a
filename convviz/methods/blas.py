"""What the BLAS library behind NumPy's matrix products is good at on this machine."""

from __future__ import annotations

import os
import sys
from typing import Any, Literal

import numpy as np

# "none": sums of arrays are faster than products. "packing": a product copies its matrices into an
# order of its own before it begins, and a row times a matrix is the fastest of all. "direct": small
# matrices are multiplied as they lie.
Blas = Literal["none", "packing", "direct"]

# OpenBLAS multiplies small matrices directly where it has vectors of 512 bits: its folder
# kernel/x86_64, the files sgemm_small_kernel_*_skylakex.c.
DIRECT_CORES = ("", "SKYLAKEX", "COOPERLAKE", "SAPPHIRERAPIDS")
# NumPy's names for these vectors, from 2.4 on and before.
WIDE_VECTORS = {"X86_V4", "AVX512_SKX"}


def blas_of(built: dict[str, Any], platform: str, core: str) -> Blas:
    """Tell what to expect of matrix products.

    Parameters
    ----------
    built : dict
        What ``numpy.show_config(mode="dicts")`` returns.
    platform : str
        ``sys.platform``.
    core : str
        The processor that OpenBLAS was told to work for; "" if it may see for itself.
    """
    library = built.get("Build Dependencies", {}).get("blas", {})
    if platform == "emscripten" or not library.get("found", True):
        return "none"
    extensions = built.get("SIMD Extensions", {})
    vectors = {*extensions.get("baseline", ()), *extensions.get("found", ())}
    wide = bool(vectors & WIDE_VECTORS) and core.upper() in DIRECT_CORES
    return "direct" if wide and "openblas" in str(library.get("name")) else "packing"


BLAS = blas_of(
    getattr(np.__config__, "CONFIG", {}), sys.platform, os.environ.get("OPENBLAS_CORETYPE", "")
)
