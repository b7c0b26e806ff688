"""The phrases of providers, and the failure class of each; pure text.

Only for text that a tool itself marks as its provider's: `provider_messages` sees to that. Names of files and addresses
are left out, since they are nobody's message. A phrase says what happened; a word such as "billing" says nothing.
"""

import re
from functools import cache

from engine.types import FailureClass

_ADDRESSES = r"https?://\S+|(?<!\w)(?!/login|(?-i:[A-Z][a-z]+/[A-Z]))(?a:[\w.~-]*[/\\][\w./\\~-]*)"
_FILES = r"\b[\w-]+\.(?:py|js|ts|tsx|rs|go|md|json|ya?ml|toml|txt|java|c|h|cpp)\b"
_DENIED = r"\(?\b(?:not|isn't|is not)\s+(?:because of\s+)?(?:your|a|the)\s+[\w -]*?limits?\)?"
"""What a message says it is not about: "(not your usage limit)"."""
_OF_A_DISK = r"\bdisk quota \w+"
_NO_WORDS = re.compile(f"{_ADDRESSES}|{_FILES}|{_DENIED}|{_OF_A_DISK}", re.IGNORECASE)

_OF = (
    r"(?:usage|spend|spending|session|week|weekly|day|daily|month|monthly|hour|hourly|\d+[- ]?h(?:our)?|five[- ]hour"
    r"|plan|messages?|chat|free|trial|premium|credits?|opus|sonnet|haiku|fable|quota|specified|fast|subscription|account"
    r"|organi[sz]ation|billing|budget|balance)"
)
"""What a provider counts over hours, days or months; a limit of anything else is no quota."""
_BE = r"(?:(?:has|have) been |is |are |was |were )?"
_GAP = r"(?:(?!\b(?:rate|context|minute|retry)\b)[^.;:\n]){0,40}?"
_LIMIT = r"(?:limits?|quotas?|allowance|credits?|caps?|messages|budget)\b"

_QUOTA = (
    (
        r"(?:hit|reach(?:ed|ing)?|exceed(?:ed|s|ing)?|used up|exhausted|out of|over|consumed) "
        rf"(?:(?:your|the|all|this|its|my|our|of) )*(?:[\w.'$-]+ ){{0,4}}?{_OF}\b{_GAP}\b{_LIMIT}"
    ),
    r"(?:hit|reached|exceeded) your limit",
    (
        rf"{_OF} (?:limits?|caps?|quotas?|allowance|requests?|credits?) {_BE}"
        r"(?:reached|exceeded|exhausted|hit|used up|depleted|over|maxed out|consumed)"
    ),
    r"exceeded your (?:[\w-]+ ){0,3}(?:quota|allowance|budget)",
    rf"quotas? (?:limit )?{_BE}(?:exceeded|exhausted|reached|used up|insufficient|depleted)",
    r"(?:exceed(?:ed|s)?|exhausted|insufficient|no (?:more|remaining)) (?:[\w-]+ ){0,3}quota",
    r"(?:insufficient|not enough|no (?:more|remaining)) (?:account )?(?:balance|quota|credits?|funds)",
    rf"(?:balance|credits?) {_BE}(?:too low|insufficient|depleted|exhausted|used up|not enough)",
    r"out of (?:extra |free |your )?(?:usage|credits?|quota|funds|codex messages|messages)",
    r"(?:requires|needs?) more credits|can only afford|(?:purchase|buy|add) (?:more |\d+ )?credits",
    r"upgrade (?:to (?:\w+ )?(?:plus|pro|max|team|business|enterprise|a paid)|your plan)",
    r"free-models-per-day|per[- ](?:day|week|month)|[RT]PD",
    r"premium request allowance|regain access on|free usage exceeded|used all (?:of )?(?:your|today)",
    r"payment required|billing (?:hard|soft) limit|check your (?:plan and )?billing|usage not included",
    r"使用上限|余额不足|额度不足|额度已用|利用上限|사용 ?한도",
    r"l[ií]mite de (?:uso|mensa)|limite d'u(?:sage|tilisation)|nutzungslimit",
)
_CONTEXT = (
    r"context[ _](?:window|length|limit|size)|maximum context|model's context|reduce the length of",
    r"(?:prompt|input|request|conversation|context) (?:length )?(?:is |was )?(?:too (?:long|large)|exceeds)",
    r"(?:hit a|maximum) token limit|(?:input|prompt) token count|maximum (?:number of )?(?:input )?tokens",
)
_AUTH = (
    (
        r"(?:invalid|incorrect|expired|missing|revoked|disabled|malformed|wrong) (?:or \w+ )?(?:[\w-]+ ){0,2}?"
        r"(?:api[ _-]?key|(?:access|auth|refresh|oauth|bearer|api)[ _-]?token|x-api-key|subscription key|credentials"
        r"|authentication)"
    ),
    rf"api[ _-]?keys? (?:you provided |provided )?{_BE}(?:not |in)(?:valid|supported|found|set|provided|configured)",
    rf"api[ _-]?key {_BE}(?:has )?(?:expired|revoked|missing|disabled|required)",
    r"no (?:api[ _-]?key|auth(?:entication)? credentials?|cookie auth)",
    (
        r"(?:refresh|access|auth|oauth|bearer|session|security|id)[ _]?tokens? (?:\w+ ){0,5}?"
        r"(?:expired|revoked|invalid|refreshed|already used)"
    ),
    r"unauthori[sz]ed|unauthenticated|authentication (?:failed|fails?|error|(?:is )?required)|failed to authenticate",
    r"(?:not|could not be|unable to|able to) (?:be )?authenticated?|not (?:logged|signed) in|(?:log|sign) ?in again",
    r"(?:run|use) (?:/|\w+ )?login|missing environment variable|please (?:re-?)?authenticate",
    r"(?:account|organi[sz]ation|user) (?:\w+ ){0,2}?(?:has been|is|was) (?:disabled|deactivated|suspended|banned)",
    r"(?:unable to locate|could not (?:load|find)) (?:the )?(?:default )?credentials",
    r"default credentials were not found|organi[sz]ation has (?:disabled|revoked)",
    r"invalid auth(?:entication)? (?:method|header)|set an auth method|invalid_grant",
    r"country, region,? or territory not supported|unsupported_country|does not have permission to",
)
_RATE = (
    r"rate[ -]?limit|too many (?:concurrent |pending )?(?:requests|connect|connections|attempts)|temporarily limiting",
    rf"resources? {_BE}exhausted|throttl(?:ed|ing)|(?:requests|tokens) per (?:min|minute|second|hour)",
    r"concurren(?:t|cy) (?:\w+ )?limit|slow down\b|exceeded retry limit|max (?:RPM|TPM)\b",
    r"exhausted your capacity",
)
_NETWORK = (
    r"(?:unable|failed|could not|cannot|can't) (?:to )?(?:connect|reach|resolve|fetch|establish)",
    r"connection (?:failed|error|refused|reset|closed|time[ds]? ?out|aborted|lost|dropped|was)|connectionrefused",
    r"E(?:CONN\w+|NOTFOUND|TIMEDOUT|AI_AGAIN|PIPE|HOSTUNREACH|NETUNREACH)\b|fetch failed|socket hang up",
    r"network (?:error|issue|connection)|error sending request|incomplete chunked read|premature close",
    r"stream (?:disconnected|(?:\w+ ){0,2}?(?:closed|ended|interrupted|error|cut))",
    r"(?:request|response|stream|connection|gateway|read|api) (?:has |was )?time[ds]?[ -]?out|idle timeout",
    r"timed? ?out (?:waiting|while|after|without)|deadline exceeded|bad gateway|service unavailable",
    r"overloaded|high (?:demand|load|traffic)|at capacity|no capacity|(?:temporarily|currently) unavailable",
    r"temporary errors?|internal server error|server(?:-side error| had an error| is busy)",
    r"name resolution|no route to host|dns (?:error|lookup)|proxy error",
    r"certificate (?:verify|has expired)|(?:local issuer|self[- ]signed) certificate",
    r"upstream (?:connect|error|request)",
)


def _rule(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<![A-Za-z0-9_])(?:" + "|".join(phrases) + ")", re.IGNORECASE)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], FailureClass], ...]:
    """The phrases in the order in which they count; built when the first message comes, which takes a while."""
    return (
        (_rule(_CONTEXT), FailureClass.CONTEXT),
        (_rule(_QUOTA), FailureClass.QUOTA),
        (_rule(_AUTH), FailureClass.AUTH),
        (_rule(_RATE), FailureClass.RATE),
        (_rule(_NETWORK), FailureClass.NETWORK),
    )


_PER_MINUTE = re.compile(r"per[- _]?(?:minute|second)|\b[RT]PM\b", re.IGNORECASE)
_PER_DAY = re.compile(r"per[- _]?(?:day|week|month)|\b[RT]PD\b", re.IGNORECASE)


def class_by_words(message: str) -> FailureClass | None:
    """The failure class that a provider's own words name, None where they name none."""
    words = " ".join(_NO_WORDS.sub(" ", message.replace("’", "'")).split())  # noqa: RUF001 - of a provider
    failure = next((failure for rule, failure in _rules() if rule.search(words)), None)
    if failure is FailureClass.QUOTA and _PER_MINUTE.search(words) and not _PER_DAY.search(words):
        return FailureClass.RATE
    return failure
