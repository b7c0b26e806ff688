"""What a forecast says, in words that never sound like a promise. Pure, except for the time zone."""

import math
from collections.abc import Mapping

from engine.scheduling.forecast_types import AccountEstimate, JobEstimate, NoEstimate, RunEstimate
from engine.system.formatting import clock_minute, date_minute, plural, same_day, short_duration
from engine.system.phrase import Phrase, phrase
from state.forecast_records import ForecastError
from state.records import NOTHING

_NEAR_S = 30 * 60
_STEP_S = 5 * 60

_NONE_WORDS: Mapping[NoEstimate, str] = {
    NoEstimate.HELD: "a person has to release it",
    NoEstimate.BLOCKED: "it comes after a job that did not succeed",
    NoEstimate.NO_HISTORY: "nothing like it has run here yet",
    NoEstimate.BEHIND: "it waits for something without an estimate",
    NoEstimate.CANCELLING: "it is being cancelled",
    NoEstimate.NO_ENGINE: "no engine is running",
    NoEstimate.TOO_FAR: "the queue is too long to say",
}


def none_words(none: NoEstimate) -> str:
    """Why there is no estimate of a job."""
    return _NONE_WORDS[none]


def about(at: float, now: float) -> str:
    """An estimated moment: ``about 03:25``, to five minutes where it is more than half an hour away."""
    rounded = math.ceil(at / 60) * 60 if at - now <= _NEAR_S else round(at / _STEP_S) * _STEP_S
    return f"about {clock_minute(rounded) if same_day(rounded, now) else date_minute(rounded)}"


def job_words(estimate: JobEstimate, now: float) -> str:
    """``may start at about 03:25, done by about 03:40``, or why nobody knows."""
    words = []
    if estimate.starts_at is not None:
        words.append(
            "may start now" if estimate.starts_at <= now else f"may start at {about(estimate.starts_at, now)}"
        )
    if estimate.ends_at is not None:
        words.append(f"done by {about(estimate.ends_at, now)}")
    if estimate.none is not None:
        what = "its end" if words else "its start"
        words.append(f"{what} cannot be estimated: {none_words(estimate.none)}")
    return ", ".join(words)


def run_words(estimate: RunEstimate, now: float) -> str:
    """``done by about 04:35``; what has no estimate is named beside the rest."""
    if estimate.ends_at is not None:
        return f"done by {about(estimate.ends_at, now)}"
    jobs = plural(estimate.missing, "job")
    if estimate.rest_ends_at is None:
        return f"no estimate for {jobs}"
    return f"no estimate for {jobs}, the rest done by {about(estimate.rest_ends_at, now)}"


def error_phrase(error: ForecastError) -> Phrase | None:
    """``usually off by 12 m, mostly late``; None where nothing was checked yet."""
    if error.off_s is None or error.bias_s is None:
        return None
    off = short_duration(error.off_s)
    if abs(error.bias_s) < error.off_s / 2:
        return phrase("usually off by {off}", off=off)
    if error.bias_s > 0:
        return phrase("usually off by {off}, mostly late", off=off)
    return phrase("usually off by {off}, mostly early", off=off)


def error_words(error: ForecastError) -> str:
    """The same in English; empty where nothing was checked yet."""
    found = error_phrase(error)
    return "" if found is None else str(found)


def account_words(estimate: AccountEstimate, now: float, names: Mapping[str, str] = NOTHING) -> str:
    """``codex is used up at about 02:10 and back at 03:30: 2 jobs wait for it, first parse-feed``."""
    used = "used up" if estimate.used_up_at is None else f"used up at {about(estimate.used_up_at, now)}"
    back = (
        clock_minute(estimate.resets_at)
        if same_day(estimate.resets_at, now)
        else date_minute(estimate.resets_at)
    )
    words = f"{estimate.account} is {used} and back at {back}"
    if not estimate.waiting:
        return words
    first = names.get(estimate.waiting[0], estimate.waiting[0])
    wait = "waits" if len(estimate.waiting) == 1 else "wait"
    return f"{words}: {plural(len(estimate.waiting), 'job')} {wait} for it, first {first}"
