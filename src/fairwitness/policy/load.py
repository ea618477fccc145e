"""Policy files → a set of policies, or every fault in them at once.

Reading goes on after a fault, so that whoever wrote the files sees all of them with
their places. Nothing here runs the policies' own tests: `check` does.
"""

import hashlib
import itertools
import re
import struct
from collections.abc import Sequence

import msgspec

from fairwitness.errors import PolicyError, PolicyErrors
from fairwitness.model.custody import PolicyFile
from fairwitness.model.finding import SEVERITIES
from fairwitness.policy.conditions import read_condition
from fairwitness.policy.document import Items, Node, Report, Scalar, Table, documents
from fairwitness.policy.language import Direction, Entry, Place, Policy, PolicySet, Test, entries, fault_at
from fairwitness.signals.lexicon import refusals

FILES_LIMIT = 2_000
_REQUIRED = ("id", "title", "severity", "languages", "cites", "owner", "when", "tests")
_KEYS = (*_REQUIRED, "version", "expiry", "notes")
_LATER = ("lists", "then", "except", "window")
_TESTS = {"must_match", "must_not_match"}
_ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


def plan_of(files: Sequence[PolicyFile]) -> str:
    """The hash of a set of files, whatever their order."""
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.path):
        for part in (file.path, file.text):
            data = part.encode(errors="surrogatepass")
            digest.update(struct.pack(">Q", len(data)) + data)
    return digest.hexdigest()


def load(files: Sequence[PolicyFile]) -> PolicySet:
    """Read every document of `files`, or raise `PolicyErrors` with all that is wrong with them."""
    faults: list[PolicyError] = []
    policies: dict[str, Policy] = {}
    found: list[Entry] = []
    for file in _in_order(files, faults.append):
        for document in documents(file, faults.append):
            reading = _Reading(file.path, faults.append)
            policy = reading.policy(document)
            found += reading.entries
            if policy is None:
                continue
            if policy.id in policies:
                first = policies[policy.id].place
                hint = f"It is first used at {first.path}:{first.line}."
                faults.append(fault_at(policy.place, f"the id {policy.id} is used twice.", hint))
            policies.setdefault(policy.id, policy)
    _check_engine(found, faults.append)
    if faults:
        raise PolicyErrors(sorted(faults, key=lambda fault: (fault.path, fault.line, fault.column)))
    return PolicySet(plan_of(files), tuple(policies[id_] for id_ in sorted(policies)))


def _check_engine(found: Sequence[Entry], report: Report) -> None:
    """Report every entry that the engine does not take."""
    reasons = refusals(sorted({entry.needle for entry in found}))
    for entry in found:
        if reason := reasons.get(entry.needle):
            what = f"“{entry.written}” cannot be searched for: {reason}"
            report(fault_at(entry.place, what, "Make it simpler or shorter."))


def _in_order(files: Sequence[PolicyFile], report: Report) -> list[PolicyFile]:
    ordered = sorted(files, key=lambda file: file.path)
    for before, file in itertools.pairwise(ordered):
        if before.path == file.path:
            report(fault_at(Place(file.path, 1, 1), "two files have this path.", "Give each file its own."))
    if len(files) > FILES_LIMIT:
        report(fault_at(Place("", 1, 1), f"{len(files)} files are too many.", f"At most {FILES_LIMIT}."))
        return []
    return ordered


class _Reading:
    """One document being read. Faults go to `report`; a part with a fault reads as an empty value."""

    def __init__(self, path: str, report: Report) -> None:
        self.path, self.sink, self.faulty = path, report, False
        self.entries: tuple[Entry, ...] = ()

    def report(self, fault: PolicyError) -> None:
        self.faulty = True
        self.sink(fault)

    def say(self, place: Place, message: str, hint: str = "") -> None:
        self.report(fault_at(place, message, hint))

    def policy(self, node: Node) -> Policy | None:
        """The policy that `node` describes, or None when it has a fault."""
        if not isinstance(node, Table):
            self.say(node.place, "a policy is a mapping of keys to values.", "It begins with id: and title:.")
            return None
        values = {key: value for key, _, value in node.rows}
        self.check_keys(node)
        when = values.get("when")
        condition = read_condition(when, "when", self.report) if when else None
        self.entries = entries(condition) if condition else ()
        draft = {
            "id": self.text(values.get("id"), "id", shape=_ID, limit=100),
            "title": self.text(values.get("title"), "title", limit=200),
            "severity": self.text(values.get("severity"), "severity", choices=SEVERITIES),
            "label": self.text(values.get("version"), "version", limit=50),
            "languages": self.texts(values.get("languages"), "languages", shape=_LANGUAGE, least=1),
            "cites": self.texts(values.get("cites"), "cites"),
            "owner": self.text(values.get("owner"), "owner", limit=200),
            "expiry": self.text(values.get("expiry"), "expiry", shape=_DATE),
            "notes": self.text(values.get("notes"), "notes", limit=10_000),
            "tests": self.tests(values.get("tests")),
        }
        if self.faulty or condition is None:
            return None
        return Policy(**draft, when=condition, version=_version(node), place=values["id"].place)  # type: ignore[arg-type]

    def check_keys(self, node: Table) -> None:
        known = {key for key, _, _ in node.rows}
        for key, place, _ in node.rows:
            if key in _LATER:
                self.say(place, f"{key} is not read by this version.", "Leave it out.")
            elif key not in _KEYS:
                self.say(place, f"there is no key {key!r}.", f"Known are {', '.join(sorted(_KEYS))}.")
        for key in _REQUIRED:
            if key not in known:
                self.say(node.place, f"{key} is missing.", f"Add {key}: to the policy.")

    def text(
        self,
        node: Node | None,
        key: str,
        *,
        shape: re.Pattern[str] | None = None,
        choices: Sequence[str] = (),
        limit: int = 100,
    ) -> str:
        """The text of `node`, empty when the key is not given."""
        if node is None:
            return ""
        if not isinstance(node, Scalar) or not node.text.strip() or len(node.text) > limit:
            self.say(node.place, f"{key} must be text of 1 to {limit} characters.")
        elif choices and node.text not in choices:
            self.say(node.place, f"{key} cannot be {node.text!r}.", f"It is one of {', '.join(choices)}.")
        elif shape and not shape.fullmatch(node.text):
            self.say(node.place, f"{key} cannot be {node.text!r}.", _SHAPES[key])
        else:
            return node.text.strip()
        return ""

    def texts(
        self, node: Node | None, key: str, *, shape: re.Pattern[str] | None = None, least: int = 0
    ) -> tuple[str, ...]:
        if node is None:
            return ()
        if not isinstance(node, Items) or not least <= len(node.items) <= 100:
            hint = f"For example {key}: [a, b]"
            self.say(node.place, f"{key} must be a list of {least} to 100 texts.", hint)
            return ()
        return tuple(self.text(item, key, shape=shape, limit=200) for item in node.items)

    def tests(self, node: Node | None) -> tuple[Test, ...]:
        if node is None:
            return ()
        if not isinstance(node, Table) or {key for key, _, _ in node.rows} != _TESTS:
            self.say(node.place, "tests has exactly the keys must_match and must_not_match.")
            return ()
        found: list[Test] = []
        for key, _, examples in node.rows:
            if not isinstance(examples, Items) or not examples.items:
                self.say(examples.place, f"{key} must be a list of at least one example.")
                continue
            found += [self.test(item, must_match=key == "must_match") for item in examples.items]
        return tuple(found)

    def test(self, node: Node, *, must_match: bool) -> Test:
        """An example: text, or a mapping of text and direction."""
        rows = {key: value for key, _, value in node.rows} if isinstance(node, Table) else {"text": node}
        text, direction = rows.get("text"), rows.get("direction", Scalar("out", False, node.place))
        if set(rows) - {"text", "direction"} or not isinstance(text, Scalar) or text.empty:
            hint = "Text with a colon or a comma needs quotation marks."
            self.say(node.place, "an example is text, or {text: …, direction: in or out}.", hint)
            return Test("", "out", must_match, node.place)
        way = self.text(direction, "direction", choices=("in", "out"))
        reading: Direction = "in" if way == "in" else "out"
        return Test(text.text, reading, must_match, node.place)


_SHAPES = {
    "id": "Small letters and digits, joined by . or -, such as finance.off-channel.",
    "languages": "A language tag, such as en or pt-BR.",
    "expiry": "A date, such as 2027-06-30.",
}


def _version(node: Node) -> str:
    """The first 12 hex digits of the hash of the document's canonical text."""
    text = msgspec.json.encode(_plain(node), order="sorted")
    return hashlib.sha256(text).hexdigest()[:12]


def _plain(node: Node) -> object:
    match node:
        case Scalar():
            return node.text
        case Items():
            return [_plain(item) for item in node.items]
        case Table():
            return {key: _plain(value) for key, _, value in node.rows}
