"""One key, one effect, also when twins run at the same time."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from delivery.cities.models import City
from delivery.ground import idempotency
from delivery.ground.errors import Conflict, InProgress, KeyReused
from delivery.ground.idempotency import IdempotencyKey, Reply, run_once
from tests.ground_facts import new_city

pytestmark = pytest.mark.django_db(transaction=True)


def make(slug: str, *, key: str = "k-1", scope: str = "account:1", route: str = "POST /cities") -> Reply:
    def work() -> Reply:
        return Reply(201, {"id": new_city(slug).pk})

    return run_once(scope=scope, key=key, route=route, body=slug.encode(), work=work)


def test_a_repeated_key_gets_the_first_answer_and_no_second_effect() -> None:
    first = make("ys")
    assert make("ys") == first
    assert first == Reply(201, {"id": City.objects.get().pk})


def test_a_key_stands_for_one_body_one_route_and_one_sender() -> None:
    make("ys")
    with pytest.raises(KeyReused):
        make("other")
    with pytest.raises(KeyReused):
        make("ys", route="POST /zones")
    make("other", scope="account:2")
    assert City.objects.count() == 2


def test_a_refused_write_leaves_nothing_and_its_key_is_free() -> None:
    def refuse() -> Reply:
        new_city("ys")
        raise Conflict("not now")

    with pytest.raises(Conflict):
        run_once(scope="account:1", key="k-1", route="POST /cities", body=b"ys", work=refuse)
    assert (IdempotencyKey.objects.count(), City.objects.count()) == (0, 0)
    assert make("ys").status == 201


def test_twins_in_parallel_make_one_effect_and_get_the_same_answer() -> None:
    start = threading.Barrier(4, timeout=10)
    replies: list[Reply] = []

    def send() -> None:
        start.wait()
        try:
            replies.append(make("ys"))
        finally:
            connection.close()

    twins = [threading.Thread(target=send) for _ in range(4)]
    for twin in twins:
        twin.start()
    for twin in twins:
        twin.join(timeout=20)
    assert replies == [Reply(201, {"id": City.objects.get().pk})] * 4


def test_a_twin_of_a_request_that_hangs_is_told_that_it_still_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "TWIN_WAITS", "50ms")
    holds, may_end = threading.Event(), threading.Event()

    def hang() -> Reply:
        holds.set()
        may_end.wait(timeout=10)
        return Reply(200, {})

    def send() -> None:
        try:
            run_once(scope="account:1", key="k-1", route="POST /cities", body=b"ys", work=hang)
        finally:
            connection.close()

    first = threading.Thread(target=send)
    first.start()
    assert holds.wait(timeout=10)
    with pytest.raises(InProgress):
        make("ys")
    may_end.set()
    first.join(timeout=10)
    assert make("ys") == Reply(200, {})


def test_the_time_limit_of_the_twin_does_not_reach_the_work() -> None:
    def read_limit() -> Reply:
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            return Reply(200, {"limit": cursor.fetchone()[0]})

    assert run_once(scope="a", key="k", route="r", body=b"", work=read_limit).body == {"limit": "0"}


def test_keys_older_than_two_days_are_forgotten_whatever_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "PURGE_AT_ONCE", 2)
    for name in ("old-1", "old-2", "old-3", "young"):
        make(name, key=name)
        hours = 49 if name.startswith("old") else 47
        IdempotencyKey.objects.filter(key=name).update(created_at=Now() - timedelta(hours=hours))
    with transaction.atomic():
        idempotency.purge()
    assert [key.key for key in IdempotencyKey.objects.all()] == ["young"]
