"""A criteria document as one set-based SQL statement for Postgres 16 and later.

The statement is nested in levels, each fenced with ``OFFSET 0`` so that Postgres computes what a level yields once
and does not inline it into every use above:

1. *placed*: which scorecard applies, and which gates fire
2. *summed*: the weighted points, the weight that is present, and whether the result is provisional
3. *scored*: the score
4. *ranked*: the tier by score alone
5. the tier after gates

Bands become a binary-search tree of ``CASE``, categories a look-up in a constant array: the two cheapest ways
measured. All arithmetic is bigint: the largest intermediate is 1e10 × 1e8, an eighth of what bigint holds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tiering.core.catalogue import METRICS
from tiering.core.document import SCORE_UNIT, Band, Document, Effect, Indicator, Scorecard
from tiering.core.metric import Catalogue
from tiering.core.placement import ScoreCutoffs
from tiering.core.sql import Columns, Compiled, Fragment, condition_sql, join, known, quoted, sql, value


def compile_assessment(
    document: Document, relation: str, subject: str = "client_id", catalogue: Catalogue = METRICS
) -> Compiled:
    """A SELECT that assesses every row of ``relation`` by a checked document, and its parameters.

    ``relation`` names a table, view or preceding CTE (``name`` or ``schema.name``) with the column ``subject`` and one
    column per metric in ``document.metrics``: double precision for a number, text for a category. A row comes out for
    each row that goes in: ``subject``, ``scorecard`` text, ``score`` bigint, ``model_tier`` smallint, ``tier``
    smallint, ``provisional`` boolean, ``gates`` text[]; all with the meaning they have in ``evaluate.Assessment``.
    Raises KeyError when the document reads a metric that the catalogue does not have.
    """
    columns = {key: f"f.{quoted(catalogue[key].key)}" for key in sorted(document.metrics)}
    source = ".".join(map(quoted, relation.split(".")))
    statement = _Statement(document, f"f.{quoted(subject)}", columns, catalogue)
    placed = statement.placed(source)
    ranked = statement.ranked(statement.scored(statement.summed(placed)))
    finished = statement.finished(ranked)
    return finished.text, finished.params


@dataclass(frozen=True, slots=True)
class _Statement:
    """Writes the levels; each reads the one before it under the alias ``f``."""

    document: Document
    subject: str
    columns: Columns
    catalogue: Catalogue

    def placed(self, source: str) -> Fragment:
        read = "".join(f", {column}" for column in self.columns.values())
        gates = (
            sql(", ", condition_sql(gate.when, self.columns, self.catalogue), f" AS gate_{number}")
            for number, gate in enumerate(self.document.gates)
        )
        return sql(
            f"SELECT {self.subject}{read}, ",
            self.card_number(),
            " AS card",
            *gates,
            f" FROM {source} AS f OFFSET 0",
        )

    def summed(self, placed: Fragment) -> Fragment:
        return sql(
            f"SELECT {self.subject}, f.card{self.gate_columns()}, ",
            self.by_card(self.raw), " AS raw, ",
            self.by_card(self.present), " AS present, ",
            self.by_card(self.provisional), " AS provisional FROM (", placed, ") AS f OFFSET 0",
        )  # fmt: skip

    def scored(self, summed: Fragment) -> Fragment:
        whole = value(SCORE_UNIT, "bigint")
        return sql(
            f"SELECT {self.subject}, f.card{self.gate_columns()}, f.provisional, CASE f.present WHEN ", whole,
            " THEN f.raw WHEN 0 THEN 0 ELSE f.raw * ", whole, " / f.present END AS score FROM (",
            summed, ") AS f OFFSET 0",
        )  # fmt: skip

    def ranked(self, scored: Fragment) -> Fragment:
        return sql(
            f"SELECT {self.subject}, f.card{self.gate_columns()}, f.provisional, f.score, ",
            self.by_card(self.rank), " AS model_tier FROM (", scored, ") AS f OFFSET 0",
        )  # fmt: skip

    def finished(self, ranked: Fragment) -> Fragment:
        return sql(
            f"SELECT {self.subject}, ", self.by_card(lambda card: value(card.key, "text")),
            " AS scorecard, f.score, f.model_tier, ", self.gated_rank(), " AS tier, f.provisional, ",
            self.fired_gates(), " AS gates FROM (", ranked, ") AS f",
        )  # fmt: skip

    def card_number(self) -> Fragment:
        """Which scorecard applies, as its position in the document."""
        numbered = list(enumerate(self.document.scorecards))
        default = next(value(number, "smallint") for number, card in numbered if card.is_default)
        return _case(
            (
                (condition_sql(card.when, self.columns, self.catalogue), value(number, "smallint"))
                for number, card in numbered
                if card.when is not None
            ),
            default,
        )

    def by_card(self, build: Callable[[Scorecard], Fragment]) -> Fragment:
        """What ``build`` makes of the scorecard that applies to the row."""
        *others, last = enumerate(self.document.scorecards)
        return _case(
            ((sql("f.card = ", value(number, "smallint")), build(card)) for number, card in others),
            build(last[1]),
        )

    def gate_columns(self) -> str:
        return "".join(f", f.gate_{number}" for number in range(len(self.document.gates)))

    def raw(self, card: Scorecard) -> Fragment:
        """The sum of weight × points, in score units, before reweighting."""
        return join(" + ", (self.contribution(indicator, weight) for indicator, weight in _weighted(card)))

    def contribution(self, indicator: Indicator, weight: int) -> Fragment:
        column = self.columns[indicator.metric]
        missing = value(weight * indicator.points_when_missing, "bigint")
        if indicator.bands:
            tree = _band_tree(column, indicator.bands, weight)
            return sql("CASE WHEN ", known(column, True), " THEN ", tree, " ELSE ", missing, " END")
        keys = value(list(indicator.categories), "text[]")
        earned = value([weight * points for points in indicator.categories.values()], "bigint[]")
        return sql("COALESCE((", earned, ")[array_position(", keys, f", {column})], ", missing, ")")

    def present(self, card: Scorecard) -> Fragment:
        """The weight that counts: the whole less the indicators that are left out because they are missing."""
        left_out = (
            sql(" - CASE WHEN ", self.is_read(indicator), " THEN 0 ELSE ", value(weight, "bigint"), " END")
            for indicator, weight in _weighted(card)
            if indicator.missing.kind == "reweight"
        )
        return sql(value(SCORE_UNIT, "bigint"), *left_out)

    def provisional(self, card: Scorecard) -> Fragment:
        """True when an indicator that blocks is missing, or when all are."""
        indicators = [indicator for indicator, _ in _weighted(card)]
        blocking = [self.is_read(indicator) for indicator in indicators if indicator.missing.kind == "block"]
        enough = join(" AND ", blocking or [join(" OR ", map(self.is_read, indicators))])
        return sql("NOT (", enough, ")")

    def is_read(self, indicator: Indicator) -> Fragment:
        """True when the metric is known and, for a category, the indicator has points for it."""
        column = self.columns[indicator.metric]
        if indicator.bands:
            return known(column, True)
        return sql(f"COALESCE({column} = ANY(", value(list(indicator.categories), "text[]"), "), FALSE)")

    def rank(self, card: Scorecard) -> Fragment:
        """The tier by score alone."""
        placement = self.document.placement_of(card)
        assert isinstance(placement, ScoreCutoffs)
        *cuts, last = placement.steps
        return _case(
            ((sql("f.score >= ", value(cut.minimum, "bigint")), self.rank_of(cut.tier)) for cut in cuts),
            self.rank_of(last.tier),
        )

    def rank_of(self, tier: str) -> Fragment:
        return value(self.document.ranks[tier], "smallint")

    def gated_rank(self) -> Fragment:
        """The tier after gates. LEAST and GREATEST pass over the NULL of a gate that did not fire."""
        lifted = _call("LEAST", [Fragment("f.model_tier"), *self.limits("floor")])
        fixed = self.limits("fixed")
        settled = _call("COALESCE", [_call("GREATEST", fixed), lifted]) if fixed else lifted
        return _call("GREATEST", [settled, *self.limits("cap")])

    def limits(self, effect: Effect) -> list[Fragment]:
        return [
            sql(f"CASE WHEN f.gate_{number} THEN ", self.rank_of(gate.tier), " END")
            for number, gate in enumerate(self.document.gates)
            if gate.tier is not None and gate.effect == effect
        ]

    def fired_gates(self) -> Fragment:
        """The keys of the gates that fired, in document order."""
        if not self.document.gates:
            return Fragment("'{}'::text[]")
        keys = [
            sql(f"CASE WHEN f.gate_{number} THEN ", value(gate.key, "text"), " END")
            for number, gate in enumerate(self.document.gates)
        ]
        any_fired = " OR ".join(f"f.gate_{number}" for number in range(len(keys)))
        listed = sql("array_remove(ARRAY[", join(", ", keys), "], NULL)")
        return sql(f"CASE WHEN {any_fired} THEN ", listed, " ELSE '{}'::text[] END")


def _weighted(card: Scorecard) -> list[tuple[Indicator, int]]:
    """The indicators of a scorecard, each with its share of the whole in units of 1e-8."""
    return [
        (indicator, dimension.weight * indicator.weight)
        for dimension in card.dimensions
        for indicator in dimension.indicators
    ]


def _band_tree(column: str, bands: Sequence[Band], weight: int) -> Fragment:
    """Weight × points of the band that holds the column's value, by halving the bands at each comparison."""
    if len(bands) == 1:
        return value(weight * bands[0].points, "bigint")
    middle = len(bands) // 2
    below = sql(f"{column} < ", value(bands[middle].lo, "float8"))
    return _case(
        [(below, _band_tree(column, bands[:middle], weight))], _band_tree(column, bands[middle:], weight)
    )


def _case(branches: Iterable[tuple[Fragment, Fragment]], otherwise: Fragment) -> Fragment:
    written = [sql(" WHEN ", condition, " THEN ", result) for condition, result in branches]
    return sql("CASE", *written, " ELSE ", otherwise, " END") if written else otherwise


def _call(function: str, arguments: list[Fragment]) -> Fragment:
    return sql(f"{function}(", join(", ", arguments), ")")
