"""`phrases`: one of these runs of words stands in the message.

    phrases: [zap pessoal, "my own phone"]

The first and last words are whole; between words stands white space of any kind and length.
"""

from fairwitness.policy.document import Node, Report
from fairwitness.policy.language import Condition
from fairwitness.policy.terms.term import Example, Term, list_schema, read_list
from fairwitness.signals.lexicon import literal


def read(node: Node, clause: str, report: Report) -> Condition | None:
    """A list of phrases."""
    return read_list(node, clause, report, term="phrases", make=literal)


TERM = Term(
    name="phrases",
    docs=__doc__,
    schema=list_schema(),
    read=read,
    examples=(
        Example(
            'phrases: [zap pessoal, "my own phone"]',
            matches=(
                ("me chama no ZAP  pessoal", "out"),
                ("zap\n\u00a0pessoal", "in"),
                ("use my own phone, ok?", "out"),
                ("*zap pessoal*", "out"),
            ),
            misses=(("zap do pessoal", "out"), ("zap pessoalmente", "out"), ("my own phones", "in")),
        ),
    ),
)
