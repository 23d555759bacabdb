"""Writing what stands in the declared fields of a client."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.profiles import NotReadable, plain, read
from crm.errors import Conflict, Invalid
from crm.formats import MISSING
from crm.models import Client, ProfileField, ProfileValue, User
from crm.models.conduct import today
from crm.models.profiles import LONGEST_TEXT
from crm.selectors.profiles import Value, fields_for, told, values_of
from crm.services.fields import Collision, FieldsChanged, Merge
from crm.services.holding import check_hold
from crm.services.observations import ItemsRefused, NewObservation, record_observations
from crm.signals import records_changed

EARLIEST = date(1800, 1, 1)
FAULTS = {
    "not_a_number": gettext_lazy("Enter a number."),
    "not_a_day": gettext_lazy("Enter a day, as 2026-03-31."),
    "not_a_choice": gettext_lazy("Choose one of what the field offers."),
    "not_a_text": gettext_lazy("Enter a text."),
    "too_long": gettext_lazy("A text has at most 300 characters."),
}


@transaction.atomic
def change_profile(*, by: User, client: Client, version: int, values: Mapping[str, Any]) -> Client:
    """Fill in, change or empty the named fields of a client that is still at `version`.

    A field whose values are a metric's gets an observation of today. Raises NotPermitted, Conflict, and Invalid with
    what is wrong by the key of the field.
    """
    current = Client.objects.select_for_update().get(pk=client.pk)
    check_hold(by, current)
    if current.version != version:
        raise Conflict
    fields = {field.key: field for field in fields_for(current.kind)}
    wanted = _read(fields, values)
    before = values_of([current.pk], [fields[key] for key in wanted])
    changed = {
        fields[key]: value
        for key, value in wanted.items()
        if value != before.get((current.pk, fields[key].pk))
    }
    _check_emptied(changed)
    if changed:
        _write(by, current, changed)
        current.version += 1
        current.save(update_fields=["version"])
        records_changed()
    return current


@transaction.atomic
def change_profile_field(*, by: User, client: Client, key: str, seen: str, value: Any) -> Client:
    """Fill in, change or empty one field, in which stood what was `seen` (see `crm.core.profiles.plain`).

    Others may have changed other fields since. Raises NotPermitted, Invalid, and FieldsChanged where somebody set this
    one.
    """
    current = Client.objects.select_for_update().get(pk=client.pk)
    check_hold(by, current)
    field = next((one for one in fields_for(current.kind) if one.key == key), None)
    if field is None:
        raise Invalid({key: [_("Clients of this kind have no such field.")]})
    wanted = _read({key: field}, {key: value})[key]
    now = values_of([current.pk], [field]).get((current.pk, field.pk))
    if plain(now) != seen and now != wanted:
        words = (_in_words(field, one) for one in (_read_back(field, seen), now, wanted))
        raise FieldsChanged(Merge({}, {}, [Collision(key, field.label, *words)]), current.version)
    return change_profile(by=by, client=current, version=current.version, values={key: value})


def _in_words(field: ProfileField, value: Value | None) -> str:
    return MISSING if value is None else told(field, value)


def _read_back(field: ProfileField, seen: str) -> Value | None:
    """What somebody saw, as the field keeps it; nothing where it is no value of the field (any more)."""
    try:
        return read(field.type, seen, field.options, LONGEST_TEXT)
    except NotReadable:
        return None


def _read(fields: Mapping[str, ProfileField], values: Mapping[str, Any]) -> dict[str, Value | None]:
    """What is said, as the fields keep it. Raises Invalid with everything that is wrong."""
    wanted: dict[str, Value | None] = {}
    faults: dict[str, list[str]] = {}
    for key, said in values.items():
        if key not in fields:
            faults[key] = [_("Clients of this kind have no such field.")]
            continue
        try:
            wanted[key] = read_value(fields[key], said)
        except Invalid as error:
            faults |= error.fields
    if faults:
        raise Invalid(faults)
    return wanted


def read_value(field: ProfileField, said: Any) -> Value | None:
    """What is said, as the field keeps it; None for nothing. Raises Invalid with what is wrong, by the field's key."""
    try:
        return _value(field, said)
    except NotReadable as fault:
        raise Invalid({field.key: [str(FAULTS[fault.code])]}) from fault
    except ValueError as fault:
        raise Invalid({field.key: [str(fault)]}) from fault


def _value(field: ProfileField, said: Any) -> Value | None:
    """Raises NotReadable, and ValueError with what else is wrong in words."""
    value = read(field.type, said, field.options, LONGEST_TEXT)
    if value is None and field.required:
        raise ValueError(_("This field is required."))
    if isinstance(value, date) and value < EARLIEST:
        raise ValueError(_("No day before 1800 is meant."))
    if isinstance(value, date) and field.of_the_house and value > today():
        raise ValueError(_("This day has not come yet."))
    return value


def _check_emptied(changed: Mapping[ProfileField, Value | None]) -> None:
    text = _(
        "What was observed stays on record. Enter the value that holds now instead of emptying the field."
    )
    faults = {field.key: [text] for field, value in changed.items() if field.metric and value is None}
    if faults:
        raise Invalid(faults)


def _write(by: User, client: Client, changed: Mapping[ProfileField, Value | None]) -> None:
    kept = {field: value for field, value in changed.items() if not field.metric}
    emptied = [field.pk for field, value in kept.items() if value is None]
    ProfileValue.objects.filter(client=client, field__in=emptied).delete()
    ProfileValue.objects.bulk_create(
        [_row(client, field, value) for field, value in kept.items() if value is not None],
        update_conflicts=True,
        unique_fields=["client", "field"],
        update_fields=["number", "day", "text"],
    )
    _observe(by, client, {field: value for field, value in changed.items() if field.metric})


def _row(client: Client, field: ProfileField, value: Value) -> ProfileValue:
    return ProfileValue(client=client, field=field, **{field.column: value})


def _observe(by: User, client: Client, observed: Mapping[ProfileField, Value | None]) -> None:
    """Record an observation of today for each metric. Raises Invalid for a value that it cannot have."""
    items = [
        NewObservation(
            index=index,
            client_id=client.pk,
            metric=field.metric,
            value=value if isinstance(value, float) else None,
            text=value if isinstance(value, str) else "",
            observed_on=today(),
            received_on=today(),
            source=ProfileValue.SOURCE,
        )
        for index, (field, value) in enumerate(observed.items())
    ]
    keys = [field.key for field in observed]
    try:
        if items:
            record_observations(by=by, items=items)
    except ItemsRefused as error:
        raise Invalid({keys[one.index]: [one.reason] for one in error.refusals}) from error
