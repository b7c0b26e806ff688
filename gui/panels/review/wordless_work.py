"""Which work can be sent back, and why other work cannot. Pure."""

from engine.jobfile.tool_names import is_coding_tool
from gui.data.projection import Projection
from gui.panels.review.review_records import WorkstreamKey
from gui.translation import translatable

WORDLESS = translatable(
    "No step runs a coding tool, which could take words: retry a step, or discard the work."
)


def takes_words(projection: Projection, key: WorkstreamKey) -> bool:
    """Whether work can be sent back: one of its steps hands words to a coding tool."""
    return any(is_coding_tool(job.tool) for job in projection.jobs_of(key))
