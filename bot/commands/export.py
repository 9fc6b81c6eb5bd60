"""`export`."""

import csv
import io

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import words
from bot.replies import Act, Reply, say
from bot.trades import Trade, trades_of_person
from runtime.atomic_files import replacing
from runtime.ledger import strategies

COLUMNS = (
    "strategy", "market", "side", "opened", "entry_price", "quantity", "closed", "exit_price", "exit_reason", "fees",
    "result",
)  # fmt: skip


@command("/export", "download", "export trades", "export my trades", "csv")
async def export(request: Request, desk: Desk) -> Act:
    """All your trades as a CSV file and all your rules as a text file."""

    def act(c: Connection) -> Reply:
        found = trades_of_person(c, request.person.id)
        mine = strategies.listing(c, request.person.id)
        folder = desk.settings.data_dir / "exports"
        stamp = f"{desk.clock():%Y%m%d-%H%M%S}"
        table, rules = folder / f"trades-{stamp}.csv", folder / f"rules-{stamp}.say.txt"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for path, text in ((table, _table(found)), (rules, _rules(c, mine))):
                with replacing(path) as temporary:
                    temporary.write_text(text, "utf-8")
        except OSError:
            return Reply(words("The files could not be written: is the disk full?"))
        text = "<b>{trades}</b> and the rules of {mine}, as files."
        second = Reply(
            words("The rules, as <b>sayso check</b> and <b>sayso backtest</b> read them."), document=str(rules)
        )
        return Reply(
            words(text, trades=_count(len(found), "trade"), mine=_count(len(mine), "strategy")),
            say("Trades"),
            document=str(table),
            more=(second,),
        )

    return act


def _count(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else noun.removesuffix('y') + 'ies' if noun.endswith('y') else noun + 's'}"


def _table(found: list[tuple[str, Trade]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, trade in found:
        last = trade.sales[-1] if trade.sales else None
        closed = ("", "", "open") if last is None else (last.at.isoformat(), last.price, last.kind)
        side, entered = (
            "long" if trade.side > 0 else "short",
            (trade.opened_at.isoformat(), trade.price, trade.quantity),
        )
        writer.writerow([name, trade.market, side, *entered, *closed, trade.fees, trade.result])
    return out.getvalue()


def _rules(c: Connection, mine: list[strategies.Strategy]) -> str:
    texts = [
        f"# {each.name}, version {each.version}\n{strategies.version(c, each.version_id).text.rstrip()}\n"
        for each in mine
        if each.version_id is not None
    ]
    return "\n\n".join(texts)
