"""The statement that finds what indicators hold of which clients, from the ledger of facts alone.

It is a SELECT of ``client_id``, ``indicator``, ``facts_id``, ``then_id`` and ``values``, a row for each that holds. Its
named parameters are ``as_of``, ``day`` and those of the scope. Facts of the past are looked up row by row through the
index that begins with the client, for few clients as for a range.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tiering.core.catalogue import METRICS
from tiering.core.conditions import metrics_of
from tiering.core.metric import Catalogue
from tiering.core.sql import Fragment, compile_condition, join, sql, value
from tiering.core.warning_readings import OF_A_FACILITY, Covenants, Partner, with_readings
from tiering.core.warnings import Indicator, Trigger, Warnings
from tiering.facts import local_day
from tiering.facts.facilities import FIGURES
from tiering.facts.reading import values_of
from tiering.services.prepared import with_constants
from tiering.services.staging import named
from tiering.warnings.columns import NOW, columns_of, then, values_kept

IN_FORCE = "{0}.valid_to IS NULL"
AT_THE_MOMENT = "{0}.valid_from <= %(as_of)s AND ({0}.valid_to IS NULL OR {0}.valid_to > %(as_of)s)"


@dataclass(frozen=True)
class Scope:
    """Whose facts are looked at: a condition on ``{0}.client_id``; `partners` that of the clients whose partners may
    have changed. `held` says which facts are meant: those in force, or those of the moment."""

    clients: str
    partners: str
    params: dict[str, Any] = field(default_factory=dict)
    held: str = IN_FORCE


def of_clients(clients: Sequence[int]) -> Scope:
    """These clients; and where others count, whoever shares a project with one of them or is connected with it too."""
    return Scope(
        "{0}.client_id = ANY(%(clients)s::bigint[])",
        f"{{0}}.client_id = ANY(%(clients)s::bigint[] || ARRAY({PARTNERS}))",
        {"clients": list(clients)},
    )


def of_range(first: int, last: int, held: str = IN_FORCE) -> Scope:
    """The clients with ids from `first` to `last`."""
    within = "{0}.client_id BETWEEN %(first)s AND %(last)s"
    return Scope(within, within, {"first": first, "last": last}, held)


def of_every(step: int) -> Scope:
    """One in so many clients, by their facts of the moment."""
    sampled = "{0}.client_id %% %(step)s = 0"
    return Scope(sampled, sampled, {"step": step}, AT_THE_MOMENT)


TAKES_PART = "({0}.since IS NULL OR {0}.since <= %(day)s) AND ({0}.until IS NULL OR {0}.until > %(day)s)"

PARTNERS = f"""SELECT o.client_id FROM crm_participation m JOIN crm_participation o ON o.project_id = m.project_id
    WHERE m.client_id = ANY(%(clients)s::bigint[]) AND {TAKES_PART.format("m")} AND {TAKES_PART.format("o")}
    UNION SELECT o.id FROM unnest(%(clients)s::bigint[]) AS m (id), crm_connected(m.id, %(day)s) AS o (id)"""


def finding(
    warnings: Warnings, scope: Scope, as_of: datetime, catalogue: Catalogue
) -> tuple[str, dict[str, Any]]:
    """The statement for the indicators of clients, and its parameters. Without such indicators it finds nothing."""
    return compiled(warnings, scope, catalogue), params_of(scope, as_of)


def params_of(scope: Scope, as_of: datetime) -> dict[str, Any]:
    """The parameters of the statement for a scope at a moment."""
    return {**scope.params, "as_of": as_of, "day": local_day(as_of)}


def compiled(warnings: Warnings, scope: Scope, catalogue: Catalogue) -> str:
    """The statement alone: the same for every scope of a kind and every moment."""
    own = [one for one in warnings.of_clients if not _asks_partners(one)]
    shared = [one for one in warnings.of_clients if _asks_partners(one)]
    parts = [
        _select(indicators, where, scope.held, catalogue)
        for indicators, where in ((own, scope.clients), (shared, scope.partners))
        if indicators
    ]
    return " UNION ALL ".join(parts) or NOTHING


NOTHING = """SELECT NULL::bigint AS client_id, NULL::text AS indicator, NULL::bigint AS facts_id,
NULL::bigint AS then_id, NULL::jsonb AS values WHERE %(as_of)s::timestamptz IS NULL"""


def _asks_partners(indicator: Indicator) -> bool:
    return indicator.trigger is not None and indicator.trigger.asks_partners


def _select(indicators: Sequence[Indicator], where: str, held: str, catalogue: Catalogue) -> str:
    triggers = [(one.key, one.trigger) for one in indicators if one.trigger]
    names = sorted({name for _, trigger in triggers for name in _partners(trigger)})
    aliases = {name: f"p{number}" for number, name in enumerate(names)}
    spans = sorted(set().union(*(trigger.spans for _, trigger in triggers)))
    joins = [_then(days) for days in spans]
    if any(isinstance(one, Covenants) for _, trigger in triggers for one in trigger.readings.values()):
        joins.append(Fragment(COVENANTS))
    partners = {name: one for _, trigger in triggers for name, one in _partners(trigger).items()}
    if any(one.through == "connected" for one in partners.values()):
        joins.append(Fragment(_escaped(GROUPS)))
    joins += [_partner(partners[name], alias, held, catalogue) for name, alias in aliases.items()]
    rows = join(", ", (_row(key, trigger, aliases, catalogue) for key, trigger in triggers))
    oldest = f"{then(spans[-1])}.id" if spans else "NULL::bigint"
    text = sql(
        f"SELECT f.client_id, i.indicator, f.id AS facts_id, {oldest} AS then_id, i.values FROM tiering_facts {NOW} ",
        *joins,
        "CROSS JOIN LATERAL (VALUES ", rows, ") AS i (indicator, values) ",
        f"WHERE i.values IS NOT NULL AND {_escaped(where.format(NOW))} AND {_escaped(held.format(NOW))}",
    )  # fmt: skip
    return with_constants(*named((text.text, text.params), "w"))


def _row(key: str, trigger: Trigger, aliases: dict[str, str], catalogue: Catalogue) -> Fragment:
    """An indicator, with what it read where it holds."""
    asked = {name: aliases[name] for name in _partners(trigger)}
    columns = columns_of(trigger, catalogue, DAY, {name: f"{alias}.number" for name, alias in asked.items()})
    condition = compile_condition(trigger.when, columns, with_readings(catalogue, trigger.readings))
    kept = values_kept(trigger, catalogue, DAY, {name: f"{alias}.ids" for name, alias in asked.items()})
    return sql("(", value(key, "text"), ", CASE WHEN ", Fragment(*condition), " THEN ", kept, " END)")


def _partners(trigger: Trigger) -> dict[str, Partner]:
    return {name: one for name, one in trigger.readings.items() if isinstance(one, Partner)}


def _then(days: int) -> Fragment:
    alias = then(days)
    return Fragment(_escaped(THEN.format(alias=alias, days=int(days))))


def _partner(reading: Partner, alias: str, held: str, catalogue: Catalogue) -> Fragment:
    inner = compile_condition(reading.when, values_of(_metrics(reading), "g", catalogue), catalogue)
    before, after = (
        OTHERS[reading.through]
        .format(
            alias=alias,
            held=held.format("g"),
            m=TAKES_PART.format("m"),
            o=TAKES_PART.format("o"),
            condition="\0",
        )
        .split("\0")
    )
    return sql(_escaped(before), Fragment(*inner), _escaped(after))


def _metrics(reading: Partner) -> frozenset[str]:
    return metrics_of(reading.when)


def _escaped(text: str) -> str:
    """Named parameters, kept as they are while those of conditions are named."""
    return text.replace("%", "%%")


DAY = "%%(day)s::date"

THEN = """LEFT JOIN LATERAL (
    SELECT * FROM tiering_facts h WHERE h.client_id = f.client_id
    AND h.valid_from <= %(as_of)s::timestamptz - interval '{days} days'
    AND (h.valid_to IS NULL OR h.valid_to > %(as_of)s::timestamptz - interval '{days} days')
    ORDER BY h.valid_from DESC LIMIT 1
) {alias} ON true
"""

COVENANTS = """LEFT JOIN LATERAL (
    SELECT jsonb_agg(c.id ORDER BY c.id) FILTER (WHERE NOT c.is_kept) AS breached,
           jsonb_agg(c.id ORDER BY c.id) FILTER (WHERE c.is_kept IS NULL) AS untested
    FROM (
        SELECT v.id, CASE WHEN v.read > '-Infinity' AND v.read < 'Infinity' THEN CASE v.op
            WHEN '<' THEN v.read < v.value WHEN '<=' THEN v.read <= v.value
            WHEN '>' THEN v.read > v.value ELSE v.read >= v.value END END AS is_kept
        FROM (
            SELECT a.id, a.op, a.value, CASE WHEN a.facility_id IS NOT NULL AND a.metric IN ({own_metrics})
                THEN (SELECT (to_jsonb(own) ->> a.metric)::float8 FROM ({own}) own)
                ELSE (coalesce(to_jsonb(f) ->> a.metric, f.custom ->> a.metric))::float8 END AS read
            FROM tiering_covenant a WHERE a.client_id = f.client_id AND a.starts_on <= %%(day)s::date
            AND (a.ends_on IS NULL OR a.ends_on >= %%(day)s::date)
            AND NOT EXISTS (SELECT FROM crm_facility g WHERE g.id = a.facility_id AND g.closed_on <= %%(day)s::date)
        ) AS v
    ) AS c
) k ON true
""".format(
    own=FIGURES.format(day="%%(day)s::date", facility="a.facility_id"),
    own_metrics=", ".join(f"'{metric}'" for metric in sorted(OF_A_FACILITY)),
)

PARTNER = """LEFT JOIN LATERAL (
    SELECT count(DISTINCT o.client_id)::float8 AS number, jsonb_agg(DISTINCT o.client_id) AS ids
    FROM crm_participation m
    JOIN crm_participation o ON o.project_id = m.project_id AND o.client_id <> m.client_id
    JOIN tiering_facts g ON g.client_id = o.client_id AND {held}
    WHERE m.client_id = f.client_id AND {m} AND {o} AND {condition}
) {alias} ON true
"""

# Climbed once for all indicators; and most clients stand alone: nobody climbs where there is nothing to climb.
GROUPS = """LEFT JOIN LATERAL (
    SELECT ARRAY(SELECT o.id FROM crm_connected(f.client_id, %(day)s) AS o (id) WHERE o.id <> f.client_id) AS ids
    WHERE EXISTS (SELECT FROM crm_relation r WHERE r.client_id = f.client_id)
    OR EXISTS (SELECT FROM crm_relation r WHERE r.party_id = f.client_id)
) y ON true
"""

CONNECTED = """LEFT JOIN LATERAL (
    SELECT count(*)::float8 AS number, jsonb_agg(g.client_id) AS ids
    FROM tiering_facts g WHERE g.client_id = ANY(y.ids) AND {held} AND {condition}
) {alias} ON true
"""

OTHERS: Mapping[str, str] = {"partner": PARTNER, "connected": CONNECTED}


def core_catalogue(warnings: Warnings) -> bool:
    """Whether all metrics that the indicators name are Strata's, so that the statement can be kept."""
    read = set().union(*(one.trigger.metrics for one in warnings.of_clients if one.trigger))
    asked = [name for one in warnings.of_clients if one.trigger for name in _partners(one.trigger).values()]
    return (read | set().union(*(_metrics(one) for one in asked))) <= METRICS.keys()
