"""Changes of a strategy: the difference, what it does to open positions, and undo."""

from sqlalchemy import Connection

from bot.desk import Desk
from bot.drafts import Draft, store_version
from bot.pages import page
from bot.replies import Reply, say
from bot.research import Study
from runtime.ledger import questions, runs, strategies
from runtime.ledger.people import Person
from strategy_dsl.difference import difference, effects
from strategy_dsl.loosening import loosened


def apply_edit(
    c: Connection,
    desk: Desk,
    person: Person,
    strategy: strategies.Strategy,
    made: Draft,
    studies: tuple[Study, Study] | None,
    *,
    confirmed: bool,
) -> Reply:
    """Stores and applies an edit; a loosening one is asked about first."""
    assert strategy.version_id is not None
    now = strategies.version(c, strategy.version_id)
    old, new = desk.compiled(now.text), made.compiled
    if new.hash == now.hash:
        return Reply("That is how the rules are already; nothing changed.")
    looser = loosened(old.strategy, new.strategy, desk.limits.paper)
    if looser and not confirmed:
        payload = {"strategy": strategy.id, "base": now.id, "text": new.text, "english": made.english}
        questions.ask(c, person.id, "loosen", {**payload, "source": made.source}, desk.clock())
        lines = difference(old.strategy, new.strategy)
        body = page("loosen", name=strategy.name, lines=lines, looser=looser, studies=_compared(studies))
        return Reply(body, say("Yes", "No"))
    made.origins["parent"] = now.number
    version = store_version(c, desk, strategy.id, made)
    return switch(c, desk, person, strategy, now, version, "Changed", studies)


def switch(
    c: Connection,
    desk: Desk,
    person: Person,
    strategy: strategies.Strategy,
    old: strategies.Version,
    new: strategies.Version,
    word: str,
    studies: tuple[Study, Study] | None = None,
) -> Reply:
    """Makes another version the current one, also of the run; what waits for an answer is taken back."""
    strategies.set_current(c, strategy.id, new.id)
    before, after = desk.compiled(old.text).strategy, desk.compiled(new.text).strategy
    run = desk.run_of(c, person, strategy)
    held: list[str] = []
    if run is not None:
        if before.trade != after.trade:
            return _other_market(c, desk, person, strategy, old, run.id)
        held = list(run.machine.positions())
        engine = desk.engine(c, person)
        engine.save(c)
        engine.withdraw(c, run.id, "the rules changed")
        runs.set_version(c, run.id, new.id)
    body = page(
        "changed",
        word=word,
        name=strategy.name,
        number=new.number,
        lines=difference(before, after),
        effects=effects(before, after, len(held)),
        studies=_compared(studies),
    )
    return Reply(body, say("Undo", "Backtest", "Rules"))


def _other_market(
    c: Connection, desk: Desk, person: Person, strategy: strategies.Strategy, old: strategies.Version, run_id: int
) -> Reply:
    """Markets and timeframe belong to a run: they change only while the strategy stands still."""
    engine = desk.engine(c, person)
    run = engine.run_of(c, run_id)
    if run.machine.positions():
        strategies.set_current(c, strategy.id, old.id)
        text = "Markets and timeframe cannot change while a position is open. Say stop first, then change it."
        return Reply(page("problem", text=text))
    engine.withdraw(c, run_id, "the rules changed")
    engine.save(c)
    runs.end(c, run_id, engine.clock(c))
    strategies.set_state(c, strategy.id, "stopped", "its markets changed", desk.clock())
    text = "The markets or the timeframe changed, so the strategy was stopped. Say <b>paper</b> to start it anew."
    return Reply(text, say("Paper", "Undo"))


def _compared(studies: tuple[Study, Study] | None) -> list[tuple[str, str, str]]:
    if studies is None:
        return []
    before, after = (each.metrics for each in studies)
    return [
        ("trades", str(before.trades.count), str(after.trades.count)),
        ("return", f"{before.total_return * 100:+.1f}%", f"{after.total_return * 100:+.1f}%"),
        ("deepest fall", f"{-before.max_drawdown.fraction * 100:.1f}%", f"{-after.max_drawdown.fraction * 100:.1f}%"),
    ]
