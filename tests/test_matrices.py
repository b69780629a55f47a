import dataclasses
import io
import math
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from convviz.matrices import (
    MAX_FILE,
    MAX_TEXT,
    Matrix,
    MatrixError,
    format_matrix,
    parse_matrix,
    read_table,
    token_of,
)

SQUARE = [[1, 2], [3, 4]]


def test_limits_are_inclusive():
    text = "\n".join([" ".join(["1"] * 64)] * 64)
    assert parse_matrix(text).shape == (64, 64)
    assert parse_matrix(text + " " * (MAX_TEXT - len(text))).shape == (64, 64)
    with pytest.raises(MatrixError, match="at most 2 fit here"):
        Matrix.parse("1 2 3", max_shape=(2, 2))
    with pytest.raises(MatrixError, match="20000 are read"):
        parse_matrix("\n".join([" ".join(["1.000"] * 64)] * 64))


def test_a_text_that_is_not_text_is_refused():
    with pytest.raises(MatrixError, match="not from bytes"):
        parse_matrix(b"1 2")


FINITE = st.floats(allow_nan=False, allow_infinity=False)
ARRAYS = npst.arrays(
    np.float64, npst.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=FINITE
)


@given(ARRAYS)
@example(np.array([[-0.0, 0.0]]))
def test_format_is_read_back_to_the_last_bit(array):
    assert parse_matrix(format_matrix(array)).tobytes() == array.tobytes()
    assert Matrix.of(array).weights.tobytes() == array.tobytes()


def test_the_longest_numbers_at_the_largest_size_are_read_back():
    array = np.full((64, 64), -2.2250738585072014e-308) * np.linspace(1, 1.5, 64)
    text = format_matrix(array)
    assert len(text) > 4 * MAX_TEXT
    assert parse_matrix(text).tobytes() == array.tobytes()


def test_a_factor_is_multiplied_exactly_and_rounded_once():
    assert 49 * (1 / 49) != 1  # what rounding twice would give
    assert parse_matrix("1/49 x 49 98").tolist() == [[1.0, 2.0]]


def test_matrix_keeps_what_was_typed():
    matrix = Matrix.parse("1/9 0.50 \u22121E2\n1 2 3")
    assert matrix.cells == (("1/9", "0.50", "-1e2"), ("1", "2", "3"))
    assert matrix.factor == "1"
    assert matrix.shape == (2, 3)
    assert matrix.fractions[0] == (Fraction(1, 9), Fraction(1, 2), Fraction(-100))
    assert matrix == Matrix((("1/9", "0.50", "-1E2"), ("1", "2", "3")))
    assert hash(matrix) == hash(dataclasses.replace(matrix))
    for array in (matrix.values, matrix.weights):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 5


def test_parse_matrix_gives_an_array_of_its_own():
    array = parse_matrix("1 2")
    array[0, 0] = 5
    assert parse_matrix("1 2").tolist() == [[1, 2]]


def test_a_box_blur_typed_as_ninths_sums_to_exactly_1():
    matrix = Matrix.parse("1/9 1/9 1/9\n1/9 1/9 1/9\n1/9 1/9 1/9")
    assert matrix.cells[0][0] == "1/9"
    assert matrix.total == 1
    numerators, divisor = matrix.numerators()
    assert (numerators == 1).all()
    assert divisor == 9


@pytest.mark.parametrize(
    ("text", "expected", "divisor"),
    [
        ("1/2 1/3", [[3, 2]], 6),
        ("0.5 -0.25", [[2, -1]], 4),
        ("1/16 x 1 2", [[1, 2]], 1),
        ("1/2147483648 0", [[1, 0]], 2**31),
        ("1/2147483649 0", [[1 / 2147483649, 0]], 1),  # the divisor passes 2**31
        ("2147483648.5 0", [[2147483648.5, 0]], 1),  # the numerator does
    ],
)
def test_numerators(text, expected, divisor):
    numbers, found = Matrix.parse(text).numerators()
    assert numbers.tolist() == expected
    assert found == divisor


@pytest.mark.parametrize(
    ("cells", "factor", "message"),
    [
        ((("1", "1/0"),), "1", "Row 1, column 2: 1/0 divides by zero"),
        ((("1",), ("1", "2")), "1", "Row 2 has 2 numbers where row 1 has 1"),
        ((("1e300",),), "1e300", "Row 1, column 1: 1e300 times the factor 1e300 is too large"),
        ((("1",),), "inf", "The factor: inf is no finite number"),
        ((), "1", "There are no numbers"),
        (((), ()), "1", "There are no numbers"),
        (((1,),), "1", "Row 1, column 1 is int, not text"),
        (("12", "34"), "1", "Give the cells as rows of tokens"),
        ((("1",) * 65,), "1", "The matrix has 65 columns"),
    ],
)
def test_direct_construction_is_checked(cells, factor, message):
    with pytest.raises(MatrixError, match=re.escape(message)):
        Matrix(cells, factor)


def test_of_writes_short_tokens():
    assert Matrix.of([[1.0, 0.1], [-0.0, 1e22]]).cells == (("1", "0.1"), ("-0", "1e+22"))
    assert Matrix.of(np.array([[True, False]])).cells == (("1", "0"),)
    assert Matrix.of(np.array([[2**63 - 1]])).cells == ((str(2**63 - 1),),)
    assert Matrix.of(np.float32([[0.1]])).weights[0, 0] == np.float32(0.1)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, 2], r"not the shape (2,)"),
        (np.zeros((2, 2, 2)), "not the shape (2, 2, 2)"),
        (np.zeros((0, 3)), "There are no numbers"),
        (np.zeros((65, 1)), "65 rows: at most 64"),
        ([[1, 2], [3]], "equally many"),
        ([["1", "2"]], "real numbers"),
        ([[1j]], "real numbers, not complex128"),
        ([[math.nan]], "Row 1, column 1: nan is no finite number"),
        ([[0.0, -math.inf]], "Row 1, column 2: -inf is no finite number"),
        ([[10**30]], "real numbers, not object"),
    ],
)
def test_arrays_that_are_no_matrix_are_refused(values, message):
    for function in (Matrix.of, format_matrix):
        with pytest.raises(MatrixError, match=re.escape(message)):
            function(values)


@pytest.mark.parametrize(
    ("value", "token"),
    [
        (Fraction(0), "0"),
        (Fraction(-3), "-3"),
        (Fraction(1, 9), "1/9"),
        (Fraction(1, 2), "1/2"),
        (Fraction(617, 5000), "0.1234"),
        (Fraction(-1, 100000), "-0.00001"),
        (Fraction(10**30), "1e30"),
        (Fraction(-25, 10**40), "-25e-40"),
    ],
)
def test_token_of(value, token):
    assert token_of(value) == token
    assert Matrix(((token,),)).fractions == ((value,),)


@pytest.mark.parametrize(
    "value", [Fraction(10**24 + 1, 3), Fraction(1, 3**5000), Fraction(7**9999)]
)
def test_token_of_refuses_what_does_not_fit(value):
    with pytest.raises(MatrixError, match="The new number needs more than 24 characters"):
        token_of(value, "The new number")


def npy(array, **options):
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"1,2\n3,4\n", "a.csv"),
        (b"\xef\xbb\xbf1;2\r\n3;4\r\n", "A.CSV"),
        (b"1\t2\n3\t4", "a.tsv"),
        ("1\t2\n3\t4".encode("utf-16"), "a.txt"),
        (b"1/2 x [2 4; 6 8]", "a.txt"),
        (npy(np.array(SQUARE)), "a.npy"),
        (npy(np.array(SQUARE, dtype=">f4")), "a.b.NPY"),
        (npy(np.asfortranarray(SQUARE, dtype=np.float16)), "a.npy"),
        (npy(np.array(SQUARE, dtype=np.uint8)), "a.npy"),
    ],
)
def test_read_table(data, name):
    assert read_table(data, name).weights.tolist() == SQUARE


def test_read_table_takes_a_csv_of_long_numbers_and_booleans():
    array = np.random.default_rng(1).normal(size=(64, 64))
    text = "\n".join(",".join(map(repr, row)) for row in array.tolist())
    assert len(text) > MAX_TEXT
    assert (read_table(text.encode(), "a.csv").weights == array).all()
    assert read_table(npy(np.array([[True, False]])), "a.npy").cells == (("1", "0"),)


HUGE = npy(np.zeros((1, 1))).replace(b"(1, 1)", b"(99999999, 99999999)")


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"1,2", "a.xlsx", '"a.xlsx" is no .csv, .tsv, .txt or .npy file'),
        (b"1,2", "", '"" is no .csv'),
        (b"\xff\xd8\xff\xe0", "a.csv", "not text in UTF-8"),
        (b"\xff\xfe1", "a.csv", "not text in UTF-8"),
        (b"1,2\n3", "a.csv", "Row 2 has 1 number where row 1 has 2"),
        (b"1" * (MAX_FILE + 1), "a.csv", f"at most {MAX_FILE} are read"),
        (b"1,2", "a.npy", "does not begin as an .npy file"),
        (b"\x93NUMPY", "a.npy", "does not begin as an .npy file"),
        (npy(np.array([[{}]]), allow_pickle=True), "a.npy", "Python objects, which are never read"),
        (npy(np.zeros((2, 2)))[:-1], "a.npy", "cut short"),
        (npy(np.zeros(3)), "a.npy", "rows and columns of plain numbers"),
        (npy(np.zeros((2, 2), dtype="i4,f8")), "a.npy", "rows and columns of plain numbers"),
        (npy(np.zeros((2, 2), dtype=complex)), "a.npy", "rows and columns of plain numbers"),
        (npy(np.zeros((2, 2), dtype="M8[s]")), "a.npy", "rows and columns of plain numbers"),
        (npy(np.array([["1"]])), "a.npy", "rows and columns of plain numbers"),
        (npy(np.zeros((0, 2))), "a.npy", "There are no numbers"),
        (npy(np.zeros((65, 2))), "a.npy", "65 rows: at most 64"),
        (HUGE, "a.npy", "99999999 rows: at most 64"),
        (npy(np.array([[np.nan]])), "a.npy", "Row 1, column 1: nan is no finite number"),
    ],
)
def test_bad_files_get_a_sentence(data, name, message):
    with pytest.raises(MatrixError, match=re.escape(message)):
        read_table(data, name)


GOOD = npy(np.arange(6.0).reshape(2, 3))


@given(
    st.binary(max_size=200)
    | st.binary(max_size=200).map(lambda data: b"\x93NUMPY\x01\x00" + data)
    | st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)).map(
        lambda change: GOOD[: change[0]] + bytes([change[1]]) + GOOD[change[0] + 1 :]
    )
    | st.integers(0, len(GOOD)).map(lambda length: GOOD[:length]),
    st.sampled_from(["a.npy", "a.csv"]),
)
def test_any_file_gives_a_matrix_or_a_sentence(data, name):
    try:
        result = read_table(data, name)
    except MatrixError as error:
        result = str(error)
    assert result.endswith(".") if isinstance(result, str) else np.isfinite(result.weights).all()
