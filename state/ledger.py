"""Every write: one verb, and in its one transaction the rows and the event that tells them.

A verb either does what it says or raises and leaves everything as it was. It returns the records as they are after.
Which attempt to make and what follows its end is decided elsewhere and handed in.
"""

from state.write_attempts import Attempting, AttemptOutcome, Ending, Following
from state.write_commands import Commanding
from state.write_jobs import Entering, NewJob
from state.write_settings import Switching

__all__ = ["AttemptOutcome", "Ending", "Following", "Ledger", "NewJob"]


class Ledger(Entering, Attempting, Commanding, Switching):
    """The writing face of one database."""
