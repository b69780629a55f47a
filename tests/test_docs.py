"""What the documentation shows works: its examples run, and its links lead somewhere."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
from pathlib import Path

import numpy as np
import pytest

from convviz.matrices import parse_matrix
from tests.test_house import ROOT, modules

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLES = [name for name, path in modules(ROOT).items() if ">>>" in path.read_text("utf-8")]
BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
# A table in a comment, such as "12 12 17 / 10 17 19".
TABLE = re.compile(r"(?:-?\d+ )+-?\d+(?: / (?:-?\d+ )+-?\d+)+")


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_in_docstrings_give_what_they_say(name: str) -> None:
    said: list[str] = []
    runner = doctest.DocTestRunner()
    for test in doctest.DocTestFinder().find(importlib.import_module(name)):
        runner.run(test, out=said.append)
    assert "".join(said) == ""
    assert runner.tries > 0


BLOCKS = [
    pytest.param(found["text"], id=f"{page.name}-{number}")
    for page in PAGES
    for number, found in enumerate(BLOCK.finditer(page.read_text("utf-8")), start=1)
    if found["language"] == "python"
]


def said_and_given(code: str) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Run code; for each line that ends in a table, give the line, the table and the line's value.

    Every line is run as it stands, so a line that raises fails the test.
    """
    names: dict[str, object] = {"__name__": "example"}
    lines, found = code.splitlines(), []
    for statement in ast.parse(code).body:
        value: object = None
        if isinstance(statement, ast.Expr):
            value = eval(compile(ast.Expression(statement.value), "example", "eval"), names)
        else:
            exec(compile(ast.Module([statement], []), "example", "exec"), names)
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                value = names[statement.targets[0].id]
        line = lines[(statement.end_lineno or 0) - 1]
        comment = line[statement.end_col_offset or 0 :].strip(" #")
        if TABLE.fullmatch(comment):
            found.append((line, parse_matrix(comment.replace(" / ", "\n")), np.asarray(value)))
    return found


@pytest.mark.parametrize("code", BLOCKS)
def test_the_python_in_the_documentation_runs_and_its_comments_are_true(code: str) -> None:
    for line, said, given in said_and_given(code):
        np.testing.assert_array_equal(given, said, err_msg=line)


def test_the_tables_in_the_readme_are_found() -> None:
    # Two comments of the README are tables: the classic kernel, and what it makes of the image.
    (code,) = (block.values[0] for block in BLOCKS if block.id.startswith("README"))
    assert [said.tolist() for _, said, _ in said_and_given(code)] == [
        [[0, 1, 2], [2, 2, 0], [0, 1, 2]],
        [[12, 12, 17], [10, 17, 19], [9, 6, 14]],
    ]


def anchors(page: Path) -> set[str]:
    """Name the headings as GitHub does: lower case, no punctuation, a hyphen for each space."""
    text = BLOCK.sub("", page.read_text("utf-8"))
    return {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in HEADING.findall(text)
    }


def broken_links(page: Path) -> list[str]:
    broken = []
    for target in LINK.findall(BLOCK.sub("", page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        leads_to = page.parent / name if name else page
        if not leads_to.exists() or (anchor and anchor not in anchors(leads_to)):
            broken.append(f"{page.name}: {target}")
    return broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_a_broken_link_is_named(tmp_path: Path) -> None:
    page = tmp_path / "A.md"
    page.write_text(
        "# Two words, and a ×\n[here](#two-words-and-a-) [site](https://example.org/#x) [b](B.md)\n"
        "[c](C.md) [there](B.md#one) [nowhere](B.md#two) ![picture](p.png)\n",
        "utf-8",
    )
    (tmp_path / "B.md").write_text("text\n\n## One\n\n```\n## Two\n[no](link)\n```\n", "utf-8")
    assert broken_links(page) == ["A.md: C.md", "A.md: B.md#two", "A.md: p.png"]
