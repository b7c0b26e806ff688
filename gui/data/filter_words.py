"""What the words typed into a filter field keep: one rule for cards and for the table of jobs. Pure.

Each word must occur somewhere in what is searched; ``label:flaky`` must begin one of the labels.
"""

from collections.abc import Iterable, Sequence

OF_LABEL = "label:"
"""What is typed before a label to find that alone."""


def searched_text(searched: Iterable[str], labels: Sequence[str]) -> str:
    """What words are looked for in: these texts and labels without the difference of capitals; worth keeping."""
    return " ".join((*searched, *labels)).casefold()


def narrows(words: Iterable[str], before: Iterable[str]) -> bool:
    """Whether these words keep nothing that those before did not, since each of those is a part of one of these."""
    known = tuple(words)
    return all(any(_implies(word, old) for word in known) for old in before)


def _implies(word: str, old: str) -> bool:
    if word.startswith(OF_LABEL) or old.startswith(OF_LABEL):
        return old.startswith(OF_LABEL) and word.startswith(old)
    return old in word


def keeps(words: Iterable[str], text: str, labels: Sequence[str]) -> bool:
    """Whether each of these words, in lower case, occurs in a `searched_text` or begins one of the labels."""
    for word in words:  # a loop: for ten thousand jobs a generator takes three times as long
        if word.startswith(OF_LABEL):
            if not any(label.startswith(word.removeprefix(OF_LABEL)) for label in labels):
                return False
        elif word not in text:
            return False
    return True
