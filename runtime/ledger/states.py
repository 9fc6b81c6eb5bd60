"""The states that rows can be in; the database refuses any other."""

from typing import Literal, get_args

AccountState = Literal["ACTIVE", "REDUCING", "HALTED"]
StrategyState = Literal["draft", "paper", "paused", "halted", "stopped", "deleted"]
ReplayState = Literal["running", "paused", "ended"]
IntentState = Literal[
    "PLANNED", "WAITING", "SENDING", "FILLED", "PARTIAL", "UNKNOWN", "CANCELLED", "REJECTED", "SKIPPED"
]
ApprovalState = Literal["open", "approved", "halved", "rejected", "expired", "withdrawn"]
QuestionState = Literal["open", "answered", "closed"]
Side = Literal["buy", "sell"]

ACCOUNT_STATES: tuple[str, ...] = get_args(AccountState)
STRATEGY_STATES: tuple[str, ...] = get_args(StrategyState)
REPLAY_STATES: tuple[str, ...] = get_args(ReplayState)
INTENT_STATES: tuple[IntentState, ...] = get_args(IntentState)
APPROVAL_STATES: tuple[str, ...] = get_args(ApprovalState)
QUESTION_STATES: tuple[str, ...] = get_args(QuestionState)
SIDES: tuple[str, ...] = get_args(Side)
