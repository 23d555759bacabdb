"""A job's life: who may, when, and what a killed worker or a concurrent import leaves behind."""

import subprocess
import sys
import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from crm.errors import NotPermitted
from crm.imports import mapping, passes
from crm.imports.errors import WrongMoment
from crm.imports.kinds import KINDS
from crm.models import Client, ImportIssue, ImportJob, ImportRow, Role
from crm.services import imports
from crm.signals import source_records_changed
from crm.tasks import sweep_imports
from tests.at_once import at_once
from tests.crm.imports.making import imported, staged
from tests.factories import make_user

ROWS = [["code", "name"], ["K1", "A"], ["K2", "B"]]


def applying(rows=ROWS, by=None) -> ImportJob:
    job = staged("clients", rows, by=by)
    setup = imports.Setup(mapping=job.mapping)
    return imports.start_import(by=by, job=job, setup=setup, keep_good_rows=True, ring=False)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.RISK_OFFICER, Role.CRITERIA_ADMIN, Role.AUDITOR])
def test_stage_file_is_for_those_who_may_import(role):
    with pytest.raises(NotPermitted):
        staged("clients", ROWS, by=make_user(role))


@pytest.mark.django_db
def test_only_the_uploader_acts_on_an_import():
    job = staged("clients", ROWS, by=make_user())
    with pytest.raises(NotPermitted):
        imports.start_check(by=make_user(), job=job, setup=imports.Setup(mapping=job.mapping))


@pytest.mark.django_db
def test_acts_come_in_order():
    job = staged("clients", ROWS)
    with pytest.raises(WrongMoment):
        imports.start_apply(by=None, job=job, keep_good_rows=True)
    job = applying()
    for act in (
        lambda: imports.reopen(by=None, job=job),
        lambda: imports.start_apply(by=None, job=job, keep_good_rows=True),
    ):
        with pytest.raises(WrongMoment):
            act()


@pytest.mark.django_db
def test_reopen_after_a_check_leads_back_to_the_mapping():
    job = imported("clients", ROWS, dry_run=True)
    assert imports.reopen(by=None, job=job).status == "staged"


@pytest.mark.django_db
def test_a_user_who_may_no_longer_import_writes_nothing():
    user = make_user()
    job = applying(by=user)
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    imports.run_import(job.pk)
    job.refresh_from_db()
    assert (job.status, job.failure, Client.objects.count()) == ("failed", "not_permitted", 0)


@pytest.mark.django_db
def test_work_is_not_repeated_while_somebody_holds_it():
    job = applying()
    ImportJob.objects.filter(pk=job.pk).update(lease_until=timezone.now() + timedelta(minutes=1), attempts=1)
    imports.run_import(job.pk)
    assert (Client.objects.count(), imports.due_imports()) == (0, [])


@pytest.mark.django_db
def test_work_of_a_dead_worker_is_due_again_and_done_once():
    job = applying()
    ImportJob.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(minutes=1), attempts=1)
    assert imports.due_imports() == [job.pk]
    imports.run_import(job.pk)
    imports.run_import(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts, Client.objects.count()) == ("applied", 2, 2)


@pytest.mark.django_db
def test_an_import_that_keeps_failing_is_given_up():
    job = applying()
    ImportJob.objects.filter(pk=job.pk).update(attempts=imports.MAX_ATTEMPTS)
    imports.run_import(job.pk)
    job.refresh_from_db()
    assert (job.status, job.failure) == ("failed", "too_many_attempts")


@pytest.mark.django_db
def test_a_lost_claim_writes_nothing():
    job = applying()
    claimed = imports._claim(job.pk)
    assert claimed is not None
    ImportJob.objects.filter(pk=job.pk).update(attempts=2)  # somebody else took over
    imports._work(claimed)
    assert Client.objects.count() == 0


@pytest.mark.django_db
def test_listeners_hear_of_changed_records_and_of_nothing_else(django_capture_on_commit_callbacks):
    heard = []

    def listener(**kwargs):
        heard.append(kwargs["signal"])

    source_records_changed.connect(listener)
    try:
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                imported("clients", ROWS)
    finally:
        source_records_changed.disconnect(listener)
    assert heard == [source_records_changed]


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_file_at_once_make_each_client_once():
    rows = [["code", "name"], *([f"K{n}", f"Client {n}"] for n in range(300))]
    jobs = [applying(rows), applying(rows)]

    at_once(*(partial(imports.run_import, job.pk) for job in jobs))
    counts = [ImportJob.objects.get(pk=job.pk).counts for job in jobs]
    assert Client.objects.count() == 300
    assert {"create": 300} in counts
    assert {"same": 300} in counts


WORKER = """
import django, os, signal
django.setup()
from crm.imports import passes
from crm.services import imports
write = passes.write
def die(batch):
    write(batch)
    os.kill(os.getpid(), signal.SIGKILL)
passes.write = die
imports.run_import({job})
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_before_its_commit_leaves_the_work_to_the_next(monkeypatch):
    job = applying()
    settings_dict = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**settings_dict)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    died = subprocess.run([sys.executable, "-c", WORKER.format(job=job.pk)], capture_output=True, timeout=60)
    assert died.returncode == -9, died.stderr.decode()
    job.refresh_from_db()
    assert (job.status, job.attempts, Client.objects.count()) == ("applying", 1, 0)
    ImportJob.objects.filter(pk=job.pk).update(lease_until=timezone.now())
    time.sleep(0.01)
    assert imports.due_imports() == [job.pk]
    imports.run_import(job.pk)
    job.refresh_from_db()
    assert (job.status, Client.objects.count()) == ("applied", 2)


@pytest.mark.django_db
def test_sweep_rings_for_what_waits(monkeypatch):
    from crm import tasks

    rung: list[int] = []
    monkeypatch.setattr(tasks.run_import, "delay", rung.append)
    job = applying()
    sweep_imports()
    assert rung == [job.pk]


@pytest.mark.django_db
def test_statements_of_a_check_do_not_grow_with_the_rows(django_assert_max_num_queries):
    rows = [["code", "name"], *([f"K{n}", f"Client {n}"] for n in range(1_000))]
    job = applying(rows)
    with django_assert_max_num_queries(60):
        imports.run_import(job.pk)
    assert Client.objects.count() == 1_000


def test_every_kind_of_import_has_its_passes():
    assert passes.WAYS.keys() == KINDS.keys() == set(ImportJob.Kind.values)


@pytest.mark.django_db
def test_a_check_leaves_only_its_own_marks():
    job = staged("clients", ROWS)
    setup = imports.Setup(mapping=mapping.suggest("clients", job.header))
    imports.start_check(by=None, job=job, setup=setup, ring=False)
    imports.run_import(job.pk)
    assert set(ImportRow.objects.values_list("outcome", flat=True)) == {"create"}
    assert not ImportIssue.objects.exists()
    assert not Client.objects.exists()
