"""`near` measures in words, says which words it found and refuses what it cannot read."""

import random
from itertools import product

import pytest
from tests.unit.policy.test_policy_terms import judge_of

from fairwitness.errors import PolicyErrors


def delete(within: int, ordered: str, more: str = "") -> str:
    return f"near: {{of: [{{words: [delete, erase]}}, {{words: [chat, this]}}], within: {within}, ordered: {ordered}{more}}}"


def spans(when: str, text: str) -> list[str]:
    found = judge_of(when).judge(text, direction="out")
    return [text[span.start : span.end] for finding in found for step in finding.steps for span in step.spans]


@pytest.mark.parametrize(("within", "held"), [(0, False), (1, False), (2, True), (50, True)])
def test_so_many_words_may_stand_between(within: int, held: bool):
    assert bool(spans(delete(within, "true"), "delete the whole chat")) is held


def test_either_may_come_first_unless_order_is_asked_for():
    assert spans(delete(2, "false"), "this: delete!") == ["this: delete"]
    assert spans(delete(2, "true"), "this: delete!") == []


def test_each_pair_has_its_place_in_the_text_as_it_was_written():
    text = "\u200bDÉLETE   thıs, and erase\n🙏 the ćhat \U0001f44d"

    assert spans(delete(2, "true"), text) == ["DÉLETE   thıs", "erase\n🙏 the ćhat"]


def test_a_word_before_or_inside_excuses_the_pair_and_no_other():
    when = delete(3, "true", ", unless: {words: [not]}")

    assert spans(when, "do not delete this") == []
    assert spans(when, "delete but not this") == []
    assert spans(when, "why not? well, all right then: delete this") == ["delete this"]
    assert spans(when, "do not delete this. later you may well erase this") == ["erase this"]


def test_the_steps_and_the_sentence_name_what_was_near():
    when = "all: [{direction: out}, {" + delete(3, "true") + "}]"
    (finding,) = judge_of(when).judge("please erase our chat", direction="out")

    assert finding.sentence == "The message was flagged because it says “erase” near “chat”; it was sent."
    assert [(step.clause, step.term, step.matched) for step in finding.steps][1] == (
        "when.all[1].near", "near: within 3 words, in this order", "erase our chat",
    )  # fmt: skip


def test_a_part_alone_is_nothing_and_not_near_holds_then():
    judge = judge_of("all: [{words: [chat]}, {not: {" + delete(1, "true") + "}}]")

    assert judge.judge("the chat", direction="out")
    assert not judge.judge("delete the chat", direction="out")


@pytest.mark.parametrize(
    "wrong",
    [
        "near: [a, b]",
        "near: {of: [{words: [a]}, {words: [b]}]}",
        "near: {of: [{words: [a]}], within: 2}",
        "near: {of: [{words: [a]}, {words: [b]}], within: 51}",
        "near: {of: [{words: [a]}, {words: [b]}], within: -1}",
        "near: {of: [{words: [a]}, {words: [b]}], within: 2, ordered: maybe}",
        "near: {of: [{words: [a]}, {direction: out}], within: 2}",
        "near: {of: [{words: [a]}, {}], within: 2}",
        "near: {of: [{words: [a]}, {words: []}], within: 2}",
        "near: {of: [{words: [a]}, {words: [b]}], within: 2, unless: [c]}",
        "near: {of: [{words: [a]}, {words: [b]}], within: 2, also: 1}",
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(wrong: str):
    with pytest.raises(PolicyErrors) as refused:
        judge_of(wrong)
    assert "x.yaml:8" in refused.value.diagnosis()


@pytest.mark.parametrize("ordered", ["true", "false"])
def test_it_agrees_with_a_slow_reading(ordered: str):
    source = random.Random(ordered)
    judge = judge_of(delete(2, ordered))
    for _ in range(300):
        words = source.choices(["delete", "erase", "chat", "this", "x", "yy"], k=source.randint(1, 9))
        places = range(len(words))
        near = any(
            words[a] in ("delete", "erase") and words[b] in ("chat", "this") and 0 < abs(b - a) <= 3
            and (ordered == "false" or b > a)
            for a, b in product(places, places)
        )  # fmt: skip

        assert bool(judge.judge(" ".join(words), direction="out")) is near, words


def test_a_hostile_text_costs_no_more_than_its_length():
    judge = judge_of(delete(2, "false", ", unless: {words: [not]}"))

    assert judge.judge("delete x y z this x y z " * 20_000, direction="out") == ()
