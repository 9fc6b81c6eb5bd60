"""Combinations of numbers: a strategy is read, checked and encoded once a value, not once a combination.

Every number keeps to places of its own in the tree, in the columns' expressions and in the encoded rules. What a value
changes there is found by encoding the strategy with that value alone, and a combination is all of these changes
together. Where that does not hold, because two values meet in one place or change how much there is to encode, each
combination is read for itself (`Combinations.apart`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product, starmap

import numpy as np

from runtime.core.machine import layout as at
from runtime.core.machine.rules import Encoded, encoded
from strategy_dsl import nodes
from strategy_dsl.checks.check import check, place_problems
from strategy_dsl.checks.places import Place, places
from strategy_dsl.checks.structure import structure
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.parameters import Difference, changed, differences, with_value
from strategy_dsl.program import PLAIN, Program, build_program, with_numbers
from strategy_dsl.ranges import Choice

VARIED = frozenset({"numbers", "levels", "targets", "exits_after", "exit_bars", "cooldowns", "spans"})
"""Arrays of the rules in which a number is a number alone: it decides neither what is stored nor what is listed."""

Places = tuple[int, ...]
"""Which of its values each parameter takes."""
Ready = Callable[[nodes.Strategy], Program]
"""A checked strategy -> the program that is run of it."""


@dataclass(frozen=True, eq=False)
class Slots:
    """Words of one array of the rules and what stands in them."""

    name: str
    index: at.Ints
    words: at.Ints


@dataclass(frozen=True, eq=False)
class Variation:
    """What one value of one parameter changes: in the strategy's expressions, in the columns, in the rules.

    `places` and `columns` have the differences of each expression, empty where it stays the same.
    """

    places: tuple[tuple[Difference, ...], ...]
    columns: tuple[tuple[Difference, ...], ...]
    slots: tuple[Slots, ...]


class Combinations:
    """Every combination of the chosen values of one strategy; the last parameter runs fastest."""

    def __init__(self, strategy: nodes.Strategy, chosen: Sequence[Choice], ready: Ready = build_program) -> None:
        self.strategy, self.chosen, self.ready = strategy, tuple(chosen), ready
        self.first = self.of((0,) * len(self.chosen))
        self._read: dict[tuple[int, int], nodes.Strategy] = {}
        self.numbered = with_numbers(self.first)
        self._expressions = [each.node for each in places(self.numbered)]
        self._sound = [part for each in self._expressions if isinstance(each, nodes.AllOf) for part in each.conditions]
        self.problem = self._first_problem_alone()
        self.plan: Encoded | None = None if self.problem else encoded(ready(self.first))
        self.variations = () if self.plan is None else self._varied(self.plan)
        self.apart = self.plan is None or self._meet()
        """Whether each combination must be encoded for itself."""
        if self.problem is None and (self.apart or self._unsound_together()):
            self.problem = self._first_problem()

    def all(self) -> Iterator[Places]:
        """Every combination."""
        return product(*(range(len(values)) for _, values in self.chosen))

    def values(self, at_: Places) -> tuple[Decimal, ...]:
        """The values of a combination."""
        return tuple(values[place] for (_, values), place in zip(self.chosen, at_, strict=True))

    def of(self, at_: Places) -> nodes.Strategy:
        """The strategy of a combination, as its text would be read."""
        found = self.strategy
        for (parameter, _), value in zip(self.chosen, self.values(at_), strict=True):
            found = with_value(found, parameter, value)
        return found

    def chosen_variations(self, at_: Places) -> list[Variation]:
        """What each value of a combination changes."""
        return [several[place] for several, place in zip(self.variations, at_, strict=True)]

    # checks

    def _named(self, at_: Places, message: str) -> str:
        pairs = zip(self.chosen, self.values(at_), strict=True)
        return f"with {', '.join(f'{p.name}={p.text(v)}' for (p, _), v in pairs)}, {message}"

    def _first_problem(self) -> str | None:
        """The problem of the first combination that is unsound, in words; each is checked whole."""
        for each in self.all():
            for problem in check(self.of(each)):
                if problem.severity == "error":
                    return self._named(each, problem.message)
        return None

    def _first_problem_alone(self) -> str | None:
        """The same where a value is unsound by itself, beside the first values of the others."""
        several = [(k, place) for k, (_, values) in enumerate(self.chosen) for place in range(1, len(values))]
        found = (problem for problems in (check(self.first), *starmap(self._alone, several)) for problem in problems)
        return self._first_problem() if any(each.severity == "error" for each in found) else None

    def _alone(self, parameter: int, place: int) -> list[Diagnostic]:
        """What is wrong with one value, given that nothing is with the first one."""
        strategy = self._read_alone(parameter, place)
        if any(path[0] != "rules" or path[2] != "condition" for path in self.chosen[parameter][0].places):
            return check(strategy)
        # a condition is checked by itself, and the others have been
        numbered = with_numbers(strategy)
        changed_ = [each for each, was in zip(places(numbered), self._expressions, strict=True) if each.node is not was]
        return [*structure(numbered), *(each for place_ in changed_ for each in self._problems(place_))]

    def _problems(self, place: Place) -> list[Diagnostic]:
        return place_problems(self.numbered, place, self._sound)

    def _read_alone(self, parameter: int, place: int) -> nodes.Strategy:
        """The strategy with one value, beside the first values of the others."""
        if place == 0:
            return self.first
        found = self._read.get((parameter, place))
        if found is None:
            varied, values = self.chosen[parameter]
            found = self._read[parameter, place] = with_value(self.first, varied, values[place])
        return found

    def _unsound_together(self) -> bool:
        """Whether an expression is unsound that several values change; the other checks look at one clause a time."""
        found = list(places(self.numbered))
        for k, place in enumerate(found):
            touching = [n for n, several in enumerate(self.variations) if any(each.places[k] for each in several)]
            if len(touching) < 2:
                continue
            for several in product(*(self.variations[n] for n in touching)):
                if sum(bool(each.places[k]) for each in several) < 2:
                    continue
                node = changed(place.node, [each.places[k] for each in several])
                if self._problems(place._replace(node=node)):
                    return True
        return False

    # what a value changes

    def _varied(self, plan: Encoded) -> tuple[tuple[Variation, ...], ...]:
        found = []
        for k, (_, values) in enumerate(self.chosen):
            several = [self._variation(plan, self._read_alone(k, place)) for place in range(len(values))]
            if any(each is None for each in several):
                return ()
            found.append(_alike(plan.rules, [each for each in several if each is not None]))
        return tuple(found)

    def _variation(self, plan: Encoded, strategy: nodes.Strategy) -> Variation | None:
        """What a value changes; None where it changes how much there is to encode."""
        mine, numbered = encoded(self.ready(strategy)), with_numbers(strategy)
        expressions = [each.node for each in places(numbered)]
        slots = _slots(plan.rules, mine.rules)
        if slots is None or _kept(plan) != _kept(mine) or _expanding(numbered) != _expanding(self.numbered):
            return None
        if len(expressions) != len(self._expressions):
            return None
        differ = [
            tuple(differences(*pair) for pair in zip(was, now, strict=True))
            for was, now in ((self._expressions, expressions), (plan.columns, mine.columns))
        ]
        if any(isinstance(value, nodes.Node | tuple) for several in differ for each in several for _, value in each):
            return None
        return Variation(differ[0], differ[1], slots)

    def _meet(self) -> bool:
        """Whether values of different parameters change the same place, or nothing could be found out."""
        if not self.variations:
            return True
        return any(_touched(one) & _touched(other) for one, other in combinations(self.variations, 2))


def _expanding(numbered: nodes.Strategy) -> tuple[nodes.Let, ...]:
    """The `let`s that stand for more than a number; they are checked in places of their own."""
    return tuple(each for each in numbered.lets if not isinstance(each.value, PLAIN))


def _kept(plan: Encoded) -> tuple[object, ...]:
    """What of an encoded strategy is no number that may vary."""
    return (
        len(plan.columns), plan.lists, plan.level_count, plan.own_levels, plan.most_planned, plan.breaker_count,
        len(plan.at_entry), plan.entry_names, plan.program.markets, plan.program.reads,
    )  # fmt: skip


def _slots(was: at.Rules, now: at.Rules) -> tuple[Slots, ...] | None:
    """The words of the rules that differ; None where more than numbers do."""
    found = []
    for name, before, after in zip(was._fields, was, now, strict=True):
        if before.shape != after.shape:
            return None
        if before.tobytes() == after.tobytes():
            continue
        one, other = at.words_of(before), at.words_of(after)
        index = np.flatnonzero(one != other)
        if name not in VARIED:
            return None
        found.append(Slots(name, index, other[index]))
    return tuple(found)


def _alike(rules: at.Rules, several: Sequence[Variation]) -> tuple[Variation, ...]:
    """The values of a parameter, each with all words that any of them changes: the next one writes over the last."""
    found = []
    for each in several:
        slots = []
        for name in sorted({slots.name for other in several for slots in other.slots}):
            index = np.unique(np.concatenate([s.index for other in several for s in other.slots if s.name == name]))
            words = at.words_of(getattr(rules, name)).copy()
            for own in each.slots:
                if own.name == name:
                    words[own.index] = own.words
            slots.append(Slots(name, index, words[index]))
        found.append(replace(each, slots=tuple(slots)))
    return tuple(found)


def _touched(several: Sequence[Variation]) -> set[tuple[object, ...]]:
    """Every place of the encoded strategy that a parameter changes."""
    found: set[tuple[object, ...]] = set()
    for each in several:
        found |= {(slots.name, int(word)) for slots in each.slots for word in slots.index}
        for kind, several_of in (("place", each.places), ("column", each.columns)):
            found |= {(kind, k, *path) for k, differ in enumerate(several_of) for path, _ in differ}
    return found
