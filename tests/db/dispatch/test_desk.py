"""The desk: alarms have an owner and an end to their silence, the logbook keeps what people did."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from delivery.accounts.models import Account
from delivery.cities.models import Membership
from delivery.ground import clock
from delivery.ground.errors import IllegalTransition, Invalid, NotAllowed, VersionConflict
from delivery.ground.events import Recorded
from delivery.ground.outbox.models import Deadline
from dispatch import topics
from dispatch.desk import hand_dispatch, logbook, services
from dispatch.desk.models import Alarm, LogEntry
from dispatch.desk.reactions import ask_about_overdue_tickets
from printing.events import TicketOverdue
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def dispatcher(shop: Restaurant, name: str = "ana") -> Account:
    account = world.account(name)
    Membership.objects.create(city=shop.city, account=account, role=Membership.Role.DISPATCHER)
    return account


def ref(account: Account) -> str:
    return f"account:{account.public_id}"


def question(shop: Restaurant, subject: str = "order:1") -> services.Question:
    return services.Question(city_id=shop.city_id, kind="order_without_deliverer", subject=subject)


def ask(shop: Restaurant) -> Alarm:
    [alarm] = services.open_alarms([question(shop)])
    return alarm


def snooze(alarm: Alarm, account: Account, minutes: int = 10) -> Alarm:
    return services.snooze_alarm(
        alarm_id=alarm.public_id,
        account_id=account.pk,
        duration=timedelta(minutes=minutes),
        by=ref(account),
        version=alarm.version,
    )


def kinds(shop: Restaurant) -> list[tuple[str, str]]:
    entries = LogEntry.objects.filter(city=shop.city).select_related("author").order_by("pk")
    return [(entry.kind, str(entry.author)) for entry in entries]


def test_a_ticket_that_is_not_on_paper_is_called_by_its_order(shop: Restaurant) -> None:
    order = world.order(shop)
    for order_id in (order.pk, None):
        fact = TicketOverdue(job_id="job", ticket_id=str(order_id), order_id=order_id, state="blocked")
        ask_about_overdue_tickets(
            [
                Recorded(
                    id=1,
                    city_id=shop.city_id,
                    aggregate_kind="printing.printer",
                    aggregate_id=1,
                    aggregate_public_id=order.public_id,
                    seq=1,
                    occurred_at=clock.now(),
                    by="tests",
                    event=fact,
                )
            ]
        )
    called, nameless = Alarm.objects.order_by("pk")
    assert (called.detail["number"], called.detail["restaurant"]) == (order.number, shop.name)
    assert "number" not in nameless.detail


def test_a_snoozed_alarm_has_an_owner_and_wakes_by_itself(shop: Restaurant) -> None:
    ana = dispatcher(shop)
    alarm = snooze(ask(shop), ana)
    assert alarm.owner == ana
    assert alarm.snoozed_until is not None
    deadline = Deadline.objects.get(kind=services.ALARM_WAKE, aggregate_id=alarm.pk)
    assert deadline.due_at == alarm.snoozed_until
    Deadline.objects.filter(pk=deadline.pk).update(due_at=clock.now(), try_at=clock.now())
    fw.fire_duties()
    woken = Alarm.objects.get(pk=alarm.pk)
    assert (woken.owner, woken.snoozed_until, woken.assigned_to, woken.closed_at) == (None, None, ana, None)


def test_a_snooze_counts_the_citys_minutes(shop: Restaurant) -> None:
    shop.city.time_rate = 60
    shop.city.save()
    alarm = snooze(ask(shop), dispatcher(shop), minutes=60)
    assert alarm.taken_at is not None
    assert alarm.snoozed_until is not None
    assert timedelta(seconds=59) < alarm.snoozed_until - alarm.taken_at < timedelta(seconds=61)


def test_taking_ends_the_silence(shop: Restaurant) -> None:
    ana, marc = dispatcher(shop), dispatcher(shop, "marc")
    alarm = snooze(ask(shop), ana)
    taken = services.take_alarm(alarm_id=alarm.public_id, account_id=marc.pk, by=ref(marc))
    assert (taken.owner, taken.snoozed_until) == (marc, None)
    assert not Deadline.objects.filter(kind=services.ALARM_WAKE).exists()


@pytest.mark.parametrize("minutes", [0, -5, 121])
def test_a_silence_has_limits(shop: Restaurant, minutes: int) -> None:
    ana, alarm = dispatcher(shop), ask(shop)
    with pytest.raises(Invalid):
        snooze(alarm, ana, minutes=minutes)


def test_what_is_silent_belongs_to_somebody(shop: Restaurant) -> None:
    alarm = ask(shop)
    with pytest.raises(IntegrityError):
        Alarm.objects.filter(pk=alarm.pk).update(snoozed_until=clock.now())


def test_an_alarm_is_handed_to_a_dispatcher_of_the_city_only(shop: Restaurant) -> None:
    ana, marc, zoe = dispatcher(shop), dispatcher(shop, "marc"), dispatcher(world.pizzeria("kumo"), "zoe")
    alarm = ask(shop)
    with pytest.raises(NotAllowed):
        services.hand_over_alarm(alarm_id=alarm.public_id, account_id=zoe.pk, by=ref(ana))
    handed = services.hand_over_alarm(alarm_id=alarm.public_id, account_id=marc.pk, by=ref(ana))
    assert handed.owner == marc
    assert kinds(shop) == [("alarm_handed_over", str(ana))]
    assert LogEntry.objects.get().detail["to"] == "Marc"


def test_given_back_it_asks_again(shop: Restaurant) -> None:
    ana, alarm = dispatcher(shop), ask(shop)
    services.take_alarm(alarm_id=alarm.public_id, account_id=ana.pk, by=ref(ana))
    given = services.give_back_alarm(alarm_id=alarm.public_id, by=ref(ana))
    assert (given.owner, given.taken_at) == (None, None)


def test_a_closed_question_is_quiet_for_a_while_and_then_asked_again(shop: Restaurant) -> None:
    ana, alarm = dispatcher(shop), ask(shop)
    services.close_alarm(alarm_id=alarm.public_id, reason="called", by=ref(ana))
    assert services.open_alarms([question(shop)]) == []
    assert [each.subject for each in services.open_alarms([question(shop, "order:2")])] == ["order:2"]
    Alarm.objects.filter(pk=alarm.pk).update(quiet_until=clock.now())
    assert [each.subject for each in services.open_alarms([question(shop)])] == ["order:1"]


def test_what_settled_itself_is_asked_again_at_once(shop: Restaurant) -> None:
    ask(shop)
    services.settle_alarms(kind="order_without_deliverer", subjects=["order:1"], reason="assigned")
    assert len(services.open_alarms([question(shop)])) == 1


def test_a_closed_alarm_is_left_alone(shop: Restaurant) -> None:
    ana, alarm = dispatcher(shop), ask(shop)
    services.close_alarm(alarm_id=alarm.public_id, reason="solved", by=ref(ana))
    with pytest.raises(IllegalTransition):
        services.take_alarm(alarm_id=alarm.public_id, account_id=ana.pk, by=ref(ana))
    with pytest.raises(VersionConflict):
        snooze(alarm, ana)


def test_every_act_is_in_the_logbook_and_on_the_citys_screen(shop: Restaurant) -> None:
    ana, alarm = dispatcher(shop), ask(shop)
    services.take_alarm(alarm_id=alarm.public_id, account_id=ana.pk, by=ref(ana))
    logbook.write_note(city_id=shop.city_id, text="  Rain: slower from now on ", by=ref(ana))
    hand_dispatch.dispatch_by_hand(city=shop.city, author_id=ana.pk, duration=timedelta(minutes=30), by=ref(ana))
    assert [kind for kind, _ in kinds(shop)] == ["alarm_taken", "note", "by_hand"]
    shown = {row.entity.split(":")[0]: row.payload for row in topics.city_rows(str(shop.city.public_id))}
    assert shown["hand_dispatch"] is not None
    assert shown["hand_dispatch"]["author"] == "Ana"
    texts = [
        row.payload["text"]
        for row in topics.city_rows(str(shop.city.public_id))
        if row.entity.startswith("log:") and row.payload
    ]
    assert "Rain: slower from now on" in texts


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_a_note_says_something(shop: Restaurant, text: str) -> None:
    with pytest.raises(Invalid):
        logbook.write_note(city_id=shop.city_id, text=text, by="system")


def test_by_hand_ends_by_itself_or_by_a_person(shop: Restaurant) -> None:
    ana = dispatcher(shop)
    switch = hand_dispatch.dispatch_by_hand(
        city=shop.city, author_id=ana.pk, duration=timedelta(minutes=30), by=ref(ana)
    )
    assert hand_dispatch.is_by_hand(shop.city_id)
    type(switch).objects.filter(pk=switch.pk).update(until=clock.now())
    assert not hand_dispatch.is_by_hand(shop.city_id)
    hand_dispatch.dispatch_by_hand(city=shop.city, author_id=ana.pk, duration=timedelta(minutes=30), by=ref(ana))
    hand_dispatch.dispatch_by_planner(city=shop.city, author_id=ana.pk, by=ref(ana))
    assert not hand_dispatch.is_by_hand(shop.city_id)
    with pytest.raises(Invalid):
        hand_dispatch.dispatch_by_hand(city=shop.city, author_id=ana.pk, duration=timedelta(hours=5), by=ref(ana))
