"""Each worktree has ports of its own: the same ones wherever they are free."""

import socket

import pytest

from engine.worktrees.ports import BLOCK, FIRST, LAST, block_is_free, choose_port_base

KEYS = [("run", f"ws-{number}") for number in range(300)]


def everything_is_free(base: int) -> bool:
    del base
    return True


def test_a_workstream_gets_the_same_ports_each_time_and_they_are_a_whole_block() -> None:
    bases = [choose_port_base(key, (), everything_is_free) for key in KEYS]
    assert bases == [choose_port_base(key, (), everything_is_free) for key in KEYS]
    assert {(base or 0) % BLOCK for base in bases} == {0}
    assert all(base is not None and FIRST <= base <= LAST - BLOCK for base in bases)
    assert len(set(bases)) > 200


def test_no_two_live_worktrees_share_a_port() -> None:
    taken: set[int] = set()
    for key in KEYS:
        base = choose_port_base(key, taken, everything_is_free)
        assert base is not None
        assert base not in taken
        taken.add(base)
    ports = [port for base in taken for port in range(base, base + BLOCK)]
    assert len(set(ports)) == len(ports)


def test_where_every_block_is_taken_there_is_none() -> None:
    assert choose_port_base(("r", "w"), range(FIRST, LAST), everything_is_free) is None


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - whatever a server listens on
@pytest.mark.parametrize("offset", [0, BLOCK - 1])
def test_a_block_in_which_somebody_listens_is_passed_over(address: str, offset: int) -> None:
    base = choose_port_base(("r", "w"), ())
    assert base is not None
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
        server.bind((address, base + offset))
        server.listen()
        assert not block_is_free(base)
        assert choose_port_base(("r", "w"), ()) not in {None, base}
    assert choose_port_base(("r", "w"), ()) == base
