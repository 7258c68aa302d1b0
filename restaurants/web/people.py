"""Who did it, in the words of a counter: a first name, or the name of the screen."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from delivery.accounts.models import Account
from delivery.devices.models import Device
from delivery.ground.ids import public_id_in


def names_of(refs: Iterable[str]) -> Mapping[str, str]:
    """Actor.ref -> name, for accounts and devices; two queries."""
    kinds: dict[str, list[str]] = {"account": [], "device": []}
    for ref in set(refs):
        kind, _colon, public_id = ref.partition(":")
        if kind in kinds:
            kinds[kind].append(public_id)
    accounts = Account.objects.filter(public_id__in=map(public_id_in, kinds["account"]))
    devices = Device.objects.filter(public_id__in=map(public_id_in, kinds["device"]))
    people = {f"account:{pk}": name.split(" ")[0] for pk, name in accounts.values_list("public_id", "name")}
    screens = {f"device:{pk}": name for pk, name in devices.values_list("public_id", "name")}
    return {"system": _("Passeplat"), **people, **screens}
