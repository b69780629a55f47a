"""Client-side text, put together from small files.

A component takes one script and one style sheet as text, so the files it is made of are joined
here: they share one scope and need no imports of their own.
"""

from __future__ import annotations

import json
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
    parts = [path.read_text(encoding="utf-8") for path in (*shared, *paths)]
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
    return "\n".join(path.read_text(encoding="utf-8") for path in (_HERE / "tokens.css", *paths))
