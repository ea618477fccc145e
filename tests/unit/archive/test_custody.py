"""The custody log: decisions, in order, by somebody, and never two at once about one thing."""

import pytest

from fairwitness.archive.custody import Draft, subject_of
from fairwitness.errors import Forbidden
from fairwitness.model.custody import AlertClaimed, RoleGranted, RoleRevoked
from fairwitness.model.entry import CUSTODY, read_header
from fairwitness.testing import RecordRig

ANA = subject_of("ana@firm.example")


def grant(**draft: object) -> Draft:
    decision = RoleGranted(account="ana@firm.example", role="reviewer", by="test")
    return Draft(decision=decision, subject=ANA, **draft)  # type: ignore[arg-type]


def test_a_decision_is_in_the_state_at_once(rig: RecordRig) -> None:
    assert rig.custody.append([grant()]) == [0]
    assert rig.custody.state().roles["ana@firm.example"] == {"reviewer"}


def test_the_state_follows_what_others_append(rig: RecordRig) -> None:
    other = RecordRig(rig.home, keys=rig.keys, clock=rig.clock)
    rig.custody.append([grant()])
    assert other.custody.state().size == 1
    revoked = RoleRevoked(account="ana@firm.example", role="reviewer")
    other.custody.append([Draft(decision=revoked, subject=ANA)])
    assert rig.custody.state().roles["ana@firm.example"] == frozenset()
    other.close()


def test_a_decision_that_expects_another_version_is_forbidden_and_not_kept(rig: RecordRig) -> None:
    rig.custody.append([grant(expect=0)])
    with pytest.raises(Forbidden):
        rig.custody.append([grant(expect=0)])
    assert rig.tail.size(CUSTODY) == 1


def test_one_bad_expectation_keeps_the_whole_append_out(rig: RecordRig) -> None:
    claimed = Draft(decision=AlertClaimed(alert="aa" * 32), subject="aa" * 16)
    with pytest.raises(Forbidden):
        rig.custody.append([claimed, grant(expect=7)])
    assert rig.tail.size(CUSTODY) == 0
    assert rig.tail.subject_version("aa" * 16) == 0


def test_once_leaves_out_what_was_decided_before(rig: RecordRig) -> None:
    assert rig.custody.append([grant(once=True), grant(once=True)]) == [0, None]
    assert rig.custody.append([grant(once=True)]) == [None]
    assert rig.tail.size(CUSTODY) == 1


def test_headers_name_kind_subject_and_their_own_index(rig: RecordRig) -> None:
    rig.custody.append([grant(), grant(ref="ab" * 32)])
    first, second = (read_header(raw) for raw in rig.tail.headers(CUSTODY, 0, 2))
    assert (first.kind, first.stream, first.custody_size, bool(first.ref)) == ("role.granted", ANA, 0, False)
    assert (second.custody_size, second.ref) == (1, "ab" * 32)


def test_decisions_read_back_with_who_and_when(rig: RecordRig) -> None:
    rig.custody.append([grant()])
    (decided,) = rig.custody.entries(0, 1)
    assert decided.at == rig.clock()
    assert isinstance(decided.decision, RoleGranted)
    assert decided.decision.by == "test"
