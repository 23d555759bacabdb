"""Public files that nobody of the project wrote, imported whole: every row is accounted for, twice."""

import gzip
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Sum

from crm.models import Client, CustomMetric, ImportJob, Observation, Participation, Project

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "data"
PROFILES = ROOT / "docs" / "examples"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.exists(), reason=f"the shared data is not at {DATA}"),
]


def run(kind: str, file: str | Path, profile: str, *arguments: str) -> ImportJob:
    path = PROFILES / f"{profile}.json"
    call_command(
        "import_records", kind, str(DATA / file), "--profile", str(path), "--add-reference", *arguments
    )
    return ImportJob.objects.latest("pk")


def test_ifc_companies_and_projects():
    """5,134 spellings of companies: two differ by a blank at the end and are one client. 23 projects name none."""
    clients = run("clients", "ifc_projects.csv.gz", "ifc_clients")
    assert clients.counts == {"create": 5133, "repeat": 1496, "refuse": 148}
    assert clients.issues.filter(code="no_name").count() == 23
    assert clients.issues.filter(code="repeats_other_values", params__fields=["industry"]).count() == 125
    projects = run("projects", "ifc_projects.csv.gz", "ifc_projects")
    assert projects.counts == {"create": 6775, "refuse": 2}
    assert (Client.objects.count(), Project.objects.count(), Participation.objects.count()) == (
        5133,
        6775,
        6752,
    )
    approved = Project.objects.aggregate(Sum("amount"))["amount__sum"]
    assert round(approved / 1_000_000) == 364_353 - 170  # the two repeated numbers: 20 and 150
    assert Project.objects.filter(approved_on__isnull=False).count() == 6529 - 2
    assert Project.objects.filter(signed_on__isnull=False).count() == 6289 - 2
    assert Project.objects.filter(invested_on__isnull=False).count() == 6022 - 2
    assert Project.objects.filter(region__isnull=False).values("region").distinct().count() == 170
    assert not Client.objects.filter(name_en__contains="&amp;").exists()
    assert run("projects", "ifc_projects.csv.gz", "ifc_projects").counts == {"same": 6775, "refuse": 2}


def test_first_polish_companies(tmp_path):
    """All 5,910 of them take `pytest tests/heavy/test_real_imports.py`."""
    path, known = polish_companies(tmp_path, first=200)
    assert run("clients", path, "polish_clients").counts == {"create": 200}
    ratios = run("observations", path, "polish_observations", "--set", "observed_on=2025-12-31")
    assert ratios.counts == {"create": 200}
    assert (ratios.records["missing"], Observation.objects.count()) == (200 * 65 - known, known)
    assert CustomMetric.objects.count() == 56
    assert Observation.objects.get(client__code="PL5-1", metric="leverage").value == 0.55472


def polish_companies(folder: Path, *, first: int) -> tuple[Path, int]:
    """The first companies of the file, and how many of their values are known."""
    with gzip.open(DATA / "polish_5year.arff.gz", "rt") as file:
        lines = file.read().splitlines()
    start = lines.index("@data") + 1
    companies = lines[start : start + first]
    path = folder / "polish_5year.arff"
    path.write_text("\n".join([*lines[:start], *companies]))
    return path, sum(value != "?" for company in companies for value in company.split(","))
