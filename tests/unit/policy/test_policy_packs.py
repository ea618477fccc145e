"""The shipped packs pass their own examples, say what they serve, and stay quick."""

import pytest

from fairwitness.compose import shipped_policies
from fairwitness.policy import check, lint, load

POLICIES = load(shipped_policies()).policies


def test_every_example_of_the_packs_comes_out_as_it_says():
    policies, _ = check(shipped_policies())

    assert lint(policies) == ()


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_a_shipped_policy_cites_a_rule_and_has_examples_both_ways(policy):
    assert policy.cites
    assert {"en", "pt-BR", "pt-PT"} <= set(policy.languages)
    assert sum(test.must_match for test in policy.tests) >= 10
    assert sum(not test.must_match for test in policy.tests) >= 10


@pytest.fixture(scope="module")
def judge():
    return check(shipped_policies())[1]


@pytest.mark.parametrize(
    "text",
    [
        "me chama no TELEGRAM", "me chama no tеlеgrаm", "me chama no ｔｅｌｅｇｒａｍ", "me chama no 𝘁𝗲𝗹𝗲𝗴𝗿𝗮𝗺",
        "me chama no t e l e g r a m", "me chama no t.e.l.e.g.r.a.m", "me chama no telegraaaam", "me chama no t3l3gr4m",
        "me chama\nno telegram", "me chama 😉 no telegram", "me chama, no telegram", "me chama no tele\u200bgram",
        "me chama\u00a0no telegram", "me *chama* no _telegram_",
    ],
)  # fmt: skip
def test_a_disguise_does_not_help(judge, text: str):
    assert [finding.policy for finding in judge.judge(text, direction="out")] == ["finance.off-channel"]


@pytest.mark.parametrize(
    "text",
    ["don't tell compliance", "don’t tell compliance", "dont tell compliance", "DON´T tell compliance"],
)
def test_every_apostrophe_is_one(judge, text: str):
    assert [finding.policy for finding in judge.judge(text, direction="out")] == ["finance.concealment"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "bom dia!",
        "See you at ten",
        "kkkkkkkk",
        "Segue o boleto em anexo",
        "happy birthday!!! 🎂",
        "https://www.example.com/a/b",
    ],
)
def test_small_talk_is_left_alone(judge, text: str):
    assert judge.judge(text, direction="in") == judge.judge(text, direction="out") == ()
