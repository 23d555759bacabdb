"""Declared fields of clients (`crm.models.ProfileField`) as columns of an import of clients: read, compared, written."""

from __future__ import annotations

from crm.imports.batch import Batch
from crm.models import ProfileField, ProfileValue
from crm.selectors.profiles import declared_fields


def given(batch: Batch) -> list[ProfileField]:
    """Those that rows can have a value for."""
    return [field for field in declared_fields() if field.name in batch.given]


def names(batch: Batch) -> list[str]:
    return [field.name for field in given(batch)]


def refuse_strangers(batch: Batch) -> None:
    """Refuse rows that fill in a field which clients of their kind do not have."""
    for field in given(batch):
        batch.refuse(
            "field_of_another_kind",
            field.name,
            f'n."{field.name}" IS NOT NULL AND coalesce(n.kind, c.kind, %(default)s) <> ALL(%(kinds)s)',
            tables="import_clean n LEFT JOIN crm_client c ON c.id = n.client_id",
            kinds=list(field.kinds),
            default="corporate",
        )


def differs(batch: Batch, row: str) -> str:
    """Whether the row says anything that its client's profile has otherwise."""
    return " OR ".join(_differs(field, row) for field in given(batch)) or "false"


def note(batch: Batch) -> None:
    """Keep beside each row that changes a client what of its profile it changes, old and new."""
    for field in given(batch):
        batch.run(
            f"""UPDATE import_clean n SET changes = coalesce(n.changes, '{{}}') || jsonb_build_object(
                    %(name)s, jsonb_build_array({_standing(field, "n")}, {_said(field, "n")}))
                WHERE n.outcome = 'update' AND {_differs(field, "n")}""",
            name=field.name,
        )


def write(batch: Batch) -> None:
    """Write what the rows say, new or changed, into the profiles of their clients, which stand already."""
    for field in given(batch):
        statement = _OBSERVE if field.metric else _WRITE
        batch.run(
            statement.format(**_terms(field)),
            field=field.pk,
            metric=field.metric,
            name=field.name,
            source=ProfileValue.SOURCE,
        )


_ROWS = """FROM import_clean n JOIN crm_client c ON c.code = n.identity
WHERE n.outcome IN ('create', 'update') AND {said} IS NOT NULL"""
_WRITE = f"""
INSERT INTO crm_profilevalue (client_id, field_id, number, day, text)
SELECT c.id, %(field)s, {{number}}, {{day}}, {{text}} {_ROWS} ORDER BY c.id
ON CONFLICT (client_id, field_id) DO UPDATE SET number = excluded.number, day = excluded.day, text = excluded.text
WHERE (crm_profilevalue.number, crm_profilevalue.day, crm_profilevalue.text)
    IS DISTINCT FROM (excluded.number, excluded.day, excluded.text)
"""
_OBSERVE = f"""
INSERT INTO crm_observation
    (client_id, metric, value, text, observed_on, received_on, source, recorded_by_id, created_at)
SELECT c.id, %(metric)s, {{number}}, {{text}}, %(today)s, %(today)s, %(source)s, %(user)s, now() {_ROWS}
    AND {{differs}} ORDER BY c.id
ON CONFLICT (client_id, metric, observed_on, source, received_on, project_id)
DO UPDATE SET value = excluded.value, text = excluded.text
"""


def _terms(field: ProfileField) -> dict[str, str]:
    said = _said(field, "n")
    is_text = field.column == "text"
    return {
        "said": said,
        "number": said if field.column == "number" else "NULL::float8",
        "day": said if field.column == "day" else "NULL::date",
        "text": said if is_text else "''",
        "differs": f"{said} IS DISTINCT FROM {_standing(field, 'n', 'c.id')}",
    }


def _differs(field: ProfileField, row: str) -> str:
    said = _said(field, row)
    return f"({said} IS NOT NULL AND {said} IS DISTINCT FROM {_standing(field, row)})"


def _said(field: ProfileField, row: str) -> str:
    column = f'{row}."{field.name}"'
    if field.type == ProfileField.Type.FLAG:
        return f"CASE WHEN {column} THEN 'yes' WHEN NOT {column} THEN 'no' END"
    return column


def _standing(field: ProfileField, row: str, client: str = "") -> str:
    """What stands in the field today; of a metric its latest observation."""
    whose = client or f"{row}.client_id"
    if not field.metric:
        return (
            f"(SELECT v.{field.column} FROM crm_profilevalue v"
            f" WHERE v.client_id = {whose} AND v.field_id = {field.pk:d})"
        )
    value = "value" if field.column == "number" else "text"
    return (
        f"(SELECT o.{value} FROM crm_observation o WHERE o.client_id = {whose} AND o.metric = '{field.metric}'"
        " AND o.project_id IS NULL ORDER BY o.observed_on DESC, o.received_on DESC, o.id DESC LIMIT 1)"
    )
