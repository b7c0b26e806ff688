"""The errors of real providers, in their own words and shapes, for each protocol."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime

from tests.helpers.loopback_model.conversation import Protocol
from tests.helpers.loopback_model.scenario import ProviderError

_QUOTA_PAGE = (
    "For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits."
)
_DAY = "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
_MINUTE = "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"

Words = Mapping[Protocol, str]


def bad_key(protocol: Protocol) -> ProviderError:
    """401: the key is not known."""
    words: Words = {
        "messages": "invalid x-api-key",
        "gemini": "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or "
        "other valid authentication credential.",
    }
    openai = "Incorrect API key provided: sk-test. You can find your API key in your account."
    return _error(protocol, 401, words, openai=openai, kind="invalid_request_error", code="invalid_api_key")


def forbidden(protocol: Protocol) -> ProviderError:
    """403: the key may not do this."""
    words: Words = {
        "messages": "Your API key does not have permission to use the specified resource.",
        "gemini": "Permission denied: Consumer has been suspended.",
    }
    openai = "Country, region, or territory not supported"
    code = "unsupported_country_region_territory"
    return _error(protocol, 403, words, openai=openai, kind="request_forbidden", code=code)


def no_model(protocol: Protocol, model: str) -> ProviderError:
    """404: the model does not exist."""
    words: Words = {
        "messages": f"model: {model}",
        "gemini": f"models/{model} is not found for API version v1beta, or is not supported for generateContent.",
    }
    openai = f"The model `{model}` does not exist or you do not have access to it."
    return _error(protocol, 404, words, openai=openai, kind="invalid_request_error", code="model_not_found")


def rate_limit(protocol: Protocol, seconds: int, *, times: int | None = None) -> ProviderError:
    """429: too many requests just now, and when to come again."""
    if protocol == "gemini":
        return _gemini_limit(seconds, _MINUTE, times)
    words: Words = {
        "messages": "This request would exceed your organization's rate limit of 30,000 input tokens per minute."
    }
    openai = (
        "Rate limit reached for played in organization org-x on tokens per min (TPM): Limit 30000, Used 29500, "
        f"Requested 1200. Please try again in {seconds}s."
    )
    error = _error(protocol, 429, words, openai=openai, kind="tokens", code="rate_limit_exceeded")
    return error.model_copy(update={"retry_after": seconds, "times": times})


def quota(protocol: Protocol, resets_at: float) -> ProviderError:
    """The quota is used up, until a time that the provider names in its own way."""
    seconds = max(1, round(resets_at - time.time()))
    if protocol == "gemini":
        return _gemini_limit(seconds, _DAY, None)
    if protocol == "responses":
        return _codex_quota(round(resets_at), seconds)
    if protocol == "messages":
        back = datetime.fromtimestamp(resets_at, UTC).strftime("%Y-%m-%d at %H:%M UTC")
        words = f"You have reached your specified API usage limits. You will regain access on {back}."
        return ProviderError(status=400, message=words)
    hours, minutes = divmod(-(-seconds // 60), 60)
    words = (
        "Rate limit reached for model `played` on tokens per day (TPD): Limit 100000, Used 99900, Requested 1200. "
        f"Please try again in {hours}h{minutes}m0s."
    )
    return ProviderError(status=429, message=words, type="tokens", code="rate_limit_exceeded")


def server_error(protocol: Protocol) -> ProviderError:
    """500: the provider itself failed."""
    words: Words = {
        "messages": "Internal server error",
        "gemini": "An internal error has occurred. Please retry or report.",
    }
    openai = "The server had an error while processing your request."
    return _error(protocol, 500, words, openai=openai, kind="server_error", code="server_error")


def too_long(protocol: Protocol) -> ProviderError:
    """The task does not fit into the model's context."""
    match protocol:
        case "messages":
            return ProviderError(status=400, message="prompt is too long: 210031 tokens > 200000 maximum")
        case "gemini":
            words = "The input token count (1200031) exceeds the maximum number of tokens allowed (1048576)."
            return ProviderError(status=400, message=words)
        case "responses":
            words = (
                "Your input exceeds the context window of this model. Please adjust your input and try again."
            )
            return ProviderError(status=400, message=words, code="context_length_exceeded", in_stream=True)
        case _:
            words = (
                "This model's maximum context length is 128000 tokens. However, your messages resulted in 210031 "
                "tokens. Please reduce the length of the messages."
            )
            kind = "invalid_request_error"
            return ProviderError(status=400, message=words, type=kind, code="context_length_exceeded")


def _error(
    protocol: Protocol, status: int, words: Words, *, openai: str, kind: str, code: str
) -> ProviderError:
    """The error in the words of its protocol; `kind` and `code` belong to those of OpenAI."""
    if protocol in words:
        return ProviderError(status=status, message=words[protocol])
    return ProviderError(status=status, message=openai, type=kind, code=code)


def _codex_quota(resets_at: int, seconds: int) -> ProviderError:
    error = {
        "type": "usage_limit_reached",
        "message": "The usage limit has been reached",
        "plan_type": "plus",
        "resets_at": resets_at,
        "resets_in_seconds": seconds,
    }
    return ProviderError(status=429, body={"error": error})


def _gemini_limit(seconds: int, quota_id: str, times: int | None) -> ProviderError:
    message = f"You exceeded your current quota, please check your plan and billing details. {_QUOTA_PAGE}"
    kind = "type.googleapis.com/google.rpc."
    details = [
        {"@type": f"{kind}QuotaFailure", "violations": [{"quotaId": quota_id, "quotaValue": "250"}]},
        {"@type": f"{kind}RetryInfo", "retryDelay": f"{seconds}s"},
    ]
    error = {"code": 429, "message": message, "status": "RESOURCE_EXHAUSTED", "details": details}
    return ProviderError(status=429, body={"error": error}, times=times)
