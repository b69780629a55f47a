import re
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import notation
from convviz.matrices import Matrix, MatrixError, format_matrix, parse_matrix

SQUARE = [[1, 2], [3, 4]]
IDENTITY = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]

NOTATIONS = {
    "spaces": ("1 2\n3 4", SQUARE),
    "spaces, ragged ones": ("  1   2 \n\n 3 4  \n\n", SQUARE),
    "non-breaking spaces": ("1\u00a02\n3\u20094", SQUARE),
    "spreadsheet": ("1\t2\r\n3\t4\r\n", SQUARE),
    "spreadsheet, old Mac": ("1\t2\r3\t4\r", SQUARE),
    "tabs in front and behind": ("\t1\t2\t\n\t3\t4\t", SQUARE),
    "CSV": ("1,2\n3,4\n", SQUARE),
    "CSV with spaces": ("1, 2\n3 , 4", SQUARE),
    "CSV with trailing separators and empty rows": ("1,2,\n3,4,\n,,\n", SQUARE),
    "CSV with quotes": ('"1","2"\n"3","4"', SQUARE),
    "European CSV": ("1;2\n3;4\n", SQUARE),
    "European CSV, trailing": ("1;2;\n3;4;\n", SQUARE),
    "byte order mark": ("\ufeff1,2\n3,4", SQUARE),
    "lists": ("[[1,2],[3,4]]", SQUARE),
    "lists on lines": ("[[1, 2],\n [3, 4],\n]", SQUARE),
    "lists without the outer pair": ("[1, 2], [3, 4]", SQUARE),
    "tuples": ("((1, 2), (3, 4))", SQUARE),
    "braces": ("{{1, 2}, {3, 4}}", SQUARE),
    "one list": ("[1, 2, 3]", [[1, 2, 3]]),
    "one pair, spaces and commas": ("[0 0 0, 0 1 0, 0 0 0]", IDENTITY),
    "the same on lines": ("[0 0 0,\n 0 1 0,\n 0 0 0]", IDENTITY),
    "the same without brackets": ("0 0 0, 0 1 0, 0 0 0", IDENTITY),
    "MATLAB": ("1 2; 3 4", SQUARE),
    "MATLAB with brackets": ("[1 2; 3 4]", SQUARE),
    "MATLAB with commas": ("[1, 2; 3 4];", SQUARE),
    "MATLAB with lines": ("[1 2\n3 4]", SQUARE),
    "MATLAB with a name": ("K = [1 2; 3 4;];", SQUARE),
    "MATLAB column": ("1;2;3", [[1], [2], [3]]),
    "column of lines": ("1\n2\n3", [[1], [2], [3]]),
    "column of lines, semicolons": ("1;\n2;\n3;", [[1], [2], [3]]),
    "LaTeX": (r"1 & 2 \\ 3 & 4", SQUARE),
    "LaTeX with a trailing row end": ("1 & 2 \\\\\n3 & 4 \\\\\n", SQUARE),
    "LaTeX bmatrix": (r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}", SQUARE),
    "LaTeX pmatrix": ("$$\\begin{pmatrix}1&2\\\\\n3&4\\end{pmatrix}$$", SQUARE),
    "LaTeX matrix in fences": (r"\left( \begin{matrix}1&2\\3&4\end{matrix} \right)", SQUARE),
    "LaTeX array": (r"\[\left[\begin{array}{cc}1&2\\3&4\end{array}\right]\]", SQUARE),
    "LaTeX fractions": (
        r"\frac{1}{2} & -\frac{1}{4} \\ 3 & \frac{-1}{4}",
        [[0.5, -0.25], [3, -0.25]],
    ),
    "NumPy repr": ("array([[1., 2.],\n       [3., 4.]])", SQUARE),
    "NumPy repr with dtype": ("np.array([[1, 2],\n [3, 4]], dtype=np.float32)", SQUARE),
    "NumPy print": ("[[1. 2.]\n [3. 4.]]", SQUARE),
    "NumPy print, wrapped": ("[[1.\n  2.]\n [3.\n  4.]]", SQUARE),
    "factor with a star": ("1/2 * [[2, 4], [6, 8]]", SQUARE),
    "factor with x": ("1/2 x 2 4; 6 8", SQUARE),
    "factor with x, on lines": ("1/2x\n2 4\n6 8", SQUARE),
    "factor with a sign": ("1/2 × [2 4; 6 8]", SQUARE),
    "factor with nothing": ("1/2 [[2, 4], [6, 8]]", SQUARE),
    "factor in parentheses": ("(1 / 2) * np.array([[2, 4], [6, 8]])", SQUARE),
    "factor in LaTeX": (r"\frac{1}{2}\begin{bmatrix} 2 & 4 \\ 6 & 8 \end{bmatrix}", SQUARE),
    "factor in LaTeX, times": (r"\dfrac{1}{2} \times \begin{bmatrix}2&4\\6&8\end{bmatrix}", SQUARE),
    "negative factor": ("-1/2 x [-2 -4; -6 -8]", SQUARE),
    "factor with a true minus": ("\u22121/2 x [\u22122 -4; -6 -8]", SQUARE),
    "one number": ("5", [[5]]),
    # Decided: without spaces or semicolons a comma separates, as in any CSV file.
    "comma between digits": ("1,5", [[1, 5]]),
}


@pytest.mark.parametrize(("text", "expected"), NOTATIONS.values(), ids=NOTATIONS.keys())
def test_every_notation_is_read(text, expected):
    array = parse_matrix(text)
    assert array.dtype == np.float64
    assert array.tolist() == expected
    assert parse_matrix(format_matrix(array)).tolist() == expected


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ("-1", -1.0),
        ("\u22121", -1.0),
        ("+2", 2.0),
        ("0.5", 0.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e-3", 0.001),
        ("1E+3", 1000.0),
        ("1/9", 1 / 9),
        ("-1/9", -1 / 9),
        ("1/-9", -1 / 9),
        ("2.5e1/5e-1", 50.0),
        ("1e400/1e399", 10.0),
        ("5e-324", 5e-324),
        ("1.7976931348623157e308", sys.float_info.max),
        ("-1.7976931348623157e+308", -sys.float_info.max),  # 24 characters, the longest repr
        ("0.1", 0.1),
        ("9007199254740993", 9007199254740992.0),  # 2**53 + 1 lies between two, and ties to even
    ],
)
def test_numbers(token, value):
    assert parse_matrix(token).tolist() == [[value]]


def at(place, what):
    return f"Row {place[0]}, column {place[1]}: {what}"


DECIMALS = "use one of them between numbers, and a decimal point, as in 1.5."
TOO_LARGE = "is too large: the largest number that can be computed with is 1.79e308."
TOO_SMALL = "is too small, as it would become 0: write 0, or 5e-324 or more."
NOTHING = "There are no numbers: type some, such as 0 1 0, one row a line."

REFUSED = {
    "": NOTHING,
    " \n\t\r\n ": NOTHING,
    "[[], []]": NOTHING,
    ";;,": NOTHING,
    "1 2 3\n4 5 1/0": at((2, 3), "1/0 divides by zero, so write another denominator."),
    "1/0e5": at((1, 1), "1/0e5 divides by zero, so write another denominator."),
    "1/0 x 1 2": "The factor: 1/0 divides by zero, so write another denominator.",
    "nan 1": at((1, 1), "nan is no finite number: write digits, such as 0."),
    "1 -Infinity": at((1, 2), "-Infinity is no finite number: write digits, such as 0."),
    "nan * [[1]]": "The factor: nan is no finite number: write digits, such as 0.",
    "1e400": at((1, 1), f"1e400 {TOO_LARGE}"),
    "1e308/1e-5": at((1, 1), f"1e308/1e-5 {TOO_LARGE}"),
    "1e300 x [1e300]": at((1, 1), f"1e300 times the factor 1e300 {TOO_LARGE}"),
    "1e-400": at((1, 1), f"1e-400 {TOO_SMALL}"),
    "1e-300/1e300": at((1, 1), f"1e-300/1e300 {TOO_SMALL}"),
    "1e-300 x [0 1e-300]": at((1, 2), f"1e-300 times the factor 1e-300 {TOO_SMALL}"),
    "1e1000": at((1, 1), "the exponent of 1e1000 has more than 3 digits: shorten it."),
    "1e9999999": at((1, 1), "the exponent of 1e9999999 has more than 3 digits: shorten it."),
    "--3": at((1, 1), '"--3" has more than one sign: write one, as in -1.'),
    "1.2.3": at((1, 1), '"1.2.3" is not a number: write digits, as in -1, 0.5, 1e-3 or 1/9.'),
    "\uff11\uff12": at((1, 1), '"\uff11\uff12" has digits other than 0 to 9: type those.'),
    "1_000": at((1, 1), '"1_000" is not a number: write digits, as in -1, 0.5, 1e-3 or 1/9.'),
    "a,b\n1,2": at((1, 1), '"a" is not a number: write digits, as in -1, 0.5, 1e-3 or 1/9.'),
    "5x5": at((1, 1), '"5x5" is not a number: write digits, as in -1, 0.5, 1e-3 or 1/9.'),
    "0x10": at((1, 1), '"0x10" is not a number: write digits, as in -1, 0.5, 1e-3 or 1/9.'),
    "1 \u20132": at((1, 2), '"\u20132" begins with a dash: write a minus sign, as in -1.'),
    "1 / 9": at(
        (1, 2), "/ stands alone: write a fraction without spaces, as in 1/9, or ; between rows."
    ),
    "1,,3": "Row 1, column 2 is empty: write a number, 0 if nothing belongs there.",
    "1\t\t3": "Row 1, column 2 is empty: write a number, 0 if nothing belongs there.",
    r"1 & \\ 3 & 4": "Row 1, column 2 is empty: write a number, 0 if nothing belongs there.",
    "1" * 25: at((1, 1), f'"{"1" * 24}..." has 25 characters: at most 24 are read, so shorten it.'),
    "1 2 3\n4 5": "Row 2 has 2 numbers where row 1 has 3: give every row the same number.",
    "[[1, 2], [3]]": "Row 2 has 1 number where row 1 has 2: give every row the same number.",
    "1;2;3\n4": "Row 2 has 1 number where row 1 has 3: give every row the same number.",
    # Decided: where a comma may be a decimal comma, nothing is guessed.
    "1,5 2,5": f"Row 1 mixes commas and spaces: {DECIMALS}",
    "1 2\n1,5 2,5": f"Row 2 mixes commas and spaces: {DECIMALS}",
    "1,5\t2,5": f"Row 1 mixes commas and spaces: {DECIMALS}",
    "1 2,3 4": f"Row 1 mixes commas and spaces: {DECIMALS}",
    "1,5;2\n3,5;4": "1,5 may be two numbers or one with a decimal comma: write a decimal point, "
    "as in 1.5, or one row a line.",
    "1,5 & 2": at((1, 1), '"1,5" has a comma in it: write a decimal point, as in 1.5.'),
    "[[1, 2], [3, 4": 'A "[" is never closed: close it at the end.',
    "1 2]": 'A "]" closes nothing: take it out, or open it first.',
    "[1 2)": 'A ")" closes nothing: take it out, or open it first.',
    "[[[1, 2]]]": "The brackets are three deep: paste one matrix, as in [[1, 2], [3, 4]].",
    "[1, [2, 3]]": "Put every row in brackets of its own, as in [[1, 2], [3, 4]].",
    "[[1, 2]] / 9": '"/ 9" stands outside the brackets: put every row inside them, '
    "and a factor in front, as in 1/16 x [[1, 2], [3, 4]].",
    "1\n" * 65: "The matrix has 65 rows: at most 64 fit here, so use fewer.",
    "1 " * 65: "The matrix has 65 columns: at most 64 fit here, so use fewer.",
    " " * 20_001: "The text has 20001 characters: at most 20000 are read, "
    "so paste a smaller matrix or fewer digits.",
}


@pytest.mark.parametrize(("text", "message"), REFUSED.items(), ids=lambda value: repr(value)[:24])
def test_bad_text_gets_a_sentence(text, message):
    with pytest.raises(MatrixError) as caught:
        parse_matrix(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "text",
    [r"2\frac{1}{3}", r"\frac{1}{3}5", r"\frac{1}{2}{3}", r"\frac{1 & 2}{3}", r"\frac{1/2}{3}"],
)
def test_latex_fractions_never_run_into_their_neighbours(text):
    with pytest.raises(MatrixError):
        parse_matrix(f"{text} & 1")


def tokens():
    digits = st.integers(0, 10**6).map(str)
    decimal = st.tuples(digits, digits).map(".".join)
    power = st.tuples(digits, st.integers(-99, 99)).map(lambda pair: f"{pair[0]}e{pair[1]}")
    positive = digits | decimal | power
    divisor = st.integers(1, 999).map(str)
    fraction = st.tuples(positive, divisor).map("/".join)
    return st.tuples(st.sampled_from(["", "-", "+", "\u2212"]), positive | fraction).map("".join)


TOKENS = tokens()  # built once: Hypothesis looks at each new strategy for longer than it draws


@st.composite
def typed(draw):
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(2, 4))
    cells = [[draw(TOKENS) for _ in range(columns)] for _ in range(rows)]
    before, between, rows_apart, after = draw(
        st.sampled_from(
            [
                ("", " ", "\n", ""),
                ("", "\t", "\r\n", "\n"),
                ("", ", ", "\n", ""),
                ("[[", ",", "],[", "]]"),
                ("[", " ", ", ", "]"),
                ("[", ", ", "; ", "]"),
                ("\\begin{bmatrix}", " & ", " \\\\ ", "\\end{bmatrix}"),
                ("array([[", ", ", "],\n       [", "]])"),
            ]
        )
    )
    factor = draw(st.sampled_from(["", "1/3 x ", "-2 * ", "1/7\u00d7"]))
    return cells, f"{factor}{before}{rows_apart.join(map(between.join, cells))}{after}", factor


@given(typed())
def test_what_is_typed_is_what_is_read(case):
    cells, text, factor = case
    matrix = Matrix.parse(text)
    assert matrix.cells == tuple(tuple(c.replace("\u2212", "-") for c in row) for row in cells)
    assert matrix.factor == (factor.rstrip(" x*\u00d7") or "1")
    again = parse_matrix(format_matrix(parse_matrix(text)))
    assert again.tobytes() == matrix.weights.tobytes()
    exact = [[matrix.scale * value for value in row] for row in matrix.fractions]
    assert matrix.total == sum(map(sum, exact))
    assert matrix.weights.tolist() == [[float(value) for value in row] for row in exact]


PIECES = [
    *(
        "1",
        "-2",
        "1/9",
        "1/0",
        ".",
        "e5",
        "nan",
        "x",
        "*",
        "[",
        "]",
        "(",
        ")",
        "&",
        "\\\\",
        ";",
        ",",
    ),
    *("array(", "\\frac{1}{2}", "\\begin{bmatrix}", "\\end{bmatrix}", " ", "\t", "\n"),
]
ANY_TEXT = (
    st.text(max_size=60)
    | st.text("0123456789eE.+-/\u2212,; \t\r\n[](){}&\\x*nafrc\"'=", max_size=60)
    | st.binary(max_size=60).map(lambda data: data.decode("latin-1"))
    | st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
)


def outcome(text):
    """The array, or the sentence that was given in its stead."""
    try:
        return parse_matrix(text)
    except MatrixError as error:
        return str(error)


@given(ANY_TEXT)
def test_any_text_gives_a_matrix_or_a_sentence(text):
    result = outcome(text)
    if isinstance(result, str):
        assert re.fullmatch(r"(?s)\S.*\.", result)
        assert len(result) < 300
        assert result.isprintable()
    else:
        assert np.isfinite(result).all()
        assert min(result.shape) >= 1
        assert max(result.shape) <= 64
        assert parse_matrix(format_matrix(result)).tobytes() == result.tobytes()


def nested_repeats(parsed, inside=False):
    """Repeats without a limit that stand inside, or hold, another repeat."""
    for operation, argument in parsed:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            _, most, body = argument
            endless = most == re._constants.MAXREPEAT
            if inside:
                yield argument
            yield from nested_repeats(body, inside or endless)
        elif name == "SUBPATTERN":
            yield from nested_repeats(argument[-1], inside)
        elif name == "BRANCH":
            for branch in argument[1]:
                yield from nested_repeats(branch, inside)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from nested_repeats(argument[1], inside)


def test_no_pattern_can_be_made_to_backtrack():
    patterns = [value for value in vars(notation).values() if isinstance(value, re.Pattern)]
    patterns += [form for form, _ in notation._REASONS]
    assert len(patterns) > 15
    for pattern in patterns:
        assert not list(nested_repeats(re._parser.parse(pattern.pattern))), pattern
    assert list(nested_repeats(re._parser.parse("(?:a+b?)+")))  # the check does see one


NASTY = [
    "[", "[]", "[1],", "(", "\\", "\\frac{", "\\frac{1}{", "\\left", "\\begin{array}{", "$", "&",
    ";", ",", " ,", "\t", "1 ", "1,", "1;\n", "1;1\n", "1,1;1\n", "/", "1/", "1e9/", "-", "x",
    "1x", "array(", "dtype=", "'", "\u2212", "\r\n", "1", "e", "\x00",
]  # fmt: skip


def lines_run(text):
    """How many lines of this package's Python run while the text is read."""
    count = 0

    def local(frame, event, argument):
        nonlocal count
        count += event == "line"
        return local

    before = sys.gettrace()
    sys.settrace(
        lambda frame, event, argument: local if "convviz" in frame.f_code.co_filename else None
    )
    try:
        outcome(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("piece", NASTY, ids=repr)
def test_work_grows_no_faster_than_the_text(piece):
    short, long = (piece * (size // len(piece)) for size in (2_500, 20_000))
    assert lines_run(long) <= 9 * lines_run(short) + 500
