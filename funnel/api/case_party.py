"""How the API writes a further client of a case."""

from __future__ import annotations

from rest_framework import serializers

from crm.api.records import ClientRefSerializer
from funnel.models import CaseParty
from tiering.api.records import TierRefSerializer


class PartySerializer(serializers.Serializer):
    """`client`, and with it the tier, is null where the user may not see it. `share` is a percentage of the amount."""

    id = serializers.IntegerField(source="row.pk")
    case = serializers.IntegerField(source="row.case_id")
    client = ClientRefSerializer(allow_null=True)
    tier = TierRefSerializer(allow_null=True)
    part = serializers.ChoiceField(CaseParty.Part.choices, source="row.part")
    share = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True, source="row.share")
    note = serializers.CharField(source="row.note")
    version = serializers.IntegerField(source="row.version")
    is_watched = serializers.BooleanField(help_text="Its client is on the watch list.")
    is_of_the_group = serializers.BooleanField(
        help_text="Its client belongs to the same group as the leading one."
    )
