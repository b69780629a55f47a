"""The process in which a TIFF is decoded: what it may do, and that it is not believed."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import PIL
import pytest
from PIL import Image

from convviz import picture_reader, tiff_child
from convviz.images import read_image
from tests.picture_files import (
    COLOUR,
    refusal,
    saved,
)

CHILD = Path(tiff_child.__file__)
SMALL_TIFF = saved(Image.fromarray(COLOUR), "TIFF")


def test_tiff_is_read_from_any_folder_whatever_lies_in_it(tmp_path, monkeypatch):
    for name in ("PIL.py", "struct.py", "io.py", "resource.py"):
        (tmp_path / name).write_text("raise SystemExit('wrong file')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    np.testing.assert_array_equal(read_image(SMALL_TIFF), COLOUR)


def test_the_child_loads_pillow_and_nothing_of_ours():
    pillow = Path(PIL.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "importtime", str(CHILD), str(pillow)],
        input=SMALL_TIFF,
        capture_output=True,
        check=True,
    )
    head, _, pixels = done.stdout.partition(b"\n")
    assert head == b"ok RGB 7 5 65535"
    assert pixels == COLOUR.tobytes()
    loaded = {line.split("|")[-1].strip() for line in done.stderr.decode().splitlines()}
    assert "PIL.TiffImagePlugin" in loaded
    assert not {"numpy", "streamlit", "convviz"} & {name.split(".")[0] for name in loaded}


def test_the_child_is_limited():
    check = (
        f"import sys; sys.path.insert(0, {str(CHILD.parent)!r}); import tiff_child, resource\n"
        "assert tiff_child.limit()\n"
        "assert resource.getrlimit(resource.RLIMIT_CPU) == (10, 10)\n"
        "assert resource.getrlimit(resource.RLIMIT_FSIZE) == (0, 0)\n"
        "bytearray(tiff_child.MEMORY)\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", check], capture_output=True, check=False)
    assert done.stderr.strip().endswith(b"MemoryError")


# In place of the child's script: what it finds round itself.
LOOK_ROUND = (
    "import json, os, sys\n"
    "sys.stdin.buffer.read()\n"
    "print(json.dumps([dict(os.environ), sys.flags.isolated, sys.flags.no_site]))\n"
)


def test_the_child_inherits_no_secret(tmp_path, monkeypatch):
    script = tmp_path / "look_round.py"
    script.write_text(LOOK_ROUND, "utf-8")
    monkeypatch.setattr(tiff_child, "__file__", str(script))
    for name in ("DATABASE_PASSWORD", "AWS_SECRET_ACCESS_KEY", "PYTHONSTARTUP", "HOME"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path), prepend=os.pathsep)
    environment, isolated, no_site = json.loads(picture_reader._ask_child(b""))
    assert environment["PATH"] == os.environ["PATH"]
    assert environment["LD_LIBRARY_PATH"] == os.environ["LD_LIBRARY_PATH"]
    assert "secret" not in environment.values()
    # Python itself may add a locale, and macOS a code of its own.
    ours = {name for name in environment if name in os.environ and not name.startswith("LC_")}
    assert ours <= {"PATH", "LD_LIBRARY_PATH", "__CF_USER_TEXT_ENCODING"}
    assert (isolated, no_site) == (1, 1)


# The child's own main, with a decoder that only tells the limits it works under.
UNDER_LIMITS = f"""
import sys; sys.path.insert(0, {str(CHILD.parent)!r})
import tiff_child, resource as r
names = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_CORE")
tiff_child.answer = lambda data: (str([r.getrlimit(getattr(r, name))[1] for name in names]), b"")
"""


def test_the_limits_are_there_before_anything_is_decoded():
    done = subprocess.run(
        [sys.executable, "-I", "-c", UNDER_LIMITS + "tiff_child.main('nowhere')"],
        input=SMALL_TIFF,
        capture_output=True,
        check=True,
    )
    assert done.stdout == f"[{tiff_child.MEMORY}, 10, 0, 0]\n".encode()


def test_without_limits_nothing_is_decoded():
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            f"{UNDER_LIMITS}tiff_child.limit = lambda: False\ntiff_child.main('nowhere')",
        ],
        input=SMALL_TIFF,
        capture_output=True,
        check=True,
    )
    assert done.stdout == b"no limits\n"


def test_a_child_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(picture_reader, "TIFF_SECONDS", 0.001)
    assert "too much memory or time" in refusal(SMALL_TIFF)


def test_many_can_read_at_the_same_time():
    files = [SMALL_TIFF, saved(Image.fromarray(COLOUR), "PNG")] * 4
    with ThreadPoolExecutor(8) as pool:
        for pixels in pool.map(read_image, files):
            np.testing.assert_array_equal(pixels, COLOUR)


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (b"", "too much memory or time"),
        (b"no memory\n", "too much memory or time"),
        (b"no limits\n", "TIFF pictures cannot be read on this system"),
        (b"ok RGB 30000 30000 65535\n", "30000 x 30000 pixels"),
        (b"ok RGB 2 2 65535\n12345678901", "damaged"),
        (b"ok F 1 1 65535\n1234", "too much memory or time"),
        (b"no size many few\n", "damaged"),
        (b"no mode <b>\n", "too much memory or time"),
    ],
)
def test_the_child_is_not_believed(reply, sentence, monkeypatch):
    monkeypatch.setattr(picture_reader, "_ask_child", lambda data: reply)
    assert sentence in refusal(SMALL_TIFF)


def test_tiff_is_refused_where_no_limited_process_can_be_had(monkeypatch):
    sentence = "TIFF pictures cannot be read on this system"
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "emscripten")
        assert refusal(SMALL_TIFF).startswith(sentence)
    with monkeypatch.context() as patch:  # as on Windows
        patch.setattr(picture_reader.importlib.util, "find_spec", lambda name: None)
        assert refusal(SMALL_TIFF).startswith(sentence)
