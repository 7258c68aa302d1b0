"""A city's weights: versions with an author, read by the planner, named by decisions; trials that do not act."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from delivery.cities.models import Membership
from delivery.ground.access import Actor
from delivery.ground.errors import Conflict, Invalid
from dispatch.desk.models import LogEntry
from dispatch.models import Decision, Offer, ShadowPlan, Weights
from dispatch.planning import CityPlanning
from dispatch.selectors import newest_weights
from dispatch.services.trials import KEPT, forget_shadow_plans
from dispatch.services.weights import set_weights, stop_shadow
from dispatch.weighing import TUNABLE, checked_weights, own_weights
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world
from tests.callers import Caller, person

pytestmark = pytest.mark.django_db(transaction=True)
LIVE, SHADOW = Weights.Use.LIVE, Weights.Use.SHADOW


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def dispatcher(shop: Restaurant) -> tuple[str, Caller]:
    account, caller = person("dora")
    Membership.objects.create(city=shop.city, account=account, role=Membership.Role.DISPATCHER)
    return Actor(ref=f"account:{account.public_id}").ref, caller


def test_a_change_is_a_version_with_an_author_and_a_line_in_the_logbook(shop: Restaurant) -> None:
    dora, _ = dispatcher(shop)
    first = set_weights(city_id=shop.city_id, use=LIVE, values={"pay_weight": 2.0}, by=dora, reason=" rain ", seen=0)
    set_weights(city_id=shop.city_id, use=LIVE, values={**own_weights(), "bundle_limit": 3}, by=dora, seen=1)
    assert (first.number, first.reason, first.author and first.author.name) == (1, "rain", "Dora")
    assert newest_weights(shop.city_id)[LIVE].values == {"bundle_limit": 3}
    assert Weights.objects.get(number=1).values == {"pay_weight": 2.0}
    assert list(LogEntry.objects.order_by("pk").values_list("kind", "detail__number")) == [
        ("weights_set", 1),
        ("weights_set", 2),
    ]


@pytest.mark.parametrize(
    "values",
    [{"nonsense": 1.0}, {"pay_weight": -1}, {"early_share": 1.2}, {"pay_weight": float("nan")}, {"pay_weight": "2"}],
)
def test_weights_that_make_no_sense_are_refused(shop: Restaurant, values: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        set_weights(city_id=shop.city_id, use=LIVE, values=values, by="tests")
    assert list(refused.value.fields) == list(values)
    assert Weights.objects.count() == 0


def test_who_has_read_an_older_version_changes_nothing(shop: Restaurant) -> None:
    set_weights(city_id=shop.city_id, use=LIVE, values={}, by="tests", seen=0)
    with pytest.raises(Conflict) as refused:
        set_weights(city_id=shop.city_id, use=LIVE, values={}, by="tests", seen=0)
    assert refused.value.current == {"number": 1}


def test_every_tunable_weight_is_the_engines_and_within_its_own_bounds() -> None:
    own = own_weights()
    assert checked_weights(own) == {}
    assert all(bound.least <= own[name] <= bound.most for name, bound in TUNABLE.items())


def test_the_planner_weighs_and_decisions_name_the_version(shop: Restaurant) -> None:
    """Nobody goes early with a horizon of five minutes, and the version that said so is written down."""
    fw.deliverer(shop.city)
    order = fw.waiting_order(shop)
    planning = CityPlanning(fw.lease(shop.city))
    set_weights(city_id=shop.city_id, use=LIVE, values={"pay_weight": 3.0}, by="tests")
    planning.tick()
    decision = Decision.objects.get(order=order, route__isnull=False)
    assert decision.weights is not None
    assert (decision.weights.number, decision.leaves_at is None) == (1, False)
    assert decision.terms["considered"] == 1


def test_a_trial_plans_beside_and_does_nothing(shop: Restaurant) -> None:
    fw.deliverer(shop.city)
    orders = [fw.waiting_order(shop) for _ in range(2)]
    planning = CityPlanning(fw.lease(shop.city))
    planning.tick()
    assert planning.plan_beside(within_s=600) is None, "nothing is on trial"
    Offer.objects.all().delete()
    Decision.objects.all().delete()
    again = [fw.waiting_order(shop) for _ in range(2)]
    set_weights(city_id=shop.city_id, use=SHADOW, values={"bundle_limit": 1}, by="tests")
    planning = CityPlanning(planning.lease)
    planning.tick()
    before = Offer.objects.count(), Decision.objects.count()
    row = planning.plan_beside(within_s=600)
    assert row is not None
    assert (Offer.objects.count(), Decision.objects.count()) == before
    kept = ShadowPlan.objects.get()
    assert (kept.orders, kept.shadow.number, kept.live, kept.different) == (len(again), 1, None, 0)
    # One after the other instead of both at once: the second guest waits longer.
    assert kept.shadow_door_min > kept.live_door_min
    assert len(orders) == 2
    assert planning.plan_beside(within_s=600) is None, "a minute is compared once"


def test_a_trial_never_makes_the_next_decision_wait(shop: Restaurant) -> None:
    fw.deliverer(shop.city)
    fw.waiting_order(shop)
    set_weights(city_id=shop.city_id, use=SHADOW, values={"pay_weight": 5}, by="tests")
    planning = CityPlanning(fw.lease(shop.city))
    planning.tick()
    assert planning.plan_beside(within_s=0.0) is None
    assert ShadowPlan.objects.count() == 0


def test_a_trial_that_was_stopped_is_over_and_old_ones_are_forgotten(shop: Restaurant) -> None:
    fw.deliverer(shop.city)
    fw.waiting_order(shop)
    set_weights(city_id=shop.city_id, use=SHADOW, values={"pay_weight": 5}, by="tests")
    planning = CityPlanning(fw.lease(shop.city))
    planning.tick()
    assert planning.plan_beside(within_s=600) is not None
    stop_shadow(city_id=shop.city_id, by="tests", seen=1)
    fw.waiting_order(shop)
    planning = CityPlanning(planning.lease)
    planning.tick()
    assert planning.plan_beside(within_s=600) is None
    ShadowPlan.objects.update(planned_at=timezone.now() - KEPT * 2)
    forget_shadow_plans()
    assert ShadowPlan.objects.count() == 0


def test_decisions_are_told_to_who_watches_the_city(shop: Restaurant) -> None:
    _, dora = dispatcher(shop)
    far = fw.deliverer(shop.city, "far")
    near = fw.deliverer(shop.city, "near")
    order = fw.waiting_order(shop)
    CityPlanning(fw.lease(shop.city)).tick()
    path = f"/orders/{order.public_id}/decisions"
    status, told = dora.get(path)
    [decision] = told["decisions"]
    assert (status, decision["by"], decision["waits_because"], decision["weights"]) == (200, "engine", "", None)
    people = {str(far.public_id): "Far", str(near.public_id): "Near"}
    chosen, second = decision["deliverer"], decision["runner_up"]["deliverer"]
    assert {chosen["id"]: chosen["name"], second["id"]: second["name"]} == people
    assert set(decision["runner_up"]["terms"]) <= set(decision["terms"])
    assert decision["terms"]["cost"] <= decision["runner_up"]["cost"]
    assert Caller().get(path)[0] == 401
    assert person("guest")[1].get(path)[0] == 404
    _, stranger = person("stranger")
    assert stranger.get("/orders/00000000-0000-0000-0000-000000000000/decisions")[0] == 404


def test_a_waiting_order_says_who_is_meant_and_when(shop: Restaurant) -> None:
    _, dora = dispatcher(shop)
    who = fw.deliverer(shop.city)
    order = fw.waiting_order(shop, prep_time=timedelta(minutes=30))
    CityPlanning(fw.lease(shop.city)).tick()
    [decision] = dora.get(f"/orders/{order.public_id}/decisions")[1]["decisions"]
    assert (decision["waits_because"], decision["deliverer"]["id"]) == ("not_yet", str(who.public_id))
    assert decision["leaves_at"] is not None
