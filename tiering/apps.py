from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TieringConfig(AppConfig):
    name = "tiering"
    verbose_name = _("Tiering")

    def ready(self) -> None:
        from crm import metrics
        from tiering import access, observables  # noqa: F401 - access declares the permissions

        metrics.register(observables.observables())
