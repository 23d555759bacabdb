"""What a file is, told by its content. Nothing is unpacked to disk, and nothing is read beyond fixed limits."""

from __future__ import annotations

import struct
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from django.utils.translation import gettext_lazy as _

from crm.errors import DomainError
from crm.imports.errors import UnreadableFile
from crm.imports.text import decode

LONGEST_NAME: Final = 200
MAX_ENTRIES: Final = 2_000
MAX_UNPACKED: Final = 100 * 2**20
MAX_PIXELS: Final = 100_000_000
OFFICE: Final = "application/vnd.openxmlformats-officedocument."


class FileRefused(DomainError):
    """A file that is not taken as it is."""

    code = "file_refused"
    status = 400


class BadName(FileRefused):
    code = "bad_file_name"
    message = _(
        "This is no name of a file. Leave out folders and invisible characters, and keep it below 200."
    )


class UnknownKind(FileRefused):
    code = "unknown_file_kind"
    message = _("“%(name)s” is of a kind that is not taken. Hand in one of: %(known)s.")


class WrongContent(FileRefused):
    code = "wrong_content"
    message = _("“%(name)s” does not hold what its name says. Save it again in the format it is named for.")


class Bomb(FileRefused):
    code = "unpacks_to_too_much"
    message = _("“%(name)s” unpacks to more than can be looked at. Hand in the part that matters.")


class HasMacros(FileRefused):
    code = "has_macros"
    message = _("“%(name)s” holds macros. Save it without them, or hand in a PDF.")


@dataclass(frozen=True)
class FileKind:
    """`holds` looks at the bytes; it may raise Bomb or HasMacros with the name it is given."""

    content_type: str
    holds: Callable[[str, bytes], bool]


def content_type_of(name: str, data: bytes) -> str:
    """The type of a file whose content is what its name says. Raises FileRefused's kinds, each with what to do."""
    check_name(name)
    kind = KINDS.get(name.rpartition(".")[2].lower()) if "." in name else None
    if kind is None:
        raise UnknownKind(name=name, known=", ".join(KINDS))
    if not kind.holds(name, data):
        raise WrongContent(name=name)
    return kind.content_type


def check_name(name: str) -> None:
    """Refuse what names a folder, hides a character, or begins with a dot. Raises BadName."""
    hidden = any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in name)
    if hidden or any(char in name for char in '/\\:*?"<>|') or name.strip() != name:
        raise BadName
    if not name or name.startswith(".") or len(name) > LONGEST_NAME:
        raise BadName


def _is_pdf(name: str, data: bytes) -> bool:
    return data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]


def _is_png(name: str, data: bytes) -> bool:
    if not data.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR") or len(data) < 33:
        return False
    width, height = struct.unpack(">II", data[16:24])
    if width * height > MAX_PIXELS:
        raise Bomb(name=name)
    return b"IEND" in data[-16:]


def _is_jpeg(name: str, data: bytes) -> bool:
    return data.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in data[-1024:]


def _is_text(name: str, data: bytes) -> bool:
    try:
        text, _encoding = decode(data)
    except UnreadableFile:
        return False
    return not text.startswith(("%PDF-", "PK\x03\x04"))


def _is_office(document: str) -> Callable[[str, bytes], bool]:
    """A zip whose parts are those of an office document, whole, and of bounded size once unpacked."""

    def holds(name: str, data: bytes) -> bool:
        if not data.startswith(b"PK\x03\x04"):
            return False
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                parts = {entry.filename for entry in archive.infolist()}
                _check_size(name, archive)
                whole = archive.testzip() is None
        except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError):
            return False
        if any(part.lower().endswith("vbaproject.bin") for part in parts):
            raise HasMacros(name=name)
        return whole and "[Content_Types].xml" in parts and document in parts

    return holds


def _check_size(name: str, archive: zipfile.ZipFile) -> None:
    """By what the archive declares: reading an entry never goes beyond that, and fails where it lies."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Bomb(name=name)


KINDS: Mapping[str, FileKind] = {
    "pdf": FileKind("application/pdf", _is_pdf),
    "xlsx": FileKind(f"{OFFICE}spreadsheetml.sheet", _is_office("xl/workbook.xml")),
    "docx": FileKind(f"{OFFICE}wordprocessingml.document", _is_office("word/document.xml")),
    "csv": FileKind("text/csv", _is_text),
    "txt": FileKind("text/plain", _is_text),
    "png": FileKind("image/png", _is_png),
    "jpg": FileKind("image/jpeg", _is_jpeg),
    "jpeg": FileKind("image/jpeg", _is_jpeg),
}
