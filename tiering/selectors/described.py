"""How many subjects of the book conditions describe, by the facts in force. A statement for any number of them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache
from django.db.models import BooleanField, Count, F, Field, FilteredRelation, IntegerField, Max, Q, QuerySet
from django.db.models.expressions import RawSQL

from crm.models import User
from tiering.core.check_conditions import is_sound
from tiering.core.check_metrics import Vocabulary
from tiering.core.check_scorecards import in_turn
from tiering.core.conditions import Condition, metrics_of
from tiering.core.document import SCORE_UNIT, Document, SubjectKind
from tiering.core.metric import Catalogue
from tiering.core.sql import Columns, Compiled, case, compile_condition, condition_sql, value
from tiering.facts.reading import values_of
from tiering.models import Assessment, Facts, ProjectFacts, TieringRun, TierScheme
from tiering.models.tiers import IN_FORCE

TENTHS: Final = SCORE_UNIT // 10
"""The score units in a tenth of a point."""

KEPT: Final = 60 * 60
_WHOLE: Final = "whole"


@dataclass(frozen=True)
class Described:
    """`counts`: how many subjects each condition describes, None where it names what there is not; `subjects`: how many
    there are."""

    counts: tuple[int | None, ...]
    subjects: int


def described(
    user: User, subject: SubjectKind, conditions: Sequence[Condition], catalogue: Catalogue
) -> Described:
    """Of the clients that the user may see, or of clients within projects, those whom each condition describes."""
    vocabulary = Vocabulary(catalogue, subject)
    sound = {f"_{n}": one for n, one in enumerate(conditions) if is_sound(one, vocabulary)}
    columns = _columns(list(sound.values()), subject, catalogue)
    asked = {
        name: Count("pk", filter=_sql(compile_condition(one, columns, catalogue), BooleanField()))
        for name, one in sound.items()
    }
    counted = _subjects(user, subject).aggregate(_all=Count("pk"), **asked)
    counts = tuple(counted.get(f"_{number}") for number in range(len(conditions)))
    return Described(counts, counted["_all"])


def segments(user: User, document: Document, catalogue: Catalogue) -> dict[str, int] | None:
    """By the key of a scorecard, how many subjects it is for; None where a condition names what there is not."""
    tried = [card for _, card in in_turn(document.scorecards)]
    whens = [card.when for card in tried if card.when is not None]
    vocabulary = Vocabulary(catalogue, document.subject)
    if not all(is_sound(when, vocabulary) for when in whens):
        return None
    columns = _columns(whens, document.subject, catalogue)
    branches = [
        (condition_sql(when, columns, catalogue), value(place, "integer")) for place, when in enumerate(whens)
    ]
    chosen = case(branches, value(len(whens), "integer"))
    rows = _subjects(user, document.subject).annotate(
        _card=_sql((chosen.text, chosen.params), IntegerField())
    )
    counted = dict(rows.order_by().values_list("_card").annotate(subjects=Count("pk")))
    return {card.key: counted.get(place, 0) for place, card in enumerate(tried)}


@dataclass(frozen=True)
class Scores:
    """How many subjects have which score: `tenths` maps a score in tenths of a point, cut off, to their number."""

    tenths: dict[int, int]

    @property
    def subjects(self) -> int:
        return sum(self.tenths.values())

    def at_least(self, tenth: int) -> int:
        """How many have so many tenths of a point or more."""
        return sum(number for score, number in self.tenths.items() if score >= tenth)


def scores_in_force(user: User, scheme: TierScheme, scorecards: Collection[str] | None = None) -> Scores:
    """The scores of the subjects of a scheme that the user may see, or of those whom some scorecards are for.

    The answer is kept for an hour, or until the next run ends.
    """
    over = TieringRun.objects.filter(finished_at__isnull=False).aggregate(run=Max("pk"))["run"]
    reach = "all" if user.sees_every_client else f"team-{user.team_id}"
    among = "*" if scorecards is None else ",".join(sorted(scorecards))
    named = hashlib.sha256(f"{scheme.pk}:{over}:{reach}:{among}".encode()).hexdigest()
    key = f"scores:{named}"
    kept: dict[int, int] | None = cache.get(key)
    if kept is None:
        kept = _scores(user, scheme, scorecards)
        cache.set(key, kept, KEPT)
    return Scores(kept)


def _scores(user: User, scheme: TierScheme, scorecards: Collection[str] | None) -> dict[int, int]:
    of_projects = scheme.subject == TierScheme.Subject.PROJECT
    rows = Assessment.objects.visible_to(user).filter(
        IN_FORCE, scheme=scheme, project__isnull=not of_projects
    )
    if scorecards is not None:
        rows = rows.filter(scorecard__in=scorecards)
    tenth = F("score") / TENTHS
    return dict(rows.order_by().values_list(tenth).annotate(subjects=Count("pk")))


def _sql(compiled: Compiled, field: Field[Any, Any]) -> RawSQL:
    """A compiled piece as part of a query. Its values are parameters, its names our own."""
    return RawSQL(*compiled, output_field=field)  # noqa: S611


def _subjects(user: User, subject: SubjectKind) -> QuerySet[Any]:
    """The facts in force, with those of the client as a whole beside them where projects are the subject."""
    if subject == "client":
        return Facts.objects.visible_to(user).filter(IN_FORCE)
    whole = FilteredRelation("client__facts", condition=Q(client__facts__valid_to__isnull=True))
    within = ProjectFacts.objects.visible_to(user).filter(IN_FORCE)
    return within.annotate(**{_WHOLE: whole}).filter(**{f"{_WHOLE}__isnull": False})


def _columns(conditions: Sequence[Condition], subject: SubjectKind, catalogue: Catalogue) -> Columns:
    """The expressions of what the conditions read, as `_subjects` names its tables."""
    metrics = frozenset[str]().union(*map(metrics_of, conditions))
    if subject == "client":
        return values_of(metrics, Facts._meta.db_table, catalogue)
    return values_of(metrics, _WHOLE, catalogue, ProjectFacts._meta.db_table)
