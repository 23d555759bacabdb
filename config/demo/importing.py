"""Cards from a trade fair that a manager has uploaded: some are of companies that the book knows under another form."""

from __future__ import annotations

import csv
import io

from config.demo.doubles import EVERY, LEAST_BOOK
from crm.models import Client
from crm.services import imports
from crm.services.duplicates import refresh_keys

HEADER = ("名称", "员工人数", "客户编号")
STRANGERS = (
    ("厦门远航智能装备有限公司", "260", "FAIR-07"),
    ("厦门远航智能装备集团", "", "FAIR-08"),
    ("佛山市南禾陶瓷科技有限公司", "约八十", "FAIR-09"),
)


def upload_cards() -> None:
    """An import that is checked and waits for its manager to say what becomes of the rows."""
    if Client.objects.count() < LEAST_BOOK:
        return
    first = Client.objects.filter(kind=Client.Kind.CORPORATE, rm__isnull=False).order_by("pk")[EVERY]
    manager = first.rm
    assert manager
    known = list(Client.objects.editable_by(manager).filter(kind=Client.Kind.CORPORATE).order_by("pk")[:3])
    refresh_keys([one.pk for one in known])
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *map(_card, known, range(1, 4)), *STRANGERS])
    job = imports.stage_file(by=manager, kind="clients", name="展会名片.csv", data=text.getvalue().encode())
    imports.start_check(by=manager, job=job, setup=imports.Setup(mapping=job.mapping), ring=False)
    imports.run_import(job.pk)


def _card(one: Client, number: int) -> tuple[str, str, str]:
    """The company as its card calls it."""
    bare = one.name_zh
    for form in ("有限责任公司", "股份有限公司", "有限公司"):
        bare = bare.removesuffix(form)
    return f"{bare}集团公司", "", f"FAIR-{number:02d}"
