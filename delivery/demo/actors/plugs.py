"""Ports for the printers: where a port is taken, as by a second demonstration on this machine, the printer moves."""

import socket
from dataclasses import replace

import structlog

from delivery.demo.actors.cast import Cast, Device
from printing.models import Printer
from printing.services.printers import move_printer

log = structlog.get_logger(__name__)

HERE = "127.0.0.1"


def plug_in(casts: list[Cast]) -> None:
    """Make sure that every printer can listen on the port that the platform sends to."""
    for cast in casts:
        cast.printers = [_plugged_in(device) for device in cast.printers]


def _plugged_in(device: Device) -> Device:
    if _is_free(device.port):
        return device
    port = _any_port()
    log.info("printer_moved", printer=device.uid, port=port)
    move_printer(printer=Printer.objects.get(uid=device.uid), host=HERE, port=port, by="system:demo")
    return replace(device, port=port)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as who listens will ask
        try:
            probe.bind((HERE, port))
        except OSError:
            return False
    return True


def _any_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])
