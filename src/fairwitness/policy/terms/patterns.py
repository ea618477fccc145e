r"""`patterns`: one of these regular expressions is found in the message.

    patterns: ['\b(meu|minha) \S+ pessoal\b', '\d{5}-?\d{4}']

Patterns meet the text in small letters without accents, with single spaces. Put them in
single quotation marks, so that YAML leaves `\` alone. Look-around, back-references and other
things that can make a search hang are refused.
"""

from fairwitness.policy.document import Node, Report
from fairwitness.policy.language import Condition
from fairwitness.policy.terms.term import Example, Term, list_schema, read_list
from fairwitness.signals.lexicon import pattern


def read(node: Node, clause: str, report: Report) -> Condition | None:
    """A list of regular expressions."""
    return read_list(node, clause, report, term="patterns", make=pattern)


TERM = Term(
    name="patterns",
    docs=__doc__,
    schema=list_schema(),
    read=read,
    examples=(
        Example(
            r"patterns: ['\b(meu|minha) \S+ pessoal\b', '\d{5}-?\d{4}']",
            matches=(("Meu número pessoal", "out"), ("liga 99876-1234", "in"), ("ＭＥＵ zap pessoal", "out")),
            misses=(("meu pessoal", "out"), ("9987-1234", "in"), ("romeu zap pessoal", "out")),
        ),
    ),
)
