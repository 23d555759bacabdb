"""Cases and their moves, written as sets from what the check found to be new."""

from crm.imports.batch import Batch
from crm.imports.resolve import add_references
from funnel.imports import parties, stages
from funnel.imports.dated_columns import EVENT

FRESH = f"""
    SELECT n.*, e.stage AS entered, e.at, e.place, s.id AS stage_id
    FROM {EVENT} e JOIN import_clean n ON n.line = e.line
    JOIN funnel_stage s ON s.pipeline_id = %(pipeline)s AND s.key = e.stage
    WHERE n.outcome IN ('create', 'update') AND NOT e.dropped
"""
LAST = "(array_agg({0} ORDER BY place DESC) FILTER (WHERE {0} IS NOT NULL))[1]"


def write(batch: Batch) -> None:
    """Write what `check` found to be new; where that is nothing, no pipeline is made either."""
    if not batch.rows("SELECT FROM import_clean WHERE outcome IN ('create', 'update') LIMIT 1"):
        return
    pipeline = stages.make(batch).pk
    add_references(batch)
    parties.make(batch)
    batch.temporary("import_fresh", FRESH, pipeline=pipeline)
    batch.records["reasons"] = _add_reasons(batch)
    batch.records["cases"] = _insert_cases(batch)
    batch.run(
        "UPDATE import_fresh f SET case_id = c.id FROM funnel_case c WHERE f.case_id IS NULL AND c.code = f.code"
    )
    batch.records["moves"] = _insert_moves(batch)
    batch.records["cases_changed"] = _go_on(batch)


def _add_reasons(batch: Batch) -> int:
    """Set `reason` to the key of a closing reason of the stage; one that is not known is made, or told as a comment."""
    batch.run(
        """UPDATE import_fresh f SET comment = concat_ws(': ', f.reason, f.comment), reason = NULL FROM funnel_stage s
           WHERE s.id = f.stage_id AND s.outcome = 'open' AND f.reason IS NOT NULL"""
    )
    made = _make_reasons(batch) if batch.may_add_reference_data else 0
    batch.run("ALTER TABLE import_fresh ADD COLUMN reason_key text")
    batch.run(
        """UPDATE import_fresh f SET reason_key = r.key FROM funnel_closingreason r WHERE r.stage_id = f.stage_id
           AND lower(f.reason) IN (lower(r.key), lower(r.name_en), lower(r.name_zh))"""
    )
    batch.run(
        """UPDATE import_fresh SET comment = concat_ws(': ', reason, comment)
           WHERE reason IS NOT NULL AND reason_key IS NULL"""
    )
    return made


def _make_reasons(batch: Batch) -> int:
    return batch.run(
        f"""INSERT INTO funnel_closingreason (stage_id, key, name_en, name_zh, position, is_retired)
            SELECT stage_id, {parties.MADE_CODE.format("min(reason)")}, min(reason),
                   CASE WHEN min(reason) ~ {parties.CHINESE} THEN min(reason) ELSE '' END,
                   99 + row_number() OVER (PARTITION BY stage_id ORDER BY min(reason)), false
            FROM import_fresh f WHERE reason IS NOT NULL AND NOT EXISTS (
                SELECT FROM funnel_closingreason r WHERE r.stage_id = f.stage_id
                AND lower(f.reason) IN (lower(r.key), lower(r.name_en), lower(r.name_zh)))
            GROUP BY stage_id, lower(reason)"""
    )


def _insert_cases(batch: Batch) -> int:
    """A case is what its last event makes it; what only some rows say counts wherever they say it."""
    return batch.run(
        f"""INSERT INTO funnel_case (code, client_id, project_id, product, amount, currency, expected_close, source,
                                     reason, stage_id, entered_stage_at, version, opened_by_id, created_at)
            SELECT code, min(client_id), min(project_id), coalesce({LAST.format("product")}, ''),
                   coalesce({LAST.format("amount")}, 0), {LAST.format("currency")}, {LAST.format("expected_close")},
                   coalesce({LAST.format("source")}, ''), coalesce((array_agg(reason_key ORDER BY place DESC))[1], ''),
                   {LAST.format("stage_id")}, {LAST.format("at")}, count(*),
                   coalesce((array_agg(by_id ORDER BY place))[1], %(user)s), min(at)
            FROM import_fresh WHERE case_id IS NULL GROUP BY code ORDER BY code"""
    )


def _insert_moves(batch: Batch) -> int:
    """In the order of each case, which their ids keep; the tier is what the client was in at the time."""
    return batch.run(
        """INSERT INTO funnel_stagemove (case_id, from_stage_id, to_stage_id, tier_id, amount, reason, moved_by_id,
                                         moved_at, comment, imported_by_id)
           SELECT f.case_id,
                  coalesce(lag(f.stage_id) OVER (PARTITION BY f.case_id ORDER BY f.place), k.stage_id),
                  f.stage_id, t.tier_id, f.amount, coalesce(f.reason_key, ''), coalesce(f.by_id, %(user)s), f.at,
                  coalesce(f.comment, ''), %(job)s
           FROM import_fresh f
           LEFT JOIN funnel_case k ON k.id = f.case_id AND f.outcome = 'update'
           LEFT JOIN (
               SELECT a.client_id, a.tier_id, a.valid_from, a.valid_to FROM tiering_assignment a
               JOIN tiering_tierscheme s ON s.id = a.scheme_id AND s.is_primary
           ) t ON t.client_id = f.client_id AND t.valid_from <= f.at AND (t.valid_to IS NULL OR t.valid_to > f.at)
           ORDER BY f.case_id, f.place"""
    )


def _go_on(batch: Batch) -> int:
    return batch.run(
        f"""UPDATE funnel_case c SET stage_id = f.stage_id, entered_stage_at = f.at, version = c.version + f.moves,
                amount = coalesce(f.amount, c.amount), reason = f.reason
            FROM (SELECT case_id, {LAST.format("stage_id")} AS stage_id, {LAST.format("at")} AS at, count(*) AS moves,
                         {LAST.format("amount")} AS amount,
                         coalesce((array_agg(reason_key ORDER BY place DESC))[1], '') AS reason
                  FROM import_fresh WHERE outcome = 'update' GROUP BY case_id) f
            WHERE c.id = f.case_id"""
    )
