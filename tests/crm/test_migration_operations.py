"""What migrations use beside Django's own operations."""

from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import CASCADE, BigAutoField, ForeignKey

from crm.migration_operations import Together


def test_new_models_join_those_that_are_rendered_and_lead_to_them():
    state = ProjectState()
    state.add_model(ModelState("crm", "Old", [("id", BigAutoField(primary_key=True))]))
    old = state.apps.get_model("crm.Old")
    new = [
        CreateModel(
            name,
            [
                ("id", BigAutoField(primary_key=True)),
                ("to", ForeignKey(f"crm.{to}", CASCADE)),
            ],
        )
        for name, to in (("First", "Second"), ("Second", "Old"))
    ]
    Together(new).state_forwards("crm", state)
    first, second = state.apps.get_model("crm.First"), state.apps.get_model("crm.Second")
    assert state.apps.get_model("crm.Old") is old
    assert first._meta.get_field("to").related_model is second
    assert second._meta.get_field("to").related_model is old
    assert [relation.related_model for relation in old._meta.related_objects] == [second]
