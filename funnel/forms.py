"""What the pages of the funnel take in."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.formats import localized
from crm.forms.fields import DateInput
from crm.models import Client, Facility, Project, Role, User
from crm.paging import Order
from funnel.models import Case, GateLapse, Pipeline, Stage
from funnel.querysets import CaseQuerySet
from funnel.selectors.parties import of_clients_named
from funnel.selectors.pipelines import reasons_of, stages_of
from funnel.selectors.rates import currencies
from tiering.models import Tier


def _offer(form: forms.Form, name: str, choices: QuerySet) -> None:
    """Limit a field to what this user may choose."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = choices


class UserChoice(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return localized(user)


def holders_seen_by(user: User) -> QuerySet[User]:
    """Whom clients that the user sees may belong to: told from people, who are far fewer than cases."""
    holders = User.objects.filter(role__in=(Role.RM, Role.TEAM_LEAD)).order_by("name")
    return holders if user.sees_every_client else holders.filter(team=user.team_id)


ORDERS = {
    "client": "client__sort_key",
    "amount": "amount",
    "close": "expected_close",
    "next": "next_step_on",
    "since": "entered_stage_at",
}
"""What the list can be ordered by → the column."""
LARGEST_FIRST = "-amount"


class BoardFilter(forms.Form):
    """Which cases the board shows. Anything unknown in the address is left out, never an error."""

    q = forms.CharField(label=_("Client"), max_length=100, required=False)
    rm = UserChoice(
        User.objects.none(), label=_("Relationship manager"), required=False, empty_label=_("All RMs")
    )
    pipeline = forms.ChoiceField(label=_("Funnel"), required=False)
    by = forms.ChoiceField(
        label=_("Columns"),
        required=False,
        choices=[
            ("stage", _("By stage")),
            ("tier", _("By tier")),
            ("rm", _("By RM")),
            ("month", _("By month of close")),
        ],
    )
    product = forms.ChoiceField(
        label=_("Product"), required=False, choices=[("", _("All products")), *Facility.Product.choices]
    )
    tier = forms.ModelChoiceField(
        Tier.objects.none(), label=_("Tier"), to_field_name="key", required=False, empty_label=_("All tiers")
    )
    source = forms.ChoiceField(
        label=_("Source"), required=False, choices=[("", _("All sources")), *Case.Source.choices]
    )
    stage = forms.ModelChoiceField(
        Stage.objects.none(),
        label=_("Stage"),
        to_field_name="key",
        required=False,
        empty_label=_("All stages"),
    )
    sort = forms.ChoiceField(
        required=False,
        choices=[(f"{sign}{name}", "") for name in ORDERS for sign in ("", "-")],
        widget=forms.HiddenInput,
    )
    mine = forms.BooleanField(label=_("My cases"), required=False)
    late = forms.BooleanField(label=_("Waiting too long"), required=False)
    lapsed = forms.BooleanField(label=_("Gate no longer met"), required=False)

    def __init__(self, data: Mapping[str, Any], *, user: User, today: date):
        super().__init__(data)
        self.user, self.today = user, today
        _offer(self, "rm", holders_seen_by(user))
        _offer(self, "tier", Tier.objects.filter(scheme__is_primary=True).order_by("rank"))
        # Few: read once, whichever is chosen.
        self.pipelines = list(Pipeline.objects.order_by("is_retired", "pk"))
        field = self.fields["pipeline"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.key, str(one)) for one in self.pipelines]
        _offer(self, "stage", Stage.objects.filter(pipeline=self.chosen_pipeline).order_by("position"))

    @property
    def chosen_pipeline(self) -> Pipeline | None:
        """The one chosen, or the first."""
        chosen = self.data.get("pipeline")
        return next((one for one in self.pipelines if one.key == chosen), next(iter(self.pipelines), None))

    @property
    def has_pipelines(self) -> bool:
        """Whether there is more than one to choose from."""
        return len(self.pipelines) > 1

    def cases(self) -> CaseQuerySet:
        """The visible cases that pass the filter."""
        self.is_valid()
        chosen, cases = self.cleaned_data, Case.objects.visible_to(self.user).standing()
        if chosen.get("q"):
            cases = of_clients_named(cases, chosen["q"], self.user)
        if chosen.get("rm"):
            cases = cases.filter(client__rm=chosen["rm"])
        if chosen.get("product"):
            cases = cases.filter(product=chosen["product"])
        if chosen.get("tier"):
            cases = cases.in_tier(chosen["tier"])
        if chosen.get("source"):
            cases = cases.filter(source=chosen["source"])
        if chosen.get("mine"):
            cases = cases.editable_by(self.user)
        if chosen.get("stage"):
            cases = cases.filter(stage=chosen["stage"])
        if chosen.get("late"):
            cases = cases.late(self.today)
        if chosen.get("lapsed"):
            cases = cases.filter(Exists(GateLapse.objects.filter(case=OuterRef("pk"))))
        return cases

    @property
    def order(self) -> Order:
        """The order of the list: as it says, else the largest first."""
        said: str = self.cleaned_data.get("sort") or LARGEST_FIRST
        return Order(ORDERS[said.removeprefix("-")], descending=said.startswith("-"))

    def address(self) -> str:
        """The filter as an address has it: what is on offer and not default, in one order. A saved view keeps this."""
        self.is_valid()
        said = {name: self.data.get(name, "") for name in self.fields if self.cleaned_data.get(name)}
        return urlencode({name: value for name, value in said.items() if (name, value) != ("by", "stage")})


class Cursor(forms.Form):
    """The card after which a page of a column starts."""

    amount = forms.DecimalField(max_digits=20, decimal_places=2)
    after = forms.IntegerField(min_value=1)


class AmountField(forms.DecimalField):
    """An amount that may be written with thousands separators: 12,000,000 or 12，000，000."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.translate(str.maketrans("", "", ",， _'"))
        return super().to_python(value)


class NewCase(forms.Form):
    """A case for a client of one's own, optionally for a project in which that client takes part."""

    defines = "case"

    client = forms.ModelChoiceField(
        Client.objects.none(),
        label=_("Client"),
        error_messages={
            "required": _("Choose the client that the case is for."),
            "invalid_choice": _(
                "This client is not in your book. Choose one of the clients that the search finds."
            ),
        },
    )
    product = forms.ChoiceField(label=_("Product"), choices=[("", "–"), *Facility.Product.choices])
    amount = AmountField(label=_("Amount"), min_value=Decimal("0.01"), max_digits=20, decimal_places=2)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    pipeline = forms.ModelChoiceField(
        Pipeline.objects.none(),
        label=_("Funnel"),
        required=False,
        empty_label=_("The one for the product"),
    )
    expected_close = forms.DateField(label=_("Expected close"), widget=DateInput(), required=False)
    source = forms.ChoiceField(label=_("Source"), choices=[("", "–"), *Case.Source.choices], required=False)
    purpose = forms.CharField(
        label=_("Purpose"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    project = forms.ModelChoiceField(
        Project.objects.none(),
        label=_("Project"),
        required=False,
        empty_label=_("No project"),
        error_messages={
            "invalid_choice": _(
                "The client takes no part in this project. Choose one of the client's projects or none."
            )
        },
    )

    def __init__(self, *args, user: User, client: Client | None, **kwargs):
        super().__init__(*args, **kwargs)
        _offer(self, "client", Client.objects.editable_by(user))
        known = currencies()
        self.fields["currency"].choices = [(code, code) for code in known]  # type: ignore[attr-defined]
        if len(known) == 1:
            del self.fields["currency"]
            self.fields["amount"].label = _("Amount, %(currency)s") % {"currency": known[0]}
        pipelines = Pipeline.objects.filter(is_retired=False).order_by("pk")
        _offer(self, "pipeline", pipelines)
        if pipelines.count() < 2:
            del self.fields["pipeline"]
        if client:
            _offer(self, "project", projects_of(client, user))


def projects_of(client: Client, user: User) -> QuerySet[Project]:
    """The projects a case of the client may be for."""
    return Project.objects.visible_to(user).filter(participations__client=client).distinct()


class Move(forms.Form):
    """A step to a stage of the case's own pipeline, from the version that the mover saw."""

    stage = forms.ModelChoiceField(
        Stage.objects.none(), label=_("Move to"), to_field_name="key", empty_label=_("Choose a stage")
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("Reason"), required=False, help_text=_("Required to close a case as declined.")
    )
    comment = forms.CharField(
        label=_("Comment"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Required to reopen a case."),
    )

    def __init__(self, *args, pipeline: Pipeline, **kwargs):
        super().__init__(*args, **kwargs)
        _offer(self, "stage", stages_of(pipeline))
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = partial(_reasons, pipeline)  # read where one is shown or given: most moves need none


def _reasons(pipeline: Pipeline) -> list[tuple[Any, Any]]:
    """The closing reasons by stage, as a field offers them."""
    by_stage: dict[str, list[tuple[str, str]]] = {}
    for one in reasons_of(pipeline):
        by_stage.setdefault(str(one.stage), []).append((one.key, str(one)))
    return [("", _("Choose a reason")), *by_stage.items()]
