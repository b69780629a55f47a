"""A line to the app on which what page and server say to each other is late, both ways.

That is what a visitor far away has; files are not late, since their page is open already.

It is a process of its own, `python -m tests.browser.slow_line PORT SECONDS`: ending it ends
everything on the line.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.browser.driver import HOST, ROOT


@contextmanager
def slow_line(port: int, seconds: float) -> Iterator[str]:
    """Serve what is on a port a second time, late; give the address."""
    command = [sys.executable, "-m", __name__, str(port), str(seconds)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as line:
        assert line.stdout
        try:
            yield f"http://{HOST}:{line.stdout.readline().strip()}"
        finally:
            line.kill()


async def serve(port: int, seconds: float) -> None:
    """Listen on a free port, print it, and go on for ever."""

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(HOST, port)
        back.write(request := await reader.read(65536))
        late = seconds if b"upgrade: websocket" in request.lower() else 0
        await asyncio.gather(pass_on(reader, back, late), pass_on(there, writer, late))

    server = await asyncio.start_server(connect, HOST, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float
) -> None:
    """Pass on every chunk in its order, each as late as the others: a delay, not a bottleneck."""
    loop = asyncio.get_running_loop()
    try:
        while chunk := await reader.read(65536):
            loop.call_later(seconds, writer.write, chunk)
    except ConnectionError:
        pass
    loop.call_later(seconds, writer.close)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
