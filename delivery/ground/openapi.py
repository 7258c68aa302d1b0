"""How the API describes itself: OpenAPI 3.1, with what all operations have in common."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from ninja import NinjaAPI, Schema
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.utils import contribute_operation_callback
from pydantic import ConfigDict

View = TypeVar("View", bound=Callable[..., Any])

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemAnswer"}}}
KEY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "One key, one effect: sent again with the same body it gets the stored answer.",
}


class Answer(Schema):
    """What an operation answers. It documents rows that are built elsewhere; tests hold them to it."""

    model_config = ConfigDict(extra="forbid")


class FieldProblem(Answer):
    code: str
    message: str


class ProblemAnswer(Answer):
    """Every refusal (RFC 9457). `fields`: dotted path, e.g. lines.0.quantity; `current`: the state, with conflicts."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    fields: dict[str, list[FieldProblem]]
    current: dict[str, Any] | None = None


class DescribedAPI(NinjaAPI):
    """An API whose description also names its credentials, its refusals and where they say when to come back."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**options)
        schema = ProblemAnswer.model_json_schema(ref_template="#/components/schemas/{model}")
        document["components"]["schemas"] |= {**schema.pop("$defs"), "ProblemAnswer": schema}
        document["components"]["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
        }
        document["security"] = [{"bearer": []}, {"session": []}, {}]
        for methods in document["paths"].values():
            for operation in methods.values():
                operation["responses"] |= {
                    "4XX": {"description": "Refused", "content": PROBLEM},
                    "503": {"description": "Come back after Retry-After seconds", "content": PROBLEM},
                }
        return document


def with_key(view: View) -> View:
    """Says in the description that the write takes an Idempotency-Key."""
    contribute_operation_callback(view, _add_key)
    return view


def _add_key(operation: Operation) -> None:
    operation.openapi_extra = {**(operation.openapi_extra or {}), "parameters": [KEY_HEADER]}
