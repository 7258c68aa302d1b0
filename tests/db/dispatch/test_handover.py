"""What proves that a bag changed hands: codes, photos, the door that stays shut, and who may look at a photo."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from delivery.accounts.models import Account
from delivery.cities.models import Membership
from delivery.ground import clock
from delivery.ground.ids import new_token
from delivery.messaging.models import Message
from delivery.orders.models import Order
from dispatch.desk.models import Alarm
from dispatch.fleet.models import Deliverer
from dispatch.models import DoorRule, Photo, PinTry, Stop
from dispatch.selectors import handover_pin, shown_pin
from dispatch.services.offers import accept_offer
from dispatch.services.stops import arrive_stop, complete_stop
from dispatch.web.photos import LONGEST_SIDE, MOST_BYTES_KEPT
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


@pytest.fixture
def max_(shop: Restaurant) -> Deliverer:
    return fw.deliverer(shop.city, "max")


@pytest.fixture
def order(shop: Restaurant, max_: Deliverer) -> Order:
    """At its door: picked up by Max, who has arrived."""
    order = fw.waiting_order(shop)
    accept_offer(offer_id=fw.offer(max_, order).public_id, deliverer_id=max_.pk, by="tests")
    complete_stop(stop_id=stop_of(order, "pickup").public_id, deliverer_id=max_.pk, by="tests")
    arrive_stop(stop_id=stop_of(order).public_id, deliverer_id=max_.pk, by="tests")
    order.refresh_from_db()
    return order


def stop_of(order: Order, kind: str = "dropoff") -> Stop:
    return Stop.objects.get(order=order, kind=kind)


def rule(shop: Restaurant, **needs: object) -> None:
    DoorRule.objects.create(city=shop.city, **needs)


def signed_in(who: Deliverer) -> Client:
    client = Client()
    client.force_login(who.account, backend=BACKEND)
    return client


def say(
    who: Deliverer, order: Order, act: str = "phone_complete_stop", key: str = "", **fields: object
) -> tuple[int, str]:
    """(status, code) of a form of the phone, sent as its script does."""
    body = {"idempotency_key": key or new_token(), **fields}
    path = reverse(act, args=[stop_of(order).public_id])
    reply = signed_in(who).post(path, body, headers={"Accept": "application/json"})
    return reply.status_code, reply.json().get("code", "")


def jpeg(width: int = 2400, height: int = 1200, *, orientation: int = 6) -> SimpleUploadedFile:
    """Noise with a place and an orientation in its EXIF, as cameras write."""
    picture = Image.effect_noise((width, height), 90).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Camera of Ana"
    exif.get_ifd(0x8825)[2] = (29.0, 54.0, 12.0)
    out = BytesIO()
    picture.save(out, "JPEG", quality=70, exif=exif)
    return SimpleUploadedFile("a photo.jpg", out.getvalue(), "image/jpeg")


def other_pin(order: Order) -> str:
    return f"{(int(handover_pin(order)) + 1) % 10_000:04d}"


def test_nothing_is_asked_where_nothing_is_required(max_: Deliverer, order: Order) -> None:
    assert say(max_, order) == (200, "")
    assert stop_of(order).proof == ""


def test_the_code_of_the_customer_opens(shop: Restaurant, max_: Deliverer, order: Order) -> None:
    rule(shop, pin="required")
    assert say(max_, order) == (422, "pin_needed")
    assert shown_pin(order) == handover_pin(order)
    assert say(max_, order, pin=shown_pin(order)) == (200, "")
    assert stop_of(order).proof == "pin"
    order.refresh_from_db()
    assert (order.status, shown_pin(order)) == ("delivered", "")


def test_a_city_without_codes_shows_none(shop: Restaurant, order: Order) -> None:
    rule(shop, pin="off")
    assert shown_pin(order) == ""


def test_five_wrong_codes_call_a_dispatcher(shop: Restaurant, max_: Deliverer, order: Order) -> None:
    rule(shop, pin="required")
    assert say(max_, order, key="same", pin=other_pin(order)) == (422, "pin_wrong")
    assert say(max_, order, key="same", pin=other_pin(order)) == (422, "pin_wrong")
    assert PinTry.objects.count() == 1
    for _ in range(4):
        assert not Alarm.objects.exists()
        assert say(max_, order, pin=other_pin(order)) == (422, "pin_wrong")
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.detail["number"]) == ("wrong_pins", order.number)
    assert say(max_, order, pin=handover_pin(order)) == (409, "pin_locked")
    assert say(max_, order, pin=other_pin(order)) == (409, "pin_locked")
    assert PinTry.objects.count() == 5
    assert say(max_, order) == (422, "photo_needed")
    assert say(max_, order, photo=jpeg()) == (200, "")
    assert stop_of(order).proof == "photo"


def test_a_photo_is_written_anew(max_: Deliverer, order: Order, media: Path) -> None:
    sent = jpeg()
    assert say(max_, order, photo=sent) == (200, "")
    kept = Photo.objects.get()
    raw = kept.image.read()
    with Image.open(BytesIO(raw)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (LONGEST_SIDE // 2, LONGEST_SIDE))  # upright
        assert not picture.getexif()
        assert {"exif", "comment", "icc_profile"}.isdisjoint(picture.info)
    assert len(raw) <= MOST_BYTES_KEPT
    assert Path(kept.image.path).is_relative_to(media)
    assert "photo" not in Path(kept.image.path).name


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\xff\xd8\xff\xe0 not a picture", jpeg(64, 64).read()[:-400]])
def test_what_is_no_photo_is_refused(max_: Deliverer, order: Order, content: bytes) -> None:
    upload = SimpleUploadedFile("photo.jpg", content, "image/jpeg")
    expected = (200, "") if not content else (422, "photo_unreadable")  # no file chosen is no photo
    assert say(max_, order, photo=upload) == expected
    assert not Photo.objects.exists()


def test_a_huge_photo_is_refused(max_: Deliverer, order: Order) -> None:
    upload = SimpleUploadedFile("photo.jpg", b"\xff\xd8" + bytes(5_000_000), "image/jpeg")
    assert say(max_, order, photo=upload) == (413, "photo_too_large")


def test_a_bag_left_at_the_door_needs_a_photo(max_: Deliverer, order: Order) -> None:
    assert say(max_, order, left="1") == (422, "photo_needed")
    assert say(max_, order, left="1", photo=jpeg(300, 200)) == (200, "")
    assert stop_of(order).proof == "left"


def test_a_door_with_a_code_is_left_only_after_waiting(shop: Restaurant, max_: Deliverer, order: Order) -> None:
    rule(shop, pin="required")
    assert say(max_, order, left="1", photo=jpeg(300, 200)) == (409, "still_waiting")
    assert say(max_, order, "phone_wait") == (200, "")
    assert say(max_, order, left="1", photo=jpeg(300, 200)) == (409, "still_waiting")
    Stop.objects.update(waiting_since=clock.now() - timedelta(minutes=6))
    assert say(max_, order, left="1", photo=jpeg(300, 200)) == (200, "")


def test_nobody_answers(shop: Restaurant, max_: Deliverer, order: Order) -> None:
    Order.objects.update(customer_phone="+33612345678", language="fr")
    rule(shop, wait_for=timedelta(minutes=8))
    assert say(max_, order, "phone_fail_stop", reason="nobody") == (409, "still_waiting")
    assert say(max_, order, "phone_wait") == (200, "")
    since = stop_of(order).waiting_since
    assert say(max_, order, "phone_wait") == (200, "")
    assert stop_of(order).waiting_since == since
    assert Message.objects.get().to == "+33612345678"
    Stop.objects.update(waiting_since=clock.now() - timedelta(minutes=7))
    assert say(max_, order, "phone_fail_stop", reason="nobody") == (409, "still_waiting")
    Stop.objects.update(waiting_since=clock.now() - timedelta(minutes=8))
    assert say(max_, order, "phone_fail_stop", reason="nobody") == (200, "")
    order.refresh_from_db()
    assert (order.status, order.close_reason) == ("failed", "nobody")


def test_a_text_is_sent_once_per_door(max_: Deliverer, order: Order) -> None:
    Order.objects.update(customer_phone="+33612345678")
    for _ in range(2):
        assert say(max_, order, "phone_write", text="lost") == (200, "")
    assert Message.objects.count() == 1
    assert say(max_, order, "phone_write", text="anything") == (422, "invalid")


def test_a_photo_is_for_its_customer_and_its_city(shop: Restaurant, max_: Deliverer, order: Order) -> None:
    customer = world.account("ana")
    Order.objects.update(account=customer)
    assert say(max_, order, photo=jpeg(300, 200)) == (200, "")
    path = reverse("proof_photo", args=[Photo.objects.get().public_id])
    stranger, elsewhere = world.account("eve"), world.account("otto")
    dora, sam = world.account("dora"), world.account("sam", is_support=True)
    Membership.objects.create(city=shop.city, account=dora, role=Membership.Role.DISPATCHER)
    Membership.objects.create(city=world.city("nimes"), account=elsewhere, role=Membership.Role.DISPATCHER)

    def answer(account: Account | None, query: str = "") -> int:
        client = Client()
        if account is not None:
            client.force_login(account, backend=BACKEND)
        reply = client.get(path + query)
        if reply.status_code == 200:
            assert (reply["Content-Type"], reply["Cache-Control"]) == ("image/jpeg", "private, no-store")
            assert reply.getvalue().startswith(b"\xff\xd8")
        return reply.status_code

    assert [answer(who) for who in (customer, dora, sam)] == [200, 200, 200]
    assert [answer(who) for who in (None, stranger, elsewhere, max_.account)] == [404, 404, 404, 404]
    assert answer(None, f"?track={order.tracking_token}") == 200
    assert answer(None, "?track=guess") == 404
    assert Client().get(reverse("proof_photo", args=[uuid4()])).status_code == 404
