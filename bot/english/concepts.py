"""Trading words of a text and the clauses that say them: each word needs its clause, each clause a word for it."""

import re
from dataclasses import dataclass
from functools import cache

AVERAGE = r"\w*ma\(|mean\(|average|t3\(|vwap|median\(|linreg\(|macd\(|ppo\(|\.middle|\.cloud|ichimoku"


@dataclass(frozen=True)
class Concept:
    """A trading notion: patterns of the words for it and of the clauses that say it.

    `needed` where a clause of this kind is made up unless one of the words is there.
    """

    name: str
    words: str
    clauses: str
    needed: bool = False


def _same(*names: str) -> tuple[Concept, ...]:
    """Notions that the language calls by the word itself."""
    return tuple(Concept(each, rf"\b{each}", rf"\b{each}", needed=True) for each in names)


CONCEPTS: tuple[Concept, ...] = (
    *_same("rsi", "macd", "cci", "adx", "mfi", "obv", "vwap", "keltner", "aroon", "vortex", "gap"),
    Concept("stochastic", r"\bstoch|\bkdj\b", r"stochastic|kdj", needed=True),
    Concept("supertrend", r"super ?trend", "supertrend", needed=True),
    Concept("ichimoku", r"ichimoku|\bcloud\b|tenkan|kijun|kumo", "ichimoku", needed=True),
    Concept("psar", r"\bp?sar\b|parabolic", r"psar", needed=True),
    Concept("donchian", "donchian", r"donchian|highest|lowest"),
    Concept("bands", r"bollinger|\bbbs?\b|\bbands?\b|bandwidth", r"bollinger|keltner|donchian|stdev|\.upper|\.lower"),
    Concept("bollinger", r"bollinger|\bbbs?\b|\bbands?\b|bandwidth|squeeze", r"bollinger\(", needed=True),
    Concept("middle", r"\b(?:mid|middle)(?:[ -]?band|line)?\b", r"\.middle|(?:mean|sma)\((?:close|hl)|hl2|/ 2"),
    Concept("lower", r"\b(?:lower|bottom) (?:bollinger|bb|keltner|donchian|channel|band)", r"\.lower|lowest|percent_b|stdev"),
    Concept("upper", r"\b(?:upper|top) (?:bollinger|bb|keltner|donchian|channel|band)", r"\.upper|highest|percent_b|stdev"),
    Concept("atr", r"\batr\b|true range", r"atr|true_range|chandelier|supertrend|keltner", needed=False),
    Concept("heikin", r"heikin", "heikin"),
    Concept("zscore", r"z[- ]?score", r"zscore|stdev"),
    Concept("fisher", r"fisher", "fisher"),
    Concept("average", r"\b[sewh]ma ?\d*\b|\b[dt]ema\b|moving average|\bmas?\b", AVERAGE),
    Concept("simple", r"\bsma ?\d*\b|simple moving", r"sma\(|mean\(|\.middle"),
    Concept("exponential", r"\bema ?\d*\b|exponential", r"ema\(|macd|keltner"),
    Concept("trend", r"\b(?:up|down)[- ]?trend", rf"^(?:let|buy|short|only|never|hold)\b.*(?:{AVERAGE}|rising|falling|slope|supertrend|adx|direction|highest|lowest|change)"),
    Concept("return", r"\breturns?\b(?! to)|\bmomentum\b", r"change\(|roc|momentum|best|worst|macd|ppo|mom\("),
    Concept("back", r"\bcross(?:es)? back\b(?! (?:above|over|below|under|up|down))|opposite cross", r"(?s:crosses (?P<way>above|below).*crosses (?!(?P=way)))"),
    Concept("session", r"(?:london|new york|ny|us|asian?|tokyo|european) (?:session|hours|market hours)", r"^(?:only|never)|session\(|exit at|^every"),
    Concept("volume", r"\bvolume\b(?![- ](?:weighted|profile))", r"volume|obv|mfi|ad_line|cmf|chaikin|force_index|vwma"),
    Concept("traded", r"volume|pump|turnover|liquid|vwap|traded|spike|busy", r"(?<!by )\bvolume\b", needed=True),
    Concept("highest", r"\bhighest\b|\d[- ](?:day|bar|candle|week|hour|month) high|\bnew high", r"highest|\.upper|high"),
    Concept("lowest", r"\blowest\b|\d[- ](?:day|bar|candle|week|hour|month) low|\bnew low", r"lowest|\.lower|low"),
    Concept("yesterday", r"\byesterday|previous day|prior day|\bpd[hl]\b", r"previous_day|on 1d|\[1\]|change\("),
    Concept("pattern", r"engulf", r"engulfing|open >=? close\[1\]|open <=? close\[1\]"),
    *(Concept(each, rf"\b{each}s?\b", each) for each in ("hammer", "doji", "tweezer", "piercing", "harami")),
    Concept("inside", r"inside (?:bar|day|candle)", "inside_bar"),
    Concept("green", r"\bgreen\b", r"green|close(?: of \w+)? > open|bullish|engulfing|supertrend|change\("),
    Concept("red", r"\bred\b", r"\bred\b|close(?: of \w+)? < open|bearish|streak|down|supertrend|change\("),
    Concept("cross", r"\bcross|golden|death cross", r"crosses|is rising|newly|direction"),
    Concept("funding", r"\bfunding\b", "funding_rate"),
    Concept("interest", r"open interest", "open_interest"),
    Concept("fear", r"\bfear\b", "fear_and_greed"),
    Concept("rising", r"turning up|\brising\b|sloping up|slopes? up", r"rising|slope|\[1\]|change|difference|> 0|crosses"),
    Concept("long", r"\bbuy|\blongs?\b(?! term)", r"^(?:buy|add|hold|grid|reverse)|^every .*buy|^alert|\bbuy\b"),
    Concept(
        "short", r"\bshort(?!(?:er)?[- ]?(?:term|ema|sma|ma|and|moving|squeeze|ly|average))|\bboth (?:sides|ways|directions)|"
        r"\bflip (?:short|sides|to|it|and|the)\b|\breverses?\b(?! (?:cross|signal))|mirror|vice versa", r"^short|\bshort\b|^reverse", needed=True,
    ),
    Concept("futures", r"\b(?:futures|perps?|perpetuals?)\b", r"perpetual"),
    Concept("perpetual", r"futures|perp|short|both|lever|margin|\d ?x\b|flip|reverse|mirror|funding|vice versa", r"perpetual", needed=True),
    Concept("daily", r"\b(?:every|each|once a) day\b", r"day|1d|24h"),
    Concept("weekly", r"\b(?:every|each|once a) week\b|\bweekly\b", r"week|day at|on 1w|7d|168"),
    Concept("monthly", r"\b(?:every|each|once a) month\b|\bmonthly\b", r"month|on 1mo|30d"),
    Concept(
        "exit", r"\bsells?\b|\bexit|\bget out\b|\bout (?:at|when|if|once|on|as)\b|\bcover\b|\bdump\b|\bleave\b|\bunwind\b|hold until",
        r"^(?:\d+ )?(?:sell|cover|exit|take|reverse|hold|trailing|rebalance|halt and close)|sell",
    ),
    Concept(
        "stop", r"(?<!no )(?<!without a )(?<!any )\b(?:stop[- ]?loss|stops?|sl)\b(?! trading| for| buying| the bot| and rev|age|ped)",
        r"stop loss (?!none)|trailing stop|break even|order stop|^halt|^pause",
    ),
    Concept("target", r"\btps?\b|take[- ]profit|\btargets?\b", r"take profit|targets_hit|sell|cover|exit when|profit"),
    Concept("trail", r"\btrail|(?:highest|peak|high)\b.* since|(?:below|from|off) (?:its|the) (?:highest|peak|top)", r"trailing stop|, following|position_high|chandelier", needed=True),
    Concept("breakeven", r"break[- ]?even", r"break even|entry_price|profit"),
    Concept("half", r"\bhalf\b(?!(?:[- ]an)?[- ]hour)", r"50%|half|0\.5|/ 2"),
    Concept("month's end", r"\bmonth'?s?[- ](?:end|start)|\b(?:end|start|turn|last (?:trading )?day|first (?:trading )?day) of (?:the|each|every|a)? ?month", r"of_month|every month|on 1mo"),
    Concept("day's end", r"\bend of (?:the |each )?day\b|\beod\b|\bday'?s end\b|\bovernight\b", r"00:00|2[0-3]:\d\d|exit at|on 1d|session|exit after"),
    Concept("midnight", r"\bmidnight\b", r"00:00|day|tomorrow"),
    Concept("dmi", r"[+-] ?di\b|\bdi ?[+-]|\bdmi\b|(?:plus|minus) di", r"plus_di|minus_di"),
    *(
        Concept(f"{way} {end}", rf"\b{way} {end}s?\b", rf"\b{end}(?:\[\d+\])? {sign} {end}|{end} is {word}|swing|highest|lowest")
        for way, sign, word in (("higher", ">", "rising"), ("lower", "<", "falling"))
        for end in ("high", "low")
    ),
    Concept("weekend", r"weekend|weekdays", r"saturday|sunday|monday to friday|weekday"),
    *(
        Concept(day, rf"\b{day}", rf"{day}|weekday|every week|monday to|week")
        for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    ),
    Concept("whole", r"full (?:balance|size|amount|capital|account)|all (?:the|my|of my) (?:money|capital|cash|balance|funds|equity|account)|\ball[- ]in\b", r"100%|^hold"),
    Concept("rebalance", r"rebalanc|re-set|reset", r"^rebalance"),
    Concept("cooldown", r"cool[- ]?down", r"^cooldown|^pause|bars_since|apart"),
    Concept("limit", r"\blimit (?:buy|order|sell|entry)|buy limit", r"order limit|^grid"),
    Concept("grid", r"\bgrid\b", r"^grid|^add"),
    Concept("windows", r"only|never|don.?t|avoid|no (?:trad|new|entr)|between|hours?|session|day|week|trade[sd]? (?:on|in)|skip|if|when|news|am\b|pm\b|\d:\d\d",
            r"^(?:only|never)", needed=True),
    Concept("cooling", r"wait|cool|pause|after|again|min|bars|candles|hour|day|re-?enter|re-?entry|loss|rest|break", r"^cooldown", needed=True),
    Concept("alert", r"alert|tell|ping|notify|warn|message|let me know|heads up|look|show|remind", r"^alert|every .* alert", needed=True),
    Concept("leverage", r"lever|\d ?x\b|margin|perp|futures|times", r"^leverage (?!1x)", needed=True),
    Concept("averaging", r"dca|ladder|add|average|pyramid|scale|layer|level|dip|each|more|martingale|again|safety|every", r"^add", needed=True),
)  # fmt: skip
"""Every notion that is looked for; a `needed` one is also looked for the other way round."""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)


def uncovered(text: str, rules: str) -> tuple[str, ...]:
    """Trading words of the text that no clause says."""
    found = []
    for each in CONCEPTS:
        said = None if each.needed and _is_only_reverse(each) else _compiled(each.words).search(text)
        if said is not None and not _compiled(each.clauses).search(rules):
            found.append(text[said.start() : said.end()].strip())
    return tuple(dict.fromkeys(found))


def _is_only_reverse(concept: Concept) -> bool:
    return concept.name in ("windows", "cooling", "alert", "leverage", "averaging", "bollinger", "traded", "perpetual")


COUNTED = {"cloud": 1, "macd": 2, "rsi": 1, "adx": 1, "cci": 1, "mfi": 1, "monday": 1, "friday": 1}
"""Indicators that people name once for each condition, and how often a condition has them in rules."""


REPEATED = (
    (r"\bzero\b", r"(?<![\d.,])0%?(?![\d.:])"),
    (r"\bcross(?:es|ing)? (?:above|below|over|under|up|down)", r"\bcrosses|is rising|is falling"),
)
"""Words that people say once for each condition, and what says it in rules."""


def rarer(text: str, rules: str) -> tuple[str, ...]:
    """Indicators that the text names more often than the rules do."""
    found = []
    for name, each in COUNTED.items():
        said = len(_compiled(rf"\b{name}").findall(text))
        without = _compiled(rf"^let {name} = .*$").sub("", rules)
        if 0 < len(_compiled(rf"\b{name}").findall(without)) < said * each and said > 1:
            found.append(f"one more {name}")
    for words, clauses in REPEATED:
        said = len(_compiled(words).findall(text))
        if said > max(1, len(_compiled(clauses).findall(rules))):
            found.append(f"one more {_compiled(words).findall(text)[-1]}")
    signs = len(re.findall(r"(?<![-=<>])[<>](?!>)", text))
    if signs > len(re.findall(r" [<>]=? |crosses (?:above|below)", rules)):
        found.append("one more comparison")
    return tuple(found)


def made_up(text: str, rules: str) -> tuple[str, ...]:
    """Clauses of a kind for which the text has no word."""
    found = []
    for each in (concept for concept in CONCEPTS if concept.needed):
        clause = _compiled(each.clauses).search(rules)
        if clause is not None and not _compiled(each.words).search(text):
            line = rules[: clause.start()].rpartition("\n")[2] + rules[clause.start() :].partition("\n")[0]
            found.append(f"{each.name} in `{line}`")
    return tuple(dict.fromkeys(found))
