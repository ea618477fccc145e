"""The pilot is the same for the same seed, is what it says it is, and knows what must come of it."""

import hashlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import phonenumbers
import pytest

from fairwitness.archive.custody import Draft
from fairwitness.capture import cloud_api
from fairwitness.cli.demo.pilot import DAYS, MESSAGES, Pilot, make_pilot
from fairwitness.cli.demo.posting import signature
from fairwitness.cli.demo.script import MEDIA, read, scripts
from fairwitness.cli.demo.show import FAMILIES
from fairwitness.cli.demo.stage import enrolment
from fairwitness.cli.demo.words import PRODUCTS
from fairwitness.compose import shipped_policies
from fairwitness.mandate.decide import Keep, decide
from fairwitness.mandate.state import CustodyState
from fairwitness.model.custody import MandateGranted, MandateWithdrawn
from fairwitness.policy import load

NOW = int(datetime(2026, 11, 24, 15, 30, tzinfo=UTC).timestamp() * 1000)
CONTENT = {"text", "image", "video", "audio", "document", "sticker", "location", "contacts"}
FILES = {"image", "video", "audio", "document", "sticker"}


@pytest.fixture(scope="module")
def pilot() -> Pilot:
    return make_pilot(seed=1, now=NOW)


def items(body: bytes) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(line, list, item) of everything a body tells, read without any of the generator's code."""
    for entry in json.loads(body)["entry"]:
        for change in entry["changes"]:
            value = change["value"]
            line = value["metadata"]["phone_number_id"]
            for member in ("messages", "message_echoes", "statuses", "label_changes"):
                for item in value.get(member, ()):
                    yield line, member, item


def told_once(pilot: Pilot) -> list[tuple[str, str, dict[str, Any]]]:
    """Every item of the pilot without its redeliveries."""
    seen: set[str] = set()
    told = []
    for delivery in pilot.deliveries:
        for line, member, item in items(delivery.body):
            key = json.dumps([line, member, item], sort_keys=True)
            if key not in seen:
                seen.add(key)
                told.append((line, member, item))
    return told


def messages(pilot: Pilot) -> list[tuple[str, str, dict[str, Any]]]:
    return [row for row in told_once(pilot) if row[2].get("type") in CONTENT]


def test_the_same_seed_and_day_give_the_same_bytes(pilot):
    again = make_pilot(seed=1, now=NOW + 3_600_000)

    assert [d.body for d in again.deliveries] == [d.body for d in pilot.deliveries]
    assert again.withdrawn_before == pilot.withdrawn_before


def test_another_seed_gives_another_pilot(pilot):
    assert make_pilot(seed=2, now=NOW).deliveries[0].body != pilot.deliveries[0].body


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_bytes_do_not_depend_on_the_process(pilot, hash_seed):
    code = (
        "import hashlib; from fairwitness.cli.demo.pilot import make_pilot\n"
        f"bodies = b''.join(d.body for d in make_pilot(seed=1, now={NOW}).deliveries)\n"
        "print(hashlib.sha256(bodies).hexdigest())"
    )

    told = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": ":".join(sys.path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert told.stdout.strip() == hashlib.sha256(b"".join(d.body for d in pilot.deliveries)).hexdigest()


@pytest.mark.parametrize("seed", [1, 7, 2026])
def test_there_are_exactly_2400_messages_of_13_reps(seed):
    pilot = make_pilot(seed=seed, now=NOW)
    told = messages(pilot)

    assert len(told) == len({item["id"] for _, _, item in told}) == MESSAGES == 2_400
    assert len({line for line, _, _ in told}) == len(pilot.reps) == 13
    assert Counter(rep.standing for rep in pilot.reps) == {"agreed": 11, "not agreed": 1, "withdraws": 1}


def test_the_messages_fill_fourteen_days_that_end_yesterday(pilot):
    zone = timedelta(hours=-3)
    days = {
        (datetime.fromtimestamp(int(item["timestamp"]), UTC) + zone).date().isoformat()
        for _, _, item in messages(pilot)
    }

    assert max(days) == "2026-11-23"
    assert min(days) == "2026-11-10"
    assert len(days) == DAYS
    assert all(int(item["timestamp"]) * 1000 < pilot.end for _, _, item in told_once(pilot) if "timestamp" in item)


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_no_message_is_sent_after_now_at_any_hour(hour):
    now = int(datetime(2026, 3, 1, hour, 5, tzinfo=UTC).timestamp() * 1000)
    pilot = make_pilot(seed=3, now=now)

    latest = max(int(item["timestamp"]) for d in pilot.deliveries[-60:] for _, _, item in items(d.body) if "timestamp" in item)
    assert latest * 1000 < now


def test_what_is_expected_agrees_with_a_recount_from_the_bytes(pilot):
    agreed = {rep.phone_number_id: rep.standing for rep in pilot.reps}
    line_ids = {rep.phone_number_id: rep.line for rep in pilot.reps}
    seen: set[str] = set()
    kept, refused, duplicates = [], Counter[str](), 0
    for number, delivery in enumerate(pilot.deliveries):
        for line, member, item in items(delivery.body):
            key = json.dumps([line, member, item], sort_keys=True)
            allowed = agreed[line] == "agreed" or (
                agreed[line] == "withdraws" and number < pilot.withdrawn_before
            )
            if key in seen:
                duplicates += 1
            elif allowed:
                kept.append((member, item))
            else:
                refused[line_ids[line]] += 1
            seen.add(key)
    types = Counter(item.get("type", member) for member, item in kept)
    expected = pilot.expected

    assert (expected.kept, expected.duplicates, expected.refused) == (len(kept), duplicates, refused)
    assert expected.items == len(kept) + duplicates + refused.total()
    assert expected.kept_by_what["message"] == sum(types[kind] for kind in CONTENT)
    assert expected.kept_media == sum(types[kind] for kind in FILES)
    assert expected.kept_by_what["receipt"] == types["statuses"]
    assert {what: expected.kept_by_what[what] for what in ("edit", "revoke", "reaction")} == {
        what: types[what] for what in ("edit", "revoke", "reaction")
    }
    assert expected.not_understood == types["unsupported"] + types["event_card"] + types["label_changes"] == 9
    assert expected.kept_inward == sum(m == "messages" and i["type"] in CONTENT for m, i in kept)
    assert expected.kept_outward == sum(m == "message_echoes" and i["type"] in CONTENT for m, i in kept)


def test_both_kinds_of_refusal_happen_and_so_do_duplicates(pilot):
    refused = pilot.expected.refused

    assert set(refused) == {pilot.rep("not agreed").line, pilot.rep("withdraws").line}
    assert min(refused.values()) > 20
    assert pilot.expected.duplicates > 20
    assert any(one.rep.standing == "withdraws" for one in pilot.expected.first_kept)


def test_the_door_cuts_each_body_into_exactly_what_the_generator_put_in(pilot):
    ids = {rep.phone_number_id: f"pnid:{rep.phone_number_id}" for rep in pilot.reps}
    for delivery in pilot.deliveries:
        cut = cloud_api.split(delivery.body)

        assert Counter(item.line for item in cut) == Counter(ids[one.rep.phone_number_id] for one in delivery.holds)


def test_the_enrolment_covers_what_is_kept_and_nothing_that_is_refused(pilot):
    state = CustodyState()
    for index, draft in enumerate(d for rep in pilot.reps for d in enrolment(rep, pilot, now=NOW)):
        state = state.apply(index, NOW, draft.decision)
    leaving = pilot.rep("withdraws")
    withdrawn = state.apply(
        state.size, NOW, MandateWithdrawn(mandate=leaving.mandate, person=leaving.person, line=leaving.line)
    )
    seen: set[tuple[str, ...]] = set()
    kept = 0
    for number, delivery in enumerate(pilot.deliveries):
        now_state = withdrawn if number >= pilot.withdrawn_before else state
        for one in delivery.holds:
            verdict = decide(now_state, alias=one.rep.aliases[0], received_at=NOW, sent_at=one.at)
            kept += isinstance(verdict, Keep) and one.key not in seen
            seen.add(one.key)

    assert kept == pilot.expected.kept


def test_who_has_not_agreed_gets_no_mandate(pilot):
    def granted(drafts: list[Draft]) -> list[MandateGranted]:
        return [d.decision for d in drafts if isinstance(d.decision, MandateGranted)]

    assert granted(enrolment(pilot.rep("not agreed"), pilot, now=NOW)) == []
    (mandate,) = granted(enrolment(pilot.rep("withdraws"), pilot, now=NOW))
    assert mandate.acknowledged_at < pilot.start == mandate.past_from
    assert mandate.language == "pt-BR"


def test_what_happens_on_whatsapp_happens_here(pilot):
    told = told_once(pilot)
    types = Counter(item.get("type", item.get("status")) for _, _, item in told)

    for wanted in (*CONTENT, "reaction", "edit", "revoke", "unsupported", "sent", "delivered", "read", "played", "failed"):
        assert types[wanted] > 0, wanted
    assert any("context" in item and "id" in item["context"] for _, _, item in told)
    assert any(item.get("context", {}).get("forwarded") for _, _, item in told)
    assert any("from" not in item and "from_user_id" in item for _, member, item in told if member == "messages")


def test_deliveries_are_batched_late_and_written_both_ways(pilot):
    bodies = [delivery.body for delivery in pilot.deliveries]
    lines_per_body = [len({line for line, _, _ in items(body)}) for body in bodies]
    stamps = [
        int(item["timestamp"]) for body in bodies for _, _, item in items(body) if item.get("type") in CONTENT
    ]

    assert max(lines_per_body) > 2
    assert any(b"\\u00" in body and b"\\/" in body for body in bodies)
    assert any(not body.isascii() for body in bodies)
    assert stamps != sorted(stamps)


def test_an_edit_and_a_revocation_follow_a_message_of_the_same_author(pilot):
    said = {item["id"]: (line, member, int(item["timestamp"])) for line, member, item in messages(pilot)}
    changes = [row for row in told_once(pilot) if row[2].get("type") in ("edit", "revoke")]

    for line, member, item in changes:
        original = said[item[item["type"]]["original_message_id"]]
        assert original[:2] == (line, member)
        assert 0 < int(item["timestamp"]) - original[2] <= 900


def test_every_reply_and_reaction_names_a_message_that_exists(pilot):
    ids = {item["id"] for _, _, item in messages(pilot)}
    named = [
        item["context"]["id"] if item["type"] in CONTENT else item["reaction"]["message_id"]
        for _, _, item in told_once(pilot)
        if "id" in item.get("context", {}) or item.get("type") == "reaction"
    ]

    assert len(named) > 100
    assert set(named) <= ids


def test_nobody_could_be_rung_up(pilot):
    people = [rep.phone for rep in pilot.reps] + [c.number for rep in pilot.reps for c in rep.contacts if c.number]

    assert len(people) == len(set(people))
    for number in people:
        assert number[4:9] == "90000"
        assert len(str(phonenumbers.parse(f"+{number}").national_number)) == 11


def test_addresses_lead_nowhere(pilot):
    whole = b"".join(d.body.replace(b"\\/", b"/") for d in pilot.deliveries).decode()
    hosts = {part.split("/")[0].split('"')[0] for part in whole.split("https://")[1:]}

    assert hosts
    assert all(host.endswith(".example") for host in hosts)
    assert all(rep.email.endswith(".example") for rep in pilot.reps)


def test_no_gap_is_left_open_in_what_people_say(pilot):
    said = [item["text"]["body"] for _, _, item in messages(pilot) if item["type"] == "text"]

    assert all(text.strip() for text in said)
    assert not [text for text in said if any(mark in text for mark in ("{", "}", "[", "]", "%%", "@photo", " |"))]


def test_messages_do_not_look_copied(pilot):
    long = Counter(
        item["text"]["body"] for _, _, item in messages(pilot) if item["type"] == "text" and len(item["text"]["body"]) > 25
    )

    assert sum(n for n in long.values() if n > 1) < 0.2 * long.total()
    assert max(long.values()) <= 8


def test_products_have_names_of_their_own(pilot):
    whole = " ".join(item["text"]["body"] for _, _, item in messages(pilot) if item["type"] == "text")

    assert all(whole.count(product) > 20 for product in PRODUCTS)


def test_a_canary_is_in_the_first_and_last_message_of_its_rep(pilot):
    marked = make_pilot(seed=1, now=NOW, canaries={11: "CANARY-OF-ELEVEN"})
    found = [(line, item) for line, _, item in messages(marked) if "CANARY-OF-ELEVEN" in json.dumps(item)]

    assert len(found) == 2
    assert {line for line, _ in found} == {marked.reps[11].phone_number_id}
    assert marked.expected.refused == pilot.expected.refused
    assert marked.reps[11].standing == "not agreed"


def test_every_planted_family_is_shown_and_its_policy_is_shipped(pilot):
    shipped = {policy.id for policy in load(shipped_policies()).policies}
    planted = {(one.family, one.risky) for one in pilot.planted}

    assert planted == {(family, risky) for family in FAMILIES for risky in (True, False)}
    assert {policy for _, policy in FAMILIES.values()} <= shipped


def test_every_script_can_be_read_and_has_a_name_of_its_own():
    names = [script.name for script in scripts()]

    assert len(names) == len(set(names)) > 100
    assert {turn.media.partition(" ")[0] for s in scripts() for turn in s.turns if turn.media} == set(MEDIA)
    assert {turn.mark for s in scripts() for turn in s.turns} == {"", "edit", "delete", "react", "forward", "flag", "calm"}


def test_a_line_that_is_no_turn_is_named():
    with pytest.raises(ValueError, match="not a turn: hello"):
        list(read("== a | doctor | 1\nhello"))


def test_a_signature_is_metas():
    # The vector that Meta's own documentation leads to: HMAC-SHA256 over the raw body.
    body = b'{"object":"whatsapp_business_account","entry":[]}'

    assert signature(body, b"test_app_secret") == (
        "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756"
    )


def test_every_delivery_passes_the_doors_check(pilot):
    for delivery in pilot.deliveries[:50]:
        assert cloud_api.check_signature(delivery.body, signature(delivery.body, b"secret"), ["secret"])
