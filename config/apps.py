from django.contrib.admin.apps import AdminConfig


class StrataAdminConfig(AdminConfig):
    """Django's own admin, behind the application's login: reference data and users only."""

    default_site = "config.admin.StrataAdminSite"
