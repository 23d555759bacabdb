"""The impact of a draft on pages: the panel, the clients behind its figures, the file, and a stored simulation."""

import csv
import io

import pytest
from django.test import Client as Visitor
from django.urls import reverse

from crm.models import Client, Role, User
from tests.factories import make_user
from tests.tiering.helpers import a_document, label
from tests.tiering.pages.making import visitor_of
from tests.tiering.preview.making import a_draft, drafted, make_book, make_projects, simulated, stricter
from tiering.models import CriteriaVersion, TieringRun
from tiering.preview.figures import impact_of
from tiering.preview.live import preview_of
from tiering.services.drafts import replace_document

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def admin() -> User:
    return make_user(Role.CRITERIA_ADMIN)


@pytest.fixture
def visitor(admin) -> Visitor:
    return visitor_of(admin)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def panel(version: CriteriaVersion) -> str:
    return reverse("tiering:draft-impact", args=[version.pk])


def clients(version: CriteriaVersion) -> str:
    return reverse("tiering:draft-impact-clients", args=[version.pk])


def unchanged() -> CriteriaVersion:
    """A draft that does what the criteria in effect do."""
    return drafted(a_document(note=label("As before")))


def test_every_figure_leads_to_as_many_clients_as_it_tells(admin, visitor):
    make_book(40)
    version = stricter()
    impact = impact_of(preview_of(version, admin, wait=True))
    page = visitor.get(panel(version))
    counted = {figure.key: figure for figure in page.context["sheet"].figures}
    assert int(counted["down"].value) == impact.way("down").subjects > 0
    assert int(counted["limits"].value) == impact.limits.facilities
    expected = {
        "down": impact.way("down").subjects,
        "up": impact.way("up").subjects,
        "reviews": impact.reviews.subjects,
        "limits": impact.limits.subjects,
        "same": impact.way("same").subjects,
    }
    for key, subjects in expected.items():
        address = counted[key].address
        found = visitor.get(address).context["page"].count if address else 0
        assert (key, found) == (key, subjects)
    for row in page.context["sheet"].matrix:
        for cell in row.cells:
            if cell.text:
                assert visitor.get(cell.address).context["page"].count == int(cell.text)
    for line in page.context["sheet"].missing:
        assert visitor.get(line.address).context["page"].count == line.newly > 0


@pytest.mark.parametrize("by", ["segment", "sector", "rm", "team", "region"])
def test_every_group_leads_to_its_clients(visitor, by):
    make_book(40)
    page = visitor.get(panel(stricter()), {"by": by})
    lines = [*page.context["sheet"].groups, *page.context["sheet"].further_groups]
    assert len(lines) > 1
    for line in lines:
        for way, shown in (("up", line.up), ("down", line.down)):
            if shown:
                found = visitor.get(line.addresses[way])
                assert found.context["page"].count == int(shown)
                assert line.name in found.context["title"]


def test_largest_movers_come_first_with_why(visitor):
    make_book(40)
    page = visitor.get(panel(stricter()))
    lines = page.context["sheet"].movers
    assert lines[0].client.name in text_of(page)
    reasons = {reason for line in lines for reason in line.reasons}
    assert any(reason.startswith("Credit score −") for reason in reasons)
    assert "gate “Large”" in reasons
    assert "scored as “Growing”" in reasons


def test_matrix_counts_exposure_when_asked(visitor):
    make_book()
    version = stricter()
    page = visitor.get(panel(version), {"measure": "exposure"})
    whole = preview_of(version, make_user(Role.AUDITOR), wait=True).column("exposure").sum() / 1e6
    shown = sum(float(cell.text) for row in page.context["sheet"].matrix for cell in row.cells if cell.text)
    assert shown == pytest.approx(whole, rel=0.05)
    assert 'aria-current="true">Exposure' in text_of(page)


def test_htmx_gets_what_changes_with_the_revision_that_it_is_of(visitor):
    make_book(4)
    version = stricter()
    response = visitor.get(panel(version), **HTMX)
    assert response["Impact-Revision"] == "0"
    assert text_of(response).startswith('<div class="impact-body"')
    assert "strata:edited from:body" in text_of(response)
    assert "load delay" not in text_of(response)


def test_an_edit_shows_at_once(visitor):
    make_book()
    version = unchanged()
    before = visitor.get(panel(version), {"against": "model"}).context["sheet"].figures
    assert [figure.value for figure in before[:2]] == ["0", "0"]
    replace_document(version=version, by=version.author, document=a_draft())
    after = visitor.get(panel(version), {"against": "model"}).context["sheet"].figures
    assert [figure.value for figure in after[:2]] != ["0", "0"]


def test_a_draft_that_gives_no_tiers_says_why_and_leaves_what_was_shown(visitor):
    make_book(4)
    version = stricter(cutoffs=[{"tier": "High", "min": 80}, {"tier": "Middle", "min": 50}])
    response = visitor.get(panel(version), **HTMX)
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#impact-notice", "innerHTML")
    assert "The draft gives no tiers until this is put right:" in text_of(response)
    assert "impact-parts" not in text_of(response)
    assert "until this is put right" in text_of(visitor.get(panel(version)))
    assert visitor.get(clients(version)).status_code == 404


def test_weights_that_do_not_add_up_are_previewed_in_proportion(visitor):
    make_book()
    version = unchanged()
    document = version.document
    document["scorecards"][0]["dimensions"][0]["weight"] = 9_000
    replace_document(version=version, by=version.author, document=document)
    page = visitor.get(panel(version), {"against": "model"})
    assert [figure.value for figure in page.context["sheet"].figures[:2]] == ["0", "0"]
    assert "Keep as a simulation" not in text_of(page)


def test_clients_are_paged_from_the_largest_exposure_down(visitor, monkeypatch):
    monkeypatch.setattr("tiering.pages.impact_clients.SHOWN", 3)
    made = make_book()
    version = stricter()
    seen, address, before = [], clients(version), ""
    while address:
        page = visitor.get(address)
        seen += [line.client.pk for line in page.context["lines"]]
        following = page.context["page"].next
        assert page.context["page"].previous == "" or before
        before = page.context["page"].previous or "none yet"
        address = f"{clients(version)}?after={following}" if following else ""
    assert sorted(seen) == [client.pk for client in made]
    exposures = [preview_exposure(version, pk) for pk in seen]
    assert exposures == sorted(exposures, reverse=True)
    back = visitor.get(clients(version), {"before": page.context["page"].previous})
    assert [line.client.pk for line in back.context["lines"]] == seen[-6:-3]


def preview_exposure(version: CriteriaVersion, client: int) -> float:
    preview = preview_of(version, make_user(Role.AUDITOR), wait=True)
    return float(preview.column("exposure")[list(preview.column("client")).index(client)])


def test_a_token_that_is_not_ours_leads_to_the_first_page(visitor):
    make_book(3)
    page = visitor.get(clients(stricter()), {"after": "made up"})
    assert (page.context["page"].first, page.context["page"].count) == (1, 3)


@pytest.mark.parametrize(
    "query",
    [
        {"way": "sideways"},
        {"only": "moons"},
        {"by": "moons", "group": "1"},
        {"by": "rm", "group": "x"},
        {"old": "High", "new": "Top"},
        {"old": "High"},
    ],
)
def test_what_nobody_offered_is_not_found(visitor, query):
    make_book(2)
    assert visitor.get(clients(stricter()), query).status_code == 404


def test_file_has_everybody_behind_the_figure_with_tiers_and_why(admin, visitor, monkeypatch):
    monkeypatch.setattr("tiering.pages.impact_clients.AT_ONCE", 4)
    made = make_book(30)
    Client.objects.filter(pk=made[0].pk).update(name_zh="=1+1")
    version = stricter()
    response = visitor.get(clients(version), {"format": "csv", "way": "down"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == impact_of(preview_of(version, admin, wait=True)).way("down").subjects > 4
    assert {row["Old tier"] for row in rows} <= {"High", "Middle"}
    assert all(row["Why"] for row in rows)
    everybody = visitor.get(clients(version), {"format": "csv"})
    written = b"".join(everybody.streaming_content).decode()
    assert "'=1+1" in written
    assert written.count("\n") == len(made) + 1


def test_keeping_it_starts_a_simulation_on_the_facts_in_force_once(admin, visitor):
    make_book(3)
    version = stricter()
    for _ in range(2):
        response = visitor.post(reverse("tiering:draft-keep", args=[version.pk]), {"once": "7f3a"})
    run = TieringRun.objects.get(kind="simulation")
    assert response["Location"] == reverse("tiering:run", args=[run.pk])
    assert (run.version, run.basis, run.requested_by) == (version, "facts", admin)


def test_a_draft_that_may_not_be_submitted_is_not_kept(visitor):
    make_book(2)
    version = unchanged()
    document = version.document
    document["scorecards"][0]["dimensions"][0]["weight"] = 9_000
    replace_document(version=version, by=version.author, document=document)
    response = visitor.post(reverse("tiering:draft-keep", args=[version.pk]), follow=True)
    assert not TieringRun.objects.filter(kind="simulation").exists()
    assert "The criteria" in text_of(response)


def test_run_shows_the_same_sheet_and_its_figures_lead_to_the_results(visitor):
    make_book(40)
    version = stricter()
    run = simulated(version)
    page = visitor.get(reverse("tiering:run", args=[run.pk]))
    address = reverse("tiering:trial-impact", args=[run.pk])
    assert f'hx-get="{address}"' in text_of(page)
    stored, live = visitor.get(address).context["sheet"], visitor.get(panel(version)).context["sheet"]
    assert [(one.key, one.value, one.details) for one in stored.figures] == [
        (one.key, one.value, one.details) for one in live.figures
    ]
    assert [(line.client, line.reasons) for line in stored.movers] == [
        (line.client, line.reasons) for line in live.movers
    ]
    down = next(figure for figure in stored.figures if figure.key == "down")
    found = visitor.get(down.address)
    assert found.context["count"].number == int(down.value)
    assert any(line.reasons for line in found.context["lines"])
    for line in [*stored.groups, *visitor.get(address, {"by": "rm"}).context["sheet"].groups]:
        if line.down:
            assert visitor.get(line.addresses["down"]).context["count"].number == int(line.down)


def test_results_of_a_run_are_a_file_too(visitor):
    make_book(20)
    run = simulated(stricter())
    address = reverse("tiering:trial-results", args=[run.pk])
    response = visitor.get(address, {"way": "down", "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == visitor.get(address, {"way": "down"}).context["count"].number > 0
    assert all(row["Why"] for row in rows)


def test_run_of_projects_tells_both_kinds_of_subject(visitor):
    published = make_projects()
    run = simulated(published)
    address = reverse("tiering:trial-impact", args=[run.pk])
    within, whole = visitor.get(address), visitor.get(address, {"level": "clients"})
    assert within.context["sheet"].subjects > whole.context["sheet"].subjects > 0
    assert "Clients within projects" in text_of(whole)
    assert visitor.get(address, {"level": "moons"}).status_code == 404
    assert visitor.get(panel(published)).context["sheet"].subjects == within.context["sheet"].subjects
    assert visitor.get(clients(published)).context["lines"][0].project is not None


def test_run_by_records_has_figures_and_no_reasons(visitor):
    make_book(8)
    run = simulated(stricter(), basis="records")
    found = visitor.get(reverse("tiering:trial-impact", args=[run.pk])).context["sheet"]
    assert found.subjects == 8
    assert not any(line.reasons for line in found.movers)
    assert not found.missing


def test_relationship_managers_see_no_draft():
    make_book(2)
    assert visitor_of(make_user(Role.RM)).get(panel(stricter())).status_code == 403
