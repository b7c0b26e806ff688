"""Why an attempt of a coding tool began a new session. Knows no tool."""

from enum import StrEnum


class NewSession(StrEnum):
    """Why an attempt begins a new session although the job has been at work before.

    `CANNOT` is the tool's way of working, `NONE` says that no earlier attempt left a session, `GONE` that its files
    are lost or damaged, `REFUSED` that the tool did not take it.
    """

    FORBIDDEN = "forbidden"
    REQUESTED = "requested"
    CANNOT = "cannot"
    OWN_COMMAND = "own_command"
    OTHER_TOOL = "other_tool"
    OTHER_ACCOUNT = "other_account"
    OTHER_FOLDER = "other_folder"
    TOO_LONG = "too_long"
    NONE = "none"
    GONE = "gone"
    REFUSED = "refused"
