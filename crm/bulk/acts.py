"""What can be changed of many clients at once: fields of the record, who holds them, and tags."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots
from crm.errors import Invalid
from crm.formats import localized
from crm.models import Axis, BulkEdit, Client, ClientTag, Industry, Region, Role, StageHold, Tag, User
from crm.services.tags import tag_named

CHOICES = ("size_class", "risk_appetite", "demand_level")
HOLD = f"""
UPDATE crm_stagehold h SET lifted_at = now() FROM crm_bulkitem i, crm_clientrules
WHERE derives AND {{of_edit}} AND h.client_id = i.client_id AND h.axis = '{{axis}}' AND h.lifted_at IS NULL;
INSERT INTO crm_stagehold (client_id, axis, value, reason, by_id)
SELECT i.client_id, '{{axis}}', %(value)s, '{StageHold.BULK}', %(by)s FROM crm_bulkitem i, crm_clientrules
WHERE derives AND {{of_edit}};
INSERT INTO crm_stagechange (client_id, axis, before, value, why, day, by_id)
SELECT i.client_id, '{{axis}}', i.before, %(value)s, jsonb_build_object('code', 'set', 'reason', '{StageHold.BULK}'),
       current_date, %(by)s FROM crm_bulkitem i WHERE {{of_edit}}
"""
"""A stage set by hand stands against the rule that derives it (`crm.services.stages`)."""
OF_EDIT = "i.edit_id = %(edit)s AND i.outcome = 'change'"
TEAM_TAG = "(SELECT t.team_id FROM crm_tag t WHERE t.id = %(value)s::bigint) IS DISTINCT FROM c.team_id"


def register() -> None:
    slots.bulk_acts.add(
        *(_choice(name, 20 + place) for place, name in enumerate(CHOICES)),
        *(_stage(name, 15 + place) for place, name in enumerate(Axis.values)),
        _link("industry", gettext_lazy("Industry"), 10, lambda user: Industry.objects.all()),
        _link("region", gettext_lazy("Region"), 11, lambda user: Region.objects.all()),
        _holder(),
        slots.BulkAct(
            key="tag",
            label=gettext_lazy("Add a tag"),
            order=30,
            permission="crm.change_client",
            value_of=lambda user, text: str(tag_named(user, text).pk),
            same=_marked("EXISTS"),
            refusals=(("tag_of_another_team", TEAM_TAG),),
            write=f"""INSERT INTO crm_clienttag (client_id, tag_id, added_by_id)
                SELECT i.client_id, %(value)s::bigint, %(by)s FROM crm_bulkitem i WHERE {OF_EDIT}
                ON CONFLICT (client_id, tag_id) DO NOTHING""",
            models=(ClientTag,),
        ),
        slots.BulkAct(
            key="untag",
            label=gettext_lazy("Take a tag away"),
            order=31,
            permission="crm.change_client",
            options=_tags,
            same=_marked("NOT EXISTS"),
            write=f"""DELETE FROM crm_clienttag b USING crm_bulkitem i
                WHERE {OF_EDIT} AND b.client_id = i.client_id AND b.tag_id = %(value)s::bigint""",
            models=(ClientTag,),
        ),
    )


def _choice(name: str, order: int) -> slots.BulkAct:
    field: Any = Client._meta.get_field(name)
    return _field(
        name,
        field.verbose_name,
        order,
        lambda user: [slots.Option(value=str(key), label=label) for key, label in field.choices],
        column=name,
        kind="varchar",
    )


def _stage(axis: str, order: int) -> slots.BulkAct:
    """A stage that the rule derives: set for many, it is held as one set by hand."""
    act = _choice(axis, order)
    refusals = (("person_has_no_life_cycle", "c.kind = 'individual'"),) if axis == Axis.LIFE_CYCLE else ()
    return replace(
        act,
        write=f"{act.write};{HOLD.format(axis=axis, of_edit=OF_EDIT)}",
        models=(StageHold, Client),
        refusals=refusals,
    )


def _link(name: str, label: Any, order: int, rows: Callable[[User], Any]) -> slots.BulkAct:
    return _field(
        name,
        label,
        order,
        lambda user: [slots.Option(value=str(row.pk), label=localized(row)) for row in rows(user)],
        column=f"{name}_id",
    )


def _holder() -> slots.BulkAct:
    """Only a lead gives clients to others, and only within the team."""
    return _field(
        "rm",
        gettext_lazy("Relationship manager"),
        5,
        lambda user: [
            slots.Option(value=str(row.pk), label=localized(row))
            for row in User.objects.filter(role=Role.RM, team=user.team_id, is_active=True)
        ],
        column="rm_id",
        permission="crm.assign_rm",
    )


def _field(
    key: str,
    label: Any,
    order: int,
    options: Callable[[User], Sequence[slots.Option]],
    *,
    column: str,
    kind: str = "bigint",
    permission: str = "crm.change_client",
) -> slots.BulkAct:
    return slots.BulkAct(
        key=key,
        label=label,
        order=order,
        permission=permission,
        options=options,
        before=f"coalesce(c.{column}::text, '')",
        same=f"c.{column} IS NOT DISTINCT FROM %(value)s::{kind}",
        write=f"""UPDATE crm_client c SET {column} = %(value)s::{kind}, version = c.version + 1
            FROM crm_bulkitem i WHERE {OF_EDIT} AND i.client_id = c.id""",
        models=(Client,),
    )


def _marked(exists: str) -> str:
    return f"""{exists} (SELECT FROM crm_clienttag b
        WHERE b.client_id = c.id AND b.tag_id = %(value)s::bigint)"""


def _tags(user: User) -> list[slots.Option]:
    return [slots.Option(value=str(tag.pk), label=tag.name) for tag in Tag.objects.filter(team=user.team_id)]


def chosen(act: slots.BulkAct, user: User, given: str) -> tuple[str, str]:
    """The value that is meant, and its label. Raises Invalid for one that the act does not offer."""
    if act.options is None:
        value = act.value_of(user, given) if act.value_of else given
        return value, given.strip()
    labels = {option.value: str(option.label) for option in act.options(user)}
    if given not in labels:
        raise Invalid({"value": [_("Choose one of the values.")]})
    return given, labels[given]


def offers(act: slots.BulkAct, edit: BulkEdit) -> bool:
    """Whether an edit's value is still to be had, or is being taken back anyway."""
    if act.options is None or edit.status == BulkEdit.Status.UNDOING:
        return True
    return any(option.value == edit.value for option in act.options(edit.by))
