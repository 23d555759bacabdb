"""What the papers of financing cases are: stages and tier policies ask for them by these names."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CasePaper(models.TextChoices):
    """A kind of document of a financing case."""

    APPLICATION = "application", _("Application")
    STATEMENTS = "statements", _("Financial statements")
    CREDIT_REPORT = "credit_report", _("Credit report")
    LICENCE = "licence", _("Licences and articles")
    COLLATERAL = "collateral", _("Collateral papers")
    DILIGENCE = "diligence", _("Due-diligence report")
    TERM_SHEET = "term_sheet", _("Term sheet")
    CONTRACT = "contract", _("Contract")
    RESOLUTION = "resolution", _("Resolution")
    OTHER = "other", _("Other document")
