"""Which addresses a webhook may have: never our own network, whatever name it hides behind."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from delivery.ground.errors import Invalid


class WebhookAddressRefused(Invalid):
    code, title = "webhook_address_refused", "Events cannot be sent to this address"


@dataclass(frozen=True, slots=True)
class Address:
    """Where to connect: `ip` was looked up and judged now, and the name is not asked again."""

    scheme: str
    host: str
    port: int
    ip: str
    path: str


def webhook_address(url: str) -> Address:
    """The judged address of a webhook.

    Raises:
        WebhookAddressRefused: not https (http only inside settings.WEBHOOK_NETWORKS), with a user name, unknown, or
            one of its addresses is private, of this machine, or otherwise not of the public internet.
    """
    parts = _parts(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _refused("unknown_host", f"{host} has no address") from error
    ips = [str(entry[4][0]) for entry in found]
    ours = [_is_listed(ip) for ip in ips]
    if not ips or not all(listed or _is_public(ip) for ip, listed in zip(ips, ours, strict=True)):
        raise _refused("private_address", f"{host} is not on the public internet")
    if parts.scheme != "https" and not all(ours):
        raise _refused("not_https", "only https")
    return Address(parts.scheme, host, port, ips[0], f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}")


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _refused("invalid", "not an address") from error
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.password or port == 0:
        raise _refused("invalid", "https://host/path, without user name")
    return parts


def _is_public(ip: str) -> bool:
    parsed = _parsed(ip)
    return parsed.is_global and not parsed.is_multicast


def _is_listed(ip: str) -> bool:
    parsed = _parsed(ip)
    networks = [ipaddress.ip_network(network) for network in settings.WEBHOOK_NETWORKS]
    return any(parsed.version == network.version and parsed in network for network in networks)


def _parsed(ip: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address that is meant: IPv4 inside IPv6 (mapped, 6to4, NAT64) counts as what it leads to."""
    parsed = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour
        if inner is None and parsed in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        return inner or parsed
    return parsed


def _refused(code: str, message: str) -> WebhookAddressRefused:
    return WebhookAddressRefused(message, fields={"url": [{"code": code, "message": message}]})
