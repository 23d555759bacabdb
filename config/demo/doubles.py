"""Clients that somebody entered a second time, as happens in every book: other characters of the same sound, another
company form, the English name alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from crm.models import Client
from crm.names import sort_key
from crm.services.duplicates import look_at

LEAST_BOOK: Final = 1_000
"""A smaller book is drawn for tests, which count its clients."""
EVERY: Final = 83
SAME_SOUND: Final = str.maketrans("信宏华达恒", "鑫鸿骅达衡")


def _sounding_alike(one: Client) -> dict[str, str]:
    return {"name_zh": one.name_zh.translate(SAME_SOUND), "name_en": ""}


def _of_another_form(one: Client) -> dict[str, str]:
    bare = one.name_zh.removesuffix("有限责任公司").removesuffix("股份有限公司").removesuffix("有限公司")
    return {"name_zh": f"{bare}(集团)有限公司", "name_en": ""}


def _in_english(one: Client) -> dict[str, str]:
    return {"name_zh": "", "name_en": one.name_en.replace("Ltd", "Co., Limited").replace("ture", "tture")}


WAYS: Final[tuple[Callable[[Client], dict[str, str]], ...]] = (_of_another_form, _in_english, _sounding_alike)


def enter_doubles() -> None:
    """Enter some companies again, as prospects of the same manager, and note what they look like."""
    if Client.objects.count() < LEAST_BOOK:
        return
    companies = Client.objects.filter(kind=Client.Kind.CORPORATE).order_by("pk")[: EVERY * 9 : EVERY]
    doubles = [_double(one, WAYS[number % len(WAYS)](one)) for number, one in enumerate(companies)]
    Client.objects.bulk_create(doubles)
    look_at([*(one.pk for one in doubles), *(one.pk for one in companies)])


def _double(one: Client, names: dict[str, str]) -> Client:
    return Client(
        code=f"{one.code}-2",
        kind=one.kind,
        sort_key=sort_key(names["name_zh"], names["name_en"]),
        region_id=one.region_id,
        industry_id=one.industry_id,
        rm_id=one.rm_id,
        team_id=one.team_id,
        **names,
    )
