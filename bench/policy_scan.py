"""Judging against a large lexicon: ours, and a scanner of the same terms on Python's `re`.

Everything is made from a seed: terms and messages of invented words, one message in fifty with a term in it.
`python -m bench.policy_scan` prints a table; the other benchmarks call the functions.
"""

import random
import re
import sys
import time
from collections.abc import Callable, Sequence

from fairwitness.model.custody import PolicyFile
from fairwitness.policy import Judge, compile_set, load

_ONSETS = ("b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "br", "pr", "tr", "ch", "lh")
_VOWELS = ("a", "e", "i", "o", "u", "ã", "é", "ou", "ei")
_POLICY = """id: bench.p{number}
title: Invented words {number}
severity: low
languages: [pt-BR]
cites: []
owner: bench
when:
  phrases: [{terms}]
tests:
  must_match: [{first}]
  must_not_match: [ok]
"""


def make_terms(n: int, seed: int) -> list[str]:
    """`n` different terms: three in ten a word, five two words, two three words."""
    source = random.Random(seed)
    terms: dict[str, None] = {}
    while len(terms) < n:
        length = source.choices((1, 2, 3), (3, 5, 2))[0]
        terms[" ".join(_word(source, 2 + (length == 1)) for _ in range(length))] = None
    return list(terms)


def make_files(terms: Sequence[str], *, policies: int = 30) -> list[PolicyFile]:
    """The terms as that many policies, one file each."""
    shares = [terms[number::policies] for number in range(min(policies, len(terms)))]
    return [
        PolicyFile(
            f"bench/{number}.yaml", _POLICY.format(number=number, terms=", ".join(share), first=share[0])
        )
        for number, share in enumerate(shares)
    ]


def make_messages(n: int, terms: Sequence[str], seed: int, *, hits: float = 0.02) -> list[str]:
    """`n` messages of four to sixteen words; this share of them has a term in it."""
    source = random.Random(seed)
    words = [_word(source, source.choice((1, 2, 2, 3))) for _ in range(5_000)]
    messages = []
    for _ in range(n):
        message = source.choices(words, k=source.randint(4, 16))
        if source.random() < hits:
            message.insert(source.randrange(len(message)), source.choice(terms))
        messages.append(" ".join(message).capitalize())
    return messages


def make_judge(terms: Sequence[str]) -> Judge:
    """Our judge of these terms."""
    return compile_set(load(make_files(terms)))


def make_re_scanner(terms: Sequence[str]) -> Callable[[str], str | None]:
    """The named peer: one alternation of the same terms, whole words, any case, on Python's `re`."""
    longest_first = sorted(terms, key=len, reverse=True)
    expression = re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b", re.IGNORECASE)

    def scan(text: str) -> str | None:
        found = expression.search(text)
        return found[0] if found else None

    return scan


def rate(run: Callable[[str], object], messages: Sequence[str]) -> tuple[float, int]:
    """Messages per second, and how many had something in them."""
    began = time.perf_counter()
    found = sum(bool(run(message)) for message in messages)
    return len(messages) / (time.perf_counter() - began), found


def compare(n: int, *, messages: int = 50_000, seed: int = 7) -> list[tuple[str, float, float, int]]:
    """Rows: scanner, seconds to compile, messages per second, hits in the first thousand messages."""
    terms = make_terms(n, seed)
    texts = make_messages(messages, terms, seed + 1)
    began = time.perf_counter()
    judge = make_judge(terms)
    ours_compile = time.perf_counter() - began
    began = time.perf_counter()
    scanner = make_re_scanner(terms)
    peer_compile = time.perf_counter() - began
    peer_rate, peer_found = rate(scanner, texts[:1_000])
    _, ours_found = rate(lambda text: judge.judge(text, direction="out"), texts[:1_000])
    ours_rate, _ = rate(lambda text: judge.judge(text, direction="out"), texts)
    return [
        (f"fairwitness, {n} terms", ours_compile, ours_rate, ours_found),
        (f"Python re, {n} terms", peer_compile, peer_rate, peer_found),
    ]


def _word(source: random.Random, syllables: int) -> str:
    return "".join(source.choice(_ONSETS) + source.choice(_VOWELS) for _ in range(syllables))


def main() -> int:
    """Print the table for 1,000 and 10,000 terms."""
    print(f"{'scanner':28} {'compile s':>10} {'messages/s':>12} {'found':>6}")
    for n in (1_000, 10_000):
        for name, compiled, speed, found in compare(n):
            print(f"{name:28} {compiled:10.2f} {speed:12,.0f} {found:6}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
