"""Saying who hands which clients over to whom."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm import slots
from crm.formats import localized
from crm.forms.fields import NamedChoice, ServiceForm
from crm.ids import id_of
from crm.models import Role, User
from crm.selectors.handovers import usual_parts

ASKS_ANEW = {
    "hx-trigger": "change",
    "hx-select": "#receivers",
    "hx-target": "#receivers",
    "hx-swap": "outerHTML",
    "hx-include": "this",
}
"""Another giver: the receivers on offer are asked for anew."""


class NamedChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, person: Any) -> str:
        return localized(person)


class HandoverForm(ServiceForm):
    """Within the team of the lead who fills it in. Whoever has left may still hand over, but takes nothing.

    `is_whole`: no clients were chosen, the whole book goes or what filters leave of it.
    """

    giver = NamedChoice(
        label=pgettext_lazy("handover", "From"), queryset=User.objects.none(), empty_label=None
    )
    receivers = NamedChoices(
        label=pgettext_lazy("handover", "To"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple(),
        help_text=_("Over several, the largest go first to whom has got least."),
    )
    parts = forms.MultipleChoiceField(
        label=_("What goes along"), required=False, widget=forms.CheckboxSelectMultiple()
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, data: Any, *, user: User, is_whole: bool = True, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        managers = User.objects.filter(team=user.team_id, role=Role.RM)
        holding = Q(is_active=True) | Q(book__isnull=False)
        parts = [(part.key, part.label) for part in slots.handover_parts.for_user(user)]
        self.fields["giver"].queryset = managers.filter(holding).distinct()  # type: ignore[attr-defined]
        self.fields["giver"].widget.attrs |= ASKS_ANEW | {"hx-get": reverse("crm:handover-new")}
        self.fields["receivers"].queryset = (  # type: ignore[attr-defined]
            managers.filter(is_active=True).exclude(pk__in=self._giver())
        )
        self.fields["parts"].choices = parts  # type: ignore[attr-defined]
        self.fields["parts"].initial = usual_parts(user, is_whole=is_whole)

    def _giver(self) -> list[int]:
        """Who stands in the form as the one who hands over, who is none to take: without a word the first on offer."""
        said = id_of(str(self["giver"].value() or ""))
        offered: list[int] = list(self.fields["giver"].queryset.values_list("pk", flat=True)[:1])  # type: ignore[attr-defined]
        return [said] if said else offered
