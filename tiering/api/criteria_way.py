"""The way of a version of criteria: submitted, approved by a second person, published, perhaps called off; and its
steps so far."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.inputs import Input
from crm.api.records import PersonSerializer
from crm.api.rows import Request
from crm.api.schema import answers, changing
from crm.ids import LARGEST_ID
from tiering.api.criteria import VersionRows, VersionSerializer
from tiering.models import CriteriaStep, CriteriaVersion
from tiering.selectors.lifecycle import steps_of
from tiering.services.lifecycle import (
    approve_version,
    call_off_version,
    publish_version,
    reject_version,
    submit_version,
    withdraw_version,
)

REPLACES = (
    "Id of the published version that it was compared with, 0 where there is none. Another one is refused."
)


class VersionStepSerializer(serializers.ModelSerializer):
    """A step of a version: who took it, over which content, and what was said."""

    by = PersonSerializer()

    class Meta:
        model = CriteriaStep
        fields = ("act", "by", "at", "content_hash", "comment")


class StepsSerializer(serializers.Serializer):
    steps = VersionStepSerializer(many=True)


class SubmitInput(Input):
    purpose = serializers.CharField(max_length=2000, help_text="What changes and why.")


class RejectInput(Input):
    reason = serializers.CharField(max_length=2000, help_text="What has to change.")


class CallOffInput(Input):
    reason = serializers.CharField(max_length=2000, help_text="Why; its authors read it.")


class ReplacesField(serializers.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=LARGEST_ID, help_text=REPLACES, **kwargs)


class ApproveInput(Input):
    content_hash = serializers.CharField(max_length=64, help_text="Of the content that was reviewed.")
    comment = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    replaces = ReplacesField(required=False, allow_null=True)
    submitted_at = serializers.DateTimeField(
        required=False,
        allow_null=True,
        help_text="When it was submitted as you reviewed it. If given, another submission is refused.",
    )


class PublishInput(Input):
    effective_from = serializers.DateTimeField(
        required=False, allow_null=True, help_text="From when on it is in effect; from now on if left out."
    )
    content_hash = serializers.CharField(
        required=False, allow_null=True, max_length=64, help_text="If given, another content is refused."
    )
    replaces = ReplacesField()


class OnTheWay(VersionRows):
    """A version that somebody takes a step with."""

    def step(
        self, request: Request, pk: int, takes: type[Input], act: Callable[..., CriteriaVersion]
    ) -> Response:
        """The version after `act`, a service, with what the request says."""
        version = self.find(pk)
        return Response(VersionSerializer(act(version=version, **takes.given(request))).data)


class CriteriaSubmit(OnTheWay):
    policy = {"*": "tiering.write_criteria"}

    @changing("criteria_submit", "criteria", SubmitInput, VersionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Ask a second person to approve a draft against which nothing stands and whose test cases pass."""
        return self.step(request, pk, SubmitInput, partial(submit_version, by=request.user))


class CriteriaWithdraw(OnTheWay):
    policy = {"*": "tiering.write_criteria"}

    @changing("criteria_withdraw", "criteria", Input, VersionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take a submitted or approved version back to work on it."""
        return self.step(request, pk, Input, partial(withdraw_version, by=request.user))


class CriteriaReject(OnTheWay):
    policy = {"*": "tiering.publish_criteria"}

    @changing("criteria_reject", "criteria", RejectInput, VersionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Send a submitted version back to its authors."""
        return self.step(request, pk, RejectInput, partial(reject_version, by=request.user))


class CriteriaApprove(OnTheWay):
    policy = {"*": "tiering.publish_criteria"}

    @changing("criteria_approve", "criteria", ApproveInput, VersionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Approve exactly the content that was reviewed; whoever wrote, edited or submitted it cannot."""
        return self.step(request, pk, ApproveInput, partial(approve_version, by=request.user))


class CriteriaPublish(OnTheWay):
    policy = {"*": "tiering.publish_criteria"}

    @changing("criteria_publish", "criteria", PublishInput, VersionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Put an approved version in effect that somebody else wrote."""
        return self.step(request, pk, PublishInput, partial(publish_version, publisher=request.user))


class CriteriaCallOff(OnTheWay):
    policy = {"*": "tiering.publish_criteria"}

    @changing("criteria_call_off", "criteria", CallOffInput, VersionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take a published version back before it takes effect; the one published before it stays in effect."""
        return self.step(request, pk, CallOffInput, partial(call_off_version, by=request.user))


class CriteriaSteps(VersionRows):
    policy = {"*": "tiering.view_tiers"}

    @extend_schema(operation_id="criteria_steps", tags=["criteria"], responses=answers(StepsSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        """The steps of a version so far, the latest last."""
        return Response(StepsSerializer({"steps": steps_of(self.find(pk))}).data)
