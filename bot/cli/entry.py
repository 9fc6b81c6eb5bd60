"""`sayso`: finds the command, runs it, turns expected failures into one sentence and an exit code."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter

from bot.charts import ChartError
from bot.cli import (
    backtest,
    candles,
    chat,
    compile,
    demo,
    doctor,
    evaluate,
    manual,
    rules,
    serve,
    signals,
    sweep,
    version,
)
from bot.cli.command import FAILED, USAGE, CliCommand, CommandError, print_problems
from bot.evaluation.corpus import CorpusError
from bot.settings import SettingsError
from bot.trade_files import TradeFileError
from runtime.core.allocation import keep_freed_memory
from runtime.exchange_rules import ExchangeRulesError
from runtime.feeds.columns import CandleFileError
from runtime.feeds.exchange_faults import ExchangeError
from runtime.ledger.errors import LedgerError
from runtime.markets import MarketError
from strategy_dsl.diagnostics import StrategyError

COMMANDS: tuple[CliCommand, ...] = (
    chat.CHAT,
    serve.BOT,
    serve.RUN,
    demo.DEMO,
    compile.COMPILE,
    evaluate.EVALUATE,
    rules.CHECK,
    rules.FORMAT,
    rules.EXPLAIN,
    rules.DIFF,
    backtest.BACKTEST,
    sweep.SWEEP,
    signals.SIGNALS,
    candles.CANDLES,
    manual.MANUAL,
    doctor.DOCTOR,
    doctor.SETTINGS,
    version.VERSION,
)
"""One row per command."""

EXPECTED = (
    CommandError, SettingsError, CandleFileError, ExchangeError, LedgerError, MarketError, ChartError,
    TradeFileError, ExchangeRulesError, CorpusError,
)  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    """Runs one command; the exit code is 0 only if it did what was asked."""
    args = _parser().parse_args(argv)
    keep_freed_memory()
    try:
        code: int = args.run(args)
        return code
    except StrategyError as error:
        return print_problems(error, as_json=getattr(args, "json", False))
    except EXPECTED as error:
        print(f"sayso: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except KeyboardInterrupt:
        return 130


def _parser() -> ArgumentParser:
    parser = ArgumentParser("sayso", description="A trading bot that you talk to. Play money only in this version.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for each in COMMANDS:
        about = f"{each.help}\n\nexample: {each.example}"
        one = commands.add_parser(
            each.name, help=each.help, description=about, formatter_class=RawDescriptionHelpFormatter
        )
        each.arguments(one)
        one.set_defaults(run=each.run)
    return parser


__all__ = ["COMMANDS", "USAGE", "main"]
