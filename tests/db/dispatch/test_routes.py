"""From an accepted order to the door: offers, answers, visits."""

from uuid import UUID

import pytest

from delivery.ground.errors import IllegalTransition, NotFound, VersionConflict
from delivery.ground.outbox.models import Deadline, EventRow
from delivery.orders import services as orders
from delivery.orders.models import Bearer, Order
from dispatch.errors import AnsweredTooLate, DelivererBusy, DelivererOffDuty, OfferTaken, StalePlan, StopOutOfOrder
from dispatch.fleet import services as fleet
from dispatch.fleet.errors import StillCarrying
from dispatch.fleet.models import Deliverer, Position
from dispatch.models import Decision, Exclusion, Offer, Route, Stop
from dispatch.selectors import live_route_of
from dispatch.services.leases import Lease, release_city
from dispatch.services.offers import accept_offer, decline_offer, expire_offer, offer_route
from dispatch.services.routes import prune_routes, withdraw_route
from dispatch.services.stops import arrive_stop, complete_stop, fail_stop
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


@pytest.fixture
def max_(shop: Restaurant) -> Deliverer:
    return fw.deliverer(shop.city, "max")


def stop_of(order: Order, kind: str) -> UUID:
    return Stop.objects.get(order=order, kind=kind).public_id


def waits(order: Order) -> bool:
    """Whether both stops are free to be planned."""
    return Stop.objects.filter(order=order, route=None, status="pending").count() == 2


def facts(kind: str, pk: int) -> list[str]:
    rows = EventRow.objects.filter(aggregate_kind=kind, aggregate_id=pk).order_by("seq")
    return list(rows.values_list("kind", flat=True))


def accepted(to: Deliverer, *carried: Order) -> Route:
    made = fw.offer(to, *carried)
    return accept_offer(offer_id=made.public_id, deliverer_id=to.pk, by="account:max")


def test_an_offer_freezes_its_terms(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    offer = fw.offer(max_, order)
    assert (offer.pay, offer.currency, offer.distance_m, offer.destination) == (400, "EUR", 1200, "2 rue du Nord")
    assert offer.expires_at - offer.made_at == shop.city.offer_for
    assert Deadline.objects.get(kind="offer.expiry").due_at == offer.expires_at
    assert Deadline.objects.get(kind="offer.expiry").people
    assert Decision.objects.get(order=order).terms == {"cost": 12.5}
    assert facts("dispatch.route", offer.route_id) == ["RoutePlanned"]


def test_a_bundle_pays_each_order(shop: Restaurant, max_: Deliverer) -> None:
    offer = fw.offer(max_, fw.waiting_order(shop), fw.waiting_order(shop))
    assert (offer.pay, offer.route.stops.count()) == (800, 4)


def test_from_offer_to_door(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    route = accepted(max_, order)
    assert (route.status, route.deliverer, Deadline.objects.filter(kind="offer.expiry").count()) == (
        "assigned",
        max_,
        0,
    )
    arrive_stop(stop_id=stop_of(order, "pickup"), deliverer_id=max_.pk, by="account:max")
    # The kitchen never pressed "ready": the bag leaves all the same.
    complete_stop(stop_id=stop_of(order, "pickup"), deliverer_id=max_.pk, by="account:max")
    order.refresh_from_db()
    assert order.status == "picked_up"
    complete_stop(stop_id=stop_of(order, "dropoff"), deliverer_id=max_.pk, by="account:max")
    order.refresh_from_db()
    assert (order.status, live_route_of(max_.pk)) == ("delivered", None)
    assert facts("dispatch.route", route.pk) == [
        "RoutePlanned",
        "RouteAssigned",
        "StopArrived",
        "StopCompleted",
        "StopCompleted",
        "RouteDone",
    ]
    position = Position.objects.get(deliverer=max_)
    assert (position.lat, position.lon) == (order.lat, order.lon)


def test_a_door_before_its_counter_is_refused(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    accepted(max_, order)
    for visit in (complete_stop, lambda **to: fail_stop(reason="nobody", **to)):
        with pytest.raises(StopOutOfOrder):
            visit(stop_id=stop_of(order, "dropoff"), deliverer_id=max_.pk, by="account:max")
    order.refresh_from_db()
    assert order.status == "preparing"


def test_a_stop_of_somebody_else_does_not_exist(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    accepted(max_, order)
    eve = fw.deliverer(shop.city, "eve")
    for visit in (arrive_stop, complete_stop):
        with pytest.raises(NotFound):
            visit(stop_id=stop_of(order, "pickup"), deliverer_id=eve.pk, by="account:eve")


def test_a_visit_with_an_old_version_is_refused(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    route = accepted(max_, order)
    arrive_stop(stop_id=stop_of(order, "pickup"), deliverer_id=max_.pk, by="a", version=route.version)
    with pytest.raises(VersionConflict):
        complete_stop(stop_id=stop_of(order, "pickup"), deliverer_id=max_.pk, by="a", version=route.version)


def test_a_stop_is_completed_once(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    accepted(max_, order)
    complete_stop(stop_id=stop_of(order, "pickup"), deliverer_id=max_.pk, by="a")
    with pytest.raises(IllegalTransition):
        complete_stop(stop_id=stop_of(order, "pickup"), deliverer_id=max_.pk, by="a")


def test_declining_forbids_the_pair_and_nothing_else(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    offer = fw.offer(max_, order)
    decline_offer(offer_id=offer.public_id, deliverer_id=max_.pk, by="account:max")
    assert waits(order)
    assert list(Exclusion.objects.values_list("order", "deliverer", "because")) == [(order.pk, max_.pk, "declined")]
    max_.refresh_from_db()
    assert (max_.silent_offers, max_.offers_paused_at) == (0, None)
    assert Route.objects.get(pk=offer.route_id).status == "withdrawn"
    assert Deadline.objects.filter(kind="offer.expiry").count() == 0
    with pytest.raises(OfferTaken) as refused:
        accept_offer(offer_id=offer.public_id, deliverer_id=max_.pk, by="account:max")
    assert refused.value.current is not None
    assert refused.value.current["status"] == "declined"


def test_silence_returns_the_order_and_pauses_after_three(shop: Restaurant, max_: Deliverer) -> None:
    for silent in (1, 2, 3):
        order = fw.waiting_order(shop)
        offer = fw.offer(max_, order)
        expire_offer(aggregate_pk=offer.route_id)
        assert waits(order)
        max_.refresh_from_db()
        assert (max_.silent_offers, max_.offers_paused_at is not None) == (silent, silent == 3)
        release_city(lease=Lease(shop.city_id, "tests", silent))
    with pytest.raises(AnsweredTooLate):
        accept_offer(offer_id=offer.public_id, deliverer_id=max_.pk, by="account:max")
    fleet.resume_offers(deliverer_id=max_.pk, by="account:max")
    max_.refresh_from_db()
    assert (max_.silent_offers, max_.offers_paused_at) == (0, None)


def test_an_answer_ends_the_silence(shop: Restaurant, max_: Deliverer) -> None:
    held = fw.lease(shop.city)
    expire_offer(aggregate_pk=fw.offer(max_, fw.waiting_order(shop), held=held).route_id)
    offer = fw.offer(max_, fw.waiting_order(shop), held=held)
    decline_offer(offer_id=offer.public_id, deliverer_id=max_.pk, by="account:max")
    max_.refresh_from_db()
    assert max_.silent_offers == 0


def test_an_expiry_after_the_answer_changes_nothing(shop: Restaurant, max_: Deliverer) -> None:
    route = accepted(max_, fw.waiting_order(shop))
    expire_offer(aggregate_pk=route.pk)
    route.refresh_from_db()
    assert (route.status, Offer.objects.get(route=route).status) == ("assigned", "accepted")


def test_a_cancelled_order_ends_its_offer(shop: Restaurant, max_: Deliverer) -> None:
    gone, stays = fw.waiting_order(shop), fw.waiting_order(shop)
    offer = fw.offer(max_, gone, stays)
    orders.cancel_order(order_id=gone.pk, by="a", reason="changed_mind", borne_by=Bearer.PLATFORM)
    prune_routes()
    offer.refresh_from_db()
    assert (offer.status, waits(stays)) == ("withdrawn", True)
    assert set(Stop.objects.filter(order=gone).values_list("status", flat=True)) == {"cancelled"}


def test_a_cancelled_order_leaves_its_route(shop: Restaurant, max_: Deliverer) -> None:
    gone, stays = fw.waiting_order(shop), fw.waiting_order(shop)
    route = accepted(max_, gone, stays)
    orders.cancel_order(order_id=gone.pk, by="a", reason="changed_mind", borne_by=Bearer.PLATFORM)
    prune_routes()
    route.refresh_from_db()
    open_stops = route.stops.filter(status="pending").values_list("order", flat=True)
    assert (route.status, set(open_stops)) == ("assigned", {stays.pk})
    orders.cancel_order(order_id=stays.pk, by="a", reason="changed_mind", borne_by=Bearer.PLATFORM)
    prune_routes()
    route.refresh_from_db()
    assert route.status == "withdrawn"


def test_nobody_goes_home_with_a_route(shop: Restaurant, max_: Deliverer) -> None:
    accepted(max_, fw.waiting_order(shop))
    with pytest.raises(StillCarrying):
        fleet.end_shift(deliverer_id=max_.pk, by="account:max")


def test_going_home_withdraws_the_offer(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    offer = fw.offer(max_, order)
    fleet.end_shift(deliverer_id=max_.pk, by="account:max")
    with pytest.raises(DelivererOffDuty):
        accept_offer(offer_id=offer.public_id, deliverer_id=max_.pk, by="account:max")
    prune_routes()
    offer.refresh_from_db()
    assert (offer.status, waits(order), Position.objects.count()) == ("withdrawn", True, 0)
    assert Deadline.objects.filter(kind="offer.expiry").count() == 0


def test_a_failed_door_fails_the_order(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    route = accepted(max_, order)
    complete_stop(stop_id=stop_of(order, "pickup"), deliverer_id=max_.pk, by="a")
    fail_stop(stop_id=stop_of(order, "dropoff"), deliverer_id=max_.pk, reason="nobody_there", by="a")
    order.refresh_from_db()
    route.refresh_from_db()
    assert (order.status, order.close_reason, route.status) == ("failed", "nobody_there", "done")


def test_a_failed_counter_hands_the_order_back(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    route = accepted(max_, order)
    fail_stop(stop_id=stop_of(order, "pickup"), deliverer_id=max_.pk, reason="shop_closed", by="a")
    order.refresh_from_db()
    route.refresh_from_db()
    assert (order.status, waits(order), route.status) == ("preparing", True, "withdrawn")
    assert Exclusion.objects.get(order=order).because == "handed_back"


def test_a_route_with_a_bag_is_not_withdrawn(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    route = accepted(max_, order)
    complete_stop(stop_id=stop_of(order, "pickup"), deliverer_id=max_.pk, by="a")
    with pytest.raises(IllegalTransition):
        withdraw_route(route_id=route.pk, reason="test", by="dispatcher")


def test_a_withdrawn_route_frees_its_orders(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    route = accepted(max_, order)
    withdraw_route(route_id=route.pk, reason="accident", by="dispatcher")
    route.refresh_from_db()
    assert (route.status, waits(order), Exclusion.objects.count()) == ("withdrawn", True, 0)


def test_a_plan_from_old_rows_commits_nothing(shop: Restaurant, max_: Deliverer) -> None:
    order = fw.waiting_order(shop)
    held = fw.lease(shop.city)
    stale = fw.proposal(max_, order)
    orders.mark_ready(order_id=order.pk, by=fw.KITCHEN)
    with pytest.raises(StalePlan):
        offer_route(city=shop.city, proposal=stale, lease=held)
    assert (Route.objects.count(), Offer.objects.count(), waits(order)) == (0, 0, True)


def test_who_holds_a_route_is_offered_none(shop: Restaurant, max_: Deliverer) -> None:
    held = fw.lease(shop.city)
    offer = fw.offer(max_, fw.waiting_order(shop), held=held)
    with pytest.raises(StalePlan):
        fw.offer(max_, fw.waiting_order(shop), held=held)
    accept_offer(offer_id=offer.public_id, deliverer_id=max_.pk, by="a")
    with pytest.raises(StalePlan):
        fw.offer(max_, fw.waiting_order(shop), held=held)


def test_an_offer_to_who_is_busy_meanwhile_is_refused(shop: Restaurant, max_: Deliverer) -> None:
    offer = fw.offer(max_, fw.waiting_order(shop))
    Route.objects.create(
        city=shop.city, deliverer=max_, status="assigned", distance_m=1, pay=1, planned_at=offer.made_at
    )
    with pytest.raises(DelivererBusy):
        accept_offer(offer_id=offer.public_id, deliverer_id=max_.pk, by="a")
