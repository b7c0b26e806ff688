"""Compile regular expressions that other people's lines are compared with: none that could take for ever on one."""

import re

LOOKED_AT = 400
"""Characters of a line that a regular expression sees: with the bounds below it takes milliseconds at worst."""
_MOST_OPEN, _MOST_CHOICES = 2, 8
_REPEAT = re.compile(r"[*+]|\{\d*(,?)\d*\}|\?")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")


def bounded_pattern(text: str, *, is_case: bool = False) -> re.Pattern[str]:
    """The compiled pattern; compare it with `LOOKED_AT` characters of a line.

    Raises:
        ValueError: it is not valid, or could take too long; the message is the end of a sentence.
    """
    try:
        compiled = re.compile(text, 0 if is_case else re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{text!r} is not a regular expression: {error}") from None
    _refuse_slow(text)
    return compiled


def _refuse_slow(text: str) -> None:
    """Refuse a repeat of what varies itself, and more open ends and choices than stay quick together."""
    groups, at, number_open, choices = [False], 0, 0, 0
    varies = False
    """Whether what ended just now can match texts of several lengths; of `groups`, whether each still open one can."""
    while at < len(text):
        width, kind = _part(text, at)
        part = text[at : at + width]
        at += width
        if kind == "open":
            groups.append(False)
        elif kind == "close":
            varies = groups.pop()
            groups[-1] = groups[-1] or varies
            continue
        elif part == "|":
            choices += len(groups) > 1 and not groups[-1]
            groups[-1] = groups[-1] or len(groups) > 1
        elif kind == "repeat":
            if varies and part != "?":
                raise ValueError(
                    f"{text!r} repeats what itself repeats or has a choice, which can take for ever"
                )
            is_open = part in {"*", "+"} or part.endswith(",}")
            number_open += is_open
            choices += not is_open and part != "{1}" and (part == "?" or "," in part)
            groups[-1] = True
        varies = False
    if number_open > _MOST_OPEN or choices > _MOST_CHOICES:
        raise ValueError(
            f"{text!r} can take too long: at most {_MOST_OPEN} of * and +, and {_MOST_CHOICES} choices and ?"
        )


def _part(text: str, at: int) -> tuple[int, str]:
    """The width and kind of the part of a pattern that begins here."""
    if text[at] == "\\":
        return 2, "escape"
    if text[at] == "[":
        found = _CLASS.match(text, at)
        return (found.end() - at if found else 1), "class"
    if text[at] == "(":
        head = re.compile(r"\((?:\?(?:P<\w+>|P=\w+|<?[=!]|[aiLmsux-]*:|>|#[^)]*|\(\w+\)))?").match(text, at)
        return (head.end() - at if head else 1), "open"
    if text[at] == ")":
        return 1, "close"
    found = _REPEAT.match(text, at)
    if found is None:
        return 1, "character"
    lazy = text[found.end() : found.end() + 1] in {"?", "+"}
    return found.end() - at + lazy, "repeat"
