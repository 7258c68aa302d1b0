"""What every API package builds on: strict bodies, writes that happen once, refusals as problem+json."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import ConfigDict, field_validator
from pydantic_core import PydanticCustomError

from delivery.ground.access import Actor
from delivery.ground.errors import BadRequest, Invalid, KeyMissing, Problem
from delivery.ground.field_words import said_of
from delivery.ground.http import problem_response
from delivery.ground.idempotency import Reply, run_once
from delivery.ground.openapi import with_key

log = structlog.get_logger(__name__)
P = ParamSpec("P")

KEY_LENGTH = 255


class Body(Schema):
    """A request body: unknown fields are refused, so a price sent by a caller is never silently ignored."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """PostgreSQL has no NUL in texts."""
        if isinstance(value, str) and "\x00" in value:
            raise PydanticCustomError("nul", "NUL is not allowed in a text")
        return value


class ApiRequest(HttpRequest):
    """A request that has passed the actor middleware."""

    actor: Actor


def idempotency_key(request: HttpRequest) -> str:
    """The caller's key, 1 to 255 characters. Raises KeyMissing."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 0 < len(key) <= KEY_LENGTH or not key.isprintable():
        raise KeyMissing()
    return key


def once(
    write: Callable[Concatenate[ApiRequest, P], tuple[int, dict[str, Any]]],
) -> Callable[Concatenate[ApiRequest, P], HttpResponse]:
    """Runs a write in one transaction under its Idempotency-Key; a repeated key gets the stored answer."""

    def view(request: ApiRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        def work() -> Reply:
            status, body = write(request, *args, **kwargs)
            return Reply(status, body)

        reply = run_once(
            scope=request.actor.ref,
            key=idempotency_key(request),
            route=f"{request.method} {request.path}",
            body=request.body,
            work=work,
        )
        return JsonResponse(reply.body, status=reply.status)

    update_wrapper(view, write)  # ninja reads the signature of what is wrapped
    return with_key(view)


def install_handlers(api: NinjaAPI) -> None:
    """Make every refusal of the API a problem+json answer."""

    @api.exception_handler(Problem)
    def on_problem(request: HttpRequest, error: Problem) -> HttpResponse:
        return problem_response(request, error)

    @api.exception_handler(ValidationError)
    def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        if not request.body and any(_is_whole_body(each) for each in error.errors):
            return problem_response(request, BadRequest("This needs a JSON body"))
        return problem_response(request, Invalid(fields=_fields(error.errors)))

    @api.exception_handler(HttpError)
    def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem_response(request, BadRequest(str(error)))


def _is_whole_body(error: dict[str, Any]) -> bool:
    """Whether it is about the body as one, which ninja calls a missing parameter when the request has none."""
    return error["loc"][0] == "body" and len(error["loc"]) == 2 and error["type"] == "missing"


def _fields(errors: list[dict[str, Any]]) -> dict[str, list[dict[str, str]]]:
    fields: dict[str, list[dict[str, str]]] = {}
    for error in errors:
        # ninja's location is ("body", "<parameter>", ...path) or ("query" | "path", name)
        location = [str(part) for part in error["loc"]]
        path = ".".join(location[2:] if location[0] == "body" else location[1:]) or location[-1]
        fields.setdefault(path, []).append({"code": str(error["type"]), "message": said_of(error)})
    return fields
