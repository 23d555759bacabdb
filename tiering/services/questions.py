"""When a question can be put to the past."""

from collections.abc import Collection
from datetime import date

from dateutil.relativedelta import relativedelta

from crm.formats import day as told
from tiering.errors_validation import (
    HorizonNotOver,
    HorizonTooLong,
    HorizonTooShort,
    NoDayChosen,
    NothingKnownThen,
    TooManyDays,
    UnknownOutcome,
    ValidatesClientsOnly,
)
from tiering.facts import local_day
from tiering.models import CriteriaVersion
from tiering.selectors.criteria import document_of
from tiering.selectors.validations import first_day
from tiering.services.clock import database_now
from tiering.services.lifecycle import checked
from tiering.validation.outcomes import OUTCOMES

MOST_DAYS = 24
MOST_MONTHS = 60


def check_terms(version: CriteriaVersion, days: Collection[date], outcome: str, months: int) -> list[date]:
    """The days in order, each once, if the question makes sense: the horizon of each day must be over, and facts must
    be known of it.

    Raises UnknownOutcome, HorizonTooShort, HorizonTooLong, HorizonNotOver, NoDayChosen, NothingKnownThen, TooManyDays,
    ValidatesClientsOnly, or CriteriaRefused for a draft that makes no sense.
    """
    if document_of(version).subject != "client":
        raise ValidatesClientsOnly
    checked(version)
    _can_be_told(outcome, months)
    chosen = sorted(set(days))
    if not chosen:
        raise NoDayChosen
    if len(chosen) > MOST_DAYS:
        raise TooManyDays(most=MOST_DAYS)
    _is_known(chosen, months)
    return chosen


def _can_be_told(outcome: str, months: int) -> None:
    if outcome not in OUTCOMES:
        raise UnknownOutcome
    least = OUTCOMES[outcome].least_months
    if months < least:
        raise HorizonTooShort(months=least)
    if months > MOST_MONTHS:
        raise HorizonTooLong(months=MOST_MONTHS)


def _is_known(days: Collection[date], months: int) -> None:
    """Whether everything needed of those days is known by now."""
    today = local_day(database_now())
    latest = today - relativedelta(months=months)
    if max(days) > latest:
        raise HorizonNotOver(end=told(max(days) + relativedelta(months=months)), latest=told(latest))
    first = first_day()
    if first is None or min(days) < first:
        raise NothingKnownThen(day=told(min(days)), first=told(first or today))
