"""Client-side text, put together from small files.

A component takes one script and one style sheet as text, so the files it is made of are joined
here: they share one scope and need no imports of their own. The player is put together here too,
because the standalone page carries the same one as the app.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from convviz.palette import DIVERGING

_UI = Path(__file__).parent / "ui"
_SHARED = _UI / "client"
_PLAYER = _UI / "player"
_QUOTES = re.compile("[\"'`/\\\\]")
_SIGNS = re.compile(" ?([=<>?:&|,;{}()*]) ?")
_PLAYER_SCRIPTS = (
    "model.js", "grid.js", "layout.js", "clock.js", "equation.js", "tables.js", "stage.js",
    "controls.js", "slip.js", "predict.js", "lecture.js", "address.js", "pointing.js", "modes.js",
    "player.js",
)  # fmt: skip
_PLAYER_STYLES = ("player.css", "predict.css", "lecture.css")


@dataclass(frozen=True)
class Component:
    """What a browser component consists of, as text.

    Attributes
    ----------
    html, style : str
    script : str
        One module; its default export starts the component.
    """

    html: str
    style: str
    script: str


def player() -> Component:
    """Put the player together."""
    return Component(
        html=(_PLAYER / "player.html").read_text(encoding="utf-8"),
        style=style(*(_PLAYER / name for name in _PLAYER_STYLES)),
        script=script(*(_PLAYER / name for name in _PLAYER_SCRIPTS)),
    )


def script(*paths: Path) -> str:
    """Join the shared script files and those of one component.

    Parameters
    ----------
    *paths : Path
        The component's files; the last one holds the default export.

    Returns
    -------
    str
        One module.
    """
    shared = [_SHARED / name for name in ("format.js", "colour.js", "dom.js", "place.js")]
    parts = [lean(path) for path in (*shared, *paths)]
    return "\n".join([f"const DIVERGING = {json.dumps(DIVERGING)};", *parts])


def style(*paths: Path) -> str:
    """Join the colour tokens and one component's style sheets.

    Parameters
    ----------
    *paths : Path
        The component's files.

    Returns
    -------
    str
        One style sheet.
    """
    return "\n".join(tight(path) for path in (_SHARED / "tokens.css", *paths))


def tight(path: Path) -> str:
    """Leave out of a style sheet what a browser does not need, but for some line breaks.

    Streamlit takes a text without line breaks for the name of a file.
    """
    return re.sub(r" *([{};,]) *", r"\1", bare(path)).replace(": ", ":")


def lean(path: Path) -> str:
    """Leave out of a script what a browser does not need and what is safe to leave out.

    Spaces round signs go where nothing in the line is quoted and nothing could be a pattern; not
    round + and -, for two of them would become one sign.
    """
    lines = bare(path).split("\n")
    return "\n".join(line if _QUOTES.search(line) else _SIGNS.sub(r"\1", line) for line in lines)


def bare(path: Path) -> str:
    """Leave out indentation and lines of comment: the text is sent again with every change."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/*")))
