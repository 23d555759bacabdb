"""What migrations of any app may use beside Django's own operations."""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.models import CreateModel
from django.db.migrations.state import ProjectState


def create(operations: Sequence[CreateModel], app_label: str, state: ProjectState) -> None:
    """Let new models join those that are rendered already.

    Django would render anew all that the new ones lead to, and all that leads there: nearly every model there is.
    """
    rendered = state.__dict__.pop("apps", None)
    for operation in operations:
        CreateModel.state_forwards(operation, app_label, state)
    if rendered is not None:
        state.__dict__["apps"] = rendered
        rendered.render_multiple([state.models[app_label, operation.name_lower] for operation in operations])


class CreateModelWithTriggers(CreateModel):
    """Create a table together with the triggers that its options declare.

    An operation for each trigger would render every model anew each time, a tenth of a second for each of hundreds.
    """

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        create([self], app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        if self.allow_migrate_model(
            schema_editor.connection.alias, to_state.apps.get_model(app_label, self.name)
        ):
            for trigger in self.options.get("triggers", []):
                schema_editor.execute(trigger.install_sql, params=None)


class Together(Operation):
    """Several operations, each of which touches what no other of them does.

    All of them see the models as they were before the first and as they are after the last, so that these are rendered
    once instead of between any two.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        creations = [operation for operation in self.operations if isinstance(operation, CreateModel)]
        if len(creations) == len(self.operations):
            create(creations, app_label, state)
            return
        # What is rendered already would be kept up to date after each of them.
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)
