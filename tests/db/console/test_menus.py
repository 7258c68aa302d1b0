"""The editor of a menu: what it publishes, what it refuses, and whose menus it opens."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from delivery.checkout import services as checkout
from delivery.console.menus import versions_of
from delivery.ground import clock
from delivery.ground.errors import VersionConflict
from delivery.ground.ids import new_token
from restaurants import editing, services
from restaurants.models import Category, Option, Price, Product, Restaurant
from restaurants.selectors import priced
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


@pytest.fixture
def boss(client: Client, shop: Restaurant) -> Client:
    account = world.account("pia")
    services.give_role(restaurant=shop, account=account, role="restaurateur")
    client.force_login(account)
    return client


def dish(shop: Restaurant, name: str = "margherita") -> Product:
    return Product.objects.get(restaurant=shop, name=name)


def amount_of(product: Product) -> int:
    return int(priced(Product.objects.filter(pk=product.pk), clock.now()).get().amount)


def send(client: Client, shop: Restaurant, where: str, fields: Mapping[str, Any]) -> Any:
    return client.post(f"/console/menus/{shop.public_id}/{where}", {"idempotency_key": new_token(), **fields})


def price_fields(product: Product, text: str, seen: int) -> dict[str, str]:
    return {f"price-{product.public_id}": text, f"seen-{product.public_id}": str(seen)}


def test_a_boss_publishes_prices_as_one_version_with_a_name_on_it(boss: Client, shop: Restaurant) -> None:
    before = shop.menu_version
    fields = price_fields(dish(shop), "10,20", 950) | price_fields(dish(shop, "cola"), "2.90", 290)
    assert send(boss, shop, "prices/", {"do": "publish", **fields}).status_code == 302
    assert (amount_of(dish(shop)), amount_of(dish(shop, "cola"))) == (1020, 290)
    assert Price.objects.filter(product__restaurant=shop).count() == len(world.PIZZAS) + 1
    shop.refresh_from_db()
    assert shop.menu_version == before + 1
    newest = versions_of(shop)[0]
    assert (newest.number, newest.names, newest.by) == (before + 1, "margherita", "Pia")


def test_a_field_that_is_no_amount_is_named_and_nothing_is_saved(boss: Client, shop: Restaurant) -> None:
    fields = price_fields(dish(shop), "ten", 950) | price_fields(dish(shop, "cola"), "3.10", 290)
    answer = send(boss, shop, "prices/", {"do": "publish", **fields})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="error-{dish(shop).public_id}"' in page
    assert 'value="ten"' in page
    assert 'value="3.10"' in page
    assert amount_of(dish(shop, "cola")) == 290


def test_a_price_that_moved_meanwhile_is_shown_with_both_values(boss: Client, shop: Restaurant) -> None:
    services.change_price(product_id=dish(shop).pk, amount=999, by="tests")
    answer = send(boss, shop, "prices/", {"do": "publish", **price_fields(dish(shop), "10.20", 950)})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "now €9.99, changed by somebody else" in page
    assert 'value="10.20"' in page
    assert f'name="seen-{dish(shop).public_id}" value="999"' in page  # so that pressing again means it
    assert amount_of(dish(shop)) == 999


def test_a_price_from_a_day_on_is_not_yet_paid(boss: Client, shop: Restaurant) -> None:
    tomorrow = clock.shown(shop.city, clock.now() + timedelta(days=1))
    fields = price_fields(dish(shop), "12", 950) | {"valid_from": f"{tomorrow:%Y-%m-%dT%H:%M}"}
    assert send(boss, shop, "prices/", {"do": "publish", **fields}).status_code == 302
    assert amount_of(dish(shop)) == 950
    coming = editing.coming_prices([dish(shop).pk], clock.now())[dish(shop).pk]
    assert coming.amount == 1200
    assert f"{clock.shown(shop.city, coming.valid_from):%Y-%m-%d %H:%M}" == f"{tomorrow:%Y-%m-%d %H:%M}"
    assert "€12.00 from" in boss.get(f"/console/menus/{shop.public_id}/").content.decode()


@pytest.mark.parametrize("day", ["2020-01-01T10:00", "yesterday", "2999-01-01T10:00", "2030-01-01T10:00Z"])
def test_a_day_that_makes_no_sense_is_refused(boss: Client, shop: Restaurant, day: str) -> None:
    fields = price_fields(dish(shop), "12", 950) | {"valid_from": day}
    assert send(boss, shop, "prices/", {"do": "publish", **fields}).status_code == 422
    assert amount_of(dish(shop)) == 950


def test_a_bulk_change_is_shown_before_anything_is_saved(boss: Client, shop: Restaurant) -> None:
    rows = price_fields(dish(shop), "9.50", 950) | price_fields(dish(shop, "regina"), "11.80", 1180)
    fields = {"do": "preview", "percent": "5", "step": "0.10", "product": [str(dish(shop).public_id)], **rows}
    page = send(boss, shop, "prices/", fields).content.decode()
    assert 'value="10.00"' in page  # 9.975 rounded to 10 cents
    assert 'value="11.80"' in page
    assert "was €9.50" in page
    assert amount_of(dish(shop)) == 950
    nonsense = send(boss, shop, "prices/", {**fields, "percent": "-100"}).content.decode()
    assert "Give per cent between" in nonsense


def test_dishes_are_sold_out_and_hidden_and_come_back(boss: Client, shop: Restaurant) -> None:
    chosen = {"product": [str(dish(shop).public_id), str(dish(shop, "cola").public_id)]}
    send(boss, shop, "selected/", {"do": "sold_out", "hours": "2", **chosen})
    until = dish(shop).sold_out_until
    assert until is not None
    assert timedelta(minutes=119) < until - clock.now() <= timedelta(hours=2)
    send(boss, shop, "selected/", {"do": "back", **chosen})
    assert dish(shop, "cola").sold_out_until is None
    send(boss, shop, "selected/", {"do": "hide", **chosen})
    assert not dish(shop).is_active
    hidden = boss.get(f"/console/menus/{shop.public_id}/?show=hidden").content.decode()
    assert "margherita" in hidden
    send(boss, shop, "selected/", {"do": "show", **chosen})
    assert dish(shop).is_active
    assert send(boss, shop, "selected/", {"do": "hide"}).status_code == 422


def test_words_are_changed_and_a_clash_shows_both(boss: Client, shop: Restaurant) -> None:
    product = dish(shop)
    said = {"name": "Margherita", "description": "Basil", "category": "Classics", "station": "oven", "vat": "10"}
    path = f"{product.public_id}/"
    shop.refresh_from_db()
    stale = {**said, "menu_version": str(shop.menu_version - 1)}
    answer = send(boss, shop, path, stale)
    assert answer.status_code == 409
    assert "Stands there now" in answer.content.decode()
    assert dish(shop).name == "margherita"
    assert send(boss, shop, path, {**said, "menu_version": str(shop.menu_version)}).status_code == 302
    product.refresh_from_db()
    assert (product.name, product.category.name, product.vat_rate_bp) == ("Margherita", "Classics", 1000)
    nameless = send(boss, shop, path, {**said, "name": "", "menu_version": str(shop.menu_version + 1)})
    assert (nameless.status_code, "data-error" in nameless.content.decode()) == (422, True)


def test_a_new_dish_has_a_price_from_the_first_moment(boss: Client, shop: Restaurant) -> None:
    said = {"name": "Panna cotta", "price": "4,50", "category": "Sweet", "vat": "5.5", "allergens": ["milk"]}
    assert send(boss, shop, "new/", said).status_code == 302
    product = dish(shop, "Panna cotta")
    assert (amount_of(product), product.vat_rate_bp, product.allergens) == (450, 550, ["milk"])
    assert send(boss, shop, "new/", {**said, "price": "free"}).status_code == 422


def test_choices_are_added_and_taken_off(boss: Client, shop: Restaurant) -> None:
    path = f"{dish(shop).public_id}/choices/"
    said = {"do": "add", "name": "Size", "fewest": "1", "most": "1", "options": "Small\nMedium = 1\nLarge = 2,50"}
    assert send(boss, shop, path, said).status_code == 302
    assert list(Option.objects.values_list("name", "amount")) == [("Small", 0), ("Medium", 100), ("Large", 250)]
    small = Option.objects.get(name="Small")
    assert send(boss, shop, path, {"do": "drop", "option": str(small.public_id)}).status_code == 302
    assert not Option.objects.get(name="Small").is_active
    wrong = send(boss, shop, path, {**said, "name": "Sauce", "options": "Hot = much"})
    assert (wrong.status_code, "is not words = price" in wrong.content.decode()) == (422, True)


def test_categories_are_renamed_and_moved(boss: Client, shop: Restaurant) -> None:
    drinks = Category.objects.get(restaurant=shop, name="Drinks")
    send(boss, shop, "category/", {"do": "up", "category": drinks.pk})
    assert Category.objects.filter(restaurant=shop).first() == drinks
    shop.refresh_from_db()
    fields = {"do": "rename", "category": drinks.pk, "name": "Bar", "menu_version": shop.menu_version}
    assert send(boss, shop, "category/", fields).status_code == 302
    shop.refresh_from_db()
    twin = {**fields, "name": "Pizza", "menu_version": shop.menu_version}
    assert send(boss, shop, "category/", twin).status_code == 422


def test_prices_of_an_earlier_version_are_filled_in_and_not_saved(boss: Client, shop: Restaurant) -> None:
    shop.refresh_from_db()
    first = shop.menu_version
    services.change_price(product_id=dish(shop).pk, amount=1500, by="tests")
    page = boss.get(f"/console/menus/{shop.public_id}/?as_of={first}").content.decode()
    assert 'value="9.50"' in page
    assert "was €15.00" in page
    assert amount_of(dish(shop)) == 1500


def test_a_foreign_menu_does_not_exist(boss: Client, shop: Restaurant) -> None:
    other = world.pizzeria("osteria")
    theirs = dish(other)
    assert boss.get(f"/console/menus/{other.public_id}/").status_code == 404
    assert boss.get(f"/console/menus/{other.public_id}/{theirs.public_id}/").status_code == 404
    assert boss.get(f"/console/menus/{shop.public_id}/{theirs.public_id}/").status_code == 404
    assert send(boss, other, "prices/", price_fields(theirs, "1", 950)).status_code == 404
    assert send(boss, shop, "prices/", {"do": "publish", **price_fields(theirs, "1", 950)}).status_code == 422
    assert send(boss, shop, "selected/", {"do": "hide", "product": str(theirs.public_id)}).status_code == 422
    assert (amount_of(theirs), dish(other).is_active) == (950, True)


@pytest.mark.parametrize("role", ["is_support", ""])
def test_support_and_customers_change_no_menu(client: Client, shop: Restaurant, role: str) -> None:
    client.force_login(world.account("sam", **({role: True} if role else {})))
    assert client.get("/console/menus/").status_code == 403
    assert client.get(f"/console/menus/{shop.public_id}/").status_code == 403
    fields = {"do": "publish", **price_fields(dish(shop), "1", 950)}
    assert send(client, shop, "prices/", fields).status_code == 403
    assert amount_of(dish(shop)) == 950


def test_the_owner_opens_every_menu_and_a_boss_of_one_lands_on_it(boss: Client, shop: Restaurant) -> None:
    assert boss.get("/console/menus/")["Location"] == f"/console/menus/{shop.public_id}/"
    world.pizzeria("osteria")
    boss.force_login(world.account("olga", is_owner=True))
    page = boss.get("/console/menus/").content.decode()
    assert "Pizzeria" in page
    assert "Osteria" in page


def test_a_service_refuses_what_it_cannot_know(shop: Restaurant) -> None:
    new = editing.NewPrice(dish(shop).pk, 1000, seen=900)
    with pytest.raises(VersionConflict) as clash:
        editing.publish_prices(restaurant_id=shop.pk, prices=[new], by="tests")
    assert clash.value.current == {"menu_version": shop.menu_version, "prices": {str(dish(shop).public_id): 950}}


def test_a_held_quote_keeps_its_price_and_the_next_one_does_not(shop: Restaurant) -> None:
    held = checkout.quote(actor=world.GUEST, basket=world.basket(shop, "margherita"))
    editing.publish_prices(restaurant_id=shop.pk, prices=[editing.NewPrice(dish(shop).pk, 1050, seen=950)], by="tests")
    later = checkout.quote(actor=world.GUEST, basket=world.basket(shop, "margherita"))
    assert (later.total - held.total, later.menu_version - held.menu_version) == (100, 1)
