"""A tier policy as a form: what follows from each tier, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.models import CasePaper
from tiering import display
from tiering.core.metric import Catalogue
from tiering.core.products import Products
from tiering.core.tier_policy_kind import MOST_MONTHS

PARTS = 3
"""So many multiples bound a limit in the form; a document may have more."""
LINES_HELP = gettext_lazy("One a line: English | Chinese")
EVENTS_HELP = gettext_lazy("One a line: key | every so many months | English | Chinese")


class HeadForm(forms.Form):
    """What holds for all tiers, and the revision that its editor began from."""

    label_en = forms.CharField(label=gettext_lazy("English name"), max_length=200)
    label_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=200)
    raise_at_most = forms.IntegerField(
        label=gettext_lazy("Raise a limit by at most, basis points"),
        min_value=0,
        max_value=10_000,
        help_text=gettext_lazy("Of the limit, at a time. 0: limits are never proposed to be raised."),
    )
    base_rate = forms.IntegerField(
        label=gettext_lazy("House's rate, basis points a year"),
        min_value=0,
        max_value=10_000,
        required=False,
        help_text=gettext_lazy("The add-ons of the tiers come on top. Empty: each term sheet says it."),
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput())


class TermsForm(forms.Form):
    """What follows from one tier."""

    cap = forms.FloatField(label=gettext_lazy("At most"), min_value=0, max_value=1e14, required=False)
    add_on = forms.IntegerField(
        label=gettext_lazy("Price add-on, basis points"), min_value=-10_000, max_value=10_000
    )
    cover = forms.IntegerField(
        label=gettext_lazy("Exposure to be covered by collateral, basis points"),
        min_value=0,
        max_value=10_000,
    )
    collateral_en = forms.CharField(label=gettext_lazy("Collateral, English"), max_length=200, required=False)
    collateral_zh = forms.CharField(label=gettext_lazy("Collateral, Chinese"), max_length=200, required=False)
    review_months = forms.IntegerField(
        label=gettext_lazy("Review every … months"), min_value=1, max_value=MOST_MONTHS
    )
    contact_days = forms.IntegerField(label=gettext_lazy("Contact every … days"), min_value=1, max_value=366)
    monitoring_days = forms.IntegerField(
        label=gettext_lazy("Monitoring every … days"), min_value=1, max_value=366
    )
    team_en = forms.CharField(label=gettext_lazy("Looked after by, English"), max_length=200, required=False)
    team_zh = forms.CharField(label=gettext_lazy("Looked after by, Chinese"), max_length=200, required=False)
    services = forms.CharField(
        label=gettext_lazy("Service"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=LINES_HELP,
    )
    events = forms.CharField(
        label=gettext_lazy("Events"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=EVENTS_HELP,
    )
    every_product = forms.BooleanField(label=gettext_lazy("Every product may be offered"), required=False)
    products = forms.MultipleChoiceField(
        label=gettext_lazy("Otherwise these"), required=False, widget=forms.CheckboxSelectMultiple
    )
    ticket_least = forms.FloatField(
        label=gettext_lazy("A case asks for at least"), min_value=0, max_value=1e14, required=False
    )
    ticket_most = forms.FloatField(
        label=gettext_lazy("A case asks for at most"), min_value=0, max_value=1e14, required=False
    )
    documents = forms.MultipleChoiceField(
        label=gettext_lazy("Documents that each case has to have"),
        choices=CasePaper.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, catalogue: Catalogue, offered: Products, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amounts = [
            (metric.key, str(display.metric_label(metric.key, catalogue)))
            for metric in catalogue.values()
            if metric.unit == "money" and metric.scope != "project"
        ]
        for part in range(PARTS):
            self.fields[f"metric_{part}"] = forms.ChoiceField(
                label=_("Multiple of"), choices=[("", "–"), *amounts], required=False
            )
            self.fields[f"times_{part}"] = forms.FloatField(
                label=_("Times"), min_value=0.0001, max_value=1000, required=False
            )
        products = self.fields["products"]
        assert isinstance(products, forms.MultipleChoiceField)
        products.choices = [(one.key, display.label(one.label)) for one in offered.products]

    @property
    def parts(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of the multiples, each a metric and how many times it counts."""
        return [(self[f"metric_{part}"], self[f"times_{part}"]) for part in range(PARTS)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for part in range(PARTS):
            if bool(given.get(f"metric_{part}")) != (given.get(f"times_{part}") is not None):
                self.add_error(f"metric_{part}", _("Give a metric and how many times it counts, or neither."))
        for name in ("collateral", "team"):
            if bool(given.get(f"{name}_en")) != bool(given.get(f"{name}_zh")):
                self.add_error(f"{name}_en", _("Write both languages, or neither."))
        return given

    def clean_services(self) -> list[dict[str, str]]:
        return [_label(fields) for fields in _lines(self.cleaned_data["services"], 2, str(LINES_HELP))]

    def clean_events(self) -> list[dict[str, Any]]:
        found = []
        for key, months, *label in _lines(self.cleaned_data["events"], 4, str(EVENTS_HELP)):
            if not months.isdecimal() or not 1 <= int(months) <= 60:
                raise ValidationError(_("“%(text)s” is no number of months from 1 to 60.") % {"text": months})
            found.append({"key": key, "label": _label(label), "months": int(months)})
        return found


def _lines(text: str, count: int, help_text: str) -> Iterable[list[str]]:
    for line in filter(str.strip, text.splitlines()):
        fields = [field.strip() for field in line.replace("|", "|").split("|")]
        if len(fields) != count or not all(fields):
            raise ValidationError(
                _("“%(line)s” is not of the form: %(form)s") % {"line": line, "form": help_text}
            )
        yield fields


def _label(fields: list[str]) -> dict[str, str]:
    return {"en": fields[0], "zh": fields[1]}


def head_initial(document: Mapping[str, Any], revision: int) -> dict[str, Any]:
    """What a form of the whole begins with."""
    label = document["label"]
    return {
        "label_en": label["en"],
        "label_zh": label["zh"],
        "raise_at_most": document["raise_at_most"],
        "base_rate": document.get("base_rate"),
        "revision": revision,
    }


def terms_initial(terms: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of what a document says of a tier."""
    limit, service = terms["limit"] or {"least_of": [], "cap": None}, terms["service"]
    parts: dict[str, Any] = {}
    for at, part in enumerate(limit["least_of"][:PARTS]):
        parts |= {f"metric_{at}": part["metric"], f"times_{at}": part["times"]}
    named = ("add_on", "cover", "review_months", "contact_days", "monitoring_days")
    return {
        **parts,
        **{name: terms[name] for name in named},
        **_both("collateral", terms["collateral"]),
        **_both("team", service["team"]),
        "cap": limit["cap"],
        "services": "\n".join(f"{one['en']} | {one['zh']}" for one in service["products"]),
        "events": "\n".join(
            f"{one['key']} | {one['months']} | {one['label']['en']} | {one['label']['zh']}"
            for one in service["events"]
        ),
        "every_product": terms["products"] is None,
        "products": terms["products"] or [],
        **{f"ticket_{bound}": amount for bound, amount in terms.get("ticket", {}).items()},
        "documents": terms.get("documents", []),
    }


def _both(name: str, label: Mapping[str, str] | None) -> dict[str, str]:
    return {f"{name}_en": label["en"], f"{name}_zh": label["zh"]} if label else {}


def terms_of(tier: str, given: Mapping[str, Any], former: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What a document says of a tier, from the fields of its form; multiples that the form has no room for stay."""
    kept = ((former or {}).get("limit") or {}).get("least_of", [])[PARTS:]
    parts = [
        {"metric": given[f"metric_{part}"], "times": given[f"times_{part}"]}
        for part in range(PARTS)
        if given.get(f"metric_{part}")
    ] + kept
    bounded = bool(parts) or given["cap"] is not None
    named = ("add_on", "cover", "review_months", "contact_days", "monitoring_days")
    return {
        "tier": tier,
        "limit": {"least_of": parts, "cap": given["cap"]} if bounded else None,
        **{name: given[name] for name in named},
        "collateral": _label_of(given, "collateral"),
        "service": {
            "team": _label_of(given, "team"),
            "products": given["services"],
            "events": given["events"],
        },
        "products": None if given["every_product"] else given["products"],
        **_of_cases(given),
    }


def _of_cases(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of cases; what nobody decided is left out."""
    ticket = {"least": given["ticket_least"], "most": given["ticket_most"]}
    bounded = any(amount is not None for amount in ticket.values())
    documents = {"documents": given["documents"]} if given["documents"] else {}
    return {**({"ticket": ticket} if bounded else {}), **documents}


def _label_of(given: Mapping[str, Any], name: str) -> dict[str, str] | None:
    return {"en": given[f"{name}_en"], "zh": given[f"{name}_zh"]} if given[f"{name}_en"] else None
