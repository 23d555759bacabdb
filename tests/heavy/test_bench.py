"""The benchmark of tiering, small and whole: what it prints, and that it leaves nothing behind."""

import pytest
from django.core.management import call_command
from django.db import connection

from crm.models import Client

pytestmark = pytest.mark.django_db(transaction=True)


def databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'strata_bench%'")
        return {name for (name,) in cursor.fetchall()}


def test_command_prints_each_measure_beside_its_goal_and_leaves_nothing(capsys):
    others = databases()
    sizes = ["--clients", "300", "--with-records", "100", "--sizes", "200"]
    call_command("bench", "tiering", *sizes, "--seconds", "0.1")
    said = capsys.readouterr().out
    for measure, goal in (
        ("assessing ÷ A", "≤ 0.6"),
        ("zen's batch call, a client ÷ ours", "≥ 100"),
        ("official run ÷ A, on the wall", "≤ 1.2"),
        ("memory of a worker", "≤ 200 MiB"),
        ("saving a client, p95 during a run ÷ idle", "≤ 2"),
        ("saving a client, longest wait during a run", "≤ 300 ms"),
        ("one changed client, claim to commit", "≤ 20 ms"),
        ("100 changed clients, claim to commit", "≤ 1 s"),
        ("facts rebuilt from records, all new: a million clients", "≤ 60 s"),
        ("200 clients: wall, CPU, memory", "± 20%, ≤ 200 MiB"),
    ):
        line = next(line for line in said.splitlines() if line.startswith(measure))
        assert goal in line
        assert line.split()[-1] in ("ok", "over")
    assert not Client.objects.exists()
    assert databases() <= others


def test_imports_are_measured_whole_and_leave_nothing(capsys):
    others = databases()
    call_command("bench", "imports", "--rows", "200")
    said = capsys.readouterr().out.splitlines()
    for measure in ("Clients: checked and written", "Contact persons: taken back", "Clients that are left"):
        assert any(line.startswith(measure) for line in said)
    assert not any(line.endswith("over") for line in said)
    assert databases() <= others
