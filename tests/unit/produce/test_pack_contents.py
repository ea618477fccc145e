"""What is asked for is in the pack, what belongs to it is too, and nothing else."""

import base64
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.unit.produce.firm import ANA, HOSTILE, PAULO, PAULOS, RITA, RITAS, Firm, delivery, live, message

from fairwitness.engines.filesystem import OutgoingFile
from fairwitness.errors import Forbidden, Misconfigured
from fairwitness.model.custody import ProductionMade, ProductionSelected
from fairwitness_verify.pack import check_pack

DAY = 86_400_000


def read(pack: Path, name: str) -> bytes:
    with zipfile.ZipFile(pack) as opened:
        return opened.read(name)


def lines(pack: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in read(pack, name).splitlines()]


def said(pack: Path) -> list[dict[str, Any]]:
    return lines(pack, "messages.jsonl")


def decisions(pack: Path) -> list[dict[str, Any]]:
    found = []
    for line in lines(pack, "entries/custody.jsonl"):
        payload = base64.b64decode(line["payload"])
        start = 4 + int.from_bytes(payload[:4], "big")
        found.append(json.loads(payload[start:]))
    return found


def summary(pack: Path) -> dict[str, Any]:
    return json.loads(read(pack, "summary.json"))


def test_a_pack_of_everything_is_unaltered(firm: Firm, target: Path):
    report = check_pack(str(firm.pack(target)))

    assert report.verdict == "unaltered"
    assert [log.proven for log in report.logs] == [log.entries for log in report.logs]
    assert sum(log.entries for log in report.logs) > 25


def test_every_version_and_what_happened_is_told(firm: Firm, target: Path):
    told = {one["id"]: one for one in said(firm.pack(target))}

    assert [version["text"] for version in told["wamid.3"]["versions"]] == ["preço é 100", "preço é 90"]
    assert [one["kind"] for one in told["wamid.3"]["happened"]] == ["edit", "revoke"]
    assert [one["emoji"] for one in told["wamid.1"]["happened"]] == ["👍"]
    assert told["wamid.77"]["held"] is False
    assert [flag["policy"] for flag in told["wamid.2"]["alerts"]] == ["house.channel-shift"]


def test_the_bytes_are_those_that_came(firm: Firm, target: Path):
    payloads = [base64.b64decode(line["payload"]) for line in lines(firm.pack(target), "entries/messages-0.jsonl")]

    assert any(b'"text":{"body":"me chama no telegram"}' in payload for payload in payloads)


def test_a_person_s_pack_holds_nothing_of_another(firm: Firm, target: Path):
    pack = firm.pack(target, matter="of one person", persons=(RITA,))

    assert {one["line"] for one in said(pack)} == {RITAS}
    assert PAULOS not in json.dumps(decisions(pack))
    assert {one["kind"] for one in decisions(pack)} >= {"person.enrolled", "mandate.granted", "policies.published"}


def test_what_happened_later_goes_where_its_message_goes(firm: Firm, target: Path):
    now = firm.clock()
    pack = firm.pack(target, from_at=now - 3_100_000, to_at=now - 2_900_000)

    (told,) = (one for one in said(pack) if one["held"])
    assert told["id"] == "wamid.3"
    assert len(told["entries"]) == 3


def test_one_conversation_may_be_named_by_the_other_side(firm: Firm, target: Path):
    pack = firm.pack(target, conversations=("phone:+5511900000002",))

    assert [one["text"] for one in said(pack)] == HOSTILE


def test_only_conversations_with_alerts_when_that_is_asked(firm: Firm, target: Path):
    pack = firm.pack(target, alerts=True)

    assert {one["chat"] for one in said(pack)} == {"phone:+5511900000001"}


def test_the_trail_says_who_looked_and_what_was_decided(firm: Firm, target: Path):
    found = decisions(firm.pack(target, persons=(PAULO,)))
    kinds = [one["kind"] for one in found]

    assert {"alert.raised", "alert.claimed", "alert.closed", "content.shown", "role.granted"} <= set(kinds)
    assert next(one for one in found if one["kind"] == "content.shown")["by"] == ANA


def test_policies_in_force_are_there_whole(firm: Firm, target: Path):
    pack = firm.pack(target)

    assert b"me chama no telegram" in read(pack, "policies/01/001.yaml")
    assert json.loads(read(pack, "policies/01/paths.json"))["files"] == {"001.yaml": "house/channel.yaml"}


def test_the_first_page_counts_what_is_missing_and_what_nobody_read(firm: Firm, target: Path):
    told = summary(firm.pack(target))

    assert told["missing"] == {"never_came": 1, "refused.no_mandate": 1}
    assert told["unread"] == {"file_only": 1}
    assert told["files"] == 2


def test_messages_before_any_policy_were_read_by_nobody(tmp_path: Path):
    firm = Firm(tmp_path / "home", policies=())
    firm.take(delivery([message(1, "oi", at=firm.clock())]))

    assert summary(firm.pack(tmp_path / "PACK.zip"))["unread"] == {"no_policy": 1}


def test_a_time_without_a_mandate_is_named(tmp_path: Path):
    firm = Firm(tmp_path / "home")
    firm.clock.advance(DAY)
    firm.withdraw(PAULOS)
    firm.clock.advance(3 * DAY)
    told = summary(firm.pack(tmp_path / "PACK.zip"))

    assert [(one["line"], one["to_at"] - one["from_at"]) for one in told["windows"]] == [(PAULOS, 3 * DAY)]


def test_the_same_order_gives_the_same_bytes_though_the_record_grew(firm: Firm, tmp_path: Path):
    firm.sign()
    selected = firm.order("twice")
    firm.house.make_pack(selected, tmp_path / "one.zip", by="test")
    firm.sign()
    firm.house.make_pack(selected, tmp_path / "two.zip", by="test")

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_an_older_order_is_proven_after_many_more_entries(tmp_path: Path):
    firm = Firm(tmp_path / "home")
    live(firm)
    firm.sign()
    selected = firm.order()
    first = firm.house.make_pack(selected, tmp_path / "one.zip", by="test")
    firm.take(delivery([message(1000 + i, f"mais {i}", at=firm.clock()) for i in range(600)]))
    firm.clock.advance(120_000)
    firm.sign()
    firm.take(delivery([message(2000, "e mais", at=firm.clock())]))
    firm.sign()

    assert firm.house.make_pack(selected, tmp_path / "two.zip", by="test").sha256 == first.sha256


def test_order_and_pack_are_written_down(firm: Firm, target: Path):
    pack = firm.pack(target, matter="written down")
    found = [one for _, _, one in firm.house.custody_entries() if isinstance(one, ProductionSelected | ProductionMade)]

    assert isinstance(found[-2], ProductionSelected)
    assert isinstance(found[-1], ProductionMade)
    assert (found[-2].matter, found[-1].matter, found[-1].size) == ("written down", "written down", pack.stat().st_size)


def test_what_can_not_be_written_down_does_not_leave(firm: Firm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    firm.sign()
    selected = firm.order()

    def refuse(*given: object, **more: object) -> int:
        raise Forbidden("no")

    monkeypatch.setattr(firm.house, "decide", refuse)
    with pytest.raises(Forbidden):
        firm.house.make_pack(selected, tmp_path / "PACK.zip", by="test")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_never_overwritten(firm: Firm, target: Path):
    target.write_bytes(b"something dear")
    firm.sign()

    with pytest.raises(Misconfigured):
        firm.house.make_pack(firm.order(), target, by="test")
    assert target.read_bytes() == b"something dear"


def test_what_an_interrupted_run_left_over_is_overwritten(firm: Firm, target: Path):
    (target.parent / ".tmp-PACK.zip").write_bytes(b"half a pack")

    assert check_pack(str(firm.pack(target))).verdict == "unaltered"
    assert [file.name for file in target.parent.iterdir()] == ["PACK.zip"]


def test_two_runs_never_write_one_file(firm: Firm, target: Path):
    with OutgoingFile(target) as first:
        first.file.write(b"the first")
        with pytest.raises(Misconfigured), OutgoingFile(target):
            pass
        target.write_bytes(b"somebody was faster")
        with pytest.raises(Misconfigured):
            first.keep()

    assert [file.name for file in target.parent.iterdir()] == ["PACK.zip"]
    assert target.read_bytes() == b"somebody was faster"


def test_both_sides_of_a_conversation_are_told(firm: Firm, target: Path):
    pack = firm.pack(target)
    told = {one["id"]: one["direction"] for one in said(pack)}

    assert (told["wamid.1"], told["wamid.70"]) == ("in", "out")
    assert b'<article class="out"' in read(pack, "conversations/0001-01.html")


def test_an_entry_that_orders_nothing_makes_nothing(firm: Firm, target: Path):
    with pytest.raises(Forbidden):
        firm.house.make_pack(0, target, by="test")
    assert not target.exists()


def test_a_conversation_whose_key_is_gone_is_proven_and_said_to_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    firm = Firm(tmp_path / "home")
    firm.take(delivery([message(1, "oi", at=firm.clock())]))
    firm.sign()
    from fairwitness.archive.read import Reader

    real = Reader.opened
    monkeypatch.setattr(
        Reader, "opened",
        lambda self, log, start, stop: (
            type(one)(one.index, one.header, None) if log == "messages/0" else one for one in real(self, log, start, stop)
        ),
    )  # fmt: skip
    pack = firm.pack(tmp_path / "PACK.zip")
    report = check_pack(str(pack))

    assert summary(pack)["missing"] == {"destroyed": 1}
    assert (report.verdict, report.logs[1].destroyed, report.logs[1].opened) == ("unaltered", 1, 0)


@pytest.mark.parametrize("language", ["en", "pt"])
def test_hostile_words_are_text_on_every_page(firm: Firm, target: Path, language: str):
    pack = firm.pack(target, language=language)
    page = read(pack, "conversations/0002-01.html").decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert page.count("<script") == 0
    assert "onerror=alert(1)&gt;" in page
    assert "<img" not in page
    assert "<b>" not in page
    assert "\x1b" not in page
    assert "[U+202E]" in page
    assert ("segunda-feira, 24 de novembro de 2025" if language == "pt" else "Monday, 24 November 2025") in page


def test_no_name_in_the_pack_comes_from_outside(firm: Firm, target: Path):
    with zipfile.ZipFile(firm.pack(target)) as opened:
        names = opened.namelist()

    assert {name.split("/")[0] for name in names} == {
        "index.html", "readme.txt", "verify.py", "manifest.json", "pack.json", "keys", "checkpoints", "entries", "messages.jsonl",
        "summary.json", "conversations", "policies", "sources",
    }  # fmt: skip
    assert not any("proposta" in name or "Eve" in name for name in names)
