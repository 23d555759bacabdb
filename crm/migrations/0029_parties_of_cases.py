from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0028_targets_and_handed_over_prospects"),
    ]

    operations = [
        migrations.AlterField(
            model_name="importjob",
            name="kind",
            field=models.CharField(
                choices=[
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
                    ("case_parties", "Parties of cases"),
                ],
                max_length=20,
                verbose_name="kind",
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
                    ("case_parties", "Parties of cases"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
    ]
