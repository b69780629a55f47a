"""What slides how, in one line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from convviz.scene import Scene
from convviz.summary import summary
from tests.test_page import scene

SUMMARIES = [
    (Scene(), "Cross-correlation, stride 1, no padding: output 3 × 3"),
    # (5 + 2 - 3) / 2 + 1 = 3 rows, (5 + 2 - 3) / 1 + 1 = 5 columns
    (scene(5, 5, stride=(2, 1), padding=1), "stride 2 × 1, zero padding 1: output 3 × 5"),
    (scene(5, 5, padding="same", boundary="edge"), "stride 1, edge padding 1: output 5 × 5"),
    (scene(5, 5, padding=1, fill_value=-2.5), "stride 1, −2.5 padding 1: output 5 × 5"),
    (scene(5, 5, padding=(1, 2)), "zero padding 1 × 2: output 5 × 7"),
    # An even kernel has its odd row at the bottom and its odd column on the right.
    (
        scene(4, 4, (2, 2), padding="same"),
        "zero padding 0 top, 1 bottom, 0 left, 1 right: output 4 × 4",
    ),
    (scene(5, 5, dilation=2), "stride 1, dilation 2, no padding: output 1 × 1"),
    (replace(Scene(), operation="conv", bias=-0.5), "no padding, bias −0.5: output 3 × 3"),
    # 5, 3, 1
    (replace(Scene(), times=2), "no padding, 2 times: output 1 × 1"),
    (replace(Scene(), times=2).one_pass, "no padding: output 3 × 3"),
    (replace(Scene(), minus="input"), "no padding, minus the input: output 3 × 3"),
    (
        scene(9, 9, padding="same", boundary="edge", minus="gaussian-3"),
        "edge padding 1, minus Gaussian 3 × 3: output 9 × 9",
    ),
]


@pytest.mark.parametrize(("of", "end"), SUMMARIES)
def test_the_summary_says_what_slides_how(of: Scene, end: str) -> None:
    assert summary(of).replace("\u00a0", " ").endswith(end)


def test_the_summary_says_which_operation() -> None:
    assert summary(Scene()).startswith("Cross-correlation,")
    assert summary(replace(Scene(), operation="conv")).startswith(
        "Convolution (kernel turned by 180°),"
    )
