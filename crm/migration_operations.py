"""What migrations of any app may use beside Django's own operations."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.models import CreateModel
from django.db.migrations.state import ProjectState


class CreateModelWithTriggers(CreateModel):
    """Create a table together with the triggers that its options declare.

    An operation for each trigger would render every model anew each time, a tenth of a second for each of hundreds.
    """

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
