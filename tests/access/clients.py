"""Clients and what is kept about them, in the house of the access matrix."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from crm.models import (
    Absence,
    AttachmentContent,
    BulkEdit,
    Client,
    DuplicatePair,
    Export,
    ImportJob,
    Merge,
    ProfileField,
    User,
)
from tests import factories

if TYPE_CHECKING:
    from tests.access.world import World


def add_records(world: World, clients: Mapping[str, Client]) -> None:
    """What stands on each client."""
    world.everywhere("client field", ProfileField.objects.earliest("pk").pk)
    makers = {
        "person": lambda client: client.people.create(name="Wang").pk,
        "number": be_numbered,
        "address": lambda client: client.addresses.create(text="1 Main Street").pk,
        "relation": be_guaranteed,
        "pair": be_alike,
        "merge": be_merged,
        "project": take_part,
        "participation": lambda client: client.participations.get().pk,
        "task": give_task,
        "attachment": attach_to,
        "document": keep_paper,
        "facility": lend,
        "collateral": secure,
        "payment": fall_due,
        "statement": lambda client: factories.make_statement(client).pk,
    }
    for kind, make in makers.items():
        world.objects[kind] = {scope: make(client) for scope, client in clients.items()}
    world.objects["tag"] = {
        scope: client.team.tags.create(name=f"Green {scope}").pk for scope, client in clients.items()
    }


def add_doings(world: World, clients: Mapping[str, Client], holders: Mapping[str, User]) -> None:
    """What the holder of each client has done, or asked for."""
    world.objects["client"] = {scope: client.pk for scope, client in clients.items()}
    for scope, by in holders.items():
        client = clients[scope]
        made = {
            "stage hold": be_held(client, by),
            "note": client.notes.create(text="Careful", author=by).pk,
            "handover": by.handovers.create(team=by.team, by=by, reason="Left", undo_until=timezone.now()).pk,
            "absence": be_away(by),
            "export": Export.objects.create(
                asked_by=by, status="asked", rows=9, source="clients", columns=[]
            ).pk,
            "bulk edit": BulkEdit.objects.create(by=by, clients=[client.pk]).pk,
            "import": make_import(by),
        }
        for kind, pk in made.items():
            world.objects.setdefault(kind, {})[scope] = pk


def take_part(client: Client) -> int:
    project = factories.make_project()
    client.participations.create(project=project)
    return project.pk


def give_task(client: Client) -> int:
    """What the client's RM has to do for it."""
    return client.tasks.create(assignee=client.rm, title="Call", due_on=date(2026, 11, 30)).pk


def be_guaranteed(client: Client) -> int:
    """By another client of the same manager."""
    return client.relations.create(party=factories.make_client(rm=client.rm), kind="guarantor").pk


def be_held(client: Client, by: User) -> int:
    return client.stage_holds.create(axis="status", value="active", reason="Known", by=by).pk


def be_numbered(client: Client) -> int:
    return client.numbers.create(kind="tax", sealed="-", fingerprint=f"of {client.pk}").pk


def be_alike(client: Client) -> int:
    """With another client of the same manager."""
    other = factories.make_client(rm=client.rm)
    return DuplicatePair.objects.create(one=client, other=other, score=90).pk


def be_merged(client: Client) -> int:
    """That another client of the same manager is part of it."""
    gone = factories.make_client(rm=client.rm, merged_into=client)
    before = {"client": {}, "gone": {"registration_number": None}, "parts": {}}
    return Merge.objects.create(client=client, gone=gone, by=client.rm, reason="Same", before=before).pk


def attach_to(client: Client) -> int:
    assert client.rm is not None
    kept = client.attachments.create(
        name="note.txt", content_type="text/plain", size=4, sha256="0", uploaded_by=client.rm
    )
    AttachmentContent.objects.create(attachment=kept, data=b"note")
    return kept.pk


def keep_paper(client: Client) -> int:
    document = client.documents.create(kind="other", title="Paper")
    assert client.rm is not None
    kept = client.attachments.create(
        name="paper.txt", content_type="text/plain", size=5, sha256="0", uploaded_by=client.rm
    )
    AttachmentContent.objects.create(attachment=kept, data=b"paper")
    document.versions.create(number=1, attachment=kept, added_by=client.rm)
    return document.pk


def lend(client: Client) -> int:
    return factories.make_facility(client).pk


def secure(client: Client) -> int:
    made = client.facilities.get().collateral.create(
        client=client, kind="land", name="Plot", value=1, valued_on=date(2026, 1, 1)
    )
    return made.pk


def fall_due(client: Client) -> int:
    return factories.make_payment(client.facilities.get(), date(2026, 3, 31), paid_amount=1).pk


def be_away(user: User) -> int:
    days = {"starts_on": date(2099, 1, 1), "ends_on": date(2099, 1, 3)}
    return Absence.objects.create(user=user, entered_by=user, **days).pk


def declare(user: User, client: Client) -> int:
    return client.interests.create(user=user, reason="Shares").pk


def make_import(by: User) -> int:
    job = ImportJob.objects.create(
        kind=ImportJob.Kind.CLIENTS, file_name="clients.csv", header=["code"], uploaded_by=by, file_sha256="0"
    )
    return job.pk
