"""Pipelines as administrators edit them: what the whole says, and one stage at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.models import Facility
from funnel.core.approvals import MODES, PARALLEL, SEQUENTIAL
from funnel.core.pipeline_document import KEY, LONGEST_NAME, MOST_DAYS, parts_asked
from funnel.models import CaseDocument, CaseParty, CheckItem, Stage
from funnel.selectors.documents import APPROVERS
from funnel.selectors.gates import FIELDS, field_label
from tiering.core.json_text import json_of
from tiering.models import Tier
from tiering.pages.conditions import Builder, form_builder

Json = dict[str, Any]
SEATS = 4
LONGEST_LINES = 8000
MODE_NAMES = {
    SEQUENTIAL: gettext_lazy("One after another"),
    PARALLEL: pgettext_lazy("approvals", "Side by side"),
}


class Lines(forms.Field):
    """Rows of a fixed number of parts, a line each, the parts apart by a bar: price | Price | 价格."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, *, parts: int, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.parts = parts

    def to_python(self, value: Any) -> list[list[str]]:
        if len(value or "") > LONGEST_LINES:
            raise forms.ValidationError(_("This is too long."))
        rows = []
        for number, line in enumerate((value or "").splitlines(), 1):
            if not line.strip():
                continue
            cells = [cell.strip() for cell in re.split(r"[|｜]", line)]
            if len(cells) != self.parts:
                raise forms.ValidationError(
                    _("Line %(number)d has %(found)d parts; it takes %(parts)d, apart by |.")
                    % {"number": number, "found": len(cells), "parts": self.parts}
                )
            rows.append(cells)
        return rows


class NewPipeline(forms.Form):
    key = forms.RegexField(
        KEY.pattern, label=gettext_lazy("Key"), help_text=gettext_lazy("Small letters, digits, - and _.")
    )
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=LONGEST_NAME)
    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=LONGEST_NAME, required=False)


class WholeForm(forms.Form):
    """What a pipeline is called, for which products it is, and what each of its cases is checked for."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=LONGEST_NAME)
    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=LONGEST_NAME, required=False)
    products = forms.MultipleChoiceField(
        label=gettext_lazy("Products"),
        choices=Facility.Product.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: for all."),
    )
    checklist = Lines(
        parts=3,
        label=gettext_lazy("Checklist of each case"),
        help_text=gettext_lazy("A point a line: diligence or precedent | English | Chinese."),
    )
    is_retired = forms.BooleanField(label=gettext_lazy("Retired: takes no further cases"), required=False)

    @classmethod
    def of(cls, document: Mapping[str, Any], revision: int) -> WholeForm:
        points = document.get("checklist", [])
        lines = "\n".join(f"{one['kind']} | {one['name_en']} | {one.get('name_zh', '')}" for one in points)
        return cls(initial={**document, "checklist": lines, "revision": revision})

    def document(self, before: Mapping[str, Any]) -> Json:
        """What was said, with the stages as they were."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        said["checklist"] = [
            {"kind": kind, "name_en": english, "name_zh": chinese}
            for kind, english, chinese in said["checklist"]
        ]
        return {**before, **said}

    def clean_checklist(self) -> list[list[str]]:
        rows: list[list[str]] = self.cleaned_data["checklist"]
        if any(kind not in CheckItem.Kind.values for kind, *_names in rows):
            raise forms.ValidationError(_("Each line begins with diligence or precedent."))
        return rows


class StageForm(forms.Form):
    """A stage with everything that its entry asks for."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    key = forms.RegexField(
        KEY.pattern,
        label=gettext_lazy("Key"),
        help_text=gettext_lazy("Stays with the history: a stage with another key is another stage."),
    )
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=LONGEST_NAME)
    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=LONGEST_NAME, required=False)
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=Stage.Outcome.choices)
    colour = forms.ChoiceField(label=gettext_lazy("Colour"), choices=Stage.Colour.choices, required=False)
    chance = forms.FloatField(
        label=gettext_lazy("Probability of winning, %"), min_value=0, max_value=100, required=False
    )
    expected_days = forms.IntegerField(
        label=gettext_lazy("Expected days"), min_value=0, max_value=MOST_DAYS, required=False
    )
    limit_days = forms.IntegerField(
        label=gettext_lazy("Days allowed"), min_value=0, max_value=MOST_DAYS, required=False
    )
    reasons = Lines(
        parts=3,
        label=gettext_lazy("Reasons"),
        help_text=gettext_lazy("For a stage that ends cases, one a line: key | English | Chinese."),
    )
    tier = forms.ChoiceField(label=gettext_lazy("Minimum tier"), required=False)
    party_tier = forms.ChoiceField(
        label=gettext_lazy("Minimum tier of further parties"),
        required=False,
        help_text=gettext_lazy("Asked of every client that takes part in the case as one of those chosen."),
    )
    party_parts = forms.MultipleChoiceField(
        label=gettext_lazy("Of which parties"),
        choices=CaseParty.Part.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    party_if_any = forms.BooleanField(
        label=gettext_lazy("Cases without such a party pass"),
        required=False,
    )
    score = forms.FloatField(label=gettext_lazy("Minimum score"), min_value=0, max_value=100, required=False)
    fields_asked = forms.MultipleChoiceField(
        label=gettext_lazy("Required fields"), required=False, widget=forms.CheckboxSelectMultiple
    )
    documents = forms.MultipleChoiceField(
        label=gettext_lazy("Required documents"),
        choices=CaseDocument.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    documents_of_tier = forms.BooleanField(
        label=gettext_lazy("The documents that the policy of the client's tier asks for"), required=False
    )
    checks = forms.MultipleChoiceField(
        label=gettext_lazy("Finished checklists"),
        choices=CheckItem.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    term_sheet = forms.BooleanField(
        label=gettext_lazy("A term sheet is issued, valid, and for the amount of the case"), required=False
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("In which order"), choices=[(mode, MODE_NAMES[mode]) for mode in MODES]
    )
    needed = forms.IntegerField(
        label=gettext_lazy("How many of them"),
        min_value=1,
        max_value=SEATS,
        required=False,
        help_text=gettext_lazy("Empty: all. One after another takes all."),
    )
    condition_en = forms.CharField(
        label=gettext_lazy("The condition in English"), max_length=200, required=False
    )
    condition_zh = forms.CharField(
        label=gettext_lazy("The condition in Chinese"), max_length=200, required=False
    )
    when = forms.CharField(
        label=gettext_lazy("Condition over facts"),
        required=False,
        max_length=20_000,
        widget=forms.HiddenInput(),
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        seat = [("", "–"), *((role.value, role.label) for role in APPROVERS)]
        for number in range(1, SEATS + 1):
            label = _("Seat %(number)d") % {"number": number}
            self.fields[f"seat_{number}"] = forms.ChoiceField(label=label, choices=seat, required=False)
        tiers = Tier.objects.select_related("scheme").order_by("-scheme__is_primary", "scheme", "rank")
        offered = [(f"{tier.scheme.key}:{tier.key}", f"{tier.key} · {tier.scheme.label}") for tier in tiers]
        for name in ("tier", "party_tier"):
            self.fields[name].choices = [("", "–"), *offered]  # type: ignore[attr-defined]
        named = [(name, field_label(name)) for name in FIELDS]
        self.fields["fields_asked"].choices = named  # type: ignore[attr-defined]

    @property
    def rules(self) -> Builder:
        """The condition as rules."""
        return form_builder("when", self["when"].value(), without=_("no condition"))

    @property
    def seats(self) -> list[forms.BoundField]:
        return [self[f"seat_{number}"] for number in range(1, SEATS + 1)]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("party_tier") and not said.get("party_parts"):
            self.add_error("party_parts", _("Choose of which parties the tier is asked."))
        if said.get("party_parts") and not said.get("party_tier"):
            self.add_error("party_tier", _("Choose the tier that they need, or none of them."))
        return said

    def clean_when(self) -> Json | None:
        if not self.cleaned_data["when"]:
            return None
        try:
            data: Json = json_of(self.cleaned_data["when"])
        except ValueError as error:
            raise forms.ValidationError(_("The page sent something that is no condition.")) from error
        return data

    @classmethod
    def of(cls, stage: Mapping[str, Any], revision: int) -> StageForm:
        reasons = stage.get("reasons", [])
        chance = stage.get("probability")
        shown: Json = {
            **{name: stage.get(name) for name in KEPT},
            "revision": revision,
            "chance": None if chance is None else f"{chance * 100:.4g}",
            "reasons": "\n".join(
                f"{one['key']} | {one['name_en']} | {one.get('name_zh', '')}" for one in reasons
            ),
            "mode": PARALLEL,
        }
        for gate in stage.get("gates", ()):
            params = gate.get("params", {})
            match gate["kind"]:
                case "tier" if parts := parts_asked(gate):
                    shown |= {"party_tier": f"{gate['scheme']}:{gate['tier']}", "party_parts": parts}
                    shown["party_if_any"] = params.get("if_any", False)
                case "tier":
                    shown["tier"] = f"{gate['scheme']}:{gate['tier']}"
                case "score":
                    shown["score"] = params["minimum"]
                case "fields":
                    shown["fields_asked"] = params["fields"]
                case "documents":
                    shown["documents"] = params["documents"]
                    shown["documents_of_tier"] = params.get("of_tier", False)
                case "checklist":
                    shown["checks"] = [*shown.get("checks", []), params["checks"]]
                case "term_sheet":
                    shown["term_sheet"] = True
                case "approvals":
                    shown |= {"mode": params.get("mode", PARALLEL), "needed": params.get("needed")}
                    shown |= {f"seat_{n}": role for n, role in enumerate(params["roles"], 1)}
                case "condition":
                    shown["when"] = json.dumps(params["when"], ensure_ascii=False)
                    shown |= {"condition_en": params.get("name_en"), "condition_zh": params.get("name_zh")}
        return cls(initial=shown)

    @property
    def stage(self) -> Json:
        """The stage that was filled in, as a document has it."""
        said = self.cleaned_data
        chance = said["chance"]
        return {
            **{name: said[name] for name in KEPT},
            "probability": None if chance is None else chance / 100,
            "reasons": [
                {"key": key, "name_en": english, "name_zh": chinese}
                for key, english, chinese in said["reasons"]
            ],
            "gates": list(self._gates()),
        }

    def _gates(self) -> Sequence[Json]:
        said, gates = self.cleaned_data, []
        if said["fields_asked"]:
            gates.append({"kind": "fields", "params": {"fields": said["fields_asked"]}})
        if said["documents"] or said["documents_of_tier"]:
            of_tier = {"of_tier": True} if said["documents_of_tier"] else {}
            gates.append({"kind": "documents", "params": {"documents": said["documents"], **of_tier}})
        if said["tier"]:
            gates.append(_tier_gate(said["tier"]))
        if said["party_tier"]:
            if_any = {"if_any": True} if said["party_if_any"] else {}
            params = {"parts": said["party_parts"], **if_any}
            gates.append({**_tier_gate(said["party_tier"]), "params": params})
        if said["score"] is not None:
            gates.append({"kind": "score", "params": {"minimum": said["score"]}})
        gates += [{"kind": "checklist", "params": {"checks": kind}} for kind in said["checks"]]
        if said["term_sheet"]:
            gates.append({"kind": "term_sheet", "params": {}})
        roles = [said[f"seat_{n}"] for n in range(1, SEATS + 1) if said[f"seat_{n}"]]
        if roles:
            needed = len(roles) if said["mode"] == SEQUENTIAL else said["needed"] or len(roles)
            params = {"mode": said["mode"], "needed": needed, "roles": roles}
            gates.append({"kind": "approvals", "params": params})
        if said["when"]:
            names = {"name_en": said["condition_en"], "name_zh": said["condition_zh"]}
            gates.append({"kind": "condition", "params": {"when": said["when"], **names}})
        return gates


def _tier_gate(chosen: str) -> Json:
    scheme, _colon, tier = chosen.partition(":")
    return {"kind": "tier", "scheme": scheme, "tier": tier}


KEPT = ("key", "name_en", "name_zh", "outcome", "colour", "expected_days", "limit_days")
"""What stands in a document as it stands in the form."""


class Words(forms.Form):
    """What changes and why, or why a version is sent back."""

    words = forms.CharField(
        label=gettext_lazy("What changes and why"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
