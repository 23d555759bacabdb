from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TieringConfig(AppConfig):
    name = "tiering"
    verbose_name = _("Tiering")

    def ready(self) -> None:
        from crm import metrics
        from tiering import access, along, entries, exporting, observables, receivers, review_notices  # noqa: F401 - declared or connected
        from tiering.services import merging

        metrics.register(observables.observables())
        metrics.reserve(observables.TAKEN)
        along.register()
        entries.register()
        exporting.register()
        review_notices.register()
        merging.register()
