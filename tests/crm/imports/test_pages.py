import pghistory
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.models import Client, ImportJob, Role
from crm.services import imports
from tests.crm.imports.making import as_csv, imported, staged
from tests.factories import make_user

pytestmark = pytest.mark.django_db

ROWS = [["客户编号", "名称", "规模"], ["K1", "华信", "大型"], ["K2", "", "huge"]]


def upload(client, data: bytes, name: str = "clients.csv", **fields):
    body = {"kind": "clients", "encoding": "", "file": SimpleUploadedFile(name, data), **fields}
    return client.post(reverse("crm:import-list"), body)


def columns(*fields: str) -> dict[str, str]:
    return {f"column_{place}": field for place, field in enumerate(fields)} | {"date_order": "auto"}


def test_import_by_page_from_upload_to_applied(client):
    rm = make_user()
    client.force_login(rm)
    response = upload(client, as_csv(ROWS, "gb18030"))
    job = ImportJob.objects.get()
    page = reverse("crm:import", args=[job.pk])
    assert response.url == page
    text = client.get(page).content.decode()
    assert "GB18030" in text
    assert "A client is found again by code" in text
    assert "华信" in text
    assert client.post(page, columns("code", "name", "size_class")).url == page
    assert "Checking 2 rows" in client.get(page).content.decode()
    imports.run_import(job.pk)
    checked = client.get(page).content.decode()
    assert "Apply the good rows" in checked
    assert "A new record needs a name." in checked
    client.post(reverse("crm:import-apply", args=[job.pk]), {"keep": "good"})
    imports.run_import(job.pk)
    assert "Done: 1 row changed the records." in client.get(page).content.decode()
    assert Client.objects.get().rm == rm
    assert "clients.csv" in client.get(reverse("crm:import-list")).content.decode()


def test_all_or_nothing_by_page_writes_nothing(client):
    rm = make_user()
    client.force_login(rm)
    job = imported("clients", ROWS, by=rm, dry_run=True)
    client.post(reverse("crm:import-apply", args=[job.pk]), {"keep": "all"})
    imports.run_import(job.pk)
    assert "Nothing was written" in client.get(reverse("crm:import", args=[job.pk])).content.decode()
    assert not Client.objects.exists()


def test_bad_file_is_refused_on_the_page_with_what_to_do(client):
    client.force_login(make_user())
    response = upload(client, b"code,name,code\n1,2,3\n")
    assert response.status_code == 422
    assert "Give each column a name of its own." in response.content.decode()
    assert not ImportJob.objects.exists()


def test_file_that_is_too_large_is_refused_unread(client, settings, monkeypatch):
    settings.IMPORT_MAX_BYTES = 2**20
    monkeypatch.setattr(imports, "stage_file", pytest.fail)
    client.force_login(make_user())
    response = upload(client, b"code\n" + b"1\n" * 2**19)
    assert response.status_code == 422
    assert "The file is larger than 1 MB." in response.content.decode()


def test_mapping_page_keeps_what_was_chosen_and_says_what_is_missing(client):
    rm = make_user()
    client.force_login(rm)
    job = staged("statements", [["a", "b"], ["1", "2"]], by=rm)
    page = reverse("crm:import", args=[job.pk])
    lacking = client.post(page, columns("revenue", ""))
    assert lacking.status_code == 422
    assert "No column is chosen for: Client, Period end." in lacking.content.decode()
    twice = client.post(page, columns("client", "client")).content.decode()
    assert "already chosen" in twice
    assert ImportJob.objects.get().status == "staged"


def test_progress_reloads_the_page_when_the_work_is_done(client):
    rm = make_user()
    client.force_login(rm)
    job = imported("clients", ROWS, by=rm)
    assert client.get(reverse("crm:import-progress", args=[job.pk])).headers["HX-Refresh"] == "true"


def test_reopen_leads_back_to_the_mapping(client):
    rm = make_user()
    client.force_login(rm)
    job = imported("clients", ROWS, by=rm, dry_run=True)
    client.post(reverse("crm:import-reopen", args=[job.pk]))
    assert "Check the rows" in client.get(reverse("crm:import", args=[job.pk])).content.decode()


def test_refused_rows_download_as_an_attachment(client):
    rm = make_user()
    client.force_login(rm)
    job = imported("clients", ROWS, by=rm)
    response = client.get(reverse("crm:import-errors", args=[job.pk]))
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "K2" in b"".join(response.streaming_content).decode()


@pytest.mark.parametrize("name", ["import", "import-progress", "import-errors"])
def test_imports_of_others_are_not_there(client, name):
    job = imported("clients", ROWS, by=make_user())
    client.force_login(make_user())
    assert client.get(reverse(f"crm:{name}", args=[job.pk])).status_code == 404


@pytest.mark.parametrize("name", ["import", "import-apply", "import-reopen"])
def test_nobody_acts_on_imports_of_others(client, name):
    job = imported("clients", ROWS, by=make_user(), dry_run=True)
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    assert client.post(reverse(f"crm:{name}", args=[job.pk])).status_code == 404


def test_auditor_reads_imports_and_changes_nothing(client):
    job = imported("clients", ROWS, by=make_user(), dry_run=True)
    client.force_login(make_user(Role.AUDITOR))
    page = client.get(reverse("crm:import", args=[job.pk])).content.decode()
    assert "Refused rows" in page
    assert "Apply" not in page.replace("Applying", "").replace("Applied", "")
    assert client.post(reverse("crm:import-apply", args=[job.pk])).status_code == 403
    assert upload(client, as_csv(ROWS)).status_code == 403


def test_import_by_api_from_upload_to_taken_back(client):
    rm = make_user()
    client.force_login(rm)
    sent = {"kind": "clients", "file": SimpleUploadedFile("clients.csv", as_csv(ROWS))}
    made = client.post(reverse("api:import-list"), sent)
    assert made.json()["mapping"] == {"code": "客户编号", "name": "名称", "size_class": "规模"}
    pk = made.json()["id"]

    def act(name: str, body: dict) -> dict:
        answer = client.post(reverse(f"api:import-{name}", args=[pk]), body, content_type="application/json")
        assert answer.status_code == 200, answer.content
        imports.run_import(pk)
        found: dict = client.get(reverse("api:import-detail", args=[pk])).json()
        return found

    assert act("check", {})["counts"] == {"create": 1, "refuse": 1}
    assert "name" in b"".join(client.get(reverse("api:import-refused", args=[pk])).streaming_content).decode()
    assert act("apply", {"keep_good_rows": True})["status"] == "applied"
    assert act("undo", {})["status"] == "undone"
    assert not Client.objects.exists()


def test_page_shows_what_changes_and_what_stays_when_taken_back(client):
    rm = make_user()
    client.force_login(rm)
    imported("clients", [["code", "name", "status"], ["K1", "Acme", "active"], ["K2", "B", ""]], by=rm)
    job = imported("clients", [["code", "status"], ["K1", "沉睡"], ["K2", "active"]], by=rm)
    page = reverse("crm:import", args=[job.pk])
    text = client.get(page).content.decode()
    assert "Active → <strong>Dormant</strong>" in text
    with pghistory.context(user=rm.pk):
        Client.objects.filter(code="K1").update(status="potential")
    client.post(reverse("crm:import-undo", args=[job.pk]))
    assert "Taking 2 rows back" in client.get(page).content.decode()
    imports.run_import(job.pk)
    text = client.get(page).content.decode()
    assert "taken back, but for 1 record" in text
    assert f"by {rm.name}" in text
    assert Client.objects.get(code="K2").status == "potential"
