"""Answers to questionnaires, and the links by which clients give them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response as Answer

from crm.api.filters import IdFilter, YesNoFilter
from crm.api.inputs import IdField, Input
from crm.api.records import ClientRefSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, VisibleRows, check_hold, created
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.api.tasks import client_of
from crm.errors import Invalid
from crm.link_tokens import address_of
from crm.models import AnswerLink, ContactPerson, Questionnaire, QuestionnaireVersion, Response
from crm.outreach_querysets import AnswerLinkQuerySet
from crm.services import answers as services

WRITING_POLICY = {"*": "crm.change_client", "GET": "crm.view_client"}


def named(rows: QuerySet[Any], field: str, pk: int) -> Any:
    """The row of that id; raises Invalid, which names the field."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Invalid({field: [_("There is none of this id that you may see.")]})
    return found


class AnswerLinkSerializer(serializers.ModelSerializer):
    """`url` is told to whoever holds the client: it is all that one needs to answer."""

    client = ClientRefSerializer()
    questionnaire = serializers.IntegerField(source="version.questionnaire_id")
    url = serializers.SerializerMethodField()

    class Meta:
        model = AnswerLink
        fields = (
            "id", "client", "person", "questionnaire", "version", "language", "expires_at", "created_at",
            "opened_at", "answered_at", "revoked_at", "url",
        )  # fmt: skip

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_url(self, link: AnswerLink) -> str | None:
        user = self.context["request"].user
        if not link.is_open(timezone.now()) or not user.has_perm("crm.change_client", link.client):
            return None
        return address_of(link)


class NewLinkInput(Input):
    client = IdField(help_text="Id of a client.")
    questionnaire = IdField(help_text="Id of a questionnaire; its version in use is asked.")
    person = IdField(required=False, help_text="Id of a contact person at the client.")
    language = serializers.ChoiceField(choices=settings.LANGUAGES)
    days = serializers.IntegerField(min_value=1, max_value=services.LONGEST_DAYS, default=services.USUAL_DAYS)


class ResponseSerializer(serializers.ModelSerializer):
    """`answers` by question key; `fed` is what went to metrics, by their keys."""

    client = ClientRefSerializer()
    questionnaire = serializers.IntegerField(source="version.questionnaire_id")
    answers = serializers.DictField()
    fed = serializers.DictField()

    class Meta:
        model = Response
        fields = (
            "id", "client", "questionnaire", "version", "link", "answers", "score", "fed", "answered_on",
            "status", "reason", "created_at", "decided_at",
        )  # fmt: skip


class NewResponseInput(Input):
    client = IdField(help_text="Id of a client.")
    version = IdField(help_text="Id of the version that was asked; the one in use.")
    answered_on = serializers.DateField()
    answers = serializers.DictField()


class ReasonInput(Input):
    reason = serializers.CharField(max_length=300)


class AnswerLinkFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")
    questionnaire = IdFilter("version__questionnaire", help_text="Id of a questionnaire.")
    open = YesNoFilter(method="that_are_open", help_text="Those that can be answered now.")

    class Meta:
        model = AnswerLink
        fields: tuple[str, ...] = ()

    def that_are_open(self, rows: AnswerLinkQuerySet, name: str, value: str) -> AnswerLinkQuerySet:
        able = AnswerLink.objects.open(timezone.now()).values("pk")
        return rows.filter(pk__in=able) if value == "true" else rows.exclude(pk__in=able)


class ResponseFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")
    questionnaire = IdFilter("version__questionnaire", help_text="Id of a questionnaire.")
    status = filters.ChoiceFilter(choices=Response.Status.choices)

    class Meta:
        model = Response
        fields: tuple[str, ...] = ()


class AnswerLinkRows(VisibleRows):
    policy = WRITING_POLICY
    queryset = AnswerLink.objects.select_related("client", "version")
    serializer_class = AnswerLinkSerializer

    def told(self, pk: int) -> Any:
        return self.get_serializer(self.find(pk)).data


class AnswerLinkList(ListModelMixin, AnswerLinkRows):
    filterset_class = AnswerLinkFilter

    @extend_schema(
        operation_id="answer_links_list",
        tags=["questionnaires"],
        responses=answers(AnswerLinkSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Answer:
        """Links to clients that the user may see, the newest first."""
        return self.list(request)

    @extend_schema(
        operation_id="answer_links_make",
        tags=["questionnaires"],
        parameters=[idempotency_key(required=False)],
        request=NewLinkInput,
        responses=answers(AnswerLinkSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Answer:
        """Make a link by which a client answers once, without an account."""
        asked = NewLinkInput.given(request)
        person = asked.pop("person", None)
        given = {
            **asked,
            "client": client_of(request.user, asked["client"]),
            "questionnaire": named(Questionnaire.objects.all(), "questionnaire", asked["questionnaire"]),
            "person": person and named(ContactPerson.objects.visible_to(request.user), "person", person),
        }
        pk = make_once(request, lambda: services.make_link(by=request.user, **given))
        return Answer(self.told(pk), status=201)


class AnswerLinkRevoke(AnswerLinkRows):
    policy = {"*": "crm.change_client"}

    @changing("answer_links_revoke", "questionnaires", Input, AnswerLinkSerializer)
    def post(self, request: Request, pk: int) -> Answer:
        """Let nobody answer by it any more."""
        link = self.find(pk)
        check_hold(self, link.client)
        Input.given(request)
        services.revoke_link(by=request.user, link=link)
        return Answer(self.told(pk))


class ResponseRows(VisibleRows):
    policy = WRITING_POLICY
    queryset = Response.objects.select_related("client", "version")
    serializer_class = ResponseSerializer

    def told(self, pk: int) -> Any:
        return ResponseSerializer(self.find(pk)).data

    def own(self, pk: int) -> Response:
        """The answers, where the user may change the client. Raises NotPermitted."""
        found: Response = self.find(pk)
        check_hold(self, found.client)
        return found


class ResponseList(ListModelMixin, ResponseRows):
    filterset_class = ResponseFilter

    @extend_schema(
        operation_id="responses_list",
        tags=["questionnaires"],
        responses=answers(ResponseSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Answer:
        """Answers of clients that the user may see, the last first."""
        return self.list(request)

    @extend_schema(
        operation_id="responses_enter",
        tags=["questionnaires"],
        parameters=[idempotency_key(required=False)],
        request=NewResponseInput,
        responses=answers(ResponseSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Answer:
        """Enter what a client answered; what it says of metrics is recorded with it."""
        asked = NewResponseInput.given(request)
        asked["client"] = client_of(request.user, asked["client"])
        versions = QuestionnaireVersion.objects.select_related("questionnaire")
        asked["version"] = named(versions, "version", asked["version"])
        pk = make_once(request, lambda: services.enter_answers(by=request.user, **asked))
        return created(request, self.told(pk), "response-detail", pk)


class ResponseDetail(ResponseRows):
    @extend_schema(
        operation_id="responses_get", tags=["questionnaires"], responses=answers(ResponseSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Answer:
        """What was answered once."""
        return Answer(self.told(pk))


class ResponseConfirm(ResponseRows):
    policy = {"*": "crm.change_client"}

    @changing("responses_confirm", "questionnaires", Input, ResponseSerializer)
    def post(self, request: Request, pk: int) -> Answer:
        """Let answers that waited count."""
        found = self.own(pk)
        Input.given(request)
        services.confirm_answers(by=request.user, response=found)
        return Answer(self.told(pk))


class ResponseSetAside(ResponseRows):
    policy = {"*": "crm.change_client"}

    @changing("responses_set_aside", "questionnaires", ReasonInput, ResponseSerializer)
    def post(self, request: Request, pk: int) -> Answer:
        """Let answers that waited not count, for a reason that is kept."""
        services.set_aside(by=request.user, response=self.own(pk), **ReasonInput.given(request))
        return Answer(self.told(pk))
