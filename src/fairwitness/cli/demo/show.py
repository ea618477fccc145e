"""What the demo prints: counted beside expected, flagged beside planted, proven by both verifiers."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from fairwitness.cli.demo.happenings import Happening
from fairwitness.cli.demo.outcome import Outcome
from fairwitness.cli.demo.pilot import DAYS, MESSAGES, WITHDRAWAL_DAY, Pilot
from fairwitness.model.finding import SEVERITIES

FAMILIES: Mapping[str, tuple[str, str]] = {
    "adverse_event": ("adverse events", "pharma.adverse-event"),
    "off_label": ("off-label promotion", "pharma.off-label"),
    "channel": ("moving to where nobody looks", "finance.off-channel"),
    "guarantee": ("guarantees", "finance.guarantees"),
    "evidence": ("deleting evidence", "finance.concealment"),
    "gift": ("gifts for prescriptions", "pharma.inducement"),
}
"""What was planted: in words, and the shipped policy that looks for it."""

Count = tuple[str, int, int]


def introduce(console: Console, pilot: Pilot, *, home: str) -> None:
    """Say what is about to happen, and where."""
    console.print(
        f"[bold]A pilot in Brazil[/bold]: {len(pilot.reps)} reps, {MESSAGES:,} messages, {DAYS} days. "
        f"{pilot.rep('not agreed').name} has not agreed; {pilot.rep('withdraws').name} withdraws on day "
        f"{WITHDRAWAL_DAY}. Every name, number and product is invented."
    )
    console.print(f"Everything is kept in {home}", style="dim", soft_wrap=True, highlight=False)


def counts(pilot: Pilot, outcome: Outcome) -> list[Count]:
    """(what, expected by the generator, counted by the system)."""
    expected = pilot.expected
    rows = [
        ("Kept in the record", expected.kept, outcome.kept),
        ("of these messages", expected.shown, outcome.messages),
    ]
    for standing, why in (
        ("not agreed", "has not agreed"),
        ("withdraws", f"withdrew on day {WITHDRAWAL_DAY}"),
    ):
        rep = pilot.rep(standing)
        rows.append(
            (
                f"Refused: {rep.name}, {why}",
                expected.refused.get(rep.line, 0),
                outcome.refused.get(rep.line, 0),
            )
        )
    known = {pilot.rep(standing).line for standing in ("not agreed", "withdraws")}
    others = sum(count for line, count in outcome.refused.items() if line not in known)
    rows += [
        ("Refused: anybody else", 0, others),
        ("Duplicates dropped", expected.duplicates, outcome.duplicates),
        ("Kept, not understood, listed", expected.not_understood, outcome.not_understood),
    ]
    return rows


def agrees(pilot: Pilot, outcome: Outcome) -> bool:
    """True when every count is as expected and neither verifier found a fault."""
    right = all(wanted == got for _, wanted, got in counts(pilot, outcome))
    return right and not outcome.verified.faults and outcome.apart_code == 0


def report(pilot: Pilot, outcome: Outcome) -> RenderableType:
    """Everything, as tables."""
    items, posts = outcome.posted, len(pilot.deliveries)
    rate = f"{items:,} items in {posts:,} signed deliveries, {outcome.seconds:.1f} s"
    parts = (_captured(pilot, outcome, rate), _flagged(outcome), _planted(pilot, outcome), _proven(outcome))
    return Group(*(line for part in parts for line in (Text(), part)))


def _table(title: str, *columns: str) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number and column else "left", overflow="fold")
    return table


def _captured(pilot: Pilot, outcome: Outcome, rate: str) -> Table:
    table = _table(f"Captured: {rate}", "", "expected", "counted", " ")
    for what, wanted, got in counts(pilot, outcome):
        mark = Text("✓", "green") if wanted == got else Text("differs", "bold red")
        table.add_row(what, f"{wanted:,}", f"{got:,}", mark)
    return table


def _flagged(outcome: Outcome) -> Table:
    title = f"Flagged: {len(outcome.alerts)} alerts on {len(outcome.flagged)} messages"
    table = _table(title, "policy", "severity", "alerts")
    found = Counter((alert.severity, alert.policy, alert.title) for alert in outcome.alerts)
    ordered = sorted(found, key=lambda key: (-SEVERITIES.index(key[0]), -found[key]))
    for severity, policy, title in ordered:
        table.add_row(
            Text.assemble(title, ("  " + policy, "dim")), severity, str(found[severity, policy, title])
        )
    return table


def _planted(pilot: Pilot, outcome: Outcome) -> Table:
    table = _table("Planted by the generator", "", "risky", "flagged", "only alike", "flagged ")
    for family, (words, policy) in FAMILIES.items():
        risky = _of(pilot.planted, family, risky=True)
        alike = _of(pilot.planted, family, risky=False)
        caught = outcome.flagged_by(policy)
        cells = (len(risky), _hit(risky, caught), len(alike), _hit(alike, caught))
        table.add_row(Text(words), *map(str, cells))
    usual = len(outcome.flagged - {one.id for one in pilot.planted})
    others = pilot.expected.kept_by_what["message"] - len(pilot.planted)
    table.add_row(Text("all the other messages", "dim"), "", "", f"{others:,}", str(usual))
    return table


def _of(planted: Sequence[Happening], family: str, *, risky: bool) -> list[Happening]:
    return [one for one in planted if one.family == family and one.risky == risky]


def _hit(planted: Sequence[Happening], caught: Collection[str]) -> int:
    return sum(one.id in caught for one in planted)


def _proven(outcome: Outcome) -> Group:
    table = _table("Proven", "log", "entries", "signed", "sealed", "segments", "root")
    for log in outcome.logs:
        numbers = (log.size, log.checkpoint_size, log.sealed_size, log.segments)
        table.add_row(log.log, *(f"{number:,}" for number in numbers), f"{log.root[:16]}…")
    return Group(table, *_verdicts(outcome))


def _verdicts(outcome: Outcome) -> Iterator[Text]:
    verified, apart = outcome.verified, outcome.apart
    yield _verdict(
        "fairwitness verify",
        f"{verified.messages:,} messages, {verified.custody:,} decisions, {verified.payloads:,} payloads",
        len(verified.faults),
    )
    faults = len(apart.get("faults", ())) or int(outcome.apart_code != 0)
    yield _verdict("fairwitness_verify", "from the record's bytes alone, without a key", faults)


def _verdict(who: str, what: str, faults: int) -> Text:
    said = (f"{faults} faults", "bold red") if faults else ("no fault", "green")
    return Text.assemble((f"{who}: ", "bold"), f"{what}: ", said)
