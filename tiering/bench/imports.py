"""How long a worker takes over a large file: checked, written, read again, and taken back.

Times are processor time of the worker and of its database connection, which others on the machine do not stretch; beside
them what it took on the wall.
"""

from __future__ import annotations

import csv
import io
import random
import time
from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.translation import gettext as _

from crm.models import Client, ImportJob, Industry, Region
from crm.services import imports
from crm.services.duplicates import AT_A_TIME, batches, refresh_keys
from crm.services.imports import Setup
from tiering.bench.clocks import Backend, Spent
from tiering.bench.names import CITIES, FORMS, SYLLABLES, TRADES
from tiering.bench.report import Line, at_most, exactly
from tiering.bench.rows import execute
from tiering.bench.scratch import Scratch

GOAL: Final = 30.0
"""Seconds of a worker for a hundred thousand rows."""
TWIN_IN: Final = 50
"""One row in so many of the second file is a client of the first under another code and with another company form."""
Rows = Iterator[Sequence[object]]

CLIENT_HEADER: Final = (
    *("code", "name_zh", "name_en", "registration_number", "industry", "region", "kind", "size_class"),
    *("registered_capital", "employees", "client_since"),
)
SURNAMES: Final = "王李张刘陈杨黄赵周吴"
PERSON_HEADER: Final = ("client", "name", "position", "roles", "email", "phone")


def measured_imports(scratch: Scratch, rows: int) -> Iterator[Line]:
    """Files of so many rows; the goal is that of a hundred thousand."""
    with scratch.database():
        _reference_data()
        goal = GOAL * max(rows / 100_000, 1)
        clients, twins = list(_clients(rows)), list(_twins(rows))
        yield from _handled("clients", [CLIENT_HEADER, *clients], goal)
        yield from _handled("people", [PERSON_HEADER, *_people(rows)], goal)
        for part in batches(Client.objects.values_list("pk", flat=True), AT_A_TIME):
            refresh_keys(part)  # as the round after the import did
        job = _staged("clients", [CLIENT_HEADER, *twins])
        yield _line(_("New clients: checked, and compared with the book"), _spent(_checking(job)), goal)
        job.refresh_from_db()
        yield Line(_("Rows that look like a client"), f"{job.records.get('twins', 0):,}")
        yield from _undone("people", goal)
        yield from _undone("clients", goal)
        yield exactly(_("Clients that are left"), Client.objects.count())


def _handled(kind: str, rows: Sequence[Sequence[object]], goal: float) -> Iterator[Line]:
    begun = time.perf_counter()
    job = _staged(kind, rows)
    label = job.get_kind_display()
    read = time.perf_counter() - begun
    yield Line(_("%(kind)s: file read, on the wall") % {"kind": label}, f"{read:.1f} s")
    spent = _spent(_applying(job))
    job.refresh_from_db()
    yield exactly(_("%(kind)s: new rows") % {"kind": label}, job.counts.get("create", 0), len(rows) - 1)
    yield _line(_("%(kind)s: checked and written") % {"kind": label}, spent, goal)
    again = _staged(kind, rows)
    yield _line(_("%(kind)s: the same file again") % {"kind": label}, _spent(_applying(again)), goal)


def _undone(kind: str, goal: float) -> Iterator[Line]:
    """The import that made the records, taken back."""
    job = ImportJob.objects.filter(kind=kind, status=ImportJob.Status.APPLIED).earliest("id")
    imports.start_undo(by=None, job=job, ring=False)
    yield _line(_("%(kind)s: taken back") % {"kind": job.get_kind_display()}, _spent(job), goal)


def _staged(kind: str, rows: Sequence[Sequence[object]]) -> ImportJob:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    job = imports.stage_file(by=None, kind=kind, name="bench.csv", data=text.getvalue().encode())
    execute("ANALYZE crm_importrow")  # as the server does by itself after a while
    return job


def _applying(job: ImportJob) -> ImportJob:
    setup = Setup(mapping=job.mapping)
    return imports.start_import(by=None, job=job, setup=setup, keep_good_rows=True, ring=False)


def _checking(job: ImportJob) -> ImportJob:
    return imports.start_check(by=None, job=job, setup=Setup(mapping=job.mapping), ring=False)


def _spent(job: ImportJob) -> Spent:
    """What the worker takes on the wall, and of the processor in its process and in the database."""
    begun = time.process_time()
    spent = Backend().time(lambda: imports.run_import(job.pk))
    cpu = None if spent.cpu is None else spent.cpu + time.process_time() - begun
    return Spent(spent.wall, cpu)


def _line(measure: str, spent: Spent, goal: float) -> Line:
    return at_most(f"{measure} · {_('wall')} {spent.wall:.0f} s", spent.effort, goal, " s", 1)


def _reference_data() -> None:
    Industry.objects.bulk_create(Industry(code=f"i-{n}", name=name) for n, name in enumerate(TRADES))
    Region.objects.bulk_create(Region(code=f"r-{n}", name=name) for n, name in enumerate(CITIES))


def _clients(rows: int) -> Rows:
    """Companies with every usual field, one name in a few shared by another city, as in a real book."""
    chance = random.Random(42)  # noqa: S311 - made-up names
    for n in range(rows):
        trade, city = chance.choice(TRADES), chance.choice(CITIES)
        name = f"{city}{''.join(chance.choices(SYLLABLES, k=3))}{trade}{chance.choice(FORMS)}"
        number = f"91{n:010d}X{n % 100000:05d}"
        yield (
            f"B{n:07d}", name, f"Bench {n} Ltd", number, trade, city, "corporate", "medium",
            f"{chance.randrange(1, 5000)}万", chance.randrange(1, 5000), f"20{n % 24:02d}-0{1 + n % 9}-15",
        )  # fmt: skip


def _twins(rows: int) -> Rows:
    """Clients of another system: some are those of the book, with another code, no number and another company form."""
    for n, row in enumerate(_clients(rows)):
        known = n % TWIN_IN == 0
        name = str(row[1]).replace("股份有限公司", "集团") if known else f"{row[1]}{n}"
        yield (f"T{n:07d}", name, "", "", *row[4:])


def _people(rows: int) -> Rows:
    """A contact at each client, with a telephone number that is to be sealed."""
    chance = random.Random(43)  # noqa: S311 - made-up names
    for n in range(rows):
        name = f"{chance.choice(SURNAMES)}{''.join(chance.choices(SYLLABLES, k=2))}"
        yield f"B{n:07d}", name, "财务总监", "finance", f"p{n}@example.com", f"139{n:08d}"
