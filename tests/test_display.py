from __future__ import annotations

import numpy as np
import pytest

from convviz.display import MODES, Display, Scale, hidden, scale

# Ten values, so that each is 10 %.
VALUES = np.array([-30.0, -1, 0, 0, 1, 100, 200, 255, 256, 300])


def shades(display: Display, values: np.ndarray = VALUES) -> list[int]:
    of = scale(display, values.min(), values.max())
    return of.table[of.shades(display.shown(values)), 0].tolist()


def test_signed_has_zero_in_the_middle_and_is_symmetric() -> None:
    of = scale(Display(), -30, 300)
    assert of == Scale(-300, 300, True)
    assert of.shades(np.array([-300, 0, 300])).tolist() == [0, 127, 254]


def test_clip_is_what_a_screen_does() -> None:
    assert shades(Display("clip")) == [0, 0, 0, 0, 1, 100, 200, 255, 255, 255]


def test_absolute_drops_the_sign() -> None:
    # 300 is white: 30 is 255 * 30 / 300 = 25.5, rounded to even; 1 is 0.85.
    assert shades(Display("absolute"))[:5] == [26, 1, 0, 0, 1]


def test_rescale_goes_from_the_least_to_the_largest() -> None:
    # -30 to 300: 0 is 255 * 30 / 330 = 23.2.
    assert shades(Display("rescale"))[::9] == [0, 255]
    assert shades(Display("rescale"))[2] == 23


def test_threshold_is_black_and_white() -> None:
    assert shades(Display("threshold", threshold=200)) == [0] * 6 + [255] * 4


def test_relu_comes_first() -> None:
    assert scale(Display(relu=True), -500, 300) == Scale.signed(300)
    assert shades(Display("absolute", relu=True))[0] == 0
    assert scale(Display("rescale", relu=True), -30, 300) == Scale(0, 300)
    assert scale(Display("rescale", relu=True), -30, -10) == Scale(0, 0)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("relu", [False, True])
@pytest.mark.parametrize(
    "values", [VALUES, np.zeros(3), np.full(3, -7.0), np.array([1e280, -1e280])]
)
def test_every_display_has_shades_for_all_values_and_leaves_them_alone(mode, relu, values) -> None:
    display, before = Display(mode, relu), values.copy()
    of = scale(display, values.min(), values.max())
    assert of.shades(display.shown(values)).max() < len(of.table)
    assert hidden(display, values).endswith(".")
    assert (values == before).all()


@pytest.mark.parametrize(
    ("display", "words"),
    [
        (Display(), "Nothing is cut off; 0 is in the middle."),
        # Below 0: -30, -1. Above 255: 256, 300.
        (Display("clip"), "40 % of values would be cut off: 20 % below 0, 20 % above 255."),
        (Display("clip", relu=True), "ReLU: 20 % of values are negative and shown as 0. 20 % of "
         "values would be cut off: 0 % below 0, 20 % above 255."),
        (Display("absolute"), "20 % of values are negative and shown without their sign."),
        (Display("rescale"), "Nothing is cut off; 0 is grey 23 of 255."),
        (Display("threshold", threshold=200), "40 % of values reach the threshold: white."),
    ],
)  # fmt: skip
def test_what_is_hidden_is_said(display: Display, words: str) -> None:
    assert hidden(display, VALUES).replace("\u00a0", " ") == words


def test_a_share_is_0_or_100_only_where_that_is_so() -> None:
    few = np.zeros(1000)
    few[0] = -1
    assert hidden(Display("absolute"), few).startswith("<1\u00a0%")
    assert hidden(Display("absolute"), few - 1).startswith("100\u00a0%")
    assert hidden(Display("absolute"), -1 - few).startswith(">99\u00a0%")


@pytest.mark.parametrize("bad", [{"mode": "loud"}, {"threshold": float("nan")}])
def test_a_display_that_cannot_be_is_refused(bad: dict) -> None:
    with pytest.raises(ValueError, match=r"choose|finite"):
        Display(**bad)
