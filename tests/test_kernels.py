import math
import re
from fractions import Fraction

import numpy as np
import pytest
from scipy import ndimage

from convviz.kernels import (
    GABOR_SIGMA,
    GABOR_WAVELENGTH,
    KERNELS,
    MAX_KERNEL,
    gabor,
    kernel,
)
from convviz.matrices import parse_matrix
from convviz.matrix_edits import rank, separable, symmetry

EVERY = pytest.mark.parametrize("row", KERNELS, ids=lambda row: row.id)

# Ids never change their meaning: a link made today shows the same kernel for ever.
GOLDEN = {
    "classic": "0 1 2; 2 2 0; 0 1 2",
    "identity": "0 0 0; 0 1 0; 0 0 0",
    "impulse": "0 0 0; 0 0 1; 0 0 0",
    "box-3": "1/9 x [1 1 1; 1 1 1; 1 1 1]",
    "gaussian-3": "1/16 x [1 2 1; 2 4 2; 1 2 1]",
    "sharpen": "0 -1 0; -1 5 -1; 0 -1 0",
    "edge-8": "-1 -1 -1; -1 8 -1; -1 -1 -1",
    "laplacian-4": "0 1 0; 1 -4 1; 0 1 0",
    "laplacian-8": "1 1 1; 1 -8 1; 1 1 1",
    "sobel-x": "-1 0 1; -2 0 2; -1 0 1",
    "sobel-y": "-1 -2 -1; 0 0 0; 1 2 1",
    "prewitt-x": "-1 0 1; -1 0 1; -1 0 1",
    "prewitt-y": "-1 -1 -1; 0 0 0; 1 1 1",
    "scharr-x": "-3 0 3; -10 0 10; -3 0 3",
    "scharr-y": "-3 -10 -3; 0 0 0; 3 10 3",
    "roberts-1": "1 0; 0 -1",
    "roberts-2": "0 1; -1 0",
    "emboss": "-2 -1 0; -1 1 1; 0 1 2",
}
SUMS = {
    "classic": 10,
    **dict.fromkeys(["identity", "impulse", "box-3", "box-5", "gaussian-3", "gaussian-5"], 1),
    **dict.fromkeys(["gaussian-31", "motion-blur", "sharpen", "unsharp", "emboss"], 1),
    **dict.fromkeys(["edge-8", "outline", "laplacian-4", "laplacian-8", "log-5", "log-9"], 0),
    **dict.fromkeys(["sobel-x", "sobel-y", "prewitt-x", "prewitt-y", "scharr-x", "scharr-y"], 0),
    **dict.fromkeys(["roberts-1", "roberts-2"], 0),
}
GROUPS = ["Start", "Blur", "Sharpen", "Edges", "Gradient", "Effects", "Texture"]

ROWS, COLUMNS = np.mgrid[0:12, 0:12].astype(float)


def response(id, picture):
    """What the kernel answers where it does not touch the border, by SciPy."""
    weights = kernel(id).weights
    reach = max(weights.shape) // 2
    answers = ndimage.correlate(picture, weights, mode="constant")
    return answers[reach:-reach, reach:-reach]


@EVERY
def test_every_row_is_complete(row):
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", row.id)
    assert row.group in GROUPS
    for text in (row.name, row.about, row.factors, row.reference):
        assert text == text.strip()
        assert text.isprintable()
    assert len(row.name) <= 30
    assert len(row.about) <= 110
    assert row.about.endswith(".")
    assert re.search(r"\((19|20)\d\d\), \w", row.reference)
    assert row.shape == row.weights.shape
    assert row.shape <= MAX_KERNEL
    assert max(row.shape) <= 31
    assert np.isfinite(row.weights).all()
    assert row.weights.any()


@EVERY
def test_every_row_can_be_used_as_an_array(row):
    assert kernel(row.id) is row
    assert np.asarray(row) is row.weights
    assert np.asarray(row, dtype=np.float32).dtype == np.float32
    copy = np.array(row)
    copy[0, 0] = 99
    assert row.weights[0, 0] != 99


def test_ids_names_and_numbers_are_all_different():
    for seen in (
        [row.id for row in KERNELS],
        [row.name for row in KERNELS],
        [(row.shape, row.weights.tobytes()) for row in KERNELS],
    ):
        assert len(set(seen)) == len(seen)


def test_groups_stand_together_in_teaching_order():
    order = [row.group for row in KERNELS]
    assert list(dict.fromkeys(order)) == GROUPS
    assert order == sorted(order, key=GROUPS.index)
    assert KERNELS[0].id == "classic"


def test_a_kernel_large_enough_for_the_picture_is_there():
    assert max(row.shape for row in KERNELS) == MAX_KERNEL


@pytest.mark.parametrize("id", ["sobel", "Box-3", "", "x" * 70_000, None])
def test_unknown_ids_are_named(id):
    with pytest.raises(ValueError, match="There is no kernel") as caught:
        kernel(id)
    assert len(str(caught.value)) < 200


def test_near_ids_are_offered():
    with pytest.raises(ValueError, match=r"did you mean .*sobel-x.*\?"):
        kernel("sobel")


@pytest.mark.parametrize(("id", "text"), GOLDEN.items())
def test_ids_keep_their_numbers(id, text):
    np.testing.assert_array_equal(kernel(id).weights, parse_matrix(text))


@pytest.mark.parametrize(("id", "total"), SUMS.items())
def test_sums_are_exact(id, total):
    assert kernel(id).matrix.total == total
    # The sentence that goes with it: what becomes of a flat area of 7.
    flat = response(id, np.full((40, 40), 7.0))
    np.testing.assert_allclose(flat, 7 * total, atol=1e-10)


def test_every_sum_is_tested_or_the_kernel_is_a_rounded_formula():
    assert {row.id for row in KERNELS} - SUMS.keys() == {"gabor-vertical", "gabor-diagonal"}


def vector(text):
    return [Fraction(number) for number in text.split()]


def term(text):
    """One term of `Kernel.factors`: numbers, a column, a row, or the id of another kernel."""
    result = np.array([[Fraction(1)]], dtype=object)
    for part in text.split(" x "):
        if found := re.fullmatch(r"\[([-0-9 ]+)\]\^T", part):
            result = result * np.array([[number] for number in vector(found[1])], dtype=object)
        elif found := re.fullmatch(r"\[([-0-9 ]+)\]", part):
            result = result * np.array([vector(found[1])], dtype=object)
        elif re.fullmatch(r"[0-9]+(/[0-9]+)?", part):
            result = result * Fraction(part)
        else:
            matrix = kernel(part).matrix
            result = result * (np.array(matrix.fractions, dtype=object) * matrix.scale)
    return result


def built(factors):
    """What `Kernel.factors` says, in fractions: terms added with their centres on each other."""
    signs = [1, *(1 if sign == "+" else -1 for sign in re.findall(r" ([+-]) ", factors))]
    terms = [
        sign * term(text) for sign, text in zip(signs, re.split(r" [+-] ", factors), strict=True)
    ]
    size = max(max(each.shape) for each in terms)
    return sum(np.pad(each, (size - each.shape[0]) // 2, constant_values=0) for each in terms)


IN_WORDS = ["classic", "gaussian-31", "motion-blur", "log-5", "log-9", "roberts-1", "roberts-2"]
IN_WORDS += ["gabor-vertical", "gabor-diagonal"]


@EVERY
def test_every_row_is_what_its_factors_say(row):
    """Also the other way round: whatever is separable says so."""
    is_product = re.fullmatch(r"([0-9/]+ x )?\[[^]]*\]\^T x \[[^]]*\]", row.factors)
    assert bool(is_product or row.id == "gaussian-31") == (separable(row.matrix) is not None)
    if row.id in IN_WORDS:
        return
    exact = np.array(row.matrix.fractions, dtype=object) * row.matrix.scale
    assert (built(row.factors) == exact).all()


def test_gaussians_are_outer_products():
    for id, line in (("gaussian-3", [1, 2, 1]), ("gaussian-5", [1, 4, 6, 4, 1])):
        expected = np.outer(line, line) / np.sum(line) ** 2
        np.testing.assert_array_equal(kernel(id).weights, expected)


def test_the_wide_gaussian_is_what_its_factors_say():
    line = [round(100 * math.exp(-(r**2) / (2 * 5**2))) for r in range(-15, 16)]
    wide = kernel("gaussian-31")
    assert wide.matrix.factor == f"1/{sum(line) ** 2}" == wide.factors.split()[0]
    assert wide.matrix.cells == tuple(tuple(str(a * b) for b in line) for a in line)
    # An oracle of its own: SciPy's Gaussian of an impulse.
    impulse = np.zeros((31, 31))
    impulse[15, 15] = 1
    smooth = ndimage.gaussian_filter(impulse, 5, radius=15, mode="constant")
    np.testing.assert_allclose(wide.weights, smooth, atol=0.015 * smooth.max())


def test_motion_blur_and_the_words_on_rank():
    np.testing.assert_array_equal(kernel("motion-blur").weights, np.eye(9) / 9)
    for id in ("classic", "motion-blur", "roberts-1", "roberts-2"):
        assert f"rank {rank(kernel(id).matrix)}," in kernel(id).factors


def laplacian_of_gaussian(sigma, radius):
    row, column = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    q = (row**2 + column**2) / (2 * sigma**2)
    return -(1 - q) * np.exp(-q) / (math.pi * sigma**4)


def test_laplacians_of_gaussians_have_the_shape_of_the_formula():
    # The whole numbers were adjusted by up to 1 so that their sum is 0.
    np.testing.assert_allclose(
        kernel("log-9").weights, 483 * laplacian_of_gaussian(1.4, 4), atol=1.01
    )
    small = -laplacian_of_gaussian(0.5, 2).ravel()
    assert np.corrcoef(kernel("log-5").weights.ravel(), small)[0, 1] > 0.99


@pytest.mark.parametrize("id", ["sobel", "prewitt", "scharr"])
def test_gradients_have_the_direction_and_sign_they_claim(id):
    # On a ramp the outer columns differ by 2, so the answer is 2 x the sum of the smoothing part.
    rise = 2 * {"sobel": 4, "prewitt": 3, "scharr": 16}[id]
    assert (response(f"{id}-x", COLUMNS) == rise).all()
    assert (response(f"{id}-x", -COLUMNS) == -rise).all()
    assert (response(f"{id}-x", ROWS) == 0).all()
    assert (response(f"{id}-y", ROWS) == rise).all()
    assert (response(f"{id}-y", COLUMNS) == 0).all()
    # A vertical edge, dark on the left: found by x, not by y.
    edge = (COLUMNS >= 6).astype(float)
    assert response(f"{id}-x", edge).max() > 0
    assert not response(f"{id}-y", edge).any()
    np.testing.assert_array_equal(kernel(f"{id}-y").weights, kernel(f"{id}-x").weights.T)


def test_sobel_is_scipys():
    picture = np.random.default_rng(2).normal(size=(12, 12))
    for id, axis in (("sobel-x", 1), ("sobel-y", 0)):
        np.testing.assert_allclose(response(id, picture), ndimage.sobel(picture, axis)[1:-1, 1:-1])


def test_roberts_takes_the_gradient_along_the_diagonals():
    assert (response("roberts-1", -(ROWS + COLUMNS)) == 2).all()  # brighter towards the top left
    assert (response("roberts-1", ROWS - COLUMNS) == 0).all()
    assert (response("roberts-2", COLUMNS - ROWS) == 2).all()  # towards the top right
    assert (response("roberts-2", ROWS + COLUMNS) == 0).all()


def test_second_differences_ignore_slopes_and_answer_to_spots():
    spot = np.zeros((25, 25))
    spot[12, 12] = 1
    for id, sign in (
        ("laplacian-4", -1),
        ("laplacian-8", -1),
        ("edge-8", 1),
        ("outline", 1),
        ("log-5", 1),
        ("log-9", -1),
    ):
        assert (response(id, 3 * ROWS - 2 * COLUMNS + 5) == 0).all()
        centre = response(id, spot).shape[0] // 2
        assert response(id, spot)[centre, centre] * sign > 0
        assert symmetry(kernel(id).matrix) == "symmetric"


def test_outline_draws_wider_lines_than_edge_8():
    step = (COLUMNS >= 6).astype(float)
    assert np.count_nonzero(response("edge-8", step)[0]) == 2
    assert np.count_nonzero(response("outline", step)[0]) == 4


def test_impulse_moves_the_picture_as_it_says():
    picture = np.random.default_rng(2).normal(size=(5, 6))
    weights = kernel("impulse").weights
    left = ndimage.correlate(picture, weights, mode="constant")
    np.testing.assert_array_equal(left[:, :-1], picture[:, 1:])
    right = ndimage.convolve(picture, weights, mode="constant")
    np.testing.assert_array_equal(right[:, 1:], picture[:, :-1])


def test_emboss_is_brighter_where_the_slope_rises_to_the_bottom_right():
    # The picture, plus 2 x 3 from each of the two Prewitt kernels on a slope of 1 both ways.
    slope = ROWS + COLUMNS
    assert (response("emboss", slope) == slope[1:-1, 1:-1] + 12).all()


def test_gabor_is_its_formula():
    for id, angle in (("gabor-vertical", 0), ("gabor-diagonal", math.pi / 4)):
        row, column = np.mgrid[-4:5, -4:5]
        u = column * np.cos(angle) + row * np.sin(angle)
        bell = np.exp(-(row**2 + column**2) / (2 * GABOR_SIGMA**2))
        expected = bell * np.cos(2 * np.pi * u / GABOR_WAVELENGTH)
        np.testing.assert_allclose(kernel(id).weights, expected, atol=5.01e-5)
        assert max(len(cell) for line in kernel(id).matrix.cells for cell in line) <= 7
    assert gabor(1, 4, 0, 1).shape == (3, 3)


def test_gabor_finds_its_own_stripes():
    row, column = np.mgrid[0:24, 0:24]
    stripes = {
        "gabor-vertical": column,
        "gabor-diagonal": (row + column) / math.sqrt(2),
        "horizontal": row,
        "falling": (row - column) / math.sqrt(2),
    }
    pictures = {name: np.cos(2 * np.pi * u / GABOR_WAVELENGTH) for name, u in stripes.items()}
    for id in ("gabor-vertical", "gabor-diagonal"):
        strength = {name: np.ptp(response(id, picture)) for name, picture in pictures.items()}
        own = strength.pop(id)
        assert own > 10 * max(strength.values())
        assert own > 10 * np.ptp(response(id, np.ones((24, 24))))
