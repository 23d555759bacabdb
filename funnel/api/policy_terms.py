"""What the tier policy says of a case."""

from rest_framework import serializers


class PolicyTermsSerializer(serializers.Serializer):
    """What the tier policy says of the case; `add_on` and `cover` are basis points, `room` is in the book's currency."""

    version = serializers.IntegerField(help_text="Id of the version of the policy.")
    tier = serializers.CharField()
    add_on = serializers.IntegerField()
    cover = serializers.IntegerField()
    room = serializers.FloatField(allow_null=True)
    is_offered = serializers.BooleanField(allow_null=True)
