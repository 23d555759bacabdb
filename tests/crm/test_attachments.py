"""Evidence is taken in few kinds, checked by content, and kept as it was handed in."""

import io
import struct
import zipfile
import zlib
from typing import Any

import pytest
import xlsxwriter
from django.core.files.base import ContentFile
from django.db import InternalError, transaction

from crm.errors import NotPermitted
from crm.models import Attachment, AttachmentContent, Role
from crm.services.attachments import EmptyFile, FileTooLarge, Infected, attach
from crm.sniffing import BadName, Bomb, HasMacros, UnknownKind, WrongContent
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 50 + b"\xff\xd9"


def png(width: int = 1, height: int = 1) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00\x00")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def workbook() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet().write(0, 0, "Evidence")
    return stream.getvalue()


def office(*names: str, filling: bytes = b"<x/>") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, filling)
    return stream.getvalue()


def lying(data: bytes) -> bytes:
    """An archive that declares another size of a part than it unpacks to."""
    place = data.index(b"PK\x01\x02") + 24
    return data[:place] + struct.pack("<I", 2) + data[place + 4 :]


GOOD = {
    "report.pdf": (PDF, "application/pdf"),
    "accounts.xlsx": (workbook(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "minutes.docx": (
        office("word/document.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "figures.csv": (b"a,b\n1,2\n", "text/csv"),
    "说明.txt": ("审计意见".encode("gb18030"), "text/plain"),
    "plant.PNG": (png(), "image/png"),
    "plant.jpg": (JPEG, "image/jpeg"),
}


@pytest.fixture
def rm():
    return make_user(Role.RM)


def hand_in(by, name: str, data: bytes, client=None) -> Attachment:
    return attach(file=ContentFile(data, name), client=client, by=by)


@pytest.mark.parametrize("name", GOOD)
def test_file_is_kept_as_it_is(rm, name):
    data, content_type = GOOD[name]
    kept = hand_in(rm, name, data, make_client(rm=rm))
    assert (kept.name, kept.size, kept.content_type) == (name, len(data), content_type)
    assert bytes(kept.content.data) == data


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("disguise", ["pdf", "xlsx", "docx", "png", "jpg"])
def test_file_that_is_not_what_its_name_says_is_refused(rm, name, disguise):
    data, _ = GOOD[name]
    if name.lower().endswith(disguise):
        data = data[: len(data) // 2]  # and neither is half of one
    with pytest.raises(WrongContent):
        hand_in(rm, f"x.{disguise}", data)


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"MZ\x90\x00\x03", PDF, b"\xff\xd8\xff\xe0\x00"])
def test_bytes_are_no_text(rm, data):
    with pytest.raises(WrongContent):
        hand_in(rm, "x.csv", data)


@pytest.mark.parametrize("name", ["virus.exe", "page.html", "drawing.svg", "macro.xlsm", "noextension"])
def test_other_kinds_are_not_taken(rm, name):
    with pytest.raises(UnknownKind):
        hand_in(rm, name, b"text")


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.txt",
        "C:\\x.txt",
        "a\u202etxt.exe.txt",
        "a\x00.txt",
        ".txt",
        " a.txt",
        "x" * 200 + ".txt",
        "",
    ],
)
def test_name_that_leads_elsewhere_or_hides_something_is_refused(rm, name):
    file = ContentFile(b"text")
    file.__dict__["name"] = name
    with pytest.raises(BadName):
        attach(file=file, client=None, by=rm)


def test_bombs_are_refused(rm):
    with pytest.raises(Bomb):
        hand_in(rm, "x.docx", office("word/document.xml", "a", filling=b"\x00" * 60 * 2**20))
    with pytest.raises(Bomb):
        hand_in(rm, "x.docx", office("word/document.xml", *(f"{n}" for n in range(2_000))))
    with pytest.raises(Bomb):
        hand_in(rm, "x.png", png(20_000, 20_000))
    with pytest.raises(WrongContent):
        hand_in(rm, "x.docx", lying(office("word/document.xml", filling=b"\x00" * 2**20)))


def test_macros_are_refused(rm):
    with pytest.raises(HasMacros):
        hand_in(rm, "x.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin"))


def test_size_has_its_limits(rm, settings):
    settings.ATTACHMENT_MAX_BYTES = 10
    assert hand_in(rm, "x.txt", b"a" * 10).size == 10
    with pytest.raises(FileTooLarge):
        hand_in(rm, "x.txt", b"a" * 11)
    with pytest.raises(EmptyFile):
        hand_in(rm, "x.txt", b"")


def finds(name: str, data: bytes) -> str:
    return "EICAR" if b"EICAR" in data else ""


def fails(name: str, data: bytes) -> str:
    raise OSError("the scanner is away")


def test_scanner_has_the_last_word(rm, settings):
    settings.ATTACHMENT_SCANNER = f"{__name__}.finds"
    assert hand_in(rm, "x.txt", b"fine")
    with pytest.raises(Infected, match="EICAR"):
        hand_in(rm, "x.txt", b"EICAR")
    assert Attachment.objects.count() == 1


def test_only_who_sees_the_client_hands_in_evidence(rm):
    hand_in(make_user(Role.RISK_OFFICER), "x.txt", b"text", make_client(rm=rm))
    for stranger in (make_user(Role.RM), make_user(Role.AUDITOR), make_user(Role.SYSTEM_ADMIN)):
        with pytest.raises(NotPermitted):
            hand_in(stranger, "x.txt", b"text", make_client(rm=rm))


@pytest.mark.parametrize("model", [Attachment, AttachmentContent])
def test_evidence_stays_as_it_was_handed_in(rm, model):
    hand_in(rm, "x.txt", b"text")
    changes: dict[str, Any] = {"name": "y.txt"} if model is Attachment else {"data": b"other"}
    rows = model.objects.all()
    for act in (lambda: rows.update(**changes), lambda: rows._raw_delete(using="default")):
        with pytest.raises(InternalError, match="stays_as_handed_in"), transaction.atomic():
            act()
