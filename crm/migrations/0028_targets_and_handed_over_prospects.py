"""Targets come in by files too; what goes with a book that is handed over need not be of a client."""

import django.db.models.deletion
from django.db import migrations, models

import crm.migration_operations

KINDS = [
    ("clients", "Clients"),
    ("people", "Contact persons"),
    ("addresses", "Addresses"),
    ("relations", "Relations and groups"),
    ("consents", "Consent and do-not-contact"),
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
    ("prospects", "Prospects"),
    ("targets", "Targets"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0027_prospect_lists"),
    ]

    operations = [
        crm.migration_operations.Together(
            [
                migrations.AlterField(
                    model_name="handoveritem",
                    name="client",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.client",
                        verbose_name="client",
                    ),
                ),
                *(
                    migrations.AlterField(
                        model_name=model,
                        name="kind",
                        field=models.CharField(choices=KINDS, max_length=20, verbose_name="kind"),
                    )
                    for model in ("importjob", "importjobevent")
                ),
            ]
        ),
    ]
