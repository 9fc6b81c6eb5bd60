"""One candle close after another: candles -> decisions -> risk -> approvals or intents -> ledger.

Every step happens inside the caller's transaction, so that a kill at any point leaves either the
whole step or nothing of it.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection

from runtime.brokers.paper import PaperBroker
from runtime.core.calendar import moment, zone
from runtime.core.orders import Order
from runtime.core.saved import order_data, order_from
from runtime.core.state import Decision
from runtime.events import Event, Tell
from runtime.ledger import accounts, approvals, decisions, intents, replays, runs, strategies
from runtime.ledger.people import Person
from runtime.live_run import LiveRun
from runtime.markets import Markets
from runtime.orders_desk import OrdersDesk, intent_id
from runtime.presence import TOO_OLD, Presence, is_old_price
from strategy_dsl.limits import Limits
from strategy_dsl.nodes import Ask, Halt, Pause
from strategy_dsl.timeframes import duration_ms
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
        self.markets = markets
        self.limits = limits
        self.tell = tell
        self.new_token = new_token
        profile = limits.paper
        broker = PaperBroker(profile.fee_percent / 100, Decimal("0.0005"))
        self.desk = OrdersDesk(broker, profile, self._tell)
        self._runs: dict[int, LiveRun] = {}
        self.presence = Presence(profile.stale_candles)

    def forget(self) -> None:
        """Drops what is in memory, after a transaction that did not come through."""
        self._runs.clear()
        self._today = None

    def runs(self, c: Connection) -> list[LiveRun]:
        """The active runs, loaded if need be."""
        active = runs.active(c, self.replay_id)
        for run in active:
            loaded = self._runs.get(run.id)
            if loaded is None or loaded.version.id != run.version_id:
                self._runs[run.id] = LiveRun(c, run, self.markets, self.limits.paper.fee_percent / 100)
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
        played = 0
        rows: list[decisions.Decision] = []
        while played < candles:
            run = min((each for each in live if each.next_close_ms() is not None), key=_next_close, default=None)
            if run is None:
                break
            eventful = self._candle(c, run, rows)
            played += 1
            if eventful:
                break
        if played:
            decisions.record(c, rows)
            self.save(c)
            run = next(iter(self._runs.values()))
            self._tell(c, run, "played", f"played-{self.replay_id}-{run.cursor}", self.clock(c), {})
        if not self.markets.is_live and all(each.next_close_ms() is None for each in live):
            self._ended(c)
        return played

    def save(self, c: Connection) -> None:
        """Writes down where every run and the market's clock stand."""
        live = self.runs(c)
        for run in live:
            runs.save_state(c, run.id, run.cursor, run.data())
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
        time_ms, index = int(run.times[run.next_index]), run.next_index
        close_ms = time_ms + run.length_ms
        present = {market: rows_[index] for market, rows_ in run.rows.items() if rows_[index] >= 0}
        run.begin_day(close_ms)
        eventful = self._inside(c, run, present, time_ms)
        run.next_index += 1
        self._new_day(c, run, close_ms, rows)
        account = self._account(c)
        run.machine.entries_hold = _hold(run.strategy.state, account.state) or self.presence.hold(run, close_ms)
        made, orders = run.machine.decide(present, close_ms)
        eventful |= self._breakers(c, run, account, close_ms)
        actions = self._orders(c, run, orders, close_ms)
        if run.machine.entries_hold == TOO_OLD:
            self.presence.note(made)
        rows += [_row(run, each, time_ms, actions) for each in made]
        eventful |= bool(orders) or self._alerts(c, run, made, close_ms)
        return self._due(c, run) or eventful

    def _inside(self, c: Connection, run: LiveRun, present: dict[str, int], time_ms: int) -> bool:
        happened = False
        for market, row in present.items():
            candles = run.candles[market]
            opening, high, low = float(candles.open[row]), float(candles.high[row]), float(candles.low[row])
            for order in run.machine.reached(market, opening, high, low, time_ms):
                price, at_ms = self.presence.stop_price(run, market, order.price or opening, time_ms)
                self.desk.send(c, run, order, price, at_ms, slips=order.kind != "target")
                happened = True
            run.machine.candle_over(market, row, high, low, float(candles.close[row]))
        return happened

    def _due(self, c: Connection, run: LiveRun) -> bool:
        happened = False
        for market in run.program.markets:
            coming = run.next_open(market)
            order = None if coming is None else run.machine.due(market, coming[1])
            if order is not None and coming is not None:
                self.withdraw(c, run.id, "its time was up", market)
                happened |= self.desk.send(c, run, order, *coming)
        return happened

    def _orders(self, c: Connection, run: LiveRun, orders: list[Order], close_ms: int) -> dict[tuple[str, int], str]:
        """Sends or asks about each order, sales first; returns what became of entries that were refused."""
        actions: dict[tuple[str, int], str] = {}
        waiting = self.waiting(c) if orders else []
        asked = {(each.payload["run_id"], each.payload["order"]["market"]) for each in waiting}
        for order in sorted(orders, key=lambda each: each.side == "buy"):
            coming = run.next_open(order.market)
            if coming is None:
                actions[order.market, order.rule] = "the market's data ends here"
            elif order.side == "buy" and (run.id, order.market) in asked:
                actions[order.market, order.rule] = "a question about it is open"
            elif self._must_ask(run, order):
                refused = self.desk.plan(c, run, order, coming[0], close_ms)
                if refused is None:
                    self._ask(c, run, order, coming[0], close_ms)
                else:
                    actions[order.market, order.rule] = refused
            elif not self.desk.send(c, run, order, *coming):
                actions[order.market, order.rule] = "refused by the risk gate"
        return actions

    def _must_ask(self, run: LiveRun, order: Order) -> bool:
        asked = (run.program.strategy.ask or Ask("buying")).orders
        return asked == "every order" or asked == ("buying" if order.side == "buy" else "selling")

    def _ask(self, c: Connection, run: LiveRun, order: Order, price: float, close_ms: int) -> None:
        ask = run.program.strategy.ask or Ask("buying")
        opened, token = moment(self.markets.now_ms() or close_ms), self.new_token()
        expires = opened + timedelta(milliseconds=duration_ms(ask.duration))
        identity = intent_id(run, order)
        payload = {"run_id": run.id, "price": price, "order": order_data(order), "otherwise": ask.otherwise}
        approvals.open_(
            c,
            approvals.Approval(
                token, self.person_id, identity, "order", run.version.hash, None, payload, opened, expires
            ),
        )
        data = {**payload, "token": token, "expires": expires.isoformat(), "duration": ask.duration}
        self._tell(c, run, "ask", f"ask-{identity}", opened, data)

    # answers

    def settle(self, c: Connection, token: str, answer: str, user: str) -> str:
        """One answer to a question about an order; says what became of it, in one word.

        `done`, `refused` (the gate said no now), `rejected`, `late` (settled or expired before), `no price` (none
        that is fresh), `unknown`.
        """
        found = approvals.by_token(c, token)
        if found is None or found.kind != "order":
            return "unknown"
        state = {"approve": "approved", "half": "halved", "reject": "rejected"}[answer]
        settled = approvals.settle(c, token, state, user, self.clock(c))  # type: ignore[arg-type]
        if settled is None:
            return "late"
        share = {"approved": 1.0, "halved": 0.5}.get(state, 0.0)
        return self._take(c, settled, share)

    def expire(self, c: Connection) -> int:
        """Lets questions run out, as their strategies said: all in a replay, live those whose time is up; how many."""
        waiting, end = self.waiting(c), self.clock(c)
        if waiting and not self.markets.is_live:
            end = max(end, *(each.expires_at for each in waiting))
            replays.move(c, self.replay_id, end, replays.get(c, self.replay_id).cursor)
        over = approvals.expire_due(c, end, self.person_id) if waiting else []
        for each in over:
            self._take(c, each, {"take": 1.0, "take half": 0.5}.get(each.payload["otherwise"], 0.0))
        return len(over)

    def withdraw(self, c: Connection, run_id: int | None, reason: str, market: str | None = None) -> None:
        """Takes questions back, of one run or market or of all: the rules or the mode changed under them."""
        for each in self.waiting(c):
            asked = each.payload["order"]["market"]
            if (run_id is None or each.payload["run_id"] == run_id) and market in (None, asked):
                approvals.settle(c, each.token, "withdrawn", reason, self.clock(c))
                intents.set_state(c, each.intent_id or "", "SKIPPED")

    def _take(self, c: Connection, approval: approvals.Approval, share: float) -> str:
        identity = approval.intent_id or ""
        run = next((each for each in self.runs(c) if each.id == approval.payload["run_id"]), None)
        if run is None:
            intents.set_state(c, identity, "SKIPPED")
            return "late"
        if share == 0:
            intents.set_state(c, identity, "SKIPPED")
            self._tell(
                c, run, "skipped", f"skipped-{identity}", self.clock(c), {"state": approval.state, **approval.payload}
            )
            return "rejected"
        order = order_from(approval.payload["order"])
        coming = run.next_open(order.market)
        gone = order.side == "sell" and order.market not in run.machine.state.positions
        if approval.plan_hash != run.version.hash or coming is None or gone:
            intents.set_state(c, identity, "SKIPPED")
            return "late"
        if order.side == "buy" and is_old_price(run, order.market):
            intents.set_state(c, identity, "SKIPPED")
            return "no price"
        sent = self.desk.send(c, run, order, *coming, share=share, planned=True)
        self.save(c)
        return "done" if sent else "refused"

    # commands

    def close(self, c: Connection, run: LiveRun, market: str, reason: str) -> bool:
        """Sells a whole position at the next price, at once."""
        position = run.machine.state.positions.get(market)
        coming = run.next_open(market)
        if position is None or coming is None:
            return False
        self.withdraw(c, run.id, reason, market)
        order = run.machine.sale(position, "close", run.cursor + run.length_ms, reason)
        return self.desk.send(c, run, order, *coming)

    def panic(self, c: Connection, reason: str) -> int:
        """Stops everything: no entries until resumed, questions withdrawn, positions sold. How many were sold."""
        accounts.set_state(c, self._account(c).id, "HALTED", reason, self.clock(c))
        self.withdraw(c, None, reason)
        sold = sum(
            self.close(c, run, market, reason) for run in self.runs(c) for market in list(run.machine.state.positions)
        )
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
        run.peak = max(run.peak, run.machine.state.equity())
        limits, (loss, fall) = self.limits.paper, self.desk.losses(self._runs.values())
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
        self._tell(
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
                "price": run.machine.state.marks[each.market],
            }
            self._tell(c, run, "alert", f"alert-{run.id}-{each.market}-{each.rule}-{close_ms}", moment(close_ms), data)
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
        self._tell(c, run, "day", f"day-{self.replay_id}-{over}", moment(close_ms), {"date": over.isoformat()})

    def _ended(self, c: Connection) -> None:
        replay = replays.get(c, self.replay_id)
        if replay.state != "ended" and self._runs:
            replays.set_state(c, self.replay_id, "paused")
            run = next(iter(self._runs.values()))
            self._tell(c, run, "ended", f"ended-{self.replay_id}", self.clock(c), {})

    def _account(self, c: Connection) -> accounts.Account:
        return accounts.get(c, replays.get(c, self.replay_id).account_id)

    def _tell(self, c: Connection, run: LiveRun, kind: str, key: str, at: datetime, data: Mapping[str, object]) -> None:
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


def _next_close(run: LiveRun) -> int:
    return run.next_close_ms() or 0


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
    return decisions.Decision(run.id, run.version.id, made.market, str(made.rule), time_ms, outcome, None, trace)
