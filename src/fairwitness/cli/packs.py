"""The shipped policies, ready to judge, without opening a deployment."""

from fairwitness.compose import shipped_policies
from fairwitness.errors import Misconfigured
from fairwitness.policy import Judge, PolicySet, compile_set, load


def shipped_judge(language: str = "") -> Judge:
    """A judge of every shipped policy, or of those written for `language`."""
    shipped = load(shipped_policies())
    if not language:
        return compile_set(shipped)
    wanted = language.replace("_", "-").lower()
    fitting = tuple(
        policy for policy in shipped.policies if any(_speaks(tag.lower(), wanted) for tag in policy.languages)
    )
    if not fitting:
        known = sorted({tag for policy in shipped.policies for tag in policy.languages})
        raise Misconfigured(
            f"no shipped policy is written for {language!r}.", setting="--language",
            hint=f"There are {', '.join(known)}.",
        )  # fmt: skip
    return compile_set(PolicySet(shipped.plan, fitting))


def _speaks(tag: str, wanted: str) -> bool:
    """`pt` means every Portuguese, `pt-BR` that one and policies for any Portuguese."""
    return tag == wanted or tag.startswith(f"{wanted}-") or wanted.startswith(f"{tag}-")
