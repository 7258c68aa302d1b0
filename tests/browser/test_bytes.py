"""What a first visit costs: every byte that comes over the line, compressed as it comes."""

import httpx
import pytest
from playwright.sync_api import Page

from delivery.accounts.models import Account
from delivery.cities.models import City, Membership
from delivery.devices.models import Kind
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world
from tests.browser.shops import shop as shop
from tests.browser.visitors import pair, sign_in

KB = 1_000
SETTLES_MS = 3_000


def weigh(page: Page, address: str) -> dict[str, int]:
    """Address -> bytes of body and head as received; for the script of a worker, which is not told, as it is sent."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on("Network.requestWillBeSent", lambda seen: names.update({seen["requestId"]: seen["request"]["url"]}))

    def finished(seen: dict[str, float | str]) -> None:
        name = names.get(str(seen["requestId"]), "?")
        sizes[name] = sizes.get(name, 0) + int(seen["encodedDataLength"])

    session.on("Network.loadingFinished", finished)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLES_MS)
    for worker in {worker.url for worker in page.workers} - set(sizes):
        sizes[worker] = int(httpx.get(worker, headers={"Accept-Encoding": "gzip"}).headers["content-length"])
    return sizes


def told(sizes: dict[str, int]) -> str:
    return "\n".join(f"{size:>9} {name}" for name, size in sorted(sizes.items(), key=lambda each: -each[1]))


@pytest.mark.parametrize("path", ["/", "/restaurants/pizzeria/"])
def test_the_storefront_costs_at_most_150_kilobytes(page: Page, site: str, shop: Restaurant, path: str) -> None:
    sizes = weigh(page, site + path)
    print(f"\n{path}: {sum(sizes.values())} bytes\n{told(sizes)}")  # noqa: T201  shown with -s: docs/performance.md
    assert len(sizes) > 4
    assert sum(sizes.values()) <= 150 * KB, told(sizes)


def test_the_counter_costs_at_most_150_kilobytes(page: Page, site: str, shop: Restaurant) -> None:
    for _ in range(5):
        world.order(shop)
    pair(page.context, site, shop, Kind.LOBBY)
    sizes = weigh(page, f"{site}/lobby/")
    print(f"\n/lobby/: {sum(sizes.values())} bytes\n{told(sizes)}")  # noqa: T201
    assert len(sizes) > 4
    assert sum(sizes.values()) <= 150 * KB, told(sizes)


def test_the_control_room_costs_at_most_700_kilobytes(page: Page, site: str, shop: Restaurant) -> None:
    """With its map, the streets on it and the worker that draws them."""
    City.objects.update(lat=-29.9045, lon=-71.2489)  # where the map has streets
    ana: Account = world.account("ana")
    Membership.objects.create(city=shop.city, account=ana, role=Membership.Role.DISPATCHER)
    for name in ("max", "lea"):
        fw.deliverer(shop.city, name)
    sign_in(page.context, site, ana)
    sizes = weigh(page, f"{site}/control-room/")
    print(f"\n/control-room/: {sum(sizes.values())} bytes\n{told(sizes)}")  # noqa: T201
    for part in ("maplibre-gl.mjs", "maplibre-gl-worker.mjs", "coquimbo.pmtiles"):
        assert any(part in name for name in sizes), part
    assert sum(sizes.values()) <= 700 * KB, told(sizes)
