"""The proposed order of a merge queue has fewer conflicts, keeps `after`, and otherwise leaves everybody in place."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from engine.scheduling.merge_order import MergeKey
from engine.scheduling.merge_proposal import OrderProposal, propose_order
from state.shown_names import ShownNames


def keys(names: str) -> list[MergeKey]:
    return [("r1", name) for name in names]


def proposed(queue: str, pairs: str = "", after: dict[str, str] | None = None) -> OrderProposal | None:
    conflicts = [(("r1", pair[0]), ("r1", pair[1])) for pair in pairs.split()]
    edges = {("r1", later): keys(earlier) for later, earlier in (after or {}).items()}
    return propose_order(keys(queue), conflicts, edges)


def order(found: OrderProposal | None) -> str:
    assert found is not None
    return "".join(name for _, name in found.order)


def test_what_conflicts_with_many_comes_last() -> None:
    found = proposed("xabc", "xa xb xc")
    assert order(found) == "abcx"
    assert found is not None
    assert (found.fewer, found.sentence(ShownNames())) == (2, "2 conflicts fewer if x comes last.")


def test_without_conflicts_or_with_no_better_order_nothing_is_proposed() -> None:
    assert proposed("abc") is None
    assert proposed("abc", "ab") is None
    assert proposed("abcx", "xa xb xc") is None
    assert proposed("") is None


def test_those_without_conflicts_keep_their_places_among_each_other() -> None:
    assert order(proposed("dxcab", "xa xb")) == "dcabx"


def test_a_workstream_stays_behind_the_one_that_it_comes_after() -> None:
    assert order(proposed("xabc", "xa xb xc", {"a": "c"})) == "bcax"
    assert proposed("xabc", "xa xb xc", {"a": "x", "b": "x", "c": "x"}) is None


def test_conflicts_with_others_than_those_in_the_queue_do_not_count() -> None:
    assert proposed("ab", "ax ay az") is None


def test_two_that_are_moved_are_both_named() -> None:
    found = proposed("xyabcdef", "xa xb xc yd ye yf")
    assert found is not None
    assert found.sentence(ShownNames()) == "4 conflicts fewer if x and y come last."


QUEUES = st.integers(1, 6).flatmap(
    lambda size: st.tuples(
        st.just("abcdef"[:size]),
        st.sets(
            st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(
                lambda pair: pair[0] < pair[1]
            )
        ),
        st.sets(
            st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(
                lambda pair: pair[0] < pair[1]
            )
        ),
    )
)


def merged(names: tuple[str, ...], rivals: set[tuple[str, str]]) -> int:
    done: list[str] = []
    for name in names:
        if not any((name, other) in rivals or (other, name) in rivals for other in done):
            done.append(name)
    return len(done)


@given(QUEUES)
def test_a_proposal_is_a_legal_order_with_as_many_conflicts_fewer_as_it_says(
    case: tuple[str, set[tuple[int, int]], set[tuple[int, int]]],
) -> None:
    queue, pairs, edges = case
    rivals = {(queue[one], queue[other]) for one, other in pairs}
    after = {
        queue[later]: "".join(queue[one] for one, other in edges if other == later) for _, later in edges
    }
    found = proposed(queue, " ".join(one + other for one, other in rivals), after)
    now = merged(tuple(queue), rivals)
    if found is None:
        return
    then = order(found)
    assert sorted(then) == sorted(queue)
    assert all(then.index(earlier) < then.index(later) for later, some in after.items() for earlier in some)
    assert merged(tuple(then), rivals) - now == found.fewer
    assert max(merged(each, rivals) for each in permutations(queue)) >= now + found.fewer
    assert found.last
