"""One candle close after another: candles -> decisions -> risk -> approvals or intents -> ledger.

Every step happens inside the caller's transaction, so that a kill at any point leaves either the
whole step or nothing of it.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection

from runtime.brokers.paper import PaperBroker
from runtime.core.calendar import DAY_MS, moment, zone
from runtime.core.machine.machine import Decision
from runtime.events import Event, Tell
from runtime.ledger import accounts, approvals, decisions, replays, runs, strategies
from runtime.ledger.people import Person
from runtime.live_run import LiveRun
from runtime.markets import Markets
from runtime.near_miss import distance_of
from runtime.order_routing import Routing
from runtime.orders_desk import OrdersDesk, losses
from runtime.presence import TOO_OLD, Presence
from runtime.run_columns import RunColumns
from runtime.watches import Watching, watches
from strategy_dsl.limits import Limits
from strategy_dsl.nodes import Halt, Pause
from strategy_dsl.words import claim as words_of

NewToken = Callable[[], str]


class Engine:
    """Runs every strategy of one account on one running market."""

    def __init__(
        self, replay_id: int, person: Person, markets: Markets, limits: Limits, tell: Tell, new_token: NewToken
    ) -> None:
        self.replay_id = replay_id
        self.person_id = person.id
        self.zone = zone(person.zone)
        self._today: date | None = None
        self._account_id: int | None = None
        self.markets = markets
        self.limits = limits
        self.tell = tell
        self.new_token = new_token
        profile = limits.paper
        broker = PaperBroker(profile.fee_percent / 100, Decimal("0.0005"))
        self.desk = OrdersDesk(broker, profile, self.say)
        self._runs: dict[int, LiveRun] = {}
        self._columns = RunColumns()
        self._watching: Watching | None = None
        self.presence = Presence(profile.stale_candles)
        self.routing = Routing(self)

    def forget(self) -> None:
        """Drops what is in memory, after a transaction that did not come through."""
        self._runs.clear()
        self._today = self._account_id = None
        self._watching = None

    def runs(self, c: Connection) -> list[LiveRun]:
        """The active runs, loaded if need be."""
        active = runs.active(c, self.replay_id)
        for run in active:
            version = self._runs[run.id].version.id if run.id in self._runs else None
            if version != run.version_id:
                # what the old rules read is let go of first
                self._runs.pop(run.id, None)
                fee = self.limits.paper.fee_percent / 100
                self._runs[run.id] = LiveRun(c, run, self.markets, fee, self._columns)
        self._runs = {run.id: self._runs[run.id] for run in active}
        return list(self._runs.values())

    def run_of(self, c: Connection, run_id: int) -> LiveRun:
        """One active run; LookupError if it has ended."""
        return next(each for each in [*self.runs(c), None] if each is None or each.id == run_id) or _ended(run_id)

    def waiting(self, c: Connection) -> list[approvals.Approval]:
        """Questions about orders that the market waits for."""
        running = {run.id for run in runs.active(c, self.replay_id)}
        asked = [each for each in approvals.open_ones(c, self.person_id) if each.kind == "order"]
        return [each for each in asked if each.payload["run_id"] in running]

    def advance(self, c: Connection, candles: int) -> int:
        """Plays at most `candles` candle closes, in a replay up to a question; returns how many were played."""
        if not self.markets.is_live and self.waiting(c):
            return 0
        live = self.runs(c)
        for each in live:
            each.grow()
            each.worth = each.machine.equity()
        played = 0
        rows: list[decisions.Decision] = []
        coming = {each: close for each in live if (close := each.next_close_ms()) is not None}
        while coming and played < candles:
            run = min(coming, key=coming.__getitem__)
            eventful = self._candle(c, run, rows)
            played += 1
            if eventful:
                break
            if (close := run.next_close_ms()) is None:
                del coming[run]
            else:
                coming[run] = close
        if played:
            decisions.record(c, rows)
            self.save(c)
            run = next(iter(self._runs.values()))
            self.say(c, run, "played", f"played-{self.replay_id}-{run.cursor}", self.clock(c), {})
        if not self.markets.is_live and all(each.next_close_ms() is None for each in live):
            self._ended(c)
        return played

    def save(self, c: Connection) -> None:
        """Writes down where every run that has moved and the market's clock stand."""
        live = self.runs(c)
        runs.save_states(c, [(run.id, *state) for run in live if (state := run.to_save()) is not None])
        if live:
            latest = max(run.cursor + run.length_ms for run in live)
            was = replays.get(c, self.replay_id)
            # a question that ran out may have set the clock ahead of the last candle
            replays.move(c, self.replay_id, max(was.clock or moment(latest), moment(latest)), max(was.cursor, latest))

    def clock(self, c: Connection) -> datetime:
        """The market's own time."""
        now = self.markets.now_ms()
        return moment(now) if now else replays.get(c, self.replay_id).clock or moment(self.markets.start_ms)

    # one candle

    def _candle(self, c: Connection, run: LiveRun, rows: list[decisions.Decision]) -> bool:
        """Plays one candle of one run; whether anything happened that a person should see at once."""
        time_ms = int(run.times[run.next_index])
        close_ms = time_ms + run.length_ms
        for each in self._runs.values():
            # one day for all of them: the losses of a day are summed
            each.begin_day(close_ms)
        eventful = run.is_new and self._open(c, run)[0] > 0
        run.is_new = False
        eventful |= self._inside(c, run, time_ms)
        run.next_index += 1
        self._new_day(c, run, close_ms, rows)
        account = self._account(c)
        hold = _hold(run.strategy.state, account.state) or self.presence.hold(run, close_ms)
        run.machine.hold_entries(hold)
        made = run.machine.close(run.next_index - 1)
        run.worth = run.machine.equity()
        eventful |= self._breakers(c, run, account, close_ms)
        orders, refused = self._open(c, run)
        if hold == TOO_OLD:
            self.presence.note(made)
        rows += [_row(run, each, time_ms, refused) for each in made]
        eventful |= self._watched(c, run, close_ms)
        return self._alerts(c, run, made, close_ms) or eventful or orders > 0

    def _open(self, c: Connection, run: LiveRun) -> tuple[int, dict[tuple[str, int], str]]:
        """Does at the coming opening what was decided; how many orders there were, and why entries were refused."""
        machine, coming = run.machine, {market: run.next_open(market) for market in run.program.markets}
        here = {market: each for market, each in coming.items() if each is not None}
        if not here:
            left = [*machine.planned_exits(), *machine.waiting_entries()]
            return len(left), dict.fromkeys(left, "the market's data ends here")
        route = self.routing.at_open(c, run, {market: at_ms for market, (_, at_ms) in here.items()})
        booked = machine.open(run.next_index, {market: price for market, (price, _) in here.items()}, route.send)
        for each in booked:
            self.desk.told(c, run, each, here[each.order.market][1])
        for market, number in machine.scheduled_alerts():
            self._scheduled_alert(c, run, market, number)
        self.routing.ask_waiting(c, run)
        return route.orders, route.refused

    def _inside(self, c: Connection, run: LiveRun, time_ms: int) -> bool:
        route = self.routing.inside(c, run, time_ms)
        for each in run.machine.inside(run.next_index, route.send):
            self.desk.told(c, run, each, route.times[each.order.market, each.order.leg])
        return route.orders > 0

    def _scheduled_alert(self, c: Connection, run: LiveRun, market: str, number: int) -> None:
        schedule, at = run.program.strategy.schedules[number], moment(run.cursor + run.length_ms)
        shown = market or run.program.markets[0]
        data = {"text": schedule.text, "claim": "it is time", "market": shown, "price": run.machine.mark(shown)}
        self.say(c, run, "alert", f"alert-{run.id}-{market}-every{number}-{run.cursor}", at, data)

    # answers

    def settle(self, c: Connection, token: str, answer: str, user: str) -> str:
        """One answer to a question about an order; says what became of it, in one word.

        `done`, `refused` (the gate said no now), `rejected`, `late` (settled or expired before), `no price` (none
        that is fresh), `unknown`.
        """
        found = approvals.by_token(c, token)
        if found is None or found.kind != "order" or found.person_id != self.person_id:
            return "unknown"
        state = {"approve": "approved", "half": "halved", "reject": "rejected"}[answer]
        settled = approvals.settle(c, token, state, user, self.clock(c))  # type: ignore[arg-type]
        if settled is None:
            return "late"
        self.routing.told(c, settled)
        return self.routing.take(c, settled, {"approved": 1.0, "halved": 0.5}.get(state, 0.0))

    def expire(self, c: Connection) -> int:
        """Lets questions run out, as their strategies said: all in a replay, live those whose time is up; how many."""
        return self.routing.expire(c)

    def withdraw(
        self, c: Connection, run_id: int | None, reason: str, market: str | None = None, opens: bool | None = None
    ) -> None:
        """Takes questions back, of one run or market or of all: the rules or the mode changed under them."""
        self.routing.withdraw(c, run_id, reason, market, opens)

    # commands

    def close(self, c: Connection, run: LiveRun, market: str, reason: str) -> bool:
        """Sells a whole position at the next price, at once."""
        coming = run.next_open(market)
        if market not in run.machine.positions() or coming is None:
            return False
        self.withdraw(c, run.id, reason, market)
        route = self.routing.at_open(c, run, {market: coming[1]})
        booked = run.machine.sell(market, reason, *coming, route.send)
        for each in booked:
            self.desk.told(c, run, each, coming[1])
        return bool(booked)

    def can_move_stop(self, run: LiveRun) -> bool:
        """Whether positions of a run have one stop, and not one for each of their entries."""
        stop = run.program.strategy.stop
        return stop is None or stop.reference != "each entry"

    def move_stop(self, c: Connection, run: LiveRun, market: str, price: float) -> bool:
        """Puts the stop of an open position at a price, for as long as it is open; whether there was one."""
        if market not in run.machine.positions():
            return False
        run.machine.move_stop(market, price)
        self.save(c)
        return True

    def panic(self, c: Connection, reason: str) -> int:
        """Stops everything: no entries until resumed, questions withdrawn, positions sold. How many were sold."""
        accounts.set_state(c, self._account(c).id, "HALTED", reason, self.clock(c))
        self.withdraw(c, None, reason)
        sold = sum(self.close(c, run, market, reason) for run in self.runs(c) for market in run.machine.positions())
        self.save(c)
        return sold

    def resume(self, c: Connection) -> None:
        """A person lets a halted account trade again; losses count anew from here."""
        for run in self.runs(c):
            run.accept_losses()
        accounts.set_state(c, self._account(c).id, "ACTIVE", "", self.clock(c))
        self.save(c)

    # breakers, days, ends

    def _breakers(self, c: Connection, run: LiveRun, account: accounts.Account, close_ms: int) -> bool:
        """Daily loss and drawdown; sticky until a person resumes."""
        live = list(self._runs.values())
        worth = [each.worth for each in live]
        if sum(worth) > sum(each.peak for each in live):
            for each, now in zip(live, worth, strict=True):
                each.peak = now
        limits, (loss, fall) = self.limits.paper, losses(live, worth)
        state, reason = account.state, ""
        if fall >= limits.drawdown_percent:
            state, reason = (
                "HALTED",
                f"equity fell {fall:.1f}% from its highest; the limit is {limits.drawdown_percent}%",
            )
        elif loss >= limits.daily_halt_percent:
            state, reason = "HALTED", f"the day lost {loss:.1f}%; the limit is {limits.daily_halt_percent}%"
        elif loss >= limits.daily_loss_percent and account.state == "ACTIVE":
            state, reason = "REDUCING", f"the day lost {loss:.1f}%; new entries stop at {limits.daily_loss_percent}%"
        if state == account.state:
            return False
        accounts.set_state(c, account.id, state, reason, moment(close_ms))
        self.say(
            c, run, "halted", f"halted-{account.id}-{close_ms}", moment(close_ms), {"state": state, "reason": reason}
        )
        return True

    def _alerts(self, c: Connection, run: LiveRun, made: list[Decision], close_ms: int) -> bool:
        raised = [each for each in made if each.action in ("alert", "pause", "halt", "halt and close")]
        for each in raised:
            text, claim = _told(run, each)
            if each.action.startswith("halt"):
                strategies.set_state(c, run.strategy.id, "paused", "halted by its own rule", moment(close_ms))
                run.strategy = strategies.get(c, run.strategy.id)
                self.withdraw(c, run.id, "halted by its own rule")
            data = {
                "text": text,
                "claim": claim,
                "market": each.market,
                "price": run.machine.mark(each.market),
            }
            self.say(c, run, "alert", f"alert-{run.id}-{each.market}-{each.rule}-{close_ms}", moment(close_ms), data)
        return bool(raised)

    def _watched(self, c: Connection, run: LiveRun, close_ms: int) -> bool:
        """Tells what the person wanted to be told about the account."""
        if self._watching is None:
            self._watching = Watching(self.person_id, watches(c, self.person_id))
        if not self._watching.asked:
            return False
        raised = self._watching.look(c, list(self._runs.values()), close_ms)
        for each in raised:
            self.say(c, run, "watch", each.key, moment(close_ms), {"raised": each})
        return bool(raised)

    def _new_day(self, c: Connection, run: LiveRun, close_ms: int, rows: list[decisions.Decision]) -> None:
        """Tells that a local day of the person is over; what has been told is remembered by the ledger."""
        today = moment(close_ms).astimezone(self.zone).date()
        if self._today is None:
            # the last candle's end: a question that ran out may have set the clock past midnight
            played = replays.get(c, self.replay_id).cursor
            self._today = (moment(played) if played else self.clock(c)).astimezone(self.zone).date()
        if today <= self._today:
            return
        over, self._today = self._today, today
        decisions.record(c, rows)
        rows.clear()
        for each in self._runs.values():
            decisions.forget_quiet(c, each.id, close_ms - decisions.KEPT_DAYS * DAY_MS)
        if not self.markets.is_live:
            # of the present, the person's own clock says when a day is over
            self.say(c, run, "day", f"day-{self.replay_id}-{over}", moment(close_ms), {"date": over.isoformat()})

    def _ended(self, c: Connection) -> None:
        replay = replays.get(c, self.replay_id)
        if replay.state != "ended" and self._runs:
            replays.set_state(c, self.replay_id, "paused")
            run = next(iter(self._runs.values()))
            self.say(c, run, "ended", f"ended-{self.replay_id}", self.clock(c), {})

    def _account(self, c: Connection) -> accounts.Account:
        if self._account_id is None:
            self._account_id = replays.get(c, self.replay_id).account_id
        return accounts.get(c, self._account_id)

    def say(self, c: Connection, run: LiveRun, kind: str, key: str, at: datetime, data: Mapping[str, object]) -> None:
        """Tells people what happened to a run; `key` says which event it is, so that none is told twice."""
        event = Event(kind, key, self.person_id, run.strategy.id, at, {**data, "strategy": run.strategy.name})  # type: ignore[arg-type]
        self.tell(c, event)


def _told(run: LiveRun, made: Decision) -> tuple[str, str]:
    """The headline and the condition of an alert, a pause or a halt."""
    program = run.program
    plans = program.rules()
    if made.rule <= len(plans):
        rule = next(each for each in plans if each.number == made.rule)
        return rule.name or "", rule.claim
    breakers: tuple[Pause | Halt, ...] = (*program.strategy.pauses, *program.strategy.halts)
    breaker = breakers[made.rule - len(plans) - 1]
    headline = "No new entries for a while" if isinstance(breaker, Pause) else "Halted until you say resume"
    return headline, words_of(breaker.condition)


def _ended(run_id: int) -> LiveRun:
    raise LookupError(f"run {run_id} has ended")


def _hold(strategy_state: str, account_state: str) -> str:
    """Why no entry may be taken now, in the words of the log."""
    if account_state != "ACTIVE":
        return f"the account is {account_state.lower()}"
    return "" if strategy_state == "paper" else f"the strategy is {strategy_state}"


def _row(run: LiveRun, made: Decision, time_ms: int, actions: dict[tuple[str, int], str]) -> decisions.Decision:
    outcome = {1.0: "true", 0.0: "false"}.get(made.held, "unknown")
    action = (
        actions.get((made.market, made.rule), made.action) if made.action in ("enter", "exit", "part") else made.action
    )
    trace = {"action": action, "readings": made.readings}
    distance = distance_of(made.held, made.readings, run.leaves.get(made.rule, ()))
    return decisions.Decision(run.id, run.version.id, made.market, str(made.rule), time_ms, outcome, distance, trace)
