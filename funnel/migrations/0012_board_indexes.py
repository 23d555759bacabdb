from django.db import migrations, models

from crm.migration_operations import Together

STANDING = models.Q(("dissolved_by__isnull", True))


def index(name: str, *fields: str, **options) -> migrations.AddIndex:
    return migrations.AddIndex("case", models.Index(fields=fields, name=name, **{"condition": STANDING, **options}))


class Migration(migrations.Migration):
    """What columns come to and which cases come first stands in indexes; vacuum keeps them worth reading alone."""

    dependencies = [("funnel", "0011_parties_of_cases")]

    operations = [
        migrations.RemoveIndex("case", "case_totals"),
        Together(
            [
                index("case_totals", "stage", "currency", include=("amount", "client")),
                index("case_amount", "-amount", "id"),
                index(
                    "case_closes",
                    "expected_close",
                    condition=models.Q(("dissolved_by__isnull", True), ("expected_close__isnull", False)),
                ),
                index(
                    "case_steps",
                    "next_step_on",
                    condition=models.Q(("dissolved_by__isnull", True), ("next_step_on__isnull", False)),
                ),
                migrations.RunSQL(
                    "ALTER TABLE funnel_case SET (autovacuum_vacuum_scale_factor = 0.02)",
                    "ALTER TABLE funnel_case RESET (autovacuum_vacuum_scale_factor)",
                ),
            ]
        ),
    ]
