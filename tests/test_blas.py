"""What is expected of matrix products on which machine."""

from __future__ import annotations

import pytest

from convviz.methods.blas import blas_of


def built(*found: str, name: str = "scipy-openblas", baseline: tuple[str, ...] = ()) -> dict:
    """A part of what NumPy says of how it was built, as its versions 2.2 to 2.4 write it."""
    return {
        "Build Dependencies": {"blas": {"name": name, "found": name != "none"}},
        "SIMD Extensions": {"baseline": [*baseline], "found": [*found]},
    }


@pytest.mark.parametrize(
    ("known", "platform", "core", "expected"),
    [
        (built("X86_V3"), "linux", "", "packing"),
        (built("X86_V3", "X86_V4"), "linux", "", "direct"),
        (built("AVX2", "AVX512_SKX"), "win32", "", "direct"),
        (built(baseline=("X86_V4",)), "linux", "", "direct"),
        (built("X86_V4"), "linux", "SkylakeX", "direct"),
        (built("X86_V4"), "linux", "Haswell", "packing"),
        (built("X86_V4", name="mkl"), "linux", "", "packing"),
        (built("ASIMDHP", name="accelerate"), "darwin", "", "packing"),
        (built("X86_V4", name="none"), "linux", "", "none"),
        (built(), "emscripten", "", "none"),
        ({}, "linux", "", "packing"),
    ],
)
def test_what_to_expect(known, platform, core, expected):
    assert blas_of(known, platform, core) == expected
