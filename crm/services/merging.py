"""Making one client of two, and taking that back.

What moves is noted row by row with a digest, so that undoing knows what somebody changed since. History and ledgers are
never rewritten: they stay with the client they were made for (docs/adr/0014).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, QuerySet, Value
from django.db.models.functions import Concat, Left, Now, Replace
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import merging
from crm.errors import Conflict, DomainError, Invalid, NotPermitted
from crm.models import Client, DuplicatePair, Merge, MergedRow, User
from crm.services.clients import EDITABLE_FIELDS, check_and_save
from crm.services.duplicates import may_decide, refresh_keys
from crm.signals import records_changed

CHOOSABLE: Final = (*EDITABLE_FIELDS, "rm", "team")
"""What a person chooses a side for. The code stays that of the client that stays."""
TOGETHER: Final = ("rm", "team")
"""Whose a client is goes together: of two teams, no client gets the manager of one and stays with the other."""


NOTE: Final = """
INSERT INTO crm_mergedrow (merge_id, label, "column", row, digest)
SELECT %(merge)s, %(label)s, %(column)s, t.id, md5(t::text) FROM {table} t WHERE t.id = ANY(%(ids)s)
"""


class MergedAlready(DomainError):
    code = "merged_already"
    message = gettext_lazy("One of the two was merged into another client already. Reload the page.")


class NotToMerge(DomainError):
    """Something is in hand that only people can settle; `reasons` says what, one by one."""

    code = "not_to_merge"
    message = gettext_lazy("%(name)s cannot be merged away yet: %(reasons)s")


class UndoneAlready(DomainError):
    code = "undone_already"
    message = gettext_lazy("This merge was taken back already.")


class MergedOn(DomainError):
    code = "merged_on"
    message = gettext_lazy("%(name)s was itself merged into another client since. Take that back first.")


@dataclass
class Undone:
    """What came back, by what kind of record, and what did not come back as it was: for each a sentence."""

    back: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


@transaction.atomic
def merge_clients(
    *,
    by: User,
    client: Client,
    gone: Client,
    versions: tuple[int, int],
    reason: str,
    chosen: Collection[str] = (),
) -> Merge:
    """Make `gone` part of `client`, which takes over the `chosen` fields. `versions` are those that were seen of both.

    Raises NotPermitted, Conflict, MergedAlready, NotToMerge, and Invalid with the fields that break a rule.
    """
    client, gone = _locked(by, client, gone)
    if (client.version, gone.version) != versions:
        raise Conflict
    _check(client, gone, reason, chosen)
    merge = Merge.objects.create(
        client=client,
        gone=gone,
        reason=reason.strip(),
        chosen=sorted(chosen),
        by=by,
        before=_before(client, gone),
    )
    try:
        with transaction.atomic():
            _move_rows(merge)
            _take_over(merge, client, gone)
            merge.before["parts"] = {part.key: dict(part.merged(merge)) for part in merging.parts}
            merge.save(update_fields=["before"])
    except IntegrityError as error:
        raise NotToMerge(name=gone.name, reasons=_("a rule of their records does not allow it.")) from error
    _settle_pair(client, gone, by)
    refresh_keys([client.pk, gone.pk])
    records_changed()
    return merge


@transaction.atomic
def undo_merge(*, by: User, merge: Merge) -> Undone:
    """Give a merged client back what moved, and both the fields that they had; what came of it.

    Raises NotPermitted, UndoneAlready and MergedOn.
    """
    found = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    client, gone = _both(found.client_id, found.gone_id)
    if not may_decide(by, client, gone):
        raise NotPermitted
    if not found.is_in_force:
        raise UndoneAlready
    if client.merged_into_id is not None:
        raise MergedOn(name=client.name)
    came = Undone()
    _give_back_rows(found, came)
    _give_back_fields(found, client, gone, came)
    for part in merging.parts:
        part.undone(found, found.before["parts"].get(part.key, {}))
    found.undone_by, found.undone_at = by, Now()
    found.save(update_fields=["undone_by", "undone_at"])
    _pair(client, gone).filter(status="merged").update(status="open", decided_by=None, decided_at=None)
    refresh_keys([client.pk, gone.pk])
    records_changed()
    return came


def _both(one: int, other: int) -> tuple[Client, Client]:
    """Two clients, locked in the order of their ids whichever comes first."""
    rows = {
        row.pk: row for row in Client.objects.select_for_update().filter(pk__in=[one, other]).order_by("pk")
    }
    return rows[one], rows[other]


def _locked(by: User, client: Client, gone: Client) -> tuple[Client, Client]:
    client, gone = _both(client.pk, gone.pk)
    if not may_decide(by, client, gone):
        raise NotPermitted
    if client.merged_into_id or gone.merged_into_id:
        raise MergedAlready
    return client, gone


def _check(client: Client, gone: Client, reason: str, chosen: Collection[str]) -> None:
    unknown = set(chosen) - set(CHOOSABLE)
    if client.pk == gone.pk or unknown:
        raise Invalid({"chosen": [_("Choose two clients, and fields that they both have.")]})
    if len(set(chosen) & set(TOGETHER)) == 1 and _torn(client, gone, chosen):
        raise Invalid({"chosen": [_("Take the relationship manager and the team from the same client.")]})
    if not reason.strip():
        raise Invalid({"reason": [_("Say how you know that they are the same.")]})
    reasons = [words for part in merging.parts for words in part.refuses(gone)]
    if reasons:
        raise NotToMerge(name=gone.name, reasons=" ".join(reasons))


def _torn(client: Client, gone: Client, chosen: Collection[str]) -> bool:
    """Whether the manager that is chosen would be of another team than the one that is."""
    manager, team_id = client.rm, gone.team_id
    if "rm" in chosen:
        manager, team_id = gone.rm, client.team_id
    return manager is not None and manager.team_id != team_id


def _before(client: Client, gone: Client) -> dict[str, Any]:
    """The fields of both, as JSON keeps them."""
    names = [Client._meta.get_field(name).attname for name in CHOOSABLE]  # type: ignore[union-attr]
    both = {
        side: {name: getattr(row, name) for name in names}
        for side, row in (("client", client), ("gone", gone))
    }
    kept: dict[str, Any] = json.loads(json.dumps(both, cls=DjangoJSONEncoder))
    return kept


def columns() -> Iterator[tuple[str, type[Model], str, merging.Moves]]:
    """Every column whose rows move: label, model, name and how."""
    for (label, column), treatment in merging.treatments.items():
        if isinstance(treatment, merging.Moves):
            yield label, apps.get_model(label), column, treatment


def _move_rows(merge: Merge) -> None:
    moved: list[tuple[str, type[Model], str, list[int]]] = []
    for label, model, column, treatment in columns():
        rows = model._base_manager.filter(**{column: merge.gone_id})
        left = _left(rows, column, treatment, merge.client, merge.gone)
        if treatment.marked:
            _mark(treatment.marked, merging.left_by_rules(rows, column, merge.client), merge.gone)
        moved.append((label, model, column, [*rows.exclude(pk__in=left).values_list("pk", flat=True)]))
    for _label, model, column, ids in moved:
        model._base_manager.filter(pk__in=ids).update(**{column: merge.client_id})
    for label, model, column, ids in moved:
        _note(merge, label, model, column, ids)


def _mark(name: str, rows: QuerySet[Any], gone: Client) -> None:
    """Tell rows apart from those of the other client that say they come from the same source."""
    longest, mark = rows.model._meta.get_field(name).max_length, mark_of(gone)
    ids = list(rows.values_list("pk", flat=True))
    rows.model._base_manager.filter(pk__in=ids).update(
        **{name: Concat(Left(name, longest - len(mark)), Value(mark))}
    )


def mark_of(gone: Client) -> str:
    """What is added to the source of a record of a merged client where another says that it comes from there too."""
    return f" · {gone.code}"


def _note(merge: Merge, label: str, model: type[Model], column: str, ids: list[int]) -> None:
    """Keep which rows moved, with what they say now."""
    if ids:
        given: dict[str, Any] = {"merge": merge.pk, "label": label, "column": column, "ids": ids}
        with connection.cursor() as cursor:
            cursor.execute(NOTE.format(table=model._meta.db_table), given)


def _take_over(merge: Merge, client: Client, gone: Client) -> None:
    """Give the client the chosen fields, and make a tombstone of the other one. A number that may stand once is handed
    over: the tombstone has it no more."""
    wanted = {name: getattr(gone, name) for name in merge.chosen}
    if "registration_number" in wanted:
        gone.registration_number = None
    gone.merged_into, gone.version = client, gone.version + 1
    gone.save()
    for name, value in wanted.items():
        setattr(client, name, value)
    client.version += 1
    check_and_save(client)


def _pair(client: Client, gone: Client) -> Any:
    one, other = sorted((client.pk, gone.pk))
    return DuplicatePair.objects.filter(one=one, other=other)


def _settle_pair(client: Client, gone: Client, by: User) -> None:
    _pair(client, gone).update(
        status=DuplicatePair.Status.MERGED, reason="", until=None, decided_by=by, decided_at=Now()
    )


def _give_back_rows(merge: Merge, came: Undone) -> None:
    for label, model, column, treatment in columns():
        noted = dict(merge.rows.filter(label=label, column=column).values_list("row", "digest"))
        if noted:
            _give_back(merge, model, column, treatment, noted, came)


def _give_back(
    merge: Merge,
    model: type[Model],
    column: str,
    treatment: merging.Moves,
    noted: dict[int, str],
    came: Undone,
) -> None:
    """Rows that are still with the client go back, as they are now; of those changed since, or gone, it is said."""
    here = digests(model, noted)
    back = model._base_manager.filter(pk__in=here, **{column: merge.client_id})
    ids = set(back.values_list("pk", flat=True))
    for pk, row in model._base_manager.in_bulk(here).items():
        if pk not in ids:
            came.notes.append(
                _("%(thing)s “%(title)s” is with another client now and stays there.") % _words(row)
            )
        elif here[pk] != noted[pk]:
            came.notes.append(
                _("%(thing)s “%(title)s” was changed since and goes back as it is now.") % _words(row)
            )
    lost = len(noted) - len(here)
    if lost:
        words = {"thing": model._meta.verbose_name_plural, "count": lost}
        came.notes.append(_("%(count)d of the %(thing)s that moved are not there any more.") % words)
    model._base_manager.filter(pk__in=ids).update(**{column: merge.gone_id})
    if treatment.marked:
        name, mark = treatment.marked, mark_of(merge.gone)
        rows = model._base_manager.filter(**{"pk__in": ids, f"{name}__endswith": mark})
        rows.update(**{name: Replace(name, Value(mark), Value(""))})
    came.back[str(model._meta.verbose_name_plural)] += len(ids)


def digests(model: type[Model], ids: Collection[int]) -> dict[int, str]:
    """What rows say now, by id, as far as they are there."""
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute(f"SELECT id, md5(t::text) FROM {table} t WHERE id = ANY(%s)", [list(ids)])  # noqa: S608
        return dict(cursor.fetchall())


def _words(row: Model) -> dict[str, Any]:
    return {"thing": row._meta.verbose_name, "title": row}


def _give_back_fields(merge: Merge, client: Client, gone: Client, came: Undone) -> None:
    """A field that was taken over goes back, unless somebody wrote something else there since."""
    for name in merge.chosen:
        attname = Client._meta.get_field(name).attname  # type: ignore[union-attr]
        if _as_kept(getattr(client, attname)) == merge.before["gone"][attname]:
            setattr(client, attname, _read(name, merge.before["client"][attname]))
        else:
            label = Client._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            came.notes.append(
                _("The field “%(label)s” was changed since and stays as it is.") % {"label": label}
            )
    client.version += 1
    check_and_save(client)
    gone.merged_into, gone.version = None, gone.version + 1
    number = merge.before["gone"]["registration_number"]
    if not Client.objects.filter(registration_number=number).exists():
        gone.registration_number = number
    gone.save()


def _as_kept(value: Any) -> Any:
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def _read(name: str, kept: Any) -> Any:
    target = Client._meta.get_field(name)
    return kept if target.is_relation else target.to_python(kept)  # type: ignore[union-attr]


def moved_by(merge: Merge) -> Counter[str]:
    """How many records a merge moved, by what they are called."""
    rows = MergedRow.objects.filter(merge=merge).values_list("label", flat=True)
    return Counter(str(apps.get_model(label)._meta.verbose_name_plural) for label in rows)


@dataclass(frozen=True)
class WouldMove:
    """Records of a kind that a merge would move, and those that would stay with the tombstone."""

    label: Any
    moved: int
    left: int


def would_move(client: Client, gone: Client) -> list[WouldMove]:
    """What a merge would do to the records of `gone`, by kind; kinds without any are left out."""
    found = []
    for _label, model, column, treatment in columns():
        rows = model._base_manager.filter(**{column: gone.pk})
        count = rows.count()
        if count and column != "merged_into":
            left = len(_left(rows, column, treatment, client, gone))
            found.append(WouldMove(model._meta.verbose_name_plural, count - left, left))
    return sorted(found, key=lambda one: -one.moved)


def _left(rows: Any, column: str, treatment: merging.Moves, client: Client, gone: Client) -> set[int]:
    """Ids of the rows that would stay with the tombstone."""
    ruled = (
        () if treatment.marked else merging.left_by_rules(rows, column, client).values_list("pk", flat=True)
    )
    return {*ruled, *(treatment.beside(gone, client) if treatment.beside else ())}
