"""The day that somebody wants to look back at."""

from __future__ import annotations

from datetime import date, datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DateInput


class AsOfForm(forms.Form):
    """A past date to look at; the whole day counts, in the house's time zone."""

    as_of = forms.DateField(label=_("As of"), required=False, widget=DateInput())

    def clean_as_of(self) -> date | None:
        chosen = self.cleaned_data["as_of"]
        if chosen and chosen > timezone.localdate():
            raise forms.ValidationError(_("Choose a date that is not in the future."))
        return chosen

    @property
    def day(self) -> date | None:
        """The chosen day; None for now."""
        return self.cleaned_data.get("as_of") if self.is_valid() else None

    @property
    def moment(self) -> datetime | None:
        """The last moment of the chosen day; None for now."""
        return timezone.make_aware(datetime.combine(self.day, time.max)) if self.day else None
