"""The watch and axe see what they are there for; without this, quiet tests would prove nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver import (
    THEME_NOW,
    TRACEBACK,
    Server,
    ServerError,
    Watch,
    axe,
    axe_in_both_themes,
    is_local,
    turn_to_theme,
)
from tests.browser.screen import Screen, in_size, settle


def wait_for_problem(page: Page, watch: Watch, seen: str) -> None:
    for _ in range(100):  # frames, so that the browser's report has time to arrive
        if any(seen in problem for problem in watch.problems):
            return
        page.evaluate("new Promise(requestAnimationFrame)")
    pytest.fail(f"{seen!r} is not in {watch.problems}")


@pytest.mark.parametrize(
    ("script", "seen"),
    [
        ("console.error('shouted')", "console: shouted"),
        ("setTimeout(() => { throw new Error('thrown'); }, 0)", "uncaught: thrown"),
        ("fetch('http://192.0.2.1/data').catch(() => 0)", "to another machine: http://192.0.2.1/"),
        ("void new WebSocket('ws://192.0.2.1/data')", "to another machine: ws://192.0.2.1/data"),
    ],
)
def test_a_fault_in_the_page_is_seen(page, watch: Watch, script: str, seen: str) -> None:
    page.evaluate(script)
    wait_for_problem(page, watch, seen)
    watch.ignore += ["shouted", "thrown", "192.0.2.1"]
    assert watch.problems == []


def test_no_other_machine_is_reached(page, watch: Watch) -> None:
    page.evaluate("fetch('http://192.0.2.1/').catch(() => 0)")
    wait_for_problem(page, watch, "net::ERR_PROXY_CONNECTION_FAILED")
    watch.ignore.append("192.0.2.1")


def test_a_traceback_of_the_server_is_seen() -> None:
    watch = Watch()
    watch.note_log(f"started\n{TRACEBACK}:\n  ValueError: wrong\n")
    watch.note_log("stopped\n")
    assert watch.problems == [f"server: {TRACEBACK}:\n  ValueError: wrong\n"]


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8501/", True),
        ("ws://127.0.0.1:8501/_stcore/stream", True),
        ("blob:http://127.0.0.1:8501/1", True),
        ("data:text/plain,1", True),
        ("https://127.0.0.1.example.org/", False),
        ("https://example.org/127.0.0.1", False),
    ],
)
def test_local_is_this_machine(url: str, local: bool) -> None:
    assert is_local(url) == local


def test_axe_names_the_rule_and_the_element(page) -> None:
    page.set_content("<html lang=en><title>t</title><main><h1>t</h1><img src=data:,></main>")
    (violation,) = axe(page)
    assert violation.startswith("image-alt (critical)")
    assert "<img" in violation


def test_axe_passes_over_the_old_frame_only(page) -> None:
    text = "<html lang=en><title>t</title><{0}><h1>t</h1></{1}><p>outside</p>"
    page.set_content(text.format("main", "main"))
    assert [violation.split()[0] for violation in axe(page)] == ["region"]
    page.set_content(text.format("section class=stMain", "section"))
    assert not any(violation.startswith("region") for violation in axe(page))


def test_axe_sees_the_colours_of_the_dark_theme_too(page) -> None:
    page.set_content(
        """<html lang=en><title>t</title><style>
        .stApp { background: #fff; color: #000 }
        @media (prefers-color-scheme: dark) { .stApp { background: #111; color: #222 } }
        </style><main class=stApp><h1>dim</h1></main>"""
    )
    for _ in ("from the light one", "and back from the dark one"):
        (violation,) = axe_in_both_themes(page)
        assert violation.startswith("dark: color-contrast (serious)")


def test_axe_of_a_part_sees_into_its_shadow_tree_and_nothing_else(page) -> None:
    page.set_content(
        """<html lang=en><title>t</title><main><h1>t</h1><img id=out src=data:,><div></div>
        </main>"""
    )
    page.evaluate(
        """() => {
            const tree = document.querySelector("div").attachShadow({ mode: "open" });
            tree.innerHTML = "<p class=part><img id=in src=data:,></p><img id=by src=data:,>";
        }"""
    )
    assert len(axe(page)) == 3
    (violation,) = axe(page, part=page.locator(".part"))
    assert 'id="in"' in violation


def test_a_page_has_settled_when_nothing_moves_any_more(page) -> None:
    page.set_content("<p style='position: absolute; left: 0'>moves</p>")
    page.evaluate(
        """() => {
            const one = document.querySelector("p");
            const move = () => {
                one.style.left = `${one.offsetLeft + 1}px`;
                if (one.offsetLeft < 30) requestAnimationFrame(move);
            };
            requestAnimationFrame(move);
        }"""
    )
    settle(page)
    assert page.evaluate("document.querySelector('p').offsetLeft") == 30


def test_an_error_says_in_which_size_it_was_made(page) -> None:
    with pytest.raises(AssertionError) as caught, in_size(page, (320, 640)):
        raise AssertionError
    assert caught.value.__notes__ == ["It is the case (320, 640)."]
    assert page.evaluate("[innerWidth, innerHeight]") == [320, 640]


def test_a_server_that_ends_is_reported_with_its_log(tmp_path: Path) -> None:
    server = Server(tmp_path / "server.log", app=tmp_path / "missing.py")
    with pytest.raises(ServerError, match=r"(?s)The server ended with .*missing\.py"):
        server.start()


def test_a_tab_given_back_is_as_good_as_new(tabs, app_url):
    page = tabs.take()
    page.goto(f"{app_url}/_stcore/health?one")
    page.evaluate("sessionStorage.score = '[3,4]'")
    page.goto(f"{app_url}/_stcore/health?two")
    tabs.give_back(page)
    assert tabs.take() is page
    assert page.evaluate("[sessionStorage.length, history.length]") == [0, 1]
    page.close()


def test_a_page_visited_again_is_as_it_is_opened(visit):
    query = "?v=1&in=random&pad=same"
    screen = Screen(visit(query))
    for key in (".", "ArrowDown", "p", "l", "+"):
        screen.press(key)
    turn_to_theme(screen.page, "dark")
    for other in (query, "?v=1&k=box-3"):
        screen = Screen(visit(other))
        screen.at(1)
        expect(screen.status).to_contain_text(re.compile(r"equals \S+\.$"))
        expect(screen.region).not_to_be_focused()
        expect(screen.region.locator(".total")).not_to_have_text("?")
        expect(screen.button("Lecture view")).to_be_visible()
        assert screen.page.evaluate(THEME_NOW) == "light"
