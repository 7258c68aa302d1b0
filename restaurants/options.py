"""Choices that come with a product: reading them, checking what somebody picked, and changing them on the menu."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Prefetch

from delivery.ground.errors import Invalid, NotFound
from restaurants.errors import ChoiceIncomplete, UnknownOption
from restaurants.facts import record_menu_changed
from restaurants.models import Option, OptionGroup, Product, Restaurant


@dataclass(frozen=True, slots=True)
class NewOption:
    """An answer to put under a choice; `amount` in minor units, added to the price."""

    name: str
    amount: int = 0


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A choice to put on a product."""

    name: str
    options: Sequence[NewOption]
    fewest: int = 0
    most: int = 1


@dataclass(frozen=True, slots=True)
class Picked:
    """An answer as it is kept on quotes and orders, whatever becomes of the menu."""

    group: str
    name: str
    amount: int


def groups_of(product_ids: Iterable[int]) -> dict[int, list[OptionGroup]]:
    """The choices of each product in their order, each with its `options` on the menu; two queries."""
    on_menu = Option.objects.filter(is_active=True).order_by("position", "id")
    rows = OptionGroup.objects.filter(product__in=list(product_ids)).order_by("position", "id")
    groups: dict[int, list[OptionGroup]] = {}
    for group in rows.prefetch_related(Prefetch("options", queryset=on_menu)):
        groups.setdefault(group.product_id, []).append(group)
    return groups


def pick(groups: Sequence[OptionGroup], picked: Collection[str]) -> list[Picked]:
    """The answers with these public ids, in the menu's order.

    Raises:
        UnknownOption: one is of no group here, or left the menu. ChoiceIncomplete: too few or too many of a group.
    """
    known = {str(option.public_id): option for group in groups for option in group.options.all()}
    if len(set(picked)) != len(picked) or not set(picked) <= set(known):
        raise UnknownOption()
    answers = []
    for group in groups:
        of_group = [option for option in group.options.all() if str(option.public_id) in picked]
        if not group.fewest <= len(of_group) <= group.most:
            raise ChoiceIncomplete(current={"group": group.name, "fewest": group.fewest, "most": group.most})
        answers += [Picked(group.name, option.name, option.amount) for option in of_group]
    return answers


def insert_groups(product: Product, groups: Sequence[NewGroup]) -> None:
    """Put choices behind those that the product has; the caller records that the menu changed.

    Raises:
        Invalid: a choice that nobody could make.
    """
    first = OptionGroup.objects.filter(product=product).count()
    for position, new in enumerate(groups, first):
        if not 0 <= new.fewest <= new.most or not 1 <= new.most <= len(new.options):
            raise Invalid("a choice has at least as many options as it asks for")
        if any(option.amount < 0 for option in new.options):
            raise Invalid("an option never lowers the price")
        group = OptionGroup.objects.create(
            product=product, name=new.name, fewest=new.fewest, most=new.most, position=position
        )
        Option.objects.bulk_create(
            Option(group=group, name=option.name, amount=option.amount, position=place)
            for place, option in enumerate(new.options)
        )


@transaction.atomic
def replace_option(*, option_id: int, by: str, replacement: NewOption | None) -> Option | None:
    """Take an option off the menu and put another in its place, or none. Placed orders keep what they picked.

    Raises:
        NotFound. Invalid: the choice could not be made any more.
    """
    option = Option.objects.select_related("group__product").filter(pk=option_id, is_active=True).first()
    if option is None:
        raise NotFound()
    restaurant: Restaurant = Restaurant.objects.lock(pk=option.group.product.restaurant_id)
    left = Option.objects.filter(group=option.group, is_active=True).count() - 1
    if replacement is None and left < max(option.group.fewest, 1):
        raise Invalid("the choice could not be made any more")
    if replacement is not None and replacement.amount < 0:
        raise Invalid("an option never lowers the price")
    Option.objects.filter(pk=option.pk).update(is_active=False)
    added = None
    if replacement is not None:
        added = Option.objects.create(
            group=option.group, name=replacement.name, amount=replacement.amount, position=option.position
        )
    record_menu_changed(restaurant, what="options", by=by)
    return added
