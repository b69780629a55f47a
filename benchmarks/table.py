"""Figures beside their goals, as Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FIGURES = ("figure", "measured", "goal", "")
MET, MISSED = "met", "**not met**"


@dataclass(frozen=True)
class Goal:
    """A limit a figure is held to: the most it may be, or with `least` the least."""

    limit: float
    least: bool = False

    def is_met(self, value: float) -> bool:
        return value >= self.limit if self.least else value <= self.limit

    def text(self, unit: str) -> str:
        return f"at {'least' if self.least else 'most'} {quantity(self.limit, unit)}"


@dataclass(frozen=True)
class Section:
    """One table and what its numbers mean; rows have as many texts as `head`."""

    title: str
    about: str
    rows: Sequence[Sequence[str]]
    head: Sequence[str] = FIGURES

    def markdown(self) -> str:
        parts = [f"## {self.title}", wrapped(self.about), table(self.head, self.rows)]
        return "\n\n".join(parts) + "\n"

    @property
    def judged(self) -> list[Sequence[str]]:
        """The rows that have a goal."""
        return [row for row in self.rows if row[-1] in (MET, MISSED)]


def figure(name: str, value: float, unit: str, goal: Goal | None = None) -> tuple[str, ...]:
    """Make a row of a table headed by FIGURES."""
    if goal is None:
        return name, quantity(value, unit), "", ""
    verdict = MET if goal.is_met(value) else MISSED
    return name, quantity(value, unit), goal.text(unit), verdict


def quantity(value: float, unit: str) -> str:
    """Write a number with its unit; bytes become kB or MB of 1000."""
    if unit == "bytes" and abs(value) >= 1_000_000:
        return f"{value / 1_000_000:.4g} MB"
    if unit == "bytes" and abs(value) >= 10_000:
        return f"{value / 1000:.4g} kB"
    return f"{number(value)} {unit}".strip()


def number(value: float) -> str:
    """Write a number with three digits, more only where it is whole."""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3g}"


def wrapped(text: str) -> str:
    return textwrap.fill(text, 100, break_on_hyphens=False, break_long_words=False)


def ratio(value: float) -> str:
    return f"{number(value)}×"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table; every column but the first stands to the right."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))
