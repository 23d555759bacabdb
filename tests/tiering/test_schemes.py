"""Schemes side by side: which is primary, what they place, and colours that can be told apart."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from crm.errors import NotPermitted
from crm.history import events_of
from crm.models import Role
from tests.factories import make_user
from tests.tiering.helpers import a_document, label, publish
from tiering.errors import NoCriteria, SchemeOfProjects, SubjectDiffers
from tiering.models import Tier, TierScheme
from tiering.selectors.criteria import primary_scheme
from tiering.services.criteria import load_criteria
from tiering.services.schemes import make_primary

WITHIN_PROJECTS = {"scheme": "in_projects", "subject": "project", "roll_up": {"rule": "best"}}


def admin():
    return make_user(Role.CRITERIA_ADMIN)


@pytest.mark.django_db
class TestPrimary:
    def test_first_scheme_of_clients_is_primary_even_after_one_of_projects(self):
        load_criteria(document=a_document(**WITHIN_PROJECTS), author=admin())
        assert primary_scheme() is None
        load_criteria(document=a_document(), author=admin())
        assert primary_scheme().key == "small"

    def test_another_published_scheme_takes_over_and_history_keeps_it(self):
        publish()
        other = publish(a_document(scheme="other")).criteria.scheme
        make_primary(scheme=other, by=admin())
        assert list(TierScheme.objects.filter(is_primary=True)) == [other]
        events = events_of(TierScheme).filter(pgh_label="update").order_by("pgh_id")
        assert [(event.key, event.is_primary) for event in events] == [("small", False), ("other", True)]

    def test_what_is_primary_already_stays_so_without_a_trace(self):
        scheme = publish().criteria.scheme
        assert make_primary(scheme=scheme, by=admin()).is_primary
        assert not events_of(TierScheme).filter(pgh_label="update").exists()

    def test_scheme_of_projects_is_refused(self):
        publish()
        scheme = load_criteria(document=a_document(**WITHIN_PROJECTS), author=admin()).criteria.scheme
        with pytest.raises(SchemeOfProjects):
            make_primary(scheme=scheme, by=admin())

    def test_scheme_without_criteria_in_effect_is_refused(self):
        publish()
        draft = load_criteria(document=a_document(scheme="other"), author=admin())
        with pytest.raises(NoCriteria):
            make_primary(scheme=draft.criteria.scheme, by=admin())

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.CRITERIA_ADMIN])
    def test_nobody_but_criteria_administrators_chooses(self, role):
        scheme = publish().criteria.scheme
        with pytest.raises(NotPermitted):
            make_primary(scheme=scheme, by=make_user(role))

    def test_database_refuses_a_scheme_of_projects_as_primary(self):
        scheme = load_criteria(document=a_document(**WITHIN_PROJECTS), author=admin()).criteria.scheme
        with pytest.raises(IntegrityError, match="scheme_primary_is_of_clients"), transaction.atomic():
            TierScheme.objects.filter(pk=scheme.pk).update(is_primary=True)


@pytest.mark.django_db
def test_scheme_of_clients_takes_no_criteria_for_projects():
    load_criteria(document=a_document(), author=admin())
    with pytest.raises(SubjectDiffers):
        load_criteria(document=a_document(**{**WITHIN_PROJECTS, "scheme": "small"}), author=admin())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("count", "steps"),
    [
        (2, [1, 7]),
        (4, [1, 3, 5, 7]),
        (5, [1, 3, 4, 5, 7]),
        (6, [1, 2, 3, 5, 6, 7]),
        (7, [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_up_to_seven_tiers_have_colours_of_their_own(count, steps):
    keys = [f"t{number}" for number in range(count)]
    cutoffs = [{"tier": key, "min": 90 - 10 * number} for number, key in enumerate(keys)]
    cutoffs[-1]["min"] = 0
    tiers = [{"key": key, "label": label(key)} for key in keys]
    publish(a_document(scheme="coloured", tiers=tiers, cutoffs=cutoffs, gates=[]))
    assert list(Tier.objects.order_by("rank").values_list("colour_step", flat=True)) == steps


def tokens() -> list[dict[str, str]]:
    """The custom properties of the light and of the dark theme."""
    text = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text()
    found = re.findall(r"--(tier-[\w-]+): (#\w+)", text)
    return [dict(found[: len(found) // 2]), dict(found[len(found) // 2 :])]


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [0, 1])
def test_every_badge_can_be_read_and_shades_of_a_colour_differ_in_lightness(theme):
    colours = tokens()[theme]
    for step in range(1, 8):
        assert contrast(colours[f"tier-{step}"], colours[f"tier-{step}-text"]) >= 4.5
    for shades in ((1, 2, 3), (5, 6, 7)):
        fills = [colours[f"tier-{step}"] for step in shades]
        assert all(contrast(one, other) >= 1.5 for one, other in pairwise(fills))
