r"""Text -> rows of number tokens: every way in which people write or paste a matrix.

`read` takes a text apart; `checked`, `to_fraction` and `to_float` know what a token is worth.
Nothing is evaluated, every pattern is bounded or a plain run of characters, and the work grows
linearly with the text. How many numbers there may be is for `convviz.matrices` to say.

=========================== =========================================================
``1 2 3`` on lines          spaces separate columns, lines separate rows
tabs, commas                the same; an empty cell between two of them is named
``[[1, 2], [3, 4]]``        also with spaces, as NumPy prints it, and inside ``array(...)``
``[0 0 0, 0 1 0, 0 0 0]``   one pair of brackets with spaces: the commas separate rows
``1 2; 3 4``, ``[1 2; 3 4]`` MATLAB: semicolons separate rows
``1;2;3`` on several lines  nothing else separates: semicolons separate columns
``1 & 2 \\ 3 & 4``          LaTeX, also inside an environment, with ``\frac{1}{9}``
``1/16 * [[1, 2], [2, 4]]`` a factor in front, with ``*``, ``x``, a multiplication sign, or
                            nothing before a bracket
=========================== =========================================================

A decimal comma cannot be told from a separator. ``1,5`` alone is two numbers, as in a CSV file;
``1,5 2,5`` and ``1,5;2,5`` on several lines are refused, with the decimal point named as the fix.

A token is at most 24 characters of ``[+-]digits[.digits][e[+-]ddd]``, optionally ``/`` and the
same again, in ASCII. `float` and `Fraction` see it only once its form is known: they take far more
(``1_000``, ``nan``, digits of other scripts) and can be kept busy for minutes (``1e10000000``).
"""

import math
import re
from fractions import Fraction
from typing import Final, NamedTuple


class MatrixError(ValueError):
    """Text or numbers that are no matrix; the message is a sentence that names the fix."""


class Layout(NamedTuple):
    """A matrix taken apart, nothing checked yet: rows of tokens, and the factor's token."""

    rows: list[list[str]]
    factor: str


MAX_TOKEN: Final = 24
MINUS: Final = "\u2212"
"""The true minus sign, as people read it; a token has a hyphen."""

_MIXED: Final = (
    "mixes commas and spaces: use one of them between numbers, and a decimal point, as in 1.5."
)

_SPACES: Final = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
_SPACE: Final = re.compile(f"[ {_SPACES}]+")
_NEWLINE: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SIGNS: Final = str.maketrans({MINUS: "-", "×": "*", "·": "*", "\u22c5": "*"})

_BEGIN: Final = re.compile(
    r"\\begin ?\{(?:[bBpvV]|small)?matrix\}|\\begin ?\{array\} ?\{[clr| ]{1,200}\}"
)
_END: Final = re.compile(r"\\end ?\{(?:(?:[bBpvV]|small)?matrix|array)\}")
_LEFT: Final = re.compile(r"\\left ?\\?[\[({|.]")
_RIGHT: Final = re.compile(r"\\right ?\\?[\])}|.]")
# A number that touches the fraction would run into its digits: 2\frac{1}{3} is not 21/3.
_FRACTION: Final = re.compile(
    r"(?<![0-9A-Za-z.}/])\\[dt]?frac ?\{ ?([-+.0-9eE]{1,24}) ?\} ?\{ ?([-+.0-9eE]{1,24}) ?\}"
    r"(?![0-9A-Za-z.{/])"
)
_COMMAND: Final = re.compile(r"\\(?:\\|[A-Za-z]{1,12}|[\[\](),;:! ])")
_COMMANDS: Final = {"\\\\": ";", "\\times": "*", "\\cdot": "*"} | dict.fromkeys(
    ("\\hline", "\\quad", "\\,", "\\;", "\\:", "\\!", "\\ ", "\\[", "\\]", "\\(", "\\)"), " "
)

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z_0-9]{0,31} ?= ?")
_CALL: Final = re.compile(r"(?:np\.|numpy\.)?(?:array|asarray|matrix) ?\(")
_DTYPE: Final = re.compile(r" ?= ?['\"]?[A-Za-z_0-9.]{1,40}['\"]? ?,?")
_NUMBER: Final = r"[-+]?[0-9.][-+0-9.eE]{0,40}"
# 0x10 and 5x5 are no factors: an x needs a space or a bracket behind it.
_FACTOR: Final = re.compile(
    rf"(?:\( ?({_NUMBER}(?: ?/ ?{_NUMBER})?) ?\)|({_NUMBER}(?: ?/ ?{_NUMBER})?))"
    r"(?: ?\*| ?[xX](?![-+.0-9])| ?\n?(?=[\[({]|(?:np\.|numpy\.)?(?:array|asarray|matrix) ?\())"
)
_PIECE: Final = re.compile(r"[\[\](){}]|[^\[\](){}]+")
_CLOSING: Final = {"[": "]", "(": ")", "{": "}"}
_DECIMAL_COMMA: Final = re.compile(r"[-+]?[0-9]{1,24}(?:,[0-9]{1,24})?")

_UNSIGNED: Final = r"(?:[0-9]{1,24}(?:\.[0-9]{0,24})?|\.[0-9]{1,24})(?:e[-+]?[0-9]{1,3})?"
_TOKEN: Final = re.compile(rf"[-+]?{_UNSIGNED}(?:/[-+]?{_UNSIGNED})?")
_ANY_DIGIT: Final = re.compile("[1-9]")
_REASONS: Final = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (r"(?i:[-+]?(?:nan|inf|infinity))", "{0} is no finite number: write digits, such as 0"),
        (r"/", "/ stands alone: write a fraction without spaces, as in 1/9, or ; between rows"),
        (r"[-+.0-9/]+e[-+]?[0-9]{4,}", "the exponent of {0} has more than 3 digits: shorten it"),
        (r"[-+.0-9]+,[0-9]+", '"{0}" has a comma in it: write a decimal point, as in 1.5'),
        (r"[-+]{2,}.*", '"{0}" has more than one sign: write one, as in -1'),
        (r"(?=.*[^\x00-\x7f])[-+.\d]+", '"{0}" has digits other than 0 to 9: type those'),
        ("[\u2010-\u2015].*", '"{0}" begins with a dash: write a minus sign, as in -1'),
    )
)
_NOT_A_NUMBER: Final = '"{0}" is not a number: write digits, as in -1, 0.5, 1e-3 or 1/9'


def read(text: str) -> Layout:
    """Take a text apart into rows of tokens and the factor in front ("1" if there is none).

    Raises
    ------
    MatrixError
        If the brackets do not match, or if commas and spaces contradict each other.
    """
    body = _latex(_plain_characters(text))
    if name := _NAME.match(body):
        body = body[name.end() :]
    factor, body = _factor(body)
    body = _inside_call(body.strip(" \t\n;"))
    rows = _bracketed(body) if any(mark in body for mark in "[](){}") else _unbracketed(body)
    return Layout([[_unquoted(cell) for cell in row] for row in rows], factor)


def _plain_characters(text: str) -> str:
    """One kind of space, of line end, of minus and of multiplication sign; no empty margins."""
    text = _SPACE.sub(" ", _NEWLINE.sub("\n", text)).translate(_SIGNS)
    return "\n".join(line.strip(" ") for line in text.split("\n")).strip(" \n")


def _latex(text: str) -> str:
    """Turn LaTeX into the MATLAB form: brackets for environments, semicolons between rows."""
    if "\\" not in text:
        return text
    if "\\\\" in text:
        text = text.replace("\n", " ")
    text = _LEFT.sub("[", _BEGIN.sub("[", text))
    text = _RIGHT.sub("]", _END.sub("]", text))
    text = _FRACTION.sub(r"\1/\2", text)
    text = _COMMAND.sub(lambda found: _COMMANDS.get(found[0], found[0]), text)
    return _plain_characters(text.strip("$ \n"))


def _factor(body: str) -> tuple[str, str]:
    found = _FACTOR.match(body)
    if found:
        return (found[1] or found[2]).replace(" ", ""), body[found.end() :]
    head, star, tail = body.partition("*")
    if star and not re.search(r"[][(){},;&\s]", head.strip()):
        return head.strip(), tail
    return "1", body


def _inside_call(body: str) -> str:
    """``array([[1., 2.]], dtype=float32)`` -> ``[[1., 2.]]``."""
    call = _CALL.match(body)
    if not call or not body.endswith(")"):
        return body
    inner = body[call.end() : -1].strip(" \n")
    values, word, dtype = inner.rpartition("dtype")
    if word and _DTYPE.fullmatch(dtype):
        inner = values
    return inner.rstrip(" ,\n")


def _bracketed(body: str) -> list[list[str]]:
    (outside,), *groups = _levels(body)
    if outside.strip(" \t\n,;"):
        raise MatrixError(
            f'"{clipped(outside.strip())}" stands outside the brackets: '
            "put every row inside them, and a factor in front, as in 1/16 x [[1, 2], [3, 4]]."
        )
    if len(groups) == 2 and groups[1]:
        if len(groups[0]) > 1 or groups[0][0].strip(" \t\n,;"):
            raise MatrixError("Put every row in brackets of its own, as in [[1, 2], [3, 4]].")
        rows = groups[1]
    else:
        rows = groups[0]
    if len(rows) == 1:
        return _one_pair(rows[0])
    return [_cells(row.replace("\n", " "), number) for number, row in enumerate(rows, 1)]


def _levels(body: str) -> list[list[str]]:
    """Collect the texts at each depth of brackets: outside, in one pair, in two."""
    levels: list[list[list[str]]] = [[[]], [], []]
    open_brackets: list[str] = []
    for piece in _PIECE.findall(body):
        if piece in _CLOSING:
            open_brackets.append(piece)
            if len(open_brackets) == len(levels):
                raise MatrixError(
                    "The brackets are three deep: paste one matrix, as in [[1, 2], [3, 4]]."
                )
            levels[len(open_brackets)].append([])
        elif piece in "])}":
            if not open_brackets or _CLOSING[open_brackets.pop()] != piece:
                raise MatrixError(f'A "{piece}" closes nothing: take it out, or open it first.')
        else:
            levels[len(open_brackets)][-1].append(piece)
    if open_brackets:
        raise MatrixError(f'A "{open_brackets[-1]}" is never closed: close it at the end.')
    return [["".join(pieces) for pieces in groups] for groups in levels]


def _one_pair(inner: str) -> list[list[str]]:
    """``1, 2; 3, 4`` by semicolons and lines; ``0 0 0, 0 1 0`` by commas, as spaces separate."""
    parts = _without_blanks(re.split("[;\n]", inner))
    spaced = [part for part in parts if "," in part and re.search(r"[^\s,]\s+[^\s,]", part)]
    if spaced and "&" not in inner:
        return [group.split() for part in parts for group in part.split(",")]
    return [_cells(part, number) for number, part in enumerate(parts, 1)]


def _unbracketed(body: str) -> list[list[str]]:
    lines = _without_blanks(body.split("\n"), ";")
    if any(";" in line for line in lines):
        return _with_semicolons(lines)
    if len(lines) == 1 and (groups := _spaced_groups(lines[0])):
        return groups
    return [_cells(line, number) for number, line in enumerate(lines, 1)]


def _spaced_groups(line: str) -> list[list[str]]:
    """Read ``1 2, 3 4``. Without the space after the comma, 2,3 might be a decimal comma."""
    parts = line.split(", ")
    groups = [part.split() for part in parts]
    if len(parts) == 1 or any(re.search("[,&\t]", part) for part in parts):
        return []
    return groups if all(len(group) > 1 for group in groups) else []


def _with_semicolons(lines: list[str]) -> list[list[str]]:
    rows = [[cell.strip() for cell in line.split(";")] for line in lines]
    cells = [cell for row in rows for cell in row]
    if len(lines) > 1 and not any(re.search(r"[\s,&]", cell) for cell in cells):
        return rows
    if len(lines) > 1 and all(_DECIMAL_COMMA.fullmatch(cell) for cell in cells):
        raise MatrixError(
            f"{next(cell for cell in cells if ',' in cell)} may be two numbers or one with a "
            "decimal comma: write a decimal point, as in 1.5, or one row a line."
        )
    return [_cells(cell, number) for number, cell in enumerate(_without_blanks(cells), 1)]


def _cells(row: str, number: int) -> list[str]:
    row = row.strip()
    if "&" in row:
        return [cell.strip() for cell in row.split("&")]
    if "," in row:
        cells = [cell.strip() for cell in row.rstrip(", \t").split(",")]
        if any(re.search(r"\s", cell) for cell in cells):
            raise MatrixError(f"Row {number} {_MIXED}")
        return cells
    if "\t" in row:
        return [cell.strip() for cell in row.split("\t")]
    return row.split()


def _without_blanks(parts: list[str], also: str = "") -> list[str]:
    """Cut separators off the end of each part, and drop the parts that were nothing else."""
    trimmed = (part.rstrip(" \t," + also) for part in parts)
    return [part.strip() for part in trimmed if part]


def _unquoted(cell: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] and cell[0] in "\"'":
        return cell[1:-1].strip()
    return cell


def clipped(text: str, length: int = 24) -> str:
    """Foreign text as an error may repeat it: short, on one line, nothing invisible."""
    shown = "".join(mark if mark.isprintable() else "?" for mark in text[:length])
    return shown + "..." if len(text) > length else shown


def checked(token: str, where: str) -> str:
    """Give the token in plain ASCII if it is a number a float64 can hold.

    Raises
    ------
    MatrixError
        Otherwise; the message begins with `where`.
    """
    if not isinstance(token, str):
        raise MatrixError(f"{where} is {type(token).__name__}, not text: write it as a token.")
    token = token.replace(MINUS, "-").replace("E", "e")
    if not token:
        raise MatrixError(f"{where} is empty: write a number, 0 if nothing belongs there.")
    if len(token) > MAX_TOKEN:
        raise MatrixError(
            f'{where}: "{clipped(token)}" has {len(token)} characters: '
            f"at most {MAX_TOKEN} are read, so shorten it."
        )
    if not _TOKEN.fullmatch(token):
        reason = next((why for form, why in _REASONS if form.fullmatch(token)), _NOT_A_NUMBER)
        raise MatrixError(f"{where}: {reason.format(clipped(token))}.")
    denominator = token.partition("/")[2]
    if denominator and not _ANY_DIGIT.search(denominator.partition("e")[0]):
        raise MatrixError(f"{where}: {token} divides by zero, so write another denominator.")
    if denominator:
        float_of(to_fraction(token), f"{where}: {token}")
    else:
        value = float(token)
        if math.isinf(value) or (not value and _ANY_DIGIT.search(token.partition("e")[0])):
            float_of(to_fraction(token), f"{where}: {token}")
    return token


def to_fraction(token: str) -> Fraction:
    """Exact value of a checked token."""
    numerator, _, denominator = token.partition("/")
    return Fraction(numerator) / Fraction(denominator or 1)


def to_float(token: str) -> float:
    """Nearest float64 of a checked token; "-0" keeps its sign, as in any other reader."""
    if "/" not in token:
        return float(token)
    return float(to_fraction(token)) or math.copysign(0.0, 1 - 2 * (token[0] == "-"))


def float_of(value: Fraction, what: str) -> float:
    """Nearest float64 of an exact value.

    Raises
    ------
    MatrixError
        If that is infinite, or 0 though the value is not; the message begins with `what`.
    """
    try:
        result = float(value)
    except OverflowError:
        raise MatrixError(
            f"{what} is too large: the largest number that can be computed with is 1.79e308."
        ) from None
    if value and not result:
        raise MatrixError(f"{what} is too small, as it would become 0: write 0, or 5e-324 or more.")
    return result


def shortest(value: float) -> str:
    """Shortest token that is read back as exactly this float64 (Python's repr, without ".0")."""
    text = repr(value)
    return text[:-2] if text.endswith(".0") else text


def with_minus(text: str) -> str:
    """Put the true minus sign for each hyphen."""
    return text.replace("-", MINUS)


def token_of(value: Fraction, where: str = "The number") -> str:
    """Write an exact number as a token: a whole number, p/q, or a decimal if that is shorter.

    Raises
    ------
    MatrixError
        If no form of it fits 24 characters; the message begins with `where`.
    """
    forms: list[str] = []
    bits = max(value.numerator.bit_length(), value.denominator.bit_length())
    if bits < 100:
        forms.append(str(value))
    if bits < 4000:  # what needs more is no float64, and no power of ten of three digits
        forms += _decimals(value)
    fitting = [form for form in forms if len(form) <= MAX_TOKEN]
    if not fitting:
        raise MatrixError(
            f"{where} needs more than {MAX_TOKEN} characters to be exact: "
            "shorten the numbers it comes from."
        )
    return min(fitting, key=lambda form: ("e" in form, len(form)))


def _decimals(value: Fraction) -> list[str]:
    """Write a number as 0.125 and as 125e-3, or not at all if its decimals never end."""
    twos = (value.denominator & -value.denominator).bit_length() - 1
    fives, rest = 0, value.denominator >> twos
    while rest % 5 == 0:
        fives, rest = fives + 1, rest // 5
    if rest != 1 or not value:
        return []
    places = max(twos, fives)
    digits = str(abs(value) * 10**places)
    sign = "-" if value < 0 else ""
    whole, part = digits.rjust(places + 1, "0")[: -places or None], digits.rjust(places, "0")
    short = digits.rstrip("0")
    return [
        f"{sign}{whole}.{part[-places:]}" if places else f"{sign}{whole}",
        f"{sign}{short}e{len(digits) - len(short) - places}",
    ]
