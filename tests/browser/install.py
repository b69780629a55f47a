"""Find a Chromium for the browser tests, or install one: `python tests/browser/install.py`.

In this order: the program named by the variable CHROMIUM; Chromium's headless shell, which opens a
page in half the time; a Chromium or Chrome of the system; what Playwright downloaded before. When
there is none: apt on Debian for root, else Playwright's download.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SHELL = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
WINDOWS = (
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)


def find_browser(*, whole: bool = False) -> str | None:
    """Return the path of a browser that starts, or None when Playwright has to bring its own.

    With `whole`, a browser as people use it comes before the headless shell.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        if not starts(named):
            raise SystemExit(f"CHROMIUM names {named}, which does not start: correct or unset it.")
        return named
    return next((path for path in candidates(whole=whole) if starts(path)), None)


def candidates(*, whole: bool) -> Iterator[str]:
    names = (*NAMES, SHELL) if whole else (SHELL, *NAMES)
    yield from filter(None, map(shutil.which, names))
    yield from (path for path in (*MACOS, *WINDOWS) if Path(path).exists())


def starts(path: str) -> bool:
    """Tell a browser from a stub that only says how to install one."""
    if sys.platform == "win32":  # where --version opens a window
        return Path(path).exists()
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def downloaded() -> str | None:
    """Return the path of the Chromium that Playwright downloaded, or None."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def system() -> str:
    """Return "debian", "ubuntu", ... on Linux, and "" elsewhere."""
    try:
        return platform.freedesktop_os_release().get("ID", "")
    except OSError:
        return ""


def install_with_apt() -> bool:
    """Install the headless shell, or, where Debian has none yet, Chromium."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update"], env=env)
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "fonts-dejavu-core"]
    return any(
        subprocess.run([*install, package], env=env).returncode == 0
        for package in (SHELL, "chromium")
    )


def install_with_playwright() -> bool:
    command = [sys.executable, "-m", "playwright", "install"]
    if is_root() and system() in {"debian", "ubuntu"}:
        command.append("--with-deps")  # the libraries it needs, by apt
    return subprocess.run([*command, "chromium"]).returncode == 0


def main() -> int:
    if path := find_browser() or downloaded():
        print(f"Browser for the tests: {path}")
        return 0
    print("No Chromium or Chrome was found: installing one.", flush=True)
    if is_root() and system() == "debian" and install_with_apt() and find_browser():
        return 0
    if install_with_playwright():
        return 0
    print(
        "No browser could be installed: install Chromium or Chrome, or name one in CHROMIUM.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
