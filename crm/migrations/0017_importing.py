import crm.migration_operations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0016_briefs"),
    ]

    operations = [
        crm.migration_operations.Together(
            operations=[
                migrations.AddField(
                    model_name="importjob",
                    name="written_in",
                    field=models.UUIDField(editable=False, null=True),
                ),
                migrations.AddField(
                    model_name="importrow",
                    name="changes",
                    field=models.JSONField(null=True),
                ),
                migrations.AlterField(
                    model_name="importjob",
                    name="kind",
                    field=models.CharField(
                        choices=[
                            ("clients", "Clients"),
                            ("people", "Contact persons"),
                            ("addresses", "Addresses"),
                            ("relations", "Relations and groups"),
                            ("tags", "Tags"),
                            ("statements", "Financial statements"),
                            ("credit_reports", "Credit reports"),
                            ("observations", "Observations"),
                            ("projects", "Projects"),
                            ("facilities", "Facilities"),
                            ("payments", "Payments"),
                            ("revenue", "Revenue"),
                            ("interactions", "Interactions"),
                            ("tasks", "Tasks"),
                            ("stage_events", "Stage events of cases"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                migrations.AlterField(
                    model_name="importjob",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("staged", "Staged"),
                            ("checking", "Checking"),
                            ("checked", "Checked"),
                            ("applying", "Applying"),
                            ("applied", "Applied"),
                            ("refused", "Refused"),
                            ("failed", "Failed"),
                            ("undoing", "Being taken back"),
                            ("undone", "Taken back"),
                        ],
                        default="staged",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                migrations.AlterField(
                    model_name="importjobevent",
                    name="kind",
                    field=models.CharField(
                        choices=[
                            ("clients", "Clients"),
                            ("people", "Contact persons"),
                            ("addresses", "Addresses"),
                            ("relations", "Relations and groups"),
                            ("tags", "Tags"),
                            ("statements", "Financial statements"),
                            ("credit_reports", "Credit reports"),
                            ("observations", "Observations"),
                            ("projects", "Projects"),
                            ("facilities", "Facilities"),
                            ("payments", "Payments"),
                            ("revenue", "Revenue"),
                            ("interactions", "Interactions"),
                            ("tasks", "Tasks"),
                            ("stage_events", "Stage events of cases"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                migrations.AlterField(
                    model_name="importjobevent",
                    name="status",
                    field=models.CharField(
                        choices=[
                            ("staged", "Staged"),
                            ("checking", "Checking"),
                            ("checked", "Checked"),
                            ("applying", "Applying"),
                            ("applied", "Applied"),
                            ("refused", "Refused"),
                            ("failed", "Failed"),
                            ("undoing", "Being taken back"),
                            ("undone", "Taken back"),
                        ],
                        default="staged",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
            ],
        ),
        crm.migration_operations.Together(
            operations=[
                crm.migration_operations.CreateModelWithTriggers(
                    name="KeptRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("written_in", models.UUIDField(db_index=True)),
                        ("model", models.CharField(max_length=60)),
                        ("record_id", models.BigIntegerField()),
                        ("name", models.CharField(blank=True, max_length=300, verbose_name="name")),
                        ("code", models.CharField(max_length=40)),
                        ("params", models.JSONField(default=dict)),
                    ],
                    options={
                        "verbose_name": "record that stayed as it was",
                        "verbose_name_plural": "records that stayed as they were",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("written_in", "model", "record_id"), name="kept_record_once"
                            )
                        ],
                    },
                )
            ],
        ),
    ]
