"""How a feature map was computed, what it cost, and what other methods would have cost."""

from __future__ import annotations

from dataclasses import dataclass

from convviz.explorer import Whole

NAMES = {
    "shifted": "Shifted copies",
    "toeplitz": "Banded matrix products",
    "separable": "Two passes",
    "fourier": "Fourier transforms",
    "im2col": "Windows as columns",
    "dense": "Two matrices",
}
"""What the app calls the methods of `convviz.methods`."""


@dataclass(frozen=True)
class Cost:
    """What one method costs.

    Attributes
    ----------
    method : str
        One of `NAMES`.
    multiplications : float
        For one output cell.
    times : float
        The estimated time, in parts of that of the method that was used.
    """

    method: str
    multiplications: float
    times: float


def costs(whole: Whole) -> tuple[Cost, ...]:
    """Estimate what every method that could have made a map costs, the cheapest first.

    Returns
    -------
    tuple of Cost
        By the model that chose the method, not measured; the one that was used is among them.
        Empty where only the definition would do.
    """
    choice = whole.choice
    if choice is None:
        return ()
    used = choice.costs[choice.method]
    found = (
        Cost(method, choice.multiplications[method], cost / used)
        for method, cost in choice.costs.items()
    )
    return tuple(sorted(found, key=lambda cost: cost.times))


def about(whole: Whole) -> str:
    """Say which method computed a map, why, and how long it took."""
    choice = whole.choice
    if not whole.scene.is_one_pass:
        said = "This map is made of several: each was computed by the method that suits it."
    elif choice is None:
        said = (
            "The plain definition, one product after the other, as the player adds up. Only sums "
            "of a picture's whole numbers, if they are not too large, come out the same by every "
            "method; of other numbers the last digit would differ."
        )
    else:
        said = f"{choice.sentence[:1].upper()}{choice.sentence[1:]}."
    return f"{said} This map took {_time(whole.seconds)} when it was computed."


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"
