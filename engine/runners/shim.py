"""The script beside each attempt; all it does is done by `shim_process`.

It is run as ``python -I -S shim.py <folder>``, and where psutil is needed its folder follows. It stays this short
because Python compiles a script anew at each start, while what it imports is compiled once.
"""

import os
import sys

if __name__ == "__main__":
    sys.path += [os.path.dirname(os.path.abspath(__file__)), *sys.argv[2:]]  # behind the standard library
    try:
        import shim_process  # type: ignore[import-not-found]  # it lies beside this script, which is where the path leads
    except SystemError as error:  # how CPython reports that memory ran out within an import
        raise MemoryError("too little memory is left to start the shim") from error

    code = shim_process.main(sys.argv[1])
    try:  # noqa: SIM105  # contextlib is too dear to import here
        sys.stderr.flush()
    except OSError:
        pass  # where the disk is full, the exit code must say so
    os._exit(code)  # nothing is left to be tidied up, which would take the interpreter 3 ms
