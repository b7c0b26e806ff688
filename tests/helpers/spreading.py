"""How tests are spread over processes: file by file, in the order of the suite, and all fault tests on one of them.

pytest-xdist's own groups (`--dist loadgroup`) have no effect with pytest 9.2, which makes the ids of tests anew.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

FAULTS = "faults"
FAULT_TESTS = frozenset(
    {"test_claims", "test_clock_jumps", "test_database_faults", "test_faults", "test_histories"}
)
"""They kill, race and fill disks, and would disturb each other."""


def group_of(file: str) -> str:
    """What runs in the same process as this file of tests."""
    return FAULTS if file.rpartition("/")[2].removesuffix(".py") in FAULT_TESTS else file


class FileByFile(LoadScopeScheduling):  # type: ignore[misc]  # it comes without types
    """Gives each process the next file; the files of one group go together."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.partition("::")[0])
