import crm.migration_operations
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0020_questionnaires'),
        ('tiering', '0014_lean_ledgers'),
    ]

    operations = [
        crm.migration_operations.Together(
            operations=[crm.migration_operations.CreateModelWithTriggers(
                name='DataGap',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('thing', models.CharField(max_length=60)),
                    ('state', models.CharField(choices=[('missing', 'Missing'), ('stale', 'Too old')], max_length=8)),
                    ('distance', models.FloatField(null=True)),
                    ('exposure', models.FloatField(null=True)),
                    ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='gaps', to='crm.client')),
                ],
                options={
                    'indexes': [models.Index(fields=['distance', 'id'], name='data_gap_near'), models.Index(fields=['-exposure', 'id'], name='data_gap_exposed'), models.Index(fields=['thing', 'distance', 'id'], name='data_gap_thing')],
                    'constraints': [models.UniqueConstraint(fields=('client', 'thing'), name='data_gap_once')],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='DataQuality',
                fields=[
                    ('client', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='quality', serialize=False, to='crm.client')),
                    ('asked', models.PositiveSmallIntegerField()),
                    ('known', models.PositiveSmallIntegerField()),
                    ('fresh', models.PositiveSmallIntegerField()),
                    ('score', models.PositiveSmallIntegerField(verbose_name='data quality')),
                ],
                options={
                    'indexes': [models.Index(fields=['score', 'client'], name='data_quality_score')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('fresh__lte', models.F('known')), ('known__lte', models.F('asked'))), name='data_quality_adds_up')],
                },
            ), crm.migration_operations.CreateModelWithTriggers(
                name='QualityRound',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('facts', models.BigIntegerField()),
                    ('clients', models.BigIntegerField()),
                    ('people', models.BigIntegerField()),
                    ('addresses', models.BigIntegerField()),
                    ('looked_at', models.PositiveIntegerField()),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ],
            )],
        ),
    ]
