"""The rules of the house that a program can check: who imports whom, how large a file may be."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = "convviz"

# From top to bottom, the way the data goes. A file imports only from lines above its own; files of
# one folder (methods, export, ui) may import each other.
ORDER = (
    "geometry",
    "arrays",
    "notation",
    "matrices",
    "matrix_edits",
    "kernels",
    "frequencies",
    "tiff_child",
    "picture_reader",
    "images",
    "inputs",
    "methods",
    "plans",
    "convolution",
    "trace",
    "layers",
    "limits",
    "passes",
    "line",
    "palette",
    "display",
    "histogram",
    "scene",
    "chain",
    "feature_map",
    "whole_map",
    "screen",
    "sketch",
    "picture_pair",
    "payload",
    "explorer",
    "tiles",
    "gallery",
    "profile",
    "costs",
    "packing",
    "parameters",
    "travelling",
    "summary",
    "url",
    "client",
    "export",
    "ui",
)
KEPT_OUT = ("streamlit", "pandas", "pyarrow", "plotly")
MAX_LINES = 400
DANGEROUS_JS = re.compile(
    r"innerHTML|insertAdjacentHTML|outerHTML|document\.write|\beval\s*\(|new\s+Function\b"
)


def module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(root: Path) -> dict[str, Path]:
    return {module_name(path, root): path for path in sorted((root / PACKAGE).rglob("*.py"))}


def line_of(module: str) -> str:
    """Return the word of ORDER a module belongs to; "" for the package itself."""
    return module.removeprefix(PACKAGE).lstrip(".").split(".")[0]


@cache
def imports(path: Path, root: Path) -> tuple[tuple[int, str], ...]:
    """Give line number and full name of everything a file imports, functions' imports too.

    `from a import b` gives a.b, because b may be a module; `from . import b` is made absolute.
    """
    package = module_name(path, root).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found += ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
    return (*found,)


def unlisted(root: Path) -> list[str]:
    lines = {line_of(name) for name in modules(root)} - {""}
    return sorted(f"{PACKAGE}.{line} is not in ORDER" for line in lines - set(ORDER))


def out_of_order(root: Path) -> list[str]:
    known = modules(root)
    found = []
    for name, path in known.items():
        own = line_of(name)
        for number, imported in imports(path, root):
            if imported.split(".")[0] != PACKAGE:
                continue
            other = line_of(imported if imported in known else imported.rpartition(".")[0])
            if own == "" and other != "ui":
                continue
            if own == "ui" or other == own != "":
                continue
            if own in ORDER and other in ORDER[: ORDER.index(own)]:
                continue
            found.append(f"{path.relative_to(root)}:{number} imports {imported}")
    return found


def drawn_in(root: Path) -> list[str]:
    """Name the files that import what only the views may import."""
    views = [root / PACKAGE / "ui", root / "pages", root / "app.py"]
    places = [root / "app.py", *(root / PACKAGE).rglob("*.py"), *(root / "assets").rglob("*.py")]
    return [
        f"{path.relative_to(root)}:{number} imports {imported}"
        for path in places
        if path.exists() and not any(path.is_relative_to(view) for view in views)
        for number, imported in imports(path, root)
        if imported.split(".")[0] in KEPT_OUT
    ]


def too_long(root: Path) -> list[str]:
    texts = [p for p in (root / PACKAGE).rglob("*") if p.suffix in {".py", ".js", ".css", ".html"}]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sorted(texts)}
    return [
        f"{path.relative_to(root)} has {lines} lines, {MAX_LINES} are allowed"
        for path, lines in lengths.items()
        if lines > MAX_LINES
    ]


def dangerous_js(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}:{number}: {line.strip()}"
        for path in sorted((root / PACKAGE).rglob("*.js"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if DANGEROUS_JS.search(line)
    ]


CHECKS = (unlisted, out_of_order, drawn_in, too_long, dangerous_js)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_project_keeps_the_rule(check) -> None:
    assert check(ROOT) == []


def test_the_core_imports_no_view_library() -> None:
    names = [name for name in modules(ROOT) if line_of(name) != "ui"]
    program = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        f"print([name for name in {KEPT_OUT!r} if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert (ran.stdout.strip(), ran.stderr) == ("[]", "")


# Each rule broken once, in a project of two or three files.
BROKEN = [
    (unlisted, {"convviz/helpers.py": ""}, "convviz.helpers is not in ORDER"),
    (
        out_of_order,
        {"convviz/geometry.py": "def f():\n    from .trace import g\n", "convviz/trace.py": ""},
        "convviz/geometry.py:2 imports convviz.trace.g",
    ),
    (
        out_of_order,
        {"convviz/geometry.py": "from convviz import url", "convviz/url.py": ""},
        "convviz/geometry.py:1 imports convviz.url",
    ),
    (
        out_of_order,
        {"convviz/methods/loops.py": "from ..trace import g", "convviz/trace.py": ""},
        "convviz/methods/loops.py:1 imports convviz.trace.g",
    ),
    (
        out_of_order,
        {"convviz/trace.py": "from convviz import correlate2d"},
        "convviz/trace.py:1 imports convviz.correlate2d",
    ),
    (
        out_of_order,
        {"convviz/__init__.py": "from .ui import page", "convviz/ui/page.py": ""},
        "convviz/__init__.py:1 imports convviz.ui.page",
    ),
    (
        drawn_in,
        {"convviz/scene.py": "import streamlit as st"},
        "convviz/scene.py:1 imports streamlit",
    ),
    (
        too_long,
        {"convviz/ui/player/player.js": "\n" * 401},
        "convviz/ui/player/player.js has 401 lines, 400 are allowed",
    ),
    (
        dangerous_js,
        {"convviz/ui/player/player.js": "// fine\n  cell.innerHTML = name;\n"},
        "convviz/ui/player/player.js:2: cell.innerHTML = name;",
    ),
]


@pytest.mark.parametrize(("check", "files", "complaint"), BROKEN)
def test_a_broken_rule_is_named(check, files: dict, complaint: str, tmp_path: Path) -> None:
    for name, text in {"convviz/__init__.py": "", **files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert check(tmp_path) == [complaint]


def test_the_order_allows_what_it_should(tmp_path: Path) -> None:
    files = {
        "__init__.py": "from .trace import trace\n",
        "geometry.py": "import numpy as np\n",
        "trace.py": "from .geometry import Geometry\nfrom convviz import geometry\n",
        "methods/__init__.py": "from . import loops\n",
        "methods/loops.py": "from ..geometry import Geometry\n",
        "methods/shifted.py": "from .loops import plain\n",
        "ui/page.py": "import streamlit\nfrom convviz import trace\nimport convviz.url\n",
        "url.py": "",
    }
    for name, text in files.items():
        (tmp_path / PACKAGE / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / PACKAGE / name).write_text(text, encoding="utf-8")
    assert [complaint for check in CHECKS for complaint in check(tmp_path)] == []
