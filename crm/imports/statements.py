"""Financial statements: one per client, period and day of receipt; other figures than before make a restatement."""

from crm.imports.batch import Batch
from crm.imports.kinds.records import FIGURES
from crm.imports.merging import differs, given, merged
from crm.imports.refusals import refuse_dates
from crm.imports.resolve import find_clients

EXTRA = {"client_id": "bigint", "receipt": "date", "base_id": "bigint", "target_id": "bigint"}
FIELDS = ("audited", "source", *FIGURES)
DEFAULTS = {"audited": "false", "source": "''"}


def check(batch: Batch) -> None:
    """Set the outcome of every row."""
    find_clients(batch)
    batch.run("UPDATE import_clean SET receipt = coalesce(received_on, %(today)s)")
    refuse_dates(batch, "period_end")
    batch.settle_refusals()
    fields = given(batch, FIELDS)
    batch.settle_repeats(["client_id", "period_end", "receipt"], fields)
    _find_statements(batch)
    batch.run(
        f"""UPDATE import_clean n SET outcome = CASE WHEN s.id IS NULL THEN 'create'
                WHEN NOT ({differs(fields, "m", "s")}) THEN 'same'
                WHEN m.target_id IS NULL THEN 'create' ELSE 'update' END
            FROM import_clean m LEFT JOIN crm_financialstatement s ON s.id = m.base_id
            WHERE m.line = n.line AND n.outcome IS NULL"""
    )


def write(batch: Batch) -> None:
    """Write what `check` found to be new or changed. A restatement keeps the figures it does not give."""
    values = [f"coalesce(n.{name}, s.{name}, {DEFAULTS.get(name, 'NULL')})" for name in FIELDS]
    batch.records["statements"] = batch.run(
        f"""INSERT INTO crm_financialstatement (client_id, period_end, received_on, {", ".join(FIELDS)}, created_at)
            SELECT n.client_id, n.period_end, n.receipt, {", ".join(values)}, now()
            FROM import_clean n LEFT JOIN crm_financialstatement s ON s.id = n.base_id
            WHERE n.outcome = 'create' ORDER BY n.line"""
    )
    batch.records["statements_changed"] = batch.run(
        f"""UPDATE crm_financialstatement s SET {merged(FIELDS, "n", "s")}
            FROM import_clean n WHERE s.id = n.target_id AND n.outcome = 'update'"""
    )


def _find_statements(batch: Batch) -> None:
    """`base_id` is what a row is compared with: the statement of that receipt, or the latest where none is given.

    `target_id` is the one it would change: that of the same day of receipt.
    """
    batch.run(
        """UPDATE import_clean n SET base_id = b.id,
               target_id = CASE WHEN b.received_on = n.receipt THEN b.id END
           FROM (SELECT DISTINCT ON (m.line) m.line, s.id, s.received_on
                 FROM import_clean m JOIN crm_financialstatement s ON s.client_id = m.client_id
                     AND s.period_end = m.period_end AND (m.received_on IS NULL OR s.received_on = m.received_on)
                 WHERE m.outcome IS NULL ORDER BY m.line, s.received_on DESC) b
           WHERE b.line = n.line"""
    )
    batch.run(
        "SELECT FROM crm_financialstatement WHERE id IN (SELECT target_id FROM import_clean) FOR UPDATE"
    )
