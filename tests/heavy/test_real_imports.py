"""Public files imported whole, among them nearly 400,000 observations."""

import csv
from collections import defaultdict
from datetime import date

import pytest
from django.db.models import Count, Sum

from crm.imports.errors import UnreadableFile
from crm.models import Client, CustomMetric, Interaction, Observation, Participation, Project
from crm.services import imports
from tests.crm.imports.making import imported
from tests.crm.imports.test_real_data import DATA, run
from tests.factories import make_user

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.exists(), reason=f"the shared data is not at {DATA}"),
]


def test_polish_ratios():
    clients = run("clients", "polish_5year.arff.gz", "polish_clients")
    assert clients.counts == {"create": 5910}
    ratios = run(
        "observations", "polish_5year.arff.gz", "polish_observations", "--set", "observed_on=2025-12-31"
    )
    assert ratios.counts == {"create": 5910}
    assert (ratios.records["missing"], Observation.objects.count()) == (4666, 5910 * 65 - 4666)
    assert CustomMetric.objects.count() == 56
    first = Observation.objects.filter(client__code="PL5-1")
    assert first.get(metric="leverage").value == 0.55472
    assert Observation.objects.filter(metric="pl_bankrupt_within_year", value=1).count() == 410


def test_world_bank_projects_with_their_sponsors():
    """1,072 projects; 79,323 m over 809 priced rows; each sponsor of a cell takes part with its share."""
    job = run("projects", "wb_ppi_water.csv", "wb_projects", "--encoding", "mac-roman")
    projects = Project.objects.filter(code__startswith="WB-")
    print(job.counts, job.records, [each.code for each in job.issues.all()[:5]])
    priced = projects.filter(amount__isnull=False).aggregate(rows=Count("pk"), sum=Sum("amount"))
    assert (priced["rows"], round(priced["sum"] / 1_000_000)) == (809, 79_323)
    assert dict(projects.values_list("status").annotate(n=Count("pk"))) == {
        "active": 934 + 16,
        "cancelled": 62,
        "completed": 60,
    }
    assert projects.count() == 1072
    assert Participation.objects.filter(part="sponsor").count() > 1_300
    nws = Participation.objects.filter(client__name_en="NWS Holdings Limited", revenue_share=0.25)
    assert nws.count() > 2
    assert run("projects", "wb_ppi_water.csv", "wb_projects", "--encoding", "mac-roman").counts == {
        "same": 1072
    }


def test_maven_accounts():
    job = run("clients", "maven_crm/accounts.csv", "maven_clients")
    assert (job.counts, Client.objects.count()) == ({"create": 85}, 85)


@pytest.mark.parametrize("path", sorted((DATA / "import_samples").rglob("*.*")), ids=lambda path: path.name)
def test_sample_is_read_or_refused_with_what_to_do(path):
    """Every awkward file is a table, or is refused in a sentence that says what to do about it."""
    said, rows = "", 0
    try:
        job = imports.stage_file(by=None, kind="clients", name=path.name, data=path.read_bytes())
    except UnreadableFile as refusal:
        said = str(refusal)
    else:
        rows = job.rows
    print(f"{path.name}: {said or rows}")
    assert rows > 0 or said.endswith(".")


def test_purchases_give_the_recency_and_frequency_of_the_summary():
    """CDNOW: frequency, recency and T in weeks are those of the summary file, what was spent that of the purchases."""
    lines = [line.split() for line in (DATA / "CDNOW_sample.txt").read_text().splitlines()]
    ids = sorted({line[1] for line in lines})
    imported("clients", [["code", "name"], *([f"CD{id}", f"Customer {id}"] for id in ids)])
    kinds = [["client", "kind", "at", "subject", "notes", "author"]]
    make_user(username="cd")
    rows = [
        [f"CD{index}", "call", f"{day[:4]}-{day[4:6]}-{day[6:]}", f"Purchase {number}", dollars, "cd"]
        for number, (_id, index, day, _count, dollars) in enumerate(lines)
    ]
    job = imported("interactions", [*kinds, *rows])
    assert job.counts == {"create": 6919}
    ends, found = date(1997, 9, 30), {}
    bought = Interaction.objects.filter(at__date__lte=ends).values_list("client__code", "at__date", "body")
    days: dict[str, set[date]] = defaultdict(set)
    spent: dict[str, float] = defaultdict(float)
    for code, day, dollars in bought:
        days[code].add(day)
        spent[code] += float(dollars)
    for code, of in days.items():
        weeks = [(day - min(of)).days / 7 for day in (max(of), ends)]
        found[int(code[2:])] = (len(of) - 1, round(weeks[0], 2), round(weeks[1], 2))
    summary = csv.DictReader((DATA / "cdnow_customers_summary.csv").open())
    wanted = {
        int(row["ID"]): (int(row["frequency"]), float(row["recency"]), float(row["T"])) for row in summary
    }
    assert found.keys() == wanted.keys()
    off = {
        key for key in wanted if any(abs(a - b) > 0.011 for a, b in zip(found[key], wanted[key], strict=True))
    }
    assert not off, [(key, found[key], wanted[key]) for key in sorted(off)[:3]]
    paid: dict[str, float] = defaultdict(float)
    for _id, index, day, _count, dollars in lines:
        if day <= f"{ends:%Y%m%d}":
            paid[f"CD{index}"] += float(dollars)
    assert spent == pytest.approx(paid)
