"""Choose the ports that each worktree has for itself, so that servers of jobs side by side do not collide.

The same workstream gets the same ports wherever they are free.
"""

import errno
import hashlib
import socket
from collections.abc import Callable, Container

BLOCK = 20
"""How many ports from the first on belong to a worktree."""
FIRST, LAST = 20_000, 32_000
"""Below the ports that systems give out by themselves (32768 and above on Linux), above those of most services."""
_IN_USE = frozenset({errno.EADDRINUSE, errno.EACCES})
_PLACES = (LAST - FIRST) // BLOCK


def choose_port_base(
    key: tuple[str, str], taken: Container[int], is_free: Callable[[int], bool] | None = None
) -> int | None:
    """The first port of a workstream, whose ids are `key`; None where no block of ports is free.

    `taken` are the first ports of other worktrees. `is_free` says whether nobody uses any port of a block now.
    """
    checked = block_is_free if is_free is None else is_free
    blocks = map(_block(key).__add__, range(_PLACES))
    bases = (FIRST + (block % _PLACES) * BLOCK for block in blocks)
    return next((base for base in bases if base not in taken and checked(base)), None)


def block_is_free(base: int) -> bool:
    """Whether nobody listens on any port of the block that begins here."""
    return all(_is_free(port) for port in range(base, base + BLOCK))


def _block(key: tuple[str, str]) -> int:
    digest = hashlib.sha256("\0".join(key).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % _PLACES


def _is_free(port: int) -> bool:
    return all(_can_bind(family, port) for family in (socket.AF_INET, socket.AF_INET6))


def _can_bind(family: socket.AddressFamily, port: int) -> bool:
    """Whether a port could be listened on at every address of a family; what the machine has not is no obstacle."""
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what has just been closed is free
            if family is socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe.bind(("", port))
    except OSError as error:
        return family is socket.AF_INET6 and error.errno not in _IN_USE
    return True
