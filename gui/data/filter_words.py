"""What the words typed into a filter field keep: one rule for cards and for the table of jobs. Pure.

Each word must occur somewhere in what is searched; ``label:flaky`` must begin one of the labels.
"""

from collections.abc import Iterable, Sequence

OF_LABEL = "label:"
"""What is typed before a label to find that alone."""


def keeps(words: Iterable[str], searched: Iterable[str], labels: Sequence[str]) -> bool:
    """Whether each of these words, in lower case, occurs in the texts or in the labels."""
    text = " ".join((*searched, *labels)).casefold()
    return all(
        any(label.startswith(word.removeprefix(OF_LABEL)) for label in labels)
        if word.startswith(OF_LABEL)
        else word in text
        for word in words
    )
