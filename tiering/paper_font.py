"""The font of papers: Noto Sans CJK with the Chinese forms, regular and bold. A paper carries the glyphs that it shows.

The font comes with a package, under the Open Font License. Its outlines are those of a variable OpenType font, while
reportlab embeds TrueType: so the glyphs of a paper, a few hundred at most, are turned into TrueType when it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import RLock
from typing import Any, Final

import manimgx_fonts_cjk
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont as FontFile
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont, TTFontFace, TTFontFile

REGULAR: Final = "NotoSansCJKsc-Regular"
BOLD: Final = "NotoSansCJKsc-Bold"
WEIGHTS: Final[Mapping[str, int]] = {REGULAR: 400, BOLD: 700}
FILE: Final = Path(manimgx_fonts_cjk.__file__).with_name("NotoSansCJK-VF.otf.ttc")
SIMPLIFIED: Final = 2
"""Which font of the collection has the Chinese forms."""
EM: Final = 1000
ROUGH: Final = 1.0
"""How far a quadratic curve may lie from the cubic one that it stands for, in thousandths of the size."""
UNSEEN: Final = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Wishes for a variant of the character before them, which any form of it honours well enough."""
BEYOND: Final = re.compile(r"<([0-9A-F]{5,6})>$", re.M)
_reading = RLock()
"""What stands in the file is read when it is first asked for, by one thread at a time."""


@cache
def register() -> None:
    """Make both weights known to reportlab. What follows asks for characters that are known then."""
    with _reading:
        for name in WEIGHTS:
            registerFont(_PaperFont(name))


def showable(text: str) -> str:
    """The text with what no paper can show in plain sight: `[U+20C3A]` for a character that the font lacks."""
    plain = UNSEEN.sub("", unicodedata.normalize("NFC", text))
    return "".join(one if _is_shown(one) else _spelt(one) for one in plain)


def _is_shown(one: str) -> bool:
    return one == "\n" or ord(one) in _file().getBestCmap()


def _spelt(one: str) -> str:
    match unicodedata.category(one):
        case "Cc" | "Zs":
            return " "
        case "Cf":
            return ""
        case _:
            return f"[U+{ord(one):04X}]"


@cache
def _file() -> FontFile:
    return FontFile(FILE, fontNumber=SIMPLIFIED, lazy=True)


@cache
def _glyph(name: str, weight: int) -> tuple[Any, int]:
    """The outline of a glyph as TrueType has it, and how wide it is."""
    with _reading:
        glyph = _file().getGlyphSet(location={"wght": weight})[name]
        pen = TTGlyphPen(None)
        glyph.draw(Cu2QuPen(pen, ROUGH, reverse_direction=True))
        return pen.glyph(), round(glyph.width)


def _true_type(font: str, codes: Collection[int]) -> bytes:
    """A font of the characters; the same bytes each time. Those that the file lacks are left out."""
    weight, known = WEIGHTS[font], _file().getBestCmap()
    names = {code: known[code] for code in codes if code in known}
    glyphs = {name: _glyph(name, weight) for name in (".notdef", *names.values())}
    family, style = font.rsplit("-", 1)
    builder = FontBuilder(EM, isTTF=True)
    builder.setupHead(unitsPerEm=EM, created=0, modified=0)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(names)
    builder.setupGlyf({name: outline for name, (outline, _) in glyphs.items()})
    builder.setupHorizontalMetrics(
        {name: (width, getattr(outline, "xMin", 0)) for name, (outline, width) in glyphs.items()}
    )
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": family, "styleName": style, "psName": font})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, sCapHeight=733, usWeightClass=weight)
    builder.setupPost(keepGlyphNames=False)
    builder.font.recalcTimestamp = False
    out = BytesIO()
    builder.save(out)
    return out.getvalue()


class _PaperFace(TTFontFace):
    """All characters of the file; of those that a paper shows a font is made when it is written."""

    def __init__(self, font: str) -> None:
        super().__init__(BytesIO(_true_type(font, range(0x20, 0x7F))))
        self._font = font
        self.charToGlyph = _file().getBestCmap()
        self._glyphs = _file().getGlyphSet(location={"wght": WEIGHTS[font]})
        self._widths: dict[int, int] = {}

    def getCharWidth(self, code: int) -> int:
        """In thousandths of the size."""
        if code not in self._widths:
            name = self.charToGlyph.get(code, ".notdef")
            self._widths[code] = round(self._glyphs[name].width)
        return self._widths[code]

    def makeSubset(self, subset: list[int]) -> bytes:
        made: bytes = TTFontFile(BytesIO(_true_type(self._font, subset))).makeSubset(subset)
        return made


class _PaperFont(TTFont):
    """A font whose text can be copied out of the paper, characters beyond the first 65,536 included."""

    def __init__(self, name: str) -> None:
        super().__init__(name, BytesIO(_true_type(name, [])))
        self.face = _PaperFace(name)

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:
        """By the widths of the face, which are worked out when they are asked for."""
        return size * sum(self.face.getCharWidth(ord(one)) for one in text) / EM

    def addObjects(self, doc: Any) -> None:
        """Say in UTF-16 what each glyph stands for, which reportlab does only where one unit of it is enough."""
        super().addObjects(doc)
        for name, stream in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:"):
                stream.content = BEYOND.sub(_in_utf16, stream.content)


def _in_utf16(found: re.Match[str]) -> str:
    return f"<{chr(int(found[1], 16)).encode('utf-16-be').hex().upper()}>"
