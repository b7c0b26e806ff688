"""Problems of a home or its database, as sentences for the banner, and whether jobs may start meanwhile."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from state.database_errors import DatabaseBusyError, DatabaseError, DatabaseFailure

_MEANWHILE = "Jobs keep running; nothing new starts."


class HealthProblemKind(StrEnum):
    """What is wrong."""

    SPACE = "space"
    CLOSED = "closed"
    GONE = "gone"
    LOG = "log"
    DATABASE = "database"
    BUSY = "busy"
    BACKUP = "backup"
    CALLBACK = "callback"
    RECURRING = "recurring"
    ALARM = "alarm"


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthProblem:
    """One problem, as a sentence for the banner; `stops` says whether it keeps new jobs from starting."""

    kind: HealthProblemKind
    sentence: str
    stops: bool = True


def database_problem(error: DatabaseError) -> HealthProblem:
    """The problem that a failed use of the database shows."""
    if isinstance(error, DatabaseBusyError):
        sentence = (
            "Another program has been writing the database for a while; nothing new starts until it is done."
        )
        return HealthProblem(kind=HealthProblemKind.BUSY, sentence=sentence)
    return HealthProblem(kind=HealthProblemKind.DATABASE, sentence=_sentence_for(error))


def _sentence_for(error: DatabaseError) -> str:
    match error.failure:
        case DatabaseFailure.DISK_FULL:
            return f"The database is not writable: the disk is full. {_MEANWHILE}"
        case DatabaseFailure.READ_ONLY:
            return f"The database is not writable: it is on a read-only disk. {_MEANWHILE}"
        case DatabaseFailure.DAMAGED:
            return f"The database is damaged: {error} {_MEANWHILE}"
        case DatabaseFailure.UNKNOWN:
            return f"The database cannot be used: {error} {_MEANWHILE}"
        case _:
            assert_never(error.failure)
