"""The way of a version of criteria: submitted, approved by a second person, published; and its steps so far."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.inputs import Input
from crm.api.records import PersonSerializer
from crm.api.rows import Request
from crm.api.schema import WRITING, answers
from crm.ids import LARGEST_ID
from tiering.api.criteria import VersionRows, VersionSerializer
from tiering.models import CriteriaStep, CriteriaVersion
from tiering.selectors.lifecycle import steps_of
from tiering.services.lifecycle import (
    approve_version,
    publish_version,
    reject_version,
    submit_version,
    withdraw_version,
)

REFUSALS = (*WRITING, 404, 409)
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


class ReplacesField(serializers.IntegerField):
    def __init__(self) -> None:
        super().__init__(
            required=False, allow_null=True, min_value=0, max_value=LARGEST_ID, help_text=REPLACES
        )


class ApproveInput(Input):
    content_hash = serializers.CharField(max_length=64, help_text="Of the content that was reviewed.")
    comment = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    replaces = ReplacesField()
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


class Step(VersionRows):
    """A step of a version's way: `given` is what the request says."""

    takes: type[Input] = Input

    def act(self, version: CriteriaVersion, given: dict[str, Any]) -> CriteriaVersion:
        raise NotImplementedError

    def step(self, request: Request, pk: int) -> Response:
        version = self.find(pk)
        given = self.takes(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(VersionSerializer(self.act(version, given.validated_data)).data)


def described(operation: str, takes: type[Input]) -> Any:
    return extend_schema(
        operation_id=operation,
        tags=["criteria"],
        request=takes,
        responses=answers(VersionSerializer, *REFUSALS),
    )


class CriteriaSubmit(Step):
    policy = {"*": "tiering.write_criteria"}
    takes = SubmitInput

    @described("criteria_submit", SubmitInput)
    def post(self, request: Request, pk: int) -> Response:
        """Ask a second person to approve a draft against which nothing stands and whose test cases pass."""
        return self.step(request, pk)

    def act(self, version: CriteriaVersion, given: dict[str, Any]) -> CriteriaVersion:
        return submit_version(version=version, by=self.request.user, **given)


class CriteriaWithdraw(Step):
    policy = {"*": "tiering.write_criteria"}

    @described("criteria_withdraw", Input)
    def post(self, request: Request, pk: int) -> Response:
        """Take a submitted or approved version back to work on it."""
        return self.step(request, pk)

    def act(self, version: CriteriaVersion, given: dict[str, Any]) -> CriteriaVersion:
        return withdraw_version(version=version, by=self.request.user)


class CriteriaReject(Step):
    policy = {"*": "tiering.publish_criteria"}
    takes = RejectInput

    @described("criteria_reject", RejectInput)
    def post(self, request: Request, pk: int) -> Response:
        """Send a submitted version back to its authors."""
        return self.step(request, pk)

    def act(self, version: CriteriaVersion, given: dict[str, Any]) -> CriteriaVersion:
        return reject_version(version=version, by=self.request.user, **given)


class CriteriaApprove(Step):
    policy = {"*": "tiering.publish_criteria"}
    takes = ApproveInput

    @described("criteria_approve", ApproveInput)
    def post(self, request: Request, pk: int) -> Response:
        """Approve exactly the content that was reviewed; whoever wrote, edited or submitted it cannot."""
        return self.step(request, pk)

    def act(self, version: CriteriaVersion, given: dict[str, Any]) -> CriteriaVersion:
        return approve_version(version=version, by=self.request.user, **given)


class CriteriaPublish(Step):
    policy = {"*": "tiering.publish_criteria"}
    takes = PublishInput

    @described("criteria_publish", PublishInput)
    def post(self, request: Request, pk: int) -> Response:
        """Put an approved version in effect that somebody else wrote."""
        return self.step(request, pk)

    def act(self, version: CriteriaVersion, given: dict[str, Any]) -> CriteriaVersion:
        return publish_version(version=version, publisher=self.request.user, **given)


class CriteriaSteps(VersionRows):
    policy = {"*": "tiering.view_tiers"}

    @extend_schema(operation_id="criteria_steps", tags=["criteria"], responses=answers(StepsSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        """The steps of a version so far, the latest last."""
        return Response(StepsSerializer({"steps": steps_of(self.find(pk))}).data)
