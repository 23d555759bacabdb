import crm.migration_operations
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.contrib.postgres.operations import BtreeGistExtension
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('crm', '0014_governed_observations')]

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        BtreeGistExtension(),
        crm.migration_operations.Together([
            crm.migration_operations.CreateModelWithTriggers(
                name='Team',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=20, unique=True, verbose_name='code')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('name_zh', models.CharField(blank=True, max_length=80, verbose_name='Chinese name')),
                ],
                options={
                    'verbose_name': 'team',
                    'verbose_name_plural': 'teams',
                    'ordering': ['code'],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_teamevent" ("code", "id", "name", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."code", new_values."id", new_values."name", new_values."name_zh", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d0fac0678531641bc8502b0e7d2c14cc255fa12c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_a6471', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_team', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_teamevent" ("code", "id", "name", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."code", new_values."id", new_values."name", new_values."name_zh", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c512fe3b34821fe1d2b85c3e6edae1f32b30c859', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_21505', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_team', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_teamevent" ("code", "id", "name", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."code", old_values."id", old_values."name", old_values."name_zh", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='bf38c17922c78d8a424b5ad1f7d56393a41a30f9', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_6339b', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_team', when='AFTER'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('username', models.CharField(max_length=40, unique=True, verbose_name='user name')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('name_zh', models.CharField(blank=True, max_length=40, verbose_name='Chinese name')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                    ('role', models.CharField(choices=[('rm', 'Relationship manager'), ('team_lead', 'Team lead'), ('risk_officer', 'Risk officer'), ('criteria_admin', 'Criteria administrator'), ('auditor', 'Auditor'), ('system_admin', 'System administrator')], max_length=20, verbose_name='role')),
                    ('is_active', models.BooleanField(default=True, verbose_name='active')),
                    ('date_joined', models.DateTimeField(auto_now_add=True, verbose_name='joined')),
                    ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='crm.team', verbose_name='team')),
                    ('grade', models.PositiveSmallIntegerField(choices=[(1, '1'), (2, '2'), (3, '3')], default=1, help_text='What a risk officer may decide: 1 is the lowest grade, 3 the highest.', verbose_name='grade')),
                ],
                options={
                    'verbose_name': 'user',
                    'verbose_name_plural': 'users',
                    'ordering': ['name'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('role__in', ['rm', 'team_lead']), _negated=True), ('team__isnull', False), _connector='OR'), name='user_bookholder_has_team', violation_error_message='A relationship manager or team lead needs a team.'), models.CheckConstraint(condition=models.Q(('grade__range', (1, 3))), name='user_grade_is_known')],
                    'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_userevent" ("date_joined", "email", "grade", "id", "is_active", "name", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "team_id", "username") SELECT new_values."date_joined", new_values."email", new_values."grade", new_values."id", new_values."is_active", new_values."name", new_values."name_zh", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."role", new_values."team_id", new_values."username" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='aa308b6b1bc423dbeaf69fc8e786b9466683db26', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_98f47', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_user', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_userevent" ("date_joined", "email", "grade", "id", "is_active", "name", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "team_id", "username") SELECT new_values."date_joined", new_values."email", new_values."grade", new_values."id", new_values."is_active", new_values."name", new_values."name_zh", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."role", new_values."team_id", new_values."username" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."date_joined" IS DISTINCT FROM (new_values."date_joined") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."grade" IS DISTINCT FROM (new_values."grade") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_active" IS DISTINCT FROM (new_values."is_active") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."name_zh" IS DISTINCT FROM (new_values."name_zh") OR old_values."role" IS DISTINCT FROM (new_values."role") OR old_values."team_id" IS DISTINCT FROM (new_values."team_id") OR old_values."username" IS DISTINCT FROM (new_values."username")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='0bbff001d2440c1e6c2a7b1fbd537f573dbd6a4a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_3aa0c', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_user', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_userevent" ("date_joined", "email", "grade", "id", "is_active", "name", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "team_id", "username") SELECT old_values."date_joined", old_values."email", old_values."grade", old_values."id", old_values."is_active", old_values."name", old_values."name_zh", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."role", old_values."team_id", old_values."username" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='21f0f562f6618555c7fd5b627fde8f31f95f7963', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e2835', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_user', when='AFTER'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='TeamEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('code', models.SlugField(db_index=False, max_length=20, verbose_name='code')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('name_zh', models.CharField(blank=True, max_length=80, verbose_name='Chinese name')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='crm.team')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='76e8cb767d5093e57b78bc74193ff9cd5520b3fb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_025d3', table='crm_teamevent', when='BEFORE'))],
                },
            ),
            crm.migration_operations.CreateModelWithTriggers(
                name='UserEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('username', models.CharField(max_length=40, verbose_name='user name')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('name_zh', models.CharField(blank=True, max_length=40, verbose_name='Chinese name')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                    ('role', models.CharField(choices=[('rm', 'Relationship manager'), ('team_lead', 'Team lead'), ('risk_officer', 'Risk officer'), ('criteria_admin', 'Criteria administrator'), ('auditor', 'Auditor'), ('system_admin', 'System administrator')], max_length=20, verbose_name='role')),
                    ('is_active', models.BooleanField(default=True, verbose_name='active')),
                    ('date_joined', models.DateTimeField(auto_now_add=True, verbose_name='joined')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
                    ('team', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.team', verbose_name='team')),
                    ('grade', models.PositiveSmallIntegerField(choices=[(1, '1'), (2, '2'), (3, '3')], default=1, help_text='What a risk officer may decide: 1 is the lowest grade, 3 the highest.', verbose_name='grade')),
                ],
                options={
                    'abstract': False,
                    'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='de2c4b50263152040fc7b596d2ba3da3e11e57bc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2461d', table='crm_userevent', when='BEFORE'))],
                },
            ),
            migrations.CreateModel(
                name='IdempotencyKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=100)),
                    ('body_sha256', models.CharField(max_length=64)),
                    ('answer', models.JSONField(null=True)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='idempotency_key_once')],
                },
            ),
        ]),
    ]
