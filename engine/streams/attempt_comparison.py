"""What differs between two attempts of one job, as data and as lines. Reads the folders of the attempts and git."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from rapidfuzz.distance import LCSseq

from engine.errors import GitError
from engine.jobfile.tool_names import is_coding_tool
from engine.review.changed_files import changed_files
from engine.review.compared_commits import ComparedCommits, head_of, of_attempt
from engine.review.diff_text import patch_lines
from engine.review.file_patches import file_patches
from engine.runners import layout
from engine.streams.attempt_output import AttemptOutput, reader_in, recorded_entries
from engine.streams.first_error import first_error
from engine.system.cost_text import cost_phrase
from engine.system.formatting import exact_duration
from engine.system.phrase import Phrase, phrase, verbatim
from engine.system.plain_text import escape_invisible, one_line
from state.attempt_result import changed_paths, failing_tests
from state.records import Attempt, AttemptStatus
from state.status_words import status_in_words
from state.worktree_records import Worktree, WorktreeSnapshot

MOST_LINES = 5_000
"""Lines of each output that are compared, counted from its beginning."""
_MOST_SHOWN = 500
"""Lines of each output, and of the diff, that are shown."""
_MOST_BYTES = 256 * 1024
_LONGEST_LINE = 1_000
_MOST_NAMED = 8
_WORDS = re.compile(r"\S+|\s+")
_MOST_WORDS = 8_000
"""Longer prompts are compared by lines: comparing takes as much memory as one times the other."""
_SAFELY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class Topic(StrEnum):
    """A part of the comparison; the value is its heading."""

    FACTS = "What differs"
    PROMPT = "Prompt"
    RESULT = "Difference between the results"
    OUTPUT = "Output"


class LineRole(StrEnum):
    """What a line of the comparison is."""

    HEADING = "heading"
    NOTE = "note"
    BOTH = "both"
    FIRST = "first"
    SECOND = "second"


class ComparisonLine(NamedTuple):
    """One line; text is safe to show. Our own words are a phrase, what a tool printed is a string."""

    role: LineRole
    text: Phrase | str


class DifferentFact(NamedTuple):
    """A fact by which two attempts differ."""

    name: Phrase
    first: Phrase | str
    second: Phrase | str


@dataclass(frozen=True, kw_only=True)
class ComparedSide:
    """What is known of one attempt; `lines` are the beginning of its output, `is_cut` says that there is more."""

    attempt: Attempt
    prompt: str | None = None
    environment: frozenset[str] | None = None
    base: str = ""
    result: str = ""
    lines: Sequence[str] = ()
    is_cut: bool = False
    first_error: str = ""


@dataclass(frozen=True, kw_only=True)
class AttemptComparison:
    """All that differs. `output_from` counts from 1; None where the outputs do not differ in what was read."""

    first: ComparedSide
    second: ComparedSide
    facts: Sequence[DifferentFact]
    prompt: Sequence[ComparisonLine]
    patch: Sequence[ComparisonLine]
    output: Sequence[ComparisonLine]
    output_from: int | None


@dataclass(frozen=True, kw_only=True)
class ComparedAttempts:
    """Two attempts, where their folders lie, and the worktree with its snapshots where their job has one.

    `has_prompt` says whether the job has one, for the attempts of its coding tools.
    """

    first: Attempt
    second: Attempt
    folder_of: Callable[[Attempt], Path] = field(repr=False)
    has_prompt: bool = True
    tree: Worktree | None = None
    snapshots: Sequence[WorktreeSnapshot] = ()


def default_pair(attempts: Sequence[Attempt], shown: int | None = None) -> tuple[Attempt, Attempt] | None:
    """The attempt with this id, or else the last one, with the one before it; None where there are not two."""
    if len(attempts) < 2:  # noqa: PLR2004 - two to compare
        return None
    ids = [attempt.id for attempt in attempts]
    at = max(1, ids.index(shown) if shown in ids else len(ids) - 1)
    return attempts[at - 1], attempts[at]


def compare_attempts(pair: ComparedAttempts) -> AttemptComparison:
    """Read both attempts and say what differs; what cannot be read is named, never raised."""
    first, second = _record(pair, pair.first), _record(pair, pair.second)
    start = _first_difference(first, second)
    return AttemptComparison(
        first=first,
        second=second,
        facts=tuple(_different_facts(first, second)),
        prompt=tuple(_prompts(first, second, has_prompt=pair.has_prompt)),
        patch=tuple(_patch_lines(pair, first, second)),
        output=tuple(_output_lines(first, second, start)),
        output_from=None if start is None else start + 1,
    )


def comparison_lines(found: AttemptComparison) -> Iterator[tuple[Topic, Sequence[ComparisonLine]]]:
    """Each part with its lines; none is empty, and that of the prompt is left out where there was none."""
    facts = [
        ComparisonLine(
            LineRole.BOTH, phrase("{name}: {first} → {second}", name=name, first=first, second=second)
        )
        for name, first, second in found.facts
    ]
    yield Topic.FACTS, facts or [_note(phrase("Nothing that was recorded differs."))]
    if found.prompt:
        yield Topic.PROMPT, found.prompt
    yield Topic.RESULT, found.patch
    yield Topic.OUTPUT, found.output


def _record(pair: ComparedAttempts, attempt: Attempt) -> ComparedSide:
    folder = pair.folder_of(attempt)
    order, note = _json_in(folder / layout.INVOCATION), _json_in(folder / "before.json")
    names = order.get("env_names")
    snapshot = next((one for one in pair.snapshots if one.attempt_id == attempt.id), None)
    entries = _entries(folder, attempt)
    texts = [entry.text for entry in entries]
    at = None
    if attempt.status not in {AttemptStatus.RUNNING, AttemptStatus.COMPLETED}:
        at = first_error(texts, [entry.level for entry in entries], failing_tests(attempt))
    return ComparedSide(
        attempt=attempt,
        prompt=_prompt_in(folder),
        environment=frozenset(map(str, names)) if isinstance(names, list) else None,
        base=snapshot.commit if snapshot is not None else str(note.get("head") or ""),
        result=_result_of(pair, attempt),
        lines=[_shown(text) for text in texts[:MOST_LINES]],
        is_cut=len(texts) > MOST_LINES,
        first_error="" if at is None else one_line(_shown(texts[at])),
    )


def _entries(folder: Path, attempt: Attempt) -> list[Any]:
    reading = AttemptOutput(folder, reader_in(folder, attempt.tool, whole=True))
    found = [entry for _, entry in islice(chain(reading.read(), reading.rest()), MOST_LINES + 1)]
    return found or recorded_entries(attempt.tool, attempt.result)


def _prompt_in(folder: Path) -> str | None:
    """The task as the tool got it; None where none is kept."""
    found = _bytes_in(folder / "task.md")
    return None if found is None else found.decode(errors="replace")


def _json_in(file: Path) -> dict[str, Any]:
    try:
        return layout.read_json((_bytes_in(file) or b"").decode())
    except (ValueError, StopIteration, RecursionError):
        return {}


def _bytes_in(file: Path) -> bytes | None:
    """The beginning of a file; a link that the tool put in its place is not followed, a FIFO not waited for."""
    try:
        with open(file, "rb", opener=lambda path, flags: os.open(path, flags | _SAFELY)) as opened:
            return opened.read(_MOST_BYTES)
    except OSError:
        return None


def _result_of(pair: ComparedAttempts, attempt: Attempt) -> str:
    """The commit with the work of an attempt; empty where there is none."""
    if pair.tree is not None:
        try:
            sides = of_attempt(pair.tree, pair.snapshots, attempt.id, head=head_of(pair.tree))
        except (GitError, OSError):
            sides = None
        if sides is not None:
            return sides.after
    metadata = attempt.result.get("metadata")
    return str(metadata.get("commit") or "") if isinstance(metadata, dict) else ""


def _different_facts(first: ComparedSide, second: ComparedSide) -> Iterator[DifferentFact]:
    for name, value in _FACTS:
        one, other = value(first), value(second)
        if one != other:
            yield DifferentFact(name, _safe(one), _safe(other))
    if first.environment is not None and second.environment is not None:
        yield from _sets(phrase("environment"), first.environment, second.environment)
    yield from _sets(phrase("changed files"), changed_paths(first.attempt), changed_paths(second.attempt))


def _safe(value: Phrase | str) -> Phrase | str:
    return value if isinstance(value, Phrase) else escape_invisible(value) or phrase("none")


def _sets(name: Phrase, first: frozenset[str], second: frozenset[str]) -> Iterator[DifferentFact]:
    """What only one of them has."""
    if first != second:
        yield DifferentFact(name, _names(first - second), _names(second - first))


def _names(names: frozenset[str]) -> Phrase:
    shown = ", ".join(escape_invisible(name) for name in sorted(names)[:_MOST_NAMED])
    if len(names) > _MOST_NAMED:
        return phrase("only here {names}, {number:,} more", names=shown, number=len(names) - _MOST_NAMED)
    return phrase("only here {names}", names=shown) if names else phrase("none of its own")


def _ended(one: ComparedSide) -> Phrase:
    return Phrase(status_in_words(one.attempt.status), {})  # collected with the window's own status verbs


def _summary(one: ComparedSide) -> Phrase | str:
    text = escape_invisible(one_line(one.attempt.summary))
    return verbatim(text) if text else ""


_FACTS: Sequence[tuple[Phrase, Callable[[ComparedSide], Phrase | str]]] = (
    (phrase("tool"), lambda one: one.attempt.tool),
    (phrase("rung"), lambda one: str(one.attempt.rung + 1)),
    (phrase("account"), lambda one: one.attempt.account or ""),
    (phrase("model"), lambda one: one.attempt.model or ""),
    (phrase("permission"), lambda one: one.attempt.permission or ""),
    (phrase("follow-up"), lambda one: one_line(one.attempt.follow_up or "")),
    (phrase("base commit"), lambda one: one.base[:12]),
    (phrase("ended"), _ended),
    (phrase("exit code"), lambda one: "" if one.attempt.exit_code is None else str(one.attempt.exit_code)),
    (phrase("duration"), lambda one: exact_duration(one.attempt.duration_s)),
    (phrase("cost"), lambda one: cost_phrase(one.attempt.cost)),
    (phrase("summary"), _summary),
    (phrase("first error"), lambda one: one.first_error),
)


def _prompts(first: ComparedSide, second: ComparedSide, *, has_prompt: bool) -> Iterator[ComparisonLine]:
    """How the prompts differ; nothing where neither attempt had one."""
    had = [
        side.prompt is not None or (has_prompt and is_coding_tool(side.attempt.tool))
        for side in (first, second)
    ]
    if all(had):
        yield from _prompt_lines(first.prompt, second.prompt)
    elif any(had):
        number = (first if had[0] else second).attempt.number
        yield _note(phrase("Only attempt {number} had a prompt.", number=number))


def _prompt_lines(first: str | None, second: str | None) -> Iterator[ComparisonLine]:
    """The words that only one prompt has, each run of them in a line, with a little of what they share around."""
    if first is None or second is None:
        yield _note(phrase("A prompt was not kept, so the prompts cannot be compared."))
        return
    if first == second:
        yield _note(phrase("Both had the same prompt."))
        return
    old, new = _WORDS.findall(first), _WORDS.findall(second)
    if max(len(old), len(new)) > _MOST_WORDS:
        old, new = first.splitlines(True)[:_MOST_WORDS], second.splitlines(True)[:_MOST_WORDS]  # noqa: FBT003
    for each in LCSseq.opcodes(old, new):
        if each.tag == "equal":
            shared = one_line("".join(old[each.src_start : each.src_end])).strip()
            text = shared if len(shared) <= 2 * _AROUND else f"{shared[:_AROUND]} … {shared[-_AROUND:]}"
            yield ComparisonLine(LineRole.BOTH, escape_invisible(text))
            continue
        for role, words in (
            (LineRole.FIRST, old[each.src_start : each.src_end]),
            (LineRole.SECOND, new[each.dest_start : each.dest_end]),
        ):
            if text := one_line("".join(words)).strip():
                yield ComparisonLine(role, escape_invisible(text))


_AROUND = 60


def _patch_lines(
    pair: ComparedAttempts, first: ComparedSide, second: ComparedSide
) -> Iterator[ComparisonLine]:
    repo = None if pair.tree is None else Path(pair.tree.repo)
    if repo is None or not first.result or not second.result:
        yield _note(_no_patch(pair, first, second))
        return
    if first.result == second.result:
        yield _note(phrase("Both ended with the same files."))
        return
    try:
        lines = list(
            islice(
                _patch(ComparedCommits(repo=repo, before=first.result, after=second.result)), _MOST_SHOWN + 1
            )
        )
    except (GitError, OSError) as error:
        yield _note(phrase("The results cannot be compared: {error}", error=str(error)))
        return
    yield from lines[:_MOST_SHOWN]
    if not lines:
        yield _note(phrase("Both ended with the same files."))
    if len(lines) > _MOST_SHOWN:
        yield _note(phrase("Only the first {number} lines are shown.", number=_MOST_SHOWN))


def _no_patch(pair: ComparedAttempts, first: ComparedSide, second: ComparedSide) -> Phrase:
    """Why there is no diff of the results."""
    if pair.tree is None:
        return phrase(
            "The job works in the repository itself, where results of attempts are not kept, so they cannot be "
            "compared."
        )
    missing = first if not first.result else second
    return phrase(
        "There is no snapshot of the work of attempt {number}, so the results cannot be compared.",
        number=missing.attempt.number,
    )


def _patch(sides: ComparedCommits) -> Iterator[ComparisonLine]:
    files = changed_files(sides.repo, sides.before, sides.after)
    for patch in file_patches(sides.repo, sides.before, sides.after, files=files):
        for line in patch_lines(patch, folded=patch.file.is_folded):
            role = {"-": LineRole.FIRST, "+": LineRole.SECOND}.get(line[:1], LineRole.BOTH)
            yield ComparisonLine(role, line)


def _first_difference(first: ComparedSide, second: ComparedSide) -> int | None:
    pairs = enumerate(zip_longest(first.lines, second.lines))
    return next((at for at, (one, other) in pairs if one != other), None)


def _output_lines(first: ComparedSide, second: ComparedSide, start: int | None) -> Iterator[ComparisonLine]:
    if start is None:
        if not first.lines:
            same = phrase("Neither has printed anything.")
        elif first.is_cut or second.is_cut:
            same = phrase("Both printed the same first {number:,} lines.", number=MOST_LINES)
        else:
            same = phrase("Both printed the same.")
        yield _note(same)
        return
    yield _note(phrase("The outputs differ from line {number:,} on.", number=start + 1))
    for role, record in ((LineRole.FIRST, first), (LineRole.SECOND, second)):
        rest = record.lines[start:]
        number = record.attempt.number
        yield _note(
            phrase("Attempt {number}:", number=number)
            if rest
            else phrase("Attempt {number} printed no more.", number=number),
        )
        for text in rest[:_MOST_SHOWN]:
            yield ComparisonLine(role, text)
        if len(rest) > _MOST_SHOWN or record.is_cut:
            yield _note(phrase("Only {number} lines are shown.", number=_MOST_SHOWN))


def _note(text: Phrase) -> ComparisonLine:
    return ComparisonLine(LineRole.NOTE, text)


def _shown(text: str) -> str:
    text = escape_invisible(text)
    return text if len(text) <= _LONGEST_LINE else f"{text[:_LONGEST_LINE]}…"
