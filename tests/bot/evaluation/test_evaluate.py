"""`sayso evaluate`: a corpus through the phrasebook and through recorded answers, scored by behaviour."""

import json

import pytest

from bot.cli.entry import main
from bot.evaluation.judgement import judged
from bot.evaluation.scoring import scored
from strategy_dsl.phrasebook.reading import Option, Question, Reading
from tests.bot.english.test_loop import BLANK
from tests.strategy_dsl.corpus import SHARED, read
from tests.strategy_dsl.phrasebook import gold

pytestmark = pytest.mark.skipif(not gold.CORPUS.exists(), reason="the corpus is not beside this checkout")
RARE = ("s080", "s114", "s178", "s190")


def one(name):
    from bot.evaluation.corpus import corpus

    return next(row for row in corpus(SHARED) if row.id == name)


@pytest.mark.parametrize("name", RARE)
def test_rare_signals_are_not_rare_on_made_candles(name):
    found = judged(read(name).rules, one(name).gold, gold.api())
    assert (found.differences, found.silent) == ((), ())


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("s080", "volume >= 4", "volume >= 5"),
        ("s114", "0.41", "0.411"),
        ("s178", "450", "452"),
        ("s190", "fisher > 0.3", "fisher > 0.4"),
        ("s181", "crosses above", "crosses below"),
        ("s098", "stop loss 5%", "stop loss 6%"),
        ("s181", "size 5% of equity", "size 9% of equity"),
    ],
)
def test_near_equal_rules_are_told_apart(name, old, new):
    rules = read(name).rules
    if old not in rules:
        pytest.fail(f"{name} has no {old}: {rules}")
    assert judged(rules.replace(old, new, 1), one(name).gold, gold.api()).differences


def test_an_answer_to_an_open_question_is_no_invention():
    row = one("s020")
    rules = (
        "trade BTC/USDT perpetual on 1h\n"
        "buy when supertrend(10, 3).direction crosses above 0\nsell when supertrend(10, 3).direction crosses below 0\n"
        "short when supertrend(10, 3).direction crosses below 0\ncover when supertrend(10, 3).direction crosses above 0\n"
        "reverse\nstop loss 3%\n"
    )
    assert judged(rules, row.gold, gold.api()).differences == (
        "BTC/USDT: stop: {'kind': 'percent', 'value': 3}, the reading has none",
    )
    assert not judged(rules, row.gold, gold.api(), answered=("stop",)).differences
    assert judged(rules, row.gold, gold.api(), answered=("exit",)).differences
    assert judged(rules.replace("(10, 3)", "(10, 2)"), row.gold, gold.api(), answered=("stop",)).differences
    closed = {**row.gold, "ask": ["market"]}
    assert judged(rules, closed, gold.api(), answered=("stop",)).differences


def test_a_level_without_a_price_on_some_candles_is_judged_on_the_others():
    row = one("s047")
    rules = (
        "trade BTC/USDT on 1h\nbuy when close > sma(close, 50) and rsi(14) crosses below 50\n"
        "take profit at swing_high(5, 5)\n"
    )
    assert not judged(rules, row.gold, gold.api()).differences
    assert judged(rules.replace("(5, 5)", "(6, 6)"), row.gold, gold.api()).differences
    assert judged(rules.replace("(5, 5)", "(900, 900)"), row.gold, gold.api()).differences
    target = {"kind": "level", "expr": "swing_high(3200)", "portion": 1.0}
    nowhere = {**row.gold, "readings": [{**row.gold["readings"][0], "targets": [target]}]}
    found = judged(rules.replace("(5, 5)", "(3200, 3200)"), nowhere, gold.api())
    assert found.differences == ("target: no candles on which it has a price",)


def test_grades():
    row = one("s181")
    right = Reading("compile", read("s181").rules)
    wrong = Reading("compile", read("s181").rules.replace("crosses above", ">"))
    which = (Option("a", wrong.rules), Option("b", right.rules))
    asked = Reading("clarify", questions=(Question("size", "which?", which),))
    chat = Reading("answer", command="smalltalk")
    unfit = Reading("clarify", questions=(Question("leverage", "how much?"),))
    grades = [scored(row, each, "", gold.api()).grade for each in (right, wrong, asked, chat, unfit)]
    assert grades == ["right", "wrong", "asked", "missed", "missed"]


def test_the_phrasebook_on_a_corpus(capsys):
    assert main(["evaluate", str(SHARED), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["all"]["open"] == 0
    assert found["kinds"]["chat"]["wrong"] == found["kinds"]["dangerous"]["wrong"] == 0
    assert len(found["texts"]) == 192


def test_prompts_go_out_and_answers_come_in(tmp_path, capsys):
    for suffix in ("", "_gold"):
        lines = (SHARED / f"dev{suffix}.jsonl").read_text("utf-8").splitlines()
        kept = [line for line in lines if json.loads(line)["id"] in ("s181", "s170")]
        (tmp_path / f"few{suffix}.jsonl").write_text("\n".join(kept), "utf-8")
    few, prompts, answers = str(tmp_path / "few.jsonl"), tmp_path / "p.jsonl", tmp_path / "a.jsonl"
    names = ["--gold-api", str(SHARED / "gold_api.py")]
    assert main(["evaluate", few, *names, "--export-prompts", str(prompts)]) == 0
    out = [json.loads(line) for line in prompts.read_text("utf-8").splitlines()]
    assert {each["id"] for each in out} == {"s181", "s170"}
    assert out[0]["tools"][0]["strict"] is True and out[0]["system"][0]["cache_control"] == {"type": "ephemeral"}

    crossing = "trade BTC/USDT on 1h\nbuy when sma(close, 10) crosses above sma(close, 50)\n"
    first = {"id": "s181", "input": BLANK | {"rules": [crossing + "sell when smaa(close, 10) > 1"]}}
    answers.write_text(json.dumps(first), "utf-8")
    capsys.readouterr()
    call = ["evaluate", few, *names, "--answers", str(answers), "--export-prompts", str(prompts), "--json"]
    assert main(call) == 0
    assert json.loads(capsys.readouterr().out)["all"]["open"] == 2
    followed = {each["id"]: each for each in map(json.loads, prompts.read_text("utf-8").splitlines())}
    assert followed["s181"]["turn"] == 1
    assert "smaa" in followed["s181"]["messages"][-1]["content"][0]["content"]

    mended = crossing + "sell when sma(close, 10) crosses below sma(close, 50)"
    asked = {"outcome": "clarify", "question": "Which market?", "question_topic": "market"}
    again = [{"id": "s181", "turn": turn, "input": BLANK | {"rules": [mended]}} for turn in (1, 2)]
    lines = [first, *again, {"id": "s170", "input": BLANK | asked}]
    answers.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    assert main(call) == 0
    texts = {each["id"]: each for each in json.loads(capsys.readouterr().out)["texts"]}
    assert texts["s170"]["grade"] == "asked"
    assert texts["s181"]["grade"] != "open"


@pytest.mark.parametrize("call", [["nowhere"], [".", "--answers", "nowhere.jsonl"]])
def test_what_is_not_there_is_a_sentence(call, capsys):
    assert main(["evaluate", *call]) == 3
    assert capsys.readouterr().err.startswith("sayso: ")
