"""What is said of the method that made a map, and what the others would have cost."""

from __future__ import annotations

import re

import numpy as np
import pytest

from convviz.costs import NAMES, about, costs
from convviz.explorer import Whole
from convviz.inputs import FULL_SIZE, Picture, Typed
from convviz.kernels import KERNELS, kernel
from convviz.matrices import Matrix
from convviz.methods.choice import SENTENCES, Task, choose, multiplications
from convviz.plans import plan
from convviz.scene import Scene

PHOTO = Picture(np.random.default_rng(5).integers(0, 256, (300, 400, 3), np.uint8))


def made(id: str, input: Picture | Typed = PHOTO, **more: object) -> Whole:
    return Whole.of(Scene(input, kernel(id).matrix, size=FULL_SIZE, **more))


def test_every_method_has_a_name() -> None:
    assert set(NAMES) == set(SENTENCES)


@pytest.mark.parametrize(
    ("task", "method", "expected"),
    [
        (Task((3, 5), (3, 5), (90, 90)), "shifted", 15),
        (Task((3, 5), (3, 5), (90, 90)), "toeplitz", 15),
        (Task((3, 5), (5, 9), (90, 90), depth=2), "im2col", 30),
        # 7 down and 9 across, twice.
        (Task((7, 9), (7, 9), (90, 90), rank=2), "separable", 32),
        # With a stride of 3 across, 3 columns are passed down for one output.
        (Task((7, 9), (7, 9), (90, 90), (2, 3), rank=1), "separable", 7 * 3 + 9),
        # One tile of 64 x 64, log2 = 12, gives 32 x 32 outputs: 4 times 12 there, 12 back, 2.
        (Task((33, 33), (33, 33), (32, 32)), "fourier", 4 * (12 + 12 + 2)),
        # Of every 2 x 2 of them one is kept.
        (Task((33, 33), (33, 33), (16, 16), (2, 2)), "fourier", 4 * 4 * (12 + 12 + 2)),
    ],
)
def test_multiplications_are_counted(task: Task, method: str, expected: float) -> None:
    assert multiplications(task, method) == pytest.approx(expected)


def test_a_choice_counts_for_every_method_it_had() -> None:
    chosen = choose(Task((9, 9), (9, 9), (300, 300), rank=1))
    assert set(chosen.multiplications) == set(chosen.costs) >= {"separable", "toeplitz", "fourier"}
    assert (chosen.multiplications["separable"], chosen.multiplications["toeplitz"]) == (18, 81)


@pytest.mark.parametrize("row", KERNELS, ids=lambda row: row.id)
def test_the_method_told_is_the_one_that_a_plan_uses(row) -> None:
    whole = made(row.id)
    if whole.choice is None:
        assert costs(whole) == ()
        return
    numerators, _ = row.matrix.numerators()
    planned = plan(whole.scene.image.shape, numerators)
    assert (whole.choice.method, whole.choice.sentence) == (planned.method, planned.sentence)
    cheapest, *others = costs(whole)
    assert (cheapest.method, cheapest.times) == (planned.method, 1)
    assert [cost.times for cost in others] == sorted(cost.times for cost in others)
    for cost in others:
        assert cost.times == planned.costs[cost.method] / planned.costs[planned.method] >= 1


def test_it_says_why_and_how_long() -> None:
    whole = made("gaussian-5")
    assert whole.choice is not None
    assert about(whole).lower().startswith(whole.choice.sentence.lower())
    found = re.search(r"This map took ([\d.]+) ms when it was computed\.$", about(whole))
    assert found is not None
    assert float(found[1]) == pytest.approx(1000 * whole.seconds, rel=0.01)


def test_typed_numbers_are_computed_by_the_definition_and_it_says_so() -> None:
    whole = Whole.of(Scene(Typed(Matrix.parse("0.1 0.2; 0.3 0.4")), Matrix.parse("1")))
    assert (whole.choice, costs(whole)) == (None, ())
    assert about(whole).startswith("The plain definition, one product after the other,")


def test_an_unchanged_map_keeps_its_time_and_its_method() -> None:
    before = made("box-3")
    after = Whole.of(made("box-3", step=4, chart="method", line=(1, 1, 2, 2)).scene, before)
    assert (after.seconds, after.choice) == (before.seconds, before.choice)
    assert after.near is before.near
