"""Bytes of a text file to text. Nothing is guessed silently: the encoding found is kept and shown."""

import re
import unicodedata

from crm.imports.errors import (
    HasControlCharacters,
    HasNulBytes,
    NotText,
    UnknownEncoding,
    WrongEncoding,
)

BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
CHOICES = ("utf-8", "gb18030", "utf-16", "big5", "cp1252", "mac-roman")
"""Encodings a user may name; without a name a byte-order mark, UTF-8 and GB18030 are tried, in this order."""

CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
NEWLINE = re.compile(r"\r\n|\r|\n")


def decode(data: bytes, encoding: str = "") -> tuple[str, str]:
    """The text and the encoding it is in. Raises UnreadableFile's kinds for anything that is not clean text."""
    text, found = _named(data, encoding) if encoding else _detected(data)
    if "\x00" in text:
        raise HasNulBytes(line=_line_of(text, text.index("\x00")))
    if strange := CONTROL.search(text):
        raise HasControlCharacters(line=_line_of(text, strange.start()))
    return text, found


def _named(data: bytes, encoding: str) -> tuple[str, str]:
    marked = next((name for mark, name in BYTE_ORDER_MARKS if data.startswith(mark)), "")
    codec = marked if marked.startswith(encoding) else _order(data) if encoding == "utf-16" else encoding
    try:
        return data.decode(codec), codec
    except (UnicodeDecodeError, LookupError) as error:
        raise WrongEncoding(encoding=encoding) from error


def _order(data: bytes) -> str:
    """UTF-16 without a mark: of the two bytes of a comma or a line's end the first is zero, or the second."""
    return "utf-16-be" if data[::2].count(0) > data[1::2].count(0) else "utf-16-le"


def _detected(data: bytes) -> tuple[str, str]:
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _named(data, name)
    if 0 in data:
        raise HasNulBytes(line=data[: data.index(0)].count(b"\n") + 1)
    for name in ("utf-8", "gb18030"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "utf-8" or _is_plausible(text):
            return text, name
    raise NotText if CONTROL.search(data[:4096].decode("latin-1")) else UnknownEncoding


def _is_plausible(text: str) -> bool:
    """GB18030 decodes almost anything; text of another encoding betrays itself by characters that do not exist."""
    return not any(unicodedata.category(char) in ("Cn", "Co") for char in set(text))


def _line_of(text: str, position: int) -> int:
    return len(NEWLINE.findall(text, 0, position)) + 1
