"""How a restaurant's tickets are laid out: versions that are added, never changed."""

from datetime import timedelta

import structlog
from django.db import transaction

from delivery.ground import clock
from delivery.ground.errors import VersionConflict
from printing.models import TicketTemplate
from printing.rendering.content import (
    Also,
    Course,
    Footer,
    Fulfilment,
    Item,
    Language,
    Mark,
    MarkKind,
    Modifier,
    TicketContent,
)
from printing.rendering.layout import USUAL, USUAL_SOURCE, Layout, LayoutRefused, parse_layout
from printing.rendering.profile import Profile
from printing.rendering.ticket import render_ticket
from restaurants.models import Restaurant

log = structlog.get_logger(__name__)


def layout_of(restaurant_id: int | None) -> Layout:
    """The layout in force; the usual one where nobody has written another. A ticket is never lost to its layout."""
    newest = TicketTemplate.objects.filter(restaurant=restaurant_id).first() if restaurant_id else None
    try:
        return parse_layout(newest.source) if newest else USUAL
    except LayoutRefused:  # written under older rules
        log.warning("layout_no_longer_valid", restaurant_id=restaurant_id, version=newest and newest.version)
        return USUAL


def template_of(restaurant: Restaurant) -> tuple[int, str]:
    """(version, source) in force; version 0 is the usual one."""
    newest = TicketTemplate.objects.filter(restaurant=restaurant).first()
    return (newest.version, newest.source) if newest else (0, USUAL_SOURCE)


@transaction.atomic
def write_template(*, restaurant: Restaurant, source: str, seen_version: int, by: str) -> TicketTemplate:
    """Add a version; the next ticket that is printed has it.

    Raises:
        LayoutRefused. VersionConflict: somebody else has written one since `seen_version`.
    """
    parse_layout(source)
    Restaurant.objects.select_for_update(no_key=True, of=("self",)).get(pk=restaurant.pk)
    version, _ = template_of(restaurant)
    if version != seen_version:
        raise VersionConflict(current={"version": version})
    return TicketTemplate.objects.create(restaurant=restaurant, version=version + 1, source=source, made_by=by)


def preview_template(*, source: str, profile: Profile, language: Language) -> bytes:
    """ESC/POS of a ticket with everything on it, laid out so. Raises LayoutRefused."""
    return render_ticket(_example(language), profile, parse_layout(source))


def _example(language: Language) -> TicketContent:
    now = clock.now()
    margherita = Item(2, "Margherita", (Modifier("+", "mozzarella", 2), Modifier("-", "basilic")), note="bien cuite")
    return TicketContent(
        station="Four",
        number="A42",
        placed_at=now,
        pickup_at=now + timedelta(minutes=25),
        fulfilment=Fulfilment.DELIVERY,
        courses=(
            Course("Pizza", (margherita, Item(1, "Quattro formaggi", allergy="lait"))),
            Course("Dessert", (Item(1, "Tiramisu"),)),
        ),
        station_index=1,
        station_total=2,
        marks=(Mark(MarkKind.COPY, "1"),),
        customer="Zoë",
        deliverer="Ben",
        allergies=("arachide",),
        note="Sonner deux fois",
        also=(Also("Bar", 2),),
        qr_url="https://passeplat.example/h/example",
        footer=Footer("0192-7f", 1, now, "Four 1"),
        language=language,
    )
