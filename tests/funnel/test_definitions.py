"""What the fields of every kind of record mean stands beside them."""

import pytest
from django.urls import reverse

from crm.definitions import KINDS
from crm.models import Role
from funnel.models import CheckItem
from tests.factories import make_client, make_user
from tests.funnel.making import make_case

pytestmark = pytest.mark.django_db


def test_every_definition_has_a_name():
    for kind in KINDS.values():
        assert all(kind.label_of(name) and str(meaning) for name, meaning in kind.meanings.items())


def test_forms_say_what_their_fields_mean(client):
    rm = make_user(Role.RM)
    case = make_case(rm, tier="A")
    check = CheckItem.objects.create(case=case, kind="diligence", name_en="Land title", owner=rm)
    client.force_login(rm)

    def page(name: str, *args: int) -> str:
        return client.get(reverse(name, args=args)).content.decode()

    checklist = page("funnel:case", case.pk)
    assert 'data-meaning="What has to be true or at hand' in checklist
    assert f'aria-describedby="finish-{check.pk}-finding_meaning"' in checklist
    assert 'data-meaning="What it owes, secures' in checklist
    assert 'data-meaning="The number of the public register' in page("funnel:prospect-new")
    assert 'data-meaning="What it is to bring' in page("crm:campaign-new")
    assert 'data-meaning="The day on which the client was as' in page(
        "crm:judgement-new", make_client(rm=rm).pk
    )
