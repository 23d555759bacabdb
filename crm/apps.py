from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = _("Client records")

    def ready(self) -> None:
        from crm import access, entries, setup  # noqa: F401 - access declares the permissions

        entries.register()
        post_migrate.connect(setup.after_migrate, sender=self)
