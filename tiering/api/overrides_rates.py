"""How the API tells override rates."""

from __future__ import annotations

from rest_framework import serializers


class ShareSerializer(serializers.Serializer):
    """Overridden up and down, of so many assessed; `rate` is both of them over that."""

    key = serializers.CharField(help_text="Id of an officer, key of a segment, or the last day of a month.")
    up = serializers.IntegerField()
    down = serializers.IntegerField()
    assessed = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)
    rejected = serializers.IntegerField(help_text="Requests that the officer turned down.")


class RealisedSerializer(serializers.Serializer):
    """Of so many decided, those whose client could have the outcome, and did; Wilson's 95 % interval."""

    direction = serializers.CharField()
    decision = serializers.CharField(help_text="`approved` or `rejected`.")
    decided = serializers.IntegerField()
    subjects = serializers.IntegerField()
    bad = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)
    low = serializers.FloatField()
    high = serializers.FloatField()


class RatesSerializer(serializers.Serializer):
    """The overrides in force of a scheme over the subjects that hold a tier in it."""

    scheme = serializers.CharField(source="scheme.key")
    assessed = serializers.IntegerField()
    whole = ShareSerializer()
    officers = ShareSerializer(many=True)
    segments = ShareSerializer(many=True)
    months = ShareSerializer(many=True)
    outcomes = RealisedSerializer(many=True)
