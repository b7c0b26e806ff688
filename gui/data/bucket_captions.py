"""The counters in the language of the window: their words, what each counts, and all of them in one line. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping

from engine.scheduling.buckets import Bucket, BucketCounts
from gui.figures import figure
from gui.translation import tr, tr_count, translatable

_WORDS: Mapping[Bucket, str] = {
    Bucket.NEEDS_YOU: translatable("need you"),
    Bucket.RUNNING: translatable("running"),
    Bucket.WAITING: translatable("waiting"),
    Bucket.FAILED: translatable("failed"),
    Bucket.DONE: translatable("done"),
}
_ONE: Mapping[Bucket, str] = {
    Bucket.NEEDS_YOU: translatable("{counted} needs you."),
    Bucket.RUNNING: translatable("{counted} runs."),
    Bucket.WAITING: translatable("{counted} waits."),
    Bucket.FAILED: translatable("{counted} failed."),
    Bucket.DONE: translatable("{counted} is done."),
}
_SEVERAL: Mapping[Bucket, str] = {
    Bucket.NEEDS_YOU: translatable("{counted} need you."),
    Bucket.RUNNING: translatable("{counted} run."),
    Bucket.WAITING: translatable("{counted} wait."),
    Bucket.FAILED: translatable("{counted} failed."),
    Bucket.DONE: translatable("{counted} are done."),
}


def bucket_word(bucket: Bucket) -> str:
    """What stands after the number of a counter."""
    return tr(_WORDS[bucket])


def counter_tip(counts: BucketCounts, bucket: Bucket) -> str:
    """What a counter counts, in workstreams and in jobs, as one sentence."""
    number, jobs = counts.number(bucket), counts.jobs.get(bucket, 0)
    streams = tr_count("{n} workstream", "{n} workstreams", number)
    counted = f"{streams}, {tr_count('{n} job', '{n} jobs', jobs)}" if jobs else streams
    sentence = tr((_ONE if number == 1 and not jobs else _SEVERAL)[bucket], counted=counted)
    if bucket is not Bucket.NEEDS_YOU:
        return sentence
    more = [
        tr_count("{n} review", "{n} reviews", counts.reviews) if counts.reviews else "",
        *_others(counts),
    ]
    waiting = tr(" and ").join(part for part in more if part)
    return f"{sentence} {tr('Also waiting for you: {waiting}.', waiting=waiting)}" if waiting else sentence


def bucket_counts(buckets: Iterable[Bucket]) -> list[str]:
    """How many of several things are in each bucket, in the order of the counters: ``2 need you``, ``1 running``."""
    counted = Counter(buckets)
    return [
        tr_count("{n} needs you", "{n} need you", number)
        if bucket is Bucket.NEEDS_YOU
        else f"{figure(number)} {bucket_word(bucket)}"
        for bucket in Bucket
        if (number := counted[bucket])
    ]


def counts_summary(counts: BucketCounts) -> str:
    """The counters that are not zero, in a few words: ``8 need you (2 failed), 5 running``; empty without any."""
    need, failed = counts.number(Bucket.NEEDS_YOU), counts.number(Bucket.FAILED)
    words = tr_count("{n} needs you", "{n} need you", need) if need else ""
    if need and failed:
        words = tr("{needing} ({failed:,} failed)", needing=words, failed=failed)
    others = (
        f"{figure(number)} {bucket_word(bucket)}"
        for bucket in (Bucket.RUNNING, Bucket.WAITING)
        if (number := counts.number(bucket))
    )
    return ", ".join(filter(None, (words, *others, others_words(counts))))


def others_words(counts: BucketCounts) -> str:
    """What needs a person and is no workstream: ``1 refused file, 2 missed recurring runs``."""
    return ", ".join(filter(None, _others(counts)))


def _others(counts: BucketCounts) -> tuple[str, str]:
    files, runs = counts.refused_files, counts.missed_runs
    refused = tr_count("{n} refused file", "{n} refused files", files) if files else ""
    missed = tr_count("{n} missed recurring run", "{n} missed recurring runs", runs) if runs else ""
    return refused, missed
