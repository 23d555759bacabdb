"""What is asked of the past by API."""

from __future__ import annotations

from rest_framework import serializers

from crm.api.inputs import IdField, Input
from tiering.models import CriteriaVersion
from tiering.services.questions import MOST_DAYS, MOST_MONTHS
from tiering.validation.outcomes import OUTCOMES


class QuestionInput(Input):
    """What became, within so many months, of clients as they were known on some days."""

    version = serializers.PrimaryKeyRelatedField(
        queryset=CriteriaVersion.objects.select_related("criteria__scheme"),
        pk_field=IdField(),
        help_text="Id of a version of criteria of clients; drafts too.",
    )
    days = serializers.ListField(
        child=serializers.DateField(),
        min_length=1,
        max_length=MOST_DAYS,
        help_text="Clients are looked at as of their ends. Facts have to be known of them, their horizons be over.",
    )
    outcome = serializers.ChoiceField([(key, key) for key in OUTCOMES])
    months = serializers.IntegerField(
        min_value=1,
        max_value=MOST_MONTHS,
        help_text="The horizon: within how many months the outcome counts.",
    )
