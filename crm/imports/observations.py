"""Observations of clients, as a whole or within a project: one per client, project, metric, day and source; another
value than before is a further observation."""

from crm import metrics
from crm.imports.batch import Batch
from crm.imports.copying import CopyInto
from crm.imports.refusals import refuse_dates
from crm.imports.resolve import find_clients, find_own_projects
from crm.imports.values import word
from crm.models import CustomMetric, Observation

EXTRA = {"client_id": "bigint", "project_id": "bigint", "receipt": "date", "digest": "text"}


def check(batch: Batch) -> None:
    """Set the outcome of every row and of every value in it."""
    find_clients(batch)
    find_own_projects(batch)
    _refuse_scopes(batch)
    batch.run("UPDATE import_clean SET receipt = coalesce(received_on, %(today)s)")
    refuse_dates(batch, "observed_on")
    batch.refuse(
        "governed_source",
        "source",
        "n.source = ANY(%(governed)s)",
        params="jsonb_build_object('value', n.source)",
        governed=[Observation.GOVERNED, Observation.DECIDED],
    )
    batch.settle_refusals()
    batch.settle_repeats(
        ["client_id", "project_id", "observed_on", "receipt", "source", "metric"], ["digest", "evidence"]
    )
    _compare(batch)
    batch.run(
        """UPDATE import_clean n SET outcome = r.outcome
           FROM (SELECT line, CASE WHEN bool_or(outcome = 'create') THEN 'create'
                                   WHEN bool_or(outcome = 'update') THEN 'update' ELSE 'same' END AS outcome
                 FROM import_compared GROUP BY line) r
           WHERE r.line = n.line AND n.outcome IS NULL"""
    )
    _note_changes(batch)


def write(batch: Batch) -> None:
    """Write the values `check` found to be new or changed, and the metrics that are to be added."""
    _add_metrics(batch)
    batch.records["observations"] = batch.run(
        """INSERT INTO crm_observation
               (client_id, project_id, metric, value, text, observed_on, received_on, source, evidence,
                recorded_by_id, created_at)
           SELECT n.client_id, n.project_id, r.metric, r.value, r.text, n.observed_on, n.receipt, n.source,
                  coalesce(n.evidence, ''), %(user)s::bigint, now()
           FROM import_clean n JOIN import_compared r ON r.line = n.line
           WHERE r.outcome = 'create' ORDER BY n.line"""
    )
    batch.records["observations_changed"] = batch.run(
        """UPDATE crm_observation o SET value = r.value, text = r.text, recorded_by_id = %(user)s::bigint,
               evidence = coalesce(n.evidence, o.evidence)
           FROM import_compared r JOIN import_clean n ON n.line = r.line
           WHERE o.id = r.target_id AND r.outcome = 'update'"""
    )


def _refuse_scopes(batch: Batch) -> None:
    """Some metrics are known of clients as a whole only, others within a project only."""
    known = metrics.importable()
    scopes = (
        (
            "metric_needs_a_project",
            "n.project IS NULL",
            [key for key, one in known.items() if not one.of_clients],
        ),
        (
            "metric_of_clients",
            "n.project IS NOT NULL",
            [key for key, one in known.items() if not one.in_projects],
        ),
    )
    for code, where, keys in scopes:
        batch.refuse(
            code,
            "metric",
            f"{where} AND r.line = n.line AND r.metric = ANY(%(keys)s)",
            tables="import_clean n, import_reading r",
            params="jsonb_build_object('value', r.metric)",
            keys=keys,
        )


def _compare(batch: Batch) -> None:
    """Each value of an accepted row with the latest observation of its key (of its day of receipt, where given)."""
    batch.run("ANALYZE import_reading")
    batch.temporary(
        "import_base",
        """SELECT DISTINCT ON (r.line, r.metric) r.line, r.metric, o.id, o.received_on, o.value, o.text, o.evidence
           FROM import_clean n JOIN import_reading r ON r.line = n.line
               JOIN crm_observation o ON o.client_id = n.client_id AND o.project_id IS NOT DISTINCT FROM n.project_id
                   AND o.metric = r.metric
                   AND o.observed_on = n.observed_on AND o.source = n.source
                   AND (n.received_on IS NULL OR o.received_on = n.received_on)
           WHERE n.outcome IS NULL ORDER BY r.line, r.metric, o.received_on DESC""",
    )
    batch.temporary(
        "import_compared",
        """SELECT r.line, r.metric, r.value, r.text, b.id AS target_id,
                  CASE WHEN b.id IS NULL THEN 'create'
                       WHEN (b.value, b.text, b.evidence) IS NOT DISTINCT FROM
                           (r.value, r.text, coalesce(n.evidence, b.evidence)) THEN 'same'
                       WHEN b.received_on = n.receipt THEN 'update' ELSE 'create' END AS outcome
           FROM import_clean n JOIN import_reading r ON r.line = n.line
               LEFT JOIN import_base b ON b.line = r.line AND b.metric = r.metric
           WHERE n.outcome IS NULL""",
    )


def _note_changes(batch: Batch) -> None:
    shown = "CASE WHEN {0}.text = '' THEN to_jsonb({0}.value) ELSE to_jsonb({0}.text) END"
    batch.run(
        f"""UPDATE import_clean n SET changes = c.changes FROM (
                SELECT r.line, jsonb_object_agg(r.metric, jsonb_build_array({shown.format("b")}, {shown.format("r")}))
                           || CASE WHEN bool_or(b.evidence <> o.evidence)
                              THEN jsonb_build_object('evidence', jsonb_build_array(max(b.evidence), max(o.evidence)))
                              ELSE '{{}}' END AS changes
                FROM import_compared r JOIN import_base b ON b.line = r.line AND b.metric = r.metric
                    JOIN import_clean o ON o.line = r.line
                WHERE r.outcome = 'update' GROUP BY r.line) c
            WHERE c.line = n.line AND n.outcome = 'update'"""
    )


def _add_metrics(batch: Batch) -> None:
    """New metrics are labelled by what the file calls them: the cell, or the column's header."""
    used = {
        key for (key,) in batch.rows("SELECT DISTINCT metric FROM import_compared WHERE outcome = 'create'")
    }
    added = {key: label for key, label in batch.new_metrics.items() if key in used}
    with CopyInto(CustomMetric._meta.db_table, ("key", "label_en", "label_zh", "unit")) as rows:
        for key, label in added.items():
            rows.add((key, label[:120], "" if word(label).isascii() else label[:120], ""))
    batch.records["metrics"] = len(added)
