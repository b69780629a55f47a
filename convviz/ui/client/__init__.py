"""Client-side text, put together from small files.

A component takes one script and one style sheet as text, so the files it is made of are joined
here: they share one scope and need no imports of their own.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from convviz.palette import DIVERGING

_HERE = Path(__file__).parent


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
    shared = [_HERE / name for name in ("format.js", "colour.js", "dom.js")]
    parts = [_bare(path) for path in (*shared, *paths)]
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
    text = "\n".join(_bare(path) for path in (_HERE / "tokens.css", *paths))
    # Streamlit takes a text without line breaks for the name of a file.
    return re.sub(r" *([{};,]) *", r"\1", text).replace(": ", ":")


def _bare(path: Path) -> str:
    """Leave out indentation and lines of comment: the text is sent again with every change."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/**")))
