"""A lost passphrase is survived with enough shares, and with no fewer."""

from itertools import combinations
from pathlib import Path

import pytest

from fairwitness.archive.recovery import KitPlan, combine, split
from fairwitness.engines.filesystem import FolderCabinet
from fairwitness.errors import Misconfigured
from fairwitness.testing import RecordRig, enrol, item

MASTER = bytes(range(32))
PLAN = KitPlan(("Ana", "Bia", "Caio", "Davi", "Eva"), 3)


def test_any_three_of_five_restore_the_key() -> None:
    shares = split(MASTER, PLAN)
    assert [share.officer for share in shares] == list(PLAN.officers)
    assert all(len(share.words.split()) == 33 for share in shares)
    for chosen in combinations(shares, 3):
        assert combine([share.words for share in chosen]) == MASTER


def test_two_of_three_wrong_or_foreign_shares_restore_nothing() -> None:
    words = [share.words for share in split(MASTER, PLAN)]
    foreign = split(bytes(32), PLAN)[2].words
    changed = " ".join(["academic", *words[2].split()[1:]])
    for given in (words[:2], [*words[:2], foreign], [*words[:2], changed], [*words[:2], words[0]], ["x"], []):
        with pytest.raises(Misconfigured):
            combine(given)


def test_a_share_is_read_however_it_was_typed() -> None:
    words = [f"  {share.words.upper()}\n".replace(" ", "  ") for share in split(MASTER, PLAN)]
    assert combine(words[2:]) == MASTER


@pytest.mark.parametrize(
    "plan",
    [KitPlan((), 1), KitPlan(("Ana", "Ana"), 2), KitPlan(("Ana", " "), 2), KitPlan(("Ana", "Bia"), 1),
     KitPlan(("Ana", "Bia"), 3), KitPlan(tuple(map(str, range(17))), 2), KitPlan(("Ana",), 0)],
    ids=str,
)  # fmt: skip
def test_a_kit_that_protects_nothing_is_refused(plan: KitPlan) -> None:
    with pytest.raises(Misconfigured):
        split(MASTER, plan)


def test_a_cabinet_gives_back_what_was_put_and_nothing_that_was_destroyed(tmp_path: Path) -> None:
    cabinet = FolderCabinet(tmp_path / "kek", MASTER)
    cabinet.put("000001", b"secret one")
    cabinet.put("000002", b"secret two")
    cabinet.put("000002", b"secret three")
    cabinet.destroy("000001")
    cabinet.destroy("000001")
    again = FolderCabinet(tmp_path / "kek", MASTER)
    assert (again.names(), again.get("000001"), again.get("000002")) == (["000002"], None, b"secret three")
    assert b"secret" not in b"".join(path.read_bytes() for path in (tmp_path / "kek").iterdir())


def test_a_cabinet_does_not_open_with_another_key_or_under_another_name(tmp_path: Path) -> None:
    cabinet = FolderCabinet(tmp_path / "kek", MASTER)
    cabinet.put("000001", b"secret")
    with pytest.raises(Misconfigured):
        FolderCabinet(tmp_path / "kek", bytes(32)).get("000001")
    (tmp_path / "kek" / "000001.key").rename(tmp_path / "kek" / "000002.key")
    with pytest.raises(Misconfigured):
        cabinet.get("000002")


def test_c3_without_the_key_encryption_key_entries_wait_sealed_and_none_is_in_clear(tmp_path: Path) -> None:
    rig = RecordRig(tmp_path / "home")
    enrol(rig)
    away = tmp_path / "away"
    (rig.home / "keys" / "kek").rename(away)
    (rig.home / "keys" / "kek").mkdir()
    rig.take([item(number, text="canaryword") for number in range(20)])
    with pytest.raises(Misconfigured, match="generation"):
        rig.publisher.seal_all()
    files = [path for path in rig.home.rglob("*") if path.is_file()]
    assert not any(b"canaryword" in path.read_bytes() for path in files)

    (rig.home / "keys" / "kek").rmdir()
    away.rename(rig.home / "keys" / "kek")
    rig.publisher.seal_all()
    assert all(stored.payload for stored in rig.reader.read("messages/0", 0, 20))
    assert rig.verify().faults == ()
    rig.close()
