"""Layouts of a restaurant's tickets: versions that are added, seen before they are used, and on the next paper."""

import pytest
from django.test import Client
from django.urls import reverse

from delivery.accounts.models import Account
from delivery.ground.errors import VersionConflict
from delivery.ground.ids import new_token
from printing.models import TicketTemplate
from printing.rendering.layout import USUAL, USUAL_SOURCE, LayoutRefused
from printing.services.templates import layout_of, template_of, write_template
from restaurants.models import Membership, Restaurant
from tests import world
from tests.db.printing.kitchen import kitchen

pytestmark = pytest.mark.django_db(transaction=True)
OURS = 'text "Chez nous"\nmarks\nnumber size=4\nallergies\nitems\njob\n'


def boss_of(shop: Restaurant) -> Client:
    account: Account = world.account("boss")
    Membership.objects.create(restaurant=shop, account=account, role="restaurateur")
    account.is_staff = True
    account.save()
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_next_ticket_has_the_new_layout() -> None:
    with kitchen() as place:
        place.cook("margherita")
        place.work()
        write_template(restaurant=place.shop, source=OURS, seen_version=0, by="boss")
        place.cook("margherita")
        place.work()
        first, second = place.simulators["oven"].tickets
    assert "Chez nous" not in first.text
    assert second.text.startswith(" Chez nous")


def test_two_people_do_not_write_over_each_other() -> None:
    shop = world.pizzeria()
    assert template_of(shop) == (0, USUAL_SOURCE)
    write_template(restaurant=shop, source=OURS, seen_version=0, by="ana")
    with pytest.raises(VersionConflict):
        write_template(restaurant=shop, source=USUAL_SOURCE, seen_version=0, by="ben")
    with pytest.raises(LayoutRefused):
        write_template(restaurant=shop, source="items", seen_version=1, by="ana")
    assert template_of(shop) == (1, OURS)


def test_a_layout_that_is_no_longer_valid_loses_no_ticket() -> None:
    shop = world.pizzeria()
    TicketTemplate.objects.create(restaurant=shop, version=1, source="sauna", made_by="x")
    assert layout_of(shop.pk) == USUAL


def test_the_office_writes_sees_and_is_refused() -> None:
    shop = world.pizzeria()
    client = boss_of(shop)
    here = reverse("console_layout", args=[shop.public_id])
    assert b"number size=3" in client.get(here).content
    seen = client.post(reverse("console_layout_preview", args=[shop.public_id]), {"layout": OURS, "paper": "58"})
    assert seen.content.startswith(b"\x89PNG")
    wrong = client.post(
        reverse("console_layout_preview", args=[shop.public_id]),
        {"layout": "x"},
        headers={"Accept": "application/json"},
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "layout_refused")
    said = {"layout": OURS, "version": "0", "idempotency_key": new_token()}
    assert client.post(here, said).status_code == 302
    assert template_of(shop) == (1, OURS)
    late = client.post(here, {**said, "idempotency_key": new_token()})
    assert late.status_code == 409
    assert b"Chez nous" in late.content
    elsewhere = world.restaurant(world.city(), "bistro")
    assert client.get(reverse("console_layout", args=[elsewhere.public_id])).status_code == 404


def test_the_office_sees_every_printer_with_its_last_paper() -> None:
    with kitchen("oven", "backup") as place:
        client = boss_of(place.shop)
        place.cook("margherita")
        place.work("oven")
        place.cook("margherita")
        page = client.get(reverse("console_printers")).content.decode()
        assert "pizzeria-oven" in page
        (picture,) = {part.split('"')[0] for part in page.split('src="')[1:] if ".png" in part.split('"')[0]}
        assert client.get(picture).content.startswith(b"\x89PNG")
        said = {"do": "move", "to": "pizzeria-backup", "idempotency_key": new_token()}
        assert client.post(reverse("console_printer", args=["pizzeria-oven"]), said).status_code == 302
        place.work("backup")
        assert place.paper("backup") == [("REROUTED",)]
        stranger = boss_of_other()
        assert stranger.get(picture).status_code == 404
        assert stranger.post(reverse("console_printer", args=["pizzeria-oven"]), {**said}).status_code == 404


def boss_of_other() -> Client:
    account = world.account("other", is_staff=True)
    shop = world.restaurant(world.city("lyon"), "brasserie")
    Membership.objects.create(restaurant=shop, account=account, role="restaurateur")
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_keys_are_made_and_revoked_in_the_office() -> None:
    shop = world.pizzeria()
    client = boss_of(shop)
    here = reverse("console_keys")
    said = {"name": "Till", "scopes": ["print:write"], "restaurants": [str(shop.public_id)]}
    page = client.post(here, said).content.decode()
    secret = page.split("data-api-key>")[1].split("<")[0]
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    assert program.post("/api/v1/print/preview", {"content": "x"}, content_type="application/json").status_code == 200
    again = client.get(here).content.decode()
    assert secret not in again
    assert "Till" in again
    action = next(part.split('"')[0] for part in again.split('action="')[1:] if part.startswith("/console/keys/0"))
    assert client.post(action, {"idempotency_key": new_token()}).status_code == 302
    assert program.post("/api/v1/print/preview", {"content": "x"}, content_type="application/json").status_code == 401
    assert boss_of_other().post(action, {"idempotency_key": new_token()}).status_code == 404
    nowhere = client.post(here, {**said, "restaurants": []})
    assert b"data-api-key" not in nowhere.content
