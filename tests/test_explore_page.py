"""The page Explore in AppTest: what its components are told, and what the visitor does there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from convviz.display import Display
from convviz.explorer import anchor
from convviz.feature_map import feature_map
from convviz.scene import Scene
from convviz.ui.controls import input as input_section
from convviz.ui.controls.fields import Desk
from convviz.ui.explorer import _answer
from convviz.url import decode, encode

APP = Path(__file__).parents[1] / "app.py"


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30).switch_page("pages/1_Explore.py")
    app.query_params.update(query)
    return run(app)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def told(app: AppTest) -> dict[str, Any]:
    parts = [part.proto for part in app.get("bidi_component")]
    data = next(part.json for part in parts if part.component_name == "convviz_explorer")
    return json.loads(json.loads(data)["explorer"])


def scene(app: AppTest) -> Scene:
    return app.session_state["visit"].scene


def test_it_opens_cold_on_the_classic_case() -> None:
    app = opened()
    assert scene(app) == Scene()
    # Dumoulin & Visin, figure 1.1: from 6 to 19.
    assert (told(app)["mapShape"], told(app)["limits"]) == ([3, 3], [6, 19])
    headings = [part.value for part in app.sidebar.markdown]
    assert headings == ["## Input", "## Kernel", "## Window", "### Output size"]


def test_another_scene_has_another_number_and_the_same_one_keeps_it() -> None:
    app = opened(**{"in": "scene", "k": "sobel-x"})
    first = told(app)["serial"]
    assert told(run(app))["serial"] == first
    app.selectbox(key="kernel").set_value("box-3")
    assert told(run(app))["serial"] == first + 1


def test_the_display_is_a_part_of_the_scene() -> None:
    app = opened(**{"in": "scene", "k": "sobel-x"})
    app.selectbox(key="display").set_value("threshold")
    run(app)
    app.number_input(key="threshold").set_value(50.0)
    app.toggle(key="relu").set_value(True)
    run(app)
    assert scene(app).display == Display("threshold", relu=True, threshold=50)
    assert encode(scene(app)) == {
        "v": "1", "in": "scene", "k": "sobel-x", "show": "threshold", "thr": "50", "relu": "1",
    }  # fmt: skip
    share = np.mean(feature_map(scene(app)) >= 50)
    assert f"{100 * share:.0f}\u00a0% of values reach the threshold" in told(app)["hidden"]
    assert (told(app)["threshold"], told(app)["limits"][0] < 0) == (50, True)


@pytest.mark.parametrize(
    "look", ["", "nonsense", "9;1;0,0,5,5;", "1;1;0,0,5;", "1;1;;nan,0", "1" * 50_000]
)
def test_what_is_no_question_about_this_scene_has_no_answer(look: str) -> None:
    with_nothing_kept = _answer(look)
    assert with_nothing_kept == ""


QUERIES = [
    {"pad": "full"},
    {"in": "scene", "k": "sobel-x", "pad": "same"},
    {"in": "portrait", "k": "gaussian-31", "pad": "full", "s": "2,3"},
    {"in": "scene", "k": "roberts-1", "d": "3", "patch": "1,1,5"},
]


@pytest.mark.parametrize("query", QUERIES)
def test_an_opened_cell_is_the_players_position(query: dict[str, str]) -> None:
    whole = decode(query)
    rows, columns = whole.output_shape
    for cell in [(0, 0), (rows - 1, columns - 1), (rows // 2, columns // 3)]:
        after = input_section._put_click(Desk(whole), *anchor(whole, cell)).scene
        down, across = divmod(after.step - 1, len(after.block.columns))
        assert (after.block.rows[down], after.block.columns[across]) == cell


def test_what_was_computed_is_given_back_with_its_input() -> None:
    app = opened(**{"in": "scene", "k": "sobel-x"})
    visit = app.session_state["visit"]
    before = visit.drawn["explorer"]
    app.selectbox(key="kernel").set_value("sobel-y")
    run(app)
    assert visit.drawn["explorer"] is not before
    visit.turn_to(Scene(), visit.memory)
    assert visit.drawn == {}
    assert told(run(app))["serial"] > 2
