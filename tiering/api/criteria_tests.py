"""The test cases of a version of criteria: found, added, replaced, removed, and run."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api.inputs import Input
from crm.api.rows import Request, created
from crm.api.schema import WRITING, answers, changing
from tiering.api.criteria import VersionRows
from tiering.core.cases import Case, Verdict
from tiering.core.coverage import Covered, coverage
from tiering.core.document import Document, points
from tiering.models import CriteriaTest
from tiering.pages.cases import fault_text
from tiering.selectors.criteria import document_of, readable_versions
from tiering.selectors.criteria_tests import kept_tests, verdicts_of
from tiering.services.criteria_tests import add_test, change_test, remove_test
from tiering.services.lifecycle import checked_document


@extend_schema_field(OpenApiTypes.OBJECT)
class FactsField(serializers.DictField):
    """Values by metric key: numbers in the metric's own unit, categories by their keys."""


class TestSerializer(serializers.ModelSerializer):
    """A test case. `gates` and `score` null: not asked; `held` empty: no tier is in force."""

    facts = FactsField()
    gates = serializers.ListField(child=serializers.CharField(), allow_null=True)
    overlays = serializers.ListField(child=serializers.CharField())
    __test__ = False  # no test case of pytest's

    class Meta:
        model = CriteriaTest
        fields = ("id", "name", "facts", "held", "held_days", "overlays", "tier", "gates", "score")


class TestsSerializer(serializers.Serializer):
    tests = TestSerializer(many=True)


class TestInput(Input):
    name = serializers.CharField(max_length=120)
    facts = FactsField()
    tier = serializers.CharField(max_length=60, help_text="The tier that has to come.")
    held = serializers.CharField(
        required=False, allow_null=True, max_length=60, help_text="The tier in force; none if left out."
    )
    held_days = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=2**31 - 1,
        help_text="For how many days it has been in force; long enough that it may move if left out.",
    )
    overlays = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, help_text="Those that are on."
    )
    gates = serializers.ListField(
        child=serializers.CharField(max_length=60),
        required=False,
        allow_null=True,
        help_text="Exactly those that apply; not asked if left out.",
    )
    score = serializers.DecimalField(
        11,
        8,
        required=False,
        allow_null=True,
        help_text="In points, compared to as many decimals as given; not asked if left out.",
    )
    __test__ = False  # no test case of pytest's

    @classmethod
    def case(cls, request: Request) -> Case:
        """The test case that a request describes. Raises ValidationError."""
        given = cls.given(request)
        gates, score = given.get("gates"), given.get("score")
        return Case(
            name=given["name"],
            facts=given["facts"],
            tier=given["tier"],
            held=given.get("held") or None,
            held_days=given.get("held_days"),
            overlays=frozenset(given.get("overlays", ())),
            gates=None if gates is None else frozenset(gates),
            score=None if score is None else Decimal(score),
        )


class ResultSerializer(serializers.Serializer):
    """What came of a test case; `tier`, `score` and `gates` null where the criteria lack what it assumes."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    passes = serializers.BooleanField()
    tier = serializers.CharField(allow_null=True)
    score = serializers.DecimalField(11, 8, allow_null=True)
    gates = serializers.ListField(child=serializers.CharField(), allow_null=True)
    faults = serializers.ListField(child=serializers.CharField(), help_text="In the reader's language.")


class CoveredSerializer(serializers.Serializer):
    """How many parts of a kind (bands, gates …) there are, and how many the test cases exercise."""

    kind = serializers.CharField()
    count = serializers.IntegerField()
    total = serializers.IntegerField()


class TestRunSerializer(serializers.Serializer):
    passing = serializers.IntegerField()
    failing = serializers.IntegerField()
    results = ResultSerializer(many=True)
    coverage = CoveredSerializer(many=True)


class CriteriaTests(VersionRows):
    policy = {"*": "tiering.view_drafts", "POST": "tiering.write_criteria"}

    @extend_schema(operation_id="criteria_tests", tags=["criteria"], responses=answers(TestsSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        """The test cases of a version."""
        return Response(TestsSerializer({"tests": kept_tests(self.find(pk))}).data)

    @extend_schema(
        operation_id="criteria_test_add",
        tags=["criteria"],
        request=TestInput,
        responses=answers(TestSerializer, *WRITING, 404, 409, status=201),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Add a test case. A version under review becomes a draft again."""
        version = self.find(pk)
        test = add_test(version=version, case=TestInput.case(request), by=request.user)
        return created(request, TestSerializer(test).data, "criteria-test", test.pk)


class CriteriaTestsRun(VersionRows):
    policy = {"*": "tiering.view_drafts"}

    @extend_schema(
        operation_id="criteria_tests_run", tags=["criteria"], responses=answers(TestRunSerializer, 400, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """What comes of the test cases of a version, and what they cover. Nothing is kept."""
        version = self.find(pk)
        if version.status in version.IN_PREPARATION:
            checked_document(version)
        rows, document = kept_tests(version), document_of(version)
        verdicts = verdicts_of(version, rows)
        results = [_result(row, verdict, document) for row, verdict in zip(rows, verdicts, strict=True)]
        passing = sum(verdict.passes for verdict in verdicts)
        covered: tuple[Covered, ...] = coverage(document, verdicts)
        told = {"passing": passing, "failing": len(rows) - passing, "results": results, "coverage": covered}
        return Response(TestRunSerializer(told).data)


class CriteriaTestDetail(APIView):
    policy = {"*": "tiering.write_criteria", "GET": "tiering.view_drafts"}
    request: Request

    def find(self, pk: int) -> CriteriaTest:
        readable = CriteriaTest.objects.filter(version__in=readable_versions(self.request.user))
        return get_object_or_404(readable.select_related("version"), pk=pk)

    @extend_schema(
        operation_id="criteria_test_read", tags=["criteria"], responses=answers(TestSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """One test case."""
        return Response(TestSerializer(self.find(pk)).data)

    @changing("criteria_test_replace", "criteria", TestInput, TestSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Let a test case say something else."""
        test = self.find(pk)
        return Response(
            TestSerializer(change_test(test=test, case=TestInput.case(request), by=request.user)).data
        )

    @extend_schema(
        operation_id="criteria_test_remove",
        tags=["criteria"],
        responses=answers(OpenApiResponse(description="It is removed."), *WRITING, 404, 409, status=204),
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Remove a test case."""
        remove_test(test=self.find(pk), by=request.user)
        return Response(status=204)


def _result(row: CriteriaTest, verdict: Verdict, document: Document) -> dict[str, Any]:
    found = verdict.assessment
    return {
        "id": row.pk,
        "name": row.name,
        "passes": verdict.passes,
        "tier": document.tiers[found.tier].key if found else None,
        "score": points(found.score) if found else None,
        "gates": found.gates if found else None,
        "faults": [fault_text(fault, document) for fault in verdict.faults],
    }
