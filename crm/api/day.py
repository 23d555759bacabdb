"""The day: who needs one, what is put off, the calendar and its secret address."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.access import SIGNED_IN
from crm.api.base import check_query
from crm.api.inputs import IdField, Input
from crm.api.records import PersonSerializer
from crm.api.rows import Request
from crm.api.schema import WRITING, answers
from crm.attention import groups, looking
from crm.days import LONGEST, entries
from crm.errors import Invalid
from crm.ids import id_of
from crm.models import CalendarFeed
from crm.services.calendar_feeds import make_feed, revoke_feed
from crm.services.snoozing import snooze, wake

MOST_LINES = 100
WHOSE = OpenApiParameter("whose", OpenApiTypes.INT, description="Id of one of the people in question.")


class LineSerializer(serializers.Serializer):
    """Something that needs the user; `rm` is whose work it is, where that is somebody else's."""

    item = serializers.IntegerField(help_text="Its id within the source.")
    name = serializers.CharField()
    reason = serializers.CharField()
    path = serializers.CharField(source="url")
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)
    client = serializers.IntegerField(allow_null=True)
    task = serializers.IntegerField(allow_null=True)
    rm = PersonSerializer(allow_null=True)
    stands_in = serializers.BooleanField(help_text="Because that person is absent.")


class AttentionSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField(source="found.count")
    snoozed = serializers.IntegerField(source="found.snoozed", help_text="How many more are put off.")
    lines = LineSerializer(source="found.lines", many=True)


class Today(APIView):
    policy = {"*": SIGNED_IN}
    request: Request

    @extend_schema(
        operation_id="today",
        tags=["day"],
        parameters=[WHOSE],
        responses=answers(AttentionSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Who needs the user today, source by source, at most 100 of each."""
        check_query(request, {"whose"})
        whose = id_of(request.query_params.get("whose"))
        look = looking(request.user, timezone.localdate(), whose=whose, shown=MOST_LINES)
        return Response(AttentionSerializer(groups(look), many=True).data)


class PutOffInput(Input):
    source = serializers.CharField(max_length=40)
    item = IdField()
    days = serializers.IntegerField(help_text="1, 3 or 7.")


class PutOffSerializer(serializers.Serializer):
    until = serializers.DateField()


class WakeInput(Input):
    source = serializers.CharField(max_length=40)


class AwakeSerializer(serializers.Serializer):
    woken = serializers.IntegerField()


class TodaySnooze(APIView):
    policy = {"*": SIGNED_IN}
    request: Request

    @extend_schema(
        operation_id="today_snooze",
        tags=["day"],
        request=PutOffInput,
        responses=answers(PutOffSerializer, *WRITING),
    )
    def post(self, request: Request) -> Response:
        """Put a line of one's own Today off."""
        kept = snooze(by=request.user, **PutOffInput.given(request))
        return Response({"until": kept.until})

    @extend_schema(
        operation_id="today_wake",
        tags=["day"],
        request=WakeInput,
        responses=answers(AwakeSerializer, *WRITING),
    )
    def delete(self, request: Request) -> Response:
        """Show every line of a source again that was put off."""
        return Response({"woken": wake(by=request.user, **WakeInput.given(request))})


class CalendarEntrySerializer(serializers.Serializer):
    uid = serializers.CharField()
    day = serializers.DateField()
    at = serializers.DateTimeField(allow_null=True)
    title = serializers.CharField()
    client = serializers.CharField(help_text="Its name; empty for none.")
    path = serializers.CharField(source="url")
    is_done = serializers.BooleanField()


class CalendarDays(APIView):
    policy = {"*": "crm.view_client"}
    request: Request

    @extend_schema(
        operation_id="calendar",
        tags=["day"],
        parameters=[
            OpenApiParameter("first", OpenApiTypes.DATE, required=True),
            OpenApiParameter("last", OpenApiTypes.DATE, required=True),
            WHOSE,
        ],
        responses=answers(CalendarEntrySerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Tasks, meetings, reviews and expected closes from one day to another, both included."""
        check_query(request, {"first", "last", "whose"})
        first, last = (self.day(name) for name in ("first", "last"))
        if not timedelta() <= last - first <= timedelta(days=LONGEST):
            raise Invalid(
                {"last": [_("Ask for up to %(most)d days, the last after the first.") % {"most": LONGEST}]}
            )
        whose = id_of(request.query_params.get("whose"))
        found = entries(looking(request.user, timezone.localdate(), whose=whose), first, last)
        return Response(CalendarEntrySerializer(found, many=True).data)

    def day(self, name: str) -> date:
        try:
            return date.fromisoformat(self.request.query_params.get(name, ""))
        except ValueError:
            raise Invalid({name: [_("Give a day as YYYY-MM-DD.")]}) from None


class FeedSerializer(serializers.Serializer):
    """Null where there is no address."""

    made_at = serializers.DateTimeField(source="created_at", allow_null=True)
    read_at = serializers.DateTimeField(allow_null=True)


class NewFeedSerializer(serializers.Serializer):
    address = serializers.CharField(help_text="Told this once.")


class CalendarFeedDetail(APIView):
    policy = {"*": "crm.view_client"}
    request: Request

    @extend_schema(operation_id="calendar_feed", tags=["day"], responses=answers(FeedSerializer))
    def get(self, request: Request) -> Response:
        """Whether there is an address, and when it was read."""
        feed = CalendarFeed.objects.filter(user=request.user).first()
        return Response(FeedSerializer(feed).data if feed else {"made_at": None, "read_at": None})

    @extend_schema(
        operation_id="calendar_feed_make",
        tags=["day"],
        request=Input,
        responses=answers(NewFeedSerializer, *WRITING, status=201),
    )
    def post(self, request: Request) -> Response:
        """Make a new address; one that was there before leads nowhere from now on."""
        Input.given(request)
        secret = make_feed(by=request.user)
        address = request.build_absolute_uri(reverse("crm:calendar-file", args=[secret]))
        return Response({"address": address}, status=201)

    @extend_schema(
        operation_id="calendar_feed_revoke",
        tags=["day"],
        request=Input,
        responses=answers(None, *WRITING, status=204),
    )
    def delete(self, request: Request) -> Response:
        """Let the address lead nowhere from now on."""
        Input.given(request)
        revoke_feed(by=request.user)
        return Response(status=204)
