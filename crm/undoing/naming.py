"""What a record is called, as an SQL term over a row of its history."""

from __future__ import annotations

from django.db.models import Model

OTHERS = {
    "client_id": "(SELECT coalesce(nullif(o.name_zh, ''), o.name_en) FROM crm_client o WHERE o.id = {0}.client_id)",
    "facility_id": "(SELECT o.number FROM crm_facility o WHERE o.id = {0}.facility_id)",
    "project_id": "(SELECT o.code FROM crm_project o WHERE o.id = {0}.project_id)",
    "field_id": "(SELECT o.label_en FROM crm_profilefield o WHERE o.id = {0}.field_id)",
    "tag_id": "(SELECT o.name FROM crm_tag o WHERE o.id = {0}.tag_id)",
}
"""Whom or what it is about."""
OWN = ("name_zh", "name_en", "number", "subject", "title", "text", "bureau", "metric", "key", "code", "name")
"""The first of these that it has tells it from its siblings."""
DAYS = ("period_end", "reported_on", "observed_on", "due_on", "month")


def name_of(model: type[Model], row: str) -> str:
    """Whom it is about, what it is called and of which day, as far as it has any of these."""
    columns = {each.column for each in model._meta.concrete_fields}
    about = [term.format(row) for column, term in OTHERS.items() if column in columns]
    own = [f"nullif({row}.\"{name}\"::text, '')" for name in OWN if name in columns]
    days = [f"{row}.{name}::text" for name in DAYS if name in columns]
    parts = [*about, *([f"coalesce({', '.join(own)})"] if own else []), *days]
    return f"concat_ws(' · ', {', '.join(parts)})"
