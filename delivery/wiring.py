"""The map of the product: what each fact causes, which screens see it, what each deadline calls, who may open what.

Three tables (events -> reactions, events -> topics, deadlines -> services) and the lists that open doors.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from delivery import celery
from delivery.accounts import access as account_access
from delivery.accounts import roles as account_roles
from delivery.checkout import access as checkout_access
from delivery.checkout import services as checkout
from delivery.cities import events as city_facts
from delivery.cities import levers
from delivery.cities import roles as city_roles
from delivery.cities import topics as city_topics
from delivery.console import access as console_access
from delivery.demo import access as demo_access
from delivery.devices import access as device_access
from delivery.devices import actors
from delivery.devices import roles as device_roles
from delivery.ground import poller
from delivery.ground.access import ANYONE, Rule
from delivery.ground.events import Event, Recorded
from delivery.ground.outbox import duties
from delivery.ground.registry import Duty, Projection, Reaction, Reading, RoleSource, TopicFamily, TopicRow, wired
from delivery.integrations import access as integration_access
from delivery.integrations import keys, webhooks
from delivery.messaging import reactions as messages
from delivery.orders import access as order_access
from delivery.orders import events as order_facts
from delivery.orders import reactions as order_reactions
from delivery.orders import readings as order_readings
from delivery.orders import services as orders
from delivery.orders import topics as order_topics
from delivery.payments import reactions as payments
from delivery.payments import services as tenders
from delivery.storefront import access as storefront_access
from dispatch import access as dispatch_access
from dispatch import events as dispatch_facts
from dispatch import reactions as dispatch
from dispatch import topics as dispatch_topics
from dispatch.desk import events as desk_facts
from dispatch.desk import reactions as desk
from dispatch.desk import readings as desk_readings
from dispatch.desk import services as alarms
from dispatch.fleet import events as fleet_facts
from dispatch.fleet import roles as fleet_roles
from dispatch.services import offers, routes
from dispatch.services.trials import forget_shadow_plans
from printing import access as printing_access
from printing import announcements as paper_news
from printing import events as printing_facts
from printing import reactions as printing
from printing import readings as printing_readings
from printing import topics as printing_topics
from printing.services.watch import forget_payloads, watch_jobs
from restaurants import access as restaurant_access
from restaurants import events as restaurant_facts
from restaurants import roles as restaurant_roles
from restaurants import services as restaurants
from restaurants import topics as restaurant_topics


def tell_programs_of_jobs(events: Sequence[Recorded[printing_facts.TicketFact]]) -> None:
    """Peers do not know each other: what printing announces, integrations carry."""
    webhooks.announce(paper_news.of_jobs(events))


def tell_programs_of_printers(
    events: Sequence[
        Recorded[printing_facts.PrinterStateChanged | printing_facts.PrinterPaused | printing_facts.PrinterResumed]
    ],
) -> None:
    webhooks.announce(paper_news.of_printers(events))


REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {
    order_facts.OrderAccepted: [dispatch.open_stops_of_orders, desk.settle_answered_orders],
    order_facts.OrderUnheard: [desk.ask_about_unheard_orders],
    order_facts.OrderDelayed: [messages.tell_of_delays],
    order_facts.CookingStarted: [printing.print_tickets],
    order_facts.OrderDelivered: [payments.capture],
    order_facts.OrderRejected: [payments.void, desk.settle_answered_orders],
    order_facts.OrderExpired: [
        payments.void,
        order_reactions.pause_silent_counters,
        desk.settle_answered_orders,
    ],
    order_facts.OrderCancelled: [
        payments.void,
        dispatch.close_stops_of_orders,
        printing.take_tickets_back,
        desk.settle_closed_orders,
        desk.settle_answered_orders,
    ],
    order_facts.OrderFailed: [payments.void, dispatch.close_stops_of_orders],
    order_facts.OrderRefunded: [payments.give_back],
    fleet_facts.ShiftEnded: [dispatch.prune_soon],
    fleet_facts.BreakStarted: [dispatch.prune_soon],
    dispatch_facts.RouteAssigned: [desk.settle_found_deliverers, dispatch.tell_deliverers],
    dispatch_facts.RouteChanged: [desk.settle_found_deliverers, dispatch.tell_deliverers],
    dispatch_facts.RouteWithdrawn: [dispatch.tell_deliverers],
    dispatch_facts.StopFailed: [desk.ask_about_failed_stops],
    printing_facts.PrinterStateChanged: [tell_programs_of_printers],
    printing_facts.PrinterPaused: [tell_programs_of_printers],
    printing_facts.PrinterResumed: [tell_programs_of_printers],
    printing_facts.TicketUnconfirmed: [tell_programs_of_jobs],
    printing_facts.TicketCopied: [tell_programs_of_jobs],
    printing_facts.TicketRerouted: [tell_programs_of_jobs],
    printing_facts.TicketExpired: [tell_programs_of_jobs],
    printing_facts.TicketOverdue: [desk.ask_about_overdue_tickets, tell_programs_of_jobs],
    printing_facts.TicketsUnrouted: [desk.ask_about_unrouted_tickets],
    printing_facts.TicketPrinted: [desk.settle_printed_tickets, tell_programs_of_jobs],
    printing_facts.TicketWithdrawn: [desk.settle_printed_tickets, tell_programs_of_jobs],
}
# Without paper nobody cooks: the first failure calls a person.
URGENT: Collection[Reaction] = (printing.print_tickets, printing.take_tickets_back)
TOPICS: Mapping[type[Event], Sequence[Projection]] = {
    city_facts.LeverPulled: [city_topics.project_levers],
    city_facts.LeverEnded: [city_topics.project_levers],
    order_facts.OrderPlaced: [order_topics.project],
    order_facts.AnswerTimeMoved: [order_topics.project],
    order_facts.OrderAccepted: [order_topics.project],
    order_facts.OrderRejected: [order_topics.project],
    order_facts.OrderExpired: [order_topics.project],
    order_facts.CookingStarted: [order_topics.project, printing_topics.tickets_of_orders],
    order_facts.OrderDelayed: [order_topics.project, dispatch_topics.project_routes_of_orders],
    order_facts.OrderReady: [order_topics.project, dispatch_topics.project_routes_of_orders],
    order_facts.OrderUnheard: [order_topics.project],
    order_facts.OrderPickedUp: [order_topics.project],
    order_facts.OrderDelivered: [order_topics.project, printing_topics.tickets_of_orders],
    order_facts.OrderCancelled: [order_topics.project, printing_topics.tickets_of_orders],
    order_facts.OrderFailed: [order_topics.project, printing_topics.tickets_of_orders],
    order_facts.OrderRefunded: [order_topics.project],
    order_facts.LinesTicked: [order_topics.project_station_work],
    order_facts.StationFinished: [order_topics.project_station_work],
    order_facts.StationRecalled: [order_topics.project_station_work],
    order_facts.CancellationSeen: [order_topics.project_station_work],
    restaurant_facts.MenuChanged: [restaurant_topics.project],
    restaurant_facts.RestaurantPaused: [restaurant_topics.project],
    restaurant_facts.RestaurantResumed: [restaurant_topics.project],
    restaurant_facts.RestaurantBusy: [restaurant_topics.project],
    restaurant_facts.RestaurantCalm: [restaurant_topics.project],
    dispatch_facts.RoutePlanned: [dispatch_topics.project_routes],
    dispatch_facts.RouteAssigned: [dispatch_topics.project_routes],
    dispatch_facts.RouteChanged: [dispatch_topics.project_routes],
    dispatch_facts.RouteWithdrawn: [dispatch_topics.project_routes],
    dispatch_facts.RouteDone: [dispatch_topics.project_routes],
    dispatch_facts.StopArrived: [dispatch_topics.project_routes],
    dispatch_facts.StopCompleted: [dispatch_topics.project_routes],
    dispatch_facts.StopFailed: [dispatch_topics.project_routes],
    dispatch_facts.NobodyAnswered: [dispatch_topics.project_routes],
    dispatch_facts.OfferMade: [dispatch_topics.project_offers],
    dispatch_facts.OfferAccepted: [dispatch_topics.project_offers],
    dispatch_facts.OfferDeclined: [dispatch_topics.project_offers],
    dispatch_facts.OfferExpired: [dispatch_topics.project_offers],
    dispatch_facts.OfferProlonged: [dispatch_topics.project_offers],
    dispatch_facts.OfferWithdrawn: [dispatch_topics.project_offers],
    fleet_facts.DelivererJoined: [dispatch_topics.project_deliverers],
    fleet_facts.DelivererEquipped: [dispatch_topics.project_deliverers],
    fleet_facts.ShiftStarted: [dispatch_topics.project_deliverers],
    fleet_facts.ShiftEnded: [dispatch_topics.project_deliverers],
    fleet_facts.BreakStarted: [dispatch_topics.project_deliverers],
    fleet_facts.OffersPaused: [dispatch_topics.project_deliverers],
    fleet_facts.OffersResumed: [dispatch_topics.project_deliverers],
    printing_facts.PrinterStateChanged: [printing_topics.tickets_at_printers],
    printing_facts.PrinterPaused: [printing_topics.tickets_at_printers],
    printing_facts.PrinterResumed: [printing_topics.tickets_at_printers],
    printing_facts.TicketPrinted: [printing_topics.tickets_named, printing_topics.jobs_named],
    printing_facts.TicketUnconfirmed: [printing_topics.tickets_named, printing_topics.jobs_named],
    printing_facts.TicketCopied: [printing_topics.tickets_named, printing_topics.jobs_named],
    printing_facts.TicketRerouted: [printing_topics.tickets_named, printing_topics.jobs_named],
    printing_facts.TicketOverdue: [printing_topics.tickets_named, printing_topics.jobs_named],
    printing_facts.TicketExpired: [printing_topics.tickets_named, printing_topics.jobs_named],
    printing_facts.TicketWithdrawn: [printing_topics.tickets_named, printing_topics.jobs_named],
    desk_facts.AlarmOpened: [dispatch_topics.project_alarms],
    desk_facts.AlarmTaken: [dispatch_topics.project_alarms],
    desk_facts.AlarmGivenBack: [dispatch_topics.project_alarms],
    desk_facts.AlarmHandedOver: [dispatch_topics.project_alarms],
    desk_facts.AlarmSnoozed: [dispatch_topics.project_alarms],
    desk_facts.AlarmWoke: [dispatch_topics.project_alarms],
    desk_facts.AlarmClosed: [dispatch_topics.project_alarms],
    desk_facts.LogWritten: [dispatch_topics.project_logbook],
    desk_facts.HandDispatchSet: [dispatch_topics.project_hand_dispatch],
}
DEADLINES: Mapping[str, Duty] = {
    **duties.DUTIES,
    levers.END: Duty(levers.end_due_lever),
    "order.accept_by": Duty(orders.expire_order, people=True, moved="order.show_accept_by"),
    "order.show_accept_by": Duty(orders.move_accept_by),
    "order.ring_by": Duty(orders.ask_who_rang, people=True),
    "order.cook_at": Duty(orders.start_preparing),
    routes.OFFER_EXPIRY: Duty(offers.expire_offer, people=True, moved="offer.show_expiry"),
    "offer.show_expiry": Duty(offers.move_expiry),
    alarms.ALARM_WAKE: Duty(alarms.wake_alarm),
    dispatch.PRUNE: Duty(routes.prune_routes, every=timedelta(seconds=30)),
    "dispatch.forget_shadow_plans": Duty(forget_shadow_plans, every=timedelta(hours=1)),
    "print_jobs.watch": Duty(watch_jobs, every=timedelta(seconds=1)),
    "webhooks.forget": Duty(webhooks.forget_deliveries, every=timedelta(minutes=10)),
    "print_jobs.forget": Duty(forget_payloads, every=timedelta(minutes=10)),
    restaurants.PAUSE_END: Duty(restaurants.end_pause),
    restaurants.BUSY_END: Duty(restaurants.end_busy),
    restaurants.SOLD_OUT_END: Duty(restaurants.end_sold_out),
    "checkout.forget_quotes": Duty(checkout.forget_quotes, every=timedelta(hours=1)),
    "payments.reconcile": Duty(tenders.reconcile_tenders, every=timedelta(minutes=5)),
}
ACCESS: Sequence[Mapping[str, Rule]] = (
    {"api:openapi-json": ANYONE, "api:api-root": ANYONE, "live": ANYONE},  # live asks who may join each topic
    account_access.ACCESS,
    device_access.ACCESS,
    console_access.ACCESS,
    demo_access.ACCESS,
    restaurant_access.ACCESS,
    checkout_access.ACCESS,
    order_access.ACCESS,
    dispatch_access.ACCESS,
    printing_access.ACCESS,
    integration_access.ACCESS,
    storefront_access.ACCESS,
)
ROLE_SOURCES: Sequence[RoleSource] = (
    account_roles.roles_of,
    city_roles.roles_of,
    restaurant_roles.roles_of,
    device_roles.roles_of,
    fleet_roles.roles_of,
    keys.roles_of,
)
POLLS: Sequence[poller.Poll] = (
    poller.Poll("messages", queue="default", every_s=0.5, work="delivery.messaging.services.send_due"),
    poller.Poll("webhooks", queue="default", every_s=0.5, work="delivery.integrations.sending.send_due"),
    poller.Poll("printers", queue="print", every_s=0.25, work="printing.worker.hand_out"),
)

READINGS: Sequence[Reading] = (
    Reading("passeplat_orders_open", "Orders that are not over.", "status", order_readings.open_orders),
    Reading("passeplat_tickets_open", "Tickets that are not on paper.", "state", printing_readings.open_tickets),
    Reading("passeplat_alarms_open", "Open questions, taken or not.", "owner", desk_readings.open_alarms),
)


def city_snapshot(public_id: str) -> list[TopicRow]:
    """Everything that the control room of a city follows."""
    return [
        *order_topics.city_orders(public_id),
        *dispatch_topics.city_rows(public_id),
        *city_topics.city_levers(public_id),
    ]


def kitchen_snapshot(public_id: str) -> list[TopicRow]:
    """Everything that the screens of a restaurant follow."""
    return [
        *restaurant_topics.kitchen_snapshot(public_id),
        *order_topics.kitchen_snapshot(public_id),
        *printing_topics.kitchen_tickets(public_id),
    ]


FAMILIES: Sequence[TopicFamily] = (
    TopicFamily("order", order_topics.order_snapshot, order_topics.may_join_order, order_topics.city_of_order),
    TopicFamily("print", printing_topics.program_jobs, printing_topics.may_join_print, order_topics.city_of_kitchen),
    TopicFamily("kitchen", kitchen_snapshot, order_topics.may_join_kitchen, order_topics.city_of_kitchen),
    TopicFamily(
        "deliverer",
        dispatch_topics.deliverer_snapshot,
        dispatch_topics.may_join_deliverer,
        dispatch_topics.city_of_deliverer,
    ),
    TopicFamily("city", city_snapshot, city_topics.may_join, city_topics.city_of, hold_s=0.25),
)


def install() -> None:
    """Hand the tables to the ground floor; called once per process."""
    wired.reactions = REACTIONS
    wired.urgent = URGENT
    wired.topics = TOPICS
    wired.deadlines = DEADLINES
    wired.on_trouble = desk.ask_about_trouble
    wired.families = {family.name: family for family in FAMILIES}
    wired.access = {name: rule for rules in ACCESS for name, rule in rules.items()}
    wired.readings = READINGS
    wired.role_sources = ROLE_SOURCES
    wired.actor_of_scope = actors.actor_of_scope
    wired.rights_of = actors.rights_of
    wired.actor_of_key = keys.actor_of_key
    wired.rights_of_keys = keys.rights_of_keys
    poller.install(celery.app, POLLS)
