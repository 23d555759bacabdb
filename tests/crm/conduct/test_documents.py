"""Papers of clients: in versions, reminded of, looked through for viruses, handed out with a trace."""

import socketserver
import struct
import sys
import threading
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from crm.errors import Conflict, NotPermitted
from crm.models import AttachmentDownload, AttachmentScan, Client, Document, Notice, Role
from crm.scanning import ScannerFailed, scanner_of
from crm.services import documents as services
from crm.services.attachments import Infected, Quarantined, WaitsForScan, note_download
from crm.services.scans import scan_waiting
from crm.sniffing import UnknownKind
from crm.telling import line_of
from tests.api.asking import ROOT, Asker
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Client:
    return make_client(rm=make_user(Role.RM))


def add(client: Client, content: bytes = b"licence", name: str = "licence.txt", **changes) -> Document:
    given = {"kind": "licence", "title": "Licence", "file": ContentFile(content, name), **changes}
    return services.add_document(**{"by": client.rm, "client": client, **given})


def scanner(name: str, data: bytes) -> str:
    if b"AWAY" in data:
        raise OSError("the scanner is away")
    return "EICAR" if b"EICAR" in data else ""


def away(name: str, data: bytes) -> str:
    raise OSError("the scanner is away")


def test_newer_version_counts_and_the_old_one_stays(client, held):
    client.force_login(held.rm)
    file = SimpleUploadedFile("licence.txt", b"old")
    said = {"kind": "licence", "title": "Licence", "remind_days": "30", "file": file}
    client.post(reverse("crm:document-new", args=[held.pk]), said)
    found = Document.objects.get()
    newer = {**said, "file": SimpleUploadedFile("licence.txt", b"new"), "note": "Renewed", "version": "1"}
    url = reverse("crm:document-version-new", args=[found.pk])
    client.post(url, newer)
    stale = client.post(url, {**newer, "file": SimpleUploadedFile("licence.txt", b"newest")})
    assert stale.status_code == 422
    files = found.versions.values_list("number", "attachment__content__data")
    assert [(number, bytes(data)) for number, data in files] == [(2, b"new"), (1, b"old")]
    page = client.get(reverse("crm:client-tab", args=[held.pk, "documents"])).content.decode()
    assert "Renewed" in page
    assert "1 earlier version" in page
    client.post(reverse("crm:document-withdraw", args=[found.pk]))
    with pytest.raises(services.Withdrawn):
        services.change_document(by=held.rm, document=found, version=3, title="x")


def test_only_the_holder_changes_papers_and_hostile_files_are_refused(held):
    found = add(held)
    with pytest.raises(NotPermitted):
        services.change_document(by=make_user(Role.RM, team=held.team), document=found, version=1)
    with pytest.raises(Conflict):
        services.change_document(by=held.rm, document=found, version=7, title="x")
    with pytest.raises(UnknownKind):
        add(held, name="licence.exe")
    assert Document.objects.count() == 1


def test_holder_is_told_once_before_a_paper_ends(held):
    today = date(2026, 11, 22)
    soon = add(held, valid_until=today + timedelta(days=30), title="Permit")
    add(held, valid_until=today + timedelta(days=31))
    add(held)
    services.withdraw_document(by=held.rm, document=add(held, valid_until=today))
    assert [services.remind_of_ends(day=today) for _ in range(2)] == [1, 0]
    notice = Notice.objects.get()
    assert (notice.recipient, notice.params["document"]) == (held.rm, soon.pk)
    assert "“Permit” holds until" in line_of(notice).text
    services.change_document(by=held.rm, document=soon, version=1, valid_until=today + timedelta(days=400))
    assert services.remind_of_ends(day=today + timedelta(days=375)) == 2


def test_paper_that_ends_stands_on_today(client, held):
    add(held, valid_until=timezone.localdate(), title="Permit")
    client.force_login(held.rm)
    assert "Permit" in client.get(reverse("crm:today-documents")).content.decode()
    client.force_login(make_user(Role.RM, team=held.team))
    assert "Permit" not in client.get(reverse("crm:today-documents")).content.decode()


def test_download_is_kept_and_previews_run_nothing(client, held):
    text, paper = add(held, "审计".encode("gb18030")), add(held, PDF, "report.pdf")
    client.force_login(held.rm)
    kept = text.versions.get().attachment
    shown = client.get(reverse("crm:attachment-preview", args=[kept.pk]))
    assert (shown["Content-Type"], shown.content.decode()) == ("text/plain; charset=utf-8", "审计")
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    pdf = paper.versions.get().attachment
    assert client.get(reverse("crm:attachment-preview", args=[pdf.pk])).status_code == 404
    assert not AttachmentDownload.objects.exists()
    client.get(reverse("crm:attachment", args=[kept.pk]))
    assert list(AttachmentDownload.objects.values_list("attachment", "by")) == [(kept.pk, held.rm_id)]


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def test_file_waits_while_the_scanner_is_away_and_is_served_to_nobody(client, held, settings):
    settings.ATTACHMENT_SCANNER = f"{__name__}.away"
    clean, bad = add(held), add(held, b"EICAR")
    files = {name: one.versions.get().attachment for name, one in (("clean", clean), ("bad", bad))}
    with pytest.raises(WaitsForScan):
        note_download(attachment=files["clean"], by=held.rm)
    assert scan_waiting() == 0
    client.force_login(held.rm)
    for route in ("crm:attachment", "crm:attachment-preview"):
        assert client.get(reverse(route, args=[files["clean"].pk])).status_code == 302
    assert Asker(held.rm).get(f"attachments/{files['clean'].pk}/file/").status_code == 409
    settings.ATTACHMENT_SCANNER = f"{__name__}.scanner"
    assert scan_waiting() == 2
    note_download(attachment=files["clean"], by=held.rm)
    with pytest.raises(Quarantined, match="EICAR"):
        note_download(attachment=files["bad"], by=held.rm)
    page = client.get(reverse("crm:client-tab", args=[held.pk, "documents"])).content.decode()
    assert "in quarantine: EICAR" in page
    assert reverse("crm:attachment", args=[files["bad"].pk]) not in page


def test_files_from_before_the_scanner_are_looked_through_and_infected_ones_refused(held, settings):
    old = add(held).versions.get().attachment
    settings.ATTACHMENT_SCANNER = f"{__name__}.scanner"
    with pytest.raises(Infected):
        add(held, b"EICAR")
    assert scan_waiting() == 1
    assert AttachmentScan.objects.get(attachment=old).state == "clean"
    settings.ATTACHMENT_SCANNER = ""
    assert scan_waiting() == 0


class Clamd(socketserver.BaseRequestHandler):
    """Speaks as much of the daemon's language as INSTREAM needs."""

    def handle(self) -> None:
        stream = self.request.makefile("rb")
        assert stream.read(10) == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack(">I", stream.read(4))[0]:
            data += stream.read(size)
        said = b"Eicar-Test FOUND" if b"EICAR" in data else b"ERROR" if b"BAD" in data else b"OK"
        self.request.sendall(b"stream: " + said + b"\0")


@pytest.fixture
def clamd() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"clamd://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_scanners_are_daemons_commands_and_callables(clamd):
    code = "import sys; d = sys.stdin.buffer.read(); print('Eicar'); sys.exit(1 if b'EICAR' in d else 2 * (b'BAD' in d))"
    for setting, finding in ((clamd, "Eicar-Test"), (f'command:{sys.executable} -c "{code}"', "Eicar")):
        scan = scanner_of(setting)
        assert scan is not None
        assert scan("x", b"fine" * 40_000) == ""
        assert scan("x", b"EICAR") == finding
        with pytest.raises(ScannerFailed):
            scan("x", b"BAD")
    assert scanner_of("") is None
    gone = scanner_of("clamd:/nowhere/clamd.sock")
    assert gone is not None
    with pytest.raises(FileNotFoundError):
        gone("x", b"")


def test_api_keeps_replaces_and_withdraws(client, held):
    asker = Asker(held.rm)

    def hand_in(path: str, **said):
        file = SimpleUploadedFile("permit.txt", b"permit")
        return client.post(ROOT + path, {"file": file, **said}, headers=asker.headers)

    made = hand_in("documents/", client=held.pk, kind="permit", title="Permit", valid_until="2027-01-01")
    assert (made.status_code, made.json()["versions"][0]["attachment"]["scan"]) == (201, "not_scanned")
    path = f"documents/{made.json()['id']}/"
    assert [one["number"] for one in hand_in(f"{path}versions/", version=1).json()["versions"]] == [2, 1]
    assert hand_in(f"{path}versions/", version=1).status_code == 409
    assert asker.patch(path, {"version": 2, "title": "New"}).data["title"] == "New"
    assert asker.post(f"{path}withdraw/").data["withdrawn_on"]
    assert asker.patch(path, {"version": 4, "title": "x"}).data["code"] == "withdrawn"
