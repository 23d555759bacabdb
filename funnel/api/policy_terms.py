"""What the tier policy says of a case."""

from rest_framework import serializers


class PolicyTermsSerializer(serializers.Serializer):
    """What the tier policy says of the case. Rate, add-on and cover are basis points; amounts are in the book's
    currency. `room` may still be lent; a case asks for `ticket_least` to `ticket_most`, null: not bounded."""

    version = serializers.IntegerField(help_text="Id of the version of the policy.")
    tier = serializers.CharField()
    add_on = serializers.IntegerField()
    cover = serializers.IntegerField()
    room = serializers.FloatField(allow_null=True)
    is_offered = serializers.BooleanField(allow_null=True)
    base_rate = serializers.IntegerField(
        allow_null=True, help_text="The house's rate; null: the policy says none."
    )
    ticket_least = serializers.FloatField(allow_null=True)
    ticket_most = serializers.FloatField(allow_null=True)
    documents = serializers.ListField(
        child=serializers.CharField(), help_text="Kinds of document that the case has to have."
    )
