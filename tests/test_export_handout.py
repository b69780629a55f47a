"""The handout as text: its numbers, what it says, and that nothing in it can get out."""

from __future__ import annotations

import html
import re

import numpy as np
import pytest

from convviz.export.handout import handout
from convviz.export.sheet import Sheet
from convviz.geometry import Geometry
from convviz.inputs import Named, Typed
from convviz.kernels import kernel
from convviz.matrices import Matrix
from convviz.scene import Patch, Scene
from tests.export_scenes import DECIMALS, SCENES, expected_map

QR = '<svg role="img" aria-label="QR code" viewBox="0 0 1 1"><path d="M0 0h1v1H0z"/></svg>'
PATCH = Scene(Named("portrait"), kernel("sobel-x").matrix, patch=Patch(20, 30, 12))
WIDE = Scene(
    Named("portrait"),
    kernel("gaussian-31").matrix,
    Geometry(padding="same"),
    patch=Patch(20, 30, 12),
)
GRID = re.compile(r'<figure><figcaption><b>(.*?)</b>.*?<svg role="img" aria-label="(.*?)".*?</svg>')
ITEM = re.compile(r"<li><span>row (\d+), column (\d+):</span><span>(.*?)</span></li>")


def made(scene: Scene, **how: str) -> str:
    return handout(scene, **{"title": "Step by step", "summary": "What slides how", **how})


def number(text: str) -> float:
    return float(text.replace("\u2212", "-"))


def pages(text: str) -> list[str]:
    return re.findall(r'<section class="page".*?</section>', text, re.DOTALL)


def grids(text: str) -> dict[str, list[str]]:
    """Give the texts in each grid, without the names of its rows and columns."""
    return {
        found[1]: [
            digits
            for _, digits in re.findall(
                r'fill="(#1A1D21|#55606E)" font-weight="600" '
                r'text-anchor="middle">(.*?)<',
                found[0],
            )
        ]
        for found in GRID.finditer(text)
    }


def equations(text: str) -> dict[tuple[int, int], str]:
    return {
        (int(row), int(column)): html.unescape(re.sub("<.*?>", "", body))
        for row, column, body in ITEM.findall(text)
    }


def test_the_classic_case() -> None:
    exercise, answers = pages(made(Scene()))
    image = [3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2, 2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1]
    assert [number(text) for text in grids(exercise)["Input"]] == image
    assert [number(text) for text in grids(exercise)["Kernel"]] == [0, 1, 2, 2, 2, 0, 0, 1, 2]
    # Three are worked, six are left to do.
    assert grids(exercise)["Output"] == ["12", "12", "17"]
    assert grids(answers)["Output"] == ["12", "12", "17", "10", "17", "19", "9", "6", "14"]
    worked = equations(exercise)
    assert list(worked) == [(1, 1), (1, 2), (1, 3)]
    assert worked[1, 1] == "3×0 + 3×1 + 2×2 + 0×2 + 0×2 + 1×0 + 3×0 + 1×1 + 2×2 = 12"
    assert len(equations(answers)) == 9
    assert "This sheet has" not in exercise


SHEETS = {**SCENES, "patch": PATCH, "wide": WIDE}


@pytest.mark.parametrize("name", SHEETS)
def test_the_answers_are_the_numbers_of_the_map(name: str) -> None:
    scene = SHEETS[name]
    rows, columns = Sheet(scene).shape
    top, left = scene.block.rows.start, scene.block.columns.start
    expected = expected_map(scene)[top : top + rows, left : left + columns]
    found = [number(text) for text in grids(pages(made(scene))[1])["Output"]]
    # Three digits at least.
    np.testing.assert_allclose(found, expected.ravel(), rtol=6e-3, atol=1e-12)


@pytest.mark.parametrize("name", ["fractions", "flipped", "dilation", "decimals", "patch"])
def test_the_equations_are_true(name: str) -> None:
    scene = SHEETS[name]
    whole = expected_map(scene)
    read = equations(pages(made(scene))[1])
    assert len(read) == len(Sheet(scene).positions)
    for (row, column), text in read.items():
        left, sign, result = re.fullmatch(
            r"(.*?) (=|≈) ([^ =]+)", text.rpartition(") = ")[2]
        ).groups()
        computed = eval(left.replace("\u2212", "-").replace("×", "*"))
        rounded = 0.02 * max(1, np.abs(whole).max())  # numbers of three digits, nine products
        assert computed == pytest.approx(number(result), abs=rounded)
        close = {"=": 1e-9, "≈": 6e-3}[sign]
        assert number(result) == pytest.approx(whole[row - 1, column - 1], rel=close, abs=1e-12)


def test_a_factor_and_a_bias_stand_in_the_equation() -> None:
    scene = Scene(kernel=Matrix.parse("1/9 x [1 2 3; 4 5 6; 7 8 9]"), bias=-0.5)
    text = equations(pages(made(scene))[0])[1, 1]
    # By hand: 3 + 6 + 6 + 0 + 0 + 6 + 21 + 8 + 18 = 68; 68 / 9 - 0.5 = 7.0556
    assert text == (
        "1/9 × (3×1 + 3×2 + 2×3 + 0×4 + 0×5 + 1×6 + 3×7 + 1×8 + 2×9) = 1/9 × 68 − 0.5 ≈ 7.06"
    )


def test_of_many_positions_it_has_a_part_and_says_so() -> None:
    exercise, answers = pages(made(PATCH))
    assert Sheet(PATCH).shape == (6, 6)
    assert "This sheet has rows 21 to 26 and columns 31 to 36 of the feature map." in exercise
    assert "rows 21–28, columns 31–38 of 256 × 213" in exercise
    assert len(grids(exercise)["Input"]) == 64
    assert len(equations(answers)) == 36


def test_a_kernel_too_large_for_a_pencil_is_named() -> None:
    exercise, answers = pages(made(WIDE))
    assert "the sum of 961 products: too many to work by hand" in exercise
    assert grids(exercise)["Kernel"] == []  # fills alone
    assert len(equations(exercise)[21, 31].split(" + ")) == 31
    whole = expected_map(WIDE)[20:32, 30:42]
    said = re.search(
        r"largest is (\S+) in row (\d+), column (\d+) and the smallest is (\S+)", answers
    )
    assert number(said[1]) == pytest.approx(whole.max(), rel=6e-3)
    assert whole[int(said[2]) - 21, int(said[3]) - 31] == pytest.approx(whole.max(), rel=1e-12)
    assert number(said[4]) == pytest.approx(whole.min(), rel=6e-3)


def test_convolution_shows_the_kernel_as_typed_and_as_used() -> None:
    exercise = pages(made(Scene(operation="conv")))[0]
    assert grids(exercise)["Kernel as typed"] == list("012220012")
    assert grids(exercise)["Kernel as used"] == list("210022210")
    assert "Lay the kernel as used on the input." in exercise


@pytest.mark.parametrize(
    ("scene", "sentence"),
    [
        (Scene(geometry=Geometry(padding="same")), "Dashed cells are padding (filled with 0)."),
        (
            Scene(geometry=Geometry(padding="same", boundary="wrap")),
            "Dashed cells are padding (wrap).",
        ),
        (
            Scene(geometry=Geometry(stride=(1, 2))),
            "The window moves 2 to the right, and 1 down for the next row.",
        ),
        (Scene(geometry=Geometry(dilation=(2, 2))), "Only the outlined cells meet a weight"),
        (Scene(bias=-2), "The bias −2 is added to every output."),
        (Scene(DECIMALS), "Long numbers are rounded to three digits"),
    ],
)
def test_what_is_special_is_said_and_nothing_else(scene: Scene, sentence: str) -> None:
    assert sentence in made(scene)
    assert sentence not in made(Scene())


def test_padding_is_dashed() -> None:
    exercise = pages(made(Scene(geometry=Geometry(padding="same"))))[0]
    assert exercise.count("stroke-dasharray") == 49 - 25


def test_there_is_something_left_to_do() -> None:
    # 2 x 2 outputs: one is worked.
    scene = Scene(Typed(Matrix.parse("1 2 3; 4 5 6; 7 8 9")), Matrix.parse("1 0; 0 1"))
    assert grids(pages(made(scene))[0])["Output"] == ["6"]


def test_the_link_and_its_code() -> None:
    text = made(Scene(), address="https://example.org/?v=1&k=box-3", qr=QR)
    assert QR in text
    assert '<a href="https://example.org/?v=1&amp;k=box-3">' in text
    long = "https://example.org/?m=" + "1," * 900
    text = made(Scene(), address=long)
    assert f'href="{long}"' in text
    assert f">{long[:160]}…</a>" in text
    assert "See it move" not in made(Scene())


def test_texts_stay_texts() -> None:
    text = made(Scene(), title="</title><script>1</script>", summary='"><b>&')
    assert "<script" not in text
    assert "<b>&" not in text
    assert "script-src" not in text  # so nothing runs: the default is none
    assert "default-src 'none'" in text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "example.org"])
def test_only_links_are_linked(address: str) -> None:
    with pytest.raises(ValueError, match="is no link: begin it with https://"):
        made(Scene(), address=address)


def test_only_svg_is_a_code() -> None:
    with pytest.raises(ValueError, match="it must begin with <svg"):
        made(Scene(), address="https://example.org", qr="<img src=x>")
