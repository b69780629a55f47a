"""`python -m benchmarks` measures everything and writes docs/performance.md.

`python -m benchmarks steps edits` measures only these and prints them.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import (
    core,
    edits,
    explore,
    exports,
    finish,
    machine,
    packing,
    payloads,
    rerun,
    steps,
    traces,
    visit,
)
from benchmarks.browser import stand
from benchmarks.table import MISSED, Section, table, wrapped

MODULES = {
    "steps": steps,
    "finish": finish,
    "edits": edits,
    "explore": explore,
    "visit": visit,
    "payloads": payloads,
    "exports": exports,
    "rerun": rerun,
    "traces": traces,
    "core": core,
    "packing": packing,
}
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"

INTRODUCTION = (
    "What the app costs and how fast it answers, measured in a real browser on one machine. A goal "
    "stands beside each figure that has one, and whether it is met. On a busy machine the figures "
    "vary between runs, most of all the 95th percentiles (p95); ratios, taken within one run, vary "
    "least. kB and MB are 1000 and 1 000 000 bytes."
)
AGAIN = (
    "To measure again: `make bench`. It takes five to seven minutes and writes this page. Only a "
    'part, which is printed: `make bench ARGS="steps edits"`, one or more of {names}.'
)


def page(sections: Sequence[Section], measured_on: Sequence[tuple[str, str]]) -> str:
    """Write the whole of docs/performance.md."""
    parts = [
        "# Performance",
        wrapped(INTRODUCTION),
        wrapped(AGAIN.format(names=", ".join(MODULES))),
        table(("measured on", ""), measured_on),
        verdict(sections),
        *(section.markdown().strip() for section in sections),
    ]
    return "\n\n".join(parts) + "\n"


def verdict(sections: Sequence[Section]) -> str:
    """Count the goals and name those that are missed."""
    judged = [(section, row) for section in sections for row in section.judged]
    missed = [(section, row) for section, row in judged if row[-1] == MISSED]
    text = f"{len(judged) - len(missed)} of {len(judged)} goals are met."
    lines = [f"- {section.title}, {row[0]}: {row[-3]}, {row[-2]}" for section, row in missed]
    return "\n".join([text + (" Not met:" if missed else ""), *([""] if missed else []), *lines])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MODULES))
    names = parser.parse_args().names
    if unknown := [name for name in names if name not in MODULES]:
        parser.error(f"{unknown[0]} is not measured: choose from {', '.join(MODULES)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers end too
    start = time.perf_counter()
    busy = machine.load()
    sections = []
    with stand() as place:
        for name in names or MODULES:
            sections.append(MODULES[name].measure(place))
            print(sections[-1].markdown(), flush=True)
        facts = machine.facts(place.version, busy)
    print(verdict(sections))
    print(f"{busy} at the start; {time.perf_counter() - start:.0f} s in all")
    if not names:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page(sections, facts), encoding="utf-8")


if __name__ == "__main__":
    main()
