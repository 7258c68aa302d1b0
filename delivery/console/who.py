"""Names for the references that the log keeps of who did something."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from delivery.accounts.models import Account
from delivery.devices.models import Device

MACHINES = {"system", "engine", "worker-print", "demo", "relay", ""}


def names_of(refs: Iterable[str]) -> Mapping[str, str]:
    """A name per reference; two queries for all of them."""
    wanted = set(refs)
    accounts = {public_id: ref for ref in wanted if (public_id := _id_in(ref, "account"))}
    devices = {public_id: ref for ref in wanted if (public_id := _id_in(ref, "device"))}
    names = {ref: _plain(ref) for ref in wanted}
    for public_id, name in Account.objects.filter(public_id__in=accounts).values_list("public_id", "name"):
        names[accounts[public_id]] = name or _("somebody with an account")
    for public_id, name in Device.objects.filter(public_id__in=devices).values_list("public_id", "name"):
        names[devices[public_id]] = name
    return names


def _id_in(ref: str, kind: str) -> UUID | None:
    start = f"{kind}:"
    if not ref.startswith(start):
        return None
    try:
        return UUID(ref.removeprefix(start))
    except ValueError:
        return None


def _plain(ref: str) -> str:
    if ref in MACHINES:
        return "Passeplat"
    if ref.startswith("guest:"):
        return _("without account")
    return ref.partition(":")[0]
