"""`python -m tests.benchmarks.bare_printers N`: N simulated printers in a process of their own, one line of ports, then
on each line of input one line of JSON: what was cut since the last time, `[[first line, seconds since the epoch], ..]`.
"""

import asyncio
import json
import sys

from printing.simulator import Simulator


async def main(count: int) -> None:
    simulators = [Simulator() for _ in range(count)]
    say([await simulator.start() for simulator in simulators])
    while await asyncio.to_thread(sys.stdin.readline):
        cut = [ticket for simulator in simulators for ticket in simulator.take_tickets()]
        say([[ticket.lines[0].text, ticket.cut_at.timestamp()] for ticket in cut])


def say(words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
