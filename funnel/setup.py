"""What a database needs before the funnel can be used."""

from django.apps import apps as current_apps

from funnel.services.pipelines import ensure_seed_pipeline


def after_migrate(*, apps=current_apps, **_signal) -> None:
    """Make the seed's pipeline where the tables for it have been migrated; also after a flush, which gives no apps."""
    try:
        apps.get_model("funnel", "StageMove")
    except LookupError:
        return
    ensure_seed_pipeline()
