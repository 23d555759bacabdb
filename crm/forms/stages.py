"""Setting a stage by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DateInput, ServiceForm
from crm.models import Axis, Client
from crm.selectors.stages import choices_of


class StageForm(ServiceForm):
    """The stages of one axis, with a reason and, where it is known, the last day."""

    value = forms.ChoiceField(label=_("Stage"))
    reason = forms.CharField(
        label=_("Why it is set by hand"),
        max_length=300,
        help_text=_("Shown beside the stage and kept in its history."),
    )
    until = forms.DateField(
        label=_("Through"),
        required=False,
        widget=DateInput(),
        help_text=_("The last day it holds. Left empty, it holds until it is lifted."),
    )

    def __init__(self, data: Any, *, client: Client, axis: Axis) -> None:
        super().__init__(data, initial={"value": getattr(client, axis)})
        self.fields["value"] = forms.ChoiceField(label=axis.label, choices=[*choices_of(axis).items()])
