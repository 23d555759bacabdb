"""Records by the names that lists show of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet

from crm.models import Industry, Region, Role, User
from crm.prepared import Among, Given, Reader, prepared
from crm.reading import read_once

NAMES = ("pk", "name", "name_zh")


class Named(NamedTuple):
    """A record by its names; `crm.formats.localized` gives the one that the reader reads."""

    pk: int
    name: str
    name_zh: str


@read_once
def industries() -> dict[int, Named]:
    """Every industry by its id, in the order of their names."""
    return {row[0]: Named(*row) for row in _industries()}


@read_once
def regions() -> dict[int, Named]:
    """Every region by its id, in the order of their names."""
    return {row[0]: Named(*row) for row in _regions()}


def people(ids: Iterable[int]) -> dict[int, Named]:
    """Those of some ids, by id."""
    return {row[0]: Named(*row) for row in _people(ids=list(ids))}


def managers_of(user: User) -> list[Named]:
    """Those who hold clients that the user may see, by their names."""
    return [Named(*row) for row in _managers(Reader.of(user))]


@prepared
def _industries() -> QuerySet:
    return Industry.objects.values_list(*NAMES)


@prepared
def _regions() -> QuerySet:
    return Region.objects.values_list(*NAMES)


@prepared
def _people(ids: Given) -> QuerySet:
    return User.objects.filter(Among("pk", ids)).order_by().values_list(*NAMES)


@prepared
def _managers(reader: Reader) -> QuerySet:
    managers = User.objects.filter(role=Role.RM).values_list(*NAMES)
    return managers if reader.user.sees_every_client else managers.filter(team=reader.user.team_id)
