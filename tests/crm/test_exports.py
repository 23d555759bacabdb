"""Lists as files: what is in them, who may have them, and what is kept of it."""

import csv
import io
from collections.abc import Iterable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from crm import slots
from crm.errors import Invalid, NotPermitted
from crm.imports.readers import read_table
from crm.models import Export, Notice, Role
from crm.notices import kinds
from crm.services import exports
from tests.factories import make_client, make_facility, make_user

pytestmark = pytest.mark.django_db


def file_of(by: Any, form: str = "csv", **given: Any) -> bytes:
    export = exports.ask(by=by, source=given.pop("source", "clients"), form=form, language="en", **given)
    return b"".join(exports.fetch(by=by, export=export))


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_file_holds_what_the_list_shows_under_a_mark_and_nothing_else():
    rm = make_user()
    ours = make_client(rm=rm, name_zh="", name_en='=HYPERLINK("x")', code="K1", sort_key="a")
    make_facility(ours, limit=2_000_000, drawn=1_500_000)
    make_client(rm=rm, name_zh="", name_en="Other", code="K2", status="dormant", sort_key="b")
    make_client(rm=make_user(), name_en="Foreign", code="Z1")
    query = "status=active&status=dormant&sort=-name"
    mark, head, *rows = cells(file_of(rm, query=query, columns=["name", "code", "exposure", "status"]))
    assert f"{rm.name} ({rm.username})" in mark[0]
    assert "Status: Active, Dormant" in mark[0]
    assert head == ["Client", "Code", "Exposure, m", "Status"]
    assert rows == [["Other", "K2", "", "Dormant"], ['\'=HYPERLINK("x")', "K1", "1.50", "Active"]]
    export = Export.objects.get()
    assert (export.rows, export.sent, export.status) == (2, 2, "fetched")


def test_workbook_holds_texts_as_texts_and_numbers_as_numbers():
    rm = make_user()
    make_facility(make_client(rm=rm, name_zh="", name_en="=1+1", code="K1"), limit=2_000_000, drawn=1_500_000)
    content = file_of(rm, "xlsx", columns=["name", "exposure", "last-contact"])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert sheet == [["Client", "Exposure, m", "Last contact"], ["=1+1", 1.5, ""]]


def test_a_file_can_be_imported_again_its_mark_passed_over():
    rm = make_user()
    make_client(rm=rm, code="K1")
    table = read_table("clients.csv", file_of(rm, columns=["name", "code"]))
    assert table.header == ["Client", "Code"]
    assert len(list(table.rows)) == 1


def test_above_the_cap_somebody_else_agrees_and_the_file_is_fetched_once(settings):
    settings.EXPORT_CAPS = {"rm": 1}
    rm = make_user()
    lead, other = make_user(Role.TEAM_LEAD, team=rm.team), make_user(Role.TEAM_LEAD)
    for _ in range(2):
        make_client(rm=rm)
    asked: dict[str, Any] = {"by": rm, "source": "clients", "form": "csv", "language": "en"}
    with pytest.raises(Invalid):
        exports.ask(**asked)
    export = exports.ask(**asked, reason="Audit")
    with pytest.raises(exports.NotToBeFetched):
        exports.fetch(by=rm, export=export)
    for nobody in (rm, other, make_user(Role.AUDITOR)):
        with pytest.raises(NotPermitted):
            exports.decide(by=nobody, export=export, agree=True)
    exports.decide(by=lead, export=export, agree=True)
    with pytest.raises(exports.AlreadyDecided):
        exports.decide(by=lead, export=export, agree=True)
    with pytest.raises(exports.NotToBeFetched):
        exports.fetch(by=lead, export=export)
    make_client(rm=rm)
    assert len(cells(b"".join(exports.fetch(by=rm, export=export)))) == 2 + 2  # no more than was agreed to
    with pytest.raises(exports.NotToBeFetched):
        exports.fetch(by=rm, export=export)


def test_refused_and_expired_files_are_not_fetched(settings):
    settings.EXPORT_CAPS = {"rm": 0}
    rm, officer = make_user(), make_user(Role.RISK_OFFICER)
    make_client(rm=rm)
    refused, late = (
        exports.ask(by=rm, source="clients", form="csv", language="en", reason="x") for _ in range(2)
    )
    with pytest.raises(Invalid):
        exports.decide(by=officer, export=refused, agree=False)
    exports.decide(by=officer, export=refused, agree=False, comment="Not needed")
    exports.decide(by=officer, export=late, agree=True)
    Export.objects.filter(pk=late.pk).update(expires_at=timezone.now())
    for export in (refused, late):
        with pytest.raises(exports.NotToBeFetched):
            exports.fetch(by=rm, export=export)


def test_rows_go_out_in_parts_with_a_constant_number_of_queries_each(
    monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("crm.exporting.sources.PART", 2)
    rm = make_user()
    for _ in range(5):
        make_client(rm=rm)
    export = exports.ask(by=rm, source="clients", form="csv", language="zh-hans", columns=["name", "code"])
    content = exports.fetch(by=rm, export=export)
    assert isinstance(content, Iterable)
    with django_assert_max_num_queries(8):
        assert len(cells(b"".join(content))) == 2 + 5


@pytest.mark.parametrize("source", ["projects", "cases", "reviews", "prospects", "targets"])
def test_every_list_has_a_file(source):
    officer = make_user(Role.RISK_OFFICER)
    found = exports.listed(by=officer, source=source, query="")
    assert len(found.columns) > 5
    assert found.count(10) == 0
    assert list(found.parts()) == []
    assert slots.export_sources.entries[source].label
    with pytest.raises(exports.NothingToExport):
        exports.ask(by=officer, source=source, form="csv", language="en")


def test_export_by_page_and_by_api(client, settings):
    settings.EXPORT_CAPS = {"rm": 1}
    rm = make_user()
    lead = make_user(Role.TEAM_LEAD, team=rm.team)
    make_client(rm=rm, name_en="Acme", name_zh="")
    client.force_login(rm)
    new = reverse("crm:export-new") + "?source=clients&query=q%3DAcme"
    assert "Download" in client.get(new).content.decode()
    answer = client.post(new, {"form": "csv", "language": "en"})
    assert "Acme" in b"".join(answer.streaming_content).decode()
    make_client(rm=rm, name_en="Acme 2", name_zh="")
    assert "Ask for approval" in client.get(new).content.decode()
    assert client.post(new, {"form": "csv", "language": "en"}).status_code == 422
    client.post(new, {"form": "csv", "language": "en", "reason": "Board"})
    asked = Export.objects.get(status="asked")
    client.force_login(lead)
    assert "Board" in client.get(reverse("crm:export-list")).content.decode()
    client.post(reverse("crm:export-decide", args=[asked.pk]), {"act": "agree"})
    client.force_login(rm)
    assert "Fetch the file" in client.get(reverse("crm:export-list")).content.decode()
    fetched = client.post(reverse("api:export-fetch", args=[asked.pk]))
    assert len(cells(b"".join(fetched.streaming_content))) == 2 + 2
    body = {"source": "clients", "form": "xlsx", "language": "en", "query": "q=Acme 2"}
    made = client.post(reverse("api:export-list"), body, content_type="application/json").json()
    assert (made["status"], made["rows"], made["words"]) == ("ready", 1, "All clients · “Acme 2”")


def test_who_may_agree_is_told_of_a_large_export_and_who_asked_of_the_decision(settings):
    settings.EXPORT_CAPS = {"rm": 1}
    rm = make_user()
    lead, officer = make_user(Role.TEAM_LEAD, team=rm.team), make_user(Role.RISK_OFFICER)
    make_user(Role.TEAM_LEAD)
    for _ in range(2):
        make_client(rm=rm)
    asked_for: dict[str, Any] = {"by": rm, "source": "clients", "form": "csv", "language": "zh-hans"}
    export = exports.ask(**asked_for, query="status=active", reason="Audit")
    asked = Notice.objects.filter(kind=exports.ASKED)
    assert set(asked.values_list("recipient", flat=True)) == {lead.pk, officer.pk}
    assert f"{rm.name} asks to take out 2 rows" in kinds[exports.ASKED].text(asked[0].params)
    exports.decide(by=officer, export=export, agree=False, comment="Too many")
    told = Notice.objects.get(kind=exports.DECIDED, recipient=rm)
    assert kinds[exports.DECIDED].text(told.params).endswith("Too many")
    assert "Status: Active" in export.said  # its reader's words, whatever the language of the file
    with translation.override("zh-hans"):
        assert "Active" not in export.said
