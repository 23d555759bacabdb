"""Policies beside the criteria: their versions, and the way of one from a draft to what is in effect."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.filters import KeyFilter
from crm.api.inputs import IdField, Input
from crm.api.records import PersonSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, Rows, created
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.ids import LARGEST_ID
from tiering.api.criteria_way import RejectInput, ReplacesField, StepsSerializer, SubmitInput
from tiering.api.schemes import SchemeField
from tiering.models import Policy, PolicyVersion, TierScheme
from tiering.selectors.policies import readable_policies
from tiering.services.policies import (
    discard_policy,
    publish_policy,
    reject_policy,
    save_policy,
    start_policy,
    submit_policy,
    withdraw_policy,
)


@extend_schema_field(OpenApiTypes.OBJECT)
class PolicyDocumentField(serializers.JSONField):
    """The document of a policy, in the shape of its kind."""


class PolicySerializer(serializers.ModelSerializer):
    """A version of a policy; it never changes once it is published. `scheme` is null but for tier policies."""

    kind = serializers.ChoiceField(Policy.Kind.choices, source="policy.kind")
    scheme = serializers.CharField(source="policy.scheme.key", allow_null=True, default=None)
    author = PersonSerializer()
    publisher = PersonSerializer(allow_null=True)

    class Meta:
        model = PolicyVersion
        fields = (
            "id",
            "kind",
            "scheme",
            "number",
            "status",
            "purpose",
            "effective_from",
            "content_hash",
            "revision",
            "based_on",
            "author",
            "publisher",
            "created_at",
            "submitted_at",
            "published_at",
        )


class PolicyWithDocumentSerializer(PolicySerializer):
    document = PolicyDocumentField()

    class Meta(PolicySerializer.Meta):
        fields = (*PolicySerializer.Meta.fields, "document")


class NewPolicyInput(Input):
    """A draft of a kind, of a document or blank; or of what another version says."""

    kind = serializers.ChoiceField(Policy.Kind.choices, required=False)
    scheme = SchemeField(help_text="Key of a tier scheme, of a tier policy alone.")
    document = PolicyDocumentField(required=False)
    based_on = IdField(required=False, help_text="Id of another version.")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if ("kind" in given) == ("based_on" in given):
            raise ValidationError(_("Send a kind of policy, or the version that it is based on."))
        return given


class SaveInput(Input):
    document = PolicyDocumentField()
    revision = serializers.IntegerField(
        min_value=0, max_value=LARGEST_ID, help_text="The one that you began from. Another one is refused."
    )


class PublishPolicyInput(Input):
    content_hash = serializers.CharField(max_length=64, help_text="Of the content that was reviewed.")
    replaces = ReplacesField()
    effective_from = serializers.DateTimeField(
        required=False, allow_null=True, help_text="From when on it is in effect; from now on if left out."
    )
    comment = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class PolicyFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(field_name="policy__kind", choices=Policy.Kind.choices)
    scheme = KeyFilter("policy__scheme__key", TierScheme.objects, help_text="Key of a tier scheme.")
    status = filters.ChoiceFilter(choices=PolicyVersion.Status.choices)

    class Meta:
        model = PolicyVersion
        fields: tuple[str, ...] = ()


class PolicyRows(Rows):
    queryset = PolicyVersion.objects.none()
    serializer_class = PolicySerializer

    def get_queryset(self) -> QuerySet[PolicyVersion]:
        return readable_policies(self.request.user)


class PolicyList(ListModelMixin, PolicyRows):
    policy = {"*": "tiering.view_tiers", "POST": "tiering.write_criteria"}
    filterset_class = PolicyFilter

    @extend_schema(
        operation_id="policy_list", tags=["policies"], responses=answers(PolicySerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """Versions of policies, newest first; drafts for those who write or check them."""
        return self.list(request)

    @extend_schema(
        operation_id="policy_draft",
        tags=["policies"],
        parameters=[idempotency_key(required=False)],
        request=NewPolicyInput,
        responses=answers(PolicySerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Begin a draft. Its document has the shape of its kind; whether it makes sense is asked on submitting."""
        wanted = NewPolicyInput.given(request)
        if "based_on" in wanted:
            origin = self.get_queryset().filter(pk=wanted["based_on"]).first()
            if origin is None:
                raise ValidationError({"based_on": [_("There is no such version.")]})
            wanted |= {"based_on": origin, "kind": origin.policy.kind, "scheme": origin.policy.scheme}
        pk = make_once(request, lambda: start_policy(by=request.user, **wanted))
        return created(request, PolicySerializer(self.find(pk)).data, "policy-detail", pk)


class PolicyDetail(PolicyRows):
    policy = {"*": "tiering.view_tiers", "PUT": "tiering.write_criteria", "DELETE": "tiering.write_criteria"}

    @extend_schema(
        operation_id="policy_read", tags=["policies"], responses=answers(PolicyWithDocumentSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """One version with its document."""
        return Response(PolicyWithDocumentSerializer(self.find(pk)).data)

    @changing("policy_save", "policies", SaveInput, PolicySerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Save a draft whole. A version under review becomes a draft again."""
        return step(self.find(pk), request, SaveInput, partial(save_policy, by=request.user))

    @extend_schema(
        operation_id="policy_discard",
        tags=["policies"],
        responses=answers(OpenApiResponse(description="It is discarded."), *WRITING, 404, 409, status=204),
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Discard a draft."""
        discard_policy(version=self.find(pk), by=request.user)
        return Response(status=204)


class PolicySteps(PolicyRows):
    policy = {"*": "tiering.view_tiers"}

    @extend_schema(operation_id="policy_steps", tags=["policies"], responses=answers(StepsSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        """The steps of a version so far, the latest last."""
        steps = self.find(pk).steps.select_related("by").order_by("pk")
        return Response(StepsSerializer({"steps": steps}).data)


def step(
    version: PolicyVersion, request: Request, takes: type[Input], act: Callable[..., PolicyVersion]
) -> Response:
    """The version after `act`, a service, with what the request says."""
    return Response(PolicySerializer(act(version=version, **takes.given(request))).data)


class PolicySubmit(PolicyRows):
    policy = {"*": "tiering.write_criteria"}

    @changing("policy_submit", "policies", SubmitInput, PolicySerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Ask a second person to publish a draft against which nothing stands."""
        return step(self.find(pk), request, SubmitInput, partial(submit_policy, by=request.user))


class PolicyWithdraw(PolicyRows):
    policy = {"*": "tiering.write_criteria"}

    @changing("policy_withdraw", "policies", Input, PolicySerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take a submitted version back to work on it."""
        return step(self.find(pk), request, Input, partial(withdraw_policy, by=request.user))


class PolicyReject(PolicyRows):
    policy = {"*": "tiering.publish_criteria"}

    @changing("policy_reject", "policies", RejectInput, PolicySerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Send a submitted version back to its authors."""
        return step(self.find(pk), request, RejectInput, partial(reject_policy, by=request.user))


class PolicyPublish(PolicyRows):
    policy = {"*": "tiering.publish_criteria"}

    @changing("policy_publish", "policies", PublishPolicyInput, PolicySerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Put exactly the content that was reviewed in effect; whoever wrote, edited or submitted it cannot."""
        return step(self.find(pk), request, PublishPolicyInput, partial(publish_policy, by=request.user))
