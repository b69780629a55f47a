"""The player as a person meets it: its buttons, tables and sentence, by their accessible names."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

STATUS = re.compile(r"Position (\d+) of (\d+)")
BOX = {"name": "Convolution player"}


class Screen:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.region = page.get_by_role("region", **BOX)

    @property
    def status(self) -> Locator:
        return self.region.get_by_role("status")

    @property
    def slider(self) -> Locator:
        return self.region.get_by_role("slider", name="Position")

    def button(self, name: str) -> Locator:
        return self.region.get_by_role("button", name=name, exact=True)

    def press(self, key: str) -> None:
        """Press a key with the focus on the player itself."""
        self.region.focus()
        self.page.keyboard.press(key)

    def at(self, step: int) -> None:
        expect(self.status).to_contain_text(re.compile(rf"^Position {step} of "))

    def value(self) -> float:
        """Return the exact value the sentence ends with."""
        text = self.status.text_content() or ""
        found = re.search(r"equals (\S+)\.$", text)
        assert found, text
        return number(found[1])

    def table(self, caption: str) -> list[list[str]]:
        """Return the texts of a table, row by row, without its headings and what a cell is."""
        return self.region.evaluate(
            """(region, caption) => {
                const table = [...region.querySelectorAll("table")]
                  .find((one) => one.caption.textContent.split(",")[0] === caption);
                const texts = (row) => [...row.querySelectorAll("td")]
                  .map((td) => td.textContent.split(",")[0]);
                return [...table.tBodies[0].rows].map(texts);
            }""",
            caption,
        )

    def numbers(self, caption: str) -> list[list[float]]:
        """Return a table's numbers; empty cells are left out."""
        rows = [[number(text) for text in row if text] for row in self.table(caption)]
        return [row for row in rows if row]

    def flat(self, caption: str) -> list[float]:
        """Return a table's numbers in reading order."""
        return [value for row in self.numbers(caption) for value in row]

    def panel(self, name: str) -> Locator:
        return self.region.locator(f'[data-panel="{name}"] .grid')

    def cell(self, name: str, row: int, column: int, shape: tuple[int, int]) -> dict[str, float]:
        """Return where in a grid's box the middle of a cell is, for a click or a hover."""
        box = self.panel(name).bounding_box()
        assert box
        return {
            "x": box["width"] * (column + 0.5) / shape[1],
            "y": box["height"] * (row + 0.5) / shape[0],
        }


def number(text: str) -> float:
    """Read a number as the screen writes it: a fraction, a true minus sign."""
    text = text.replace("\u2212", "-")
    over, _, under = text.partition("/")
    return float(over) / float(under or 1)


def pick(page: Page, label: str, option: str) -> None:
    """Choose an option of a list without waiting for anything the server says."""
    page.get_by_role("combobox", name=label, exact=True).click()
    page.keyboard.insert_text(option)  # a long list draws only a part of itself
    page.get_by_role("option", name=option, exact=True).click()


def touched(page: Page, *moments: list[tuple[float, float]]) -> None:
    """Touch with fingers at these places, moment by moment; none at last."""
    touch = page.context.new_cdp_session(page)
    for moment, fingers in enumerate(moments):
        kind = "touchEnd" if not fingers else "touchMove" if moment else "touchStart"
        points = [{"x": x, "y": y} for x, y in fingers]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
