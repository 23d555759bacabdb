"""Facilities, what secures them, and their instalments."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.filters import IdFilter, YesNoFilter
from crm.api.inputs import IdField, Input, NumberField, VersionField
from crm.api.projects import project_of
from crm.api.repeats import make_once
from crm.api.rows import Request, VisibleRows, check_hold, created
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.api.tasks import client_of
from crm.core.schedules import Instalment
from crm.errors import Invalid
from crm.models import Collateral, Facility, Payment
from crm.services import facilities as services
from crm.services import repayment

POLICY = {"*": "crm.change_client", "GET": "crm.view_client"}
MONEY: dict[str, Any] = {"max_digits": 20, "decimal_places": 2}


class CarriedInput(Input):
    """Amounts are in units of `currency`; `exchange_rate` is what a unit of it is worth in the book's."""

    currency = serializers.CharField(
        max_length=3, required=False, help_text="ISO code; the book's if left out."
    )
    exchange_rate = serializers.DecimalField(max_digits=20, decimal_places=10, required=False)


class FacilitySerializer(serializers.ModelSerializer):
    """A facility; `limit` and `drawn` in units of the book currency, carried from `currency` at `exchange_rate`."""

    currency = serializers.CharField(source="own_currency")

    class Meta:
        model = Facility
        fields = (
            "id", "client", "project", "number", "product", "currency", "exchange_rate", "limit", "drawn", "rate",
            "opened_on", "matures_on", "closed_on", "change_reason", "version", "created_at",
        )  # fmt: skip


class FacilityFieldsInput(CarriedInput):
    number = serializers.CharField(max_length=40, required=False)
    product = serializers.ChoiceField(choices=Facility.Product.choices, required=False)
    project = IdField(required=False, allow_null=True, help_text="Id of a project of the client.")
    limit = serializers.DecimalField(required=False, min_value=0, **MONEY)
    drawn = serializers.DecimalField(required=False, min_value=0, **MONEY)
    rate = NumberField(required=False, allow_null=True, help_text="A fraction: 0.045 is 4.5% a year.")
    opened_on = serializers.DateField(required=False)
    matures_on = serializers.DateField(required=False)


class NewFacilityInput(FacilityFieldsInput):
    client = IdField(help_text="Id of a client whom the user holds.")
    number = serializers.CharField(max_length=40)
    product = serializers.ChoiceField(choices=Facility.Product.choices)
    limit = serializers.DecimalField(min_value=0, **MONEY)
    drawn = serializers.DecimalField(min_value=0, **MONEY)
    opened_on = serializers.DateField()
    matures_on = serializers.DateField()


class FacilityChangeInput(FacilityFieldsInput):
    closed_on = serializers.DateField(required=False, allow_null=True)
    reason = serializers.CharField(max_length=300, help_text="Why it is changed; the history keeps it.")
    version = VersionField()


class RepaymentPlanInput(Input):
    plan = serializers.ChoiceField(choices=["annuity", "equal_principal", "bullet"])
    first_on = serializers.DateField()
    every = serializers.IntegerField(min_value=1, max_value=12, help_text="Months between instalments.")
    version = VersionField()


class InstalmentInput(Input):
    due_on = serializers.DateField()
    principal = serializers.DecimalField(min_value=0, **MONEY)
    interest = serializers.DecimalField(min_value=0, required=False, default=Decimal(0), **MONEY)


class ScheduleInput(Input):
    instalments = serializers.ListField(child=InstalmentInput(), min_length=1, max_length=600)
    version = VersionField()


class PaymentSerializer(serializers.ModelSerializer):
    """An instalment, in units of the book currency. `paid_amount` came in so far; all of it on `paid_on`."""

    class Meta:
        model = Payment
        fields = ("id", "facility", "due_on", "principal", "interest", "paid_on", "paid_amount")


class PayInput(Input):
    paid_on = serializers.DateField()
    amount = serializers.DecimalField(**MONEY, help_text="In units of the facility's currency.")
    known = serializers.DecimalField(
        required=False, allow_null=True, help_text="What the writer saw as paid so far.", **MONEY
    )


class FacilityFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")
    project = IdFilter("project", help_text="Id of a project.")

    class Meta:
        model = Facility
        fields: tuple[str, ...] = ()


class PaymentFilter(filters.FilterSet):
    facility = IdFilter("facility", help_text="Id of a facility.")
    client = IdFilter("facility__client", help_text="Id of a client.")
    is_open = YesNoFilter(method="unpaid", help_text="Whether something of it is still to come.")
    due_to = filters.DateFilter("due_on", "lte", help_text="The last day on which it falls due.")

    class Meta:
        model = Payment
        fields: tuple[str, ...] = ()

    def unpaid(self, rows: Any, name: str, value: str | bool) -> Any:
        return rows.filter(paid_on__isnull=value in (True, "true"))


class FacilityRows(VisibleRows):
    policy = POLICY
    queryset = Facility.objects.select_related("client")
    serializer_class = FacilitySerializer

    def told(self, pk: int) -> Any:
        return FacilitySerializer(self.find(pk)).data

    def own(self, pk: int) -> Facility:
        """The facility, where the user may change its client; looked at before what is sent. Raises NotPermitted."""
        found: Facility = self.find(pk)
        check_hold(self, found.client)
        return found

    def named(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What was asked, with the project for its id."""
        if asked.get("project"):
            asked["project"] = project_of(self.request.user, asked["project"])
        return asked


class FacilityList(ListModelMixin, FacilityRows):
    filterset_class = FacilityFilter

    @extend_schema(
        operation_id="facilities_list",
        tags=["facilities"],
        responses=answers(FacilitySerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Facilities of clients that the user may see, the last entered first."""
        return self.list(request)

    @extend_schema(
        operation_id="facilities_open",
        tags=["facilities"],
        parameters=[idempotency_key(required=False)],
        request=NewFacilityInput,
        responses=answers(FacilitySerializer, *WRITING, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Enter a facility of a client."""
        asked = self.named(NewFacilityInput.given(request))
        client = client_of(request.user, asked.pop("client"))
        assert client is not None, "the input asks for one"
        pk = make_once(request, lambda: services.open_facility(by=request.user, client=client, **asked))
        return created(request, self.told(pk), "facility-detail", pk)


class FacilityDetail(FacilityRows):
    @extend_schema(
        operation_id="facilities_get", tags=["facilities"], responses=answers(FacilitySerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """One facility."""
        return Response(self.told(pk))

    @changing("facilities_change", "facilities", FacilityChangeInput, FacilitySerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change the given fields of a facility that is still at the given version, for a reason."""
        facility = self.own(pk)
        asked = self.named(FacilityChangeInput.given(request))
        services.change_facility(by=request.user, facility=facility, **asked)
        return Response(self.told(pk))


class FacilityPlan(FacilityRows):
    policy = {"*": "crm.change_client"}

    @changing("facilities_plan", "facilities", RepaymentPlanInput, PaymentSerializer(many=True))
    def post(self, request: Request, pk: int) -> Response:
        """Generate a schedule in place of the instalments of which nothing is paid."""
        facility = self.own(pk)
        rows = repayment.plan_repayment(
            by=request.user, facility=facility, **RepaymentPlanInput.given(request)
        )
        return Response(PaymentSerializer(rows, many=True).data)


class FacilitySchedule(FacilityRows):
    policy = {"*": "crm.change_client"}

    @changing("facilities_schedule", "facilities", ScheduleInput, PaymentSerializer(many=True))
    def post(self, request: Request, pk: int) -> Response:
        """Put instalments, in the facility's currency, in place of those of which nothing is paid."""
        facility = self.own(pk)
        said = ScheduleInput.given(request)
        planned = [Instalment(**one) for one in said["instalments"]]
        try:
            rows = repayment.enter_schedule(
                by=request.user, facility=facility, version=said["version"], planned=planned
            )
        except Invalid as error:
            raise Invalid(
                {name.replace("lines", "instalments"): told for name, told in error.fields.items()}
            ) from error
        return Response(PaymentSerializer(rows, many=True).data)


class PaymentRows(VisibleRows):
    policy = {"*": "crm.change_client"}
    queryset = Payment.objects.select_related("facility__client")
    serializer_class = PaymentSerializer

    def own(self, pk: int) -> Payment:
        """The instalment, where the user may change the client; looked at before what is sent. Raises NotPermitted."""
        found: Payment = self.find(pk)
        check_hold(self, found.facility.client)
        return found

    def told(self, pk: int) -> Response:
        return Response(PaymentSerializer(self.find(pk)).data)


class PaymentList(ListModelMixin, PaymentRows):
    policy = {"*": "crm.view_client"}
    filterset_class = PaymentFilter

    @extend_schema(
        operation_id="payments_list",
        tags=["facilities"],
        responses=answers(PaymentSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Instalments of clients that the user may see, the last entered first."""
        return self.list(request)


class PaymentPay(PaymentRows):
    @changing("payments_pay", "facilities", PayInput, PaymentSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Note what came in for an instalment; part payments add up."""
        payment = self.own(pk)
        said = {"known": None, **PayInput.given(request)}
        repayment.note_payment(by=request.user, payment=payment, **said)
        return self.told(pk)


class PaymentTakeBack(PaymentRows):
    @changing("payments_take_back", "facilities", Input, PaymentSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Undo what was noted as paid."""
        payment = self.own(pk)
        Input.given(request)
        repayment.take_payment_back(by=request.user, payment=payment)
        return self.told(pk)


class CollateralSerializer(serializers.ModelSerializer):
    """What secures a facility; `value` in units of the book currency, carried from `currency` at `exchange_rate`."""

    currency = serializers.CharField(source="own_currency")

    class Meta:
        model = Collateral
        fields = (
            "id", "client", "facility", "kind", "name", "value", "currency", "exchange_rate", "valued_on", "valuer",
            "released_on", "version", "created_at",
        )  # fmt: skip


class CollateralFieldsInput(CarriedInput):
    kind = serializers.ChoiceField(choices=Collateral.Kind.choices, required=False)
    name = serializers.CharField(max_length=200, required=False)
    value = serializers.DecimalField(min_value=0, required=False, **MONEY)
    valued_on = serializers.DateField(required=False)
    valuer = serializers.CharField(max_length=120, required=False, allow_blank=True)


class NewCollateralInput(CollateralFieldsInput):
    facility = IdField(help_text="Id of a facility of a client whom the user holds.")
    kind = serializers.ChoiceField(choices=Collateral.Kind.choices)
    name = serializers.CharField(max_length=200)
    value = serializers.DecimalField(min_value=0, **MONEY)
    valued_on = serializers.DateField()


class CollateralChangeInput(CollateralFieldsInput):
    version = VersionField()


class CollateralFilter(filters.FilterSet):
    facility = IdFilter("facility", help_text="Id of a facility.")
    client = IdFilter("client", help_text="Id of a client.")

    class Meta:
        model = Collateral
        fields: tuple[str, ...] = ()


class CollateralRows(VisibleRows):
    policy = POLICY
    queryset = Collateral.objects.select_related("client")
    serializer_class = CollateralSerializer

    def told(self, pk: int) -> Any:
        return CollateralSerializer(self.find(pk)).data

    def own(self, pk: int) -> Collateral:
        found: Collateral = self.find(pk)
        check_hold(self, found.client)
        return found


class CollateralList(ListModelMixin, CollateralRows):
    filterset_class = CollateralFilter

    @extend_schema(
        operation_id="collateral_list",
        tags=["facilities"],
        responses=answers(CollateralSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Collateral of clients that the user may see, the last entered first."""
        return self.list(request)

    @extend_schema(
        operation_id="collateral_add",
        tags=["facilities"],
        parameters=[idempotency_key(required=False)],
        request=NewCollateralInput,
        responses=answers(CollateralSerializer, *WRITING, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Enter what secures a facility."""
        asked = NewCollateralInput.given(request)
        facility = Facility.objects.visible_to(request.user).filter(pk=asked.pop("facility")).first()
        if facility is None:
            raise Invalid({"facility": [_("There is no such facility among those that you may see.")]})
        pk = make_once(request, lambda: services.add_collateral(by=request.user, facility=facility, **asked))
        return created(request, self.told(pk), "collateral-detail", pk)


class CollateralDetail(CollateralRows):
    @extend_schema(
        operation_id="collateral_get", tags=["facilities"], responses=answers(CollateralSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """One piece of collateral."""
        return Response(self.told(pk))

    @changing("collateral_change", "facilities", CollateralChangeInput, CollateralSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Correct or value anew collateral that is still at the given version."""
        found = self.own(pk)
        services.change_collateral(by=request.user, collateral=found, **CollateralChangeInput.given(request))
        return Response(self.told(pk))


class CollateralRelease(CollateralRows):
    policy = {"*": "crm.change_client"}

    @changing("collateral_release", "facilities", Input, CollateralSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Note that it secures the facility no more."""
        found = self.own(pk)
        Input.given(request)
        services.release_collateral(by=request.user, collateral=found)
        return Response(self.told(pk))
