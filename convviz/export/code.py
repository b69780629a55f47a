"""Code that computes the feature map again, with the user's own numbers, in five ways.

A sample is what a person would write: it pads by the library's own means, multiplies and adds, and
holds the result as ``feature_map``. An input too large to be read as code comes from a file of
`tables`, which must lie in the folder where the sample is run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from convviz.export.libraries import in_numpy, in_opencv, in_pytorch, in_scipy
from convviz.export.loops import loops
from convviz.export.written import CSV, NPY, Task
from convviz.limits import check_choice
from convviz.scene import Scene


@dataclass(frozen=True)
class Library:
    """One way to compute a feature map.

    Attributes
    ----------
    name : str
        For the screen.
    write : Task -> str
    packages : str
        What must be installed, as pip names it; "" for nothing.
    reads : str
        The file a large input comes from.
    """

    name: str
    write: Callable[[Task], str]
    packages: str
    reads: str = NPY


LIBRARIES = {
    "loops": Library("plain Python", loops, "", CSV),
    "numpy": Library("NumPy", in_numpy, "numpy"),
    "scipy": Library("SciPy", in_scipy, "numpy scipy"),
    "opencv": Library("OpenCV", in_opencv, "numpy opencv-python"),
    "pytorch": Library("PyTorch", in_pytorch, "numpy torch"),
}


@dataclass(frozen=True)
class Sample:
    """A program, and the file it needs beside it.

    Attributes
    ----------
    text : str
    needs : str
        "input.csv" or "input.npy", as `tables` writes the input; "" where the numbers are in the
        text.
    """

    text: str
    needs: str = ""


def sample(scene: Scene, library: str) -> Sample:
    """Write a program that computes the feature map of one pass.

    Parameters
    ----------
    scene : Scene
    library : str
        One of `LIBRARIES`.

    Returns
    -------
    Sample
        Its ``feature_map`` is that of the scene, but for the last bits: it divides when a person
        would, the app at the very end.
    """
    check_choice("Library", library, list(LIBRARIES))
    task, chosen = Task(scene.one_pass), LIBRARIES[library]
    needs = chosen.reads if task.from_file else ""
    text = f"{_head(scene, chosen, needs)}\n{chosen.write(task)}\n"
    return Sample(text, needs)


def _head(scene: Scene, library: Library, needs: str) -> str:
    operation = "Convolution" if scene.flip else "Cross-correlation"
    lines = [f"# {operation} in {library.name}, with the numbers of one scene of convviz."]
    if library.packages:
        lines.append(f"# It needs: pip install {library.packages}")
    if needs:
        lines.append(f"# It reads {needs}, which is offered beside it: run it in the same folder.")
    if not scene.is_one_pass:
        lines.append("# It shows one pass: Explore applies the kernel again, or subtracts a map.")
    return "\n".join(lines)
