"""The categories of a metric of the institution's own are a list: jsonb keeps no order of keys."""

from django.db import migrations, models

NONE_YET = "UPDATE crm_custommetric SET categories = '[]' WHERE categories = '{}'"


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0010_covering_indexes'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='custommetric', name='custom_metric_has_its_categories'),
        migrations.RunSQL(NONE_YET, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='custommetric',
            name='categories',
            field=models.JSONField(blank=True, db_default=[], default=list, verbose_name='categories'),
        ),
        migrations.AlterField(
            model_name='custommetricevent',
            name='categories',
            field=models.JSONField(blank=True, db_default=[], default=list, verbose_name='categories'),
        ),
        migrations.AddConstraint(
            model_name='custommetric',
            constraint=models.CheckConstraint(
                condition=models.Q(('type', 'number'), ('categories', []))
                | (models.Q(('type', 'category'), ('unit', '')) & ~models.Q(('categories', []))),
                name='custom_metric_has_its_categories',
                violation_error_message='A category has a list of categories and no unit; a number has none.',
            ),
        ),
    ]
