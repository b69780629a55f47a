"""Every number of a drawn frame, read back from its SVG, is NumPy's or SciPy's."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from convviz.export.frame import Frames, frame
from convviz.export.svg import svg_text
from convviz.geometry import Geometry
from convviz.kernels import kernel
from convviz.matrices import Matrix
from convviz.scene import Scene
from tests import drawn
from tests.drawn import SCENES, Sheet

THREE_DIGITS = 5e-3
"""How much of a number three digits may leave out."""


@pytest.fixture(scope="module")
def frames():
    return {name: Frames(scene, width=960) for name, scene in SCENES.items()}


@pytest.fixture(scope="module")
def sheet(frames):
    """Read a frame of a scene back, once for all that is looked for in it."""
    return cache(lambda name, step: Sheet(frames[name], step))


def steps(scene: Scene) -> tuple[int, ...]:
    """Some positions: the first, one in the middle, the last."""
    count = len(scene.block)
    return 1, count // 2 + 1, count


def region(scene: Scene) -> np.ndarray:
    """Cut what is drawn out of the padded input: from the first window to the last, or the end."""
    block, stride = scene.block, scene.geometry.stride
    extent = scene.geometry.extent(scene.kernel.shape)
    cuts = []
    for axis, part in enumerate((block.rows, block.columns)):
        last = (part[-1]) * stride[axis] + extent[axis]
        whole = part.stop == scene.output_shape[axis]
        cuts.append(slice(part[0] * stride[axis], None if whole else last))
    return drawn.padded(scene)[tuple(cuts)]


def block_output(scene: Scene) -> np.ndarray:
    return drawn.output(scene)[np.ix_(scene.block.rows, scene.block.columns)]


NUMBERED = [name for name in SCENES if name != "31x31"]


@pytest.mark.parametrize("name", NUMBERED)
def test_the_input_and_the_weights_are_those_of_numpy(name: str, frames, sheet) -> None:
    scene, made = SCENES[name], frames[name]
    for step in steps(scene):
        seen = sheet(name, step)
        np.testing.assert_allclose(seen.numbers(made.input), region(scene), rtol=THREE_DIGITS)
        np.testing.assert_allclose(seen.numbers(made.kernel), drawn.used(scene))


@pytest.mark.parametrize("name", NUMBERED)
def test_the_products_are_those_of_numpy(name: str, frames, sheet) -> None:
    scene, made = SCENES[name], frames[name]
    for step in steps(scene):
        expected = drawn.window(scene, step) * drawn.used(scene)
        found = sheet(name, step).numbers(made.products)
        np.testing.assert_allclose(found, expected, rtol=THREE_DIGITS)


@pytest.mark.parametrize("name", NUMBERED)
def test_the_outputs_so_far_are_those_of_scipy_and_the_rest_is_empty(
    name: str, frames, sheet
) -> None:
    scene, made = SCENES[name], frames[name]
    expected = block_output(scene)
    for step in steps(scene):
        found = sheet(name, step).numbers(made.output)
        filled = found.ravel()[:step]
        np.testing.assert_allclose(filled, expected.ravel()[:step], rtol=THREE_DIGITS, atol=1e-12)
        assert np.isnan(found.ravel()[step:]).all()


@pytest.mark.parametrize("name", SCENES)
def test_all_sides_of_the_equation_are_scipys_output(name: str, sheet) -> None:
    scene = SCENES[name]
    expected = block_output(scene).ravel()
    for step in steps(scene):
        sides = sheet(name, step).sides()
        scaled = scene.kernel.factor != "1"
        assert len(sides) == 3 if scaled else 2
        for side in sides:
            assert float(side) == pytest.approx(expected[step - 1], rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", NUMBERED)
def test_the_terms_are_pixels_and_weights_as_typed_in_the_order_of_the_window(
    name: str, sheet
) -> None:
    scene = SCENES[name]
    for step in steps(scene):
        text = sheet(name, step).equation.split(" = ")[1]
        terms = text.partition("(")[2].rpartition(")")[0] if "(" in text else text
        terms = terms.partition(" + bias")[0]
        found = [[drawn.exact(part) for part in term.split(" × ")] for term in terms.split(" + ")]
        weights = [Fraction(cell) for row in scene.kernel.cells for cell in row]
        pixels = drawn.window(scene, step).ravel()
        assert [term[1] for term in found] == (weights[::-1] if scene.flip else weights)
        assert [float(term[0]) for term in found] == pixels.tolist()


def test_the_first_sum_of_the_classic_case() -> None:
    # By hand: 3*0 + 3*1 + 2*2 + 0*2 + 0*2 + 1*0 + 3*0 + 1*1 + 2*2 = 3 + 4 + 1 + 4 = 12.
    assert Sheet(Frames(Scene()), 1).equation == (
        "Output row 1, column 1 = 3 × 0 + 3 × 1 + 2 × 2 + 0 × 2 + 0 × 2 + 1 × 0 + 3 × 0 + 1 × 1 + "
        "2 × 2 = 12"
    )


@pytest.mark.parametrize(
    ("boundary", "mode"),
    [("edge", "nearest"), ("reflect", "mirror"), ("symmetric", "reflect"), ("wrap", "grid-wrap")],
)
def test_padding_copies_what_scipy_copies(boundary: str, mode: str) -> None:
    scene = Scene(drawn.DIGITS, geometry=Geometry.of(padding=1, boundary=boundary))
    made = Frames(scene)
    found = Sheet(made, len(scene.block)).numbers(made.output)
    np.testing.assert_array_equal(found, drawn.same_size(scene, mode))


def test_row_sums_stand_for_the_terms_of_a_large_kernel(frames) -> None:
    scene = SCENES["31x31"]
    found = Sheet(frames["31x31"], 3).equation.partition("(")[2].partition(")")[0].split("+")
    products = drawn.window(scene, 3) * drawn.used(scene)
    assert [int(text) for text in found] == products.sum(axis=1).tolist()


@pytest.mark.parametrize("name", ["classic", "flip", "dilation", "reflect", "signed"])
def test_the_weights_stand_on_the_cells_they_meet(name: str, frames) -> None:
    scene, made = SCENES[name], frames[name]
    for step in steps(scene):
        row, column = divmod(step - 1, len(scene.block.columns))
        stride, gaps = scene.geometry.stride, scene.geometry.dilation
        cells = scene.kernel.cells
        taps = [line[::-1] for line in cells[::-1]] if scene.flip else cells
        expected = {
            (row * stride[0] + r * gaps[0], column * stride[1] + c * gaps[1]): text
            for r, line in enumerate(taps)
            for c, text in enumerate(line)
        }
        found = Sheet(made, step).cells(made.input, "end")
        assert {place: text.replace("−", "-") for place, text in found.items()} == expected


@pytest.mark.parametrize("name", ["classic", "factor", "signed", "31x31"])
def test_a_term_shows_the_running_sum_and_no_later_product(name: str, frames) -> None:
    scene, made = SCENES[name], frames[name]
    products = (drawn.window(scene, 5) * drawn.used(scene)).ravel()
    for term in (1, 4, len(products) - 1):
        sheet = Sheet(made, 5, term)
        if name != "31x31":
            found = sheet.numbers(made.products).ravel()
            np.testing.assert_allclose(found[:term], products[:term], rtol=THREE_DIGITS)
            assert np.isnan(found[term:]).all()
            outputs = sheet.numbers(made.output).ravel()
            assert np.isnan(outputs[4:]).all()
            assert not np.isnan(outputs[:4]).any()
        end = sheet.equation.rpartition("= ")[2].rpartition("so far")[0].rpartition("×")[2]
        assert float(drawn.exact(end)) == pytest.approx(products[:term].sum(), rel=1e-12)
        assert f"so far: {term} of {len(products)} terms" in sheet.equation


def test_the_last_term_completes_the_position() -> None:
    made = Frames(Scene())
    sheet = Sheet(made, 2, 9)
    assert sheet.equation.endswith("= 12")
    assert sheet.numbers(made.output)[0, 1] == 12


def test_one_ninth_stays_one_ninth() -> None:
    made = Frames(drawn.SCENES["signed"])
    sheet = Sheet(made, 1)
    assert sheet.cells(made.input)[1, 1] == "1/9"
    assert sheet.cells(made.kernel)[2, 0] == "1/9"
    assert "1/9 × 4" in sheet.equation
    assert "1/3 × 1/9" in Sheet(made, 8).equation


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("classic", ["Small digits: the weight on that cell."]),
        ("stride", ["Marked corners: where the window stops.", "Struck through: not reached."]),
        ("dilation", ["Paler: skipped by dilation."]),
        ("fill", ["Hatched: padding, fill value 5."]),
        ("reflect", ["Hatched: padding, copied (reflect).", "Dots: where the window's padding"]),
        ("signed", ["Cells show three digits; the equation has them all."]),
    ],
)
def test_the_legend_names_the_textures_there_are(name: str, said: list[str]) -> None:
    geometry = SCENES[name].geometry
    if name == "stride":  # 8 columns and steps of 2: the last column is left over.
        geometry = Geometry.of(stride=(2, 4))
    text = svg_text(frame(replace(SCENES[name], geometry=geometry), 1)).replace("</text>", " ")
    plain = " ".join(part.partition(">")[2] for part in text.split("<text"))
    for sentence in said:
        assert sentence in " ".join(plain.split())
    if name == "classic":
        assert "Hatched" not in plain
        assert "three digits" not in plain


def test_long_weights_are_rounded_in_their_cells_and_exact_in_the_equation() -> None:
    scene = Scene(drawn.DIGITS, Matrix.parse("0.123456789 1; -12345.678 1/7"))
    made = Frames(scene)
    sheet = Sheet(made, 1)
    assert list(sheet.cells(made.kernel).values()) == ["0.123", "1", "−1.2e4", "1/7"]
    assert "× 0.123456789 +" in sheet.equation
    assert "× −12345.678 +" in sheet.equation


def test_the_summary_the_position_and_the_title_say_what_it_is() -> None:
    drawing = frame(Scene(operation="conv"), 4, summary="Convolution <stride 1> & no padding")
    sheet = Sheet(Frames(Scene(operation="conv"), summary="Convolution <1> & none"), 4)
    words = [seen.text for seen in sheet.texts]
    assert {"Convolution <1> & none", "Position 4 of 9", "row 2, column 1"} <= set(words)
    assert "as used: turned 180°" in " ".join(words)
    # By hand, the kernel turned: 0*2 + 0*1 + 1*0 + 3*0 + 1*2 + 2*2 + 2*2 + 0*1 + 0*0 = 10.
    assert drawing.title == "Position 4 of 9, output row 2, column 1: 10"
    assert sheet.root[0].text == drawing.title


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"step": 10}, "Position 10 is out of range: choose 1 to 9."),
        ({"step": 0}, "Position 0 is out of range: choose 1 to 9."),
        ({"term": 10}, "Term 10 is out of range: choose 1 to 9."),
        ({"term": 0}, "Term 0 is out of range: choose 1 to 9."),
        ({"width": 479}, "Width 479 is out of range: choose 480 to 1920."),
        ({"width": 1921}, "Width 1921 is out of range: choose 480 to 1920."),
    ],
)
def test_what_is_out_of_range_is_refused(wrong: dict, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        frame(Scene(), **{"step": 1, **wrong})


def test_a_factor_stands_before_the_terms_and_beside_the_kernel() -> None:
    sheet = Sheet(Frames(Scene(drawn.DIGITS, kernel("gaussian-3").matrix)), 1)
    assert sheet.equation.startswith("Output row 1, column 1 = 1/16 × ( ")
    assert "3\u00a0×\u00a03, 1/16\u00a0×" in [seen.text for seen in sheet.texts]
