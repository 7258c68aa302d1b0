"""A network printer that is not there: ESC/POS in, tickets on (simulated) paper out, faults on demand.

Owns what a real printer would do to the bytes and to the person waiting. Refuses to know our orders: its
paper is the oracle that our database is judged by. Needs no database. Faults and their meaning: `faults.py`.
Entries: `Simulator` (asyncio, many in one loop), `serve(...)`, and `running(...)` for code without a loop.
"""

from printing.simulator.faults import FAULTS, Fault, Timing, UnknownFault
from printing.simulator.printer import Simulator
from printing.simulator.run import running, serve
from printing.simulator.sheet import Ticket

__all__ = ["FAULTS", "Fault", "Simulator", "Ticket", "Timing", "UnknownFault", "running", "serve"]
