"""Tasks: listed, given, changed and done."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.filters import IdFilter
from crm.api.inputs import IdField, Input
from crm.api.records import ClientRefSerializer, PersonSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, VisibleRows, created
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.errors import Invalid, NotPermitted
from crm.models import Client, Task, User
from crm.selectors.tasks import assignees_of
from crm.services.tasks import add_task, assign_task, finish_task, finish_tasks, move_task, reopen_task
from crm.telling import task_text, task_url

MOST_FINISHED = 1000


class TaskSerializer(serializers.ModelSerializer):
    """Something to do; `text` is in the reader's language, `path` where the work is done, empty for nowhere."""

    client = ClientRefSerializer(allow_null=True)
    assignee = PersonSerializer(allow_null=True)
    created_by = PersonSerializer(allow_null=True)
    finished_by = PersonSerializer(allow_null=True)
    text = serializers.SerializerMethodField()
    path = serializers.SerializerMethodField()

    class Meta:
        model = Task
        fields = (
            "id",
            "text",
            "path",
            "kind",
            "client",
            "assignee",
            "due_on",
            "status",
            "outcome",
            "created_by",
            "created_at",
            "finished_by",
            "finished_at",
        )

    def get_text(self, task: Task) -> str:
        return task_text(task)

    def get_path(self, task: Task) -> str:
        return task_url(task)


class NewTaskInput(Input):
    title = serializers.CharField(max_length=200, help_text="What is to be done.")
    due_on = serializers.DateField()
    client = IdField(required=False, allow_null=True, help_text="Id of a client that the user may see.")
    assignee = IdField(required=False, help_text="Id of a colleague of one's team; oneself if left out.")


class TaskChangeInput(Input):
    """Another day, another person, or both."""

    due_on = serializers.DateField(required=False)
    assignee = IdField(required=False)


class FinishInput(Input):
    outcome = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    next_due = serializers.DateField(
        required=False,
        allow_null=True,
        default=None,
        help_text="The day on which the same is to be done again.",
    )


class FinishManyInput(Input):
    tasks = serializers.ListField(child=IdField(), min_length=1, max_length=MOST_FINISHED)
    outcome = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class FinishedSerializer(serializers.Serializer):
    task = TaskSerializer()
    following = TaskSerializer(allow_null=True, help_text="The task that was given anew.")


class FinishedManySerializer(serializers.Serializer):
    finished = serializers.IntegerField(help_text="How many were open among those that the user may change.")


class TaskFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=Task.Status.choices)
    assignee = IdFilter("assignee", help_text="Id of a person.")
    client = IdFilter("client", help_text="Id of a client.")
    due_from = filters.DateFilter("due_on", "gte", help_text="The first day on which it is due.")
    due_to = filters.DateFilter("due_on", "lte", help_text="The last day on which it is due.")

    class Meta:
        model = Task
        fields: tuple[str, ...] = ()


class TaskRows(VisibleRows):
    policy = {"*": "crm.write_tasks", "GET": "crm.view_client"}
    queryset = Task.objects.select_related("client", "assignee", "created_by", "finished_by")
    serializer_class = TaskSerializer

    def told(self, pk: int) -> Any:
        return TaskSerializer(self.find(pk)).data

    def own(self, pk: int) -> Task:
        """The task, where the user may change it; looked at before what is sent. Raises NotPermitted."""
        task: Task = self.find(pk)
        if not Task.objects.changeable_by(self.request.user).filter(pk=pk).exists():
            raise NotPermitted
        return task


class TaskList(ListModelMixin, TaskRows):
    filterset_class = TaskFilter

    @extend_schema(
        operation_id="tasks_list", tags=["tasks"], responses=answers(TaskSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """The tasks that the user may see, the newest first."""
        return self.list(request)

    @extend_schema(
        operation_id="tasks_create",
        tags=["tasks"],
        parameters=[idempotency_key(required=False)],
        request=NewTaskInput,
        responses=answers(TaskSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Give a task to oneself or, as a team lead, to the team."""
        asked = NewTaskInput.given(request)
        terms = {
            "title": asked["title"],
            "due_on": asked["due_on"],
            "client": client_of(request.user, asked.get("client")),
            "assignee": person_of(request.user, asked["assignee"]) if "assignee" in asked else request.user,
        }
        pk = make_once(request, lambda: add_task(by=request.user, **terms))
        return created(request, self.told(pk), "task-detail", pk)


class TaskDetail(TaskRows):
    @extend_schema(operation_id="tasks_get", tags=["tasks"], responses=answers(TaskSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.told(pk))

    @changing("tasks_change", "tasks", TaskChangeInput, TaskSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Set another day for an open task, or hand it on."""
        task = self.own(pk)
        asked = TaskChangeInput.given(request)
        if "assignee" in asked:
            assign_task(by=request.user, task=task, assignee=person_of(request.user, asked["assignee"]))
        if "due_on" in asked:
            move_task(by=request.user, task=task, due_on=asked["due_on"])
        return Response(self.told(pk))


class TaskFinish(TaskRows):
    @changing("tasks_finish", "tasks", FinishInput, FinishedSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Note that a task is done, and give the same anew where `next_due` names a day."""
        task = self.own(pk)
        following = finish_task(by=request.user, task=task, **FinishInput.given(request))
        told = {"task": self.told(pk), "following": self.told(following.pk) if following else None}
        return Response(told)


class TaskReopen(TaskRows):
    @changing("tasks_reopen", "tasks", Input, TaskSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take back that a task is done or cancelled."""
        task = self.own(pk)
        Input.given(request)
        reopen_task(by=request.user, task=task)
        return Response(self.told(pk))


class TaskFinishMany(TaskRows):
    @extend_schema(
        operation_id="tasks_finish_many",
        tags=["tasks"],
        request=FinishManyInput,
        responses=answers(FinishedManySerializer, *WRITING),
    )
    def post(self, request: Request) -> Response:
        """Note that several tasks are done; those that the user may not change stay as they are."""
        asked = FinishManyInput.given(request)
        done = finish_tasks(by=request.user, ids=asked["tasks"], outcome=asked["outcome"])
        return Response({"finished": done})


def client_of(user: User, pk: int | None, *, field: str = "client") -> Client | None:
    """The client of that id; one that the user may not see is not there. Raises Invalid, which names the field."""
    if pk is None:
        return None
    found = Client.objects.visible_to(user).filter(pk=pk).first()
    if found is None:
        raise Invalid({field: [_("There is no such client among those that you may see.")]})
    return found


def person_of(user: User, pk: int) -> User:
    """The person of that id among those to whom the user gives tasks. Raises Invalid."""
    found = assignees_of(user).filter(pk=pk).first()
    if found is None:
        raise Invalid({"assignee": [_("There is nobody with this id to whom you may give a task.")]})
    return found
