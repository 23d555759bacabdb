"""What alerts, covenants, the watch list and asset classes refuse, by name."""

from django.utils.translation import gettext_lazy

from crm.errors import DomainError


class AlertResolved(DomainError):
    code = "alert_resolved"
    message = gettext_lazy("This alert is resolved already. Reload the page to see by whom and why.")


class SnoozeTooLong(DomainError):
    code = "snooze_too_long"
    message = gettext_lazy("Choose a day after today, at most %(days)s days ahead.")
    status = 400


class AlertReasonRequired(DomainError):
    code = "reason_required"
    message = gettext_lazy("Say why.")
    status = 400


class AlertOfSegment(DomainError):
    code = "alert_of_segment"
    message = gettext_lazy("This alert is about a segment of the book. Choose a client of it first.")
    status = 400


class OnWatchlist(DomainError):
    code = "on_watchlist"
    message = gettext_lazy("This client is on the watch list already.")


class OffWatchlist(DomainError):
    code = "off_watchlist"
    message = gettext_lazy("This client has left the watch list already.")


class ExitNotAsked(DomainError):
    code = "exit_not_asked"
    message = gettext_lazy("Nobody has asked for the exit. Ask for it, and let somebody else decide.")


class OwnExit(DomainError):
    code = "own_exit"
    message = gettext_lazy("You asked for this exit. Somebody else has to decide on it.")
    status = 403


class ReviewInThePast(DomainError):
    code = "review_in_the_past"
    message = gettext_lazy("The next review lies after today, and within a year.")
    status = 400


class NotAnOwner(DomainError):
    code = "not_an_owner"
    message = gettext_lazy("Choose somebody at work who may deal with this client.")
    status = 400


class BetterThanFloor(DomainError):
    code = "better_than_floor"
    message = gettext_lazy(
        "What is overdue allows “%(floor)s” at best. Choose that class or a worse one, or correct the payments."
    )
    status = 400


class MetricNotBinding(DomainError):
    code = "metric_not_binding"
    message = gettext_lazy("A covenant is about a number that is known of clients. Choose such a metric.")
    status = 400


class CovenantEnded(DomainError):
    code = "covenant_ended"
    message = gettext_lazy("This covenant has ended already, or would end before it begins.")
