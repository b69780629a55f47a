"""What the browser gets: shorter, but the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from convviz import client

UI = Path(client.__file__).parent / "ui"


@pytest.mark.parametrize(
    ("line", "lean"),
    [
        ("  const a = (b, c) => b ? c : d;", "const a=(b,c)=>b?c:d;"),
        ("x = a + +b - -c;", "x=a + +b - -c;"),
        ('say("a = b");', 'say("a = b");'),
        ("text = `${a} : ${b}`;", "text = `${a} : ${b}`;"),
        ("if (/a ; b/.test(c)) return;", "if (/a ; b/.test(c)) return;"),
        ("// why", ""),
        ("/** What. */", ""),
    ],
)
def test_a_script_loses_only_what_means_nothing(line: str, lean: str, tmp_path: Path) -> None:
    path = tmp_path / "part.js"
    path.write_text(line)
    assert client.lean(path) == lean


def test_a_style_sheet_keeps_the_spaces_that_mean_something(tmp_path: Path) -> None:
    path = tmp_path / "part.css"
    path.write_text("/* why */\n.a :is(b, .c > d) {\n  color: red; margin: 0 2px;\n}\n")
    assert client.tight(path) == ".a :is(b,.c > d){\ncolor:red;margin:0 2px;\n}"


@pytest.mark.parametrize("path", sorted(UI.rglob("*.js")), ids=lambda path: path.stem)
def test_no_text_of_a_script_goes_over_several_lines(path: Path) -> None:
    """Inside one, a line would not show that it is quoted."""
    assert all(line.count("`") % 2 == 0 for line in path.read_text("utf-8").splitlines())
