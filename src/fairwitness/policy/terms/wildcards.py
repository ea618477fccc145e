"""`wildcards`: words or phrases in which `*` is any number of letters, digits and marks.

    wildcards: ["garanti*", "*telegra*", "retorno* fix*"]

A `*` never reaches over white space or punctuation. Beside it an entry has at least two letters.
"""

from fairwitness.policy.document import Node, Report
from fairwitness.policy.language import Condition
from fairwitness.policy.terms.term import Example, Term, list_schema, read_list
from fairwitness.signals.lexicon import wildcard


def read(node: Node, clause: str, report: Report) -> Condition | None:
    """A list of words or phrases with `*` in them."""
    return read_list(node, clause, report, term="wildcards", make=wildcard)


TERM = Term(
    name="wildcards",
    docs=__doc__,
    schema=list_schema(r"\*"),
    read=read,
    examples=(
        Example(
            'wildcards: ["garanti*", "*telegra*", "retorno* fix*"]',
            matches=(
                ("Eu garantía isso", "out"),
                ("garanti", "out"),
                ("meutelegram", "in"),
                ("retornos fixos", "out"),
                ("RETORNO FIXO", "out"),
            ),
            misses=(
                ("desgaranti", "out"),
                ("retorno, fixo", "out"),
                ("retorno nao fixo", "out"),
                ("tele grama", "in"),
            ),
        ),
    ),
)
