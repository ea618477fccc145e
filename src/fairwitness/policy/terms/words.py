"""`words`: one of these words stands in the message, whole.

    words: [garantido, garantida, signal]

Case, accents, look-alike letters and invisible characters make no difference, nor does it help to pull
a word apart or to stretch it. An entry has no white space; several words in a row are `phrases`.
"""

from fairwitness.policy.document import Node, Report
from fairwitness.policy.language import Condition
from fairwitness.policy.terms.term import Example, Term, list_schema, read_list
from fairwitness.signals.lexicon import Needle, literal
from fairwitness.signals.lexicon.needles import fault


def make(entry: str) -> Needle:
    """The word `entry`."""
    needle = literal(entry)
    if " " in needle.text:
        raise fault(f"“{entry}” is more than one word.", hint="Put it under phrases.")
    return needle


def read(node: Node, clause: str, report: Report) -> Condition | None:
    """A list of words."""
    return read_list(node, clause, report, term="words", make=make)


TERM = Term(
    name="words",
    docs=__doc__,
    schema=list_schema(r"^\s*\S+\s*$"),
    read=read,
    examples=(
        Example(
            "words: [garantido, garantida, signal]",
            matches=(
                ("É lucro GARANTIDO!", "out"),
                ("_signal_", "in"),
                ("add me on ѕіgnаl", "out"),
                ("sig\u200bnal?", "in"),
                ("s i g n a l", "in"),
                ("signaaaal", "out"),
            ),
            misses=(("signals", "out"), ("garantidos", "out"), ("s i g", "in"), ("", "in")),
        ),
    ),
)
