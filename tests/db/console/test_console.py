"""The console: who sees what, that forms write nothing, and that only it has a relaxed policy."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from delivery.accounts import services as accounts
from delivery.accounts.models import Account
from delivery.console.pages import HIDDEN, PAGES, Page
from delivery.console.site import site
from delivery.console.writable import WRITABLE
from delivery.devices import services as devices
from delivery.devices.models import Device, Kind
from delivery.ground import clock
from restaurants import services as restaurants
from restaurants.models import Restaurant
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def bistro() -> Restaurant:
    return world.restaurant(world.city(), "bistro")


@pytest.fixture
def grill(bistro: Restaurant) -> Restaurant:
    return world.restaurant(bistro.city, "grill")


@pytest.fixture
def owner(client: Client) -> Client:
    client.force_login(world.account("olga", is_owner=True))
    return client


@pytest.fixture
def boss(client: Client, bistro: Restaurant) -> Client:
    account = world.account("boss")
    restaurants.give_role(restaurant=bistro, account=account, role="restaurateur")
    client.force_login(account)
    return client


def list_of(page: Page) -> str:
    return reverse(f"admin:{page.model._meta.app_label}_{page.model._meta.model_name}_changelist")


def row_of(row: Restaurant | Device) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def test_signed_out_it_leads_to_the_sign_in(client: Client) -> None:
    response = client.get("/console/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=%2Fconsole%2F")


def test_a_customer_is_refused_without_going_in_circles(client: Client) -> None:
    client.force_login(world.account("carla"))
    assert client.get("/console/").status_code == 403
    assert client.get("/accounts/login/?next=/console/", follow=True).status_code == 403


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.model._meta.label)
def test_every_list_opens_and_finds(owner: Client, page: Page) -> None:
    response = owner.get(list_of(page), {"q": "x"} if page.search else {})
    assert response.status_code == 200


def test_nothing_is_written_by_form_unless_listed(owner: Client) -> None:
    request = owner.get("/console/").wsgi_request
    writable = {
        page.model._meta.label_lower
        for page in (site.get_model_admin(model) for model in site._registry)
        if page.has_add_permission(request)
        or page.has_change_permission(request)
        or page.has_delete_permission(request)
    }
    assert writable == set(WRITABLE)
    assert {page.model for page in PAGES} == set(site._registry)


def test_a_form_that_is_sent_anyway_changes_nothing(owner: Client, bistro: Restaurant) -> None:
    assert owner.post(row_of(bistro), {"name": "Mine now"}).status_code == 403
    bistro.refresh_from_db()
    assert bistro.name == "Bistro"


def test_a_restaurateur_sees_the_own_restaurant_and_nothing_else(
    boss: Client, bistro: Restaurant, grill: Restaurant
) -> None:
    listed = boss.get(reverse("admin:restaurants_restaurant_changelist")).content.decode()
    assert "Bistro" in listed
    assert "Grill" not in listed
    assert boss.get(row_of(bistro)).status_code == 200
    assert boss.get(row_of(grill)).status_code == 302
    assert boss.get(reverse("admin:accounts_account_changelist")).status_code == 403


def test_a_restaurateur_revokes_only_the_own_devices(boss: Client, bistro: Restaurant, grill: Restaurant) -> None:
    ours, _ = devices.register_device(kind=Kind.LOBBY, restaurant=bistro, name="ours")
    theirs, _ = devices.register_device(kind=Kind.LOBBY, restaurant=grill, name="theirs")
    chosen = {"action": "revoke_device", "_selected_action": [ours.pk, theirs.pk]}
    boss.post(reverse("admin:devices_device_changelist"), chosen)
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert ours.revoked_at is not None
    assert theirs.revoked_at is None


def test_support_closes_an_account(client: Client) -> None:
    client.force_login(world.account("sam", is_support=True))
    nuisance = world.account("nuisance")
    client.post(reverse("admin:accounts_account_changelist"), {"action": "block", "_selected_action": [nuisance.pk]})
    assert not Account.objects.get(pk=nuisance.pk).is_active


def test_secrets_are_on_no_page(owner: Client, bistro: Restaurant) -> None:
    device, _ = devices.register_device(kind=Kind.LOBBY, restaurant=bistro, name="counter")
    accounts.issue_token(account=Account.objects.get(), name="laptop")
    assert device.secret_sha256 not in owner.get(row_of(device)).content.decode()
    shown = {column for page in PAGES for column in page.columns.split()}
    assert not shown & HIDDEN


def test_a_pairing_code_is_shown_once_and_works(boss: Client, bistro: Restaurant, grill: Restaurant) -> None:
    path = reverse("console_pairing_code")
    assert "data-pairing-code" not in boss.get(path).content.decode()
    page = boss.post(path, {"restaurant": bistro.public_id, "kind": "lobby"}).content.decode()
    (code,) = re.findall(r"data-pairing-code>([\w-]+)<", page)
    device, _ = devices.pair_device(code=code, caller="203.0.113.5")
    assert device.restaurant == bistro
    foreign = boss.post(path, {"restaurant": grill.public_id, "kind": "lobby"}).content.decode()
    assert "data-pairing-code" not in foreign


def test_only_the_pages_of_unfold_have_a_relaxed_policy(owner: Client) -> None:
    assert "unsafe-inline" in owner.get("/console/restaurants/restaurant/")["Content-Security-Policy"]
    own = ("/console/", "/console/orders/", "/console/search/?q=a")
    for path in (*own, "/accounts/logout/", "/lobby/pair/", "/consoles/", "/api/v1/restaurants"):
        assert "unsafe" not in owner.get(path)["Content-Security-Policy"], path


def test_records_show_times_of_their_city_and_money_with_its_currency(owner: Client) -> None:
    shop = world.pizzeria()
    order = world.order(shop)
    page = owner.get(reverse("admin:orders_order_changelist")).content.decode()
    shown = clock.shown(shop.city, order.placed_at)
    assert f", {shown:%H:%M}" in page
    assert "€12.40" in page
    assert 'data-tone="brass"' in page
    assert "To answer" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.model._meta.label)
def test_a_list_with_rows_asks_the_same_number_of_queries(
    owner: Client, page: Page, django_assert_max_num_queries: object
) -> None:
    for slug in ("bistro", "osteria", "taverna"):
        world.order(world.pizzeria(slug))
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # a fixture of pytest-django
        assert owner.get(list_of(page)).status_code == 200
