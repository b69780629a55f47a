"""The charts of Explore in AppTest: what Plotly is given, what is said, what the visitor sets."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from convviz.costs import Cost
from convviz.feature_map import feature_map
from convviz.inputs import Picture
from convviz.kernels import KERNELS, kernel
from convviz.matrices import Matrix
from convviz.palette import DIVERGING, ink
from convviz.scene import CHARTS, Scene
from convviz.ui import charts
from convviz.ui.charts import figures
from convviz.ui.controls import input as input_section
from convviz.ui.controls.fields import Desk
from tests.test_explore_page import APP, opened, run, scene


def drawn(app: AppTest) -> dict[str, Any]:
    (chart,) = app.get("plotly_chart")
    return json.loads(chart.proto.spec)


def numbers(values: Any) -> np.ndarray:
    return np.array(values, dtype=float)


def said(app: AppTest) -> str:
    return "\n".join(text.value for text in app.main.get("text"))


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("query", [{}, {"in": "scene", "k": "gaussian-31", "s": "2"}], ids=str)
def test_every_chart_can_be_drawn_of_numbers_and_of_a_picture(chart: str, query: dict) -> None:
    app = opened(chart=chart, **query)
    assert len(app.get("plotly_chart")) == (chart != "method")
    assert len(said(app)) > 80


def test_none_is_drawn_at_first_and_the_chosen_one_closes_again() -> None:
    app = opened()
    assert (app.get("plotly_chart"), scene(app).chart) == ([], "")
    choice = app.segmented_control(key="chart")
    assert (choice.label, choice.value) == ("More about this map", None)
    choice.set_value("kernel")
    run(app)
    assert (scene(app).chart, len(app.get("plotly_chart"))) == ("kernel", 1)
    app.session_state["chart"] = None  # set_value(None) says nothing in Streamlit 1.62
    run(app)
    assert (scene(app).chart, app.get("plotly_chart")) == ("", [])


def test_another_page_in_between_leaves_the_choice() -> None:
    app = opened(chart="histogram")
    run(app.switch_page("app.py"))
    run(app.switch_page("pages/1_Explore.py"))
    assert (scene(app).chart, app.segmented_control(key="chart").value) == ("histogram",) * 2


def test_a_choice_computes_nothing_again_and_sends_no_picture_again() -> None:
    app = opened(**{"in": "scene", "k": "sobel-x"})
    before = app.session_state["visit"].drawn["explorer"]
    serial = app.session_state["explorer-serial"]
    app.segmented_control(key="chart").set_value("profile")
    run(app)
    assert app.session_state["visit"].drawn["explorer"] is before
    assert app.session_state["explorer-serial"] == serial


# Streamlit itself imports a part of plotly, so only what comes on top of it counts.
IMPORTS = """
import sys
import streamlit
from streamlit.testing.v1 import AppTest
def plotly():
    return {name for name in sys.modules if name.partition(".")[0] == "plotly"}
before = plotly()
app = AppTest.from_file(sys.argv[1], default_timeout=60).switch_page("pages/1_Explore.py")
app.run()
print(len(app.exception), plotly() <= before)
app.segmented_control(key="chart").set_value("kernel").run()
print(plotly() <= before)
"""


def test_plotly_comes_only_with_a_chart() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", IMPORTS, str(APP)],
        cwd=APP.parent,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.stdout.split() == ["0", "True", "False"], ran.stderr


# Kernel


def test_the_weights_and_their_passes_are_drawn_with_zero_in_the_middle() -> None:
    app = opened(k="sobel-x", chart="kernel")
    heats = [trace for trace in drawn(app)["data"] if trace["type"] == "heatmap"]
    weights, column, row = (numbers(heat["z"]) for heat in heats)
    # Each over its largest: 2, 2 and 1.
    assert weights.tolist() == [[-0.5, 0, 0.5], [-1, 0, 1], [-0.5, 0, 0.5]]
    assert (column.tolist(), row.tolist()) == ([[0.5], [1], [0.5]], [[-1, 0, 1]])
    assert {(heat["zmin"], heat["zmax"]) for heat in heats} == {(-1, 1)}
    assert heats[0]["colorscale"][5] == [0.5, DIVERGING[5]]
    digits = drawn(app)["data"][1]
    assert digits["text"] == ["−1", "0", "1", "−2", "0", "2", "−1", "0", "1"]
    assert "Separable: column [1 2 1] × row [−1 0 1], 6 multiplications instead of 9." in said(app)
    assert "the column and the row of the two passes" in said(app)


def test_exact_weights_stay_fractions() -> None:
    figure = figures.kernel(Matrix.parse("1/9 x [1 1 1; 1 1 1; 1 1 1]"))
    assert set(figure["data"][1]["text"]) == {"1/9"}
    assert figure["data"][2]["text"] == [["1/9"]] * 3
    assert figure["data"][4]["text"] == [["1"] * 3]


def test_a_kernel_of_more_than_9_x_9_has_no_digits_and_one_that_is_not_separable_no_passes() -> (
    None
):
    wide = figures.kernel(kernel("gaussian-31").matrix)
    assert {trace["type"] for trace in wide["data"]} == {"heatmap"}
    turned = figures.kernel(Matrix.parse("0 1; 1 0"))
    assert len(turned["data"]) == 2


@pytest.mark.parametrize("row", KERNELS, ids=lambda row: row.id)
def test_every_preset_is_drawn_with_its_own_weights(row) -> None:
    cells = figures.kernel(row.matrix)["data"][0]
    largest = np.abs(row.weights).max()
    np.testing.assert_allclose(numbers(cells["z"]) * largest, row.weights, atol=1e-15)


def test_digits_are_black_or_white_by_what_reads_better() -> None:
    # By WCAG's luminance: dark brown 0.04 and dark blue 0.02 take white, the others black.
    assert [ink(share) for share in (-1, -0.6, 0, 0.6, 1)] == [
        "#fff", "#000", "#000", "#000", "#fff",
    ]  # fmt: skip


# Frequencies, histogram, profile, method


def test_the_frequencies_are_those_of_the_kernel() -> None:
    app = opened(k="box-3", chart="frequencies", s="2")
    (heat,) = drawn(app)["data"]
    z = numbers(heat["z"])
    # Of 1/9 nine times: 1 in the middle, 1/3 half-way to the edge's middle, 1/9 in the corner.
    assert z[[32, 0, 0], [32, 32, 0]] == pytest.approx([1, 1 / 3, 1 / 9])
    assert (heat["zmin"], heat["zmax"]) == (0, pytest.approx(1))
    ends = [heat["colorscale"][0], heat["colorscale"][-1]]
    assert ends == [[0, DIVERGING[5]], [1, DIVERGING[10]]]
    assert (heat["x"][0], heat["x"][32], heat["y"][64]) == (-0.5, 0, 0.5)
    assert "keeps flat areas (gain 1)" in said(app)
    assert "The stride leaves out outputs after that." in said(app)


def test_the_histogram_is_that_of_the_input_and_of_the_map() -> None:
    app = opened(**{"in": "scene", "k": "sobel-x", "chart": "histogram"})
    values, image = feature_map(scene(app)), scene(app).image
    upper, lower = drawn(app)["data"]
    assert (sum(upper["y"]), sum(lower["y"])) == (image.size, values.size)
    colours = np.array(lower["marker"]["color"])
    assert numbers(lower["y"])[colours == DIVERGING[1]].sum() == (values < 0).sum()
    assert f"{100 * np.mean(values < 0):.0f}\u00a0% are below 0" in said(app)
    assert f"{100 * np.mean(values > 255):.0f}\u00a0% above 255" in said(app)


def test_a_profile_has_the_numbers_along_its_line() -> None:
    app = opened(chart="profile", line="1,1,5,5")
    data = drawn(app)["data"]
    # The diagonal of the classic input, and of its map, which lies over rows and columns 2 to 4.
    assert data[0]["y"] == np.diag(Scene().image).tolist()
    assert data[-1]["y"] == [None, 12, 17, 14, None]
    assert data[-1]["text"][1] == "row 1, column 1: 12"
    assert "From row 1, column 1 to row 5, column 5: 5 pixels." in said(app)


def test_a_line_is_set_by_numbers_and_what_is_outside_is_refused() -> None:
    app = opened(chart="profile")
    fields = [app.number_input(key=f"line-{place}") for place in range(4)]
    assert [field.label for field in fields] == ["From row", "From column", "To row", "To column"]
    assert [field.value for field in fields] == [3, 1, 3, 5]
    app.number_input(key="line-2").set_value(1)
    run(app)
    assert scene(app).line == (2, 0, 0, 4)
    app.number_input(key="line-3").set_value(6)
    run(app)
    assert scene(app).line == (2, 0, 0, 4)
    told = [html.proto.body for html in app.get("html")]
    assert any("To column 6 is out of range: choose 1 to 5." in text for text in told)


def test_another_size_leaves_the_line_where_it_is_in_the_picture() -> None:
    pixels = np.zeros((128, 64, 3), np.uint8)
    desk = Desk(Scene(Picture(pixels), size=0, line=(127, 0, 64, 63)))
    small = input_section._put_size(desk, 32).scene
    # A quarter: rows 0 to 31, columns 0 to 15.
    assert (small.shape, small.line) == ((32, 16), (31, 0, 16, 15))
    # And back: the middle of each small pixel, 4 times as far.
    assert input_section._put_size(Desk(small), 0).scene.line == (126, 2, 66, 62)


def test_another_input_has_a_line_of_its_own() -> None:
    app = opened(chart="profile", line="1,1,5,5")
    app.selectbox(key="built-in").set_value("scene")
    run(app)
    rows, columns = scene(app).shape
    assert (scene(app).line, scene(app).line_in_use) == (
        None,
        (rows // 2, 0, rows // 2, columns - 1),
    )


def test_a_method_that_takes_very_much_longer_is_told_without_a_power_of_ten() -> None:
    row = charts._row(Cost("shifted", 961.0, 123.4))
    assert row.endswith("| 961 | 120 times |")
    assert charts._row(Cost("im2col", 961.0, 1.26)).endswith("| 961 | 1.3 times |")


def test_the_method_is_told_with_what_the_others_would_have_cost() -> None:
    app = opened(**{"in": "scene", "k": "gaussian-5", "chart": "method"})
    table = next(part.value for part in app.main.markdown if part.value.startswith("| Method"))
    assert "| Two passes | 10 | 1 (used) |" in table
    assert "| Banded matrix products | 25 | " in table
    assert "Rank 1: two passes of 5 instead of 25 products." in said(app)
    definition = opened(chart="method")
    assert "The plain definition" in said(definition)
