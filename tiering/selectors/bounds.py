"""What a client's figures are to keep to: covenants that bind, and gates of the criteria in effect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Client, User
from crm.presence import may_have
from crm.reading import moment
from crm.slots import Bound
from tiering.core.conditions import AnyOf, Compare, Condition
from tiering.display import label
from tiering.models import Covenant
from tiering.selectors.criteria import document_of, primary_scheme
from tiering.selectors.evidence import evidence_at

UPPER, LOWER = frozenset({"<", "<="}), frozenset({">", ">="})


def bounds_of(client: Client, user: User) -> Mapping[str, Sequence[Bound]]:
    """By metric, the bounds of the client's covenants and of the gates that its tier is under. One query, beside what
    the page asks for anyway."""
    found: dict[str, list[Bound]] = defaultdict(list)
    for metric, bound in chain(_covenants(client, user), _gates(client)):
        found[metric].append(bound)
    return found


def _covenants(client: Client, user: User) -> Iterator[tuple[str, Bound]]:
    if not may_have(client, Covenant):
        return
    day = timezone.localdate()
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    binding = Covenant.objects.visible_to(user).filter(
        lasting, client=client, facility__closed_on=None, starts_on__lte=day
    )
    for one in binding:
        yield one.metric, Bound(at_most=one.op in UPPER, value=one.value, why=_("agreed in a covenant"))


def _gates(client: Client) -> Iterator[tuple[str, Bound]]:
    """Gates that a single comparison trips: whoever keeps on the other side of it stays clear of them."""
    scheme = primary_scheme()
    evidence = evidence_at(client, scheme, moment(), project=None) if scheme else None
    for gate in document_of(evidence.assessment.version).gates if evidence else ():
        for metric, tripped, value in _tripping(gate.when):
            yield metric, Bound(at_most=tripped in LOWER, value=value, why=label(gate.label))


def _tripping(condition: Condition) -> Iterator[tuple[str, str, float]]:
    for part in condition.parts if isinstance(condition, AnyOf) else (condition,):
        if isinstance(part, Compare) and part.op in UPPER | LOWER and not isinstance(part.value, str):
            yield part.metric, part.op, part.value
