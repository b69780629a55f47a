"""The page Share without a browser: what it draws, and what from the wire cannot hurt it."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from convviz.ui import page
from convviz.ui.take_away import drawn
from tests.test_app import query, run

APP = Path(__file__).parents[1] / "app.py"


def opened(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30).switch_page(page.SHARE)
    app.query_params.update(parameters)
    return run(app)


def test_the_page_is_complete_when_it_is_opened_by_its_own_link() -> None:
    app = opened(v="1", k="sobel-x", step="4")
    assert app.number_input(key="position").value == 4
    assert [button.label for button in app.get("download_button")] == [
        "Save step as PNG",
        "Save step as SVG",
    ]
    assert query(app) == {"v": "1", "k": "sobel-x", "step": "4"}


def test_a_chosen_position_is_in_the_address() -> None:
    app = opened(k="sobel-x")
    app.number_input(key="position").set_value(7)
    assert query(run(app))["step"] == "7"


def test_back_to_an_address_without_a_query_is_followed(monkeypatch) -> None:
    # As before Streamlit 1.65: only the page's script knows of it.
    app = opened()
    app.number_input(key="position").set_value(7)
    run(app)
    monkeypatch.setattr(page, "_LISTENS", True)
    monkeypatch.setattr(page, "_back", dict)
    assert run(app).number_input(key="position").value == 1


@pytest.mark.parametrize("said", [True, -1, 1.5, "3", None, [], {}])
def test_of_the_button_only_whole_positions_count(said, monkeypatch) -> None:
    monkeypatch.setattr(page, "_said", lambda what: {"step": said})
    assert page._shared() is None


def test_a_choice_and_the_button_in_one_run_make_an_animation() -> None:
    # Its size is then not foretold yet: two bars may be needed, one after the other.
    app = opened(m="1,2_3,4", k="1,2")
    app.button_group(key="what").set_value("Animation")
    run(app)
    app.selectbox(key="width").set_value(480)
    app.button(key="make").click()
    run(app)
    assert any("zip" in one.label or "gif" in one.label for one in app.get("download_button"))


def test_what_grows_beyond_the_limit_is_stopped_while_it_is_made(monkeypatch) -> None:
    monkeypatch.setattr(drawn, "_LARGEST", 1_500_000)
    file = drawn._Limited()
    file.write(bytes(1_500_000))
    with pytest.raises(ValueError, match=r"more than 1\.5 MB: choose a smaller width"):
        file.write(b"1")
    assert len(file.getvalue()) == 1_500_000
