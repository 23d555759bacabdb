"""The authority in form fields: from its document to forms and back. What makes sense is the policy's own rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tiering.core.authority import HIGHEST_GRADE, LOWEST_GRADE, SEVERITIES
from tiering.models import TierScheme

Json = Mapping[str, Any]
GRADES = [(grade, str(grade)) for grade in range(LOWEST_GRADE, HIGHEST_GRADE + 1)]
PERCENT = 100
LIMITS = ("longest_days", "notches")
SHARES = {
    "up_share": ("up", "share"),
    "up_officer_share": ("up", "officer_share"),
    "down_share": ("down", "share"),
    "down_officer_share": ("down", "officer_share"),
}
"""Where a share stands in the section on overrides."""


def whole(label: Any, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, **options)


def share(label: Any) -> forms.DecimalField:
    """A percentage, kept in basis points."""
    return forms.DecimalField(label=label, required=False, min_value=0, max_value=PERCENT, decimal_places=2)


class RowForm(forms.Form):
    """Which changes a row describes, and what it asks for. `members` makes it a committee."""

    label_en = forms.CharField(label=gettext_lazy("Name in English"), required=False, max_length=200)
    label_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), required=False, max_length=200)
    direction = forms.ChoiceField(
        label=gettext_lazy("Direction"),
        required=False,
        choices=[("", gettext_lazy("Both")), ("up", gettext_lazy("Up")), ("down", gettext_lazy("Down"))],
    )
    least = whole(gettext_lazy("Tiers, at least"))
    most = whole(gettext_lazy("Tiers, at most"))
    exposure_from = forms.FloatField(label=gettext_lazy("Exposure from"), required=False, min_value=0)
    exposure_below = forms.FloatField(label=gettext_lazy("Exposure below"), required=False, min_value=0)
    scheme = forms.ChoiceField(label=gettext_lazy("Scheme"), required=False)
    from_tiers = forms.CharField(
        label=gettext_lazy("From tiers"),
        required=False,
        help_text=gettext_lazy("Keys, or ranks from 0, with commas."),
    )
    to_tiers = forms.CharField(label=gettext_lazy("To tiers"), required=False)
    grade = forms.TypedChoiceField(label=gettext_lazy("Grade"), choices=GRADES, coerce=int, initial=1)
    members = whole(gettext_lazy("Committee of"), help_text=gettext_lazy("Left empty: one officer decides."))
    needs = whole(gettext_lazy("Approvals needed"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["scheme"]
        assert isinstance(field, forms.ChoiceField)
        schemes = TierScheme.objects.order_by("pk").values_list("key", flat=True)
        field.choices = [("", _("Any")), *((key, key) for key in schemes)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if bool(given.get("label_en")) != bool(given.get("label_zh")):
            self.add_error("label_zh", _("Give both names, or none."))
        if given.get("needs") and not given.get("members"):
            self.add_error("members", _("Say how many members the committee has."))
        return given

    @property
    def document(self) -> dict[str, Any]:
        """The row as the document says it."""
        given = self.cleaned_data
        found: dict[str, Any] = {}
        if given["label_en"]:
            found["label"] = {"en": given["label_en"], "zh": given["label_zh"]}
        for name in ("direction", "scheme"):
            if given[name]:
                found[name] = given[name]
        for name, parts in {
            "notches": {"min": given["least"], "max": given["most"]},
            "exposure": {"from": given["exposure_from"], "below": given["exposure_below"]},
        }.items():
            if said := {part: value for part, value in parts.items() if value is not None}:
                found[name] = said
        for name in ("from", "to"):
            if tiers := tiers_of(given[f"{name}_tiers"]):
                found[name] = tiers
        found["needs"] = {"grade": given["grade"]}
        if given["members"]:
            committee = {"of": given["members"], "needs": given["needs"] or given["members"]}
            found["needs"] = {"committee": {**committee, "grade": given["grade"]}}
        return found

    @staticmethod
    def initial_of(row: Json) -> dict[str, Any]:
        """What the form shows of a row."""
        needs = row["needs"]
        committee = needs.get("committee", {})
        label, notches, exposure = (row.get(name, {}) for name in ("label", "notches", "exposure"))
        return {
            "label_en": label.get("en"),
            "label_zh": label.get("zh"),
            "direction": row.get("direction"),
            "least": notches.get("min"),
            "most": notches.get("max"),
            "exposure_from": exposure.get("from"),
            "exposure_below": exposure.get("below"),
            "scheme": row.get("scheme"),
            "from_tiers": ", ".join(map(str, row.get("from", ()))),
            "to_tiers": ", ".join(map(str, row.get("to", ()))),
            "grade": committee.get("grade", needs.get("grade", LOWEST_GRADE)),
            "members": committee.get("of"),
            "needs": committee.get("needs"),
        }


def tiers_of(text: str) -> list[str | int]:
    """Keys of tiers as they are, ranks as numbers."""
    names = (name.strip() for name in text.split(","))
    return [int(name) if name.isdecimal() else name for name in names if name]


RowFormSet = forms.formset_factory(RowForm, extra=1, can_order=True, can_delete=True, max_num=60)


class WorkForm(forms.Form):
    """How work is shared out, within which time, and what becomes of what is late."""

    shares_out = forms.BooleanField(label=gettext_lazy("Share work out among officers"), required=False)
    by = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[
            ("round_robin", gettext_lazy("In turn, whoever has least to do first")),
            ("sector", gettext_lazy("By sector")),
            ("team", gettext_lazy("By team")),
        ],
        initial="round_robin",
    )
    officers = forms.CharField(
        label=gettext_lazy("Who for whom"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("A line each: code of the sector or team: user names, with commas."),
    )
    high = whole(gettext_lazy("Working hours, high severity"), initial=9)
    medium = whole(gettext_lazy("Working hours, medium severity"), initial=27)
    low = whole(gettext_lazy("Working hours, low severity"), initial=45)
    after_hours = whole(
        gettext_lazy("Hand on when late by so many working hours"),
        help_text=gettext_lazy("Left empty: it stays where it is."),
    )
    grade = forms.TypedChoiceField(
        label=gettext_lazy("To an officer of grade"), choices=GRADES, coerce=int, initial=2
    )

    def clean_officers(self) -> dict[str, list[str]]:
        """By code, the user names."""
        found: dict[str, list[str]] = {}
        for line in self.cleaned_data["officers"].splitlines():
            code, colon, names = line.partition(":")
            if not line.strip():
                continue
            people = [name.strip() for name in names.split(",") if name.strip()]
            if not colon or not people:
                raise ValidationError(
                    _("Write “code: user name, user name”, not “%(line)s”.") % {"line": line}
                )
            found[code.strip()] = people
        return found

    @property
    def document(self) -> dict[str, Any] | None:
        """The section as the document says it; None where work is not shared out."""
        given = self.cleaned_data
        if not given["shares_out"]:
            return None
        found: dict[str, Any] = {
            "assignment": {"by": given["by"]},
            "hours": {severity: given[severity] or 0 for severity in SEVERITIES},
        }
        if given["officers"]:
            found["assignment"]["officers"] = given["officers"]
        if given["after_hours"] is not None:
            found["escalation"] = {"after_hours": given["after_hours"], "grade": given["grade"]}
        return found

    @staticmethod
    def initial_of(work: Json | None) -> dict[str, Any]:
        """What the form shows of the section."""
        if not work:
            return {}
        assignment, escalation = work["assignment"], work.get("escalation", {})
        lines = (f"{code}: {', '.join(names)}" for code, names in assignment.get("officers", {}).items())
        return {
            "shares_out": True,
            "by": assignment["by"],
            "officers": "\n".join(lines),
            **work["hours"],
            **escalation,
        }


class OverridesForm(forms.Form):
    """How far overrides may go; what is left empty has no limit."""

    up_share = share(gettext_lazy("Better than the criteria say: share of clients at most, in %"))
    up_officer_share = share(gettext_lazy("Of them by one officer: share of clients at most, in %"))
    down_share = share(gettext_lazy("Worse than the criteria say: share of clients at most, in %"))
    down_officer_share = share(gettext_lazy("Of them by one officer: share of clients at most, in %"))
    warn_share = share(gettext_lazy("Warn from this share of a segment on, in %"))
    longest_days = whole(gettext_lazy("Longest, in days"))
    notches = whole(gettext_lazy("By how many tiers at most"))

    @property
    def document(self) -> dict[str, Any]:
        given = self.cleaned_data
        found: dict[str, Any] = {name: given[name] for name in LIMITS if given[name] is not None}
        if given["warn_share"] is not None:
            found["warn_share"] = round(given["warn_share"] * PERCENT)
        for name, (direction, key) in SHARES.items():
            if given[name] is not None:
                found.setdefault(direction, {})[key] = round(given[name] * PERCENT)
        return found

    @staticmethod
    def initial_of(limits: Json) -> dict[str, Any]:
        """What the form shows of the section."""
        shown = {name: limits.get(name) for name in LIMITS}
        shares = {name: limits.get(side, {}).get(key) for name, (side, key) in SHARES.items()}
        shares["warn_share"] = limits.get("warn_share")
        return {**shown, **{name: value / PERCENT for name, value in shares.items() if value is not None}}


class SeenForm(forms.Form):
    """The revision that the editor had before them."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput())


class AuthorityForms:
    """All forms of the page: `rows`, `work`, `overrides` and `seen`."""

    def __init__(self, document: Json, revision: int, data: Any = None):
        rows = [RowForm.initial_of(row) for row in document["decisions"]]
        self.rows = RowFormSet(data, initial=rows, prefix="rows")
        self.work = WorkForm(data, initial=WorkForm.initial_of(document.get("work")), prefix="work")
        self.overrides = OverridesForm(
            data, initial=OverridesForm.initial_of(document.get("overrides", {})), prefix="overrides"
        )
        self.seen = SeenForm(data, initial={"revision": revision})

    def __iter__(self) -> Iterator[Any]:
        return iter((self.rows, self.work, self.overrides, self.seen))

    def is_valid(self) -> bool:
        """Whether every form can be read; all of them say what they find."""
        valid = [form.is_valid() for form in self]
        return all(valid)

    @property
    def revision(self) -> int:
        return self.seen.cleaned_data["revision"]

    @property
    def document(self) -> dict[str, Any]:
        """What the forms say, as a document. A further row without a place comes before the last, which describes every
        change."""
        placed = [row for row in self.rows.ordered_forms if row.cleaned_data["ORDER"] is not None]
        added = [row for row in self.rows.ordered_forms if row.cleaned_data["ORDER"] is None]
        rows = [*placed[:-1], *added, *placed[-1:]]
        found: dict[str, Any] = {"format": 1, "decisions": [row.document for row in rows]}
        if (work := self.work.document) is not None:
            found["work"] = work
        if overrides := self.overrides.document:
            found["overrides"] = overrides
        return found
