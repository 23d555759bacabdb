"""Declared fields as columns of an import of clients: found by their labels, compared, written, refused, taken back."""

from datetime import date

import pytest

from crm.models import Client, ImportRow, Observation, ProfileValue, Role
from crm.models.conduct import today
from crm.selectors.profiles import profile_of
from crm.services import imports
from crm.services.profile_fields import add_field
from tests.crm.imports.making import explained, imported
from tests.factories import make_user

pytestmark = pytest.mark.django_db

ROWS = [
    ["code", "name", "kind", "Founded on", "所有制", "Green", "net worth", "occupation"],
    ["K1", "华信能源", "公司", "2010-05-01", "国有", "是", "", ""],
    ["P1", "王芳", "个人", "", "", "", "3000000", "Physician"],
]


@pytest.fixture
def green():
    return add_field(
        by=make_user(Role.SYSTEM_ADMIN), key="green", type="flag", label_en="Green", kinds=["corporate"]
    )


def told(code: str) -> dict[str, object]:
    client = Client.objects.get(code=code)
    return {one.field.key: one.value for one in profile_of(client) if one.value is not None}


def test_declared_fields_are_columns_found_by_their_labels(green):
    job = imported("clients", ROWS)
    assert job.counts == {"create": 2}
    assert told("K1") == {"founded_on": date(2010, 5, 1), "ownership": "state", "green": "yes"}
    assert told("P1") == {"net_worth": 3e6, "occupation": "Physician"}
    assert Observation.objects.get().observed_on == today()
    assert imported("clients", ROWS).counts == {"same": 2}
    assert Observation.objects.count() == 1


def test_row_that_changes_a_profile_alone_is_a_change_told_with_what_was(green):
    imported("clients", ROWS)
    changed = [
        ROWS[0],
        ["K1", "", "", "", "private", "no", "", ""],
        ["P1", "", "", "", "", "", "4000000", ""],
    ]
    job = imported("clients", changed)
    assert job.counts == {"update": 2}
    first, second = ImportRow.objects.filter(job=job).order_by("line").values_list("changes", flat=True)
    assert first == {"field.ownership": ["state", "private"], "field.green": ["yes", "no"]}
    assert second == {"field.net_worth": [3e6, 4e6]}
    assert (told("K1")["ownership"], told("P1")["net_worth"]) == ("private", 4e6)


def test_field_of_another_kind_and_what_it_cannot_hold_are_refused():
    job = imported(
        "clients",
        [ROWS[0], ["K1", "A", "公司", "soon", "", "", "", ""], ["K2", "B", "公司", "", "", "", "", "Chef"]],
    )
    assert job.counts == {"refuse": 2}
    reasons = " ".join(one.reason for one in explained(job))
    assert "no such field" in reasons
    assert "soon" in reasons


def test_import_taken_back_takes_profiles_with_it(green):
    job = imported("clients", ROWS, by=make_user(Role.SYSTEM_ADMIN))
    imports.start_undo(by=job.uploaded_by, job=job, ring=False)
    imports.run_import(job.pk)
    assert not ProfileValue.objects.exists()
    assert not Client.objects.filter(code__in=["K1", "P1"]).exists()
