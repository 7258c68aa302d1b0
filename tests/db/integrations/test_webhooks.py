"""Webhooks: signed so that a stranger's library believes them, retried, never into our own network."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F
from django.test import Client
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from delivery import wiring
from delivery.ground.idempotency import IdempotencyKey
from delivery.integrations import keys, sending, webhooks
from delivery.integrations.addresses import WebhookAddressRefused, webhook_address
from delivery.integrations.models import ApiKey, Delivery, Webhook
from delivery.integrations.signing import secret_of
from printing.models import PrintJob
from tests import world
from tests.db.integrations.receiver import listening
from tests.db.printing.facts import facts_about
from tests.db.printing.kitchen import Kitchen, kitchen

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]


def key_for(place: Kitchen) -> tuple[ApiKey, str]:
    return keys.make_key(name="till", scopes=["webhooks:write"], restaurants=[place.shop], by="tests")


def hook(place: Kitchen, url: str, *events: str) -> Webhook:
    return webhooks.make_webhook(key=key_for(place)[0], url=url, events=events or ("*",), by="tests")


def tell(place: Kitchen) -> None:
    """The relay's turn: everything that the printer's facts cause."""
    wiring.tell_programs_of_jobs(facts_about(place.printers["oven"], "TicketPrinted"))


def printed(place: Kitchen) -> PrintJob:
    place.cook("margherita")
    place.work()
    tell(place)
    return PrintJob.objects.get()


def time_passes(**by: float) -> None:
    past = timedelta(**by)
    Delivery.objects.update(not_before=F("not_before") - past, not_after=F("not_after") - past)
    Webhook.objects.update(rest_until=F("rest_until") - past, failing_since=F("failing_since") - past)


def test_a_stranger_verifies_what_was_printed() -> None:
    with kitchen() as place, listening() as receiver:
        webhook = hook(place, receiver.url, "print_job.printed")
        job = printed(place)
        assert sending.send_to(webhook_id=webhook.pk) == 1
    ((headers, body),) = receiver.heard
    told = Verifier(secret_of(webhook)).verify(body, headers)
    assert told["type"] == "print_job.printed"
    said = told["data"]
    assert (said["id"], said["printer"], said["level"]) == (str(job.public_id), "pizzeria-oven", 3)
    with pytest.raises(WebhookVerificationError):
        Verifier(secret_of(webhook)).verify(body + b" ", headers)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, headers["webhook-id"]) == ("delivered", 204, str(delivery.public_id))


def test_who_is_not_concerned_hears_nothing() -> None:
    with kitchen() as place:
        other = world.restaurant(world.city(), "bistro")
        stranger, _ = keys.make_key(name="x", scopes=["webhooks:write"], restaurants=[other], by="tests")
        webhooks.make_webhook(key=stranger, url="http://127.0.0.1/", by="tests")
        hook(place, "http://127.0.0.1/", "printer.*")
        revoked = hook(place, "http://127.0.0.1/")
        keys.revoke_key(key=revoked.key, by="tests")
        mine = hook(place, "http://127.0.0.1/")
        printed(place)
        tell(place)  # the relay may do it twice
    assert [delivery.webhook_id for delivery in Delivery.objects.all()] == [mine.pk]


def test_a_failure_is_tried_again_under_the_same_id() -> None:
    with kitchen() as place, listening(500, 302, 200) as receiver:
        webhook = hook(place, receiver.url)
        printed(place)
        assert sending.send_to(webhook_id=webhook.pk) == 0
        assert sending.webhooks_with_work() == []  # it rests
        time_passes(seconds=6)
        assert sending.send_to(webhook_id=webhook.pk) == 0  # a redirect is no answer, and is not followed
        time_passes(seconds=31)
        assert sending.send_to(webhook_id=webhook.pk) == 1
    assert len({headers["webhook-id"] for headers, _ in receiver.heard}) == 1
    assert len({body for _, body in receiver.heard}) == 1
    webhook.refresh_from_db()
    assert (webhook.failing_since, Delivery.objects.get().attempts) == (None, 3)


def test_an_address_that_fails_for_days_or_is_gone_is_switched_off() -> None:
    with kitchen() as place, listening(500) as receiver:
        webhook = hook(place, receiver.url)
        printed(place)
        sending.send_to(webhook_id=webhook.pk)
        Webhook.objects.update(failing_since=F("failing_since") - timedelta(days=6))
        time_passes(hours=1)
        sending.send_to(webhook_id=webhook.pk)
        webhook.refresh_from_db()
        assert (webhook.is_on, webhook.off_because) == (False, "failing")
        webhooks.switch_webhook(webhook=webhook, on=True)
        time_passes(hours=23)
        sending.send_to(webhook_id=webhook.pk)
        assert Delivery.objects.get().state == "failed"
        Delivery.objects.all().delete()
        with listening(410) as absent:
            gone = hook(place, absent.url)
            tell(place)
            sending.send_to(webhook_id=gone.pk)
            gone.refresh_from_db()
            assert (gone.is_on, gone.off_because) == (False, "gone")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.0.0.8/",
        "https://192.168.1.4/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[fd00::1]/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "https://224.0.0.1/",
        "http://1.1.1.1/",
        "https://user:secret@1.1.1.1/",
        "ftp://1.1.1.1/",
        "https:///nowhere",
        "https://1.1.1.1:99999/",
        "https://no.such.host.invalid/",
    ],
)
def test_our_own_network_hears_nothing(settings: Any, url: str) -> None:
    settings.WEBHOOK_NETWORKS = []
    with pytest.raises(WebhookAddressRefused):
        webhook_address(url)


def test_a_name_that_moves_into_our_network_is_not_contacted(settings: Any) -> None:
    with kitchen() as place, listening() as receiver:
        webhook = hook(place, receiver.url)
        printed(place)
        settings.WEBHOOK_NETWORKS = []
        sending.send_to(webhook_id=webhook.pk)
    assert receiver.heard == []
    assert Delivery.objects.get().error == "private_address"


def test_a_program_says_itself_where_events_go() -> None:
    with kitchen() as place:
        _, secret = key_for(place)
        client = Client(headers={"Authorization": f"Bearer {secret}"})

        def post(path: str, **body: Any) -> Any:
            headers = {"Idempotency-Key": str(uuid4())}
            return client.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)

        made = post("webhooks", url="http://127.0.0.1:9/x", events=["print_job.*"]).json()
        webhook = Webhook.objects.get()
        assert made["secret"] == secret_of(webhook)
        assert made["secret"] not in json.dumps(list(IdempotencyKey.objects.values_list("response", flat=True)))
        printed(place)
        shown = client.get("/api/v1/webhooks").json()["webhooks"]
        assert [(row["id"], row["on"], "secret" in row) for row in shown] == [(made["id"], True, False)]
        (delivery,) = client.get(f"/api/v1/webhooks/{made['id']}/deliveries").json()["deliveries"]
        assert (delivery["event"], delivery["state"], delivery["attempts"]) == ("print_job.printed", "queued", 0)
        assert post(f"webhooks/{made['id']}", on=False).json()["off_because"] == "by_hand"
        assert post("webhooks", url="http://127.0.0.1:9/x", events=["order.*"]).json()["code"] == "invalid"
        assert post("webhooks", url="http://10.0.0.1/").json()["code"] == "webhook_address_refused"
        other = keys.make_key(name="x", scopes=["webhooks:write"], reaches_all=True, by="tests")[1]
        stranger = Client(headers={"Authorization": f"Bearer {other}"})
        assert stranger.delete(f"/api/v1/webhooks/{made['id']}").status_code == 404
        assert client.delete(f"/api/v1/webhooks/{made['id']}").status_code == 204
        assert not Webhook.objects.exists()
