"""One indicator of early warnings as a form, and what a trial is asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tiering.core.json_text import json_of
from tiering.core.warning_schema import MOST_DAYS, SUGGESTIONS
from tiering.core.writing import text_of
from tiering.models import Alert
from tiering.pages.warning_words import suggestion_text
from tiering.warnings.trial import DAYS, HORIZON

LONGEST = 2000
EXAMPLE = {"all": [{"metric": "exposure", "op": ">", "value": 0}]}


class IndicatorForm(forms.Form):
    """What is watched for, and what is done about it. `asks` is the condition (`when`) or the `drift`, as JSON."""

    key = forms.SlugField(label=gettext_lazy("Key"), max_length=32)
    label_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200)
    label_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=200)
    asks = forms.CharField(
        label=gettext_lazy("Warns when"),
        widget=forms.Textarea(attrs={"rows": 10, "class": "mono", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "The condition as JSON, under “when”; or what segments are watched for, under “drift”. "
            "The guide to early warnings shows every form."
        ),
    )
    severity = forms.ChoiceField(label=gettext_lazy("Severity"), choices=Alert.Severity.choices)
    owner = forms.ChoiceField(label=gettext_lazy("For whom"), choices=Alert.OwnerRole.choices)
    cooldown_days = forms.IntegerField(
        label=gettext_lazy("Silent for so many days after it was resolved"), min_value=0, max_value=MOST_DAYS
    )
    escalate_after_days = forms.IntegerField(
        label=gettext_lazy("Escalated after so many days"), min_value=1, max_value=MOST_DAYS
    )
    advice_en = forms.CharField(
        label=gettext_lazy("Advice in English"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )
    advice_zh = forms.CharField(
        label=gettext_lazy("Advice in Chinese"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )
    suggests = forms.ChoiceField(label=gettext_lazy("Suggests"))
    resolves_itself = forms.BooleanField(
        label=gettext_lazy("Ends by itself once it no longer holds"), required=False
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput())

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["suggests"].choices = [(one, suggestion_text(one)) for one in SUGGESTIONS]  # type: ignore[attr-defined]

    def clean_asks(self) -> dict[str, Any]:
        """The condition or the drift. What is no JSON is refused."""
        try:
            asked = json_of(self.cleaned_data["asks"])
        except ValueError as error:
            raise ValidationError(_("This is no JSON: %(fault)s") % {"fault": error}) from error
        if not isinstance(asked, dict) or set(asked) not in ({"when"}, {"drift"}):
            raise ValidationError(_("Write one object with “when” or “drift”."))
        return asked

    @classmethod
    def of(cls, indicator: dict[str, Any] | None, revision: int) -> IndicatorForm:
        """The form as it shows an indicator, or an empty one."""
        if indicator is None:
            return cls(
                initial={
                    "asks": text_of({"when": EXAMPLE}),
                    "cooldown_days": 90,
                    "escalate_after_days": 14,
                    "revision": revision,
                }
            )
        kept = (
            "key",
            "severity",
            "owner",
            "cooldown_days",
            "escalate_after_days",
            "suggests",
            "resolves_itself",
        )
        asked: dict[str, Any] = {name: indicator[name] for name in ("when", "drift") if name in indicator}
        texts = {
            f"{name}_{tongue}": indicator[name][tongue]
            for name in ("label", "advice")
            for tongue in ("en", "zh")
        }
        shown = {name: indicator.get(name) for name in kept}
        return cls(initial={**shown, **texts, "asks": text_of(asked), "revision": revision})

    @property
    def indicator(self) -> dict[str, Any]:
        """The indicator that was filled in, as a document has it."""
        said = self.cleaned_data
        both = {
            name: {tongue: said[f"{name}_{tongue}"] for tongue in ("en", "zh")}
            for name in ("label", "advice")
        }
        kept = (
            "key",
            "severity",
            "owner",
            "cooldown_days",
            "escalate_after_days",
            "suggests",
            "resolves_itself",
        )
        return {**{name: said[name] for name in kept}, **both, **said["asks"]}


class WarningTrialForm(forms.Form):
    """By which outcome, and within how many months, indicators are judged."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[("default", gettext_lazy("Default")), ("downgrade", gettext_lazy("Downgrade"))],
        initial="default",
        required=False,
    )
    months = forms.IntegerField(
        label=gettext_lazy("Horizon in months"), min_value=1, max_value=24, initial=HORIZON, required=False
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days, a month apart"), min_value=1, max_value=36, initial=DAYS, required=False
    )
