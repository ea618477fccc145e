"""`direction`: the message came to the firm's line (`in`) or was sent from it (`out`).

    direction: out

A message that has no direction, such as a notice of WhatsApp's own, is neither.
"""

from fairwitness.policy.document import Node, Report, Scalar
from fairwitness.policy.language import Condition, Goes, fault_at
from fairwitness.policy.terms.term import Example, Term


def read(node: Node, clause: str, report: Report) -> Condition | None:
    """`in` or `out`."""
    match node:
        case Scalar(text="in"):
            return Goes("in", clause, node.place)
        case Scalar(text="out"):
            return Goes("out", clause, node.place)
    report(fault_at(node.place, "direction is in or out.", "in: to the firm's line; out: from it."))
    return None


TERM = Term(
    name="direction",
    docs=__doc__,
    schema={"enum": ["in", "out"]},
    read=read,
    examples=(
        Example(
            "direction: out", matches=(("oi", "out"), ("", "out")), misses=(("oi", "in"), ("oi", "none"))
        ),
        Example("direction: in", matches=(("oi", "in"),), misses=(("oi", "out"),)),
    ),
)
