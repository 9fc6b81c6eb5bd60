"""The slow, obvious reference interpreter of the strategy language, written from LANGUAGE.md alone.

Where the rules of "Meaning" are:

1  decided at closes of closed candles: `closes.decide`; calendar of the opening: `views.calendar`, `snapshots`;
   windows, `exit at` and schedules by the clock: `clock`, `gates`, `schedules`, `machine.Run.time_is_up`
2  higher timeframes: `views.longer_view`, `values.World.compute`
3  crossings: `values.World.condition`
4  unknown values: `kleene`, `values`, `functions`; a rule acts only on true: `closes`
5  market orders at the next open with slippage, fees always: `orders.at_open`, `account`
6  stops and targets inside candles: `inside`, `levels`
7  halts and pauses, exits, then entries; portions, slots, several true rules: `closes`, `gates`, `machine.Run.no_slot`
8  one stop and one list of targets, read on the deciding candle, laid from the first fill: `levels.Reader`, `inside`
9  `risk 1%`: `sizes.entry_size`, `levels.Reader.risk`
10 equity: `account.Account.equity`
11 one decision a rule, market and candle: `closes.note` (without the values that settled it)
12 the same again gives the same: nothing here knows a clock or chance
13 UTC inside, zones where written: `clock`, `views.local`

What LANGUAGE.md leaves open is decided in DECISIONS.md. Nothing here is fast; nothing here reads `runtime`, apart from
`runtime.candles.Candles` as the input, and one marked fallback in `values.World.fallback`.
"""
