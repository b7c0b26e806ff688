"""Checks the variables of ours that a person or a script sets: a value that is not valid is a sentence that names it.

Called once by each program before it does anything; the modules that read the variables ignore what is not valid.
"""

import os
from collections.abc import Callable, Mapping

from engine.errors import BadVariableError
from engine.system import clock, fault_injection

_CHECKED: Mapping[str, tuple[Callable[[str], object], str]] = {
    clock.VARIABLE: (clock.offset_of, clock.VALID),
    fault_injection.VARIABLES[0]: (fault_injection.plan_of, fault_injection.VALID),
    fault_injection.VARIABLES[2]: (fault_injection.mutants_of, fault_injection.VALID_MUTANTS),
}
"""How each variable is read, and what is valid."""


def check_variables(environ: Mapping[str, str] = os.environ) -> None:
    """Check every variable that is set.

    Raises:
        BadVariableError: one of them is not valid.
    """
    for name, (read, valid) in _CHECKED.items():
        try:
            read(environ.get(name, ""))
        except ValueError as error:
            raise BadVariableError(name, environ[name], valid) from error
