"""Revenue: one amount per client, project, month and source; another amount than before makes a restatement."""

from crm.imports.batch import Batch
from crm.imports.refusals import refuse_dates
from crm.imports.resolve import find_clients

EXTRA = {
    "client_id": "bigint",
    "project_id": "bigint",
    "receipt": "date",
    "base_id": "bigint",
    "target_id": "bigint",
}


def check(batch: Batch) -> None:
    """Set the outcome of every row."""
    find_clients(batch)
    _find_projects(batch)
    batch.run(
        "UPDATE import_clean SET receipt = coalesce(received_on, %(today)s), source = coalesce(source, '')"
    )
    refuse_dates(batch, "month")
    batch.settle_refusals()
    batch.settle_repeats(["client_id", "project_id", "month", "source", "receipt"], ["amount"])
    _find_revenue(batch)
    batch.run(
        """UPDATE import_clean n SET outcome = CASE WHEN r.id IS NULL THEN 'create'
               WHEN r.amount = m.amount THEN 'same' WHEN m.target_id IS NULL THEN 'create' ELSE 'update' END
           FROM import_clean m LEFT JOIN crm_revenue r ON r.id = m.base_id
           WHERE m.line = n.line AND n.outcome IS NULL"""
    )


def write(batch: Batch) -> None:
    """Write what `check` found to be new or changed."""
    batch.records["revenue"] = batch.run(
        """INSERT INTO crm_revenue (client_id, project_id, month, amount, received_on, source, created_at)
           SELECT client_id, project_id, month, amount, receipt, source, now()
           FROM import_clean WHERE outcome = 'create' ORDER BY line"""
    )
    batch.records["revenue_changed"] = batch.run(
        """UPDATE crm_revenue r SET amount = n.amount
           FROM import_clean n WHERE r.id = n.target_id AND n.outcome = 'update'"""
    )


def _find_projects(batch: Batch) -> None:
    """Set `project_id` from the code of a project that the client takes part in; any other is refused."""
    batch.run(
        """UPDATE import_clean n SET project_id = p.id FROM crm_project p
           WHERE p.code = n.project
           AND EXISTS (SELECT FROM crm_participation a WHERE a.project_id = p.id AND a.client_id = n.client_id)"""
    )
    batch.refuse(
        "not_the_clients_project",
        "project",
        "n.client_id IS NOT NULL AND n.project IS NOT NULL AND n.project_id IS NULL",
        params="jsonb_build_object('value', n.project)",
    )


def _find_revenue(batch: Batch) -> None:
    """`base_id` is what a row is compared with: the amount of that receipt, or the latest where none is given.

    `target_id` is the one it would change: that of the same day of receipt.
    """
    batch.run(
        """UPDATE import_clean n SET base_id = b.id,
               target_id = CASE WHEN b.received_on = n.receipt THEN b.id END
           FROM (SELECT DISTINCT ON (m.line) m.line, r.id, r.received_on
                 FROM import_clean m JOIN crm_revenue r ON r.client_id = m.client_id AND r.month = m.month
                     AND r.project_id IS NOT DISTINCT FROM m.project_id AND r.source = m.source
                     AND (m.received_on IS NULL OR r.received_on = m.received_on)
                 WHERE m.outcome IS NULL ORDER BY m.line, r.received_on DESC) b
           WHERE b.line = n.line"""
    )
    batch.run("SELECT FROM crm_revenue WHERE id IN (SELECT target_id FROM import_clean) FOR UPDATE")
