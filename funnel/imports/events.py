"""What becomes of each row of a file of stage events, compared with the cases that are known.

A case comes in whole or not at all: where one of its rows is refused, the others are too. A case that is known goes on:
events that are known are the same, later ones are added, earlier ones refused.
"""

from crm.imports.batch import Batch
from crm.imports.resolve import find_references
from funnel.imports import dated_columns, parties, stages
from funnel.imports.dated_columns import EVENT
from funnel.imports.undoing import take_back
from funnel.imports.writing import write
from funnel.models import Pipeline, book_currency

__all__ = ["EXTRA", "check", "take_back", "write"]

EXTRA = {
    "client_id": "bigint",
    "client_code": "text",
    "project_id": "bigint",
    "project_code": "text",
    "industry_id": "bigint",
    "region_id": "bigint",
    "by_id": "bigint",
    "case_id": "bigint",
}
CODE = "jsonb_build_object('value', n.code)"
WITH_EVENTS = f"import_clean n, {EVENT} e"


def check(batch: Batch) -> None:
    """Set the outcome of every row."""
    dated_columns.gather(batch)
    find_references(batch)
    parties.resolve(batch)
    pipeline = stages.resolve(batch)
    batch.run("UPDATE import_clean SET currency = upper(coalesce(currency, %(book)s))", book=book_currency())
    batch.run("UPDATE import_clean n SET case_id = c.id FROM funnel_case c WHERE c.code = n.code")
    batch.run("SELECT FROM funnel_case WHERE id IN (SELECT case_id FROM import_clean) ORDER BY id FOR UPDATE")
    _refuse_broken(batch)
    _refuse_strange_cases(batch, pipeline)
    batch.settle_refusals()
    _order(batch)
    _refuse_whole_cases(batch)
    _settle(batch)


def _refuse_broken(batch: Batch) -> None:
    batch.refuse(
        "not_a_currency",
        "currency",
        "n.currency !~ '^[A-Z]{3}$'",
        params="jsonb_build_object('value', n.currency)",
    )
    batch.refuse(
        "negative_amount", "amount", "n.amount < 0", params="jsonb_build_object('value', n.amount::text)"
    )
    batch.refuse(
        "date_in_future",
        "entered_at",
        "e.line = n.line AND e.at > now()",
        tables=WITH_EVENTS,
        params="jsonb_build_object('value', e.at::date, 'today', %(today)s::date)",
    )


def _refuse_strange_cases(batch: Batch, pipeline: Pipeline | None) -> None:
    """Rows whose case is somebody else's, in another pipeline, or of two clients at once."""
    known = "import_clean n JOIN funnel_case c ON c.id = n.case_id JOIN crm_client k ON k.id = c.client_id"
    batch.refuse("case_code_reserved", "code", "n.case_id IS NULL AND n.code ~ '^FC[0-9]+$'", params=CODE)
    batch.refuse(
        "code_unavailable", "code", f"({batch.holdable('k')}) IS NOT TRUE", tables=known, params=CODE
    )
    batch.refuse(
        "case_of_another_client",
        "client",
        f"{batch.holdable('k')} AND c.client_id IS DISTINCT FROM n.client_id",
        tables=known,
        params=CODE,
    )
    batch.refuse(
        "case_of_another_pipeline",
        "code",
        f"{batch.holdable('k')} AND s.pipeline_id IS DISTINCT FROM %(pipeline)s::bigint",
        tables=f"{known} JOIN funnel_stage s ON s.id = c.stage_id",
        params=CODE,
        pipeline=pipeline.pk if pipeline else None,
    )
    batch.refuse(
        "case_says_otherwise",
        "client",
        "f.code = n.code AND f.line < n.line AND n.client IS DISTINCT FROM f.client",
        tables="""import_clean n, (SELECT DISTINCT ON (code) code, line, client FROM import_clean
                  WHERE code IS NOT NULL ORDER BY code, line) f""",
        params="jsonb_build_object('line', f.line)",
    )


def _order(batch: Batch) -> None:
    """Number the events of each case, and drop those that are known, said twice or change nothing.

    Dated columns tell one event for each stage, which follow each other as the stages do, whatever their dates say:
    dates that run backwards are kept as they are, and counted. Other events follow their dates.
    """
    batch.run(
        f"""UPDATE {EVENT} e SET dropped = true FROM import_clean n JOIN funnel_stagemove m ON m.case_id = n.case_id
                JOIN funnel_stage s ON s.id = m.to_stage_id
            WHERE e.line = n.line AND s.key = e.stage AND m.moved_at = e.at"""
    )
    batch.run(
        f"""WITH placed AS (
                SELECT e.ctid AS row, row_number() OVER (
                    PARTITION BY e.code ORDER BY CASE WHEN c.dated THEN e.position END, e.at, e.position, e.line
                ) AS place
                FROM {EVENT} e JOIN (SELECT code, bool_or(dated) AS dated FROM {EVENT} GROUP BY code) c USING (code)
                WHERE NOT e.dropped
            ) UPDATE {EVENT} e SET place = p.place FROM placed p WHERE p.row = e.ctid"""
    )
    batch.run(
        f"""UPDATE {EVENT} e SET dropped = true FROM {EVENT} f
            WHERE f.code = e.code AND f.place = e.place - 1 AND f.stage = e.stage"""
    )
    batch.refuse(
        "before_what_is_known",
        "entered_at",
        "e.line = n.line AND NOT e.dropped AND c.id = n.case_id AND e.at <= c.entered_stage_at",
        tables=f"{WITH_EVENTS}, funnel_case c",
        params="jsonb_build_object('since', c.entered_stage_at::date)",
    )
    batch.settle_refusals()


def _refuse_whole_cases(batch: Batch) -> None:
    batch.refuse(
        "case_incomplete",
        "code",
        "f.code = n.code",
        tables="""import_clean n, (SELECT s.code, min(s.line) AS line FROM import_clean s
                  WHERE s.outcome = 'refuse' AND s.code IS NOT NULL GROUP BY s.code) f""",
        params="jsonb_build_object('line', f.line)",
    )
    batch.settle_refusals()


def _settle(batch: Batch) -> None:
    batch.run(
        f"""UPDATE import_clean n SET outcome = CASE WHEN f.fresh AND n.case_id IS NULL THEN 'create'
                WHEN f.fresh THEN 'update' WHEN n.case_id IS NULL THEN 'repeat' ELSE 'same' END
            FROM (SELECT line, bool_or(NOT dropped) AS fresh FROM {EVENT} GROUP BY line) f
            WHERE f.line = n.line AND n.outcome IS NULL"""
    )
    [(backwards,)] = batch.rows(
        f"""SELECT count(*) FROM {EVENT} e JOIN {EVENT} f ON f.code = e.code AND f.place = e.place - 1 AND f.at > e.at
            JOIN import_clean n ON n.line = e.line AND n.outcome IN ('create', 'update')"""
    )
    batch.records["backwards"] = backwards
