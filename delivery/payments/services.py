"""Writes to tenders."""

from datetime import timedelta

from django.db import transaction

from delivery.ground import clock
from delivery.ground.errors import Conflict, KeyReused
from delivery.orders.models import Order
from delivery.payments.errors import PaymentRefused, TenderNotTaken
from delivery.payments.models import Tender
from delivery.payments.provider import Counted, DemoProvider, Provider

State = Tender.State

PROVIDERS: dict[str, Provider] = {Tender.Kind.CARD.value: DemoProvider(), Tender.Kind.CASH.value: Counted()}

WITHOUT_ORDER_FOR = timedelta(minutes=15)


def authorize_tender(*, attempt_key: str, kind: Tender.Kind, amount: int, currency: str) -> Tender:
    """Reserve the money of an order that does not exist yet; call outside of any transaction.

    The attempt is committed before the provider is called, so a crash leaves a row to reconcile and a repeated key
    finds it: the same key is the same payment.
    Args:
        attempt_key: unique for the purchase, also at the provider.
    Raises:
        TenderNotTaken: no provider takes this kind. PaymentRefused: by the provider, or this attempt has ended.
        KeyReused: the key came with other money.
    """
    provider = PROVIDERS.get(kind.value)
    if provider is None:
        raise TenderNotTaken()
    attempt = Tender(attempt_key=attempt_key, provider=provider.name, kind=kind.value, amount=amount, currency=currency)
    with transaction.atomic(durable=True):
        Tender.objects.bulk_create([attempt], ignore_conflicts=True)
    tender = Tender.objects.get(attempt_key=attempt_key)
    if (tender.kind, tender.amount, tender.currency) != (kind.value, amount, currency):
        raise KeyReused()
    if tender.state == State.STARTED:
        answer = provider.authorize(attempt_key=attempt_key, amount=amount, currency=currency)
        state = State.AUTHORIZED if answer.is_granted else State.FAILED
        mine = Tender.objects.filter(pk=tender.pk, state=State.STARTED)
        if mine.update(state=state, provider_ref=answer.ref, changed_at=clock.now()):
            tender.state, tender.provider_ref = state, answer.ref
        else:
            tender.refresh_from_db()
    if tender.state in (State.FAILED, State.VOIDED):
        raise PaymentRefused()
    return tender


def attach_tender(*, tender: Tender, order: Order) -> None:
    """The authorised tender pays this order, in the order's transaction. Raises Conflict when it is gone or spent."""
    free = Tender.objects.filter(pk=tender.pk, state=State.AUTHORIZED, order__isnull=True, amount=order.total)
    if not free.update(order=order, changed_at=clock.now()):
        raise Conflict("this payment is spent or was given back: order again")


def void_tender(*, tender: Tender) -> None:
    """Give back money that was reserved for an order that did not come about; nothing if it pays one."""
    Tender.objects.filter(pk=tender.pk, state=State.AUTHORIZED, order__isnull=True).update(
        state=State.VOIDED, changed_at=clock.now()
    )


def reconcile_tenders() -> int:
    """Periodic duty: what was reserved 15 minutes ago and pays no order is given back; returns how many."""
    now = clock.now()
    return Tender.objects.filter(
        state__in=[State.STARTED, State.AUTHORIZED], order__isnull=True, created_at__lt=now - WITHOUT_ORDER_FOR
    ).update(state=State.VOIDED, changed_at=now)
