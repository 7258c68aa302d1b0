"""Pairing, and the end of it: a code on a staff screen becomes a device with a secret of its own."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from delivery.accounts import limits
from delivery.devices.errors import PairingCodeWrong
from delivery.devices.models import Device, DeviceState, Kind, PairingCode
from delivery.ground import clock
from delivery.ground.ids import CODE_ALPHABET, new_code, new_token, sha256_of
from restaurants.models import Restaurant

SECRET_PREFIX = "ppd_"
CODE_VALID_FOR = timedelta(minutes=10)
WRONG_CODES_PER_ADDRESS = limits.Limit("wrong pairing codes", most=5, per=timedelta(minutes=1))


def create_pairing_code(
    *, kind: Kind, restaurant: Restaurant, by: str, valid_for: timedelta = CODE_VALID_FOR, uses: int = 1
) -> str:
    """A code of 8 characters that pairs `uses` devices of a restaurant; shown once. `by`: the actor's ref."""
    code = new_code()
    PairingCode.objects.create(
        kind=kind,
        restaurant=restaurant,
        sha256=_code_hash(code),
        expires_at=clock.now() + valid_for,
        uses_left=uses,
        created_by=by,
    )
    return code


def pair_device(*, code: str, caller: str, name: str = "") -> tuple[Device, str]:
    """Turn a code into a device; returns it and its secret, which nobody can read again.

    Args:
        code: as typed; case, spaces and dashes do not matter. caller: the network address that tries.
    Raises:
        PairingCodeWrong: the same for unknown, used and expired. TooMany: five wrong codes in a minute from
        one address; call outside a transaction, or a refused try is not counted.
    """
    limits.count_try(WRONG_CODES_PER_ADDRESS, caller)
    device, secret = _pair(code=code, name=name)
    limits.give_back(WRONG_CODES_PER_ADDRESS, caller)
    return device, secret


@transaction.atomic
def _pair(*, code: str, name: str) -> tuple[Device, str]:
    pairing = (
        PairingCode.objects.select_for_update(of=("self",))
        .filter(sha256=_code_hash(code), uses_left__gt=0, expires_at__gt=clock.now())
        .select_related("restaurant")
        .first()
    )
    if pairing is None:
        raise PairingCodeWrong()
    PairingCode.objects.filter(pk=pairing.pk).update(uses_left=F("uses_left") - 1)
    return register_device(
        kind=Kind(pairing.kind), restaurant=pairing.restaurant, name=name or str(Kind(pairing.kind).label)
    )


def register_device(*, kind: Kind, restaurant: Restaurant, name: str) -> tuple[Device, str]:
    """A device without a code: printers, and whoever has proved their right in another way."""
    return register_devices(wanted=[(kind, restaurant, name)])[0]


def register_devices(*, wanted: Iterable[tuple[Kind, Restaurant, str]]) -> list[tuple[Device, str]]:
    """Several of these at once, each a kind, its restaurant and its name; with their secrets, in the same order."""
    now = clock.now()
    secrets: list[str] = []
    devices: list[Device] = []
    for kind, restaurant, name in wanted:
        secrets.append(SECRET_PREFIX + new_token())
        devices.append(
            Device(
                kind=kind,
                city_id=restaurant.city_id,
                restaurant=restaurant,
                name=name[:60],
                language=restaurant.language,
                secret_sha256=sha256_of(secrets[-1]),
                paired_at=now,
            )
        )
    return list(zip(Device.objects.bulk_create(devices), secrets, strict=True))


def revoke_device(*, device: Device) -> None:
    """The device's secret stops working at once, also for sockets that are open."""
    revoke_devices(ids=[device.pk])


def revoke_devices(*, ids: Iterable[int]) -> None:
    """The same for several at once."""
    Device.objects.filter(pk__in=ids, revoked_at__isnull=True).update(
        revoked_at=clock.now(), rights_version=F("rights_version") + 1
    )


def report_state(
    *, device_ids: Iterable[int], sound: str, battery_percent: int | None, is_charging: bool | None, app_version: str
) -> None:
    """What a screen says about itself: whether it would be heard, and how long it lives.

    Args:
        device_ids: a browser may be two devices. sound: a DeviceState.Sound.
    """
    for device_id in device_ids:
        DeviceState.objects.update_or_create(
            device_id=device_id,
            defaults={
                "sound": DeviceState.Sound(sound),
                "battery_percent": battery_percent,
                "is_charging": is_charging,
                "app_version": app_version[:20],
                "reported_at": clock.now(),
            },
        )


def set_language(*, device: Device, language: str) -> None:
    """The language of the device's screen, kept when its browser forgets."""
    Device.objects.filter(pk=device.pk).update(language=language)


def _code_hash(typed: str) -> str:
    code = "".join(letter for letter in typed.upper() if letter in CODE_ALPHABET)
    # Keyed: eight characters behind a bare SHA-256 would be read back from a stolen table.
    return salted_hmac("devices.pairing_code", code, algorithm="sha256").hexdigest()
