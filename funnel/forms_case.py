"""What the page of a case takes in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DateInput, NamedChoice, ServiceForm
from crm.models import Facility, Project, User
from funnel.forms import AmountField, projects_of
from funnel.models import Case, CaseDocument, CheckItem, Stage
from funnel.selectors.work import colleagues


def _text(label: Any, rows: int = 2, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


class EditCase(ServiceForm):
    """What may be said of an open case anew, at the revision that was shown."""

    defines = "case"

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    product = forms.ChoiceField(label=_("Product"), choices=Facility.Product.choices)
    amount = AmountField(
        label=_("Amount"),
        min_value=Decimal("0.01"),
        max_digits=20,
        decimal_places=2,
        help_text=_("A changed amount takes the approvals given before out of account."),
    )
    project = forms.ModelChoiceField(
        Project.objects.none(), label=_("Project"), required=False, empty_label=_("No project")
    )
    source = forms.ChoiceField(label=_("Source"), choices=[("", "–"), *Case.Source.choices], required=False)
    expected_close = forms.DateField(label=_("Expected close"), widget=DateInput(), required=False)
    purpose = _text(_("Purpose"), required=False)
    competition = _text(_("Competition"), required=False)
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_step_on = forms.DateField(label=_("Next step due"), widget=DateInput(), required=False)

    def __init__(self, data: Any = None, *, case: Case, user: User) -> None:
        shown = {name: getattr(case, name) for name in self.base_fields}
        super().__init__(data, initial=shown)
        self.fields["project"].queryset = projects_of(case.client, user)  # type: ignore[attr-defined]

    @property
    def details(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


class NewCheck(ServiceForm):
    defines = "check"

    kind = forms.ChoiceField(label=_("Kind"), choices=CheckItem.Kind.choices)
    name = forms.CharField(label=_("What is checked"), max_length=200)
    owner = NamedChoice(User.objects.none(), label=_("Looked after by"), required=False)
    due_on = forms.DateField(label=_("Due on"), widget=DateInput(), required=False)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data)
        self.fields["owner"].queryset = colleagues(case)  # type: ignore[attr-defined]


class PlanCheck(ServiceForm):
    defines = "check"

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    owner = NamedChoice(User.objects.none(), label=_("Looked after by"), required=False)
    due_on = forms.DateField(label=_("Due on"), widget=DateInput(), required=False)

    def __init__(self, data: Any = None, *, check: CheckItem) -> None:
        shown = {"revision": check.revision, "owner": check.owner_id, "due_on": check.due_on}
        super().__init__(data, initial=shown, auto_id=f"plan-{check.pk}-%s")
        self.fields["owner"].queryset = colleagues(check.case)  # type: ignore[attr-defined]


class FinishCheck(ServiceForm):
    defines = "check"

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    finding = forms.CharField(
        label=_("What was found"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    risk = forms.ChoiceField(label=_("Risk"), choices=CheckItem.Risk.choices, required=False)
    file = forms.FileField(label=_("Evidence"), required=False)
    applies = forms.TypedChoiceField(
        label=_("State"),
        choices=[("yes", CheckItem.State.DONE.label), ("no", CheckItem.State.WAIVED.label)],
        coerce=lambda value: value == "yes",
    )
    ASKING = (("yes", CheckItem.State.DONE.label), ("no", _("Ask for a waiver")))

    def __init__(self, data: Any = None, files: Any = None, *, check: CheckItem) -> None:
        shown = {name: getattr(check, name) for name in ("revision", "finding", "risk")}
        super().__init__(data, files, initial=shown, auto_id=f"finish-{check.pk}-%s")
        if check.kind == CheckItem.Kind.PRECEDENT:
            self.fields["applies"].choices = self.ASKING  # type: ignore[attr-defined]


class DecideWaiver(ServiceForm):
    """Whether a condition precedent need not be met."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(choices=[("grant", _("Grant it")), ("refuse", _("Refuse it"))])
    remark = _text(_("Remark"), required=False, help_text=_("Required to refuse."))


class NewDocument(ServiceForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=CaseDocument.Kind.choices)
    file = forms.FileField(
        label=_("File"), help_text=_("PDF, XLSX, DOCX, CSV, TXT, PNG or JPG of at most 10 MB.")
    )


class Say(ServiceForm):
    """Approve of, or refuse, a case's entering a stage."""

    stage = forms.ModelChoiceField(Stage.objects.none(), to_field_name="key", widget=forms.HiddenInput)
    verdict = forms.ChoiceField(choices=[("approve", _("Approve")), ("reject", _("Reject"))])
    comment = _text(_("Comment"), required=False, help_text=_("Required to reject."))

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data)
        self.fields["stage"].queryset = case.stage.pipeline.stages.all()  # type: ignore[attr-defined]


class Waive(ServiceForm):
    """Let a case pass the gates up to a stage that it does not meet."""

    stage = forms.ModelChoiceField(
        Stage.objects.none(), label=_("Up to"), to_field_name="key", empty_label=None
    )
    reason = _text(_("Reason"))

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data)
        ahead = case.stage.pipeline.stages.filter(position__gt=case.stage.position, is_retired=False)
        self.fields["stage"].queryset = ahead.exclude(outcome=Stage.Outcome.LOST)  # type: ignore[attr-defined]


class Team(ServiceForm):
    people = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Team"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data, initial={"people": [member.user_id for member in case.team.all()]})
        people = colleagues(case).exclude(book=case.client)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]


class NewCoLender(ServiceForm):
    name = forms.CharField(label=_("Institution"), max_length=120)
    amount = AmountField(
        label=_("Its share"), min_value=Decimal("0.01"), max_digits=20, decimal_places=2, required=False
    )
