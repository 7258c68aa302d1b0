"""A form is one effect: however often it is sent, and whatever happened to its thing meanwhile."""

import time
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from delivery.ground.access import Actor
from delivery.ground.errors import BadRequest, Invalid, KeyMissing, KeyReused, Problem
from delivery.ground.forms import UNDO_COOKIE, UNDO_S, PageRequest, Undo, act, offered_undo, seen_version, write_once
from delivery.ground.idempotency import IdempotencyKey

pytestmark = pytest.mark.django_db


def sent(who: str = "account:a", **fields: str) -> PageRequest:
    request: Any = RequestFactory().post("/somewhere/", fields)
    request.actor = Actor(ref=who)
    return request  # type: ignore[no-any-return]


def test_a_form_sent_twice_works_once_even_when_its_token_was_drawn_anew() -> None:
    done: list[int] = []
    for token in ("x", "y"):
        result = write_once(
            sent(idempotency_key="k", csrfmiddlewaretoken=token, minutes="10"),
            lambda: done.append(1) or {"number": len(done)},  # type: ignore[func-returns-value]
        )
        assert result == {"number": 1}
    assert done == [1]


def test_another_person_may_use_the_same_key() -> None:
    done: list[str] = []
    for who in ("account:a", "account:b"):
        write_once(sent(who, idempotency_key="k"), lambda who=who: done.append(who))  # type: ignore[misc]
    assert done == ["account:a", "account:b"]


def test_a_key_stands_for_what_the_form_said() -> None:
    write_once(sent(idempotency_key="k", minutes="10"), lambda: None)
    with pytest.raises(KeyReused):
        write_once(sent(idempotency_key="k", minutes="20"), lambda: None)


@pytest.mark.parametrize("key", ["", "x" * 256, "a\nb"])
def test_a_form_without_a_key_is_refused(key: str) -> None:
    with pytest.raises(KeyMissing):
        write_once(sent(idempotency_key=key), lambda: None)


def test_the_version_is_a_number_or_not_given() -> None:
    assert seen_version(sent(version="7")) == 7
    assert seen_version(sent()) is None
    for wrong in ("-1", "seven", "²", "9" * 10):
        with pytest.raises(BadRequest):
            seen_version(sent(version=wrong))


def test_a_refusal_is_drawn_and_leaves_no_key() -> None:
    def refuse() -> None:
        raise Invalid()

    def draw(problem: Problem) -> HttpResponse:
        return HttpResponse(problem.code, status=problem.status)

    response = act(sent(idempotency_key="k"), refuse, to="/there/", refused=draw)
    assert (response.status_code, response.content) == (422, b"invalid")
    assert not IdempotencyKey.objects.exists()
    response = act(sent(idempotency_key="k"), lambda: None, to="/there/", refused=draw)
    assert (response.status_code, response.headers["Location"]) == (302, "/there/")


def test_the_way_back_is_offered_to_who_did_it_for_eight_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    def give() -> str:
        return "Karim"

    def back(name: str) -> Undo:
        return Undo(f"Given to {name}", "/back/", {"version": "3"})

    for _ in ("sent", "sent again"):
        answer = act(sent(idempotency_key="k"), give, to="/there/", refused=_never, undo=back)
        offer = answer.cookies[UNDO_COOKIE].value
        assert offered_undo(_with(offer)) == Undo("Given to Karim", "/back/", {"version": "3"})
    assert offered_undo(_with(offer, who="account:b")) is None
    assert offered_undo(_with(offer[:-1] + ("a" if offer[-1] != "a" else "b"))) is None
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + UNDO_S + 1)
    assert offered_undo(_with(offer)) is None


def test_an_act_without_a_way_back_ends_the_offer_before() -> None:
    answer = act(sent(idempotency_key="k"), lambda: None, to="/there/", refused=_never)
    assert answer.cookies[UNDO_COOKIE].value == ""


def _with(offer: str, who: str = "account:a") -> PageRequest:
    request = sent(who)
    request.COOKIES[UNDO_COOKIE] = offer
    return request


def _never(problem: Problem) -> HttpResponse:
    raise problem
