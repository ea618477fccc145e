"""What is made of a case: its items and their events, as plain values."""

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from fairwitness.capture import chat_export, cloud_api, read_events, waha
from fairwitness.errors import Unreadable
from fairwitness.model.envelope import Envelope, Item, pack, unpack

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/*/in.*"))
LINE = "0f8fad5bd9cb469fa16570867728950e"


def body_of(case: Path) -> bytes:
    """The bytes that arrived."""
    return next(case.glob("in.*")).read_bytes()


def items_of(case: Path) -> list[Item]:
    """The items of a case."""
    body = body_of(case)
    match case.parent.name:
        case "cloud_api":
            return list(cloud_api.split(body))
        case "waha":
            return list(waha.split(body))
        case _:
            told = json.loads((case / "case.json").read_text("utf-8"))
            export = chat_export.read_export(
                body, file_name=told.get("file_name", ""), owner_name=told.get("owner")
            )
            return list(
                chat_export.items(
                    export,
                    line="phone:+5511988880000",
                    zone=ZoneInfo(told["zone"]),
                    owner_name=told.get("owner"),
                    chat=told["chat"] or export.chat_name or "chat",
                )
            )


def envelope_of(item: Item) -> Envelope:
    """The item as it is read back from the record."""
    envelope = Envelope(
        source=item.source, delivery="0" * 32, line=LINE, sent_at=item.sent_at, checked=(), slices=item.slices
    )
    return unpack(pack(envelope))


def read(case: Path) -> list[dict[str, Any]]:
    """Every item of a case with its events, without what is empty."""
    return [_item(item) for item in items_of(case)]


def _item(item: Item) -> dict[str, Any]:
    shown = {
        "kind": item.kind,
        "line": item.line,
        "contact": item.contact,
        "identity": list(item.identity),
        "refers_to": list(item.refers_to or ()),
        "sent_at": item.sent_at,
        "slices": [f"{part.name} {part.pointer}".strip() for part in item.slices],
        "events": [],
    }
    try:
        shown["events"] = [_event(event) for event in read_events(envelope_of(item), item.kind)]
    except Unreadable as error:
        shown["kept"] = error.message
    return {name: value for name, value in shown.items() if value or value == 0}


def _event(event: Any) -> dict[str, Any]:
    shown = msgspec.to_builtins(event)
    del shown["line"]
    shown["media"] = [{name: value for name, value in file.items() if value} for file in shown["media"]]
    return {name: value for name, value in shown.items() if value or (value == 0 and name == "at")}
