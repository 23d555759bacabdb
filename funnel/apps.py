from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class FunnelConfig(AppConfig):
    name = "funnel"
    verbose_name = _("Funnel")

    def ready(self) -> None:
        from funnel import access, along, entries, exporting, merging_entries, setup  # noqa: F401 - access declares the permissions
        from funnel.imports import registration

        entries.register()
        registration.register()
        exporting.register()
        merging_entries.register()
        along.register()
        post_migrate.connect(setup.after_migrate, sender=self)
