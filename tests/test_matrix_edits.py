import re
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy import ndimage

from convviz import matrix_edits as edits
from convviz.matrices import Matrix, MatrixError

parse = Matrix.parse

CELLS = st.sampled_from(["0", "1", "-1", "2", "-3", "7", "0.5", "-0.25", "1/3", "-2/7", "1e2"])
FACTORS = st.sampled_from(["1", "-1", "1/16", "0.5", "3"])


@cache
def tables(cells, rows, columns):
    """Build each once: Hypothesis looks at a new strategy for longer than it draws from it."""
    return st.tuples(*[st.tuples(*[cells] * columns)] * rows)


@st.composite
def matrices(draw, cells=CELLS, factors=FACTORS):
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    return Matrix(draw(tables(cells, rows, columns)), draw(factors))


def test_normalise_whole_numbers_by_the_factor():
    # 1 + 2 + 1 + 2 + 4 + 2 + 1 + 2 + 1 = 16
    matrix = edits.normalise(parse("1 2 1; 2 4 2; 1 2 1"))
    assert matrix.factor == "1/16"
    assert matrix.cells == (("1", "2", "1"), ("2", "4", "2"), ("1", "2", "1"))
    assert edits.normalise(parse("1/3 x 1 2 1; 2 4 2; 1 2 1")) == matrix
    assert edits.normalise(parse("-1 -1")).factor == "-1/2"


def test_normalise_other_numbers_by_the_cells():
    # 0.5 + 1.5 = 2, and half of each is 1/4 and 3/4
    assert edits.normalise(parse("0.5 1.5")) == Matrix((("1/4", "3/4"),))
    # 1/3 x (1/2 + 1) = 1/2, so the cells double and the factor stays
    assert edits.normalise(parse("1/3 x 1/2 1")) == Matrix((("1", "2"),), "1/3")


@given(matrices())
def test_normalise_makes_the_sum_exactly_1(matrix):
    if matrix.total == 0:
        with pytest.raises(MatrixError, match="The sum is 0, so no factor can make it 1: "):
            edits.normalise(matrix)
    else:
        result = edits.normalise(matrix)
        assert result.total == 1
        assert edits.normalise(result) is result


@given(matrices())
def test_zero_sum_changes_the_centre_only(matrix):
    result = edits.zero_sum(matrix)
    assert result.total == 0
    centre = (matrix.shape[0] // 2, matrix.shape[1] // 2)
    for place in np.ndindex(matrix.shape):
        if place != centre:
            assert result.cells[place[0]][place[1]] == matrix.cells[place[0]][place[1]]


def test_zero_sum_by_hand():
    # The others are 8 x -1, so the centre must be 8, whatever it was.
    ring = "-1 -1 -1; -1 5 -1; -1 -1 -1"
    assert edits.zero_sum(parse(ring)).cells[1][1] == "8"
    assert edits.zero_sum(parse("0.5 0.25")).cells == (("0.5", "-1/2"),)
    assert edits.zero_sum(parse("0.1234 0")).cells == (("0.1234", "-0.1234"),)


@given(matrices())
def test_turning_moves_tokens_as_numpy_moves_numbers(matrix):
    cells = np.array(matrix.cells)
    for edit, expected in (
        (edits.flip, cells[::-1, ::-1]),
        (edits.transpose, cells.T),
        (edits.rotate, np.rot90(cells, -1)),
    ):
        result = edit(matrix)
        assert result.cells == tuple(map(tuple, expected.tolist()))
        assert result.factor == matrix.factor
    assert edits.flip(edits.flip(matrix)) == matrix
    assert edits.rotate(edits.rotate(matrix)) == edits.flip(matrix)


def test_rotate_is_clockwise():
    # The top row becomes the right column.
    assert edits.rotate(parse("1 2; 3 4")).cells == (("3", "1"), ("4", "2"))


def test_negate_keeps_the_form():
    matrix = edits.negate(parse("1/9 -0.50 0; +3 -1e2 1/-4"))
    assert matrix.cells == (("-1/9", "0.50", "0"), ("-3", "1e2", "-1/-4"))


@given(matrices())
def test_negate_changes_every_sign(matrix):
    assert (edits.negate(matrix).weights == -matrix.weights).all()
    assert edits.negate(matrix).total == -matrix.total


def test_clear():
    assert edits.clear(parse("1/9 x 1 2; 3 4")) == Matrix((("0", "0"), ("0", "0")))


@given(matrices(), st.integers(1, 8), st.integers(1, 8))
def test_resize_keeps_the_top_left(matrix, rows, columns):
    result = edits.resize(matrix, rows, columns)
    assert result.shape == (rows, columns)
    assert result.factor == matrix.factor
    for row, column in np.ndindex(rows, columns):
        inside = row < matrix.shape[0] and column < matrix.shape[1]
        assert result.cells[row][column] == (matrix.cells[row][column] if inside else "0")


@pytest.mark.parametrize("size", [(0, 3), (3, -1), (65, 3), (3, 65)])
def test_resize_names_the_limits(size):
    with pytest.raises(MatrixError, match=r"choose 1 × 1 to 64 × 64\.$"):
        edits.resize(parse("1"), *size)


LONG = "0.1234567890123456 0.9876543210987653"


@pytest.mark.parametrize(
    ("edit", "text", "message"),
    [
        (edits.normalise, LONG, "The new number in row 1, column 1 needs more than 24"),
        (edits.zero_sum, f"1/99999999999 0 1/{10**10 + 1}", "in row 1, column 2 needs more than"),
        (edits.negate, "1" * 24, "has 25 characters: at most 24"),
    ],
)
def test_numbers_that_no_longer_fit_are_named(edit, text, message):
    with pytest.raises(MatrixError, match=re.escape(message)):
        edit(parse(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 2 1; 2 4 2; 1 2 1", "symmetric"),
        ("1 2; 2 1", "symmetric"),
        ("1 2 3; 3 2 1", "symmetric"),
        ("0.5 1/2", "symmetric"),
        ("-1 0 1; -2 0 2; -1 0 1", "antisymmetric left to right"),
        ("-1 -2 -1; 0 0 0; 1 2 1", "antisymmetric top to bottom"),
        ("1 0; 0 -1", "antisymmetric"),
        ("0 1 2; 2 2 0; 0 1 2", "mirrored top to bottom"),
        ("1 0 1; 2 1 2", "mirrored left to right"),
        ("1 2 3; 4 5 6", None),
        ("1 2 3", None),
        ("1; 2; 3", None),
    ],
)
def test_symmetry(text, expected):
    assert edits.symmetry(parse(text)) == expected


INTEGERS = npst.arrays(np.int64, (5, 6), elements=st.integers(-9, 9))


@given(matrices(), INTEGERS)
def test_symmetry_says_how_correlation_and_convolution_compare(matrix, image):
    """The claim in the caption, against SciPy: same, opposite, or neither."""
    kernel = np.pad(matrix.weights, [(0, 1 - n % 2) for n in matrix.shape])
    # An even side is padded to an odd one, so that SciPy's centre is the same for both.
    turned = np.pad(matrix.weights[::-1, ::-1], [(0, 1 - n % 2) for n in matrix.shape])
    correlated = ndimage.correlate(image.astype(float), kernel, mode="constant")
    convolved = ndimage.correlate(image.astype(float), turned, mode="constant")
    name = edits.symmetry(matrix)
    if name == "symmetric":
        np.testing.assert_array_equal(correlated, convolved)
    elif name and name.startswith("anti"):
        np.testing.assert_array_equal(correlated, -convolved)
    else:
        assert (matrix.weights != matrix.weights[::-1, ::-1]).any()


@given(st.lists(CELLS, min_size=1, max_size=5), st.lists(CELLS, min_size=1, max_size=5), FACTORS)
def test_a_product_is_found_to_be_one(column, row, factor):
    outer = [[Fraction(a) * Fraction(b) for b in row] for a in column]
    matrix = Matrix(tuple(tuple(str(value) for value in values) for values in outer), factor)
    found = edits.separable(matrix)
    if not any(map(any, outer)):
        assert found is None
        return
    tall, flat = found
    assert (tall.shape, flat.shape) == ((len(column), 1), (1, len(row)))
    product = [
        [tall.scale * flat.scale * a * b for b in flat.fractions[0]] for (a,) in tall.fractions
    ]
    assert product == [[matrix.scale * value for value in values] for values in outer]


@given(matrices())
def test_rank_is_numpys(matrix):
    # Entries of at most 100 with denominators up to 21: far from where NumPy's tolerance matters.
    expected = int(np.linalg.matrix_rank(matrix.weights))
    assert edits.rank(matrix) == expected
    assert (edits.separable(matrix) is not None) == (expected == 1)


def test_rank_is_exact_where_numpy_is_not():
    # 10^8 x 10^8 and 10^16 + 1 differ, but not as float64.
    matrix = parse("100000000 10000000000000001; 1 100000000")
    assert np.linalg.matrix_rank(matrix.weights) == 1
    assert edits.rank(matrix) == 2
    assert edits.separable(matrix) is None


def test_rank_counts_the_factor():
    assert edits.rank(parse("0 x 1 2; 3 4")) == 0
    assert edits.separable(parse("0 x 1 2")) is None


def test_rank_of_large_matrices():
    random = np.random.default_rng(3)
    numbers = random.integers(-9, 9, (31, 7)) @ random.integers(-9, 9, (7, 31))
    assert edits.rank(Matrix.of(numbers)) == 7
    assert edits.rank(Matrix.of(random.integers(-(2**31), 2**31, (31, 31)))) == 31
    # Too long to be quick: not counted, but still known to be no column times a row.
    long = Matrix.of(random.normal(size=(64, 64)))
    assert edits.rank(long) is None
    assert edits.describe(long)[-1] == "Not separable (rank 2 or more)."


SAME = (
    "Symmetric: flipping it by 180 degrees changes nothing, "
    "so cross-correlation and convolution agree."
)
DIFFER = (
    "flipping it by 180 degrees gives another kernel, so cross-correlation and convolution differ."
)
SIGN = (
    "flipping it by 180 degrees changes the sign, "
    "so cross-correlation and convolution differ in sign only."
)
DESCRIBED = {
    "1/16 x 1 2 1; 2 4 2; 1 2 1": (
        "Sum 1: keeps brightness.",
        SAME,
        "Separable: 1/16 × column [1 2 1] × row [1 2 1], 6 multiplications instead of 9.",
    ),
    "-1 0 1; -2 0 2; -1 0 1": (
        "Sum 0: flat areas give 0.",
        f"Antisymmetric left to right: {SIGN}",
        "Separable: column [1 2 1] × row [-1 0 1], 6 multiplications instead of 9.",
    ),
    "-1 -2 -1; 0 0 0; 1 2 1": (
        "Sum 0: flat areas give 0.",
        f"Antisymmetric top to bottom: {SIGN}",
        "Separable: column [-1 0 1] × row [1 2 1], 6 multiplications instead of 9.",
    ),
    "0 1 2; 2 2 0; 0 1 2": (
        "Sum 10: flat areas become 10 times as bright.",
        f"Mirrored top to bottom, but not symmetric: {DIFFER}",
        "Not separable (rank 2).",
    ),
    "1 0; 0 -1": (
        "Sum 0: flat areas give 0.",
        f"Antisymmetric: {SIGN}",
        "Not separable (rank 2).",
    ),
    "1 1; 1 1": (
        "Sum 4: flat areas become 4 times as bright.",
        SAME,
        "Separable: column [1 1] × row [1 1], which saves no multiplication.",
    ),
    "1/9 x 1 2": ("Sum 1/3: flat areas become 1/3 as bright.", f"Not symmetric: {DIFFER}"),
    "-1": ("Sum -1: flat areas keep their brightness, with a minus sign.", SAME),
    "-1.5 -1": (
        "Sum -5/2: flat areas become 5/2 times as bright, with a minus sign.",
        f"Not symmetric: {DIFFER}",
    ),
    "0.3333333333333333 0.3333333333333333 0.3333333333333333": (
        "Sum almost 1: keeps brightness, but for rounding.",
        SAME,
    ),
    "0.1 0.2 -0.30000000000000004": (
        "Sum almost 0: flat areas give almost 0.",
        f"Not symmetric: {DIFFER}",
    ),
    "0.12345678901234 2": (
        "Sum about 2.12346: flat areas become about 2.12346 times as bright.",
        f"Not symmetric: {DIFFER}",
    ),
    "1.7e308 1.7e308/3": (
        "Sum more than 1.79e308: flat areas become more than 1.79e308 times as bright.",
        f"Not symmetric: {DIFFER}",
    ),
    "0 0; 0 -0": ("All numbers are 0: every output is 0.",),
    "0 x 1 2": ("All numbers are 0: every output is 0.",),
}


@pytest.mark.parametrize(("text", "sentences"), DESCRIBED.items(), ids=str)
def test_describe(text, sentences):
    assert edits.describe(parse(text)) == sentences


def test_describe_long_vectors_in_words():
    box = Matrix((("1",) * 31,) * 31, "1/961")
    assert edits.describe(box)[-1] == (
        "Separable: 1/961 × one column × one row, 62 multiplications instead of 961."
    )


@given(
    npst.arrays(
        np.float64,
        npst.array_shapes(min_dims=2, max_dims=2, max_side=5),
        elements=st.floats(allow_nan=False, allow_infinity=False),
    )
)
def test_every_edit_of_any_numbers_works_or_gives_a_sentence(array):
    matrix = Matrix.of(array)
    for edit in (edits.normalise, edits.zero_sum, edits.negate, edits.flip, edits.rotate):
        try:
            result = edit(matrix).weights
        except MatrixError as error:
            result = str(error)
        assert result.endswith(".") if isinstance(result, str) else np.isfinite(result).all()
    assert all(sentence.endswith(".") for sentence in edits.describe(matrix))
