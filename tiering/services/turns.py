"""Runs give way to people: as long as anybody is at work on the database, those who work on runs take turns instead of
working side by side, which leaves a core to whoever waits for a page."""

import time

from django.db import connection

NAME = "strata run"
"""What sessions that work on runs are called in `pg_stat_activity`; the others of ours are called as settings say."""
JUST_NOW = 0.1
"""For so many seconds after a statement somebody counts as at work: in a page, seldom more lie between two."""
BREATH, LOOK = 0.01, 0.005  # seconds
REST, GRACE = 1.5, 0.1
"""The most that is rested: so many times as long as is worked, and so many seconds. Two workers that take turns rest as
long as they work, and wait a little for each other to begin."""


class Turns:
    """When a worker may go on with runs, for the time of one task.

    However many people are at work, and however many workers there are, a run takes about two and a half times as long
    at most.
    """

    def __init__(self) -> None:
        self.rested = 0.0  # seconds
        self._begun = time.monotonic()

    def wait(self) -> None:
        """Come back when it is this worker's turn; at once while nobody is at work. To be called between transactions:
        nothing is held meanwhile.

        A worker that has done a piece of work takes a breath, in which one that waits, and looks more often, begins.
        """
        now = time.monotonic()
        worked = now - self._begun - self.rested
        spare = REST * worked + GRACE - self.rested
        people, _ = _others()
        if not people or spare <= 0:
            return
        time.sleep(BREATH)
        while time.monotonic() < now + spare and all(_others()):
            time.sleep(LOOK)
        self.rested += time.monotonic() - now


def _others() -> tuple[bool, bool]:
    """Whether people are at work, and whether another worker is."""
    people = connection.settings_dict["OPTIONS"]["application_name"]
    with connection.cursor() as cursor:
        cursor.execute(OTHERS, {"name": NAME, "people": people, "just_now": JUST_NOW})
        _name, people_work, workers_work = cursor.fetchone()
    return people_work, workers_work


# Whoever asks has the name from then on. Of sessions of another role nobody is told what they do: they do not count.
OTHERS = """
SELECT set_config('application_name', %(name)s, false),
       coalesce(bool_or(application_name = %(people)s
           AND (state <> 'idle' OR state_change > clock_timestamp() - make_interval(secs => %(just_now)s))), false),
       coalesce(bool_or(application_name = %(name)s AND state <> 'idle'), false)
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
