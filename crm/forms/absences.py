"""Entering absences and interests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.forms.fields import DateInput, NamedChoice, ServiceForm
from crm.models import User
from crm.selectors.absences import people_entered_by


class AbsenceForm(ServiceForm):
    """Whoever enters absences of nobody but themself is not asked whose."""

    user = NamedChoice(
        label=pgettext_lazy("absence", "Person"), queryset=User.objects.none(), empty_label=None
    )
    starts_on = forms.DateField(label=_("First day"), widget=DateInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput())
    deputy = NamedChoice(
        label=_("Deputy"),
        queryset=User.objects.none(),
        required=False,
        empty_label=pgettext_lazy("deputy", "Nobody"),
        help_text=_("Decides instead on these days; has the same role."),
    )
    is_away = forms.BooleanField(
        label=_("Away: gets no new work on these days"), required=False, initial=True
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, initial={"user": user.pk})
        self.by = user
        people = people_entered_by(user)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
        deputies = User.objects.filter(is_active=True)
        if people.exclude(pk=user.pk).exists():
            roles = people.order_by().values_list("role", flat=True).distinct()
            deputies = deputies.filter(role__in=list(roles)).order_by("role", F("team__code").asc(), "name")
        else:
            del self.fields["user"]
            deputies = deputies.filter(role=user.role).exclude(pk=user.pk)
        self.fields["deputy"].queryset = deputies  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """What was said; only after `is_valid()`."""
        return {"user": self.by, **self.cleaned_data}


class InterestForm(ServiceForm):
    reason = forms.CharField(
        label=_("What the interest is"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
