"""The last levels of a compiled document: from scores to tiers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from math import ceil
from typing import Final

from tiering.core.compile_scores import by_card
from tiering.core.conditions import Condition
from tiering.core.document import Document, Effect, Gate, Movement, Overlay, Scorecard
from tiering.core.metric import Catalogue
from tiering.core.placement import Matrix, Placement, RankCutoffs, ScoreCutoffs
from tiering.core.sql import (
    Columns,
    Fragment,
    call,
    case,
    condition_sql,
    join,
    listed,
    quoted,
    screen_sql,
    sql,
    value,
)
from tiering.core.terms import Terms

BITS: Final = 62
"""How many conditions one bigint holds."""


@dataclass(frozen=True)
class Tiers:
    """Writes the levels *placed* and *gated* and what comes after; each reads the one before it as ``f``."""

    document: Document
    terms: Terms
    columns: Columns
    catalogue: Catalogue

    @cached_property
    def overlays(self) -> list[tuple[str, Overlay]]:
        """The overlays that are switched on, each with the SQL that is true where it applies."""
        active = [overlay for overlay in self.document.overlays if overlay.key in self.terms.overlays]
        return [(self._true_where(overlay.when), overlay) for overlay in active]

    @cached_property
    def gates(self) -> list[tuple[str, Gate]]:
        """The gates of the document, each with the SQL that is true where it fires."""
        return [(self._true_where(gate.when), gate) for gate in self.document.gates]

    @cached_property
    def all_gates(self) -> list[tuple[str, Gate]]:
        """The gates of the document and of the overlays that are switched on."""
        return self.gates + [(fired, overlay.gate) for fired, overlay in self.overlays if overlay.gate]

    @property
    def held(self) -> list[str]:
        """The columns of the relation that the migration policy reads."""
        return ["held_rank", "held_days"] if self.document.policy.migration else []

    @cached_property
    def _conditions(self) -> list[Condition]:
        """Every condition of a gate, an overlay or a red flag that is asked of a subject, once."""
        migration = self.document.policy.migration
        asked = [gate.when for gate in self.document.gates]
        asked += [
            overlay.when
            for overlay in self.document.overlays
            if overlay.key in self.terms.overlays and overlay.when
        ]
        asked += [migration.red_flags] if migration and migration.red_flags else []
        return list(dict.fromkeys(asked))

    def _true_where(self, condition: Condition | None) -> str:
        if condition is None:
            return "TRUE"
        word, bit = divmod(self._conditions.index(condition), BITS)
        return f"f._fired_{word} & {1 << bit} <> 0"

    @property
    def _words(self) -> range:
        return range(ceil(len(self._conditions) / BITS))

    def fired(self) -> dict[str, Fragment]:
        """What level *read* adds: which conditions hold, a bit each."""
        return {f"_fired_{word}": self._word(word) for word in self._words}

    def _word(self, number: int) -> Fragment:
        """So many conditions as one number. Most often none holds, and then nothing is asked twice: NULL."""
        asked = self._conditions[number * BITS : (number + 1) * BITS]
        may_hold = join(" OR ", (screen_sql(one, self.columns, self.catalogue) for one in asked))
        found = (condition_sql(one, self.columns, self.catalogue) for one in asked)
        zero = value(0, "bigint")
        bits = (case([(one, value(1 << bit, "bigint"))], zero) for bit, one in enumerate(found))
        return case([(may_hold, join(" + ", bits))], Fragment("NULL::bigint"))

    def _unless_none(self, nothing: Fragment, otherwise: Fragment) -> Fragment:
        """``nothing`` where no condition holds at all, as is usual."""
        none = " AND ".join(f"f._fired_{word} IS NULL" for word in self._words)
        return case([(Fragment(none), nothing)], otherwise) if none else otherwise

    def placed(self) -> dict[str, Fragment]:
        """What level *placed* adds: the tier by placement alone, what gates that fired leave of it, and the score with
        the shifts of overlays."""
        model = by_card(self.document, partial(self._placed, score="f._score"))
        added = {"_model_tier": model}
        if self.gates:
            limited = self._limited(model, self.gates)
            added["_limited_tier"] = self._unless_none(Fragment("NULL::smallint"), limited)
        if self._shifts:
            moves = (
                sql(f" + CASE WHEN {fired} THEN ", value(shift, "bigint"), " ELSE 0 END")
                for fired, shift in self._shifts
            )
            added["_shifted"] = sql("f._score", *moves)
        return added

    def gated(self) -> dict[str, Fragment]:
        """What level *gated* adds: the tiers after gates and after overlays.

        Nothing where no more is made of them: a level costs more than to say twice which of two columns counts.
        """
        added = {"_base_tier": self._base_tier()} if self.gates else {}
        if self._has_overlay_tier:
            added["_overlay_tier"] = self._overlay_tier()
        return added if self._has_overlay_tier or self.document.policy.migration else {}

    def finished(self) -> list[Fragment]:
        """The columns of the result."""
        columns = {
            "scorecard": Fragment("f._card"),
            "score": Fragment("f._score"),
            "model_tier": Fragment("f._model_tier"),
            "base_tier": self._base,
            "overlay_tier": self._overlaid,
            "tier": self._migrated(),
            "provisional": Fragment("f._provisional"),
            "gates": self._listed([(fired, gate.key) for fired, gate in self.gates]),
            "overlays": self._listed([(applies, overlay.key) for applies, overlay in self.overlays]),
        }
        return [sql(expression, f" AS {name}") for name, expression in columns.items()]

    @property
    def _shifts(self) -> list[tuple[str, int]]:
        return [(fired, overlay.shift) for fired, overlay in self.overlays if overlay.shift]

    @property
    def _has_overlay_tier(self) -> bool:
        return bool(self._shifts) or len(self.all_gates) > len(self.gates)

    @cached_property
    def _base(self) -> Fragment:
        return Fragment("f._base_tier") if "_base_tier" in self.gated() else self._base_tier()

    @cached_property
    def _overlaid(self) -> Fragment:
        return Fragment("f._overlay_tier") if self._has_overlay_tier else self._base

    def _base_tier(self) -> Fragment:
        return Fragment("COALESCE(f._limited_tier, f._model_tier)" if self.gates else "f._model_tier")

    def _listed(self, keys: Sequence[tuple[str, str]]) -> Fragment:
        """The keys of what fired or applies, in document order."""
        if not keys or any(condition == "TRUE" for condition, _ in keys):
            return listed(keys)
        return self._unless_none(listed([]), case(self._alone(keys), listed(keys)))

    def _alone(self, keys: Sequence[tuple[str, str]]) -> Iterable[tuple[Fragment, Fragment]]:
        """What is listed where one condition holds and no other: most often so, and a list that stands written costs
        less than one that is put together."""
        if len(self._words) > 1:
            return
        for bit, condition in enumerate(self._conditions):
            of_it = [key for fired, key in keys if fired == self._true_where(condition)]
            yield sql("f._fired_0 = ", value(1 << bit, "bigint")), value(of_it, "text[]")

    def _overlay_tier(self, shift: int = 0) -> Fragment:
        """The tier after gates and overlays, if the score were higher by ``shift``."""
        score = "f._shifted" if self._shifts else "f._score"
        moved = bool(shift or self._shifts)
        placed = by_card(self.document, partial(self._moved, score=score, shift=shift))
        return self._limited(placed if moved else Fragment("f._model_tier"), self.all_gates)

    def _moved(self, card: Scorecard, score: str, shift: int) -> Fragment:
        """The tier by placement of another score; that of the model where the score does not place."""
        placement = self.document.placement_of(card)
        by_score = isinstance(placement, ScoreCutoffs) or _is_top(placement)
        return self._placed(card, score, shift) if by_score else Fragment("f._model_tier")

    def _placed(self, card: Scorecard, score: str, shift: int = 0) -> Fragment:
        """The tier by placement alone, if the score were higher by ``shift``."""
        match self.document.placement_of(card):
            case ScoreCutoffs(steps):
                return _by_score(score, ((cut.minimum, self._rank(cut.tier)) for cut in steps), shift)
            case Matrix(axes, cells):
                first, second = ([level.minimum for level in axis.levels] for axis in axes)
                rows = (
                    _by_score("f._axis_1", zip(second, map(self._rank, row), strict=True)) for row in cells
                )
                return _by_score("f._axis_0", zip(first, rows, strict=True))
            case RankCutoffs(by, metric, steps):
                least = self.terms.thresholds[self.document.placement_key(card)]
                reached = [
                    (minimum, self._rank(step.tier))
                    for step, minimum in zip(steps, least, strict=False)
                    if minimum is not None
                ]
                rest = self._rank(steps[-1].tier)
                if by == "top":
                    return _by_score(score, [*reached, (0, rest)], shift)
                return _by_metric(f"f.{quoted(metric or '')}", reached, rest)

    def _rank(self, tier: str) -> Fragment:
        return value(self.document.ranks[tier], "smallint")

    def _limited(self, rank: Fragment, gates: Sequence[tuple[str, Gate]]) -> Fragment:
        """What gates leave of a rank. LEAST and GREATEST pass over the NULL of a gate that did not fire."""
        notches = [
            sql(f" - CASE WHEN {fired} THEN ", value(gate.notches, "smallint"), " ELSE 0::smallint END")
            for fired, gate in gates
            if gate.tier is None
        ]
        if notches:
            worst = value(len(self.document.tiers) - 1, "smallint")
            rank = sql("LEAST(GREATEST(", rank, *notches, ", 0::smallint), ", worst, ")")
        lifted = call("LEAST", [rank, *self._limits(gates, "floor")])
        fixed = self._limits(gates, "fixed")
        settled = call("COALESCE", [call("GREATEST", fixed), lifted]) if fixed else lifted
        return call("GREATEST", [settled, *self._limits(gates, "cap")])

    def _limits(self, gates: Iterable[tuple[str, Gate]], *effects: Effect) -> list[Fragment]:
        return [
            sql(f"CASE WHEN {fired} THEN ", self._rank(gate.tier), " END")
            for fired, gate in gates
            if gate.tier is not None and gate.effect in effects
        ]

    def _migrated(self) -> Fragment:
        """What the migration policy makes of the move from the tier in force."""
        migration = self.document.policy.migration
        if migration is None:
            return self._overlaid
        new = self._overlaid.text
        at_once = f"f.held_rank IS NULL OR f.held_rank = {new}"
        if migration.red_flags is not None:
            at_once += f" OR ({self._true_where(migration.red_flags)} AND {new} > f.held_rank)"
        hard = self._limits([(fired, gate) for fired, gate in self.all_gates if gate.hard], "cap", "fixed")
        up, down = (
            call("GREATEST", [self._settled(rules, rises), *hard])
            for rules, rises in ((migration.up, True), (migration.down, False))
        )
        return case([(Fragment(at_once), Fragment(new)), (Fragment(f"{new} < f.held_rank"), up)], down)

    def _settled(self, rules: Movement, rises: bool) -> Fragment:
        """How far the tier moves in one direction."""
        sign, nearer, farther = ("-", "LEAST", "GREATEST") if rises else ("+", "GREATEST", "LEAST")
        settled = self._overlaid
        if rules.buffer:
            buffered = self._overlay_tier(-rules.buffer if rises else rules.buffer)
            settled = sql(f"{nearer}(", buffered, ", f.held_rank)")
        if rules.max_step is not None:
            farthest = sql(f"f.held_rank {sign} ", value(rules.max_step, "smallint"))
            settled = sql(f"{farther}(", settled, ", ", farthest, ")")
        if rules.dwell_days:
            waits = sql("f.held_days < ", value(rules.dwell_days, "int"))
            settled = case([(waits, Fragment("f.held_rank"))], settled)
        return settled


def _is_top(placement: Placement) -> bool:
    return isinstance(placement, RankCutoffs) and placement.by == "top"


def _by_score(score: str, steps: Iterable[tuple[float, Fragment]], shift: int = 0) -> Fragment:
    """The result of the first step whose minimum ``score + shift`` reaches, where no score is below 0."""
    branches: list[tuple[Fragment, Fragment]] = []
    for minimum, result in steps:
        if minimum <= 0:
            return case(branches, result)
        branches.append((sql(f"{score} >= ", value(ceil(minimum) - shift, "bigint")), result))
    raise ValueError("The last step begins above 0.")


def _by_metric(column: str, steps: Iterable[tuple[float, Fragment]], rest: Fragment) -> Fragment:
    """The result of the first step whose minimum the column reaches. Postgres sorts NaN above infinity."""
    reached = [(sql(f"{column} >= ", value(minimum, "float8")), result) for minimum, result in steps]
    return case([(Fragment(f"{column} >= 'Infinity'::float8"), rest), *reached], rest)
