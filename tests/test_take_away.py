from __future__ import annotations

import pytest

from convviz.scene import Scene
from convviz.ui.take_away import pages
from convviz.ui.take_away.files import File


@pytest.mark.parametrize(
    ("panel", "maker"), [(pages.web_page, "standalone"), (pages.handout, "sheet")]
)
def test_a_page_is_made_when_its_button_is_pressed(
    panel, maker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[File] = []
    made: list[Scene] = []

    def make(scene: Scene, **about: str) -> str:
        made.append(scene)
        return "×"

    monkeypatch.setattr(pages.st, "text", lambda said: None)
    monkeypatch.setattr(pages, "offer", offered.append)
    monkeypatch.setattr(pages, maker, make)
    panel(Scene(), "https://example.org/")
    assert made == []
    assert offered[0].made() == "×".encode()
    assert made == [Scene()]
