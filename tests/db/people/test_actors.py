"""Who a request or a socket is, and what that opens."""

import pytest

from delivery.accounts import services as accounts
from delivery.accounts.models import AccessToken, Account
from delivery.cities.models import City
from delivery.cities.models import Membership as CityMembership
from delivery.devices import actors
from delivery.devices import services as devices
from delivery.devices.models import Device, Kind
from delivery.ground.access import Actor
from delivery.ground.errors import NotSignedIn
from delivery.ground.live.origin import BEARER
from dispatch.fleet.models import Deliverer
from restaurants.models import Membership, Restaurant
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Account:
    return world.account("ana")


@pytest.fixture
def city() -> City:
    return world.city()


@pytest.fixture
def bistro(city: City) -> Restaurant:
    return world.restaurant(city, "bistro")


@pytest.fixture
def grill(city: City) -> Restaurant:
    return world.restaurant(city, "grill")


def bearer(secret: str) -> Actor:
    return actors.actor_of_bearer(f"Bearer {secret}")


def test_a_token_names_its_account_until_it_is_revoked(ana: Account) -> None:
    secret = accounts.issue_token(account=ana, name="laptop")
    assert bearer(secret).ref == f"account:{ana.public_id}"
    accounts.revoke_token(token=AccessToken.objects.get())
    with pytest.raises(NotSignedIn):
        bearer(secret)


def test_a_token_of_a_blocked_account_opens_nothing(ana: Account) -> None:
    secret = accounts.issue_token(account=ana, name="laptop")
    actor = bearer(secret)
    accounts.block_account(account=ana)
    with pytest.raises(NotSignedIn):
        bearer(secret)
    assert Actor(actor.ref, account_id=actor.account_id).roles == frozenset()


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer ppa_guess", "Bearer ppd_guess", "Basic YTpi", "Bearer  "])
def test_anything_else_in_the_header_is_refused(authorization: str) -> None:
    with pytest.raises(NotSignedIn):
        actors.actor_of_bearer(authorization)


def test_only_hashes_are_stored(ana: Account, bistro: Restaurant) -> None:
    token = accounts.issue_token(account=ana, name="laptop")
    _, secret = devices.register_device(kind=Kind.LOBBY, restaurant=bistro, name="counter")
    assert not AccessToken.objects.filter(sha256__contains=token[4:12]).exists()
    assert not Device.objects.filter(secret_sha256__contains=secret[4:12]).exists()


def test_roles_are_bound_to_the_city_or_restaurant_that_gave_them(ana: Account, city: City, bistro: Restaurant) -> None:
    CityMembership.objects.create(city=city, account=ana, role="dispatcher")
    Membership.objects.create(restaurant=bistro, account=ana, role="restaurateur")
    deliverer = Deliverer.objects.create(account=ana, city=city)
    assert bearer(accounts.issue_token(account=ana, name="all")).roles == {
        "customer",
        "dispatcher",
        f"dispatcher:city:{city.pk}",
        "restaurateur",
        f"restaurateur:restaurant:{bistro.pk}",
        "deliverer",
        f"deliverer:deliverer:{deliverer.pk}",
    }


def test_scopes_leave_an_integrator_and_nothing_of_the_person(ana: Account, city: City, bistro: Restaurant) -> None:
    Account.objects.filter(pk=ana.pk).update(is_owner=True)
    Deliverer.objects.create(account=ana, city=city)
    Membership.objects.create(restaurant=bistro, account=ana, role="restaurateur")
    actor = bearer(accounts.issue_token(account=ana, name="till", scopes=["print:write"]))
    assert actor.roles == {"integrator", f"integrator:restaurant:{bistro.pk}"}
    assert actor.scopes == {"print:write"}


def test_a_device_opens_its_screen_of_its_restaurant(bistro: Restaurant, grill: Restaurant) -> None:
    device, secret = devices.register_device(kind=Kind.LOBBY, restaurant=bistro, name="counter")
    actor = bearer(secret)
    assert actor.has("lobby", restaurant=bistro.pk)
    assert not actor.has("lobby", restaurant=grill.pk)
    assert not actor.has("kitchen")
    assert actor.bound("lobby", "restaurant") == {bistro.pk}
    devices.revoke_device(device=device)
    with pytest.raises(NotSignedIn):
        bearer(secret)


def test_an_open_socket_loses_its_rights_with_device_or_account(ana: Account, bistro: Restaurant) -> None:
    device, secret = devices.register_device(kind=Kind.KITCHEN, restaurant=bistro, name="pass")
    screen, person = bearer(secret), bearer(accounts.issue_token(account=ana, name="laptop"))
    before = actors.rights_of([screen, person])
    accounts.revoke_token(token=AccessToken.objects.get())
    devices.revoke_device(device=device)
    after = actors.rights_of([screen, person])
    assert set(before) == {screen, person}
    assert screen not in after
    assert after[person] != before[person]


def test_a_socket_is_known_by_header_subprotocol_or_cookie(bistro: Restaurant) -> None:
    _, secret = devices.register_device(kind=Kind.KITCHEN, restaurant=bistro, name="pass")
    expected = bearer(secret)
    cookie = f"{actors.DEVICE_COOKIE}={secret}".encode()
    assert actors.actor_of_scope({"headers": [(b"authorization", f"Bearer {secret}".encode())]}) == expected
    assert actors.actor_of_scope({"headers": [(b"cookie", cookie)]}) == expected
    assert actors.actor_of_scope({"headers": [], "subprotocols": [BEARER, secret]}) == expected
    assert actors.actor_of_scope({"headers": []}) is None
    assert actors.actor_of_scope({"headers": [(b"authorization", b"Bearer no"), (b"cookie", cookie)]}) is None


def test_a_guest_is_known_again_by_a_cookie_that_only_we_can_sign() -> None:
    guest, cookie = actors.new_guest()
    assert actors.guest_of(cookie) == guest
    assert actors.guest_of(cookie[:-1]) is None
    assert actors.guest_of("") is None
