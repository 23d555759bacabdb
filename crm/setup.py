"""What a database needs before client records can be kept in it."""

from django.apps import apps as current_apps

from crm.services.profile_fields import ensure_house_fields
from crm.services.stages import ensure_rules


def after_migrate(*, apps=current_apps, **_signal) -> None:
    """Make the fields and rules that Strata ships, once their tables are there; a flush gives no apps."""
    try:
        apps.get_model("crm", "ClientRules")
    except LookupError:
        return
    ensure_house_fields()
    ensure_rules()
