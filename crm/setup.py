"""What a database needs before client records can be kept in it."""

from django.apps import apps as current_apps

from crm.services.profile_fields import ensure_house_fields


def after_migrate(*, apps=current_apps, **_signal) -> None:
    """Declare the fields that Strata ships, once their table is there; also after a flush, which gives no apps."""
    try:
        apps.get_model("crm", "ProfileField")
    except LookupError:
        return
    ensure_house_fields()
