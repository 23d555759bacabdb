"""A criteria document as one set-based SQL statement for Postgres 16 and later.

The statement is nested in levels, each fenced with ``OFFSET 0`` so that Postgres computes what a level yields once
and does not inline it into every use above. A level that the document does not need is not written:

1. *read*: which scorecard applies, which gates fire, which overlays apply, and values that are too old dropped
2. *summed*: the weighted points, and whether the result is provisional; one level with *read* where no age is limited
3. *scored*: the score, where something can be left out, and those of the axes of a matrix
4. *placed*: the tier by placement alone, and after the gates that fired
5. *gated*: the same as one column, and the tier after overlays
6. the tier after the migration policy

``compile_scores.py`` writes levels 1 to 3, ``compile_tiers.py`` the rest.
"""

from collections.abc import Sequence

from tiering.core.catalogue import METRICS
from tiering.core.compile_scores import Scores, metric_columns
from tiering.core.compile_tiers import Tiers
from tiering.core.document import Document
from tiering.core.metric import Catalogue
from tiering.core.sql import Compiled, Fragment, join, level, quoted, sql
from tiering.core.terms import NOWHERE, Terms


def compile_assessment(
    document: Document,
    relation: str,
    keys: Sequence[str] = ("client_id",),
    terms: Terms = NOWHERE.terms,
    catalogue: Catalogue = METRICS,
    in_order: bool = False,
) -> Compiled:
    """A SELECT that assesses every row of ``relation`` by a checked document, and its parameters.

    ``relation`` names a table, view or preceding CTE (``name`` or ``schema.name``) with the columns ``keys``; one
    column per metric in ``document.metrics``, double precision for a number and text for a category; for each metric
    in ``document.aged_metrics`` an integer ``<metric>@days``, how many days old the value is (NULL: unknown); and,
    when the document has a migration policy, the smallint ``held_rank`` (NULL: no tier is in force yet) and the
    integer ``held_days`` beside it.

    A row comes out for each row that goes in: ``keys``; ``scorecard`` text; ``score`` bigint; ``model_tier``,
    ``base_tier``, ``overlay_tier`` and ``tier`` smallint; ``provisional`` boolean; ``gates`` and ``overlays`` text[];
    all with the meaning they have in ``evaluate.Assessment`` under ``terms``. ``in_order``: in the order of the first
    key, so that a relation which is read in that order is merged with others as it comes. Raises KeyError when the
    document reads a metric that the catalogue does not have, or places by rank and the terms hold no thresholds for it.
    """
    columns = metric_columns(document, catalogue)
    own = list(map(quoted, keys))
    order = own[0] if in_order else None
    scores, tiers = Scores(document, columns, catalogue, order), Tiers(document, terms, columns, catalogue)
    fired = tiers.fired()
    scored = scores.over(relation, [*own, *tiers.held], fired)
    kept = [*own, *tiers.held, *fired, "_card", "_score", "_provisional"]
    placed = level(kept, tiers.placed(), scored, order)
    gated = level([*kept, *tiers.placed()], tiers.gated(), placed, order)
    results = [Fragment(f"f.{key}") for key in own] + tiers.finished()
    finished = sql("SELECT ", join(", ", results), " FROM ", gated, " AS f")
    return finished.text, finished.params
