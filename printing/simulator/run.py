"""Ways to run simulated printers: until told to stop, or in a thread beside code that knows no loop."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from printing.simulator.printer import Simulator


async def serve(simulator: Simulator, *, listening: Callable[[int], None], until: asyncio.Event) -> None:
    """Starts, tells its port to `listening`, and stops when `until` is set."""
    async with simulator:
        listening(simulator.port)
        await until.wait()


@contextmanager
def running(*simulators: Simulator) -> Iterator[None]:
    """All `simulators` in one loop of a background thread; they listen when the block begins."""
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
    thread = threading.Thread(target=asyncio.run, args=(_run(simulators, started),), daemon=True)
    thread.start()
    loop, until = started.result()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(until.set)
        thread.join()


async def _run(
    simulators: tuple[Simulator, ...], started: "Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]]"
) -> None:
    until = asyncio.Event()
    try:
        await asyncio.gather(*(simulator.start() for simulator in simulators))
    except OSError as error:
        started.set_exception(error)
        return
    started.set_result((asyncio.get_running_loop(), until))
    await until.wait()
    await asyncio.gather(*(simulator.stop() for simulator in simulators))
