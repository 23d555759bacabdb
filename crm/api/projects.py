"""Projects and who takes part in them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.filters import IdFilter
from crm.api.inputs import IdField, Input, NumberField, VersionField
from crm.api.records import ClientRefSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, VisibleRows, created
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.api.tasks import client_of
from crm.errors import Invalid, NotPermitted
from crm.models import Industry, Participation, Project, Region, User
from crm.services import projects as services
from crm.services.projects import ES_CATEGORIES, FIELDS

POLICY = {"*": "crm.change_client", "GET": "crm.view_client"}


class ProjectSerializer(serializers.ModelSerializer):
    """A project; `amount` (what is financed) and `capex` are in units of `currency`."""

    industry = serializers.SlugRelatedField("code", read_only=True)
    region = serializers.SlugRelatedField("code", read_only=True)

    class Meta:
        model = Project
        fields = ("id", "code", *FIELDS, "version", "created_at")


class ProjectFieldsInput(Input):
    name_en = serializers.CharField(max_length=300, required=False, allow_blank=True)
    name_zh = serializers.CharField(max_length=300, required=False, allow_blank=True)
    industry = serializers.SlugRelatedField(
        "code", queryset=Industry.objects.all(), required=False, allow_null=True
    )
    region = serializers.SlugRelatedField(
        "code", queryset=Region.objects.all(), required=False, allow_null=True
    )
    status = serializers.ChoiceField(choices=Project.Status.choices, required=False)
    es_category = serializers.ChoiceField(choices=ES_CATEGORIES, required=False, allow_blank=True)
    amount = serializers.DecimalField(max_digits=20, decimal_places=2, required=False, allow_null=True)
    capex = serializers.DecimalField(max_digits=20, decimal_places=2, required=False, allow_null=True)
    currency = serializers.CharField(max_length=3, required=False, help_text="ISO code.")
    disclosed_on = serializers.DateField(required=False, allow_null=True)
    approved_on = serializers.DateField(required=False, allow_null=True)
    signed_on = serializers.DateField(required=False, allow_null=True)
    invested_on = serializers.DateField(required=False, allow_null=True)
    completed_on = serializers.DateField(required=False, allow_null=True)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class NewProjectInput(ProjectFieldsInput):
    client = IdField(help_text="Id of a client whom the user holds; it takes part from the beginning.")
    part = serializers.ChoiceField(choices=Participation.Part.choices)
    revenue_share = NumberField(required=False, allow_null=True, help_text="A fraction from 0 to 1.")
    code = serializers.CharField(max_length=40, required=False, help_text="Left out, it is given one.")


class ProjectChangeInput(ProjectFieldsInput):
    version = VersionField()


class ProjectCoverInput(Input):
    dscr = NumberField(required=False)
    llcr = NumberField(required=False)
    observed_on = serializers.DateField()
    source = serializers.CharField(max_length=80)


class ProjectFilter(filters.FilterSet):
    client = IdFilter("participations__client", distinct=True, help_text="Id of a client that takes part.")
    status = filters.ChoiceFilter(choices=Project.Status.choices)

    class Meta:
        model = Project
        fields: tuple[str, ...] = ()


class ProjectRows(VisibleRows):
    policy = POLICY
    queryset = Project.objects.select_related("industry", "region")
    serializer_class = ProjectSerializer

    def told(self, pk: int) -> Any:
        return ProjectSerializer(self.find(pk)).data

    def own(self, pk: int) -> Project:
        """The project, where the user holds a client in it; looked at before what is sent. Raises NotPermitted."""
        found: Project = self.find(pk)
        if not Project.objects.editable_by(self.request.user).filter(pk=pk).exists():
            raise NotPermitted
        return found


class ProjectList(ListModelMixin, ProjectRows):
    filterset_class = ProjectFilter

    @extend_schema(
        operation_id="projects_list", tags=["projects"], responses=answers(ProjectSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """Projects in which a client takes part whom the user may see, the last entered first."""
        return self.list(request)

    @extend_schema(
        operation_id="projects_enter",
        tags=["projects"],
        parameters=[idempotency_key(required=False)],
        request=NewProjectInput,
        responses=answers(ProjectSerializer, *WRITING, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Enter a project with its first participant."""
        asked = NewProjectInput.given(request)
        client = client_of(request.user, asked.pop("client"))
        assert client is not None, "the input asks for one"
        pk = make_once(request, lambda: services.create_project(by=request.user, client=client, **asked))
        return created(request, self.told(pk), "project-detail", pk)


class ProjectDetail(ProjectRows):
    @extend_schema(operation_id="projects_get", tags=["projects"], responses=answers(ProjectSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        """One project."""
        return Response(self.told(pk))

    @changing("projects_change", "projects", ProjectChangeInput, ProjectSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change the given fields of a project that is still at the given version."""
        project = self.own(pk)
        services.change_project(by=request.user, project=project, **ProjectChangeInput.given(request))
        return Response(self.told(pk))


class ProjectCover(ProjectRows):
    policy = {"*": "crm.change_client"}

    @changing("projects_cover", "projects", ProjectCoverInput, ProjectSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Record DSCR and LLCR; they are observations of the project, and count for everyone who takes part."""
        project = self.own(pk)
        said = ProjectCoverInput.given(request)
        covers: dict[str, float] = {name: said.pop(name) for name in ("dscr", "llcr") if name in said}
        services.observe_cover(by=request.user, project=project, covers=covers, **said)
        return Response(self.told(pk))


class ParticipationSerializer(serializers.ModelSerializer):
    """A client's part in a project, from `since` to the day before `until`; `revenue_share` is a fraction."""

    client = ClientRefSerializer()

    class Meta:
        model = Participation
        fields = ("id", "client", "project", "part", "revenue_share", "since", "until", "version")


class PartInput(Input):
    part = serializers.ChoiceField(choices=Participation.Part.choices, required=False)
    revenue_share = NumberField(required=False, allow_null=True, help_text="A fraction from 0 to 1.")
    since = serializers.DateField(required=False, allow_null=True)
    until = serializers.DateField(required=False, allow_null=True, help_text="The first day without it.")


class NewParticipationInput(PartInput):
    project = IdField(help_text="Id of a project in which the user holds a client.")
    client = IdField(help_text="Id of a client.")
    part = serializers.ChoiceField(choices=Participation.Part.choices)


class PartChangeInput(PartInput):
    version = VersionField()


class ParticipationFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")
    project = IdFilter("project", help_text="Id of a project.")

    class Meta:
        model = Participation
        fields: tuple[str, ...] = ()


class ParticipationRows(VisibleRows):
    policy = POLICY
    queryset = Participation.objects.select_related("client", "project")
    serializer_class = ParticipationSerializer

    def told(self, pk: int) -> Any:
        return ParticipationSerializer(self.find(pk)).data


class ParticipationList(ListModelMixin, ParticipationRows):
    filterset_class = ParticipationFilter

    @extend_schema(
        operation_id="participations_list",
        tags=["projects"],
        responses=answers(ParticipationSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Parts of clients that the user may see, the last entered first."""
        return self.list(request)

    @extend_schema(
        operation_id="participations_enter",
        tags=["projects"],
        parameters=[idempotency_key(required=False)],
        request=NewParticipationInput,
        responses=answers(ParticipationSerializer, *WRITING, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Let a client take part in a project; shares of one part come to 1 at most."""
        asked = NewParticipationInput.given(request)
        project = project_of(request.user, asked.pop("project"))
        client = client_of(request.user, asked.pop("client"))
        assert client is not None, "the input asks for one"
        pk = make_once(
            request,
            lambda: services.add_participant(by=request.user, project=project, client=client, **asked),
        )
        return created(request, self.told(pk), "participation-detail", pk)


class ParticipationDetail(ParticipationRows):
    @extend_schema(
        operation_id="participations_get", tags=["projects"], responses=answers(ParticipationSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """One part in a project."""
        return Response(self.told(pk))

    @changing("participations_change", "projects", PartChangeInput, ParticipationSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change part, share or days of a participant that is still at the given version."""
        found = self.find(pk)
        if not Project.objects.editable_by(request.user).filter(pk=found.project_id).exists():
            raise NotPermitted
        services.change_participant(by=request.user, participation=found, **PartChangeInput.given(request))
        return Response(self.told(pk))


def project_of(user: User, pk: int) -> Project:
    """The project of that id; one that the user may not see is not there. Raises Invalid."""
    found = Project.objects.visible_to(user).filter(pk=pk).first()
    if found is None:
        raise Invalid({"project": [_("There is no such project among those that you may see.")]})
    return found
