"""Questionnaires: built as documents, answered, and what came of them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response as Answer

from crm.api.inputs import Input
from crm.api.repeats import make_once
from crm.api.rows import Request, Rows, created
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.models import Questionnaire, QuestionnaireVersion
from crm.selectors.breakdown import groupings
from crm.selectors.surveys import outcome_by, outcome_of
from crm.services import questionnaires as services

READING = {"*": "crm.write_questionnaires", "GET": "crm.view_client"}


class QuestionnaireVersionSerializer(serializers.ModelSerializer):
    """`document` is the whole questionnaire; docs/guides/questionnaires.md describes it."""

    document = serializers.DictField()

    class Meta:
        model = QuestionnaireVersion
        fields = (
            "id",
            "questionnaire",
            "number",
            "status",
            "revision",
            "document",
            "created_at",
            "published_at",
        )


class QuestionnaireVersionRefSerializer(serializers.ModelSerializer):
    class Meta:
        model = QuestionnaireVersion
        fields = ("id", "number", "status", "title")

    title = serializers.CharField(help_text="In the language of `Accept-Language`.")


class QuestionnaireSerializer(serializers.ModelSerializer):
    versions = QuestionnaireVersionRefSerializer(many=True)

    class Meta:
        model = Questionnaire
        fields = ("id", "kind", "retired_at", "created_at", "versions")


class NewQuestionnaireInput(Input):
    kind = serializers.ChoiceField(choices=Questionnaire.Kind.choices)
    title_en = serializers.CharField(max_length=120)
    title_zh = serializers.CharField(max_length=120)
    document = serializers.DictField(required=False, help_text="Its title is replaced by the titles given.")


class RetireInput(Input):
    retired = serializers.BooleanField()


class QuestionnaireRevisionInput(Input):
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="The one that was seen.")


class QuestionnaireDocumentInput(QuestionnaireRevisionInput):
    document = serializers.DictField()


class SurveyMonthSerializer(serializers.Serializer):
    first = serializers.DateField()
    count = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True)


class SurveyGroupSerializer(serializers.Serializer):
    key = serializers.CharField(allow_null=True)
    label = serializers.CharField()
    count = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True)


class SurveyOutcomeSerializer(serializers.Serializer):
    """Over the clients that the user may see; means are scores, 0 to 100."""

    sent = serializers.IntegerField()
    answered = serializers.IntegerField()
    entered = serializers.IntegerField()
    waiting = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    months = SurveyMonthSerializer(many=True)
    groups = SurveyGroupSerializer(many=True)


class QuestionnaireFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=Questionnaire.Kind.choices)

    class Meta:
        model = Questionnaire
        fields: tuple[str, ...] = ()


class QuestionnaireRows(Rows):
    """Questionnaires are the house's: whoever reads clients reads them."""

    policy = READING
    queryset = Questionnaire.objects.prefetch_related("versions")
    serializer_class = QuestionnaireSerializer

    def told(self, pk: int) -> Any:
        return QuestionnaireSerializer(self.find(pk)).data


class QuestionnaireList(ListModelMixin, QuestionnaireRows):
    filterset_class = QuestionnaireFilter

    @extend_schema(
        operation_id="questionnaires_list",
        tags=["questionnaires"],
        responses=answers(QuestionnaireSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Answer:
        """Every questionnaire, the newest first."""
        return self.list(request)

    @extend_schema(
        operation_id="questionnaires_start",
        tags=["questionnaires"],
        parameters=[idempotency_key(required=False)],
        request=NewQuestionnaireInput,
        responses=answers(QuestionnaireVersionSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Answer:
        """Begin a questionnaire: its first draft."""
        asked = NewQuestionnaireInput.given(request)
        pk = make_once(request, lambda: services.start_questionnaire(by=request.user, **asked))
        made = QuestionnaireVersionSerializer(QuestionnaireVersion.objects.get(pk=pk)).data
        return created(request, made, "questionnaire-version", pk)


class QuestionnaireDetail(QuestionnaireRows):
    @extend_schema(
        operation_id="questionnaires_get",
        tags=["questionnaires"],
        responses=answers(QuestionnaireSerializer, 404),
    )
    def get(self, request: Request, pk: int) -> Answer:
        """A questionnaire with its versions."""
        return Answer(self.told(pk))

    @changing("questionnaires_retire", "questionnaires", RetireInput, QuestionnaireSerializer)
    def patch(self, request: Request, pk: int) -> Answer:
        """Let it be asked no more, or again."""
        found = self.find(pk)
        act = (
            services.retire_questionnaire
            if RetireInput.given(request)["retired"]
            else services.restore_questionnaire
        )
        act(by=request.user, questionnaire=found)
        return Answer(self.told(pk))


class QuestionnaireVersions(QuestionnaireRows):
    @extend_schema(
        operation_id="questionnaires_new_version",
        tags=["questionnaires"],
        request=Input,
        responses=answers(QuestionnaireVersionSerializer, *WRITING, 404, 409, status=201),
    )
    def post(self, request: Request, pk: int) -> Answer:
        """Begin a draft that says what the latest version says."""
        found = self.find(pk)
        Input.given(request)
        draft = services.start_version(by=request.user, questionnaire=found)
        draft.refresh_from_db()
        return created(request, QuestionnaireVersionSerializer(draft).data, "questionnaire-version", draft.pk)


class QuestionnaireFigures(QuestionnaireRows):
    @extend_schema(
        operation_id="questionnaires_figures",
        tags=["questionnaires"],
        parameters=[OpenApiParameter("by", str, description="Field of conditions to group by, a category.")],
        responses=answers(SurveyOutcomeSerializer, 400, 404),
    )
    def get(self, request: Request, pk: int) -> Answer:
        """Response rate, mean and trend, and by group of clients."""
        found, asked = self.find(pk), request.query_params.get("by")
        fields = {field.key: field for field in groupings(request.user, timezone.localdate())}
        if asked is not None and asked not in fields:
            raise ValidationError({"by": [_("There is no such field to group by.")]})
        outcome = outcome_of(found, request.user)
        groups = outcome_by(found, fields[asked], request.user) if asked else []
        told = [
            {"key": group.key, "label": group.label, "count": group.figures[0], "mean": group.figures[1]}
            for group in groups
        ]
        return Answer(SurveyOutcomeSerializer({**vars(outcome), "rate": outcome.rate, "groups": told}).data)


class VersionRows(Rows):
    policy = READING
    queryset = QuestionnaireVersion.objects.select_related("questionnaire")
    serializer_class = QuestionnaireVersionSerializer


class QuestionnaireVersionDetail(VersionRows):
    @extend_schema(
        operation_id="questionnaire_versions_get",
        tags=["questionnaires"],
        responses=answers(QuestionnaireVersionSerializer, 404),
    )
    def get(self, request: Request, pk: int) -> Answer:
        """A version with its document."""
        return Answer(QuestionnaireVersionSerializer(self.find(pk)).data)

    @changing(
        "questionnaire_versions_write",
        "questionnaires",
        QuestionnaireDocumentInput,
        QuestionnaireVersionSerializer,
    )
    def put(self, request: Request, pk: int) -> Answer:
        """Let a draft say something else than at the revision that was seen."""
        found = self.find(pk)
        services.write_document(by=request.user, version=found, **QuestionnaireDocumentInput.given(request))
        return Answer(QuestionnaireVersionSerializer(self.find(pk)).data)

    @extend_schema(
        operation_id="questionnaire_versions_discard",
        tags=["questionnaires"],
        parameters=[OpenApiParameter("revision", int, required=True)],
        responses=answers(OpenApiResponse(description="The draft is gone."), *WRITING, 404, 409, status=204),
    )
    def delete(self, request: Request, pk: int) -> Answer:
        """Do without a draft."""
        found = self.find(pk)
        read = QuestionnaireRevisionInput(data=request.query_params.dict())
        read.is_valid(raise_exception=True)
        services.discard_draft(by=request.user, version=found, **read.validated_data)
        return Answer(status=204)


class QuestionnairePublish(VersionRows):
    @changing(
        "questionnaire_versions_publish",
        "questionnaires",
        QuestionnaireRevisionInput,
        QuestionnaireVersionSerializer,
    )
    def post(self, request: Request, pk: int) -> Answer:
        """Fix a draft, which is asked from now on."""
        found = self.find(pk)
        services.publish_version(by=request.user, version=found, **QuestionnaireRevisionInput.given(request))
        return Answer(QuestionnaireVersionSerializer(self.find(pk)).data)
