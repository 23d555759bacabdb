import pytest

from crm import slots
from crm.models import Role
from tests.factories import make_user


def entry(key: str, order: int, permission: str = "crm.view_client") -> slots.PaletteEntry:
    return slots.PaletteEntry(
        key=key, label=key, order=order, permission=permission, icon="plus", url_name="crm:today"
    )


def test_entries_come_in_order_whoever_registers_first():
    slot: slots.Slot[slots.PaletteEntry] = slots.Slot()
    slot.add(entry("late", 20), entry("early", 10))
    assert [item.key for item in slot] == ["early", "late"]


def test_key_that_is_taken_is_refused():
    slot: slots.Slot[slots.PaletteEntry] = slots.Slot()
    slot.add(entry("one", 10))
    with pytest.raises(ValueError, match="'one'"):
        slot.add(entry("one", 20))


@pytest.mark.django_db
def test_user_sees_only_permitted_entries():
    slot: slots.Slot[slots.PaletteEntry] = slots.Slot()
    slot.add(entry("reading", 10), entry("making", 20, "crm.add_client"))
    auditor = make_user(Role.AUDITOR)
    assert [item.key for item in slot.for_user(auditor)] == ["reading"]
    assert slot.get("making", auditor) is None
