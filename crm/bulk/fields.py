"""Declared fields of clients (`crm.models.ProfileField`) as changes of many at once: one for each field in use."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy

from crm import slots
from crm.errors import Invalid
from crm.models import Observation, ProfileField, ProfileValue, User
from crm.selectors.profiles import declared_fields
from crm.services.profiles import read_value

ORDER = 40
EMPTY = gettext_lazy("Enter the value that they are to have.")
OF_EDIT = "i.edit_id = %(edit)s AND i.outcome = 'change'"
CASTS = {"number": "float8", "day": "date", "text": "text"}
# Whoever has the profile open sees by the version that it changed meanwhile.
WRITE = """
INSERT INTO crm_profilevalue (client_id, field_id, number, day, text)
SELECT i.client_id, {field:d}, {number}, {day}, {text} FROM crm_bulkitem i WHERE {of_edit}
ON CONFLICT (client_id, field_id) DO UPDATE SET number = excluded.number, day = excluded.day, text = excluded.text;
UPDATE crm_client c SET version = c.version + 1 FROM crm_bulkitem i WHERE {of_edit} AND i.client_id = c.id
"""
OBSERVE = """
INSERT INTO crm_observation
    (client_id, metric, value, text, observed_on, received_on, source, recorded_by_id, created_at)
SELECT i.client_id, '{metric}', {number}, {text}, %(today)s, %(today)s, '{source}', %(by)s, now()
FROM crm_bulkitem i WHERE {of_edit}
ON CONFLICT (client_id, metric, observed_on, source, received_on, project_id)
DO UPDATE SET value = excluded.value, text = excluded.text
"""
KEPT = "(SELECT v.{column} FROM crm_profilevalue v WHERE v.client_id = c.id AND v.field_id = {field:d})"
OBSERVED = """(SELECT o.{column} FROM crm_observation o WHERE o.client_id = c.id AND o.metric = '{metric}'
    AND o.project_id IS NULL ORDER BY o.observed_on DESC, o.received_on DESC, o.id DESC LIMIT 1)"""


def register() -> None:
    slots.bulk_acts.add_source(acts)


def acts(user: User) -> list[slots.BulkAct]:
    """A change for each field, named by its id: keys may be longer than the name of an act."""
    return [_act(field, ORDER + place) for place, field in enumerate(declared_fields())]


def _act(field: ProfileField, order: int) -> slots.BulkAct:
    column = "value" if field.metric and field.column == "number" else field.column
    standing = (OBSERVED if field.metric else KEPT).format(column=column, field=field.pk, metric=field.metric)
    value = f"%(value)s::{CASTS[field.column]}"
    values = {name: value if name == field.column else f"NULL::{cast}" for name, cast in CASTS.items()}
    if field.column != "text":
        values["text"] = "''"
    kinds = ", ".join(f"'{kind}'" for kind in field.kinds)
    return slots.BulkAct(
        key=f"field-{field.pk}",
        label=field.label,
        order=order,
        permission="crm.change_client",
        options=partial(_options, field) if field.options else None,
        value_of=partial(_value, field),
        input="number" if field.type == "number" else "date" if field.type == "date" else "text",
        before=f"coalesce({standing}::text, '')",
        same=f"{standing} IS NOT DISTINCT FROM {value}",
        refusals=(("field_of_another_kind", f"c.kind NOT IN ({kinds})"),),
        write=(OBSERVE if field.metric else WRITE).format(
            field=field.pk, metric=field.metric, source=ProfileValue.SOURCE, of_edit=OF_EDIT, **values
        ),
        models=(Observation,) if field.metric else (ProfileValue,),
    )


def _options(field: ProfileField, user: User) -> list[slots.Option]:
    return [slots.Option(value=key, label=label) for key, label in field.options.items()]


def _value(field: ProfileField, user: User, text: str) -> str:
    """What was typed, as the field keeps it. Raises Invalid."""
    value = read_value(field, text)
    if value is None:
        raise Invalid({"value": [str(EMPTY)]})
    return str(value)
