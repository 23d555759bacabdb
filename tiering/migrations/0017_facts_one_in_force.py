"""Of each client one row of facts is in force: the index that says so went in 0012, with the one of the foreign key,
because both are of the same column."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('tiering', '0016_tiers_look_their_assessments_up'),
    ]

    operations = [
        migrations.RunSQL(
            'CREATE UNIQUE INDEX IF NOT EXISTS facts_one_in_force ON tiering_facts (client_id) WHERE valid_to IS NULL',
            migrations.RunSQL.noop,
        ),
    ]
