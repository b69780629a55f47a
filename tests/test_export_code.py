"""Every sample is run as it stands, in a process that knows nothing of convviz."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from convviz.export.code import LIBRARIES, sample
from convviz.export.tables import INPUT, WRITERS
from convviz.export.written import literal
from convviz.feature_map import feature_map
from convviz.matrices import Matrix
from convviz.notation import to_float
from convviz.scene import Scene
from tests.export_scenes import SCENES, expected_map

# PyTorch is no dependency; its samples are only compiled.
RUN = [name for name in LIBRARIES if name != "pytorch"]
RUNNER = """
import contextlib, os, pathlib, runpy, sys
import numpy as np
for path in sorted(pathlib.Path(".").glob("*/*.py")):
    os.chdir(path.parent)
    with contextlib.redirect_stdout(None):
        names = runpy.run_path(path.name, run_name="__main__")
    np.save(path.stem + ".made.npy", np.array(names["feature_map"], float))
    os.chdir("..")
"""


def put(folder: Path, scene: Scene, library: str) -> Path:
    """Write a sample and what it needs into a folder."""
    folder.mkdir(exist_ok=True)
    made = sample(scene, library)
    if made.needs:
        with (folder / made.needs).open("wb") as file:
            WRITERS[made.needs.partition(".")[2]](scene, INPUT, file)
    path = folder / f"{library}.py"
    path.write_text(made.text, encoding="utf-8")
    return path


def run(folder: Path, *arguments: str) -> str:
    """Run Python without this project on its path and without warnings."""
    ran = subprocess.run(
        [sys.executable, "-P", "-W", "error", *arguments],
        cwd=folder,
        env={name: text for name, text in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


def test_each_sample_makes_the_feature_map(tmp_path: Path) -> None:
    """All in one process: to import SciPy and OpenCV for each would take most of the time."""
    for name, scene in SCENES.items():
        for library in RUN:
            put(tmp_path / name, scene, library)
    run(tmp_path, "-c", RUNNER)
    for name, scene in SCENES.items():
        expected, shown = expected_map(scene), feature_map(scene)
        # Sums of the size of the products are rounded differently.
        reach = np.abs(scene.image).max() * np.abs(scene.kernel.weights).sum() + abs(scene.bias)
        near = partial(np.testing.assert_allclose, rtol=1e-12, atol=1e-12 * reach)
        near(shown, expected, err_msg=name)
        for library in RUN:
            found = np.load(tmp_path / name / f"{library}.made.npy")
            near(found, expected, err_msg=f"{name}, {library}")
            near(found, shown, err_msg=f"{name}, {library}")


@pytest.mark.parametrize("library", RUN)
def test_a_sample_runs_as_it_stands_and_prints_the_map(tmp_path: Path, library: str) -> None:
    path = put(tmp_path, Scene(), library)
    printed = run(tmp_path, path.name)
    numbers = [float(word) for word in printed.replace("[", " ").replace("]", " ").split()]
    assert numbers == [12, 12, 17, 10, 17, 19, 9, 6, 14]


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_large_input_comes_from_a_file_that_is_named_at_the_top(library: str) -> None:
    small, large = (sample(SCENES[name], library) for name in ("small picture", "large picture"))
    assert small.needs == ""
    assert large.needs == ("input.csv" if library == "loops" else "input.npy")
    head = [line for line in large.text.splitlines()[:4] if line.startswith("#")]
    assert any(large.needs in line for line in head)
    assert large.needs in large.text.replace("\n".join(head), "")


@pytest.mark.parametrize("library", LIBRARIES)
def test_more_than_one_pass_is_said_not_to_be_shown(library: str) -> None:
    scene = Scene(operation="conv")
    text = sample(scene, library).text
    assert "one pass" not in text
    twice = sample(replace(scene, times=2), library).text
    assert "# It shows one pass" in twice
    assert twice.replace(twice.splitlines()[2 if library != "loops" else 1] + "\n", "") == text


@pytest.mark.parametrize("name", SCENES)
def test_pytorch_samples_are_python_and_name_every_setting(name: str) -> None:
    scene = SCENES[name]
    text = sample(scene, "pytorch").text
    compile(text, name, "exec")
    assert (f"stride={scene.geometry.stride}" in text) == (scene.geometry.stride != (1, 1))
    assert (f"dilation={scene.geometry.dilation}" in text) == (scene.geometry.dilation != (1, 1))
    assert ("torch.flip" in text) == scene.flip
    assert ("[0, 0]\n" in text) == (scene.bias == 0)
    pads = any(np.ravel(scene.geometry.pads(scene.shape, scene.kernel.shape)))
    assert (("F.pad(" in text) + ("np.pad(" in text)) == pads


def test_fractions_stay_as_typed() -> None:
    scene = Scene(kernel=Matrix.parse("1/16 x [1/9 05 .5]"))
    text = sample(scene, "numpy").text
    assert "kernel = 1/16 * np.array([\n    [1/9, 5, .5],\n], float)" in text


@pytest.mark.parametrize(
    ("token", "written"),
    [
        ("1/9", "1/9"),
        ("007", "7"),
        ("-05/010", "-5/10"),
        ("00.50", "0.50"),
        ("1e05", "1e5"),
        ("1.005", "1.005"),
        ("0", "0"),
        ("+2", "+2"),
        ("1e400/1e399", "10"),  # no float64 holds either side
        ("1e-400/1e-399", "0.1"),
    ],
)
def test_a_token_is_written_so_that_python_reads_its_value(token: str, written: str) -> None:
    value = to_float(token)
    assert literal(token, value) == written
    assert eval(written) == pytest.approx(value, rel=1e-15)


def test_an_unknown_library_is_named() -> None:
    with pytest.raises(ValueError, match="Library 'matlab' is unknown: choose one of loops, num"):
        sample(Scene(), "matlab")
