"""How somebody wants to be told of things."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import ServiceModelForm
from crm.models import NoticeSettings, User
from crm.notices import NoticeKind
from crm.selectors.notices import choices_of, settings_of
from crm.services.notices import Choice, Rhythm

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class TimeInput(forms.TimeInput):
    """The browser's own time picker, to the minute."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class NoticeSettingsForm(ServiceModelForm):
    """The rhythm of mails, and for every kind a box for the page and one for mails: `in_app`, `mail`."""

    rhythm = forms.ChoiceField(label=_("E-mails"), choices=NoticeSettings.Rhythm.choices)
    hour = forms.TypedChoiceField(label=_("Hour"), choices=HOURS, coerce=int)
    weekday = forms.TypedChoiceField(label=_("Day of the week"), choices=list(WEEKDAYS.items()), coerce=int)
    language = forms.ChoiceField(label=_("Language of mails"), choices=settings.LANGUAGES)

    class Meta:
        model = NoticeSettings
        fields = ("rhythm", "hour", "weekday", "quiet_from", "quiet_until", "language")
        widgets = {"quiet_from": TimeInput(), "quiet_until": TimeInput()}

    def __init__(self, data: Any, *, user: User) -> None:
        self.choices = choices_of(user)
        standing = settings_of(user)
        standing.language = standing.language or settings.LANGUAGE_CODE
        super().__init__(data, instance=standing)

    @property
    def kinds(self) -> list[tuple[NoticeKind, bool, bool]]:
        """Every kind with its boxes as they were sent, or as they stand."""
        if not self.is_bound:
            return self.choices
        boxes = self.boxes()
        return [(kind, boxes[kind.key].in_app, boxes[kind.key].mail) for kind, _in_app, _mail in self.choices]

    def boxes(self) -> dict[str, Choice]:
        assert isinstance(self.data, QueryDict), "a page sent it"
        sent = {name: set(self.data.getlist(name)) for name in ("in_app", "mail")}
        return {
            kind.key: Choice(in_app=kind.is_bad or kind.key in sent["in_app"], mail=kind.key in sent["mail"])
            for kind, _in_app, _mail in self.choices
        }

    def wish(self) -> Rhythm:
        """What was said of mails; only after `is_valid()`."""
        return Rhythm(**{name: self.cleaned_data[name] for name in self.Meta.fields})
