"""Which addresses and files a printer may have: a name given by a person must never reach what is not a printer."""

import ipaddress
import socket
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from printing.errors import AddressRefused


def printer_address(host: str) -> str:
    """The address to connect to, resolved now; connect to this and not to the name, which may change its mind.

    Raises:
        AddressRefused: the name is unknown, or one of its addresses lies outside settings.PRINTER_NETWORKS.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _refused("unknown_host", gettext("%(host)s has no address") % {"host": host}) from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(_is_allowed(address) for address in addresses):
        raise _refused(
            "address_outside_networks", gettext("%(host)s lies outside the networks of printers") % {"host": host}
        )
    return addresses[0]


def printer_path(path: str) -> str:
    """The device or file behind `path`, all links resolved, if it lies in a folder of printers.

    Raises:
        AddressRefused: it lies elsewhere (settings.PRINTER_FOLDERS), so a ticket would overwrite what is no paper.
    """
    real = Path(path).resolve()
    if not any(real.is_relative_to(Path(folder).resolve()) for folder in settings.PRINTER_FOLDERS if folder):
        raise _refused("path_outside_folders", f"{path} lies outside the folders of printers")
    return str(real)


def _is_allowed(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    networks = [ipaddress.ip_network(network.strip()) for network in settings.PRINTER_NETWORKS if network.strip()]
    return any(parsed.version == network.version and parsed in network for network in networks)


def _refused(code: str, message: str) -> AddressRefused:
    return AddressRefused(message, fields={"host": [{"code": code, "message": message}]})
