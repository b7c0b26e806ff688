"""What a tool's provider says, and the failure class of it: the one place where a provider's words are classified.

Fields decide first (a status, a type, a code), then text that the tool itself marks as the provider's. Nothing else may
come here: the last line a tool printed is nobody's message.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.adapters.provider_fields import fields_of, letters_of
from engine.adapters.provider_words import class_by_words
from engine.adapters.resets import LONG_S, is_believable, reset_of
from engine.streams.tool_json import unwrapped
from engine.types import Confidence, FailureClass

_KINDS: Mapping[FailureClass, str] = {
    FailureClass.QUOTA: """
        usagelimitreached usagelimitexceeded insufficientquota quotaexceeded quotaexhausted terminalquotaerror
        exceededcurrentquotaerror
        insufficientuserquota insufficientbalance insufficientcredits insufficientfunds creditbalancetoolow creditserror
        billingerror billinghardlimitreached billingnotactive paymentrequired usagenotincluded freeusagelimiterror
        gousagelimiterror monthlylimiterror sessionbudgetexceeded budgetexceeded budgetexceedederror
    """,
    FailureClass.CONTEXT: """
        contextlengthexceeded contextwindowexceeded contextwindowexceedederror modelcontextwindowexceeded
        contextoverflow contextoverflowerror requesttoolarge stringabovemaxlength
    """,
    FailureClass.AUTH: """
        authenticationerror authenticationfailed fatalauthenticationerror autherror providerautherror invalidapikey
        missingapikey apikeyinvalid unauthorized unauthenticated invalidauthentication permissiondenied permissionerror
        permissiondeniederror invalidtoken tokenexpired tokenrevoked refreshtokenexpired refreshtokenreused
        refreshtokeninvalidated invalidgrant accountdeactivated oauthorgnotallowed
    """,
    FailureClass.RATE: """
        ratelimit ratelimiterror ratelimitexceeded ratelimitreached toomanyrequests resourceexhausted
        ratelimitreachederror
        concurrencylimitexceeded retryablequotaerror throttlingexception slowdown
    """,
    FailureClass.NETWORK: """
        overloaded overloadederror engineoverloaded modelatcapacity servererror serveroverloaded serverisoverloaded
        internal internalerror internalservererror unavailable serviceunavailable serviceunavailableerror badgateway
        badgatewayerror timeout timeouterror gatewaytimeout deadlineexceeded connectionerror apiconnectionerror
        apiconnectiontimeouterror midstreamfallbackerror httpconnectionfailed responsestreamconnectionfailed
        responsestreamdisconnected responsetoomanyfailedattempts
    """,
}
"""The types and codes that name a class, letters only; of two the one further up says more."""
_BY_KIND = {kind: failure for failure, kinds in _KINDS.items() for kind in kinds.split()}
_STATUS_WORDS = (
    r"unauthorized|forbidden|too many requests|payment required|internal server error|bad gateway|service unavailable"
    r"|gateway time-?out|request time-?out|(?:payload|content|request entity) too large|overloaded"
)
_STATUS = re.compile(
    r"(?:(?<!exit )\bstatus(?: code)?|\bHTTP(?:/[\d.]+)?(?: error)?|\berror code|\bAPI Error|\brejected)[:= (]+"
    r"(\d{3})\b"
    rf"|(?<![\w.])(\d{{3}}) (?:{_STATUS_WORDS})\b|^\s*(\d{{3}})[ :](?=\S)",
    re.IGNORECASE,
)
_SERVER_ERRORS = range(500, 600)
_FORBIDDEN = 403
_LONGEST_MESSAGE = 64 * 1024
_TEMPORARY = frozenset({FailureClass.QUOTA, FailureClass.RATE, FailureClass.NETWORK})


@dataclass(frozen=True, kw_only=True)
class ProviderMessage:
    """What a provider said: its class, how sure that is, and when the limit it speaks of ends."""

    failure: FailureClass
    confidence: Confidence = Confidence.LIKELY
    ends_at: float | None = None

    @property
    def metadata(self) -> dict[str, Any]:
        """As `JobResult.metadata` holds it."""
        if self.failure is FailureClass.FAILED:
            return {}
        found: dict[str, Any] = {"confidence": self.confidence.value}
        if self.ends_at is not None:
            found["quota_until" if self.failure is FailureClass.QUOTA else "retry_at"] = self.ends_at
        return found


def read(
    message: str,
    at: float,
    *,
    status: int | None = None,
    kinds: Iterable[str] = (),
    fields: Mapping[str, Any] | None = None,
    ends_at: float | None = None,
    sure: bool = True,
) -> ProviderMessage:
    """Classify a message of a provider, printed at `at` (epoch seconds).

    Beside it the tool may give an HTTP status, types or codes, a whole object of fields and when the limit ends.
    `sure` is false where the tool does not quite say that these are its provider's words. The class is `failed` where
    none is named.
    """
    message = message[:_LONGEST_MESSAGE]
    found = fields_of({"message": message, **(fields or {})}, at)
    statuses = (*([] if status is None else [status]), *found.statuses)
    every_kind = (*map(letters_of, kinds), *found.kinds)
    words = unwrapped(message)
    failure, confidence = _classified(words, every_kind, statuses)
    moments = (*([] if ends_at is None else [ends_at]), *found.ends_at, reset_of(words, at) or 0.0)
    ends = next((moment for moment in moments if is_believable(moment, at)), None)
    return _limited(failure, confidence if sure else Confidence.UNSURE, ends=ends, at=at)


def _limited(
    failure: FailureClass, confidence: Confidence, *, ends: float | None, at: float
) -> ProviderMessage:
    """A limit that ends soon is a rate limit, and one that lasts a quota, whatever the provider calls it."""
    if failure not in _TEMPORARY:
        return ProviderMessage(failure=failure, confidence=confidence)
    if failure is FailureClass.NETWORK:
        ends = ends if ends is not None and ends - at <= LONG_S else None
    elif ends is not None:
        failure = FailureClass.RATE if ends - at <= LONG_S else FailureClass.QUOTA
    return ProviderMessage(failure=failure, confidence=confidence, ends_at=ends)


def _classified(words: str, kinds: Sequence[str], statuses: Sequence[int]) -> tuple[FailureClass, Confidence]:
    by_words = _by_period(class_by_words(words), kinds)
    if (by_field := _first(_BY_KIND.get(kind) for kind in kinds)) is not None:
        return _refined(by_field, by_words), Confidence.CERTAIN
    if (by_field := _first(map(_by_status, statuses))) is not None:
        is_bare = _FORBIDDEN in statuses and by_words is None  # a firewall answers so, too
        return _refined(by_field, by_words), Confidence.UNSURE if is_bare else Confidence.CERTAIN
    if (by_field := _first(map(_by_status, _statuses_in(words)))) is not None:
        return _refined(by_field, by_words), Confidence.LIKELY
    return by_words or FailureClass.FAILED, Confidence.LIKELY


def _by_period(by_words: FailureClass | None, kinds: Sequence[str]) -> FailureClass | None:
    """The class by words, where a limit's own name says for how long it counts."""
    named = " ".join(kinds)
    if any(period in named for period in ("perday", "perweek", "permonth")):
        return FailureClass.QUOTA
    return FailureClass.RATE if by_words is FailureClass.QUOTA and "perminute" in named else by_words


def _refined(by_field: FailureClass, by_words: FailureClass | None) -> FailureClass:
    """A field that only says "too many" or "not allowed", made clear by the words beside it."""
    is_vague = by_field in {FailureClass.RATE, FailureClass.AUTH}
    return FailureClass.QUOTA if is_vague and by_words is FailureClass.QUOTA else by_field


def _first(classes: Iterable[FailureClass | None]) -> FailureClass | None:
    """The one of these classes that says most."""
    found = set(classes)
    return next((failure for failure in _KINDS if failure in found), None)


def _statuses_in(words: str) -> list[int]:
    return [int(next(filter(None, found.groups()))) for found in _STATUS.finditer(words)]


def _by_status(status: int) -> FailureClass | None:
    match status:
        case 401 | 403:
            return FailureClass.AUTH
        case 402:
            return FailureClass.QUOTA
        case 408:
            return FailureClass.NETWORK
        case 413:
            return FailureClass.CONTEXT
        case 429:
            return FailureClass.RATE
        case _:
            return FailureClass.NETWORK if status in _SERVER_ERRORS else None
