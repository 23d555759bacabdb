"""Notices: what one is told, marked as read, and how one wants to be told."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.access import SIGNED_IN
from crm.api.filters import IdFilter, YesNoFilter
from crm.api.inputs import IdField, Input
from crm.api.records import ClientRefSerializer
from crm.api.rows import Request, VisibleRows
from crm.api.schema import WRITING, answers
from crm.errors import Invalid
from crm.models import Notice, NoticeSettings, User
from crm.notices import kinds
from crm.selectors.notices import bell_of, choices_of, settings_of
from crm.services.notices import Choice, Rhythm, mark_all_read, mark_read, save_settings
from crm.telling import line_of

MOST_READ = 1000


class NoticeSerializer(serializers.Serializer):
    """Something one is told; `text` is in the reader's language, `path` where it leads, empty for nowhere."""

    id = serializers.IntegerField(source="notice.pk")
    kind = serializers.CharField(source="notice.kind")
    label = serializers.CharField(help_text="The kind, in words.")
    text = serializers.CharField()
    path = serializers.CharField(source="url")
    severity = serializers.ChoiceField([("info", "info"), ("warn", "warn"), ("bad", "bad")])
    client = ClientRefSerializer(source="notice.client", allow_null=True)
    created_at = serializers.DateTimeField(source="notice.created_at")
    read_at = serializers.DateTimeField(source="notice.read_at", allow_null=True)


class NoticeFilter(filters.FilterSet):
    kind = filters.CharFilter(max_length=60, help_text="Key of a kind.")
    unread = YesNoFilter("read_at", lookup_expr="isnull", help_text="Only unread ones, or only read ones.")
    client = IdFilter("client", help_text="Id of a client.")

    class Meta:
        model = Notice
        fields: tuple[str, ...] = ()


class NoticeList(VisibleRows):
    policy = {"*": SIGNED_IN}
    queryset = Notice.objects.in_app().select_related("client")
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter

    @extend_schema(
        operation_id="notices_list", tags=["notices"], responses=answers(NoticeSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """What the user is told in the page, the newest first."""
        lines = [line_of(notice) for notice in self.page()]
        return self.get_paginated_response(NoticeSerializer(lines, many=True).data)


class ReadInput(Input):
    """Either the ids of notices, or the id up to which everything was read."""

    notices = serializers.ListField(child=IdField(), max_length=MOST_READ, required=False)
    until = IdField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError(_("Send either notices or until."))
        return attrs


class ReadSerializer(serializers.Serializer):
    read = serializers.IntegerField(help_text="How many were unread.")
    unread = serializers.IntegerField(help_text="How many are still; 100 for a hundred and more.")


class NoticeRead(APIView):
    policy = {"*": SIGNED_IN}
    request: Request

    @extend_schema(
        operation_id="notices_read",
        tags=["notices"],
        request=ReadInput,
        responses=answers(ReadSerializer, *WRITING),
    )
    def post(self, request: Request) -> Response:
        """Note that the user has read notices. Those of others are not there."""
        asked = ReadInput.given(request)
        if "until" in asked:
            read = mark_all_read(user=request.user, until=asked["until"])
        else:
            read = mark_read(user=request.user, ids=asked["notices"])
        return Response({"read": read, "unread": bell_of(request.user).unread})


class ChoiceSerializer(Input):
    """How to be told of a kind. What is `bad` is told in the page in any case."""

    kind = serializers.CharField(max_length=60)
    in_app = serializers.BooleanField()
    mail = serializers.BooleanField()


class NoticeSettingsSerializer(serializers.ModelSerializer, Input):
    """When mails go out, in the house's time zone: `weekday` counts from Monday, 0. Kinds left out stay as they are."""

    choices = ChoiceSerializer(many=True, required=False)

    class Meta:
        model = NoticeSettings
        fields = ("rhythm", "hour", "weekday", "quiet_from", "quiet_until", "language", "choices")
        extra_kwargs = {
            "rhythm": {"required": True},
            "hour": {"required": True},
            "weekday": {"required": True},
        }


class NoticeSettingsDetail(APIView):
    policy = {"*": SIGNED_IN}
    request: Request

    @extend_schema(
        operation_id="notice_settings_get",
        tags=["notices"],
        responses=answers(NoticeSettingsSerializer),
    )
    def get(self, request: Request) -> Response:
        """How the user wants to be told."""
        return Response(settings_told(request.user))

    @extend_schema(
        operation_id="notice_settings_put",
        tags=["notices"],
        request=NoticeSettingsSerializer,
        responses=answers(NoticeSettingsSerializer, *WRITING),
    )
    def put(self, request: Request) -> Response:
        """Choose how to be told."""
        asked = NoticeSettingsSerializer.given(request)
        choices = {
            one["kind"]: Choice(in_app=one["in_app"], mail=one["mail"]) for one in asked.pop("choices", [])
        }
        if unknown := sorted(key for key in choices if kinds.get(key) is None):
            raise Invalid({"choices": [_("There is no kind named %(key)s.") % {"key": unknown[0]}]})
        save_settings(user=request.user, rhythm=Rhythm(**asked), choices=choices)
        return Response(settings_told(request.user))


def settings_told(user: User) -> dict[str, Any]:
    told = NoticeSettingsSerializer(settings_of(user)).data
    told["choices"] = [
        {"kind": kind.key, "in_app": in_app, "mail": mail} for kind, in_app, mail in choices_of(user)
    ]
    return told
