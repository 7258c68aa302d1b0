"""Every refusal is a page that says what to do next, drawn without the database."""

import re
from typing import Any

import pytest
from django.test import RequestFactory

from delivery.ground import errors, http
from delivery.ground.access import Actor

PROBLEMS: list[errors.Problem] = [
    errors.BadRequest("the version is a number"),
    errors.CsrfFailed(),
    errors.NotAllowed(),
    errors.NotFound(),
    errors.MethodNotAllowed(),
    errors.VersionConflict(),
    errors.TooLarge(),
    errors.TooMany(retry_after_s=30),
    errors.Broken(),
    errors.Unavailable(retry_after_s=5),
]


def ask(method: str = "GET") -> Any:
    request: Any = RequestFactory().generic(method, "/some/page/?of=ours", headers={"Accept": "text/html"})
    request.actor = Actor(ref="")
    request.user = type("Nobody", (), {"is_authenticated": False})()
    return request


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.code)
def test_a_refusal_is_a_page_with_a_way_on(problem: errors.Problem) -> None:
    page = http.problem_response(ask(), problem)
    words = page.content.decode()
    assert page.status_code == problem.status
    assert re.search(r"<h1[^>]*>[^<]*\w", words)
    assert re.search(r'<a class="btn btn--main[^>]*href="/', words)
    if problem.code != "method_not_allowed":
        assert "data-problem" in words
    assert page.headers.get("Retry-After") == (str(problem.retry_after_s) if problem.retry_after_s else None)
    assert ("Try again in" in words) == (problem.retry_after_s is not None)


def test_trouble_of_ours_offers_the_same_address_again_but_never_a_form() -> None:
    again = 'href="/some/page/?of=ours"'
    assert again in http.problem_response(ask(), errors.Broken()).content.decode()
    assert again not in http.problem_response(ask("POST"), errors.Broken()).content.decode()


def test_the_page_of_an_error_of_ours_needs_no_database_and_no_session() -> None:
    """pytest-django refuses every query of this test."""
    request: Any = RequestFactory().get("/some/page/", headers={"Accept": "text/html"})
    page = http.server_error(request)
    assert page.status_code == 500
    assert "Something broke on our side" in page.content.decode()
