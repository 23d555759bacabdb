"""Papers of clients: the business licence of every firm, and for some a charter, a permit or an appraisal."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256

from config.demo.clock import moment
from config.demo.streams import stream
from config.demo.subjects import Subject
from crm.models import Attachment, AttachmentContent, Document, DocumentVersion

RENEWED = 0.2
WITHOUT = 0.15
OTHERS = (
    ("articles", "公司章程", "Articles of association", None),
    ("permit", "排污许可证", "Discharge permit", 5 * 365),
    ("collateral", "抵押物评估报告", "Appraisal of the collateral", 365),
)
YEARS = 20


@dataclass(slots=True)
class Papers:
    """Documents with their files, in the order in which tables are filled."""

    documents: list[Document] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    contents: list[AttachmentContent] = field(default_factory=list)
    versions: list[DocumentVersion] = field(default_factory=list)


def papers_of(subjects: Iterable[Subject]) -> Papers:
    papers = Papers()
    for subject in subjects:
        source = stream("papers", subject.index)
        if subject.is_person or source.random() < WITHOUT:
            continue
        anchor = subject.quality.anchor
        handed_in = anchor - timedelta(days=source.randint(40, 900))
        licence = document(
            subject, "licence", "营业执照", handed_in, anchor + days(source.randint(-40, YEARS * 365))
        )
        add(papers, subject, licence, handed_in, "Business licence")
        if source.random() < RENEWED:
            renewed = min(handed_in + timedelta(days=source.randint(60, 400)), anchor)
            add(papers, subject, licence, renewed, "Business licence, renewed", number=2)
        if source.random() < 0.4:
            kind, title, name, lasts = source.choice(OTHERS)
            day = anchor - timedelta(days=source.randint(20, 380))
            other = document(subject, kind, title, day, day + days(lasts) if lasts else None)
            add(papers, subject, other, day, name)
    return papers


def days(number: int) -> timedelta:
    return timedelta(days=number)


def document(subject: Subject, kind: str, title: str, day: date, ends: date | None) -> Document:
    return Document(
        client=subject.client, kind=kind, title=title, valid_until=ends, created_at=moment(day, 11)
    )


def add(papers: Papers, subject: Subject, of: Document, day: date, name: str, *, number: int = 1) -> None:
    """A file of a document: a line of text, as a scan would say it."""
    data = f"{name}\n{subject.client.name_en}\n{subject.client.name_zh}\n{day.isoformat()}\n".encode()
    kept = Attachment(
        name=f"{name}.txt",
        content_type="text/plain",
        size=len(data),
        sha256=sha256(data).hexdigest(),
        client=subject.client,
        uploaded_by=subject.rm,
        at=moment(day, 11),
    )
    note = "Renewed" if number > 1 else ""
    if number == 1:
        papers.documents.append(of)
    else:
        of.version += 1
    papers.attachments.append(kept)
    papers.contents.append(AttachmentContent(attachment=kept, data=data))
    papers.versions.append(
        DocumentVersion(
            document=of, number=number, attachment=kept, note=note, added_by=subject.rm, at=moment(day, 11)
        )
    )
