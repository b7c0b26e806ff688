"""Puts an error of a provider into the form of its protocol: a body, the headers, or an event of a broken stream."""

from collections.abc import Mapping
from typing import Any

from tests.helpers.loopback_model.answer_form import Event, named, new_id
from tests.helpers.loopback_model.conversation import Protocol
from tests.helpers.loopback_model.scenario import ProviderError

_TYPES: Mapping[int, str] = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
    500: "api_error",
    529: "overloaded_error",
}
_GEMINI_STATUS: Mapping[int, str] = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


def error_body(protocol: Protocol, error: ProviderError) -> dict[str, Any]:
    """The body of an error answer."""
    if error.body is not None:
        return error.body
    message = error.message or f"scripted error {error.status}"
    kind = error.type or _TYPES.get(error.status, "api_error")
    match protocol:
        case "gemini":
            status = error.type or _GEMINI_STATUS.get(error.status, "UNKNOWN")
            return {"error": {"code": error.status, "message": message, "status": status}}
        case "messages":
            return {"type": "error", "error": {"type": kind, "message": message}}
        case _:
            return {"error": {"message": message, "type": kind, "param": None, "code": error.code or kind}}


def error_headers(error: ProviderError) -> dict[str, str]:
    """The headers of an error answer."""
    after = {} if error.retry_after is None else {"Retry-After": f"{error.retry_after:g}"}
    return {**after, **error.headers}


def error_events(protocol: Protocol, error: ProviderError) -> list[Event]:
    """The events of an answer that begins well and then reports the error."""
    body = error_body(protocol, error)
    if protocol == "messages":
        return named(body)
    if protocol != "responses":
        return [(None, body)]
    reason = {"code": error.code or error.type, "message": error.message}
    response = {"id": new_id("resp"), "status": "failed", "error": reason}
    return named(
        {"type": "response.created", "response": {**response, "status": "in_progress", "error": None}},
        {"type": "response.failed", "response": response},
    )
