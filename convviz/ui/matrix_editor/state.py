"""What an editor remembers, and how it answers: (state, event) -> state, and nothing else.

The matrix is always a good one. Text that cannot be read is kept beside it as a draft, with one
sentence that says what to put right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from convviz import matrix_edits
from convviz.geometry import Pair
from convviz.matrices import MAX_SHAPE, Matrix, MatrixError
from convviz.ui.matrix_editor.events import Cells, Change, Do, Event, Paste, Size, Word

MAX_PAST = 100
_DO = {
    "normalise": matrix_edits.normalise,
    "zero_sum": matrix_edits.zero_sum,
    "flip": matrix_edits.flip,
    "transpose": matrix_edits.transpose,
    "rotate": matrix_edits.rotate,
    "negate": matrix_edits.negate,
    "clear": matrix_edits.clear,
}


@dataclass(frozen=True)
class Typed:
    """Texts as they stand in the grid."""

    cells: tuple[tuple[str, ...], ...]
    factor: str


@dataclass(frozen=True)
class EditorState:
    """One editor.

    Attributes
    ----------
    matrix : Matrix
        The last good one.
    largest : (int, int)
        The most rows and columns that may be pasted or typed.
    draft : Typed or None
        What stands in the grid while it cannot be read.
    message : str
        One sentence: which cell is wrong and the fix, or why an action is impossible. Or empty.
    preview : Matrix, str or None
        Pasted numbers that wait to be accepted, or a sentence why they cannot be read.
    past, future : tuple of Matrix
        What Undo and Redo go back to, the nearest last; at most 100.
    serial : int
        The last change that was handled.
    typing : bool
        Whether the last change may still grow: the next one from the same cell belongs to it.
    """

    matrix: Matrix
    largest: Pair = MAX_SHAPE
    draft: Typed | None = None
    message: str = ""
    preview: Matrix | str | None = None
    past: tuple[Matrix, ...] = ()
    future: tuple[Matrix, ...] = ()
    serial: int = 0
    typing: bool = False

    @property
    def shown(self) -> Typed:
        """The texts of the grid: the draft if there is one, else the matrix."""
        return self.draft or Typed(self.matrix.cells, self.matrix.factor)

    def replaced_by(self, matrix: Matrix) -> EditorState:
        """Take a matrix from outside, such as a preset; Undo brings the old one back.

        Parameters
        ----------
        matrix : Matrix
            The new one.

        Returns
        -------
        EditorState
            The same state when it shows this matrix already.
        """
        if matrix == self.matrix and self.draft is None:
            return self
        return replace(_changed(self, matrix), preview=None)


def wrong_cells(typed: Typed) -> tuple[Pair, ...]:
    """Find the cells that cannot be read.

    Parameters
    ----------
    typed : Typed
        Texts of a grid.

    Returns
    -------
    tuple of (int, int)
        Row and column, counted from 0.
    """
    return tuple(
        (row, column)
        for row, texts in enumerate(typed.cells)
        for column, text in enumerate(texts)
        if not _is_number(text)
    )


def wrong_factor(typed: Typed) -> bool:
    """Say whether the factor cannot be read."""
    return not _is_number(typed.factor)


def step(state: EditorState, event: Event | None) -> EditorState:
    """Answer what the browser said.

    Parameters
    ----------
    state : EditorState
        Before.
    event : Event or None
        From `read`; None changes nothing. Changes that were handled before change nothing.

    Returns
    -------
    EditorState
        After. It never raises for anything a browser can send.
    """
    for serial, change in event.changes if event else ():
        if serial > state.serial:
            state = replace(_answered(state, change), serial=serial)
    return state


def _answered(state: EditorState, change: Change | None) -> EditorState:
    match change:
        case Cells():
            return _typed(state, change)
        case Do(action=action):
            return _done(state, action)
        case Size(rows=rows, columns=columns):
            return _sized(state, rows, columns)
        case Paste(text=text):
            return replace(state, preview=_preview(text, state.largest))
        case Word(word="accept"):
            return _accepted(state)
        case Word(word="dismiss"):
            return replace(state, preview=None)
        case Word(word="undo"):
            return _undone(state)
        case Word(word="redo"):
            return _redone(state)
    return state


def _typed(state: EditorState, change: Cells) -> EditorState:
    cells = state.shown.cells if change.cells is None else change.cells
    if len(cells) > state.largest[0] or len(cells[0]) > state.largest[1]:
        return state
    tidy = tuple(tuple(text.strip() for text in row) for row in cells)
    typed = Typed(tidy, change.factor.strip() or "1")
    try:
        matrix = Matrix(typed.cells, typed.factor)
    except MatrixError as error:
        return replace(state, draft=typed, message=str(error))
    return _grown(state, matrix, typing=change.typing)


def _grown(state: EditorState, matrix: Matrix, *, typing: bool) -> EditorState:
    """Make one undo step of one cell, however often it was sent while it was being typed."""
    if not state.typing:
        return replace(_changed(state, matrix), typing=typing)
    past = state.past
    if past and past[-1] == matrix:
        past = past[:-1]
    return replace(state, matrix=matrix, draft=None, message="", past=past, typing=typing)


def _edited(state: EditorState, edit: Callable[[Matrix], Matrix]) -> EditorState:
    try:
        return _changed(state, edit(state.matrix))
    except MatrixError as error:
        return replace(state, message=str(error), typing=False)


def _done(state: EditorState, action: str) -> EditorState:
    if state.draft and action != "clear":
        return _refused(state)
    return _edited(state, _DO[action])


def _sized(state: EditorState, rows: int, columns: int) -> EditorState:
    if state.draft:
        return _refused(state)
    if rows > state.largest[0] or columns > state.largest[1]:
        return state
    return _edited(state, lambda matrix: matrix_edits.resize(matrix, rows, columns))


def _refused(state: EditorState) -> EditorState:
    start = "Put this right first. "
    if state.message.startswith(start):
        return state
    return replace(state, message=start + state.message)


def _preview(text: str, largest: Pair) -> Matrix | str:
    try:
        return Matrix.parse(text, max_shape=largest)
    except MatrixError as error:
        return str(error)


def _accepted(state: EditorState) -> EditorState:
    if not isinstance(state.preview, Matrix):
        return state
    return replace(_changed(state, state.preview), preview=None)


def _undone(state: EditorState) -> EditorState:
    if state.draft:
        return replace(state, draft=None, message="", typing=False)
    if not state.past:
        return state
    past, matrix = state.past[:-1], state.past[-1]
    future = (*state.future, state.matrix)
    return _restored(state, matrix, past, future)


def _redone(state: EditorState) -> EditorState:
    if not state.future:
        return state
    future, matrix = state.future[:-1], state.future[-1]
    past = (*state.past, state.matrix)[-MAX_PAST:]
    return _restored(state, matrix, past, future)


def _restored(
    state: EditorState, matrix: Matrix, past: tuple[Matrix, ...], future: tuple[Matrix, ...]
) -> EditorState:
    clean = replace(state, draft=None, message="", typing=False)
    return replace(clean, matrix=matrix, past=past, future=future)


def _changed(state: EditorState, matrix: Matrix) -> EditorState:
    """Go on with another matrix; nothing enters the history when it is the same."""
    if matrix == state.matrix:
        return replace(state, draft=None, message="", typing=False)
    past = (*state.past, state.matrix)[-MAX_PAST:]
    return _restored(state, matrix, past, ())


def _is_number(text: str) -> bool:
    try:
        Matrix(((text,),))
    except MatrixError:
        return False
    return True
