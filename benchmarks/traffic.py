"""What a page sends to its server and receives from it, as the browser's network counts it."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, replace
from typing import Any

from playwright.sync_api import Page

_BINARY = 2
_REST_MS = 1000
_MOST_SECONDS = 20


@dataclass
class Traffic:
    """Counts from the moment of `watch`, before the page goes anywhere.

    Bytes are those of requests and answers that went over the wire, headers included, and the
    payloads of websocket frames. What the browser asks for by itself, such as the page's icon,
    counts too.
    """

    requests: int = 0
    frames: int = 0
    sent: int = 0
    received: int = 0

    @classmethod
    def watch(cls, page: Page) -> Traffic:
        counts = cls()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.requestWillBeSent", counts._body)
        wire.on("Network.requestWillBeSentExtraInfo", counts._request)
        wire.on("Network.loadingFinished", counts._loaded)
        wire.on("Network.webSocketFrameSent", counts._frame_sent)
        wire.on("Network.webSocketFrameReceived", counts._frame_received)
        return counts

    def copy(self) -> Traffic:
        return replace(self)

    def since(self, before: Traffic) -> Traffic:
        """Return what was added after a copy was made."""
        return Traffic(
            self.requests - before.requests,
            self.frames - before.frames,
            self.sent - before.sent,
            self.received - before.received,
        )

    def wait_for_rest(self, page: Page) -> None:
        """Return when nothing has come or gone for a second: late files of the first visit."""
        deadline = time.monotonic() + _MOST_SECONDS
        before = None
        while before != self and time.monotonic() < deadline:
            before = self.copy()
            page.wait_for_timeout(_REST_MS)

    @property
    def bytes(self) -> int:
        return self.sent + self.received

    def _body(self, event: dict[str, Any]) -> None:
        self.sent += len(event["request"].get("postData", ""))

    def _request(self, event: dict[str, Any]) -> None:
        """Take in the headers of a request that leaves the browser, not of one from its cache."""
        self.requests += 1
        self.sent += sum(len(f"{name}: {value}\r\n") for name, value in event["headers"].items())

    def _loaded(self, event: dict[str, Any]) -> None:
        self.received += int(event["encodedDataLength"])

    def _frame_sent(self, event: dict[str, Any]) -> None:
        self.frames += 1
        self.sent += _length(event["response"])

    def _frame_received(self, event: dict[str, Any]) -> None:
        self.frames += 1
        self.received += _length(event["response"])


def _length(frame: dict[str, Any]) -> int:
    payload = frame["payloadData"]
    return len(base64.b64decode(payload) if frame["opcode"] == _BINARY else payload.encode())
