"""What clients are to one another: who makes up a group on a day, and what the house refuses to believe."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import Relation, Role
from crm.selectors.groups import connected_ids, group_ids, group_of
from crm.services.relations import RelationOver, change_relation, end_relation, relate
from tests.factories import make_client, make_facility, make_payment, make_user

pytestmark = pytest.mark.django_db

DAY = date(2026, 6, 30)
LATER = date(2026, 9, 30)


@pytest.fixture
def lead():
    return make_user(Role.TEAM_LEAD)


@pytest.fixture
def top(lead):
    return make_client(team=lead.team, name_zh="", name_en="Top", sort_key="top")


@pytest.fixture
def middle(lead):
    return make_client(team=lead.team, name_zh="", name_en="Middle", sort_key="middle")


@pytest.fixture
def bottom(lead):
    return make_client(team=lead.team, name_zh="", name_en="Bottom", sort_key="bottom")


def controlled(client, party, **terms):
    return Relation.objects.create(client=client, party=party, kind="parent", **terms)


def test_group_reaches_through_control_from_any_of_its_members(top, middle, bottom):
    sister, stranger = make_client(), make_client()
    controlled(middle, top)
    controlled(bottom, middle)
    controlled(sister, top)
    Relation.objects.create(client=bottom, party=stranger, kind="shareholder", share=0.4)
    everybody = {top.pk, middle.pk, bottom.pk, sister.pk}
    for member in (top, middle, bottom, sister):
        assert set(group_ids(member.pk, DAY)) == everybody
    assert group_ids(stranger.pk, DAY) == [stranger.pk]
    assert set(connected_ids(bottom.pk, DAY)) == everybody | {stranger.pk}
    assert set(connected_ids(stranger.pk, DAY)) == {stranger.pk, bottom.pk}


def test_group_is_of_a_day(top, middle):
    controlled(middle, top, since=DAY, until=LATER)
    assert [len(group_ids(middle.pk, day)) for day in (date(2026, 6, 29), DAY, LATER)] == [1, 2, 1]


def test_group_owes_together_what_its_members_owe(lead, top, middle, bottom):
    controlled(middle, top, share=0.6)
    controlled(bottom, middle)
    for client, drawn in ((top, 1_000_000), (bottom, 2_000_000)):
        make_facility(client, drawn=drawn)
    group = group_of(bottom, lead, DAY)
    assert [(one.client, one.depth) for one in group.members] == [(top, 0), (middle, 1), (bottom, 2)]
    assert (group.exposure.drawn, group.exposure.limit) == (3_000_000, 20_000_000)
    assert group.members[1].relation.share == 0.6


def test_group_tells_who_is_overdue_for_longest(lead, top, middle, bottom):
    controlled(middle, top)
    controlled(bottom, middle)
    for client, due_on in ((middle, date(2026, 6, 1)), (bottom, date(2026, 5, 1)), (top, LATER)):
        make_payment(make_facility(client), due_on)
    make_payment(make_facility(top, closed_on=date(2026, 4, 2)), date(2026, 4, 1))
    group = group_of(top, lead, DAY)
    assert [one.overdue_since for one in group.members] == [None, date(2026, 6, 1), date(2026, 5, 1)]
    assert group.latest_to_pay.client == bottom
    assert group_of(top, lead, date(2026, 4, 30)).latest_to_pay is None


def test_member_out_of_sight_is_neither_shown_nor_counted(lead, top, middle):
    foreign = make_client(rm=make_user(Role.RM))
    controlled(top, foreign)
    controlled(middle, top)
    make_facility(foreign)
    group = group_of(middle, lead, DAY)
    assert [one.client for one in group.members] == [top, middle]
    assert group.exposure.drawn == 0


def test_control_that_leads_back_is_refused_with_who_controls_whom(lead, top, middle, bottom):
    controlled(middle, top)
    controlled(bottom, middle, until=LATER)
    with pytest.raises(Invalid, match="Top controls Bottom on these days"):
        relate(by=lead, client=top, party=bottom, kind="parent", since=DAY)
    relate(by=lead, client=top, party=bottom, kind="parent", since=LATER)
    assert Relation.objects.count() == 3


def test_database_refuses_a_circle_whoever_writes_it(top, middle, bottom):
    controlled(middle, top)
    controlled(bottom, middle)
    with pytest.raises(IntegrityError, match="relation_no_circle"), transaction.atomic():
        controlled(top, bottom)
    turned = Relation.objects.create(client=top, party=bottom, kind="shareholder")
    with pytest.raises(IntegrityError, match="relation_no_circle"), transaction.atomic():
        Relation.objects.filter(pk=turned.pk).update(kind="parent")


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"kind": "parent", "share": 1.2}, "__all__"),
        ({"kind": "guarantor", "share": 0.2}, "__all__"),
        ({"kind": "parent", "amount": 5}, "__all__"),
        ({"kind": "related"}, "__all__"),
        ({"kind": "guarantor", "since": LATER, "until": DAY}, "until"),
        ({"kind": "friend"}, "kind"),
    ],
)
def test_relation_that_makes_no_sense_is_refused(lead, top, middle, terms, field):
    with pytest.raises(Invalid) as refused:
        relate(by=lead, client=middle, party=top, **terms)
    assert list(refused.value.fields) == [field]


def test_client_has_one_parent_at_a_time(lead, top, middle, bottom):
    relate(by=lead, client=bottom, party=top, kind="parent", until=DAY)
    with pytest.raises(Invalid, match="Somebody controls this client on these days already"):
        relate(by=lead, client=bottom, party=middle, kind="parent", since=date(2026, 1, 1))
    relate(by=lead, client=bottom, party=middle, kind="parent", since=DAY)
    assert set(group_ids(bottom.pk, DAY)) == {bottom.pk, middle.pk}


def test_nobody_controls_a_person(lead, top):
    person = make_client(team=lead.team, kind="individual")
    with pytest.raises(Invalid, match="Nobody controls a person"):
        relate(by=lead, client=person, party=top, kind="parent")
    relate(by=lead, client=top, party=person, kind="parent")


def test_relation_is_corrected_at_the_version_that_was_seen_and_ended_once(lead, top, middle):
    made = relate(by=lead, client=middle, party=top, kind="guarantor", amount=Decimal(5))
    changed = change_relation(by=lead, relation=made, version=1, amount=7, note="Letter of 3 May")
    assert (changed.amount, changed.version) == (7, 2)
    with pytest.raises(Conflict):
        change_relation(by=lead, relation=made, version=1, amount=9)
    assert end_relation(by=lead, relation=made, until=DAY).until == DAY
    with pytest.raises(RelationOver):
        end_relation(by=lead, relation=made, until=LATER)


def test_relation_is_entered_by_whoever_holds_either_end_and_sees_both(lead, top):
    colleague = make_user(Role.RM, team=lead.team)
    own, foreign = make_client(rm=colleague), make_client(rm=make_user(Role.RM))
    relate(by=colleague, client=top, party=own, kind="related", note="One director")
    for client, party in ((top, make_client(team=lead.team)), (own, foreign)):
        with pytest.raises(NotPermitted):
            relate(by=colleague, client=client, party=party, kind="guarantor")
    with pytest.raises(NotPermitted):
        relate(by=make_user(Role.AUDITOR), client=own, party=top, kind="guarantor")
    between = Relation.objects.create(client=foreign, party=own, kind="guarantor")
    assert between not in Relation.objects.visible_to(colleague)
    assert between in Relation.objects.visible_to(make_user(Role.RISK_OFFICER))
