"""The sentences of the engine with the names that people gave to jobs in the place of ids. Pure functions."""

import re
from collections.abc import Mapping

from gui.translation import tr_recorded
from state.records import Job
from state.shown_names import ShownNames

_ID = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_WORD = re.compile(rf"(?<![\w./~-])({_ID})/({_ID})(?![\w/-])|{_ID}")
"""The run and the id of a workstream, as the engine writes it, or a single word; no part of a longer path."""
_TELLING = re.compile(r"[-._0-9]")


def shown_sentence(recorded: str, jobs: Mapping[str, Job], names: ShownNames) -> str:
    """A recorded sentence as the window shows it: in its language where that is known, else with names for ids."""
    return named_sentence(tr_recorded(recorded), jobs, names)


def named_sentence(sentence: str, jobs: Mapping[str, Job], names: ShownNames) -> str:
    """The sentence as the window shows it; on a terminal the ids stay, since a person types them there.

    An id that could be any word, such as ``test``, is one only where the sentence begins with it. A workstream stands
    in a sentence of the engine as ``run/workstream``.
    """

    def named(found: re.Match[str]) -> str:
        word = found[0]
        if found[1] is not None:
            key = (found[1], found[2])
            return names.distinct(key) if names.knows(key) else word
        is_id = word in jobs and (not found.start() or _TELLING.search(word) is not None)
        return names.job(jobs[word]) if is_id else word

    return _WORD.sub(named, sentence)
