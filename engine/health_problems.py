"""Problems of a home or its database, as sentences for the banner, and whether jobs may start meanwhile."""

from dataclasses import dataclass
from enum import StrEnum

from state.database_errors import DatabaseBusyError, DatabaseError


class HealthProblemKind(StrEnum):
    """What is wrong."""

    SPACE = "space"
    GONE = "gone"
    LOG = "log"
    DATABASE = "database"
    BUSY = "busy"
    BACKUP = "backup"
    CALLBACK = "callback"


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthProblem:
    """One problem, as a sentence for the banner; `stops` says whether it keeps new jobs from starting."""

    kind: HealthProblemKind
    sentence: str
    stops: bool = True


def database_problem(error: DatabaseError) -> HealthProblem:
    """The problem that a failed use of the database shows."""
    detail = str(error)
    match detail:
        case _ if isinstance(error, DatabaseBusyError):
            sentence = "Another program has been writing the database for a while; nothing new starts until it is done."
            return HealthProblem(kind=HealthProblemKind.BUSY, sentence=sentence)
        case _ if "full" in detail:
            why = "the disk is full"
        case _ if "readonly" in detail or "read-only" in detail:
            why = "it is on a read-only disk"
        case _ if "malformed" in detail or "not a database" in detail:
            sentence = (
                f"The database is damaged: {detail} Jobs keep running; nothing new starts. Close the window and run "
                "`signalbox doctor`, which names the last good backup."
            )
            return HealthProblem(kind=HealthProblemKind.DATABASE, sentence=sentence)
        case _:
            sentence = f"The database cannot be used: {detail} Jobs keep running; nothing new starts."
            return HealthProblem(kind=HealthProblemKind.DATABASE, sentence=sentence)
    sentence = f"The database is not writable: {why}. Jobs keep running; nothing new starts."
    return HealthProblem(kind=HealthProblemKind.DATABASE, sentence=sentence)
