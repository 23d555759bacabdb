"""Papers as PDF: A4, tables that wrap and repeat their heads, plots from the same figures, numbered pages.

The font comes along in the file, so that a paper looks the same on every device and in print.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, String
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    TableStyle,
)
from reportlab.platypus import Table as Grid

from crm.formats import percent, reads_chinese
from crm.plots import Box, decimals, nice_ceiling, ticks
from tiering.paper import Block, Paper, Rates, Section, Square, Squares, Table
from tiering.paper_font import BOLD, REGULAR, register, showable

MARGIN: Final = 18 * mm
PADDING: Final = 6
"""Of the frame that reportlab sets the text in."""
WIDTH: Final = A4[0] - 2 * MARGIN - 2 * PADDING
INK, GREY, RULE, ACCENT = (HexColor(code) for code in ("#18181b", "#6c6c76", "#d4d4da", "#2557d6"))
SET: Final = ("FONTNAME", (0, 0), (-1, -1), REGULAR)
"""Of every table: it sets its font even where nothing of it is text, and reportlab's own is not in the file."""
ROW: Final = 16
SQUARE: Final = 200


def pdf_of(paper: Paper) -> bytes:
    """The paper as a file. The same paper gives the same bytes."""
    register()
    out, styles = BytesIO(), _Styles()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=f"{paper.title}: {paper.subtitle}",
        author="Strata",
        initialFontName=REGULAR,
        invariant=1,
    )
    document.build(list(_story(paper, styles)), canvasmaker=_numbered(f"{paper.title} · {paper.subtitle}"))
    return out.getvalue()


class _Styles:
    """Paragraphs of the paper. Chinese is broken anywhere, Latin between words."""

    def __init__(self) -> None:
        wrap = {"wordWrap": "CJK"} if reads_chinese() else {}

        def style(name: str, size: float, lead: float, **more: Any) -> ParagraphStyle:
            given = {"fontName": REGULAR, "fontSize": size, "leading": lead, "textColor": INK, **wrap, **more}
            return ParagraphStyle(name, **given)

        self.title = style("title", 17, 22, fontName=BOLD)
        self.subtitle = style("subtitle", 11, 15, textColor=GREY, spaceAfter=8)
        self.section = style("section", 12.5, 16, fontName=BOLD, spaceBefore=12, spaceAfter=4)
        self.text = style("text", 9, 13, spaceAfter=3)
        self.help = style("help", 7.5, 10.5, textColor=GREY, spaceBefore=3)
        self.cell = style("cell", 8.5, 11)
        self.number = style("number", 8.5, 11, alignment=2)
        self.head = style("head", 7.5, 10, textColor=GREY)
        self.number_head = style("number_head", 7.5, 10, textColor=GREY, alignment=2)


def _story(paper: Paper, styles: _Styles) -> Iterator[Flowable]:
    yield Paragraph(marked(paper.title), styles.title)
    yield Paragraph(marked(paper.subtitle), styles.subtitle)
    if paper.details:
        yield _details(paper.details, styles)
    for section in paper.sections:
        yield from _section(section, styles)


def _section(section: Section, styles: _Styles) -> Iterator[Flowable]:
    """The heading stays with what comes first below it."""
    heading = Paragraph(marked(section.title), styles.section)
    blocks = [_flowable(block, styles) for block in section.blocks]
    yield KeepTogether([heading, *blocks[:1]]) if not _is_long(section.blocks[:1]) else heading
    yield from blocks if _is_long(section.blocks[:1]) else blocks[1:]
    if section.help:
        yield Paragraph(marked(section.help), styles.help)


def _is_long(blocks: Sequence[Block]) -> bool:
    """Whether the first block may take more than a page."""
    return any(isinstance(block, Table) and len(block.rows) > 30 for block in blocks)


def _flowable(block: Block, styles: _Styles) -> Flowable:
    match block:
        case str():
            return Paragraph(marked(block), styles.text)
        case Table():
            return _grid(block, styles)
        case Rates():
            return _rates(block)
        case Squares():
            drawings = [_square(one) for one in block.squares]
            return Grid(
                [drawings], colWidths=[WIDTH / len(drawings)] * len(drawings), style=TableStyle([SET])
            )


def marked(text: str) -> str:
    """The text as reportlab's markup."""
    return escape(showable(text)).replace("\n", "<br/>")


def _details(details: Sequence[tuple[str, str]], styles: _Styles) -> Flowable:
    rows = [
        [Paragraph(marked(name), styles.head), Paragraph(marked(told), styles.cell)] for name, told in details
    ]
    return Grid(rows, colWidths=[WIDTH * 0.2, WIDTH * 0.8], style=_ruled(0))


def _grid(table: Table, styles: _Styles) -> Flowable:
    def row(cells: Sequence[str], text: ParagraphStyle, number: ParagraphStyle) -> list[Flowable]:
        return [
            Paragraph(marked(cell), text if at < table.texts else number) for at, cell in enumerate(cells)
        ]

    head = row(table.head, styles.head, styles.number_head)
    rows = [row(cells, styles.cell, styles.number) for cells in table.rows]
    return Grid([head, *rows], colWidths=_widths(table), repeatRows=1, style=_ruled(1), spaceAfter=6)


def _widths(table: Table) -> list[float]:
    """By the longest text of each column, within reason; all together as wide as the page."""
    columns = zip(table.head, *table.rows, strict=True)
    longest = [max(min(_length(cell), 150.0) for cell in column) for column in columns]
    wanted = [max(width, 34.0) for width in longest]
    return [WIDTH * width / sum(wanted) for width in wanted]


def _length(text: str) -> float:
    return float(stringWidth(showable(text), REGULAR, 8.5)) + 8


def _ruled(heads: int) -> TableStyle:
    return TableStyle(
        [
            SET,
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, heads - 1 if heads else 0), (-1, -1), 0.4, RULE),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ]
    )


def _rates(rates: Rates) -> Drawing:
    """A dot and a whisker for each rate."""
    highest = max((dot.high for dot in rates.dots if dot.value is not None), default=0.0)
    height = ROW * len(rates.dots) + 20
    box = Box(60, WIDTH - 20, height - 4, 16, 0.0, nice_ceiling(highest))
    drawing = Drawing(WIDTH, height)
    for share, text in _told(box, 4):
        drawing.add(Line(box.x(share), 16, box.x(share), height - 4, strokeColor=RULE, strokeWidth=0.4))
        drawing.add(_said(box.x(share), 5, text, "middle"))
    for at, dot in enumerate(rates.dots):
        y = height - 4 - ROW * (at + 0.5)
        drawing.add(_said(52, y - 3, dot.label, "end", INK))
        if dot.value is not None:
            drawing.add(Line(box.x(dot.low), y, box.x(dot.high), y, strokeColor=ACCENT, strokeWidth=1.2))
            drawing.add(Circle(box.x(dot.value), y, 2.8, fillColor=ACCENT, strokeColor=None))
    return drawing


def _square(square: Square) -> Drawing:
    """The curves over the straight line of chance."""
    box = Box(38, SQUARE - 6, SQUARE - 18, 34)
    drawing = Drawing(SQUARE, SQUARE)
    for share, text in _told(box, 4):
        across, up = box.x(share), box.y(share)
        drawing.add(Line(across, 34, across, SQUARE - 18, strokeColor=RULE, strokeWidth=0.4))
        drawing.add(Line(38, up, SQUARE - 6, up, strokeColor=RULE, strokeWidth=0.4))
        drawing.add(_said(across, 24, text, "middle"))
        drawing.add(_said(34, up - 2.5, text, "end"))
    drawing.add(
        Line(38, 34, SQUARE - 6, SQUARE - 18, strokeColor=GREY, strokeWidth=0.6, strokeDashArray=[2, 2])
    )
    for at, curve in enumerate(square.curves):
        points = [part for x, y in curve for part in (box.x(x), box.y(y))]
        drawing.add(PolyLine(points, strokeColor=GREY if at else ACCENT, strokeWidth=0.6 if at else 1.4))
    drawing.add(_said((38 + SQUARE) / 2, 10, f"{square.across} / {square.upwards}", "middle"))
    drawing.add(_said((38 + SQUARE) / 2, SQUARE - 10, square.title, "middle", INK))
    return drawing


def _told(box: Box, parts: int) -> list[tuple[float, str]]:
    shares = ticks(box.low, box.high, parts)
    return [(share, percent(share, decimals(shares))) for share in shares]


def _said(x: float, y: float, text: str, anchor: str, colour: HexColor = GREY) -> String:
    return String(x, y, showable(text), fontName=REGULAR, fontSize=7.5, textAnchor=anchor, fillColor=colour)


def _shortened(text: str, width: float) -> str:
    """The text on one line of the foot, with dots for what has no room."""
    shown = showable(text)
    while stringWidth(shown, REGULAR, 7.5) > width:
        shown = f"{shown.rstrip('…')[:-1]}…"
    return shown


def _numbered(title: str) -> type[Canvas]:
    """Pages with their number, how many there are, and what they are of."""

    class Numbered(Canvas):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self._foot(number, len(self._pages))
                super().showPage()
            super().save()

        def _foot(self, number: int, count: int) -> None:
            text = _("Page %(number)d of %(count)d") % {"number": number, "count": count}
            self.setFillColor(GREY)
            self.setFont(REGULAR, 7.5)
            self.drawRightString(A4[0] - MARGIN - PADDING, 10 * mm, text)
            self.drawString(MARGIN + PADDING, 10 * mm, _shortened(title, WIDTH - 80))

    return Numbered
