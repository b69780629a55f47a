"""What the browser may say: every field is checked here, and nothing else is believed.

A message holds all changes that the server has not acknowledged yet, so that two changes made
within one run both arrive.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, TypeGuard

from convviz.geometry import Pair
from convviz.matrices import MAX_SHAPE, MAX_TOKEN

ACTIONS = ("normalise", "zero_sum", "flip", "transpose", "rotate", "negate", "clear")
WORDS = ("accept", "dismiss", "undo", "redo")
MAX_CELL = 64
"""Characters of one cell as typed: more than any number may have, so that its error can be said."""

MAX_PASTE = MAX_SHAPE[0] * MAX_SHAPE[1] * (MAX_TOKEN + 1)
"""Characters of a pasted text that are read on: as many as the largest matrix can have."""

# A pasted text may be nothing but marks that JSON writes with six characters each.
_MAX_MESSAGE = 6 * MAX_PASTE + 500_000
_MAX_CHANGES = 200
_MAX_SERIAL = 2**53


@dataclass(frozen=True)
class Cells:
    """The texts of the grid; `cells` is None where only the factor can be typed."""

    cells: tuple[tuple[str, ...], ...] | None
    factor: str
    typing: bool = False


@dataclass(frozen=True)
class Do:
    """A button: one of `ACTIONS`."""

    action: str


@dataclass(frozen=True)
class Size:
    """Another number of rows and columns."""

    rows: int
    columns: int


@dataclass(frozen=True)
class Paste:
    """Text to be previewed."""

    text: str


@dataclass(frozen=True)
class Word:
    """A change without details: one of `WORDS`."""

    word: str


Change = Cells | Do | Size | Paste | Word


@dataclass(frozen=True)
class Event:
    """One message of the browser.

    Attributes
    ----------
    changes : tuple of (int, Change or None)
        Serial number and change, in the order they were made. None is a change that could not be
        understood: it is acknowledged and has no effect.
    """

    changes: tuple[tuple[int, Change | None], ...]


def parse_event(message: object) -> Event | None:
    """Read a message.

    Parameters
    ----------
    message : object
        What the component's trigger holds: JSON text, or anything at all.

    Returns
    -------
    Event or None
        None when there is nothing in it that could be a change.
    """
    if not isinstance(message, str) or len(message) > _MAX_MESSAGE:
        return None
    try:
        items = json.loads(message)
    except (ValueError, RecursionError):
        return None
    if not isinstance(items, list):
        return None
    changes = [
        (item["serial"], _change(item))
        for item in items[:_MAX_CHANGES]
        if isinstance(item, dict) and _is_count(item.get("serial"), _MAX_SERIAL)
    ]
    return Event(tuple(changes)) if changes else None


def _change(item: dict[str, Any]) -> Change | None:
    kind = item.get("kind")
    if kind == "cells":
        return _cells(item)
    if kind == "do" and item.get("action") in ACTIONS:
        return Do(item["action"])
    if kind == "size":
        return _size(item.get("rows"), item.get("columns"))
    if kind == "paste" and isinstance(item.get("text"), str):
        return Paste(item["text"][: MAX_PASTE + 1])
    return Word(kind) if isinstance(kind, str) and kind in WORDS else None


def _cells(item: dict[str, Any]) -> Cells | None:
    cells, factor, typing = item.get("cells"), item.get("factor"), item.get("typing")
    if not _is_cell(factor) or not isinstance(typing, bool):
        return None
    if cells is None:
        return Cells(None, factor, typing)
    if not _is_table(cells, MAX_SHAPE):
        return None
    return Cells(tuple(tuple(row) for row in cells), factor, typing)


def _size(rows: object, columns: object) -> Size | None:
    if _is_count(rows, MAX_SHAPE[0]) and _is_count(columns, MAX_SHAPE[1]):
        return Size(rows, columns)
    return None


def _is_table(cells: object, most: Pair) -> bool:
    if not isinstance(cells, list) or not 1 <= len(cells) <= most[0]:
        return False
    if not all(isinstance(row, list) and 1 <= len(row) <= most[1] for row in cells):
        return False
    return len({len(row) for row in cells}) == 1 and all(_is_cell(c) for row in cells for c in row)


def _is_cell(text: object) -> TypeGuard[str]:
    return isinstance(text, str) and len(text) <= MAX_CELL


def _is_count(number: object, most: int) -> TypeGuard[int]:
    return isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= most
