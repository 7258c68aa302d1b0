"""Typed refusals: one class per stable `code`, rendered as problem+json or next to the field of a form."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

FieldProblems = Mapping[str, Sequence[Mapping[str, str]]]


class Problem(Exception):
    """A refusal that a caller can act on.

    Attributes:
        status: HTTP status of the refusal.
        code: stable machine word.
        title: short English sentence, the same for each problem of the code.
        detail: what is wrong this time; never holds personal data.
        fields: dotted path -> [{"code", "message"}] for validation problems.
        current: the present state of the thing, sent with conflicts.
        retry_after_s: seconds after which a new try makes sense, for 429 and 503.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "problem"
    title: ClassVar[str] = "The request was refused"

    def __init__(
        self,
        detail: str = "",
        *,
        fields: FieldProblems | None = None,
        current: Mapping[str, Any] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.fields = fields or {}
        self.current = current
        self.retry_after_s = retry_after_s

    def as_dict(self) -> dict[str, Any]:
        """The problem+json body of RFC 9457."""
        body: dict[str, Any] = {
            "type": f"urn:passeplat:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "fields": {path: list(problems) for path, problems in self.fields.items()},
        }
        if self.current is not None:
            body["current"] = dict(self.current)
        return body


class BadRequest(Problem):
    status, code, title = 400, "bad_request", "The request cannot be read"


class KeyMissing(Problem):
    status, code, title = 400, "idempotency_key_missing", "This write needs an Idempotency-Key"


class NotSignedIn(Problem):
    status, code, title = 401, "not_signed_in", "Sign in first"


class NotAllowed(Problem):
    status, code, title = 403, "not_allowed", "You have no right to do this"


class CsrfFailed(Problem):
    status, code, title = 403, "csrf_failed", "This page is too old or was not ours: load it again"


class NotFound(Problem):
    status, code, title = 404, "not_found", "There is no such thing here"


class MethodNotAllowed(Problem):
    status, code, title = 405, "method_not_allowed", "This address takes other methods"


class Conflict(Problem):
    status, code, title = 409, "conflict", "The thing has changed"


class VersionConflict(Conflict):
    code, title = "version_conflict", "Somebody else changed this meanwhile"


class InProgress(Conflict):
    code, title = "in_progress", "The same request is still running"


class IllegalTransition(Conflict):
    code, title = "illegal_transition", "This step is not possible now"


class TooLarge(Problem):
    status, code, title = 413, "too_large", "The request is too large"


class Invalid(Problem):
    status, code, title = 422, "invalid", "Some fields need another value"


class KeyReused(Problem):
    status, code, title = 422, "key_reused", "This Idempotency-Key was used for another request"


class TooMany(Problem):
    status, code, title = 429, "too_many_requests", "Too many requests"


class Unavailable(Problem):
    status, code, title = 503, "unavailable", "Not available right now"


class Broken(Problem):
    status, code, title = 500, "internal_error", "Something broke on our side"
