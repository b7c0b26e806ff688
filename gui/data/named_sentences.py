"""The sentences of the engine with the names that people gave to jobs in the place of ids. Pure functions."""

import re
from collections.abc import Mapping

from state.records import Job
from state.shown_names import ShownNames

_WORD = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_TELLING = re.compile(r"[-._0-9]")


def named_sentence(sentence: str, jobs: Mapping[str, Job], names: ShownNames) -> str:
    """The sentence as the window shows it; on a terminal the ids stay, since a person types them there.

    An id that could be any word, such as ``test``, is one only where the sentence begins with it.
    """

    def named(found: re.Match[str]) -> str:
        word = found[0]
        is_id = word in jobs and (not found.start() or _TELLING.search(word) is not None)
        return names.job(jobs[word]) if is_id else word

    return _WORD.sub(named, sentence)
