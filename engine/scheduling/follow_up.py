"""What a person may add to the task of a job, and to which jobs. Pure."""

from engine.errors import CommandRefusedError
from engine.jobfile.spec import JobSpec
from engine.jobfile.tool_names import is_coding_tool
from state.storable import storable_text

MOST_WORDS = 100_000
"""Characters; more is a file, which the words can name."""


def follow_up_words(words: str) -> str:
    """The words as they are kept.

    Raises:
        CommandRefusedError: there are none, or too many.
    """
    kept = storable_text(words).replace("\0", "").strip()
    if not kept:
        raise CommandRefusedError("The follow-up is empty; say what the next attempt is to do.")
    if len(kept) > MOST_WORDS:
        raise CommandRefusedError(
            f"The follow-up is too long: {MOST_WORDS:,} characters are the most. "
            "Put the rest into a file of the repository and name it."
        )
    return kept


def refuse_wordless(spec: JobSpec, tool: str) -> None:
    """Raise `CommandRefusedError` unless the job hands words to a coding tool that can do what it says."""
    at = spec.for_tool(tool)
    if not is_coding_tool(at.tool):
        raise CommandRefusedError(f"{spec.job_id} runs {tool}, which takes no words; retry it instead.")
    if at.command is not None:
        raise CommandRefusedError(
            f"{spec.job_id} runs a command of its own, which takes no words; retry it instead."
        )
