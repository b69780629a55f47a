"""The editor's state: what each message of the browser does to it, and what it is told back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.matrices import Matrix
from convviz.ui.matrix_editor.events import ACTIONS, Cells, Do, Event, Size, Word, parse_event
from convviz.ui.matrix_editor.payload import payload
from convviz.ui.matrix_editor.state import (
    MAX_PAST,
    EditorState,
    Typed,
    step,
    wrong_cells,
    wrong_factor,
)

BLUR = Matrix.parse("1/16 x [1 2 1; 2 4 2; 1 2 1]")
RAMP = Matrix.parse("1 2; 3 4")
LARGE = Matrix((("1",) * 16,) * 2)


def after(state: EditorState, *changes: dict[str, Any]) -> EditorState:
    """Send each change in a message of its own, with the next serial number."""
    for change in changes:
        state = step(state, message({"serial": state.serial + 1, **change}))
    return state


def message(*changes: dict[str, Any]) -> Event | None:
    return parse_event(json.dumps(changes))


def cells(text: str, factor: str = "1", *, typing: bool = False) -> dict[str, Any]:
    rows = [row.split() for row in text.split(";")]
    return {"kind": "cells", "cells": rows, "factor": factor, "typing": typing}


def told(state: EditorState, **options: Any) -> dict[str, Any]:
    return json.loads(payload(state, label="Kernel", limit=(15, 15), **options))


class TestCells:
    def test_good_texts_are_the_matrix(self):
        state = after(EditorState(RAMP), cells("1 1/9; 3 \u22124", "1/2"))
        assert state.matrix == Matrix((("1", "1/9"), ("3", "-4")), "1/2")
        assert state.past == (RAMP,)
        assert state.draft is None

    def test_spaces_round_a_number_do_not_count_and_no_factor_is_1(self):
        typed = {"kind": "cells", "cells": [[" 5 "]], "factor": " ", "typing": False}
        assert after(EditorState(RAMP), typed).matrix == Matrix((("5",),))

    def test_a_bad_cell_keeps_its_text_and_the_last_good_matrix_runs_on(self):
        state = after(EditorState(RAMP), cells("1 2; 1/0 4"))
        assert state.matrix == RAMP
        assert state.draft == Typed((("1", "2"), ("1/0", "4")), "1")
        assert state.message.startswith("Row 2, column 1: 1/0 divides by zero")
        assert state.past == ()

    def test_all_bad_cells_are_known_and_the_factor_too(self):
        state = after(EditorState(RAMP), cells("nan 2; 3 1e400", "1/0"))
        assert wrong_cells(state.shown) == ((0, 0), (1, 1))
        assert wrong_factor(state.shown)

    def test_an_empty_cell_is_named(self):
        typed = {"kind": "cells", "cells": [["1", ""]], "factor": "1", "typing": False}
        assert after(EditorState(RAMP), typed).message.startswith("Row 1, column 2")

    def test_putting_it_right_clears_the_message(self):
        state = after(EditorState(RAMP), cells("1 2; x 4"), cells("1 2; 7 4"))
        assert (state.message, state.draft) == ("", None)
        assert state.matrix.cells[1] == ("7", "4")
        assert state.past == (RAMP,)

    def test_one_cell_is_one_undo_step_however_often_it_was_sent(self):
        growing = [cells(f"1 2; 3 {text}", typing=True) for text in ("5", "55", "555")]
        state = after(EditorState(RAMP), *growing, cells("1 2; 3 555"))
        assert state.matrix.cells[1] == ("3", "555")
        assert state.past == (RAMP,)
        state = after(state, cells("9 2; 3 555", typing=True))
        assert len(state.past) == 2

    def test_a_cell_that_is_restored_leaves_no_undo_step(self):
        state = after(EditorState(RAMP), cells("1 2; 3 5", typing=True), cells("1 2; 3 4"))
        assert state.matrix == RAMP
        assert state.past == ()

    def test_the_factor_alone_can_change(self):
        typed = {"kind": "cells", "cells": None, "factor": "1/2", "typing": False}
        assert after(EditorState(LARGE), typed).matrix == Matrix(LARGE.cells, "1/2")

    def test_more_cells_than_allowed_are_not_taken(self):
        state = EditorState(RAMP, largest=(2, 2))
        assert after(state, cells("1 2 3; 4 5 6")).matrix == RAMP


class TestActions:
    # By hand, from 1 2 / 3 4. Sum 10: the factor 0.1 makes it 1. The centre of 2 x 2 is row 1,
    # column 1 counted from 0: 4 - 10 = -6.
    @pytest.mark.parametrize(
        ("action", "text"),
        [
            ("normalise", "0.1 x [1 2; 3 4]"),
            ("zero_sum", "1 2; 3 -6"),
            ("flip", "4 3; 2 1"),
            ("transpose", "1 3; 2 4"),
            ("rotate", "3 1; 4 2"),
            ("negate", "-1 -2; -3 -4"),
            ("clear", "0 0; 0 0"),
        ],
    )
    def test_each_button(self, action: str, text: str):
        state = after(EditorState(RAMP), {"kind": "do", "action": action})
        assert state.matrix == Matrix.parse(text)
        assert state.past == (RAMP,)
        assert after(state, {"kind": "undo"}).matrix == RAMP

    def test_every_action_has_a_button_case(self):
        cases = TestActions.test_each_button.pytestmark[0].args[1]
        assert {action for action, _ in cases} == set(ACTIONS)

    def test_what_is_impossible_is_said(self):
        zero = EditorState(Matrix.parse("1 -1"))
        state = after(zero, {"kind": "do", "action": "normalise"})
        assert state.matrix == zero.matrix
        assert state.message.startswith("The sum is 0")

    def test_size(self):
        state = after(EditorState(RAMP), {"kind": "size", "rows": 1, "columns": 3})
        assert state.matrix == Matrix.parse("1 2 0")

    def test_a_size_beyond_the_largest_is_not_taken(self):
        state = EditorState(RAMP, largest=(15, 15))
        assert after(state, {"kind": "size", "rows": 16, "columns": 1}).matrix == RAMP

    @pytest.mark.parametrize(
        "change", [{"kind": "do", "action": "flip"}, {"kind": "size", "rows": 3, "columns": 3}]
    )
    def test_a_bad_cell_comes_first(self, change: dict[str, Any]):
        bad = after(EditorState(RAMP), cells("1 2; x 4"))
        state = after(bad, change, change)
        assert state.shown == bad.shown
        assert state.message == f"Put this right first. {bad.message}"

    def test_clear_needs_no_good_cell(self):
        state = after(EditorState(RAMP), cells("1 2; x 4"), {"kind": "do", "action": "clear"})
        assert state.matrix == Matrix.parse("0 0; 0 0")
        assert (state.draft, state.message) == (None, "")


class TestPaste:
    def test_numbers_wait_until_they_are_accepted(self):
        state = after(EditorState(RAMP), {"kind": "paste", "text": "1/9 x [[1, 2], [3, 4]]"})
        assert state.matrix == RAMP
        assert state.preview == Matrix((("1", "2"), ("3", "4")), "1/9")
        state = after(state, {"kind": "accept"})
        assert state.matrix == Matrix((("1", "2"), ("3", "4")), "1/9")
        assert (state.preview, state.past) == (None, (RAMP,))

    def test_they_can_be_dismissed(self):
        state = after(EditorState(RAMP), {"kind": "paste", "text": "5 6"}, {"kind": "dismiss"})
        assert (state.matrix, state.preview, state.past) == (RAMP, None, ())

    def test_what_cannot_be_read_is_said_and_not_accepted(self):
        state = after(EditorState(RAMP), {"kind": "paste", "text": "1 2\n3"})
        assert isinstance(state.preview, str)
        assert "Row 2" in state.preview
        assert after(state, {"kind": "accept"}).matrix == RAMP

    def test_the_largest_size_holds_for_pasted_numbers(self):
        state = EditorState(RAMP, largest=(31, 31))
        state = after(state, {"kind": "paste", "text": " ".join(["1"] * 32)})
        assert isinstance(state.preview, str)
        assert "31" in state.preview

    def test_a_text_without_end_is_a_sentence(self):
        state = after(EditorState(RAMP), {"kind": "paste", "text": "1 " * 200_000})
        assert isinstance(state.preview, str)
        assert "at most 20000" in state.preview


class TestHistory:
    def test_undo_and_redo_go_back_and_forth(self):
        flip, rotate = ({"kind": "do", "action": action} for action in ("flip", "rotate"))
        state = after(EditorState(RAMP), flip, rotate)
        turned = state.matrix
        back = after(state, {"kind": "undo"}, {"kind": "undo"})
        assert (back.matrix, back.past) == (RAMP, ())
        assert after(back, {"kind": "undo"}).matrix == RAMP
        assert after(back, {"kind": "redo"}, {"kind": "redo"}).matrix == turned
        assert after(back, rotate, {"kind": "redo"}).matrix == Matrix.parse("3 1; 4 2")

    def test_undo_of_a_bad_cell_brings_the_good_numbers_back(self):
        bad = after(EditorState(RAMP), {"kind": "do", "action": "flip"}, cells("1 2; x 4"))
        state = after(bad, {"kind": "undo"})
        assert (state.matrix, state.draft, state.message) == (Matrix.parse("4 3; 2 1"), None, "")

    def test_it_is_bounded(self):
        state = after(EditorState(RAMP), *[{"kind": "do", "action": "rotate"}] * (MAX_PAST + 7))
        assert len(state.past) == MAX_PAST

    def test_a_preset_can_be_undone(self):
        state = EditorState(RAMP).replaced_by(BLUR)
        assert state.matrix == BLUR
        assert after(state, {"kind": "undo"}).matrix == RAMP

    def test_the_same_preset_changes_nothing(self):
        state = EditorState(RAMP)
        assert state.replaced_by(RAMP) is state

    def test_a_preset_takes_the_place_of_a_bad_cell_and_of_a_preview(self):
        bad = after(EditorState(RAMP), cells("1 2; x 4"), {"kind": "paste", "text": "5 6"})
        for matrix in (RAMP, BLUR):
            state = bad.replaced_by(matrix)
            assert state.matrix == matrix
            assert (state.draft, state.message, state.preview) == (None, "", None)


class TestMessages:
    def test_what_was_handled_is_not_handled_again(self):
        rotate = {"kind": "do", "action": "rotate"}
        first = message({"serial": 1, **rotate})
        both = message({"serial": 1, **rotate}, {"serial": 2, **rotate})
        once = step(EditorState(RAMP), first)
        assert step(once, first) == once
        assert step(once, both).matrix == step(EditorState(RAMP), both).matrix
        assert step(once, both).matrix == Matrix.parse("4 3; 2 1")

    def test_no_event_changes_nothing(self):
        state = EditorState(RAMP)
        assert step(state, None) is state

    @pytest.mark.parametrize(
        "text",
        [
            None,
            7,
            "",
            "nonsense",
            "{}",
            "[]",
            "[" * 100_000,
            "[1]",
            '[{"serial": 0, "kind": "undo"}]',
            '[{"serial": true, "kind": "undo"}]',
            '[{"serial": 1.5, "kind": "undo"}]',
            '[{"serial": 1e400, "kind": "undo"}]',
            f'[{{"serial": {"9" * 30}, "kind": "undo"}}]',
            f'[{{"serial": {"9" * 9000}, "kind": "undo"}}]',
            '[{"serial": "1", "kind": "undo"}]',
            '[{"kind": "undo"}]',
            " " * 600_000,
        ],
    )
    def test_nonsense_is_no_event(self, text: object):
        assert parse_event(text) is None

    @pytest.mark.parametrize(
        "change",
        [
            {},
            {"kind": "explode"},
            {"kind": ["undo"]},
            {"kind": "do", "action": "__class__"},
            {"kind": "do", "action": ["flip"]},
            {"kind": "do"},
            {"kind": "size", "rows": 0, "columns": 3},
            {"kind": "size", "rows": 65, "columns": 3},
            {"kind": "size", "rows": True, "columns": 3},
            {"kind": "size", "rows": "3", "columns": 3},
            {"kind": "paste", "text": None},
            {"kind": "cells", "cells": [["1"]], "factor": "1"},
            {"kind": "cells", "cells": [["1"]], "factor": 1, "typing": False},
            {"kind": "cells", "cells": [], "factor": "1", "typing": False},
            {"kind": "cells", "cells": [[]], "factor": "1", "typing": False},
            {"kind": "cells", "cells": ["12"], "factor": "1", "typing": False},
            {"kind": "cells", "cells": [["1", "2"], ["3"]], "factor": "1", "typing": False},
            {"kind": "cells", "cells": [["1"] * 65], "factor": "1", "typing": False},
            {"kind": "cells", "cells": [["1"]] * 65, "factor": "1", "typing": False},
            {"kind": "cells", "cells": [["1" * 65]], "factor": "1", "typing": False},
            {"kind": "cells", "cells": [[1]], "factor": "1", "typing": False},
        ],
    )
    def test_a_malformed_change_is_acknowledged_and_has_no_effect(self, change: dict[str, Any]):
        state = after(EditorState(RAMP), change)
        assert state == EditorState(RAMP, serial=1)

    def test_each_kind_is_read(self):
        kinds = [cells("1"), {"kind": "do", "action": "flip"}, {"kind": "undo"}]
        kinds.append({"kind": "size", "rows": 2, "columns": 3})
        event = message(*({"serial": n, **change} for n, change in enumerate(kinds, 1)))
        assert event == Event(
            ((1, Cells((("1",),), "1")), (2, Do("flip")), (3, Word("undo")), (4, Size(2, 3)))
        )

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["serial", "kind", "cells"]), inner)
            ),
            max_leaves=12,
        )
    )
    def test_any_json_is_survived(self, value: object):
        step(EditorState(RAMP), parse_event(json.dumps([value])))

    @given(
        st.lists(
            st.sampled_from(
                [
                    *({"kind": "do", "action": action} for action in ACTIONS),
                    *({"kind": word} for word in ("undo", "redo", "accept", "dismiss")),
                    {"kind": "size", "rows": 3, "columns": 1},
                    {"kind": "paste", "text": "5 6; 7 8"},
                    {"kind": "paste", "text": "5 6; 7"},
                    cells("1 x"),
                    cells("1 9", typing=True),
                    cells("1 9"),
                ]
            ),
            max_size=30,
        )
    )
    def test_undo_leads_back_to_the_beginning(self, changes: list[dict[str, Any]]):
        state = after(EditorState(RAMP), *changes)
        assert (state.draft is None) or state.message
        state = after(state, *[{"kind": "undo"}] * (len(changes) + 1))
        assert state.matrix == RAMP
        assert state.draft is None


class TestPayload:
    def test_the_browser_is_told_what_to_show(self):
        assert told(EditorState(BLUR, serial=4)) == {
            "serial": 4,
            "label": "Kernel",
            "cells": [["1", "2", "1"], ["2", "4", "2"], ["1", "2", "1"]],
            "factor": "1/16",
            "wrong": [],
            "wrongFactor": False,
            "message": "",
            "caption": list(told(EditorState(BLUR))["caption"]),
            "preview": None,
            "most": [15, 15],
            "drawn": False,
            "greys": None,
            "undo": False,
            "redo": False,
        }

    def test_the_caption_says_what_the_sum_means(self):
        assert told(EditorState(BLUR))["caption"][0] == "Sum 1: keeps brightness."
        assert told(EditorState(BLUR), caption=("Rows of pixels.",))["caption"] == [
            "Rows of pixels."
        ]

    def test_a_negative_number_in_the_caption_has_a_true_minus_sign(self):
        caption = told(EditorState(Matrix.parse("-2 -1")))["caption"]
        assert caption[0].startswith("Sum \u22123:")
        assert "cross-correlation" in " ".join(caption)

    def test_a_draft_is_shown_as_typed_with_its_bad_cells(self):
        content = told(after(EditorState(RAMP), cells("1 2; 1/0 4", "1/2")))
        assert content["cells"] == [["1", "2"], ["1/0", "4"]]
        assert content["wrong"] == [[1, 0]]
        assert (content["factor"], content["wrongFactor"]) == ("1/2", False)
        assert content["undo"]

    def test_more_than_the_largest_grid_is_drawn(self):
        assert told(EditorState(LARGE))["drawn"]
        assert not told(EditorState(LARGE), largest_grid=16)["drawn"]
        assert told(EditorState(LARGE))["most"] == [15, 16]

    def test_a_preview_is_its_first_corner(self):
        text = ";".join(" ".join(str(10 * r + c) for c in range(7)) for r in range(9))
        preview = told(after(EditorState(RAMP), {"kind": "paste", "text": text}))["preview"]
        assert (preview["rows"], preview["columns"], preview["factor"]) == (9, 7, "1")
        assert preview["cells"][4] == ["40", "41", "42", "43", "44"]
        assert len(preview["cells"]) == 5

    def test_a_preview_that_cannot_be_read_is_its_sentence(self):
        preview = told(after(EditorState(RAMP), {"kind": "paste", "text": "[["}))["preview"]
        assert list(preview) == ["message"]
