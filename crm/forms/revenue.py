from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import NamedChoice, ServiceForm
from crm.models import Client, Project, User


class MonthInput(forms.DateInput):
    """The browser's own month picker; where there is none, a month is typed as 2026-03."""

    input_type = "month"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m", attrs={"placeholder": "2026-03"})


class RevenueForm(ServiceForm):
    """An amount that a client brought in during a month."""

    defines = "revenue"

    month = forms.DateField(label=_("Month"), widget=MonthInput(), input_formats=["%Y-%m"])
    amount = forms.DecimalField(label=_("Amount"), max_digits=18, decimal_places=2)
    project = NamedChoice(
        label=_("Project"),
        queryset=Project.objects.none(),
        required=False,
        empty_label=_("beside any project"),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=80,
        help_text=_("Amounts of several sources add up; the same source again restates the month."),
    )

    def __init__(self, *args: Any, client: Client, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        project = self.fields["project"]
        assert isinstance(project, forms.ModelChoiceField)
        own = Project.objects.visible_to(user).filter(participations__client=client)
        project.queryset = own.distinct().order_by("code")
        self.fields["amount"].help_text = settings.CURRENCY
