"""A million moves, made by SQL: cases that begin day by day, go as far as their number says, and end as it says."""

from django.db import transaction

from tiering.bench.rows import execute

CASE_SHARE = 0.3
"""Cases for each move."""
CASES = """
INSERT INTO funnel_case (code, client_id, product, amount, currency, source, reason, stage_id, entered_stage_at, version,
                         opened_by_id, created_at)
SELECT 'B' || i, c.ids[1 + i %% array_length(c.ids, 1)], (ARRAY['term_loan', 'lease', 'guarantee'])[1 + i %% 3],
       1000 * (1 + i %% 977), 'CNY', (ARRAY['web', 'referral', ''])[1 + i %% 3], '', (%(stages)s)[1], now(), 1, %(user)s,
       timestamptz '2019-01-01' + (i %% 2500) * interval '1 day'
FROM generate_series(1, %(cases)s) i, (SELECT array_agg(id) AS ids FROM crm_client) c
"""
MOVES = """
INSERT INTO funnel_stagemove (case_id, from_stage_id, to_stage_id, moved_by_id, moved_at, amount, reason, comment)
SELECT k.id, CASE WHEN n > 0 THEN (%(stages)s)[n] END,
       CASE WHEN n = 4 AND k.id %% 2 = 0 THEN (%(stages)s)[6] ELSE (%(stages)s)[n + 1] END, %(user)s,
       k.created_at + n * (5 + k.id %% 71) * interval '1 day', k.amount, '', ''
FROM funnel_case k, generate_series(0, 4) n
WHERE n <= (k.id * 7919) %% 5 + CASE WHEN k.id %% 2 = 0 THEN 1 ELSE 0 END
ORDER BY k.created_at + n * (5 + k.id %% 71) * interval '1 day', k.id, n
"""
LAST = """
UPDATE funnel_case k SET stage_id = m.to_stage_id, entered_stage_at = m.moved_at
FROM (SELECT DISTINCT ON (case_id) * FROM funnel_stagemove ORDER BY case_id, id DESC) m WHERE m.case_id = k.id
"""

OPEN = """
INSERT INTO funnel_case (code, client_id, product, amount, currency, source, reason, stage_id, entered_stage_at, version,
                         opened_by_id, created_at, expected_close, next_step, next_step_on)
SELECT 'O' || i, c.ids[1 + i %% array_length(c.ids, 1)], (ARRAY['term_loan', 'lease', 'guarantee'])[1 + i %% 3],
       1000 * (1 + i * 7919::bigint %% 99991), CASE WHEN i %% 10 = 0 THEN 'USD' ELSE 'CNY' END, '', '',
       (%(stages)s)[1 + i %% array_length(%(stages)s, 1)], now() - (i %% 90) * interval '1 day', 1, %(user)s,
       now() - (i %% 90) * interval '1 day', current_date + i %% 367,
       CASE WHEN i %% 5 = 0 THEN 'Ask for the statements' ELSE '' END,
       CASE WHEN i %% 5 = 0 THEN current_date + i %% 31 END
FROM generate_series(1, %(cases)s) i, (SELECT array_agg(id) AS ids FROM crm_client) c
"""
OPENED = """
INSERT INTO funnel_stagemove (case_id, to_stage_id, moved_by_id, moved_at, amount, reason, comment)
SELECT id, stage_id, %(user)s, created_at, amount, '', '' FROM funnel_case ORDER BY created_at, id
"""


def make_past(moves: int, stages: list[int], user: int) -> None:
    """About so many moves over six stages, the fifth of which wins and the sixth loses."""
    _make({"cases": int(moves * CASE_SHARE), "stages": stages, "user": user}, CASES, MOVES, LAST)


def make_open_cases(cases: int, stages: list[int], user: int) -> None:
    """So many open cases, spread over the stages, two currencies and the days of a year; a case has the move that opened
    it, every fifth a next step."""
    _make({"cases": cases, "stages": stages, "user": user}, OPEN, OPENED)


def _make(given: dict[str, object], *statements: str) -> None:
    tables = ("funnel_case", "funnel_stagemove")
    with transaction.atomic():  # made-up rows need no history
        for table in tables:
            execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            execute(statement, given)
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for table in tables:
        execute(f"VACUUM ANALYZE {table}")
