from django.db import migrations, models

from crm.migration_operations import Together

LEDGERS = ("tiering_facts", "tiering_assessment", "tiering_assignment")
EARLY = "(autovacuum_vacuum_scale_factor = 0.005, autovacuum_vacuum_insert_scale_factor = 0.02)"
AS_OTHERS = "(autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor)"
IN_FORCE = models.Q(("valid_to__isnull", True))


class Migration(migrations.Migration):
    """What runs ask of everybody stands in the indexes of what is in force; vacuum keeps them worth reading alone."""

    dependencies = [("tiering", "0015_data_quality")]

    operations = [
        Together(
            [
                migrations.RemoveConstraint(model_name="facts", name="facts_one_in_force"),
                migrations.RemoveConstraint(model_name="assessment", name="assessment_one_in_force"),
                migrations.RemoveConstraint(model_name="assignment", name="assignment_one_in_force"),
                migrations.AddConstraint(
                    model_name="facts",
                    constraint=models.UniqueConstraint(
                        condition=IN_FORCE,
                        fields=("client",),
                        include=("id", "valid_from"),
                        name="facts_one_in_force",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="assessment",
                    constraint=models.UniqueConstraint(
                        condition=IN_FORCE,
                        fields=("client", "scheme", "project"),
                        include=("id", "facts", "version", "run", "tier", "valid_from"),
                        name="assessment_one_in_force",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="assignment",
                    constraint=models.UniqueConstraint(
                        condition=IN_FORCE,
                        fields=("client", "scheme", "project"),
                        include=("id", "tier", "valid_from"),
                        name="assignment_one_in_force",
                        nulls_distinct=False,
                    ),
                ),
                *(
                    migrations.RunSQL(
                        f"ALTER TABLE {table} SET {EARLY}", f"ALTER TABLE {table} RESET {AS_OTHERS}"
                    )
                    for table in LEDGERS
                ),
            ]
        )
    ]
