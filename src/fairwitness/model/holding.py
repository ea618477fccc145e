"""What the custody log says of holds, schedules and disposals, folded: values without behaviour."""

from dataclasses import dataclass

from fairwitness.model import custody as c


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold that was placed and, once released, when and by whom. Times are the log's, in ms."""

    placed: c.HoldPlaced
    index: int
    at: int
    acknowledged: tuple[c.HoldAcknowledged, ...] = ()
    released_at: int | None = None
    released_by: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """A retention schedule that was published: in force for entries whose custody size is above `index`."""

    index: int
    at: int
    published: c.SchedulePublished


@dataclass(frozen=True, slots=True)
class Disposal:
    """A proposed disposal, with its approvals, and what was done once it was."""

    proposed: c.DisposalProposed
    index: int
    at: int
    approved: tuple[tuple[int, c.DisposalApproved], ...] = ()
    run: c.DisposalRun | None = None


@dataclass(frozen=True, slots=True)
class Kit:
    """A recovery kit: when it was made, and when it was last tried."""

    made: c.RecoveryKitMade
    at: int
    drilled_at: int | None = None
