from django.db import migrations, models

STANDING = models.Q(merged_into__isnull=True)
INDEXES = {"client_sort": [], "client_rm_sort": ["rm"], "client_team_sort": ["team"]}


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0030_more_kinds_of_import"),
    ]

    operations = [
        *(migrations.RemoveIndex(model_name="client", name=name) for name in INDEXES),
        *(
            migrations.AddIndex(
                model_name="client",
                index=models.Index(fields=[*first, "sort_key", "id"], condition=STANDING, name=name),
            )
            for name, first in INDEXES.items()
        ),
    ]
