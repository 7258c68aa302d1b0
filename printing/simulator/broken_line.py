"""What can happen to a connection in the middle of a ticket."""

import asyncio
import socket
import struct

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def cut_the_line(writer: asyncio.StreamWriter | None, faults: frozenset[str]) -> bool:
    """Obeys `half_close`, `hang_up` and `cut_off`; returns whether nothing of the rest arrives."""
    if writer is not None and not writer.is_closing():
        if "half_close" in faults:
            writer.write_eof()
        if "hang_up" in faults:
            writer.close()
        elif "cut_off" in faults:
            connection = writer.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            writer.transport.abort()
    return bool(faults & {"hang_up", "cut_off"})
