"""The readback in another language: whole sentences or none, every number kept, English where there is no template."""

import json
import re

import pytest

from bot.languages import FOLDER, LANGUAGES, language, speaking, spoken, spoken_origin
from bot.settings import SettingsError, load_settings
from strategy_dsl.compiler import compile_rules
from strategy_dsl.readback import readback
from tests.parts import Talk, desk_at
from tests.strategy_dsl.corpus import IDS, WIDE, read

OTHERS = [name for name in LANGUAGES if name != "english"]
NUMBER = re.compile(r"\d[\d,.:]*\d|\d")
RULES = (
    "trade BTC/USDT and ETH/USDT on 4h\nbuy when rsi(14) crosses below 30 and close > ema(close, 200)\n"
    "sell when rsi(14) > 60\nstop loss 2 * atr(14)\ntake profit 6%\ntrailing stop 2% after 3%\nexit after 48h\n"
)


@pytest.mark.parametrize("name", OTHERS)
def test_no_sentence_loses_or_gains_a_number(name):
    translated = 0
    for each in IDS:
        for sentence in readback(compile_rules(read(each).rules, WIDE).strategy, lambda *_: True):
            other = language(name).said(sentence.text)
            if other is not None:
                translated += 1
                assert sorted(NUMBER.findall(other)) == sorted(NUMBER.findall(sentence.text)), (sentence.text, other)
    assert translated > 500


@pytest.mark.parametrize("name", OTHERS)
def test_every_template_names_the_same_slots(name):
    data = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    for english, other in (data["sentences"] | data["phrases"]).items():
        assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", other)), english


def test_a_sentence_is_translated_whole_or_not_at_all():
    with speaking("german"):
        assert spoken("Buy when the 14-bar RSI crosses below 30.") == (
            "Kaufe, wenn 14-Kerzen-RSI von oben durch 30 fällt."
        )
        strange = "Buy when the 14-bar RSI crosses below the moon."
        assert spoken(strange) == strange
        assert spoken_origin("you said 30; assumed 14") == "von dir 30; angenommen 14"
    assert spoken("Entries are market orders.") == "Entries are market orders."


async def test_the_readback_of_a_chat_is_in_the_language_of_the_settings(tmp_path):
    with desk_at(tmp_path, language="german") as found:
        shown = " ".join((await Talk(found).say(RULES)).split())
    for sentence in (
        "Handle BTC/USDT und ETH/USDT, nur long; entschieden wird beim Schluss jeder 4-Stunden-Kerze.",
        "Kaufe, wenn 14-Kerzen-RSI von oben durch 30 fällt und Schlusskurs über 200-Kerzen-EMA (Schlusskurs) liegt.",
        "Stop-Loss: verkaufe alles 2 × 14-Kerzen-ATR unter dem Einstiegspreis.",
        "Verkaufe nach 48 Stunden, wie es auch steht.",
        "Frage vor jedem Kauf; nach 5 Minuten ohne Antwort entfällt die Order. Stops warten nie.",
    ):
        assert sentence in shown


def test_an_unknown_language_is_refused_in_a_sentence():
    with pytest.raises(SettingsError, match="there is no language klingon"):
        load_settings(language="klingon", _env_file=None)
