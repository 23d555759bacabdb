from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class StrataAdminSite(admin.AdminSite):
    """Reference data, users and teams. Open to system administrators alone, through the one login page."""

    site_header = site_title = "Strata"
    index_title = _("Administration")

    def has_permission(self, request):
        return request.user.is_active and request.user.has_perm("crm.administer")
