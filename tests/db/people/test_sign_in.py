"""Pairing codes and phone codes: once, in time, and only a few guesses."""

from datetime import timedelta

import pytest

from delivery.accounts import limits
from delivery.accounts import services as accounts
from delivery.accounts.errors import AccountExists, PhoneCodeWrong, PhoneInvalid
from delivery.accounts.models import Account, PhoneCode
from delivery.devices import services as devices
from delivery.devices.errors import PairingCodeWrong
from delivery.devices.models import Device, Kind, PairingCode
from delivery.ground.errors import TooMany
from restaurants.models import Restaurant
from tests import world

pytestmark = pytest.mark.django_db

HERE = "203.0.113.9"


@pytest.fixture
def bistro() -> Restaurant:
    return world.restaurant(world.city())


def code_for(restaurant: Restaurant, **more: object) -> str:
    return devices.create_pairing_code(kind=Kind.LOBBY, restaurant=restaurant, by="account:x", **more)  # type: ignore[arg-type]


def test_a_code_pairs_one_device_of_its_restaurant(bistro: Restaurant) -> None:
    code = code_for(bistro)
    device, secret = devices.pair_device(code=f" {code[:4].lower()}-{code[4:]}", caller=HERE)
    assert (device.restaurant, device.kind) == (bistro, "lobby")
    assert secret.startswith(devices.SECRET_PREFIX)
    with pytest.raises(PairingCodeWrong):
        devices.pair_device(code=code, caller=HERE)
    assert Device.objects.count() == 1


def test_a_code_with_many_uses_pairs_that_many(bistro: Restaurant) -> None:
    code = code_for(bistro, uses=2)
    secrets = {devices.pair_device(code=code, caller=HERE)[1] for _ in range(2)}
    assert len(secrets) == 2
    with pytest.raises(PairingCodeWrong):
        devices.pair_device(code=code, caller=HERE)


def test_a_code_that_is_too_old_pairs_nothing(bistro: Restaurant) -> None:
    with pytest.raises(PairingCodeWrong):
        devices.pair_device(code=code_for(bistro, valid_for=timedelta(0)), caller=HERE)


def test_five_wrong_codes_close_the_door_even_to_the_right_one(
    bistro: Restaurant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "WRONG_CODES_PER_ADDRESS", one_long_window(devices.WRONG_CODES_PER_ADDRESS))
    code = code_for(bistro)
    for _ in range(5):
        with pytest.raises(PairingCodeWrong):
            devices.pair_device(code="BBBBBBBB", caller=HERE)
    with pytest.raises(TooMany) as refusal:
        devices.pair_device(code=code, caller=HERE)
    assert refusal.value.retry_after_s
    assert PairingCode.objects.get().uses_left == 1
    devices.pair_device(code=code, caller="203.0.113.10")


def test_right_codes_use_no_tries_up(bistro: Restaurant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "WRONG_CODES_PER_ADDRESS", one_long_window(devices.WRONG_CODES_PER_ADDRESS))
    code = code_for(bistro, uses=8)
    for _ in range(8):
        devices.pair_device(code=code, caller=HERE)


def one_long_window(limit: limits.Limit) -> limits.Limit:
    """The same limit in a window that no test run leaves."""
    return limits.Limit(limit.name, most=limit.most, per=timedelta(days=36_500))


@pytest.fixture
def luz() -> Account:
    return accounts.create_account(phone="+56 9 1234 5678", name="Luz")


def test_a_phone_code_signs_in_once(luz: Account) -> None:
    code = accounts.issue_phone_code(phone="+56912345678", caller=HERE)
    assert code is not None
    assert code not in PhoneCode.objects.get().sha256
    assert accounts.check_phone_code(phone="+56 912 345 678", code=code, caller=HERE) == luz
    with pytest.raises(PhoneCodeWrong):
        accounts.check_phone_code(phone="+56912345678", code=code, caller=HERE)


def test_five_wrong_guesses_end_a_phone_code(luz: Account) -> None:
    code = accounts.issue_phone_code(phone="+56912345678", caller=HERE)
    assert code is not None
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        with pytest.raises(PhoneCodeWrong):
            accounts.check_phone_code(phone="+56912345678", code=wrong, caller=HERE)
    with pytest.raises(PhoneCodeWrong):
        accounts.check_phone_code(phone="+56912345678", code=code, caller=HERE)


def test_an_older_code_is_void(luz: Account) -> None:
    first = accounts.issue_phone_code(phone="+56912345678", caller=HERE)
    second = accounts.issue_phone_code(phone="+56912345678", caller=HERE)
    assert first is not None
    if first != second:
        with pytest.raises(PhoneCodeWrong):
            accounts.check_phone_code(phone="+56912345678", code=first, caller=HERE)


def test_codes_per_phone_are_few(luz: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "CODES_PER_PHONE", one_long_window(accounts.CODES_PER_PHONE))
    for n in range(3):
        accounts.issue_phone_code(phone="+56912345678", caller=f"203.0.113.{n}")
    with pytest.raises(TooMany):
        accounts.issue_phone_code(phone="+56912345678", caller="203.0.113.77")


def test_an_unknown_phone_gets_no_code_and_no_account() -> None:
    assert accounts.issue_phone_code(phone="+56987654321", caller=HERE) is None
    assert not Account.objects.exists()


@pytest.mark.parametrize("phone", ["912345678", "hello", "", "+1"])
def test_what_is_no_phone_number_is_refused(phone: str) -> None:
    with pytest.raises(PhoneInvalid):
        accounts.issue_phone_code(phone=phone, caller=HERE)


def test_an_account_is_made_once(luz: Account) -> None:
    with pytest.raises(AccountExists):
        accounts.create_account(phone="+56912345678")
