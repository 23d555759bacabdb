"""One indicator of early warnings as a form, and what a trial is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tiering import display
from tiering.core.json_text import json_of
from tiering.core.metric import Catalogue
from tiering.core.refusals import CriteriaError, Refusal
from tiering.core.warning_schema import MOST_DAYS, SUGGESTIONS
from tiering.core.warnings import read_trigger
from tiering.models import Alert
from tiering.pages.conditions import OPERATORS, Builder, form_builder, metrics_about
from tiering.pages.warning_words import SEGMENTS, suggestion_text, trigger_text
from tiering.warnings.trial import DAYS, HORIZON

LONGEST = 2000
LONGEST_CONDITION = 20_000
CLIENTS, SEGMENTS_OF = "clients", "segments"
KEPT = ("key", "severity", "owner", "cooldown_days", "escalate_after_days", "suggests", "resolves_itself")
"""What stands in a document as it stands in the form."""
DRIFT = ("metric", "by", "days", "as", "op", "value", "least_clients")
WATCHES = [
    (CLIENTS, gettext_lazy("Clients, each by its facts")),
    (SEGMENTS_OF, gettext_lazy("Segments of the book, by an average")),
]
OPS = [(op, label) for op, label in OPERATORS["number"] if op in ("<", "<=", ">", ">=")]
CHANGES = [
    ("difference", gettext_lazy("the difference: now − then")),
    ("ratio", gettext_lazy("the ratio: now ÷ then")),
]


class IndicatorForm(forms.Form):
    """What is watched for, and what is done about it: by `watches` a condition of clients as JSON (`when`), or the drift
    of an average in segments (`drift_…`)."""

    key = forms.SlugField(label=gettext_lazy("Key"), max_length=32)
    label_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200)
    label_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=200)
    watches = forms.ChoiceField(
        label=gettext_lazy("Watches"), choices=WATCHES, widget=forms.RadioSelect, initial=CLIENTS
    )
    when = forms.CharField(required=False, max_length=LONGEST_CONDITION, widget=forms.HiddenInput())
    drift_metric = forms.ChoiceField(label=gettext_lazy("Average of"), required=False)
    drift_by = forms.ChoiceField(label=gettext_lazy("In each"), required=False)
    drift_days = forms.IntegerField(
        label=gettext_lazy("Compared with so many days before"),
        min_value=1, max_value=MOST_DAYS, required=False,
    )  # fmt: skip
    drift_as = forms.ChoiceField(label=gettext_lazy("As"), choices=CHANGES, required=False)
    drift_op = forms.ChoiceField(label=gettext_lazy("Warns when it"), choices=OPS, required=False)
    drift_value = forms.FloatField(
        label=gettext_lazy("Bound"),
        required=False,
        help_text=gettext_lazy("1.25 for a ratio a quarter above; a share as a fraction, 0.1 for 10%."),
    )
    drift_least_clients = forms.IntegerField(
        label=gettext_lazy("Segments of at least so many clients"),
        min_value=1, max_value=1_000_000, required=False,
    )  # fmt: skip
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

    def __init__(self, data: QueryDict | None = None, *, names: Catalogue, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        offered: dict[str, list[tuple[str, Any]]] = {
            "suggests": [(one, suggestion_text(one)) for one in SUGGESTIONS],
            "drift_by": [(one, SEGMENTS[one]()) for one in SEGMENTS],
            "drift_metric": sorted(
                (
                    (one.key, display.metric_label(one.key, names))
                    for one in metrics_about(names)
                    if one.is_number
                ),
                key=itemgetter(1),
            ),
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.names = names

    @property
    def rules(self) -> Builder:
        """The condition as rules, with its sentence as far as it can be read."""
        text = self["when"].value()
        return replace(form_builder("when", text, words=self._words(text)), needed=True)

    def _words(self, text: str | None) -> str:
        try:
            return trigger_text(read_trigger(json_of(text or "")), self.names)
        except (CriteriaError, ValueError, KeyError):
            return ""

    def clean(self) -> dict[str, Any]:
        """Either the condition or every field of the drift is needed."""
        given = super().clean() or {}
        if given.get("watches") == CLIENTS:
            given["when"] = self._condition(given.get("when", ""))
        for name in DRIFT if given.get("watches") == SEGMENTS_OF else ():
            field = f"drift_{name}"
            if given.get(field) in (None, "") and field not in self.errors:
                self.add_error(field, _("This field is required."))
        return given

    def _condition(self, text: str) -> dict[str, Any]:
        try:
            data = json_of(text) if text else {}
        except ValueError:
            data = {}
        if not isinstance(data, dict) or not data:
            self.add_error("when", _("It needs a rule: choose a metric and complete it."))
            return {}
        return data

    def refuse(self, refusals: Sequence[Refusal], at: int) -> list[Refusal]:
        """Let what is wrong with the indicator at a place of the document stand beside its fields; the rest."""
        rest = []
        for refusal in refusals:
            field = field_of(refusal.path, at)
            if field in self.fields:
                self.add_error(field, f"{refusal.text(_)} {refusal.remedy(_)}")
            else:
                rest.append(refusal)
        return rest

    @classmethod
    def of(cls, indicator: dict[str, Any] | None, revision: int, names: Catalogue) -> IndicatorForm:
        """The form as it shows an indicator, or an empty one."""
        if indicator is None:
            return cls(
                initial={"cooldown_days": 90, "escalate_after_days": 14, "revision": revision}, names=names
            )
        texts = {
            f"{name}_{tongue}": indicator[name][tongue]
            for name in ("label", "advice")
            for tongue in ("en", "zh")
        }
        shown = {name: indicator.get(name) for name in KEPT}
        drift = {f"drift_{name}": value for name, value in indicator.get("drift", {}).items()}
        asked = {
            "watches": SEGMENTS_OF if drift else CLIENTS,
            "when": json.dumps(indicator["when"], ensure_ascii=False) if "when" in indicator else "",
        }
        return cls(initial={**shown, **texts, **asked, **drift, "revision": revision}, names=names)

    @property
    def indicator(self) -> dict[str, Any]:
        """The indicator that was filled in, as a document has it."""
        said = self.cleaned_data
        both = {
            name: {tongue: said[f"{name}_{tongue}"] for tongue in ("en", "zh")}
            for name in ("label", "advice")
        }
        kept = {name: said[name] for name in KEPT}
        if said["watches"] == CLIENTS:
            return {**kept, **both, "when": said["when"]}
        return {**kept, **both, "drift": {name: said[f"drift_{name}"] for name in DRIFT}}


def field_of(path: str, at: int) -> str:
    """The field of the form that shows a place of the document; empty for what is not of the indicator at `at`."""
    here = f"$.indicators[{at}]."
    if not path.startswith(here):
        return ""
    names = re.split(r"[.\[]", path.removeprefix(here))
    if names[0] in ("drift", "label", "advice") and len(names) > 1:
        return "_".join(names[:2])
    return names[0]


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
