"""What the console can do to rows that somebody selected: each action is one service call per row."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from delivery.accounts import services as accounts
from delivery.accounts.models import AccessToken, Account
from delivery.devices import services as devices
from delivery.devices.models import Device
from delivery.ground import clock
from printing.models import Printer
from printing.services import printers
from restaurants import services as restaurants
from restaurants.models import Product

SOLD_OUT_FOR = timedelta(hours=4)
Action = Callable[[Any, HttpRequest, QuerySet[Any]], None]


def _action(description: Any, serve: Callable[[Any, str], object]) -> Action:
    """An action that calls `serve(row, actor's ref)` for each row."""

    def run(page: Any, request: HttpRequest, rows: QuerySet[Any]) -> None:
        chosen = list(rows)
        for row in chosen:
            serve(row, request.actor.ref)  # type: ignore[attr-defined]  # set by ActorMiddleware
        done = ngettext("%(n)d row: %(what)s", "%(n)d rows: %(what)s", len(chosen))
        page.message_user(request, done % {"n": len(chosen), "what": description}, messages.SUCCESS)

    run.short_description = description  # type: ignore[attr-defined]  # read by django.contrib.admin
    run.__name__ = str(getattr(serve, "__name__", "action"))
    return run


def block(row: Account, by: str) -> None:
    accounts.block_account(account=row)


def unblock(row: Account, by: str) -> None:
    accounts.unblock_account(account=row)


def revoke_token(row: AccessToken, by: str) -> None:
    accounts.revoke_token(token=row)


def revoke_device(row: Device, by: str) -> None:
    devices.revoke_device(device=row)


def mark_sold_out(row: Product, by: str) -> None:
    until = clock.after(row.restaurant.city, SOLD_OUT_FOR)
    restaurants.mark_sold_out(product_id=row.pk, until=until, by=by)


def put_back(row: Product, by: str) -> None:
    restaurants.mark_sold_out(product_id=row.pk, until=None, by=by)


def pause_printer(row: Printer, by: str) -> None:
    printers.pause_printer(printer=row, by=by)


def resume_printer(row: Printer, by: str) -> None:
    printers.resume_printer(printer=row, by=by)


ACTIONS: dict[type[Model], Sequence[Action]] = {
    Account: [_action(_("Close the account"), block), _action(_("Open the account again"), unblock)],
    AccessToken: [_action(_("Revoke the token"), revoke_token)],
    Device: [_action(_("Revoke the device"), revoke_device)],
    Product: [_action(_("Sold out for 4 hours"), mark_sold_out), _action(_("Back on sale"), put_back)],
    Printer: [_action(_("Pause the printer"), pause_printer), _action(_("Resume the printer"), resume_printer)],
}
