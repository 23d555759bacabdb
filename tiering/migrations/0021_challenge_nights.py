import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):

    dependencies = [
        ('tiering', '0020_probability_curves'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChallengeNight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('subjects', models.PositiveIntegerField()),
                ('same', models.PositiveIntegerField()),
                ('higher', models.PositiveIntegerField()),
                ('lower', models.PositiveIntegerField()),
                ('is_kept', models.BooleanField(db_default=True)),
                ('challenger', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nights', to='tiering.challenger')),
                ('run', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='night', to='tiering.tieringrun')),
            ],
            options={
                'ordering': ['day'],
                'constraints': [
                    models.UniqueConstraint(fields=('challenger', 'day'), name='challenge_night_once'),
                    models.CheckConstraint(condition=Q(subjects=F('same') + F('higher') + F('lower')), name='challenge_night_adds_up'),
                ],
            },
        ),
    ]
