"""A test case as a form: a field for each metric that the criteria read, the tier in force, and what has to come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.forms.fields import ServiceForm
from tiering import display
from tiering.core.cases import Case
from tiering.core.document import Document
from tiering.core.metric import Catalogue, Fact, Facts, Metric

FACT = "fact_"
LARGEST_FILE = 2 * 1024 * 1024
PER_CENT = Decimal(100)
HINTS = {
    "fraction": gettext_lazy("in %"),
    "multiple": gettext_lazy("times"),
    "money": gettext_lazy("in full"),
    "days": gettext_lazy("days"),
    "years": gettext_lazy("years"),
    "points": gettext_lazy("points"),
    "grade": gettext_lazy("1 to 5"),
}
"""What a number of a unit is typed in."""


class CaseForm(ServiceForm):
    """A test case of one document. Facts that the document does not read are kept as they are (`kept`)."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), required=False)
    score = forms.DecimalField(
        label=gettext_lazy("Score"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=11,
        decimal_places=8,
        help_text=gettext_lazy("Compared to as many decimals as you give. Left empty: not asked."),
    )
    asks_gates = forms.BooleanField(label=gettext_lazy("Exactly these gates apply"), required=False)
    gates = forms.MultipleChoiceField(
        label=gettext_lazy("Gates"), required=False, widget=forms.CheckboxSelectMultiple
    )
    held = forms.ChoiceField(label=gettext_lazy("Tier in force"), required=False)
    held_days = forms.IntegerField(
        label=gettext_lazy("For how many days"),
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        help_text=gettext_lazy("Left empty: for long enough that it may move."),
    )
    overlays = forms.MultipleChoiceField(
        label=gettext_lazy("Overlays that are on"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, data: Any = None, *, document: Document, catalogue: Catalogue, case: Case | None = None
    ):
        super().__init__(data, initial=_initial(case, catalogue) if case else None)
        self.document, self.catalogue = document, catalogue
        read = document.metrics
        self.kept: Facts = {
            key: value for key, value in (case.facts if case else {}).items() if key not in read
        }
        tiers = [(tier.key, f"{tier.key} · {display.label(tier.label)}") for tier in document.tiers]
        self._offer("tier", [("", _("Choose")), *tiers])
        self._offer("held", [("", _("none")), *tiers])
        self._offer("gates", [(gate.key, display.label(gate.label)) for gate in document.gates])
        self._offer("overlays", [(one.key, display.label(one.label)) for one in document.overlays])
        for key in sorted(read & catalogue.keys(), key=lambda key: display.metric_label(key, catalogue)):
            self.fields[FACT + key] = _field(catalogue[key])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def groups(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The fields of facts by the dimension that reads them first, then those that only conditions read."""
        left = dict.fromkeys(name for name in self.fields if name.startswith(FACT))
        for card in self.document.scorecards:
            for dimension in card.dimensions:
                names = [FACT + one.metric for one in dimension.indicators if FACT + one.metric in left]
                if names:
                    yield display.label(dimension.label), [self[name] for name in names]
                for name in names:
                    left.pop(name)
        if left:
            yield _("Read by gates and other conditions"), [self[name] for name in left]

    def case(self) -> Case:
        """The case as it was filled in; of fields that could not be read, as if they were empty."""
        given = self.cleaned_data
        facts = {
            key: _as_fact(metric, given.get(FACT + key))
            for key, metric in self.catalogue.items()
            if given.get(FACT + key) not in (None, "")
        }
        held = given.get("held") or None
        return Case(
            name=given.get("name", ""),
            facts={**self.kept, **facts},
            tier=given.get("tier") or "",
            held=held,
            held_days=given.get("held_days") if held else None,
            overlays=frozenset(given.get("overlays", ())),
            gates=frozenset(given.get("gates", ())) if given.get("asks_gates") else None,
            score=given.get("score"),
        )

    def refuse_all(self, faults: Mapping[str, list[str]]) -> None:
        """Put what the service says beside its fields."""
        for name, told in faults.items():
            field = name.replace("facts.", FACT)
            for text in told:
                self.add_error(field if field in self.fields else None, text)


def _field(metric: Metric) -> forms.Field:
    label = display.metric_label(metric.key, {metric.key: metric})
    if not metric.is_number:
        choices = [("", _("not known")), *((key, _(text)) for key, text in metric.categories.items())]
        return forms.ChoiceField(label=label, required=False, choices=choices)
    field = forms.DecimalField(label=label, required=False)
    field.widget.attrs["step"] = "any"
    if metric.unit in HINTS:
        field.label = f"{label} ({HINTS[metric.unit]})"
    return field


def _as_fact(metric: Metric, value: Any) -> Fact:
    if not metric.is_number:
        return str(value)
    return float(value / PER_CENT if metric.unit == "fraction" else value)


def _shown(metric: Metric | None, value: Fact) -> Any:
    """A fact as its field shows it."""
    if metric is None or value is None or isinstance(value, str):
        return value
    exact = Decimal(repr(value))
    number = exact * PER_CENT if metric.unit == "fraction" else exact
    return format(number.normalize(), "f")


def _initial(case: Case, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "name": case.name,
        "tier": case.tier,
        "score": None if case.score is None else format(case.score.normalize(), "f"),
        "asks_gates": case.gates is not None,
        "gates": sorted(case.gates or ()),
        "held": case.held or "",
        "held_days": case.held_days,
        "overlays": sorted(case.overlays),
        **{FACT + key: _shown(catalogue.get(key), value) for key, value in case.facts.items()},
    }


class CaseFileForm(forms.Form):
    """Test cases as a file."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"})
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(_("A file of test cases has 2 MB at most."))
        return file
