"""When a mail of notices is due. All moments are in the house's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How somebody wants to get mails; `weekday` counts from Monday, 0."""

    rhythm: Literal["at_once", "daily", "weekly", "none"]
    hour: int
    weekday: int
    quiet_from: time | None = None
    quiet_until: time | None = None


@dataclass(frozen=True)
class Slot:
    """A mail that may go out: `key` names it for good, and it holds what was told before `closes`."""

    key: str
    closes: datetime


def slot_at(wish: Wish, now: datetime) -> Slot | None:
    """The latest slot that has begun at a moment; None where mails wait for quiet hours to end, or never go out."""
    if wish.rhythm == "none":
        return None
    if wish.rhythm == "at_once":
        return None if is_quiet(wish, now.time()) else Slot(f"now:{now:%Y-%m-%dT%H:%M%z}", now)
    closes = now.replace(hour=wish.hour, minute=0, second=0, microsecond=0)
    if wish.rhythm == "weekly":
        closes -= DAY * ((now.weekday() - wish.weekday) % 7)
        closes -= WEEK if closes > now else timedelta()
        return Slot(f"week:{closes:%Y-%m-%d}", closes)
    closes -= DAY if closes > now else timedelta()
    return Slot(f"day:{closes:%Y-%m-%d}", closes)


def is_quiet(wish: Wish, at: time) -> bool:
    """Whether a time of day lies in the quiet hours, which may go over midnight; from equal ends follow none."""
    if wish.quiet_from is None or wish.quiet_until is None:
        return False
    if wish.quiet_from <= wish.quiet_until:
        return wish.quiet_from <= at < wish.quiet_until
    return at >= wish.quiet_from or at < wish.quiet_until
