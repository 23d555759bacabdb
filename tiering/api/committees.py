"""Committees, as those ask for them who would rather not decide alone."""

from __future__ import annotations

from rest_framework import serializers

from crm.api.inputs import Input
from crm.api.records import PersonSerializer
from tiering.core.authority_document import MOST_MEMBERS
from tiering.models import Committee


class CommitteeInput(Input):
    """How many decide, how many of them have to approve, and why."""

    members = serializers.IntegerField(min_value=2, max_value=MOST_MEMBERS)
    needs = serializers.IntegerField(min_value=1, max_value=MOST_MEMBERS)
    reason = serializers.CharField(max_length=2000)


class CommitteeSerializer(serializers.ModelSerializer):
    """That `needs` of `members` officers of a `grade` at least have to approve, and why."""

    asked_by = PersonSerializer()

    class Meta:
        model = Committee
        fields = ("members", "needs", "grade", "asked_by", "asked_at", "reason")
