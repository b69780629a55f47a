"""What the sections share: fields, and what the controls remember beside the scene.

A field is a widget and what it means: `get` is the value it shows, `put` is what a new value does.
Each run tells every widget what to show, so a widget always shows the scene; the visitor changed it
when it holds another value than it was last told to show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any, Protocol

import streamlit as st

from convviz.geometry import Geometry, Pair, Sides
from convviz.inputs import Input, Named, Picture, Typed
from convviz.matrices import Matrix
from convviz.notation import with_minus
from convviz.scene import Scene
from convviz.ui import matrix_editor
from convviz.ui.matrix_editor import EditorState

_ANY = 2**53 - 1
"""What a field for whole numbers lets through, up and down: all that the browser can count."""


@dataclass(frozen=True)
class Desk:
    """The scene, and what the controls remember beside it; only the scene is in a link.

    Attributes
    ----------
    scene : Scene
        The single truth.
    known : mapping of str to object
        The value each widget was last seen with, by its key.
    outdated : mapping of str to tuple
        What a widget may still say of itself, by its key, since the browser has not yet heard that
        it was told another value.
    refused : mapping of str to str
        Why the last change was not made, by the key of the field.
    editors : mapping of str to EditorState
        The matrix editors, by their key.
    built_in, typed, picture : Named, Typed, Picture
        The last input of each kind: looking at another one costs nothing.
    seed : int
        The seed of the random digits, also while something else is shown.
    own_kernel : Matrix or None
        The last kernel that was no preset.
    waits : Input or None
        What was shown when a picture was asked for and there was none yet.
    four_sides : sides or None
        The last padding that was written side by side, however equal its sides are.
    camera : bool
        Whether the camera is switched on.
    """

    scene: Scene
    known: Mapping[str, object] = field(default_factory=dict)
    outdated: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    editors: Mapping[str, EditorState] = field(default_factory=dict)
    built_in: Named = field(default_factory=Named)
    typed: Typed | None = None
    picture: Picture | None = None
    seed: int = 1
    own_kernel: Matrix | None = None
    waits: Input | None = None
    four_sides: Sides | None = None
    camera: bool = False

    def showing(self, **changes: Any) -> Desk:
        """Change the scene.

        Raises
        ------
        ValueError
            The scene with these changes cannot be.
        """
        return replace(self, scene=replace(self.scene, **changes))

    def moving(self, **changes: Any) -> Desk:
        """Change the geometry of the scene; ValueError as above."""
        geometry: Geometry = replace(self.scene.geometry, **changes)
        return self.showing(geometry=geometry)

    def knowing(self, key: str, value: object) -> Desk:
        """Take note of what a widget holds."""
        return replace(self, known={**self.known, key: value})

    def telling(self, key: str, value: object, held: object) -> Desk:
        """Take note of what a widget is told, which now holds something else."""
        older = (*self.outdated.get(key, ()), held, self.known.get(key))
        return replace(self.knowing(key, value), outdated={**self.outdated, key: older})

    def hearing(self, *, late: bool) -> Desk:
        """Begin to read; unless the browser is late, it has heard what its widgets were told."""
        return self if late else replace(self, outdated={})

    def refusing(self, key: str, reason: ValueError) -> Desk:
        """Take note of why a change was not made."""
        return replace(self, refused={**self.refused, key: sentence(str(reason))})

    def editing(self, key: str, state: EditorState) -> Desk:
        """Keep the state of an editor."""
        return replace(self, editors={**self.editors, key: state})

    def attempting(self, key: str, change: Callable[[Desk], Desk]) -> Desk:
        """Make a change, or stay as it was and say why."""
        try:
            return change(self)
        except ValueError as error:
            return self.refusing(key, error)


class Control(Protocol):
    """Anything the visitor can change something with."""

    def is_touched(self, desk: Desk) -> bool:
        """Tell whether the visitor just changed it."""

    def read(self, desk: Desk) -> Desk:
        """Apply what the visitor just did with it, if anything."""


@dataclass(frozen=True)
class Field:
    """One widget.

    Parameters
    ----------
    key : str
    kind : type
        Of its values; anything else that arrives is no value, such as an emptied number.
    get : Desk -> value
    put : (Desk, value) -> Desk
        ValueError where it cannot be.
    """

    key: str
    kind: type
    get: Callable[[Desk], Any]
    put: Callable[[Desk, Any], Desk]

    def is_touched(self, desk: Desk) -> bool:
        """Tell whether the visitor just changed it."""
        if self.key not in desk.known:
            return False
        held = st.session_state.get(self.key, desk.known[self.key])
        if held is None and not isinstance(held, self.kind):
            return False
        return held not in (desk.known[self.key], *desk.outdated.get(self.key, ()))

    def read(self, desk: Desk) -> Desk:
        """Apply the value the visitor just gave it."""
        if not self.is_touched(desk):
            return desk
        value = st.session_state[self.key]
        desk = desk.knowing(self.key, value)
        if not isinstance(value, self.kind):
            return desk
        return desk.attempting(self.key, lambda desk: self.attempt(desk, value))

    def attempt(self, desk: Desk, value: Any) -> Desk:
        """Put the value; ValueError where it cannot be."""
        return self.put(desk, value)


@dataclass(frozen=True)
class Whole(Field):
    """A whole number.

    Parameters
    ----------
    label : str
    limits : Desk -> (least, most)
        The value in use is inside them even if they do not say so.
    """

    label: str
    limits: Callable[[Desk], Pair]

    def attempt(self, desk: Desk, value: Any) -> Desk:
        """Put the value, if it is inside the limits."""
        if value == -_ANY:  # What Streamlit makes of an emptied field that was told its value.
            return desk
        least, most = self.limits(desk)
        if least <= value <= most or value == self.get(desk):
            return super().attempt(desk, value)
        choose = f"choose {least} to {most}" if least < most else f"only {least} fits"
        raise ValueError(with_minus(f"{self.label} {value} is out of range: {choose}."))


@dataclass(frozen=True)
class Upload:
    """A widget that brings a file; each file is read once.

    Parameters
    ----------
    key : str
    put : (Desk, name, bytes) -> Desk
        ValueError where it cannot be read.
    """

    key: str
    put: Callable[[Desk, str, bytes], Desk]

    def is_touched(self, desk: Desk) -> bool:
        """Tell whether another file is there."""
        file = st.session_state.get(self.key)
        return file is not None and file.file_id != desk.known.get(self.key)

    def read(self, desk: Desk) -> Desk:
        """Read the file, if it is another one."""
        if not self.is_touched(desk):
            return desk
        file = st.session_state[self.key]
        desk = desk.knowing(self.key, file.file_id)
        return desk.attempting(self.key, lambda desk: self.put(desk, file.name, file.getvalue()))


@dataclass(frozen=True)
class Editor:
    """A matrix editor.

    Parameters
    ----------
    key : str
    get : Desk -> Matrix
        The matrix in the scene; where the scene has none, the one to begin with.
    put : (Desk, Matrix) -> Desk
        ValueError where it cannot be.
    largest : (int, int)
        Rows and columns that may be pasted.
    """

    key: str
    get: Callable[[Desk], Matrix]
    put: Callable[[Desk, Matrix], Desk]
    largest: Pair

    def state(self, desk: Desk) -> EditorState:
        """Return its state, showing the scene's matrix."""
        matrix = self.get(desk)
        state = desk.editors.get(self.key)
        if state is None:
            return EditorState(matrix, largest=self.largest)
        return state if state.matrix == matrix else state.replaced_by(matrix)

    def is_touched(self, desk: Desk) -> bool:
        """Tell whether something was edited."""
        return matrix_editor.read(self.key) is not None

    def read(self, desk: Desk) -> Desk:
        """Apply the edit; one that the scene refuses leaves the old matrix."""
        event = matrix_editor.read(self.key)
        if event is None:
            return desk
        before = self.state(desk)
        after = matrix_editor.step(before, event)
        if after.matrix != before.matrix:
            try:
                desk = self.put(desk, after.matrix)
            except ValueError as error:
                after = replace(before, serial=after.serial, message=sentence(str(error)))
        return desk.editing(self.key, after)


class Drawing:
    """One run's drawing of the controls, in which every widget shows what its field says.

    Attributes
    ----------
    desk : Desk
        After the run it knows what every widget was told to show.
    is_behind : bool
        Whether a widget shows something else: what the visitor changed while the server was
        started anew, and what no run has heard of yet.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.is_behind = False

    def _told(self, field: Field, start: str, default: Any) -> dict[str, Any]:
        """Tell a widget what to show: give it a start, or another value than it holds.

        A value that it holds already is not written again: that would undo what is being typed.
        """
        value = field.get(self.desk)
        held = st.session_state.get(field.key, value)
        if held == value:
            self.desk = self.desk.knowing(field.key, value)
            return {"key": field.key, start: default}
        self.desk = self.desk.telling(field.key, value, held)
        st.session_state[field.key] = value
        return {"key": field.key}

    def _heard(self, field: Field, held: object) -> None:
        self.is_behind |= held != self.desk.known[field.key]

    def options(
        self,
        field: Field,
        label: str,
        names: Mapping[Any, str],
        *,
        buttons: bool = False,
        required: bool = True,
    ) -> None:
        """Draw a choice: options and their names, as a list or as a row of buttons.

        Of buttons, one that is not required can be taken back, by choosing it again.
        """
        value, choices = field.get(self.desk), list(names)
        held: object
        if buttons:
            told = self._told(field, "default", value) | {"required": required, "width": "stretch"}
            held = st.segmented_control(label, choices, format_func=names.__getitem__, **told)
        else:
            told = self._told(field, "index", choices.index(value))
            held = st.selectbox(label, choices, format_func=names.__getitem__, **told)
        self._heard(field, held)
        self.refusal(field.key)

    def switch(self, field: Field, label: str) -> None:
        """Draw a choice of on and off."""
        told = self._told(field, "value", field.get(self.desk))
        self._heard(field, st.toggle(label, **told))
        self.refusal(field.key)

    def row(self, *numbers: Whole) -> None:
        """Draw whole numbers side by side.

        The browser is not told the limits: it would keep a number outside them in its field without
        a word. The server answers with a sentence.
        """
        row = st.container(horizontal=True, gap="small") if len(numbers) > 1 else st
        for number in numbers:
            told = self._told(number, "value", number.get(self.desk))
            self._heard(number, row.number_input(number.label, -_ANY, _ANY, step=1, **told))
        self.refusal(*(number.key for number in numbers))

    def real(self, field: Field, label: str) -> None:
        """Draw a number of any size."""
        told = self._told(field, "value", field.get(self.desk))
        self._heard(field, st.number_input(label, step=1.0, format="%.10g", **told))
        self.refusal(field.key)

    def editor(self, editor: Editor, label: str, limit: Pair, **how: Any) -> None:
        """Draw a matrix editor."""
        state = editor.state(self.desk)
        self.desk = self.desk.editing(editor.key, state)
        matrix_editor.mount(state, key=editor.key, label=label, limit=limit, **how)

    def refusal(self, *keys: str) -> None:
        """Say why the last change of these fields was not made, if it was not."""
        for reason in dict.fromkeys(self.desk.refused.get(key, "") for key in keys):
            if reason:
                st.html(f'<p class="told" role="alert">{escape(reason)}</p>')


def heading(text: str, level: int = 2) -> None:
    """Draw a heading, which takes the browser half the time of st.header; the text is our own."""
    st.markdown(f"{'#' * level} {text}")


def quiet(*lines: str) -> None:
    """Draw lines of plain text in a muted tone; nothing in them is markup.

    They are one element: each costs the browser a millisecond or two of every change.
    """
    if text := "\n".join(filter(None, lines)):
        st.text(text)


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."


def touched(controls: Sequence[Control], desk: Desk) -> bool:
    """Tell whether the visitor just did something with any of these."""
    return any(control.is_touched(desk) for control in controls)
