"""The standalone page as text: what is in it, and that nothing in it can get out."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys

import pytest

from convviz import client
from convviz.export.html import standalone
from convviz.geometry import Geometry
from convviz.inputs import Named
from convviz.kernels import kernel
from convviz.payload import payload
from convviz.scene import Patch, Scene
from convviz.ui.player import SCRIPT
from tests.test_house import ROOT

SUMMARY = "Cross-correlation, stride 1, no padding: output 3 × 3"
PATCH = Scene(Named("portrait"), kernel("sobel-x").matrix, patch=Patch(20, 30, 12))
DATA = re.compile(r'<script type="application/json" id="scene">(.*?)</script>', re.DOTALL)
CODE = re.compile(r'<script type="module">(.*?)</script>', re.DOTALL)


def page(scene: Scene = PATCH, **how: str) -> str:
    return standalone(scene, **{"title": "Step by step", "summary": SUMMARY, **how})


def test_the_data_is_the_players_own() -> None:
    told = json.loads(DATA.search(page())[1])
    assert {name: told[name] for name in payload(PATCH)} == json.loads(json.dumps(payload(PATCH)))
    assert told["summary"] == SUMMARY


def test_the_script_is_the_apps_and_the_policy_names_it() -> None:
    text = page()
    code = CODE.search(text)[1]
    assert SCRIPT in code
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    assert f"script-src 'sha256-{digest}';" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "http" not in policy


def test_nothing_is_fetched() -> None:
    text = page(address="https://example.org/?v=1")
    assert re.findall(r'\b(?:src|srcset|href)="([^"]*)"', text) == [
        "data:,",
        "https://example.org/?v=1",
    ]
    assert re.findall(r"@import|url\((?!#)|\bfetch\(|XMLHttpRequest|sendBeacon", text) == []


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", 'a & <b> "c" \''])
def test_texts_stay_texts(text: str) -> None:
    made = page(title=text, summary=text)
    assert json.loads(DATA.search(made)[1])["summary"] == text
    assert len(re.findall("<script", made)) == 2
    assert len(re.findall("</script", made)) == 2
    assert "<b>" not in made


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "/explore", "x"])
def test_only_links_lead_back(address: str) -> None:
    with pytest.raises(ValueError, match="is no link: begin it with https://"):
        page(address=address)


def test_an_address_cannot_leave_its_attribute() -> None:
    assert 'href="https://example.org/?a=&quot;&gt;&lt;b&gt;&amp;c"' in page(
        address='https://example.org/?a="><b>&c'
    )


@pytest.mark.parametrize("name", ["sobel-x", "gaussian-31"])
def test_a_patch_of_12_by_12_is_a_small_file(name: str) -> None:
    scene = Scene(
        Named("portrait"), kernel(name).matrix, Geometry(padding="same"), patch=Patch(20, 30, 12)
    )
    assert len(page(scene).encode()) < 150_000


def test_several_passes_are_shown_as_the_player_does() -> None:
    twice = Scene(Named("portrait"), times=2, patch=Patch(20, 30, 12))
    assert DATA.search(page(twice))[1] == DATA.search(page(twice.one_pass))[1]


def test_it_is_made_without_streamlit() -> None:
    program = (
        "import sys\n"
        "from convviz.export.html import standalone\n"
        "from convviz.scene import Scene\n"
        "made = standalone(Scene(), title='a', summary='b')\n"
        "print(len(made) > 50_000, 'streamlit' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (ran.stdout.split(), ran.stderr) == (["True", "False"], "")


def test_a_script_that_would_end_its_element_is_refused(monkeypatch) -> None:
    made = client.player()
    broken = client.Component(made.html, made.style, made.script + '"</SCRIPT>"')
    monkeypatch.setattr(client, "player", lambda: broken)
    with pytest.raises(ValueError, match="end of a script element"):
        page()
