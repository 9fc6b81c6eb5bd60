"""A comment of the model behind the day's summary: marked, once, and without a number or a word it may not use."""

from pathlib import Path

import pytest

from bot.comments import problem_of
from tests.emulators.messages_api import MessagesApi, calls_tool, error
from tests.parts import Talk, desk_at

BUY = "buy $500 of BTC when RSI drops below 40 on the hourly chart, sell above 60, stop 3%, without asking"
SUMMARY = "Worth <b>9,983.77</b>, -16.23 (-0.2%) on the day\nfees 0.98\n1 bought, 1 closed; 500 × 2.50"


@pytest.mark.parametrize(
    "text",
    [
        "The only trade ended at its stop, which is the whole loss of -16.23.",
        "Worth 9983.77 after a loss of 0.2% and fees of 0.98.",
        "The day cost 2.5 and 500.",
    ],
)
def test_what_may_be_said(text: str) -> None:
    assert problem_of(text, SUMMARY) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x" * 400,
        "The loss was 16.24.",
        "Worth 9.983,77 now.",
        "The two trades lost.",
        "Half of it came back.",
        "The loss doubled.",
        "You should widen the stop.",
        "It will likely recover.",
        "Consider a wider stop.",
        "Fees were 98 cents.",
        "Sell BTC today.",
        "A quiet day. Buy the dip, it will pay off.",
        "Bitcoin must go up.",
        "Go all in.",
    ],
)
def test_what_may_not(text: str) -> None:
    assert problem_of(text, SUMMARY)


async def commented(folder: Path, *scripted: object, **settings: object) -> tuple[str, int, bool]:
    """What a day's end shows with a model behind it, its requests, and whether a second look told anything."""
    with (
        MessagesApi(*scripted) as api,  # type: ignore[arg-type]
        desk_at(folder, ANTHROPIC_API_KEY="sk-canary-secret", ANTHROPIC_BASE_URL=api.url, **settings) as desk,
    ):
        talk = Talk(desk, 200)
        # rules, so that the model is asked for the comment and nothing else
        await talk.say("trade BTC/USDT on 1h\nbuy when rsi(14) crosses below 40\nstop loss 3%\nask never", "paper")
        await talk.say(*["skip"] * 4)
        first = await talk.chat.commentator.comment(talk.chat.person)
        again = await talk.chat.commentator.comment(talk.chat.person)
        talk.chat.show()
        await talk.chat.conversation.reader.close()
        assert "Summary of 2024-12-31" in talk.text()
        assert "sk-canary-secret" not in talk.text()
        assert first == ("Comment by the model" in talk.text())
        return talk.text(), len(api.requests), again


def says(text: str) -> object:
    return calls_tool({"text": text}, name="comment")


async def test_a_comment_comes_once_and_is_marked(tmp_path: Path) -> None:
    text, asked, again = await commented(tmp_path, says("The stop ended <b>the</b> trade."), model_comments=True)
    assert "Comment by the model, not part of the figures: The stop ended <b>the</b> trade." in text
    assert asked == 1 and not again


@pytest.mark.parametrize("answer", [says("It fell by 77.77."), says("You should stop."), error(500, "api_error")])
async def test_a_comment_that_may_not_be_shown_is_none(tmp_path: Path, answer: object) -> None:
    text, asked, again = await commented(tmp_path, answer, answer, answer, model_comments=True)
    assert "Comment" not in text and asked >= 1 and not again


async def test_without_the_setting_nothing_is_asked(tmp_path: Path) -> None:
    text, asked, _ = await commented(tmp_path)
    assert "Comment" not in text and asked == 0
